from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from simple_history.models import HistoricalRecords

from portal.models.arbol import exigir_sin_circulo
from portal.models.cargo import Cargo
from portal.models.dependencia import Dependencia


class Tipo(models.TextChoices):
    """The kinds of publication."""

    NOTICIA = "noticia", "Noticia"
    PAGINA = "pagina", "Página"
    DOCUMENTO = "documento", "Documento"
    EVENTO = "evento", "Evento"
    PREGUNTA = "pregunta", "Pregunta frecuente"
    TERMINO = "termino", "Término"
    ENLACE = "enlace", "Enlace"
    ALBUM = "album", "Álbum"


class CanalQuerySet(models.QuerySet):
    def publicos(self):
        return self.filter(publico=True, activo=True)

    def que_puede(self, usuario, funcion, en=None):
        """The channels in which `usuario` may do `funcion` at the moment `en` (now by default).

        A superuser gets nothing from being one: administration is not authorship.
        """
        cargos = Cargo.objects.ejercidos_por(usuario, en).con_funcion(
            funcion, canal=OuterRef("pk"), dependencia=OuterRef("dependencia")
        )
        return self.filter(Exists(cargos), activo=True)

    def donde_actua(self, usuario, en=None):
        """The channels in which `usuario` may do anything at all."""
        return (
            self.que_puede(usuario, Asignacion.Funcion.AUTOR, en)
            | self.que_puede(usuario, Asignacion.Funcion.EDITOR, en)
            | self.que_puede(usuario, Asignacion.Funcion.AUTORIZA, en)
        )


#: How firm the frequency of a channel is, by the class of its source (`frecuencia=INF`).
FIRMEZA_DEL_PLAZO = {
    "V": "Lo dice el plan de un sitio municipal de Gobierno en Línea",
    "VP": "Se vio en un documento de la época, sin norma que lo pida",
    "SUC": "Lo piden normas posteriores a 2008",
    "REC": "De conocimiento general: por cotejar",
    "INF": "Propuesto al cargar los datos: por confirmar",
}


class Canal(models.Model):
    """A section of the site with somebody responsible and a maximum age."""

    class Fase(models.TextChoices):
        """Phases of Gobierno en Línea, Decreto 1151 de 2008."""

        INFORMACION = "informacion", "Información"
        INTERACCION = "interaccion", "Interacción"
        TRANSACCION = "transaccion", "Transacción"
        TRANSFORMACION = "transformacion", "Transformación"
        DEMOCRACIA = "democracia", "Democracia"

    class Seccion(models.TextChoices):
        """How channels are grouped for the citizen, in this order."""

        SERVICIOS = "servicios", "Servicios y programas"
        ACTUALIDAD = "actualidad", "Noticias y agenda"
        MUNICIPIO = "municipio", "El municipio"
        ALCALDIA = "alcaldia", "La alcaldía"
        GESTION = "gestion", "Planes, presupuesto y contratación"
        NORMAS = "normas", "Normas"
        PARTICIPACION = "participacion", "Participación"
        SITIO = "sitio", "Sobre este sitio"

    class Listado(models.TextChoices):
        """How the channel shows its publications."""

        LISTA = "lista", "Tarjetas, lo más reciente primero"
        DOCUMENTOS = "documentos", "Tabla de documentos por fecha"
        PREGUNTAS = "preguntas", "Preguntas con su respuesta"
        GLOSARIO = "glosario", "Términos de la A a la Z"
        ENLACES = "enlaces", "Lista de enlaces"
        AGENDA = "agenda", "Agenda"

    nombre = models.CharField(max_length=100, unique=True)
    numero = models.CharField(
        "número", max_length=10, blank=True, help_text="El del sitio GEL-T, por ejemplo 4.1."
    )
    slug = models.SlugField("dirección en el sitio", max_length=100, unique=True)
    padre = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hijos",
        verbose_name="está dentro de",
    )
    descripcion = models.CharField("descripción", max_length=300)
    seccion = models.CharField("sección", max_length=20, choices=Seccion)
    tipos = ArrayField(
        models.CharField(max_length=20, choices=Tipo),
        default=list,
        blank=True,
        verbose_name="tipos de publicación que recibe",
    )
    listado = models.CharField("forma del listado", max_length=20, choices=Listado, default=Listado.LISTA)
    ruta = models.CharField(
        "página que lo muestra",
        max_length=100,
        blank=True,
        help_text="Solo si otra página del sitio muestra este canal, por ejemplo /agenda/.",
    )
    dependencia = models.ForeignKey(
        Dependencia, models.PROTECT, related_name="canales", verbose_name="dependencia responsable"
    )
    edad_maxima_dias = models.PositiveSmallIntegerField(
        "edad máxima en días",
        null=True,
        blank=True,
        help_text="Cuántos días puede pasar sin actualizarse. Vacío: sin plazo.",
    )
    frecuencia = models.CharField(max_length=100, blank=True)
    base_legal = models.CharField(
        "base legal del plazo",
        max_length=200,
        blank=True,
        help_text="La norma que pide esa frecuencia. Vacío: la fijó la alcaldía.",
    )
    retiro_automatico_dias = models.PositiveSmallIntegerField(
        "retirar solo lo que nadie revise en estos días",
        null=True,
        blank=True,
        help_text="Vacío: nada se retira solo. Antes de retirar se avisa por correo y en la bandeja.",
    )
    fase = models.CharField("fase GEL", max_length=20, choices=Fase)
    politico = models.BooleanField(
        "habla de la gestión de un gobierno",
        default=False,
        help_text="Lo publicado lleva el nombre de su periodo cuando este termina, y desde entonces solo lo "
        "edita la Secretaría General.",
    )
    publico = models.BooleanField("visible al público", default=True)
    activo = models.BooleanField(default=True)
    orden = models.PositiveSmallIntegerField(default=0)
    fuente = models.CharField("de dónde sale el dato", max_length=200, blank=True)
    history = HistoricalRecords(verbose_name="historia del canal")
    objects = CanalQuerySet.as_manager()

    class Meta:
        verbose_name = "canal"
        verbose_name_plural = "canales"
        ordering = ["orden", "nombre"]
        constraints = [
            models.CheckConstraint(
                name="canal_edad_maxima_positiva",
                condition=Q(edad_maxima_dias__isnull=True) | Q(edad_maxima_dias__gt=0),
                violation_error_message="La edad máxima debe ser de un día o más.",
            ),
            models.CheckConstraint(
                name="canal_retiro_automatico_posible",
                condition=Q(retiro_automatico_dias__isnull=True) | Q(retiro_automatico_dias__gte=30),
                violation_error_message="Para retirar solo, deje pasar al menos 30 días.",
            ),
            models.CheckConstraint(
                name="canal_no_es_su_padre",
                condition=Q(padre__isnull=True) | ~Q(padre=models.F("pk")),
                violation_error_message="Un canal no puede estar dentro de sí mismo.",
            ),
        ]

    def __str__(self):
        return f"{self.numero} {self.nombre}".strip()

    def get_absolute_url(self):
        return self.ruta or reverse("portal:canal", args=[self.slug])

    def clean(self):
        exigir_sin_circulo(self, "Ese canal está, a su vez, dentro de este.")

    @property
    def firmeza_del_plazo(self) -> str:
        """Where its frequency was taken from, in words, or "" when its source does not say."""
        for parte in self.fuente.split(";"):
            dato, _igual, clase = parte.strip().partition("=")
            if dato == "frecuencia":
                return FIRMEZA_DEL_PLAZO.get(clase.partition(":")[0], "")
        return ""

    def tipos_legibles(self) -> str:
        return ", ".join(Tipo(tipo).label.lower() for tipo in self.tipos)


class Asignacion(models.Model):
    """A row of the update matrix: this post does this in this channel. The only source of rights."""

    class Funcion(models.TextChoices):
        AUTOR = "autor", "Escribe"
        EDITOR = "editor", "Valida"
        AUTORIZA = "autoriza", "Autoriza"

    canal = models.ForeignKey(Canal, models.CASCADE, related_name="asignaciones")
    cargo = models.ForeignKey(Cargo, models.PROTECT, related_name="asignaciones")
    funcion = models.CharField("función", max_length=10, choices=Funcion)
    history = HistoricalRecords(verbose_name="historia de la asignación")

    class Meta:
        verbose_name = "asignación"
        verbose_name_plural = "matriz de actualización"
        ordering = ["canal", "funcion", "cargo"]
        constraints = [
            models.UniqueConstraint(
                name="asignacion_sin_repetir",
                fields=["canal", "cargo", "funcion"],
                violation_error_message="Ese cargo ya tiene esa función en ese canal.",
            )
        ]

    def __str__(self):
        return f"{self.cargo} {self.get_funcion_display().lower()} en {self.canal}"
