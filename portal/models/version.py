import hashlib
import json
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from portal.archivos import revisar
from portal.flujo import solo_estados
from portal.models.canal import Canal, Tipo
from portal.models.cargo import Cargo
from portal.models.publicacion import Publicacion
from portal.saneado import CuerpoField, LineaField


class Estado(models.TextChoices):
    """Where a Version is between its author and the citizen (see `portal.flujo_editorial`)."""

    BORRADOR = "borrador", "Borrador"
    EN_VALIDACION = "en_validacion", "En validación"
    POR_AUTORIZAR = "por_autorizar", "Por autorizar"
    AUTORIZADA = "autorizada", "Autorizada"
    PROGRAMADA = "programada", "Programada"
    PUBLICADA = "publicada", "Publicada"
    REEMPLAZADA = "reemplazada", "Reemplazada"
    RETIRADA = "retirada", "Retirada"
    DEVUELTA = "devuelta", "Devuelta"
    DESCARTADA = "descartada", "Descartada"


#: Moments beyond these are typing errors, and the last of them PostgreSQL cannot even give back.
POSIBLES = (datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
#: What goes out later than this after its programmed time says both.
TARDANZA_QUE_SE_DICE = timedelta(minutes=10)
#: On its way from the author to the citizen.
ABIERTAS = (
    Estado.BORRADOR,
    Estado.EN_VALIDACION,
    Estado.POR_AUTORIZAR,
    Estado.AUTORIZADA,
    Estado.PROGRAMADA,
)
#: The public has read it, or reads it.
FUE_PUBLICA = (Estado.PUBLICADA, Estado.REEMPLAZADA, Estado.RETIRADA)


def _llano(campo: Any, valor: Any) -> Any:
    """A value as JSON says it, the same whatever time zone it is held in. Text stays as it is."""
    if isinstance(campo, models.DateField) and valor is not None:
        fecha = campo.to_python(valor)
        return (fecha.astimezone(UTC) if isinstance(fecha, datetime) else fecha).isoformat()
    return valor


class VersionQuerySet(models.QuerySet):
    def abiertas(self):
        """On its way from the author to the citizen."""
        return self.filter(estado__in=ABIERTAS)

    def urgentes_sin_autorizar(self):
        """Published with urgency and never authorised by another person, still live or not."""
        return self.filter(urgente=True, autorizada_en__isnull=True)

    def legibles_por(self, usuario, en=None):
        """The texts that a person may read in the admin: those of the channels where a post acts."""
        if not usuario.is_authenticated:
            return self.none()
        if usuario.is_superuser and usuario.is_active:
            return self
        return self.filter(publicacion__canal__in=Canal.objects.donde_actua(usuario, en).values("pk"))

    def programadas_para(self, en):
        return self.filter(estado=Version.Estado.PROGRAMADA, programada_para__lte=en)


class Version(models.Model):
    """A text of a Publicacion. Once sent, its content never changes: PostgreSQL refuses it."""

    Estado = Estado

    class Norma(models.TextChoices):
        ACUERDO = "acuerdo", "Acuerdo"
        DECRETO = "decreto", "Decreto"
        RESOLUCION = "resolucion", "Resolución"
        CIRCULAR = "circular", "Circular"
        LEY = "ley", "Ley"
        CONTRATO = "contrato", "Contrato"
        INFORME = "informe", "Informe"
        PLAN = "plan", "Plan"
        OTRO = "otro", "Otro documento"

    #: What is authorised: these fields and the attachments, nothing else.
    CONTENIDO = (
        "titulo",
        "resumen",
        "cuerpo",
        "norma_tipo",
        "norma_numero",
        "norma_fecha",
        "evento_inicio",
        "evento_fin",
        "lugar",
        "enlace",
        "cambio_menor",
        "nota_de_cambio",
    )

    publicacion = models.ForeignKey(
        Publicacion, models.PROTECT, related_name="versiones", verbose_name="publicación"
    )
    numero = models.PositiveSmallIntegerField("número", default=1)
    estado = models.CharField(max_length=20, choices=Estado, default=Estado.BORRADOR)

    titulo = LineaField(
        "título",
        max_length=200,
        help_text="Diga lo principal. Por ejemplo: Jornada de actualización del SISBEN.",
    )
    resumen = LineaField(
        max_length=300,
        blank=True,
        help_text="Una frase que se lee en los listados y en el buscador.",
    )
    cuerpo = CuerpoField("texto", blank=True)
    norma_tipo = models.CharField("clase de documento", max_length=20, choices=Norma, blank=True)
    norma_numero = LineaField(
        "número del documento", max_length=30, blank=True, help_text="Por ejemplo: 012."
    )
    norma_fecha = models.DateField("fecha del documento", null=True, blank=True)
    evento_inicio = models.DateTimeField("empieza", null=True, blank=True)
    evento_fin = models.DateTimeField("termina", null=True, blank=True)
    lugar = LineaField(max_length=200, blank=True, help_text="Por ejemplo: salón comunal.")
    enlace = models.URLField("dirección de internet", max_length=500, blank=True)
    cambio_menor = models.BooleanField(
        "es una corrección menor",
        default=False,
        help_text="Ortografía o formato. Queda registrada, pero no cuenta como actualización.",
    )
    nota_de_cambio = LineaField(
        "qué cambió",
        max_length=300,
        blank=True,
        help_text="El público la lee al final de la página.",
    )

    revision = models.PositiveIntegerField("revisión", default=0, editable=False)
    creada_por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    creada_en = models.DateTimeField(default=timezone.now)
    editada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name="quien lo editó"
    )
    editada_en = models.DateTimeField("última edición", default=timezone.now)
    enviada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    enviada_en = models.DateTimeField(null=True, blank=True)
    enviada_como = models.ForeignKey(
        Cargo,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="cargo que responde por el texto",
    )
    validada_por = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    validada_en = models.DateTimeField(null=True, blank=True)
    autorizada_en = models.DateTimeField(null=True, blank=True)
    programada_para = models.DateTimeField(null=True, blank=True)
    publicada_en = models.DateTimeField(null=True, blank=True)
    motivo = models.TextField("motivo de la devolución", blank=True)
    urgente = models.BooleanField("publicación urgente", default=False)
    urgente_motivo = models.TextField("motivo de la urgencia", blank=True)
    urgente_vence = models.DateField("fecha límite para autorizarla", null=True, blank=True)

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = "texto"
        verbose_name_plural = "textos"
        ordering = ["-editada_en", "-pk"]
        constraints = [
            solo_estados("version_estado_conocido", *Estado.values),
            models.CheckConstraint(
                name="version_enviada_dice_por_quien",
                condition=Q(estado__in=["borrador", "descartada"])
                | Q(enviada_por__isnull=False, enviada_en__isnull=False, enviada_como__isnull=False),
            ),
            models.CheckConstraint(
                name="version_publica_autorizada_o_urgente",
                condition=~Q(estado__in=["autorizada", "programada", "publicada", "reemplazada", "retirada"])
                | Q(autorizada_en__isnull=False)
                | Q(urgente=True),
            ),
            models.CheckConstraint(
                name="version_urgente_con_motivo_y_plazo",
                condition=Q(urgente=False, urgente_motivo="", urgente_vence=None)
                | Q(urgente=True, urgente_vence__isnull=False) & ~Q(urgente_motivo=""),
            ),
            models.CheckConstraint(
                name="version_programada_con_fecha",
                condition=~Q(estado="programada") | Q(programada_para__isnull=False),
            ),
            models.CheckConstraint(
                name="version_devuelta_con_motivo",
                condition=~Q(estado="devuelta") | ~Q(motivo=""),
            ),
            models.UniqueConstraint(name="version_numero_unico", fields=["publicacion", "numero"]),
            models.UniqueConstraint(
                name="una_sola_version_abierta",
                fields=["publicacion"],
                condition=Q(estado__in=[estado.value for estado in ABIERTAS]),
                violation_error_message="Ya hay otro texto en camino para esta publicación.",
            ),
            models.UniqueConstraint(
                name="una_sola_version_publicada",
                fields=["publicacion"],
                condition=Q(estado="publicada"),
            ),
            models.CheckConstraint(
                name="version_fechas_posibles",
                condition=(Q(evento_inicio=None) | Q(evento_inicio__range=POSIBLES))
                & (Q(evento_fin=None) | Q(evento_fin__range=POSIBLES))
                & (Q(programada_para=None) | Q(programada_para__range=POSIBLES)),
                violation_error_message="Revise el año de las fechas.",
            ),
            models.CheckConstraint(
                name="version_evento_termina_despues",
                condition=Q(evento_fin=None) | Q(evento_fin__gte=models.F("evento_inicio")),
                violation_error_message="El evento no puede terminar antes de empezar.",
            ),
        ]
        indexes = [
            models.Index(fields=["estado", "editada_en"], name="version_por_estado"),
            models.Index(
                fields=["evento_inicio"],
                name="version_eventos",
                condition=Q(estado="publicada", evento_inicio__isnull=False),
            ),
        ]

    def __str__(self):
        return self.titulo or "(sin título)"

    def get_absolute_url(self):
        return reverse("admin:portal_version_change", args=[self.pk])

    @property
    def tipo(self) -> str:
        return self.publicacion.tipo

    @property
    def editable(self) -> bool:
        return self.estado == self.Estado.BORRADOR

    @property
    def urgente_sin_autorizar(self) -> bool:
        return self.urgente and self.autorizada_en is None

    @property
    def salio_tarde(self) -> bool:
        """Whether it went out well after its programmed time: the line or the machine was down."""
        return bool(
            self.programada_para
            and self.publicada_en
            and self.publicada_en - self.programada_para > TARDANZA_QUE_SE_DICE
        )

    def contenido_canonico(self) -> str:
        """The exact text an authorisation covers: sorted JSON of content and attachments."""
        contenido: dict[str, Any] = {
            campo: _llano(self._meta.get_field(campo), getattr(self, campo)) for campo in self.CONTENIDO
        }
        contenido["adjuntos"] = [adjunto.contenido() for adjunto in self.adjuntos.all()]
        return json.dumps(contenido, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def huella(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.contenido_canonico().encode()).hexdigest()

    def archivos_intactos(self) -> bool:
        return all(adjunto.intacto() for adjunto in self.adjuntos.all())

    def faltas(self) -> list[tuple[str, str]]:
        """What is missing to send it, as (field, Spanish sentence)."""
        faltas = []
        exigidos = {
            Tipo.DOCUMENTO: ["norma_tipo", "norma_fecha"],
            Tipo.EVENTO: ["evento_inicio", "evento_fin", "lugar"],
            Tipo.ENLACE: ["enlace"],
        }.get(Tipo(self.tipo), [])
        for campo in ["titulo", "resumen", *exigidos]:
            if not getattr(self, campo):
                nombre = self._meta.get_field(campo).verbose_name
                faltas.append((campo, f"Falta: {nombre}."))
        adjuntos = list(self.adjuntos.all())
        if self.tipo == Tipo.ALBUM:
            if not any(adjunto.es_imagen for adjunto in adjuntos):
                faltas.append(("adjuntos", "Un álbum necesita al menos una imagen."))
        elif self.tipo not in {Tipo.ENLACE, Tipo.DOCUMENTO, Tipo.EVENTO} and not self.cuerpo:
            faltas.append(("cuerpo", "Falta: texto."))
        elif self.tipo == Tipo.DOCUMENTO and not (self.cuerpo or adjuntos):
            faltas.append(("cuerpo", "Un documento necesita su texto o un archivo adjunto."))
        faltas += [
            ("adjuntos", f"La imagen «{adjunto.titulo}» no tiene texto alternativo.")
            for adjunto in adjuntos
            if adjunto.es_imagen and not adjunto.alt
        ]
        return faltas

    def clean(self):
        if self.evento_inicio and self.evento_fin and self.evento_fin < self.evento_inicio:
            raise ValidationError({"evento_fin": "El evento no puede terminar antes de empezar."})


def _sha256_de(archivo) -> str:
    """Hash of a stored file, or "" when it is not there."""
    try:
        with archivo.storage.open(archivo.name) as abierto:
            return hashlib.file_digest(abierto, "sha256").hexdigest()
    except OSError:
        return ""


def _nombre_en_disco(carpeta: str, _instance, nombre: str) -> str:
    """A random name: what the person called the file never reaches the disk."""
    return f"{carpeta}/{timezone.now():%Y}/{uuid4().hex}{PurePosixPath(nombre).suffix.lower()}"


nombre_de_adjunto = partial(_nombre_en_disco, "adjuntos")
nombre_de_miniatura = partial(_nombre_en_disco, "miniaturas")


class Adjunto(models.Model):
    """A file of a Version, checked by `portal.archivos` before it is kept."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="adjuntos")
    orden = models.PositiveSmallIntegerField(default=0)
    titulo = LineaField("título", max_length=200, help_text="Por ejemplo: Formato de novedades del hogar.")
    alt = LineaField(
        "texto alternativo",
        max_length=300,
        blank=True,
        help_text="Solo para imágenes: qué se ve, para quien no puede verla.",
    )
    archivo = models.FileField(upload_to=nombre_de_adjunto)
    miniatura = models.FileField(upload_to=nombre_de_miniatura, blank=True, editable=False)
    nombre = models.CharField("nombre del archivo", max_length=200, editable=False)
    formato = models.CharField(max_length=10, editable=False)
    tamano = models.PositiveIntegerField("tamaño en bytes", editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    miniatura_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    ancho = models.PositiveIntegerField(null=True, blank=True, editable=False)
    alto = models.PositiveIntegerField(null=True, blank=True, editable=False)

    IMAGENES = ("JPG", "PNG", "WebP")

    class Meta:
        verbose_name = "archivo adjunto"
        verbose_name_plural = "archivos adjuntos"
        ordering = ["orden", "pk"]

    def __str__(self):
        return self.titulo

    def get_absolute_url(self):
        return reverse("portal:archivo", args=[self.pk, self.nombre])

    @property
    def es_imagen(self) -> bool:
        return self.formato in self.IMAGENES

    @property
    def peso(self) -> str:
        return filesizeformat(self.tamano)

    def recibir(self, archivo) -> None:
        """Take in an uploaded file after checking its content. Raises ValidationError."""
        revisado = revisar(archivo)
        self.archivo = revisado.a_guardar()
        self.miniatura = revisado.miniatura_a_guardar()
        self.nombre, self.formato = revisado.nombre, revisado.formato
        self.tamano, self.sha256 = len(revisado.contenido), revisado.sha256
        self.miniatura_sha256 = hashlib.sha256(revisado.miniatura).hexdigest() if revisado.miniatura else ""
        self.ancho, self.alto = revisado.ancho, revisado.alto

    def contenido(self) -> dict[str, object]:
        """What the authorisation covers of this file."""
        return {
            "orden": self.orden,
            "titulo": self.titulo,
            "alt": self.alt,
            "nombre": self.nombre,
            "formato": self.formato,
            "sha256": self.sha256,
            "miniatura": self.miniatura_sha256,
        }

    def intacto(self) -> bool:
        """Whether the bytes on disk are still the ones that were checked and authorised."""
        archivos = [(self.archivo, self.sha256), (self.miniatura, self.miniatura_sha256)]
        return all(_sha256_de(archivo) == huella for archivo, huella in archivos if huella)


class Paso(models.Model):
    """One step of a Version: who did what, when and why. Rows are only added."""

    version = models.ForeignKey(Version, models.PROTECT, related_name="pasos")
    accion = models.CharField("acción", max_length=30)
    etiqueta = models.CharField("paso", max_length=60)
    de = models.CharField(max_length=20, blank=True)
    a = models.CharField(max_length=20)
    por = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    en = models.DateTimeField(default=timezone.now)
    motivo = models.TextField(blank=True)
    huella = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = "paso"
        ordering = ["en", "pk"]

    def __str__(self):
        return f"{self.etiqueta} · {self.por or 'el sistema'} · {timezone.localtime(self.en):%d/%m/%Y %H:%M}"
