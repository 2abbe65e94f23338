"""Whether the book of radicados is whole: no number missing, and every hash that of what is stored."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Prefetch, Q

from portal.huella import huella_de
from portal.models.version import es_el_mismo
from ventanilla.models import Anexo, Asiento, ClaseDeRadicado, Depuracion, Peticionario, Radicado, Salida
from ventanilla.salidas import huella_de_salida
from ventanilla.services import contenido_de


def revisar() -> Iterator[str]:
    """What is wrong, in Spanish; nothing when it is whole."""
    yield from Asiento.saltos()
    yield from _repetidos()
    yield from _sin_nada()
    yield from _entradas()
    yield from _salidas()
    yield from _archivos()


def _repetidos() -> Iterator[str]:
    """PostgreSQL refuses them; a copy that was restored by halves may have lost that rule."""
    cuentas = Asiento.objects.order_by().values("anio", "consecutivo").annotate(veces=Count("pk"))
    for fila in cuentas.filter(veces__gt=1):
        yield f"{fila['anio']}-{fila['consecutivo']:06d}: el número está {fila['veces']} veces."


def _sin_nada() -> Iterator[str]:
    huerfanos = Asiento.objects.filter(
        Q(sentido=Asiento.Sentido.ENTRADA, radicado=None) | Q(sentido=Asiento.Sentido.SALIDA, salida=None)
    )
    for asiento in huerfanos:
        yield f"{asiento}: tiene número y no tiene qué se radicó."


def _entradas() -> Iterator[str]:
    """What was purged cannot be compared: it must be in the register."""
    depurados = set(Depuracion.objects.values_list("numero", flat=True))
    codigos = list(ClaseDeRadicado.objects.values_list("codigo", flat=True))
    al_radicar = Anexo.objects.filter(mensaje=None, salida=None, proyecto=None)
    radicados = Radicado.objects.enteros().prefetch_related(
        Prefetch("anexos", al_radicar), Prefetch("peticionario", Peticionario.objects.all())
    )
    for radicado in radicados.iterator(chunk_size=500):
        if radicado.depurado_en is not None:
            if radicado.numero not in depurados:
                yield f"{radicado.numero}: se depuró y no está en el registro de depuraciones."
        elif not _es_lo_que_entro(radicado, codigos):
            yield f"{radicado.numero}: lo guardado no es lo que se radicó."


def _es_lo_que_entro(radicado: Radicado, codigos: list[str]) -> bool:
    """The kind may have changed since, with its reason: then it was filed under another of the kinds."""
    anexos = [anexo for anexo in radicado.anexos.all() if anexo.subido_en <= radicado.radicado_en]
    contenido = contenido_de(radicado, getattr(radicado, "peticionario", None), anexos)
    if huella_de(contenido) == radicado.asiento.huella:
        return True
    if not radicado.actuaciones.filter(accion="reclasificar").exists():
        return False
    return any(huella_de(contenido | {"clase": codigo}) == radicado.asiento.huella for codigo in codigos)


def _salidas() -> Iterator[str]:
    for salida in Salida.objects.select_related("asiento", "radicado__asiento").iterator(chunk_size=500):
        if not huella_de_salida(salida) == salida.huella == salida.asiento.huella:
            yield f"{salida.numero}: lo guardado no es lo que se envió."


def _archivos() -> Iterator[str]:
    anexos = Anexo.objects.exclude(radicado=None).select_related("radicado__asiento")
    anexo: Any
    for anexo in anexos.iterator(chunk_size=500):
        if not es_el_mismo(anexo.archivo, anexo.sha256):
            yield f"{anexo.radicado.numero}: el anexo {anexo.pk} no está o no es el que se recibió."
