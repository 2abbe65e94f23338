"""What people look for and do not find: words are kept once several asked for the same, never before.

A word that one person typed could be their name. Until the third occasion only a keyed hash is counted,
which dies by itself; of what looks like a datum of somebody not even that.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal import freno
from portal.alcance import alcance_de
from portal.busqueda import hallar, limpiar, sin_tildes
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import BusquedaSinResultado, Sinonimo, Usuario

#: Occasions after which the words are kept, within this time; in an hour there is only one occasion.
OCASIONES, EN, CADA_OCASION = 3, timedelta(days=30), timedelta(hours=1)
#: Different ones that each writing looks at: more in a minute are not of people.
DISTINTAS = 50
LARGO = 60
#: Who turns them into synonyms, besides Secretaría General: the channel where the SUIT user writes.
CANAL = "tramites"
_ENTRE_CIFRAS = re.compile(r"(?<=\d)[\W_]+(?=\d)")
_CINCO_CIFRAS = re.compile(r"\d{5}")


# --- Counting ------------------------------------------------------------------------------------
def normalizar(texto: str) -> str:
    """The words of what was typed, without accents nor signs; "" when it must not be kept."""
    if "@" in texto or len(texto) > LARGO or _CINCO_CIFRAS.search(_ENTRE_CIFRAS.sub("", texto)):
        return ""
    palabras = " ".join(re.findall(r"\w+", sin_tildes(limpiar(texto))))
    return palabras if len(palabras) <= LARGO else ""  # without their marks, some letters are several


def guardar(textos: Iterable[str], en: datetime | None = None) -> None:
    """Count an occasion of each of those normalised texts."""
    en = en or timezone.now()
    for texto in sorted(textos)[:DISTINTAS]:
        if freno.intentar("busqueda en la hora", texto, maximo=1, cada=CADA_OCASION, en=en):
            _una_ocasion(texto, en)


def _una_ocasion(texto: str, en: datetime) -> None:
    dia = timezone.localdate(en)
    conocida = BusquedaSinResultado.objects.filter(texto=texto)
    if conocida.update(veces=F("veces") + 1, ultima=dia):
        return
    if not freno.intentar("busqueda sin resultado", texto, maximo=OCASIONES - 1, cada=EN, en=en):
        nueva = BusquedaSinResultado(texto=texto, veces=OCASIONES, primera=dia, ultima=dia)
        BusquedaSinResultado.objects.bulk_create([nueva], ignore_conflicts=True)


# --- Answering -----------------------------------------------------------------------------------
def las_atiende(usuario: Usuario) -> bool:
    """Whether they head Secretaría General or write trámites, as the SUIT user does. One query a request."""
    alcance = alcance_de(usuario)
    return alcance.dirige_secretaria_general or "autor" in alcance.funciones_en(CANAL)


def convertir(pk: int, *, equivalente: str, por: Usuario, en: datetime | None = None) -> BusquedaSinResultado:
    """Make those words a synonym of others that the site does say.

    Raises SinPermiso, EstadoInadecuado when it was attended already, CondicionIncumplida when the site does
    not find the other words either, or they are too long.
    """
    with transaction.atomic():
        busqueda = _por_atender(pk, por)
        equivalente = limpiar(equivalente)
        _exigir_que_se_halle(equivalente)
        sinonimo = Sinonimo(termino=busqueda.texto, equivalente=equivalente)
        if not Sinonimo.objects.filter(termino=busqueda.texto, equivalente=equivalente).exists():
            _guardar_sinonimo(sinonimo)
        return _atender(busqueda, f"Ahora encuentra lo mismo que «{equivalente}».", por, en)


def no_hace_falta(pk: int, *, porque: str, por: Usuario, en: datetime | None = None) -> BusquedaSinResultado:
    """Say why nothing is done. Raises SinPermiso, EstadoInadecuado, or CondicionIncumplida without reason."""
    with transaction.atomic():
        busqueda = _por_atender(pk, por)
        if not (porque := limpiar(porque)):
            raise CondicionIncumplida("Escriba por qué no hace falta hacer nada.")
        return _atender(busqueda, f"No hace falta: {porque}", por, en)


def _por_atender(pk: int, por: Usuario) -> BusquedaSinResultado:
    if not las_atiende(por):
        raise SinPermiso("Las búsquedas sin resultado las atiende Secretaría General o el usuario del SUIT.")
    busqueda = BusquedaSinResultado.objects.select_for_update().get(pk=pk)
    if busqueda.atendida_en:
        raise EstadoInadecuado(f"Otra persona ya la atendió. {busqueda.respuesta}")
    return busqueda


def _atender(busqueda, respuesta: str, por: Usuario, en: datetime | None) -> BusquedaSinResultado:
    busqueda.respuesta, busqueda.atendida_por, busqueda.atendida_en = respuesta, por, en or timezone.now()
    busqueda.save(update_fields=["respuesta", "atendida_por", "atendida_en"])
    return busqueda


def _exigir_que_se_halle(equivalente: str) -> None:
    hallazgo = hallar(equivalente) if equivalente else None
    if hallazgo is None or not hallazgo.ids or hallazgo.alguna or hallazgo.texto != equivalente:
        raise CondicionIncumplida(
            "El buscador tampoco encuentra nada con esas palabras. Escriba unas que sí encuentre."
        )


def _guardar_sinonimo(sinonimo: Sinonimo) -> None:
    try:
        sinonimo.full_clean()
    except ValidationError as error:
        raise CondicionIncumplida(" ".join(error.messages)) from error
    sinonimo.save()
