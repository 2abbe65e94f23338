from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils import timezone

from portal.models.version import Version

#: Earlier savings kept of each draft.
MEMORIA = 20


class BorradorAnterior(models.Model):
    """What a draft said before it was saved again: whoever wrote it can read it and bring it back."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="anteriores")
    revision = models.PositiveIntegerField("revisión")
    contenido = models.JSONField(encoder=DjangoJSONEncoder)
    editada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    editada_en = models.DateTimeField()
    en = models.DateTimeField("se guardó otro encima el", default=timezone.now)

    class Meta:
        verbose_name = "borrador anterior"
        verbose_name_plural = "borradores anteriores"
        ordering = ["-revision"]
        constraints = [
            models.UniqueConstraint(name="borrador_anterior_unico", fields=["version", "revision"])
        ]

    def __str__(self):
        return f"{self.contenido.get('titulo') or '(sin título)'}, revisión {self.revision}"

    def como_datos(self) -> dict[str, object]:
        """The content as the fields of a Version hold it."""
        campos = {campo.name: campo for campo in Version._meta.concrete_fields}
        return {campo: campos[campo].to_python(valor) for campo, valor in self.contenido.items()}

    @classmethod
    def guardar(cls, version: Version, en) -> None:
        """Keep what the draft says now, before it changes; only the newest `MEMORIA` stay."""
        cls.objects.get_or_create(
            version=version,
            revision=version.revision,
            defaults={
                "contenido": {campo: getattr(version, campo) for campo in Version.CONTENIDO},
                "editada_por_id": version.editada_por_id,
                "editada_en": version.editada_en,
                "en": en,
            },
        )
        viejos = version.anteriores.values_list("pk", flat=True)[MEMORIA:]
        cls.objects.filter(pk__in=list(viejos)).delete()
