"""The signed plan of action, as it was signed, and what is done of it."""

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from simple_history.models import HistoricalRecords

from participacion.models import Consulta
from portal.models import Cargo
from seguimiento import registro
from seguimiento.parametros import ParametroInvalido, exigir_parametros


class PlanQuerySet(models.QuerySet):
    def vigente(self):
        """The plan being followed, or None."""
        return self.filter(vigente=True).first()


class Plan(models.Model):
    """A plan de acción with its strategic frame. The texts are the signed ones, word for word."""

    codigo = models.SlugField("código", max_length=60, unique=True)
    nombre = models.CharField(max_length=200)
    firmado_en = models.DateField("firmado el")
    desde = models.DateField()
    hasta = models.DateField(null=True, blank=True)
    acto = models.CharField(
        "acto que lo adopta", max_length=200, blank=True, help_text="Vacío: no se conoce el acto."
    )
    marco_legal = models.TextField(blank=True)
    vision = models.TextField("visión", blank=True)
    objetivo = models.TextField("objetivo general", blank=True)
    objetivos = models.TextField("objetivos específicos", blank=True, help_text="Uno por línea.")
    marco_de_accion = models.TextField("marco de acción", blank=True, help_text="Uno por línea.")
    fuente = models.CharField("de dónde sale el texto", max_length=200, blank=True)
    vigente = models.BooleanField("es el plan que se sigue", default=True)
    history = HistoricalRecords(verbose_name="historia del plan")
    objects = PlanQuerySet.as_manager()

    class Meta:
        verbose_name = "plan de acción"
        verbose_name_plural = "planes de acción"
        ordering = ["-firmado_en"]
        constraints = [
            models.UniqueConstraint(
                name="un_solo_plan_vigente",
                fields=["vigente"],
                condition=Q(vigente=True),
                violation_error_message="Ya hay otro plan que se sigue: desmárquelo primero.",
            ),
            models.CheckConstraint(
                name="plan_termina_despues",
                condition=Q(hasta=None) | Q(hasta__gte=F("desde")),
                violation_error_message="El plan no puede terminar antes de empezar.",
            ),
        ]

    def __str__(self):
        return self.nombre


class Miembro(models.Model):
    """Somebody of the committee, as they signed; `cargo` is the post that answers today."""

    class Representa(models.TextChoices):
        ALCALDIA = "alcaldia", "La alcaldía"
        CONCEJO = "concejo", "El Concejo"
        COMUNIDAD = "comunidad", "La comunidad"

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="miembros")
    orden = models.PositiveSmallIntegerField(default=0)
    nombre = models.CharField("nombre en el plan", max_length=150)
    cargo_firmado = models.CharField("cargo en el plan", max_length=150)
    cargo = models.ForeignKey(
        Cargo, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="cargo que responde hoy"
    )
    representa = models.CharField("a quién representa", max_length=10, choices=Representa)
    history = HistoricalRecords(verbose_name="historia del miembro del comité")

    class Meta:
        verbose_name = "miembro del comité"
        verbose_name_plural = "miembros del comité"
        ordering = ["orden", "pk"]

    def __str__(self):
        return f"{self.cargo_firmado}: {self.nombre}"


class AccionDelPlan(models.Model):
    """A row of the «Marco Operativo», or one of the two recommendations beside it."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="acciones")
    codigo = models.SlugField("código", max_length=60)
    orden = models.PositiveSmallIntegerField(default=0)
    texto = models.TextField("acción")
    beneficio = models.TextField(
        "beneficios para los ciudadanos", blank=True, help_text="Como se firmaron, uno por línea."
    )
    responsables = models.TextField(blank=True, help_text="Como se firmaron, uno por línea.")
    recursos = models.TextField(blank=True, help_text="Como se firmaron, uno por línea.")
    tiempos = models.CharField(max_length=100, blank=True)
    es_recomendacion = models.BooleanField("es una recomendación, fuera de la tabla", default=False)
    cargos = models.ManyToManyField(
        Cargo, blank=True, related_name="acciones_del_plan", verbose_name="cargos que responden hoy"
    )
    nota = models.TextField(
        "advertencia sobre el texto", blank=True, help_text="Lo que no puede leerse al pie de la letra."
    )
    history = HistoricalRecords(verbose_name="historia de la acción del plan")

    class Meta:
        verbose_name = "acción del plan"
        verbose_name_plural = "acciones del plan"
        ordering = ["orden", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="accion_unica_en_su_plan",
                fields=["plan", "codigo"],
                violation_error_message="Ese código ya está en el plan.",
            )
        ]

    def __str__(self):
        return self.texto


class Actividad(models.Model):
    """Something the plan says will be done, with its dates and its state."""

    class Estado(models.TextChoices):
        PENDIENTE = "pendiente", "Pendiente"
        EN_CURSO = "en_curso", "En curso"
        CUMPLIDA = "cumplida", "Cumplida"
        PERMANENTE = "permanente", "Se hace todo el tiempo"

    accion = models.ForeignKey(
        AccionDelPlan, models.CASCADE, related_name="actividades", verbose_name="acción"
    )
    orden = models.PositiveSmallIntegerField(default=0)
    texto = models.TextField("actividad")
    cargos = models.ManyToManyField(Cargo, blank=True, related_name="actividades_del_plan")
    inicio = models.DateField(null=True, blank=True)
    fin = models.DateField("vence", null=True, blank=True)
    estado = models.CharField(max_length=12, choices=Estado, default=Estado.PENDIENTE)
    cumplida_en = models.DateField("cumplida el", null=True, blank=True)
    nota = models.TextField("qué se hizo", blank=True)
    enlace = models.CharField(
        "dónde se ve",
        max_length=300,
        blank=True,
        validators=[
            RegexValidator(r"^(/(?!/)|https?://)\S*\Z", "Escriba /canales/… si es de este sitio, o https://…")
        ],
        help_text="De este sitio: /canales/noticias/… o de otro: https://…",
    )
    consultas = models.ManyToManyField(
        Consulta, blank=True, related_name="actividades_del_plan", verbose_name="encuestas y consultas"
    )
    history = HistoricalRecords(verbose_name="historia de la actividad")

    class Meta:
        verbose_name = "actividad"
        verbose_name_plural = "actividades"
        ordering = ["accion", "orden", "pk"]
        constraints = [
            models.CheckConstraint(
                name="actividad_termina_despues",
                condition=Q(inicio=None) | Q(fin=None) | Q(fin__gte=F("inicio")),
                violation_error_message="La actividad no puede vencer antes de empezar.",
            ),
            models.CheckConstraint(
                name="actividad_cumplida_con_fecha",
                condition=Q(estado="cumplida", cumplida_en__isnull=False)
                | ~Q(estado="cumplida") & Q(cumplida_en=None),
                violation_error_message="Diga en qué fecha se cumplió, y solo si se cumplió.",
            ),
        ]

    def __str__(self):
        return self.texto

    def vencida(self, dia=None) -> bool:
        pendiente = self.estado in {self.Estado.PENDIENTE, self.Estado.EN_CURSO}
        return bool(pendiente and self.fin and self.fin < (dia or timezone.localdate()))


class IndicadorQuerySet(models.QuerySet):
    def del_plan_vigente(self):
        """The indicators of the plan being followed and their other readings, in the order of the plan."""
        return self.filter(accion__plan__vigente=True)

    def firmados(self):
        """Those that were signed: a second reading of one of them is not another indicator."""
        return self.filter(lectura_de=None)


class Indicador(models.Model):
    """An indicator with its literal goal, and beside them how both are read and who decided so.

    One that admits two readings has a row for each: the second names the first in `lectura_de`.
    """

    class Sentido(models.TextChoices):
        MAS = "mas", "Más es mejor"
        MENOS = "menos", "Menos es mejor"

    class Unidad(models.TextChoices):
        VECES = "veces", "veces"
        PORCENTAJE = "porcentaje", "%"

    codigo = models.SlugField("código", max_length=60, unique=True)
    accion = models.ForeignKey(
        AccionDelPlan, models.CASCADE, related_name="indicadores", verbose_name="acción"
    )
    lectura_de = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="otras_lecturas",
        verbose_name="es otra lectura de",
    )
    orden = models.PositiveSmallIntegerField(default=0)
    texto = models.TextField("indicador firmado")
    meta_firmada = models.CharField("meta firmada", max_length=100)
    meta = models.DecimalField("meta que se mide", max_digits=7, decimal_places=2)
    sentido = models.CharField(max_length=5, choices=Sentido, default=Sentido.MAS)
    unidad = models.CharField(max_length=10, choices=Unidad, default=Unidad.PORCENTAJE)
    lectura = models.TextField("lectura adoptada", blank=True)
    decision = models.CharField("decisión que la adoptó", max_length=200, blank=True)
    literal = models.BooleanField(
        "la meta se lee al pie de la letra",
        default=True,
        help_text="Desmárquelo cuando la meta firmada no pueda ser literal.",
    )
    funcion = models.CharField("función que lo calcula", max_length=60)
    parametros = models.JSONField("parámetros", default=dict, blank=True)
    history = HistoricalRecords(verbose_name="historia del indicador")
    objects = IndicadorQuerySet.as_manager()

    class Meta:
        verbose_name = "indicador"
        verbose_name_plural = "indicadores"
        ordering = ["accion__orden", "orden", "pk"]
        constraints = [
            models.CheckConstraint(
                name="indicador_no_es_lectura_de_si_mismo",
                condition=Q(lectura_de=None) | ~Q(lectura_de=F("pk")),
                violation_error_message="Un indicador no puede ser otra lectura de sí mismo.",
            ),
        ]

    def __str__(self):
        return self.texto

    def get_absolute_url(self):
        return reverse("seguimiento:indicador", args=[self.codigo])

    def clean(self):
        if self.lectura and not self.decision:
            raise ValidationError({"decision": "Diga qué decisión adoptó esa lectura."})
        if self.funcion not in registro.INDICADORES:
            conocidas = ", ".join(sorted(registro.INDICADORES))
            raise ValidationError({"funcion": f"No hay una función «{self.funcion}». Hay: {conocidas}."})
        try:
            exigir_parametros(self.regla, self.parametros)
        except ParametroInvalido as error:
            raise ValidationError({"parametros": str(error)}) from error

    @property
    def regla(self) -> registro.Registrada:
        """The function that computes it. Raises KeyError when there is none with that name."""
        return registro.INDICADORES[self.funcion]

    def calcular(self, periodo, dependencia=None):
        """Its Resultado in that period, for one office or for the whole municipality."""
        return self.regla(periodo, dependencia, **self.parametros)

    def cumple(self, valor) -> bool:
        """Whether that value reaches the goal. Without value, nothing is reached."""
        if valor is None:
            return False
        return valor >= self.meta if self.sentido == self.Sentido.MAS else valor <= self.meta
