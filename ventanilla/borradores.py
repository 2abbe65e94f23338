"""What a person has written so far: begun, gone on with, taken elsewhere and filed once.

Each change takes the row of the draft first, so that two devices never lose what the other one wrote, and
nothing is added to what was filed.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Sum
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from portal import archivos
from portal.correo import encolar
from portal.models import Municipio
from portal.secretos import huella_del_secreto, nuevo_secreto
from ventanilla import services
from ventanilla.models import (
    Anexo,
    Borrador,
    ClaseDeRadicado,
    Formulario,
    Radicado,
    TextoDeConsentimiento,
)
from ventanilla.models.radicado import VIDA_DEL_BORRADOR
from ventanilla.pasos import ANEXOS, DOCUMENTOS, QUE_PIDE, SUS_DATOS, Falta, Recorrido

_SAL = "ventanilla.progreso"
#: Of the file that is downloaded to go on later: what another version wrote is not read.
VERSION_DEL_AVANCE = 1
#: Characters of that file: the answers to the longest form, signed.
AVANCE_MAXIMO = 200_000


class BorradorVencido(Exception):
    """Its fifteen days passed."""


class YaRadicado(Exception):
    """It was filed: nothing of it changes."""


class Incompleto(Exception):
    """Something is missing, so it is not filed."""

    def __init__(self, faltas: list[Falta]) -> None:
        super().__init__("; ".join(falta.que for falta in faltas))
        self.faltas = faltas


class AvanceRechazado(Exception):
    """The file to go on with is not ours, is old or is of another version. Says which, in Spanish."""


def hallar(secreto: str, en: datetime | None = None) -> Borrador | None:
    """The draft of that address; None when there is none. Raises BorradorVencido."""
    borrador = (
        Borrador.objects.filter(secreto_sha256=huella_del_secreto(secreto))
        .select_related("clase", "tramite", "formulario", "radicado__asiento")
        .first()
    )
    if borrador is not None and borrador.vence_en <= (en or timezone.now()):
        raise BorradorVencido
    return borrador


def empezar(
    *,
    clase: ClaseDeRadicado,
    formulario: Formulario | None = None,
    anonimo: bool = False,
    consentimiento: TextoDeConsentimiento | None = None,
    consentido_en: datetime | None = None,
    datos: dict[str, Any] | None = None,
    en: datetime | None = None,
) -> tuple[Borrador, str]:
    """A draft and the secret of its address, which is not kept. It keeps its version of the form."""
    en = en or timezone.now()
    secreto, huella = nuevo_secreto()
    borrador = Borrador.objects.create(
        secreto_sha256=huella,
        clase=clase,
        tramite=formulario.tramite if formulario else None,
        formulario=formulario,
        anonimo=anonimo,
        consentimiento=consentimiento,
        consentido_en=(consentido_en or en) if consentimiento else None,
        datos=datos or {},
        creado_en=en,
        cambiado_en=en,
        vence_en=en + VIDA_DEL_BORRADOR,
    )
    return borrador, secreto


def _tomar(borrador: Borrador) -> Borrador:
    """Its row, ours until the transaction ends. Raises YaRadicado."""
    fila = (
        Borrador.objects.select_for_update(of=("self",))
        .select_related("clase", "tramite", "formulario", "consentimiento")
        .get(pk=borrador.pk)
    )
    if fila.radicado_id:
        raise YaRadicado
    return fila


@transaction.atomic
def guardar(borrador: Borrador, que: str, valor: dict[str, Any], *, quitar: tuple[str, ...] = ()) -> None:
    """Leave in `que` those values over the ones it had, without those in `quitar`. Raises YaRadicado."""
    fila = _tomar(borrador)
    antes = {k: v for k, v in fila.datos.get(que, {}).items() if k not in quitar}
    fila.datos[que] = antes | valor
    fila.cambiado_en = timezone.now()
    fila.save(update_fields=["datos", "cambiado_en"])
    borrador.datos = fila.datos


@transaction.atomic
def consentir(borrador: Borrador, texto: TextoDeConsentimiento) -> None:
    """Keep that the person accepted that version, and when. Raises YaRadicado."""
    fila = _tomar(borrador)
    fila.consentimiento, fila.consentido_en = texto, timezone.now()
    fila.save(update_fields=["consentimiento", "consentido_en"])
    borrador.consentimiento, borrador.consentido_en = texto, fila.consentido_en


# --- Its files -----------------------------------------------------------------------------------
def agregar_anexo(borrador: Borrador, archivo, requisito: str = "") -> Anexo:
    """Keep a file, judged by its content; the same one again is the one there was.

    Raises ValidationError, and then nothing of it is left, or YaRadicado.
    """
    anexo = Anexo.de(archivos.revisar(archivo), borrador=borrador, requisito=requisito)
    sin_guardar = anexo.archivo.name
    try:
        with transaction.atomic():
            fila = _tomar(borrador)
            if igual := fila.anexos.filter(sha256=anexo.sha256, requisito=requisito).first():
                return igual
            _exigir_que_quepa(fila, anexo)
            anexo.save()
            _quitar_excusa(fila, requisito)
    except BaseException:
        if anexo.archivo.name != sin_guardar:  # it reached the disk
            anexo.archivo.delete(save=False)
        raise
    return anexo


def _exigir_que_quepa(borrador: Borrador, anexo: Anexo) -> None:
    if borrador.anexos.count() >= services.ANEXOS_MAXIMOS:
        raise ValidationError(
            f"Ya hay {services.ANEXOS_MAXIMOS} archivos, y no recibimos más. Quite uno para subir otro."
        )
    pesan = borrador.anexos.aggregate(total=Sum("tamano", default=0))["total"]
    if pesan + anexo.tamano > services.PESO_MAXIMO:
        raise ValidationError(
            "Con este archivo pesarían en total más de 40 MB. Quite uno o suba otro más liviano."
        )


def _quitar_excusa(fila: Borrador, requisito: str) -> None:
    if fila.datos.get(DOCUMENTOS, {}).pop(requisito, None):
        fila.save(update_fields=["datos"])


@transaction.atomic
def quitar_anexo(borrador: Borrador, pk: int) -> bool:
    """Erase that file of the draft; False when it has no such file. Raises YaRadicado."""
    anexo = _tomar(borrador).anexos.filter(pk=pk).first()
    if anexo is None:
        return False
    archivo = anexo.archivo
    anexo.delete()
    transaction.on_commit(lambda: archivo.delete(save=False))
    return True


# --- To file it ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class Hecho:
    """What was filed, and whether it was now or it had been before."""

    radicado: Radicado
    ahora: bool


@transaction.atomic
def radicar(borrador: Borrador, en: datetime | None = None) -> Hecho:
    """File it, once however many times it is sent. Raises Incompleto, or ValidationError by field."""
    try:
        fila = _tomar(borrador)
    except YaRadicado:
        return Hecho(Radicado.objects.enteros().get(borrador=borrador.pk), ahora=False)
    recorrido = Recorrido(fila)
    if recorrido.faltas:
        raise Incompleto(recorrido.faltas)
    peticion = fila.datos.get(QUE_PIDE, {})
    radicado = services.radicar(
        clave=fila.clave,
        clase=fila.clase,
        asunto=fila.tramite.nombre if fila.tramite else peticion["asunto"],
        texto=_excusas_en_palabras(recorrido) if fila.tramite else peticion["texto"],
        persona=None if fila.anonimo else dict(fila.datos[SUS_DATOS]),
        medio=fila.medio,
        anexos=recorrido.anexos,
        tramite=fila.tramite,
        formulario=fila.formulario,
        respuestas=recorrido.respuestas,
        consentimiento=fila.consentimiento,
        consentido_en=fila.consentido_en,
        registrado_por=fila.registrado_por,
        borrador=fila,
        en=en,
    )
    return Hecho(radicado, ahora=True)


def _excusas_en_palabras(recorrido: Recorrido) -> str:
    return "\n".join(
        f"{documento.nombre}: {documento.excusa_dicha}."
        for documento in recorrido.documentos
        if documento.excusa and not documento.anexos
    )


def texto_comparable(borrador: Borrador) -> str:
    """SHA-256 of what it asks for, the same however it is spaced; "" when it is not a petition."""
    texto = " ".join(borrador.datos.get(QUE_PIDE, {}).get("texto", "").lower().split())
    return sha256(texto.encode()).hexdigest() if texto else ""


# --- To go on later ------------------------------------------------------------------------------
def enviar_enlace(borrador: Borrador, enlace: str, correo: str) -> None:
    """Leave in the outbox the link to go on with it. Raises ValidationError by the address."""
    texto = render_to_string(
        "ventanilla/correo_enlace.txt",
        {"enlace": enlace, "borrador": borrador, "municipio": Municipio.objects.first()},
    )
    encolar(
        para=correo,
        asunto="Enlace para seguir con su solicitud",
        texto=texto,
        clave=f"enlace:{borrador.clave}:{sha256(correo.encode()).hexdigest()[:32]}",
    )


def avance_de(borrador: Borrador) -> bytes:
    """The file to go on from another place: the answers, signed. Not the uploaded files."""
    contenido = {
        "version": VERSION_DEL_AVANCE,
        "clase": borrador.clase.codigo,
        "formulario": borrador.formulario_id,
        "anonimo": borrador.anonimo,
        "consentimiento": borrador.consentimiento_id,
        "consentido_en": borrador.consentido_en.isoformat() if borrador.consentido_en else "",
        # The files do not travel, so neither does the page that they have.
        "datos": {que: valor for que, valor in borrador.datos.items() if que != ANEXOS},
    }
    sobre = {
        "que_es": "Avance de una solicitud a la alcaldía. Ábralo en la página de abajo antes de la fecha.",
        "pagina": settings.PORTAL_URL + reverse("ventanilla:continuar"),
        "sirve_hasta": f"{timezone.localtime() + VIDA_DEL_BORRADOR:%d/%m/%Y}",
        "contenido": signing.dumps(contenido, salt=_SAL, compress=True),
    }
    return json.dumps(sobre, ensure_ascii=False, indent=1).encode()


def desde_avance(archivo: bytes) -> tuple[Borrador, str]:
    """A new draft with those answers, and the secret of its address. Raises AvanceRechazado."""
    contenido = _leer_avance(archivo)
    clase = ClaseDeRadicado.objects.filter(codigo=contenido["clase"], activa=True).first()
    formulario = None
    if contenido["formulario"] is not None:
        formulario = Formulario.objects.vigentes().filter(pk=contenido["formulario"]).first()
    if clase is None or (contenido["formulario"] is not None and formulario is None):
        raise AvanceRechazado(
            "El formulario cambió desde que guardó este archivo, y ya no sirve. Empiece una solicitud nueva."
        )
    vigente = TextoDeConsentimiento.vigente()
    aceptado = contenido["consentimiento"] == vigente.pk
    return empezar(
        clase=clase,
        formulario=formulario,
        anonimo=contenido["anonimo"],
        consentimiento=vigente if aceptado else None,
        consentido_en=datetime.fromisoformat(contenido["consentido_en"]) if aceptado else None,
        datos=contenido["datos"],
    )


def _leer_avance(archivo: bytes) -> dict[str, Any]:
    try:
        contenido = signing.loads(json.loads(archivo)["contenido"], salt=_SAL, max_age=VIDA_DEL_BORRADOR)
    except signing.SignatureExpired:
        raise AvanceRechazado(
            f"El archivo tiene más de {VIDA_DEL_BORRADOR.days} días y ya no sirve. Empiece otra solicitud."
        ) from None
    except (signing.BadSignature, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise AvanceRechazado(
            "Este no es un archivo de avance de este sitio, o alguien lo cambió. Elija el que descargó aquí."
        ) from None
    if contenido["version"] != VERSION_DEL_AVANCE:
        raise AvanceRechazado(
            "Este archivo es de otra versión del sitio y ya no sirve. Empiece una solicitud nueva."
        )
    return contenido
