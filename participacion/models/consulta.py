"""What the alcaldía asks: surveys, consultations, draft norms and votes, with their questions."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from portal.flujo import solo_estados
from portal.models import Canal, Cargo, Dependencia, Publicacion
from portal.saneado import LineaField


class ConsultaQuerySet(models.QuerySet):
    def publicas(self):
        """Those that anybody may see: authorised, whether they opened already or not."""
        return self.filter(estado__in=Consulta.PUBLICAS)

    def abiertas(self, en=None):
        """Those that take answers at the moment `en` (now by default)."""
        en = en or timezone.now()
        return self.filter(estado=Consulta.Estado.AUTORIZADA, abre_en__lte=en, cierra_en__gt=en)

    def cerradas(self, en=None):
        """Those that took answers and no longer do, by their date or before it."""
        en = en or timezone.now()
        return self.filter(
            Q(estado=Consulta.Estado.CERRADA) | Q(estado=Consulta.Estado.AUTORIZADA, cierra_en__lte=en)
        )

    def con_resultado(self):
        """Those whose outcome the public can read."""
        return self.filter(resultado__in=Publicacion.objects.visibles())

    def sin_resultado(self, en=None):
        """Closed, and still owing their outcome to whoever took part."""
        return self.cerradas(en).exclude(resultado__in=Publicacion.objects.visibles())


class Consulta(models.Model):
    """Something asked to people for a time, whose outcome must be told by a date."""

    class Clase(models.TextChoices):
        ENCUESTA = "encuesta", "Encuesta de opinión"
        CONSULTA = "consulta", "Consulta ciudadana"
        PROYECTO = "proyecto", "Consulta de un proyecto de norma"
        VOTACION = "votacion", "Votación entre alternativas"

    class Estado(models.TextChoices):
        BORRADOR = "borrador", "Borrador"
        POR_AUTORIZAR = "por_autorizar", "Por autorizar"
        AUTORIZADA = "autorizada", "Autorizada"
        CERRADA = "cerrada", "Cerrada antes de su fecha"
        DESCARTADA = "descartada", "Descartada"

    class Responden(models.TextChoices):
        TODOS = "todos", "Cualquier persona"
        CON_CODIGO = "con_codigo", "Quien tenga un código de un solo uso"

    PUBLICAS = (Estado.AUTORIZADA, Estado.CERRADA)

    clase = models.CharField(max_length=10, choices=Clase)
    titulo = LineaField("título", max_length=150)
    slug = models.SlugField("dirección en el sitio", max_length=100, unique=True)
    resumen = models.TextField("para qué se pregunta", max_length=600)
    texto = models.TextField(
        "texto que se consulta", blank=True, help_text="El proyecto de norma o la propuesta, completo."
    )
    canal = models.ForeignKey(Canal, models.PROTECT, related_name="consultas")
    dependencia = models.ForeignKey(Dependencia, models.PROTECT, related_name="consultas")
    estado = models.CharField(max_length=15, choices=Estado, default=Estado.BORRADOR)
    responden = models.CharField("quién puede responder", max_length=10, choices=Responden, default="todos")
    a_quien = LineaField("a quién va dirigida", max_length=200, blank=True)
    abre_en = models.DateTimeField("abre")
    cierra_en = models.DateTimeField("cierra")
    resultado_hasta = models.DateField(
        "el resultado se publica a más tardar",
        help_text="Lo que se decidió con lo que la gente dijo. Se avisa cuatro semanas y una semana antes.",
    )
    resultado = models.OneToOneField(
        Publicacion, models.PROTECT, null=True, blank=True, editable=False, related_name="resultado_de"
    )
    creada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    creada_en = models.DateTimeField(default=timezone.now)
    editada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    editada_en = models.DateTimeField(default=timezone.now)
    revision = models.PositiveIntegerField(default=0, editable=False)
    enviada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    autorizada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    autorizada_como = models.ForeignKey(Cargo, models.PROTECT, null=True, blank=True, related_name="+")
    autorizada_en = models.DateTimeField(null=True, blank=True)
    huella = models.CharField("huella de lo que se autorizó (SHA-256)", max_length=64, blank=True)
    cerrada_en = models.DateTimeField("se cerró antes el", null=True, blank=True)
    objects = ConsultaQuerySet.as_manager()

    class Meta:
        verbose_name = "consulta"
        ordering = ["-abre_en", "-pk"]
        constraints = [
            solo_estados(
                "consulta_estado_conocido",
                *("borrador", "por_autorizar", "autorizada", "cerrada", "descartada"),
            ),
            models.CheckConstraint(
                name="consulta_cierra_despues",
                condition=Q(cierra_en__gt=F("abre_en")),
                violation_error_message="La consulta no puede cerrar antes de abrir.",
            ),
            models.CheckConstraint(
                name="consulta_autorizada_por_otra_persona",
                condition=Q(
                    estado__in=["borrador", "por_autorizar", "descartada"],
                    autorizada_por=None,
                    autorizada_en=None,
                    huella="",
                )
                | Q(estado__in=["autorizada", "cerrada"], autorizada_en__isnull=False)
                & ~Q(huella="")
                & ~Q(autorizada_por=F("enviada_por"))
                & ~Q(autorizada_por=F("editada_por")),
                violation_error_message="Nadie autoriza lo que envió o editó.",
            ),
            models.CheckConstraint(
                name="consulta_cerrada_con_fecha",
                condition=Q(estado="cerrada", cerrada_en__isnull=False)
                | ~Q(estado="cerrada") & Q(cerrada_en=None),
            ),
        ]

    def __str__(self):
        return self.titulo

    def get_absolute_url(self):
        donde = "encuesta" if self.clase == self.Clase.ENCUESTA else "consulta"
        return reverse(f"participacion:{donde}", args=[self.slug])

    def clean(self):
        dia = self.cierra_en and timezone.localdate(self.cierra_en)
        if dia and self.resultado_hasta and self.resultado_hasta < dia:
            raise ValidationError({"resultado_hasta": "El resultado se publica después de cerrar."})

    @property
    def termina_en(self):
        """When it stopped, or will stop, taking answers."""
        return min(self.cerrada_en, self.cierra_en) if self.cerrada_en else self.cierra_en

    def abierta(self, en=None) -> bool:
        en = en or timezone.now()
        return self.estado == self.Estado.AUTORIZADA and self.abre_en <= en < self.cierra_en

    def cerrada(self, en=None) -> bool:
        return self.estado in self.PUBLICAS and (en or timezone.now()) >= self.termina_en

    @property
    def recibe_aportes(self) -> bool:
        """Comments on its text, besides the answers to its questions."""
        return self.clase in {self.Clase.PROYECTO, self.Clase.CONSULTA}


class Pregunta(models.Model):
    """A question. Once its consulta is authorised PostgreSQL lets nobody change it, nor its options."""

    class Tipo(models.TextChoices):
        UNA = "una", "Una respuesta"
        VARIAS = "varias", "Varias respuestas"
        ESCALA = "escala", "Una escala de números"
        TEXTO = "texto", "Un texto"
        ORDEN = "orden", "Poner en orden"

    CON_OPCIONES = (Tipo.UNA, Tipo.VARIAS, Tipo.ORDEN)

    consulta = models.ForeignKey(Consulta, models.CASCADE, related_name="preguntas")
    orden = models.PositiveSmallIntegerField(default=0)
    tipo = models.CharField(max_length=10, choices=Tipo)
    texto = LineaField("pregunta", max_length=300)
    ayuda = LineaField(max_length=300, blank=True)
    obligatoria = models.BooleanField("hay que responderla", default=True)
    minimo = models.PositiveSmallIntegerField("desde", null=True, blank=True, help_text="De la escala.")
    maximo = models.PositiveSmallIntegerField(
        "hasta", null=True, blank=True, help_text="De la escala o, de varias respuestas, cuántas como máximo."
    )
    rotulo_minimo = LineaField("qué significa el menor", max_length=60, blank=True)
    rotulo_maximo = LineaField("qué significa el mayor", max_length=60, blank=True)

    class Meta:
        verbose_name = "pregunta"
        ordering = ["orden", "pk"]

    def __str__(self):
        return self.texto


class Opcion(models.Model):
    """One of the answers that may be chosen."""

    pregunta = models.ForeignKey(Pregunta, models.CASCADE, related_name="opciones")
    orden = models.PositiveSmallIntegerField(default=0)
    texto = LineaField(max_length=200)

    class Meta:
        verbose_name = "opción"
        verbose_name_plural = "opciones"
        ordering = ["orden", "pk"]
        constraints = [
            models.UniqueConstraint(
                name="opcion_unica_en_su_pregunta",
                fields=["pregunta", "texto"],
                violation_error_message="Esa opción está repetida.",
            )
        ]

    def __str__(self):
        return self.texto


class PasoDeConsulta(models.Model):
    """One step of a consulta: who did what, when and why. Rows are only added."""

    consulta = models.ForeignKey(Consulta, models.PROTECT, related_name="pasos")
    accion = models.CharField("acción", max_length=30)
    etiqueta = models.CharField("paso", max_length=60)
    de = models.CharField(max_length=15, blank=True)
    a = models.CharField(max_length=15)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    motivo = models.TextField(blank=True)

    class Meta:
        verbose_name = "paso de una consulta"
        verbose_name_plural = "pasos de una consulta"
        ordering = ["en", "pk"]

    def __str__(self):
        return f"{self.etiqueta} · {self.por or 'el sistema'}"
