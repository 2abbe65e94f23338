"""A norm as people cite it, «Ley 142 de 1994 art. 90», and its parts as the SUIT form asks for them."""

import re
import unicodedata
from datetime import datetime
from typing import Any

from django.utils import timezone

from portal.busqueda import sin_tildes
from tramites.models import Fundamento

Tipo = Fundamento.Tipo
#: As they are written, without accents; the longest first, so that «decreto ley» is not read as «decreto».
_TIPOS = {sin_tildes(tipo.label): tipo for tipo in sorted(Tipo, key=lambda tipo: -len(tipo.label))}
_CITA = re.compile(
    r"(?P<cabeza>.+?)"
    r"(?: \((?P<quien>[^()]*)\)(?P<que>, que [^()]+)?)?"
    r"(?:,? arts?\. (?P<articulos>[^()]+?))?"
    r"(?: \((?P<nota>[^()]*)\))?"
)
_NUMERADA = re.compile(
    rf"(?P<tipo>{'|'.join(_TIPOS)})"
    r"(?: (?P<sigla>[a-z]{2,12})(?= \S*\d))?(?: (?P<numero>\S*\d\S*))?(?: de (?P<anio>\d{4}))?"
)
_VIGENTE = re.compile(r"[,;]? \(?vigente hasta (?:el )?(\d{1,2}/\d{1,2}/\d{4})\)?$")


def leer_norma(texto: str) -> dict[str, Any]:
    """The fields of the Fundamento that this citation names. Raises ValueError on an impossible date.

    What is not a numbered norm stays whole as the name of another document, never guessed.
    """
    campos: dict[str, Any] = dict.fromkeys(("numero", "nombre", "articulos", "enlace"), "")
    campos |= {"tipo": Tipo.DOCUMENTO.value, "anio": None, "vigente_hasta": None}
    texto = " ".join(unicodedata.normalize("NFC", texto).split())
    if hallada := _VIGENTE.search(texto):
        campos["vigente_hasta"] = _fecha(hallada[1])
        texto = texto[: hallada.start()]
    cita = _CITA.fullmatch(texto)
    if cita is None:
        return campos | {"nombre": texto}
    nombre = f"{cita['quien'] or ''}{cita['que'] or ''}" or cita["nota"] or ""
    return campos | {"articulos": cita["articulos"] or ""} | _identidad(cita["cabeza"], nombre)


def _identidad(cabeza: str, nombre: str) -> dict[str, Any]:
    """Kind, number, year and name of what is cited."""
    if numerada := _NUMERADA.fullmatch(sin_tildes(cabeza)):
        sigla = cabeza[slice(*numerada.span("sigla"))]
        return {
            "tipo": _TIPOS[numerada["tipo"]].value,
            "numero": cabeza[slice(*numerada.span("numero"))],
            "anio": int(numerada["anio"]) if numerada["anio"] else None,
            "nombre": " ".join(filter(None, [sigla, nombre])),
        }
    tipo = _TIPOS.get(sin_tildes(nombre).removesuffix(" del concejo"))
    if tipo:
        return {"tipo": tipo.value, "nombre": cabeza}
    return {"nombre": f"{cabeza} ({nombre})" if nombre else cabeza}


def _fecha(texto: str):
    try:
        return datetime.strptime(texto, "%d/%m/%Y").astimezone(timezone.get_current_timezone()).date()
    except ValueError:
        raise ValueError(f"«{texto}» no es una fecha: use día/mes/año.") from None


def citar(norma: dict[str, Any]) -> str:
    """What `leer_norma` reads, from the `contenido()` of a Fundamento."""
    tipo, nombre = Tipo(norma["tipo"]), norma["nombre"]
    if norma["numero"] or norma["anio"] or tipo == Tipo.CONSTITUCION:
        cita = tipo.label + (f" {norma['numero']}" if norma["numero"] else "")
        cita += f" de {norma['anio']}" if norma["anio"] else ""
        cita += f" ({nombre})" if nombre else ""
    else:
        cita = nombre if tipo == Tipo.DOCUMENTO else f"{nombre} ({tipo.label})".strip()
    if articulos := norma["articulos"]:
        varios = re.search(r", | y | a ", articulos)
        cita += f" {'arts.' if varios else 'art.'} {articulos}"
    if hasta := norma["vigente_hasta"]:
        cita += f" (vigente hasta {hasta:%d/%m/%Y})"
    return cita
