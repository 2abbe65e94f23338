"""What is erased of people, by which rule and with what register; and the files that belong to nobody.

The number, the kind, the dates and what the alcaldía answered stay: they are its record. What the person
wrote and who they are go, as many years after the closing as the kind says.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils import timezone

from portal.calendario import sumar_meses
from portal.models import Correo
from ventanilla.models import (
    Anexo,
    Borrador,
    ClaseDeRadicado,
    Depuracion,
    Peticionario,
    Proyecto,
    Radicado,
    Termino,
    Valoracion,
)
from ventanilla.models.radicado import VIDA_DEL_BORRADOR

#: Where the files of the ventanilla are, in the storage.
CARPETA = "ventanilla"
#: A file younger than this may still be waiting for its row.
GRACIA = timedelta(hours=24)
BORRADO = "Asunto borrado: se cumplió el tiempo de conservación"


# --- Radicados ------------------------------------------------------------------------------------
def por_depurar(en: datetime) -> Iterator[Radicado]:
    """Those whose time ran out by that moment and were not purged yet, the oldest first in each kind."""
    hoy = timezone.localdate(en)
    for clase in ClaseDeRadicado.objects.exclude(conservar_anios=None):
        cerrados = Radicado.objects.enteros().filter(
            clase=clase, depurado_en=None, cerrado_en__date__lte=limite(clase, hoy)
        )
        yield from cerrados.order_by("cerrado_en")


def limite(clase: ClaseDeRadicado, hoy: date) -> date:
    """What was closed by that day has been kept as long as its kind says."""
    return sumar_meses(hoy, -12 * (clase.conservar_anios or 0))


def regla_de(clase: ClaseDeRadicado) -> str:
    return f"{clase}: {clase.conservar_anios} año(s) después de cerrado"


@transaction.atomic
def depurar(radicado: Radicado, en: datetime) -> Depuracion | None:
    """Erase what it has of people and write down that it was done. None when it was done already."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ventanilla.depura = 'si'")
    fila = Radicado.objects.select_for_update(of=("self",)).enteros().get(pk=radicado.pk)
    if fila.depurado_en is not None:
        return None
    quitados = _borrar_archivos(fila.anexos.filter(salida=None))
    Peticionario.objects.filter(radicado=fila).delete()
    Proyecto.objects.filter(radicado=fila).delete()
    Borrador.objects.filter(radicado=fila).delete()
    cuantos = fila.mensajes.update(texto="")
    fila.actuaciones.filter(de_la_persona=True).update(detalle="")
    fila.terminos.filter(clase=Termino.Clase.REAPERTURA).update(motivo="")
    Valoracion.objects.filter(salida__radicado=fila).update(comentario="")
    Correo.objects.filter(clave__in=_claves_de_correo(fila)).delete()
    _olvidar_enlaces(fila.clave)
    Radicado.objects.filter(pk=fila.pk).update(asunto=BORRADO, texto="", respuestas={}, depurado_en=en)
    with connection.cursor() as cursor:  # what comes after in the same transaction is protected again
        cursor.execute("SET LOCAL ventanilla.depura = 'no'")
    return Depuracion.objects.create(
        numero=fila.numero,
        que=f"Datos de la persona, lo que escribió y {cuantos} mensajes",
        regla=regla_de(fila.clase),
        anexos=quitados,
        en=en,
    )


def _claves_de_correo(radicado: Radicado) -> list[str]:
    """Of every message that was written to the person: each has a copy in the outbox."""
    salidas = radicado.salidas.values_list("clave", flat=True)
    return [
        f"acuse:{radicado.clave}",
        *(f"{que}:{clave}" for clave in salidas for que in ("salida", "anulado")),
        *(f"mensaje:{clave}" for clave in radicado.mensajes.values_list("clave", flat=True)),
    ]


def _olvidar_enlaces(clave: UUID) -> None:
    """The messages with the link of that draft: each has the address of a mailbox."""
    Correo.objects.filter(clave__startswith=f"enlace:{clave}:").delete()


def _borrar_archivos(anexos) -> int:
    """Erase those rows, and their files once it is sure that the rows are gone."""
    nombres = list(anexos.values_list("archivo", flat=True))
    anexos.delete()
    transaction.on_commit(lambda: _quitar(nombres))
    return len(nombres)


def _quitar(nombres: Iterable[str]) -> None:
    for nombre in nombres:
        default_storage.delete(nombre)


# --- Drafts and files that belong to nobody -------------------------------------------------------
def olvidar_borradores(en: datetime) -> str:
    """Erase the drafts whose time ran out and the files of no row, and say it. A rutina runs it each day."""
    with transaction.atomic():
        borrados, quitados = _borrar_borradores(en)
    sueltos, perdidos = conciliar_archivos(en)
    partes = [f"{borrados} borradores vencidos y {quitados} archivos suyos", f"{sueltos} archivos sin dueño"]
    if perdidos:
        partes.append(f"FALTAN en el disco {len(perdidos)} archivos: {', '.join(map(str, perdidos[:20]))}")
    return "; ".join(partes) + "."


def _borrar_borradores(en: datetime) -> tuple[int, int]:
    """Those that were filed leave their files to the radicado. Locked: one may be filed at this moment."""
    filas = Borrador.objects.filter(vence_en__lte=en).select_for_update(skip_locked=True)
    claves = dict(filas.values_list("pk", "clave"))
    vencidos = Borrador.objects.filter(pk__in=claves)
    sin_radicar = vencidos.sin_radicar().count()
    quitados = _borrar_archivos(Anexo.objects.filter(borrador__in=vencidos, radicado=None))
    if sin_radicar:
        Depuracion.objects.create(
            que=f"{sin_radicar} borradores que nadie radicó",
            regla=f"Un borrador se guarda {VIDA_DEL_BORRADOR.days} días",
            anexos=quitados,
            en=en,
        )
    for clave in claves.values():
        _olvidar_enlaces(clave)
    vencidos.delete()
    return sin_radicar, quitados


def conciliar_archivos(en: datetime) -> tuple[int, list[int]]:
    """How many old files of no row were erased, and the anexos whose file is not there."""
    filas = dict(Anexo.objects.values_list("archivo", "pk"))
    en_disco = set(_archivos(CARPETA))
    sueltos = [nombre for nombre in en_disco - filas.keys() if _modificado(nombre) < en - GRACIA]
    _quitar(sueltos)
    recientes = set(Anexo.objects.filter(subido_en__gt=en - GRACIA).values_list("pk", flat=True))
    perdidos = sorted(pk for nombre, pk in filas.items() if nombre not in en_disco and pk not in recientes)
    return len(sueltos), perdidos


def _modificado(nombre: str) -> datetime:
    return default_storage.get_modified_time(nombre)


def _archivos(carpeta: str) -> Iterator[str]:
    """The name of each file in that folder of the storage, and in those inside it."""
    if not default_storage.exists(carpeta):
        return
    carpetas, archivos = default_storage.listdir(carpeta)
    yield from (f"{carpeta}/{archivo}" for archivo in archivos)
    for otra in carpetas:
        yield from _archivos(f"{carpeta}/{otra}")
