from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from portal.archivos import ArchivoRevisado
from ventanilla.models.actuacion import Mensaje
from ventanilla.models.radicado import Borrador, Radicado
from ventanilla.models.salida import Proyecto, Salida


def nombre_de_anexo(_anexo, nombre: str) -> str:
    """A random name: what the person called the file never reaches the disk."""
    return f"ventanilla/{timezone.now():%Y/%m}/{uuid4().hex}.{nombre.rpartition('.')[2]}"


class Anexo(models.Model):
    """A file, checked by its content. Private: it leaves only through a view that asks who reads."""

    borrador = models.ForeignKey(Borrador, models.SET_NULL, null=True, blank=True, related_name="anexos")
    radicado = models.ForeignKey(Radicado, models.PROTECT, null=True, blank=True, related_name="anexos")
    mensaje = models.ForeignKey(Mensaje, models.PROTECT, null=True, blank=True, related_name="anexos")
    proyecto = models.ForeignKey(Proyecto, models.SET_NULL, null=True, blank=True, related_name="anexos")
    salida = models.ForeignKey(Salida, models.PROTECT, null=True, blank=True, related_name="anexos")
    #: The key of the requisito or the code of the field that it answers; empty: the person added it.
    requisito = models.CharField(max_length=60, blank=True)
    nombre = models.CharField(max_length=150)
    formato = models.CharField(max_length=5)
    archivo = models.FileField(upload_to=nombre_de_anexo)
    tamano = models.PositiveIntegerField("tamaño")
    sha256 = models.CharField(max_length=64)
    subido_en = models.DateTimeField(default=timezone.now)
    subido_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "anexo"
        ordering = ["subido_en", "pk"]
        constraints = [
            models.CheckConstraint(
                name="anexo_de_algo",
                condition=Q(borrador__isnull=False) | Q(radicado__isnull=False),
            )
        ]

    def __str__(self):
        return self.nombre

    @classmethod
    def de(cls, archivo: ArchivoRevisado, **de_que: Any) -> "Anexo":
        """A file that passed `portal.archivos.revisar`, not saved yet; `de_que` says of what and by whom."""
        return cls(
            nombre=archivo.nombre,
            formato=archivo.formato,
            archivo=archivo.a_guardar(),
            tamano=len(archivo.contenido),
            sha256=archivo.sha256,
            **de_que,
        )
