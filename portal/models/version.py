import hashlib
import json
import logging
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import PurePosixPath
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone

from portal.archivos import rendiciones, revisar
from portal.flujo import solo_estados
from portal.models.canal import Canal, Tipo
from portal.models.cargo import Cargo
from portal.models.publicacion import Publicacion
from portal.saneado import CuerpoField, LineaField

registro = logging.getLogger(__name__)


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

    def devueltas_sin_corregir(self):
        """Came back to whoever sent them, and no other text of the publication has begun since."""
        posterior = Version.objects.filter(publicacion=OuterRef("publicacion"), numero__gt=OuterRef("numero"))
        return self.filter(~Exists(posterior), estado=Version.Estado.DEVUELTA)

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

    titulo = LineaField("título", max_length=200, blank=True)
    resumen = LineaField(max_length=300, blank=True)
    cuerpo = CuerpoField("texto", blank=True)
    norma_tipo = models.CharField("clase de documento", max_length=20, choices=Norma, blank=True)
    norma_numero = LineaField("número del documento", max_length=30, blank=True)
    norma_fecha = models.DateField("fecha del documento", null=True, blank=True)
    evento_inicio = models.DateTimeField("empieza", null=True, blank=True)
    evento_fin = models.DateTimeField("termina", null=True, blank=True)
    lugar = LineaField(max_length=200, blank=True)
    enlace = models.URLField("dirección de internet", max_length=500, blank=True)
    cambio_menor = models.BooleanField("es una corrección menor", default=False)
    nota_de_cambio = LineaField("qué cambió", max_length=300, blank=True)

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
                name="version_enviada_con_titulo",
                condition=Q(estado__in=["borrador", "descartada"]) | ~Q(titulo=""),
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
        contenido["adjuntos"] = [adjunto.contenido() for adjunto in self.adjuntos_con_rendiciones()]
        return json.dumps(contenido, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def huella(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.contenido_canonico().encode()).hexdigest()

    def adjuntos_con_rendiciones(self):
        """Its files, with the sizes at which each image can be asked for."""
        return self.adjuntos.prefetch_related("rendiciones")

    def archivos_intactos(self) -> bool:
        return all(adjunto.intacto() for adjunto in self.adjuntos_con_rendiciones())

    def campos_que_faltan(self, adjuntos: "list[Adjunto]") -> list[tuple[str, str]]:
        """What is missing to send it with those files, as (field, Spanish sentence)."""
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
        if self.tipo == Tipo.ALBUM:
            if not any(adjunto.es_imagen for adjunto in adjuntos):
                faltas.append(("adjuntos", "Un álbum necesita al menos una imagen."))
        elif self.tipo not in {Tipo.ENLACE, Tipo.DOCUMENTO, Tipo.EVENTO} and not self.cuerpo:
            faltas.append(("cuerpo", "Falta: texto."))
        elif self.tipo == Tipo.DOCUMENTO and not (self.cuerpo or adjuntos):
            faltas.append(("cuerpo", "Un documento necesita su texto o un archivo adjunto."))
        return faltas

    @staticmethod
    def imagenes_sin_alternativa(adjuntos: "list[Adjunto]") -> list[tuple[str, str]]:
        return [
            ("adjuntos", f"La imagen «{adjunto.titulo}» no tiene texto alternativo.")
            for adjunto in adjuntos
            if adjunto.es_imagen and not adjunto.alt.strip()
        ]

    def clean(self):
        if self.evento_inicio and self.evento_fin and self.evento_fin < self.evento_inicio:
            raise ValidationError({"evento_fin": "El evento no puede terminar antes de empezar."})


def es_el_mismo(archivo, sha256: str) -> bool:
    """Whether the stored file is there and its bytes have that hash."""
    try:
        with archivo.storage.open(archivo.name) as abierto:
            return hashlib.file_digest(abierto, "sha256").hexdigest() == sha256
    except OSError:
        return False


def _nombre_en_disco(carpeta: str, _instance, nombre: str) -> str:
    """A random name: what the person called the file never reaches the disk."""
    return f"{carpeta}/{timezone.now():%Y}/{uuid4().hex}{PurePosixPath(nombre).suffix.lower()}"


nombre_de_adjunto = partial(_nombre_en_disco, "adjuntos")
nombre_de_miniatura = partial(_nombre_en_disco, "miniaturas")
nombre_de_rendicion = partial(_nombre_en_disco, "rendiciones")


class Foco(models.TextChoices):
    """Where the subject of an image is: what a crop keeps, among nine places that need no mouse to choose."""

    ARRIBA_IZQUIERDA = "arriba-izquierda", "Arriba, a la izquierda"
    ARRIBA = "arriba", "Arriba"
    ARRIBA_DERECHA = "arriba-derecha", "Arriba, a la derecha"
    IZQUIERDA = "izquierda", "A la izquierda"
    CENTRO = "centro", "En el centro"
    DERECHA = "derecha", "A la derecha"
    ABAJO_IZQUIERDA = "abajo-izquierda", "Abajo, a la izquierda"
    ABAJO = "abajo", "Abajo"
    ABAJO_DERECHA = "abajo-derecha", "Abajo, a la derecha"

    @property
    def punto(self) -> tuple[float, float]:
        """From (0, 0), above on the left, to (1, 1)."""
        horizontal = 0.0 if "izquierda" in self else 1.0 if "derecha" in self else 0.5
        vertical = 0.0 if "arriba" in self else 1.0 if "abajo" in self else 0.5
        return horizontal, vertical


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
    foco = models.CharField("lo importante está", max_length=16, choices=Foco, default=Foco.CENTRO)

    IMAGENES = ("JPG", "PNG", "WebP")

    class Meta:
        verbose_name = "archivo adjunto"
        verbose_name_plural = "archivos adjuntos"
        ordering = ["orden", "pk"]

    def __str__(self):
        return self.titulo

    def save(self, *args, **kwargs):
        """An image is saved with its renditions; a copy for another text gets its own."""
        al_dia = not self._state.adding and getattr(self, "_dibujado", None) == (self.sha256, self.foco)
        super().save(*args, **kwargs)
        if self.es_imagen and not al_dia:
            self._dibujar()

    def get_absolute_url(self):
        return reverse("portal:archivo", args=[self.pk, self.nombre])

    @classmethod
    def from_db(cls, db, field_names, values):
        """The file and the focus that its renditions were drawn with are remembered."""
        adjunto = super().from_db(db, field_names, values)
        if {"sha256", "foco"} <= set(field_names):
            adjunto._dibujado = (adjunto.sha256, adjunto.foco)
        return adjunto

    @property
    def es_imagen(self) -> bool:
        return self.formato in self.IMAGENES

    @property
    def peso(self) -> str:
        return filesizeformat(self.tamano)

    def _dibujar(self) -> None:
        """Draw its renditions. Of a file that is gone there are none: `intacto` says so at each review."""
        try:
            with self.archivo.storage.open(self.archivo.name) as abierto:
                dibujos = rendiciones(abierto.read(), Foco(self.foco).punto)
        except OSError:  # of which what Pillow cannot read is one
            registro.exception("No se pudo dibujar la imagen %s", self.archivo.name)
            dibujos = []
        self.rendiciones.all().delete()
        for dibujo in dibujos:
            self.rendiciones.create(
                clase=dibujo.clase,
                ancho=dibujo.ancho,
                alto=dibujo.alto,
                archivo=dibujo.a_guardar(),
                sha256=dibujo.sha256,
            )
        self._dibujado = (self.sha256, self.foco)

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
        """What the authorisation covers of this file. What came later is said only when it is there."""
        contenido: dict[str, object] = {
            "orden": self.orden,
            "titulo": self.titulo,
            "alt": self.alt,
            "nombre": self.nombre,
            "formato": self.formato,
            "sha256": self.sha256,
            "miniatura": self.miniatura_sha256,
        }
        if self.foco != Foco.CENTRO:
            contenido["foco"] = self.foco
        if huellas := [rendicion.sha256 for rendicion in self.rendiciones.all()]:
            contenido["rendiciones"] = huellas
        return contenido

    def intacto(self) -> bool:
        """Whether the bytes on disk are still the ones that were checked and authorised."""
        archivos = [(self.archivo, self.sha256), (self.miniatura, self.miniatura_sha256)]
        archivos += [(rendicion.archivo, rendicion.sha256) for rendicion in self.rendiciones.all()]
        return all(es_el_mismo(archivo, huella) for archivo, huella in archivos if huella)


class Rendicion(models.Model):
    """An image of an Adjunto drawn again at another size, so that a phone asks for no more than it shows."""

    class Clase(models.TextChoices):
        ANCHO = "ancho", "Entera, a un ancho"
        PORTADA = "portada", "Recortada alrededor de lo importante"

    adjunto = models.ForeignKey(Adjunto, models.CASCADE, related_name="rendiciones")
    clase = models.CharField(max_length=10, choices=Clase)
    ancho = models.PositiveIntegerField()
    alto = models.PositiveIntegerField()
    archivo = models.FileField(upload_to=nombre_de_rendicion)
    sha256 = models.CharField(max_length=64)

    class Meta:
        verbose_name = "rendición"
        verbose_name_plural = "rendiciones"
        ordering = ["clase", "ancho"]
        constraints = [models.UniqueConstraint(name="rendicion_unica", fields=["adjunto", "clase", "ancho"])]

    def __str__(self):
        return f"{self.adjunto}, {self.ancho}×{self.alto}"

    def get_absolute_url(self):
        return reverse("portal:rendicion", args=[self.adjunto_id, self.clase, self.ancho])


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
