from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.models.dependencia import Dependencia


class CargoQuerySet(models.QuerySet):
    def ejercidos_por(self, usuario, en=None):
        """The posts `usuario` holds on the day of the moment `en` (now by default)."""
        if not usuario.is_active:
            return self.none()
        vigentes = Titularidad.objects.vigentes(en).filter(persona_id=usuario.pk)
        return self.filter(activo=True, pk__in=vigentes.values("cargo"))

    def con_funcion(self, funcion, *, canal, dependencia):
        """The posts that may do `funcion` in `canal`, whose responsible office is `dependencia`.

        The only place of the rule: the update matrix, the head of the responsible office, and the
        head of Secretaría General. Whoever edits (editor) may also write.
        """
        from portal.models.canal import Asignacion

        funciones = [funcion]
        if funcion == Asignacion.Funcion.AUTOR:
            funciones.append(Asignacion.Funcion.EDITOR)
        asignado = Q(asignaciones__canal=canal, asignaciones__funcion__in=funciones)
        return self.filter(asignado | self.Q_jefatura(dependencia))

    @staticmethod
    def Q_jefatura(dependencia) -> Q:
        return Q(es_jefatura=True) & (Q(dependencia=dependencia) | Q(dependencia__es_secretaria_general=True))

    def que_dirigen_secretaria_general(self):
        return self.filter(es_jefatura=True, dependencia__es_secretaria_general=True)

    def que_dirigen(self, dependencia):
        """The head of that office and the head of Secretaría General."""
        return self.filter(self.Q_jefatura(dependencia))


class Cargo(models.Model):
    """A post. Rights belong to it; people come and go by a Titularidad."""

    nombre = models.CharField(max_length=150)
    codigo = models.SlugField("código", max_length=80, unique=True)
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="cargos")
    es_jefatura = models.BooleanField(
        "dirige la dependencia",
        default=False,
        help_text="Puede autorizar y publicar con urgencia en los canales de su dependencia.",
    )
    activo = models.BooleanField(default=True)
    orden = models.PositiveSmallIntegerField(default=0)
    fuente = models.CharField("de dónde sale el dato", max_length=200, blank=True)
    history = HistoricalRecords(verbose_name="historia del cargo")
    objects = CargoQuerySet.as_manager()

    class Meta:
        verbose_name = "cargo"
        ordering = ["orden", "nombre"]

    def __str__(self):
        return self.nombre


class RangoDeDias(Func):
    function = "DATERANGE"
    output_field = DateRangeField()


class TitularidadQuerySet(models.QuerySet):
    def vigentes(self, en=None):
        """Tenures in force on the Colombian date of the moment `en`, first and last day included."""
        dia = timezone.localdate(en)
        return self.filter(desde__lte=dia).filter(Q(hasta=None) | Q(hasta__gte=dia))

    def en_ejercicio(self, en=None):
        """Those in force of an active person in an active post: who can act."""
        return self.vigentes(en).filter(cargo__activo=True, persona__is_active=True)


class Titularidad(models.Model):
    """Who holds a post, from when to when."""

    class Calidad(models.TextChoices):
        TITULAR = "titular", "Titular"
        ENCARGADO = "encargado", "Encargado"

    persona = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="titularidades")
    cargo = models.ForeignKey(Cargo, models.PROTECT, related_name="titularidades")
    calidad = models.CharField(max_length=10, choices=Calidad, default=Calidad.TITULAR)
    desde = models.DateField()
    hasta = models.DateField(
        null=True, blank=True, help_text="Último día inclusive. Vacío: sigue en el cargo."
    )
    acto = models.CharField(
        "acto administrativo",
        max_length=200,
        blank=True,
        help_text="Por ejemplo: Decreto de nombramiento 012 de 2026.",
    )
    history = HistoricalRecords(verbose_name="historia de la titularidad")
    objects = TitularidadQuerySet.as_manager()

    class Meta:
        verbose_name = "titularidad"
        verbose_name_plural = "titularidades"
        ordering = ["cargo", "-desde"]
        constraints = [
            models.CheckConstraint(
                name="titularidad_termina_despues_de_empezar",
                condition=Q(hasta=None) | Q(hasta__gte=F("desde")),
                violation_error_message="La fecha final no puede ser anterior a la inicial.",
            ),
            ExclusionConstraint(
                name="un_solo_titular_a_la_vez",
                expressions=[
                    ("cargo", RangeOperators.EQUAL),
                    (
                        RangoDeDias(
                            "desde",
                            "hasta",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(calidad="titular"),
                violation_error_message="Ese cargo ya tiene titular en esas fechas. "
                "Cierre la titularidad anterior o registre un encargo.",
            ),
        ]

    def __str__(self):
        return f"{self.persona} · {self.cargo} ({self.get_calidad_display().lower()})"

    def clean(self):
        # `daterange` itself fails on a reversed pair, before the constraint can speak.
        if self.desde and self.hasta and self.hasta < self.desde:
            raise ValidationError({"hasta": "La fecha final no puede ser anterior a la inicial."})
