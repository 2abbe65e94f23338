from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce, Lower
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.flujo import solo_estados
from portal.models import Canal, Cargo, Dependencia

#: The channel of the site that this app feeds; its update matrix says who acts here.
CANAL = "tramites"
#: Without zeros before it: «0123» and «123» would be the same number twice.
NUMERO_SUIT = r"^[1-9][0-9]{0,9}"


class Estado(models.TextChoices):
    """Where a trámite is in the SUIT (see `tramites.flujo`)."""

    SIN_GESTION = "sin_gestion", "Sin gestión"
    EN_CREACION = "en_creacion", "En creación"
    ENVIADO = "enviado", "Enviado para aprobación"
    EN_CORRECCION = "en_correccion", "En corrección"
    EN_EVALUACION = "en_evaluacion", "En evaluación del DAFP"
    INSCRITO = "inscrito", "Inscrito"
    APROBADO = "aprobado", "Aprobado, fuera del SUIT"
    EN_ACTUALIZACION = "en_actualizacion", "En actualización"
    NEGADO = "negado", "Negado"
    SUPRIMIDO = "suprimido", "Suprimido"


#: Their hoja de vida is being written.
EN_ESCRITURA = (Estado.EN_CREACION, Estado.EN_CORRECCION, Estado.EN_ACTUALIZACION)


class TramiteQuerySet(models.QuerySet):
    def que_puede(self, usuario, funcion, en=None):
        """The trámites in which `usuario` may do `funcion` at the moment `en` (now by default).

        The update matrix of the channel «Trámites», the head of the office of each trámite, and the
        head of Secretaría General.
        """
        if not usuario.is_authenticated:
            return self.none()
        canal = Canal.objects.filter(slug=CANAL).values("pk")[:1]
        cargos = Cargo.objects.ejercidos_por(usuario, en).con_funcion(
            funcion, canal=Subquery(canal), dependencia=OuterRef("dependencia")
        )
        return self.filter(Exists(cargos))

    # --- What the citizen reads ------------------------------------------------------------------
    def publicos(self):
        """What the citizen sees: with a hoja de vida published and not withdrawn."""
        return self.filter(hoja_publica__isnull=False)

    def gratuitos(self):
        """Public ones whose hoja de vida asks for no payment."""
        return self.publicos().exclude(hoja_publica__momentos__acciones__tipo="pago")

    def para_tarjetas(self):
        """All that `tramites/_tarjeta.html` reads, in one query."""
        from tramites.models.hoja import Accion

        pagos = Accion.objects.filter(momento__hoja=OuterRef("hoja_publica"), tipo=Accion.Tipo.PAGO)
        return self.select_related("hoja_publica__dependencia").annotate(con_costo=Exists(pagos))

    def de_la_a_a_la_z(self):
        """By name as a dictionary does, each with `orden`, whose first letter heads its group."""
        return self.annotate(orden=Lower("hoja_publica__nombre__unaccent")).order_by("orden", "pk")

    def mas_leidos(self, desde):
        """Public ones, most read since that day first; of those nobody reads, first what has a poster."""
        from tramites.models.registro import LecturaDiaria

        lecturas = LecturaDiaria.objects.filter(tramite=OuterRef("pk"), dia__gte=desde).values("tramite")
        veces = Subquery(lecturas.annotate(total=Sum("veces")).values("total"))
        return (
            self.publicos()
            .alias(leidas=Coalesce(veces, 0))
            .order_by("-leidas", F("palabra").asc(nulls_last=True), "hoja_publica__nombre")
        )

    # --- The figures of the plan («Trámites … 100 % publicados … automatizados») -----------------
    def del_suit(self):
        """Those that count in the percentages: consultas stay out unless the settings say otherwise.

        A consulta de acceso a información pública is not a trámite; guidelines disagree on whether it
        is registered, so a setting decides.
        """
        if settings.TRAMITES_CONSULTAS_EN_SUIT:
            return self
        return self.exclude(tipo=Tramite.Tipo.CONSULTA)

    def identificados(self, en=None):
        """In the inventory at the moment `en` and not yet suppressed."""
        en = en or timezone.now()
        return self.filter(identificado_en__lte=en).filter(Q(suprimido_en=None) | Q(suprimido_en__gt=en))

    def publicados(self, en=None):
        """Identified, with a hoja de vida before the public at the moment `en`."""
        return self.identificados(en).alias(_publica=_al(en, "publica")).filter(_publica__isnull=False)

    def automatizados(self, grado, en=None):
        """Published with that online degree («total» or «parcial») at the moment `en`."""
        return self.identificados(en).alias(_grado=_al(en, "publica__grado")).filter(_grado=grado)

    def completos(self, en=None):
        """Identified, whose hoja de vida lacked nothing at the moment `en`."""
        from tramites.models.registro import MedicionDeHoja

        ultima = MedicionDeHoja.objects.filter(tramite=OuterRef("pk"), en__lte=en or timezone.now())
        return (
            self.identificados(en)
            .alias(
                _llenos=Subquery(ultima.order_by("-en", "-pk").values("llenos")[:1]),
                _exigidos=Subquery(ultima.order_by("-en", "-pk").values("exigidos")[:1]),
            )
            .filter(_llenos=F("_exigidos"))
        )

    def por_dependencia(self, en=None) -> dict[str, int]:
        """How many of each office, by its name: the office that answered for them at the moment `en`."""
        de = Coalesce(_al(en, "dependencia__nombre"), "dependencia__nombre")
        return dict(self.values_list(de).annotate(cuantos=Count("pk")).order_by())


def _al(en, campo: str) -> Subquery:
    """What the last step of each trámite until the moment `en` says in that field.

    Those before it was started say nothing: until then the inventory may still be put right.
    """
    from tramites.models.registro import PasoDeTramite

    pasos = PasoDeTramite.objects.filter(tramite=OuterRef("pk"), en__lte=en or timezone.now())
    pasos = pasos.exclude(a=Estado.SIN_GESTION)
    return Subquery(pasos.order_by("-en", "-pk").values(campo)[:1])


class Tramite(models.Model):
    """A trámite, OPA or consulta of the inventory. What people read is its published HojaDeVida."""

    Estado = Estado

    class Tipo(models.TextChoices):
        TRAMITE = "tramite", "Trámite"
        OPA = "opa", "Otro procedimiento administrativo"
        CONSULTA = "consulta", "Consulta de información"

    class Automatizacion(models.TextChoices):
        POR_DECIDIR = "por_decidir", "Por decidir"
        TOTAL = "total", "Hacerlo totalmente en línea"
        PARCIAL = "parcial", "Hacerlo parcialmente en línea"
        NO = "no", "Dejarlo presencial"

    codigo = models.CharField(
        "código interno",
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^[A-Z]{2,5}-[0-9]{3}\Z", "Use letras, guion y tres cifras: HAC-001.")],
        help_text="El de la alcaldía, por ejemplo HAC-001. No es el número del SUIT.",
    )
    numero_suit = models.CharField(
        "número del SUIT",
        max_length=10,
        unique=True,
        null=True,
        blank=True,
        validators=[RegexValidator(NUMERO_SUIT + r"\Z", "Solo cifras, como aparece en el SUIT.")],
        error_messages={"unique": "Otro trámite ya tiene ese número del SUIT."},
        help_text="Lo asigna el SUIT. Escríbalo tal como aparece allí.",
    )
    nombre = models.CharField(max_length=200)
    slug = models.SlugField("dirección", max_length=120, unique=True)
    palabra = models.SlugField(
        "dirección corta",
        max_length=30,
        unique=True,
        null=True,
        blank=True,
        help_text="Una palabra para carteles y radio: /t/predial/.",
    )
    tipo = models.CharField(max_length=10, choices=Tipo, default=Tipo.TRAMITE)
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="tramites")
    estado = models.CharField(max_length=20, choices=Estado, default=Estado.SIN_GESTION)
    previos = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="siguientes",
        verbose_name="trámites que van antes",
    )
    automatizacion = models.CharField(
        "decisión sobre automatizarlo",
        max_length=15,
        choices=Automatizacion,
        default=Automatizacion.POR_DECIDIR,
    )
    automatizacion_razon = models.CharField("razón de la decisión", max_length=300, blank=True)
    hoja_publica = models.ForeignKey(
        "tramites.HojaDeVida", models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    identificado_en = models.DateTimeField("identificado el", default=timezone.now)
    inscrito_en = models.DateTimeField("inscrito el", null=True, blank=True)
    suprimido_en = models.DateTimeField("suprimido el", null=True, blank=True)
    publicado_en = models.DateTimeField("publicado el", null=True, blank=True)
    revisado_en = models.DateTimeField("última revisión", null=True, blank=True)
    fuente = models.TextField("de dónde sale el dato", blank=True)
    #: Part of the hoja → what nobody has confirmed of it. Empty when a person has answered for all of it.
    por_confirmar = models.JSONField("datos por confirmar", default=dict, blank=True)
    history = HistoricalRecords(verbose_name="historia del trámite", excluded_fields=["revisado_en"])
    objects = TramiteQuerySet.as_manager()

    class Meta:
        verbose_name = "trámite"
        ordering = ["nombre"]
        constraints = [
            solo_estados("tramite_estado_conocido", *Estado.values),
            models.CheckConstraint(
                name="tramite_inscrito_con_numero",
                condition=~Q(estado="inscrito") | Q(numero_suit__isnull=False, inscrito_en__isnull=False),
                violation_error_message="Un trámite inscrito tiene número y fecha del SUIT.",
            ),
            models.CheckConstraint(
                name="tramite_suprimido_con_fecha",
                condition=Q(estado="suprimido", suprimido_en__isnull=False, hoja_publica=None)
                | ~Q(estado="suprimido") & Q(suprimido_en=None),
            ),
            models.CheckConstraint(
                name="tramite_numero_suit_con_cifras",
                condition=Q(numero_suit=None) | Q(numero_suit__regex=NUMERO_SUIT + "$"),
                violation_error_message="El número del SUIT solo tiene cifras.",
            ),
        ]
        indexes = [models.Index(fields=["estado"], name="tramite_por_estado")]

    def __str__(self):
        return self.nombre

    def get_absolute_url(self):
        return reverse("tramites:tramite", args=[self.slug])

    @property
    def en_escritura(self) -> bool:
        return self.estado in EN_ESCRITURA

    @property
    def va_al_suit(self) -> bool:
        return settings.TRAMITES_CONSULTAS_EN_SUIT or self.tipo != self.Tipo.CONSULTA

    def hoja_en_uso(self):
        """The last hoja de vida that was neither returned, denied nor discarded, or None."""
        return self.hojas.en_uso().order_by("-numero").first()

    def hoja_abierta(self):
        """The hoja de vida being written or reviewed, or None."""
        return self.hojas.abiertas().first()

    def hoja_vigente(self):
        """The last approved hoja de vida that may be before the public, or None. A denied one may not."""
        return self.hojas.publicables().order_by("-numero").first()

    def hoja_inscrita(self):
        """The hoja de vida in force in the SUIT, against which changes are compared, or None."""
        return self.hojas.filter(inscrita_en__isnull=False).order_by("-numero").first()


def exigir_sin_circulo(tramite: Tramite, previos) -> None:
    """Raise ValidationError when what goes before `tramite` would also go after it."""
    pendientes, vistos = {previo.pk for previo in previos}, set()
    while pendientes:
        if tramite.pk in pendientes:
            raise ValidationError(
                f"«{tramite}» terminaría siendo requisito de sí mismo: revise los trámites que van antes."
            )
        vistos |= pendientes
        anteriores = Tramite.previos.through.objects.filter(from_tramite__in=pendientes)
        pendientes = set(anteriores.values_list("to_tramite", flat=True)) - vistos
