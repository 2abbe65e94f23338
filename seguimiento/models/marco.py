"""Frameworks of criteria: what is asked of the site, whether it is met, since when and with what evidence."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, Value, When
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from portal.models import Canal, Dependencia
from portal.models.version import nombre_de_adjunto
from seguimiento import registro
from seguimiento.avance import Avance
from seguimiento.parametros import ParametroInvalido, exigir_parametros


class Marco(models.Model):
    """A set of criteria: GEL 2008, Resolución 1519 de 2020."""

    nombre = models.CharField(max_length=150, unique=True)
    slug = models.SlugField("dirección", unique=True)
    norma = models.CharField(max_length=200)
    advertencia = models.TextField(blank=True, help_text="Qué tan firme es este catálogo. El público la lee.")
    orden = models.PositiveSmallIntegerField(default=0)
    history = HistoricalRecords(verbose_name="historia del marco")

    class Meta:
        verbose_name = "marco"
        ordering = ["orden", "nombre"]

    def __str__(self):
        return self.nombre

    def porcentaje(self, en: datetime | None = None) -> int | None:
        """The mean of its phases by their weight, rounded down. Those where nothing applies do not count."""
        avances = Criterio.objects.filter(fase__marco=self).avance_por("fase", en)
        suma = pesos = Fraction(0)
        for fase in self.fases.all():
            cumplido, aplicable = avances.get(fase.pk, Avance()).fraccion
            if aplicable:
                suma += fase.peso * Fraction(cumplido, aplicable)
                pesos += fase.peso
        return int(suma * 100 / pesos) if pesos else None


class Fase(models.Model):
    """A phase of a marco, with its legal due date for each order of government."""

    class Orden(models.TextChoices):
        NACIONAL = "nacional", "Nacional"
        TERRITORIAL = "territorial", "Territorial"

    class Estado(models.TextChoices):
        CUMPLIDA = "cumplida", "Cumplida"
        POR_VENCER = "por_vencer", "Por vencer"
        VENCIDA = "vencida", "Vencida"
        SIN_PLAZO = "sin_plazo", "Sin plazo conocido"

    marco = models.ForeignKey(Marco, models.PROTECT, related_name="fases")
    orden = models.PositiveSmallIntegerField(default=0)
    nombre = models.CharField(max_length=100)
    slug = models.SlugField("dirección", max_length=100, unique=True)
    descripcion = models.TextField("descripción", blank=True)
    plazo_nacional = models.DateField("plazo para el orden nacional", null=True, blank=True)
    plazo_territorial = models.DateField("plazo para el orden territorial", null=True, blank=True)
    peso = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1, "El peso de una fase es 1 o más.")]
    )
    history = HistoricalRecords(verbose_name="historia de la fase")

    class Meta:
        verbose_name = "fase"
        ordering = ["marco__orden", "orden"]

    def __str__(self):
        return self.nombre

    def get_absolute_url(self):
        return reverse("seguimiento:fase", args=[self.slug])

    def plazo(self, orden: str = Orden.TERRITORIAL) -> date | None:
        return self.plazo_nacional if orden == self.Orden.NACIONAL else self.plazo_territorial

    def estado(self, avance: Avance, dia: date | None = None, orden: str = Orden.TERRITORIAL) -> str:
        """How it stands before its due date on that day, with that progress."""
        if avance.completo:
            return self.Estado.CUMPLIDA
        plazo = self.plazo(orden)
        if plazo is None:
            return self.Estado.SIN_PLAZO
        return self.Estado.VENCIDA if plazo < (dia or timezone.localdate()) else self.Estado.POR_VENCER


class CriterioQuerySet(models.QuerySet):
    def que_cuentan(self):
        """Those in the percentages: a commitment of the plan is not a criterion of the manual."""
        return self.filter(es_compromiso=False)

    def por_regla(self):
        return self.exclude(regla="")

    # --- At any moment -----------------------------------------------------------------------------
    def en(self, momento: datetime | None = None):
        """Each with `resultado_en` and `base_en`: what was known of it at that moment (now by default).

        An exception holds until its last day, also when nobody has verified since. The catalogue
        itself, with its weights and phases, is the one of today.
        """
        momento = momento or timezone.now()
        ultima = Evaluacion.objects.filter(criterio=OuterRef("pk"), en__lte=momento).order_by("-en", "-pk")
        nada = Q(_resultado=None) | Q(_base="excepcion", _vence__lt=timezone.localdate(momento))
        return self.alias(
            _resultado=Subquery(ultima.values("resultado")[:1]),
            _base=Subquery(ultima.values("base")[:1]),
            _vence=Subquery(ultima.values("vence_en")[:1]),
        ).annotate(
            resultado_en=Case(
                When(nada, then=Value(Criterio.Resultado.SIN_EVALUAR)), default=F("_resultado")
            ),
            base_en=Case(
                When(nada | Q(_resultado=Criterio.Resultado.SIN_EVALUAR), then=Value("")), default=F("_base")
            ),
        )

    def avance_por(self, campo: str, en: datetime | None = None) -> dict[Any, Avance]:
        """The progress of each value of `campo` («fase», «grupo», «dependencia»…), in one query.

        Commitments of the plan stay out.
        """
        por_valor = defaultdict(list)
        filas = self.que_cuentan().en(en).values_list(campo, "resultado_en", "base_en", "peso")
        for valor, *fila in filas.order_by():
            por_valor[valor].append(tuple(fila))
        return {valor: Avance.de(suyas) for valor, suyas in por_valor.items()}

    def avance(self, en: datetime | None = None) -> Avance:
        """The progress of them all, without the commitments of the plan. One query."""
        filas = self.que_cuentan().en(en).order_by()
        return Avance.de(filas.values_list("resultado_en", "base_en", "peso"))

    def historia(self, momentos: Sequence[datetime]) -> list[Avance]:
        """The progress at each of those moments. Two queries, however many they are."""
        criterios = self.que_cuentan().order_by()
        evaluaciones = Evaluacion.objects.filter(criterio__in=criterios.values("pk"))
        por_criterio = defaultdict(list)
        for criterio, *fila in evaluaciones.order_by("en", "pk").values_list(
            "criterio", "en", "resultado", "base", "vence_en"
        ):
            por_criterio[criterio].append(tuple(fila))
        pesos = dict(criterios.values_list("pk", "peso"))
        return [
            Avance.de((*_lo_sabido(por_criterio[pk], momento), peso) for pk, peso in pesos.items())
            for momento in momentos
        ]


def _lo_sabido(evaluaciones: list[tuple], momento: datetime) -> tuple[str, str]:
    """Result and base at that moment, as `CriterioQuerySet.en` says them. The oldest evaluation is first."""
    hasta = bisect_left(evaluaciones, True, key=lambda fila: fila[0] > momento)
    if not hasta:
        return Criterio.Resultado.SIN_EVALUAR, ""
    _en, resultado, base, vence_en = evaluaciones[hasta - 1]
    vencida = base == Criterio.Base.EXCEPCION and vence_en < timezone.localdate(momento)
    return (Criterio.Resultado.SIN_EVALUAR, "") if vencida else (resultado, base)


class Criterio(models.Model):
    """Something asked of the site. What was last found of it is kept beside; its history, in Evaluacion."""

    class Resultado(models.TextChoices):
        CUMPLE = "cumple", "Cumple"
        PARCIAL = "parcial", "Cumple parcialmente"
        NO_CUMPLE = "no_cumple", "No cumple"
        NO_APLICA = "no_aplica", "No aplica"
        SIN_EVALUAR = "sin_evaluar", "Sin evaluar"

    class Base(models.TextChoices):
        REGLA = "regla", "Probado por regla"
        PERSONA = "persona", "Afirmado por una persona"
        EXCEPCION = "excepcion", "Excepción con vencimiento"

    class Firmeza(models.TextChoices):
        """How strong the source of the criterion is; see the `fuente` of each row."""

        VISTO = "visto", "Leído en una fuente de la época"
        INFERIDO = "inferido", "Visto, con la fase inferida"
        SUCESOR = "sucesor", "Solo en normas posteriores"
        POR_COTEJAR = "por_cotejar", "Por cotejar con el texto oficial"
        VERIFICADO = "verificado", "Verificado en la norma o en su matriz"
        SECUNDARIO = "secundario", "De una fuente secundaria"

    fase = models.ForeignKey(Fase, models.PROTECT, related_name="criterios")
    codigo = models.CharField(
        "código", max_length=20, unique=True, error_messages={"unique": "Otro criterio ya tiene ese código."}
    )
    orden = models.PositiveSmallIntegerField(default=0)
    grupo = models.CharField(max_length=120)
    nombre = models.CharField("criterio", max_length=200)
    descripcion = models.TextField("descripción", blank=True)
    obligatoriedad = models.CharField(max_length=40, blank=True)
    aplica = models.CharField("aplica al orden territorial", max_length=40, blank=True)
    peso = models.PositiveSmallIntegerField(default=1)
    fuente = models.CharField(max_length=300, blank=True)
    firmeza = models.CharField(max_length=15, choices=Firmeza)
    es_compromiso = models.BooleanField("es un compromiso del plan, no del manual", default=False)
    evidencia_sugerida = models.CharField(max_length=300, blank=True)
    como_se_comprueba = models.CharField("cómo se comprueba", max_length=300, blank=True)
    regla = models.CharField("regla que lo comprueba", max_length=60, blank=True)
    parametros = models.JSONField("parámetros de la regla", default=dict, blank=True)
    canal = models.ForeignKey(
        Canal,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="criterios",
        help_text="El canal donde se cumple, si es uno: quienes escriben en él también responden.",
    )
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, related_name="criterios", verbose_name="dependencia responsable"
    )
    # What was last found.
    resultado = models.CharField(max_length=12, choices=Resultado, default=Resultado.SIN_EVALUAR)
    base = models.CharField(max_length=10, choices=Base, blank=True)
    detalle = models.CharField("qué se encontró", max_length=500, blank=True)
    arreglo = models.CharField("qué hacer", max_length=300, blank=True)
    evaluado_en = models.DateTimeField(null=True, blank=True)
    vence_en = models.DateField("la excepción vence", null=True, blank=True)
    history = HistoricalRecords(
        verbose_name="historia del criterio",
        excluded_fields=["resultado", "base", "detalle", "arreglo", "evaluado_en", "vence_en"],
    )
    objects = CriterioQuerySet.as_manager()

    class Meta:
        verbose_name = "criterio"
        ordering = ["fase__marco__orden", "fase__orden", "orden", "codigo"]
        constraints = [
            models.CheckConstraint(
                name="criterio_evaluado_dice_con_que_base",
                condition=Q(resultado="sin_evaluar", base="") | ~Q(resultado="sin_evaluar") & ~Q(base=""),
            ),
            models.CheckConstraint(
                name="criterio_excepcion_con_fecha",
                condition=~Q(base="excepcion") | Q(vence_en__isnull=False),
                violation_error_message="Una excepción dice hasta cuándo vale.",
            ),
        ]
        indexes = [models.Index(fields=["resultado"], name="criterio_por_resultado")]

    def __str__(self):
        return f"{self.codigo} {self.nombre}"

    def get_absolute_url(self):
        return f"{self.fase.get_absolute_url()}#{self.codigo}"

    def clean(self):
        if not self.regla:
            if self.parametros:
                raise ValidationError(
                    {"parametros": "Sin regla no hay parámetros: bórrelos o diga la regla."}
                )
            return
        if self.regla not in registro.REGLAS:
            conocidas = ", ".join(sorted(registro.REGLAS))
            raise ValidationError({"regla": f"No hay una regla «{self.regla}». Hay: {conocidas}."})
        try:
            exigir_parametros(registro.REGLAS[self.regla], self.parametros)
        except ParametroInvalido as error:
            raise ValidationError({"parametros": str(error)}) from error

    @property
    def por_cotejar(self) -> bool:
        return self.firmeza in {self.Firmeza.POR_COTEJAR, self.Firmeza.SECUNDARIO}

    @property
    def equivalentes(self) -> list["Criterio"]:
        """What other marcos ask that the same evidence can show. Prefetch `equivale_a__otro` and
        `equivale_de__criterio` to read many."""
        return [par.otro for par in self.equivale_a.all()] + [par.criterio for par in self.equivale_de.all()]


class Equivalencia(models.Model):
    """Two criteria, of different marcos, that ask for the same or nearly: one evidence can serve both."""

    criterio = models.ForeignKey(Criterio, models.CASCADE, related_name="equivale_a")
    otro = models.ForeignKey(Criterio, models.CASCADE, related_name="equivale_de", verbose_name="equivale a")
    nota = models.CharField("en qué difieren", max_length=200, blank=True)
    history = HistoricalRecords(verbose_name="historia de la equivalencia")

    class Meta:
        verbose_name = "equivalencia"
        ordering = ["criterio__codigo", "otro__codigo"]
        constraints = [
            models.UniqueConstraint(
                name="equivalencia_unica",
                fields=["criterio", "otro"],
                violation_error_message="Esa equivalencia ya está.",
            ),
            models.CheckConstraint(
                name="equivalencia_entre_dos",
                condition=~Q(criterio=F("otro")),
                violation_error_message="Un criterio no equivale a sí mismo.",
            ),
        ]

    def __str__(self):
        return f"{self.criterio} equivale a {self.otro}"


class Evaluacion(models.Model):
    """What was found of a criterion at a moment, by a rule or by a person. Rows are only added.

    The base «regla» without a person is also that of what lapsed by itself.
    """

    criterio = models.ForeignKey(Criterio, models.PROTECT, related_name="evaluaciones")
    en = models.DateTimeField(default=timezone.now)
    resultado = models.CharField(max_length=12, choices=Criterio.Resultado)
    base = models.CharField(max_length=10, choices=Criterio.Base)
    detalle = models.CharField("qué se encontró", max_length=500, blank=True)
    arreglo = models.CharField("qué hacer", max_length=300, blank=True)
    regla_version = models.PositiveSmallIntegerField("versión de la regla", null=True, blank=True)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    razon = models.TextField("razón", blank=True)
    vence_en = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "evaluación"
        verbose_name_plural = "evaluaciones"
        ordering = ["criterio", "-en", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="evaluacion_de_persona_dice_quien",
                condition=Q(base="regla", por=None) | ~Q(base="regla") & Q(por__isnull=False),
            ),
            models.CheckConstraint(
                name="evaluacion_con_razon",
                condition=~(Q(resultado="no_aplica") | Q(base="excepcion")) | ~Q(razon=""),
                violation_error_message="Escriba la razón: se publica.",
            ),
            models.CheckConstraint(
                name="evaluacion_excepcion_con_fecha",
                condition=~Q(base="excepcion") | Q(vence_en__isnull=False),
                violation_error_message="Una excepción dice hasta cuándo vale.",
            ),
        ]
        indexes = [models.Index(fields=["criterio", "-en", "-id"], name="evaluacion_ultima")]

    def __str__(self):
        return f"{self.criterio.codigo}: {self.get_resultado_display()}"


class Evidencia(models.Model):
    """What shows that criteria are met: a live page first, a file second."""

    criterios = models.ManyToManyField(Criterio, related_name="evidencias")
    titulo = models.CharField("título", max_length=200)
    enlace = models.CharField(
        "página que lo muestra",
        max_length=500,
        blank=True,
        help_text="De este sitio: /canales/noticias/… o de otro: https://…",
    )
    archivo = models.FileField(upload_to=nombre_de_adjunto, blank=True)
    archivo_nombre = models.CharField("nombre del archivo", max_length=200, blank=True, editable=False)
    archivo_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    fecha = models.DateField("fecha de la que habla", default=timezone.localdate)
    vence_en = models.DateField("vale hasta", null=True, blank=True)
    invalida = models.CharField(
        "por qué ya no vale", max_length=300, blank=True, editable=False, help_text="Lo dice la verificación."
    )
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    en = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "evidencia"
        ordering = ["-fecha", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="evidencia_con_enlace_o_archivo",
                condition=~Q(enlace="") | ~Q(archivo=""),
                violation_error_message="Diga qué página lo muestra, o suba el archivo.",
            )
        ]

    def __str__(self):
        return self.titulo

    def vencida(self, dia=None) -> bool:
        return bool(self.vence_en and self.vence_en < (dia or timezone.localdate()))
