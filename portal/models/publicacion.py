from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.models.canal import Canal, Tipo
from portal.models.dependencia import Dependencia
from portal.models.periodo import PeriodoDeGobierno


class PublicacionQuerySet(models.QuerySet):
    def visibles(self):
        """What has a page of its own with content: live, or withdrawn as no longer in force."""
        return self.filter(
            Q(retirada_en=None) | Q(retirada_clase__in=Publicacion.CON_PAGINA),
            version_publica__isnull=False,
            canal__publico=True,
            canal__activo=True,
        )

    def publicadas(self):
        """What the public finds in lists, feeds and the sitemap."""
        return self.visibles().filter(retirada_en=None)

    def para_tarjetas(self):
        """All that `portal/_tarjeta_publicacion.html` reads, in one query."""
        return self.select_related("canal", "dependencia", "version_publica").defer("version_publica__cuerpo")

    def recientes_primero(self):
        return self.order_by("-actualizada_en", "-pk")

    def eventos(self, *, desde=None, hasta=None):
        """Live events whose end is at or after `desde` and whose start is before `hasta`."""
        eventos = self.publicadas().filter(tipo=Tipo.EVENTO)
        if desde:
            eventos = eventos.filter(version_publica__evento_fin__gte=desde)
        if hasta:
            eventos = eventos.filter(version_publica__evento_inicio__lt=hasta)
        return eventos


class Publicacion(models.Model):
    """Something the alcaldía publishes: a fixed identity and address. Its texts are its Versions."""

    class Retiro(models.TextChoices):
        ERROR = "error", "Se publicó por error"
        UNIFICADA = "unificada", "Se unificó con otra publicación"
        SIN_VIGENCIA = "sin_vigencia", "Ya no está vigente"
        SIN_REVISAR = "sin_revisar", "Pasó su plazo sin que nadie la revisara"

    #: Withdrawn like these, its page stays with its text and a notice.
    CON_PAGINA = (Retiro.SIN_VIGENCIA, Retiro.SIN_REVISAR)

    canal = models.ForeignKey(Canal, models.PROTECT, related_name="publicaciones")
    tipo = models.CharField(max_length=20, choices=Tipo)
    slug = models.SlugField("dirección en el sitio", max_length=120)
    ruta_fija = models.CharField(
        "dirección fija",
        max_length=100,
        null=True,
        blank=True,
        unique=True,
        validators=[
            RegexValidator(
                r"^/(soporte|politicas/[a-z0-9-]+)/$",
                "Solo /soporte/ o /politicas/nombre/.",
            )
        ],
        help_text="Para las páginas que la ley o el plan piden en un lugar conocido.",
    )
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="publicaciones")
    politica = models.BooleanField(
        "habla de la gestión de un gobierno", null=True, blank=True, help_text="Vacío: como su canal."
    )
    periodo = models.ForeignKey(
        PeriodoDeGobierno,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="publicaciones",
        verbose_name="periodo de gobierno",
        help_text="Vacío: el del día en que se publicó por primera vez.",
    )
    version_publica = models.OneToOneField(
        "portal.Version",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="versión pública",
    )
    clave = models.UUIDField(null=True, blank=True, unique=True, editable=False)
    creada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    creada_en = models.DateTimeField(default=timezone.now)
    publicada_en = models.DateTimeField("publicada el", null=True, blank=True, editable=False)
    actualizada_en = models.DateTimeField("último cambio de fondo", null=True, blank=True, editable=False)
    revisada_en = models.DateTimeField("última revisión", null=True, blank=True, editable=False)
    retirada_en = models.DateTimeField(null=True, blank=True, editable=False)
    retirada_clase = models.CharField(
        "clase de retiro", max_length=20, choices=Retiro, blank=True, editable=False
    )
    retirada_motivo = models.TextField("motivo del retiro", blank=True, editable=False)
    unificada_con = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, editable=False, related_name="+"
    )
    objects = PublicacionQuerySet.as_manager()

    class Meta:
        verbose_name = "publicación"
        verbose_name_plural = "publicaciones"
        ordering = ["-actualizada_en", "-pk"]
        constraints = [
            models.UniqueConstraint(
                name="publicacion_direccion_unica_en_su_canal",
                fields=["canal", "slug"],
                violation_error_message="Ese canal ya tiene una publicación con esa dirección.",
            ),
            models.CheckConstraint(
                name="publicacion_publica_tiene_fechas",
                condition=Q(version_publica__isnull=True)
                | Q(
                    publicada_en__isnull=False,
                    actualizada_en__isnull=False,
                    revisada_en__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="publicacion_retiro_completo",
                condition=Q(retirada_en__isnull=True, retirada_clase="", retirada_motivo="")
                | Q(retirada_en__isnull=False)
                & ~Q(retirada_clase="")
                & ~Q(retirada_motivo="")
                & (~Q(retirada_clase="unificada") | Q(unificada_con__isnull=False)),
            ),
            models.CheckConstraint(
                name="publicacion_no_se_unifica_consigo",
                condition=Q(unificada_con__isnull=True) | ~Q(unificada_con=F("pk")),
            ),
        ]
        indexes = [
            models.Index(
                name="publicacion_recientes",
                fields=["canal", "-actualizada_en", "-id"],
                condition=Q(version_publica__isnull=False, retirada_en__isnull=True),
            ),
            models.Index(
                name="publicacion_novedades",
                fields=["-actualizada_en", "-id"],
                condition=Q(version_publica__isnull=False, retirada_en__isnull=True),
            ),
        ]

    def __str__(self):
        version = self.version_publica or self.versiones.order_by("numero").last()
        return version.titulo if version else self.slug

    def get_absolute_url(self):
        return self.ruta_fija or reverse("portal:publicacion", args=[self.canal.slug, self.slug])

    def version_abierta(self):
        """The version that is on its way, or None. There is at most one."""
        return self.versiones.abiertas().first()


class DireccionAnterior(models.Model):
    """An address a publication had; it leads to the one it has now."""

    canal = models.ForeignKey(Canal, models.CASCADE, related_name="+")
    slug = models.SlugField(max_length=120)
    publicacion = models.ForeignKey(Publicacion, models.CASCADE, related_name="direcciones_anteriores")

    class Meta:
        verbose_name = "dirección anterior"
        verbose_name_plural = "direcciones anteriores"
        constraints = [models.UniqueConstraint(name="direccion_anterior_unica", fields=["canal", "slug"])]

    def __str__(self):
        return f"/canales/{self.canal.slug}/{self.slug}/"
