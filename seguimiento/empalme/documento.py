"""The documento de empalme: assembled from the records, observed by both teams, signed and published.

It is frozen with its hash, and assembling it again when something changed replaces the one that waits for
its signature. Once signed, its text goes to whoever validates and authorises, as any other.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from portal.flujo import CondicionIncumplida, Contexto, Flujo, SinPermiso, Transicion
from portal.huella import huella_de
from portal.models import Consecutivo, Municipio, Usuario, Version
from seguimiento.empalme.proceso import entra
from seguimiento.empalme.secciones import SECCIONES, Seccion
from seguimiento.firmas import FirmaDeSecretariaGeneral, cargo_que_firma, enviar_a_publicar, firma_de
from seguimiento.models import DocumentoDeEmpalme, Empalme, ObservacionDeEmpalme

Estado = DocumentoDeEmpalme.Estado
Equipo = ObservacionDeEmpalme.Equipo
#: The channel that «publica el documento de empalme con la administración entrante».
CANAL = "empalme"
#: The shape of `datos`; it grows when a part changes its meaning.
FORMATO = 1
#: Called before each section with its place, how many there are, and the section.
Progreso = Callable[[int, int, Seccion], None]


def _en_silencio(puesto: int, total: int, seccion: Seccion) -> None:
    """Nobody waits to be told."""


# --- Assembling -----------------------------------------------------------------------------------
def reunir(empalme: Empalme, en: datetime, progreso: Progreso = _en_silencio) -> dict[str, Any]:
    """All that is handed over on the day of that moment. The same while nothing changes that day."""
    secciones = []
    for puesto, seccion in enumerate(SECCIONES, 1):
        progreso(puesto, len(SECCIONES), seccion)
        secciones.append(seccion.congelar(empalme, en))
    municipio = Municipio.objects.first()
    return {
        "formato": FORMATO,
        "entidad": municipio.nombre_entidad if municipio else "",
        "titulo": str(empalme),
        "saliente": str(empalme.saliente),
        "entrante": str(empalme.entrante),
        "desde": empalme.desde.isoformat(),
        "hasta": empalme.hasta.isoformat(),
        "acto": empalme.acto,
        "corte": timezone.localdate(en).isoformat(),
        "secciones": secciones,
    }


@transaction.atomic
def armar(
    empalme: Empalme,
    *,
    por: Usuario | None = None,
    en: datetime | None = None,
    progreso: Progreso = _en_silencio,
) -> tuple[DocumentoDeEmpalme, bool]:
    """The document as things are now, and whether it was made now. The same twice, unless something changed.

    `por` heads Secretaría General; without it, who runs the server assembles it. Raises SinPermiso.
    """
    en = en or timezone.now()
    if por and cargo_que_firma(por, en) is None:
        raise SinPermiso("El documento de empalme lo arma quien dirige la Secretaría General.")
    # One at a time: another process may be assembling the same.
    fila = Empalme.objects.select_for_update(of=("self",)).select_related("saliente", "entrante")
    empalme = fila.get(pk=empalme.pk)
    datos = reunir(empalme, en, progreso)
    huella = huella_de(datos)
    ultimo = empalme.documentos.exclude(estado=Estado.REEMPLAZADO).order_by("-anio", "-consecutivo").first()
    if ultimo and ultimo.huella == huella:
        return ultimo, False
    if anterior := empalme.documentos.filter(estado=Estado.CONGELADO).first():
        FLUJO.ejecutar("reemplazar", anterior, por=por, en=en)
    anio = timezone.localdate(en).year
    hecho = DocumentoDeEmpalme.objects.create(
        empalme=empalme,
        anio=anio,
        consecutivo=Consecutivo.siguiente("documento-de-empalme", anio),
        datos=datos,
        huella=huella,
        congelado_en=en,
        congelado_por=por,
    )
    return hecho, True


# --- Before it is signed --------------------------------------------------------------------------
def equipos_de(usuario: Usuario, empalme: Empalme, en: datetime | None = None) -> list[str]:
    """For which teams that person may observe: none, one, or both when who leaves also comes in."""
    equipos: list[str] = []
    if cargo_que_firma(usuario, en):
        equipos.append(Equipo.SALIENTE)
    if entra(usuario, empalme).exists():
        equipos.append(Equipo.ENTRANTE)
    return equipos


@transaction.atomic
def observar(
    documento: DocumentoDeEmpalme, *, equipo: str, texto: str, por: Usuario, en: datetime | None = None
) -> ObservacionDeEmpalme:
    """What a team says of the document before it is signed; the same sent twice is one.

    Raises SinPermiso, or CondicionIncumplida once it is signed or replaced.
    """
    en = en or timezone.now()
    if equipo not in equipos_de(por, documento.empalme, en):
        raise SinPermiso("Usted no escribe por ese equipo.")
    fila = DocumentoDeEmpalme.objects.select_for_update(of=("self",)).get(pk=documento.pk)
    if not fila.por_firmar:
        raise CondicionIncumplida("El documento ya se firmó o se reemplazó: lo que se dice de él no cambia.")
    ya = fila.observaciones.filter(equipo=equipo, texto=texto, por=por).first()
    return ya or ObservacionDeEmpalme.objects.create(
        documento=fila,
        equipo=equipo,
        texto=texto,
        por=por,
        firma=_firma(equipo, fila.empalme, por, en),
        en=en,
    )


def _firma(equipo: str, empalme: Empalme, por: Usuario, en: datetime) -> str:
    """How they sign, kept as text: people and posts change their names."""
    if equipo == Equipo.SALIENTE:
        cargo = cargo_que_firma(por, en)
        return firma_de(por, cargo) if cargo else str(por)
    entrante = entra(por, empalme).select_related("cargo__dependencia").first()
    return (
        f"{entrante.nombre}, entra como {entrante.cargo} ({entrante.cargo.dependencia})" if entrante else ""
    )


# --- Signing --------------------------------------------------------------------------------------
FIRMA = FirmaDeSecretariaGeneral(
    "El documento de empalme",
    cambio="Un equipo escribió mientras usted leía. Lea de nuevo las observaciones antes de firmar.",
)


def _quien_arma(documento: DocumentoDeEmpalme, contexto: Contexto) -> str:
    """Who runs the server may also assemble it again."""
    return "" if contexto.por is None else FIRMA.quien(documento, contexto)


def _firmar(documento: DocumentoDeEmpalme, contexto: Contexto) -> None:
    """The signature, and the text that takes the document to whoever validates and authorises it."""
    FIRMA.estampar(documento, contexto)
    documento.publicacion = enviar_a_publicar(
        contexto, canal=CANAL, que="el documento", texto=_texto(documento, contexto.en)
    )


def _texto(documento: DocumentoDeEmpalme, en: datetime) -> dict[str, Any]:
    """The publication of a document: what it hands over and its hashes."""
    datos = documento.datos
    resumen = (
        f"Lo que la {datos['saliente']} entrega a la {datos['entrante']}, según los registros del portal."
    )
    return {
        "titulo": f"{documento}: de la {datos['saliente']} a la {datos['entrante']}"[:200],
        "resumen": resumen[:300],
        "cuerpo": render_to_string(
            "seguimiento/empalme_texto.html", {"documento": documento, "datos": datos}
        ),
        "norma_tipo": Version.Norma.OTRO,
        "norma_numero": documento.numero,
        "norma_fecha": timezone.localdate(en),
    }


FLUJO = Flujo(
    DocumentoDeEmpalme,
    [
        Transicion(
            "firmar",
            "Firmar",
            (Estado.CONGELADO,),
            Estado.FIRMADO,
            FIRMA.quien,
            FIRMA.lo_que_leyo,
            _firmar,
        ),
        Transicion("reemplazar", "Reemplazar", (Estado.CONGELADO,), Estado.REEMPLAZADO, _quien_arma),
    ],
    lambda documento, transicion, anterior, contexto: None,  # the row itself says who, when and what
    intocables=("empalme", "anio", "consecutivo", "datos", "huella", "congelado_en", "congelado_por"),
)


def firmar(
    documento: DocumentoDeEmpalme, *, por: Usuario, leido: str, en: datetime | None = None
) -> DocumentoDeEmpalme:
    """Sign it, once, as it was read (`leido`, its `huella_leida`), and send its text to be validated.

    Raises EstadoInadecuado when it was signed or replaced, SinPermiso or CondicionIncumplida.
    """
    return FLUJO.ejecutar("firmar", documento, por=por, en=en, leido=leido)


def paginas_que_salen_con(version: Version) -> list[str]:
    """The page of the document whose text it is: the public finds it when it can read the text."""
    if version.publicacion.canal.slug != CANAL:
        return []
    documentos = DocumentoDeEmpalme.objects.con_numero(version.norma_numero).defer("datos")
    return [uno.get_absolute_url() for uno in documentos.select_related("empalme__saliente")]
