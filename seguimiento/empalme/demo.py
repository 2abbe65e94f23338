"""A rehearsal of the next handover, for the demonstration: none of its people is real."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal.models import Cargo, PeriodoDeGobierno, Usuario
from seguimiento.empalme import proceso
from seguimiento.empalme.documento import armar, observar
from seguimiento.models import ActividadDeEmpalme, Empalme, FuncionarioEntrante

Clase, Vinculo = ActividadDeEmpalme.Clase, FuncionarioEntrante.Vinculo
#: The window that the plan gave to its own: 10 to 31 December of the last year.
DESDE, HASTA = (12, 10), (12, 31)
ENTRANTES = {
    "alcalde-municipal": "Marina Estupiñán (simulacro)",
    "secretario-general": "Oscar Peñaranda (simulacro)",
    "secretario-de-planeacion": "Luz Dary Contreras (simulacro)",
    "tesorero": "Wilson Ortega (simulacro)",
    "inspector-de-policia": "Nubia Carrillo (simulacro)",
}
#: Who came to the training, which was held this many days ago.
ASISTEN, HACE = ("secretario-general", "secretario-de-planeacion", "tesorero"), 20
ACTA = (
    "Se recorrió el portal: la bandeja, la matriz de actualización y el panel.\n"
    "Se acordó repetir la práctica con los demás entrantes antes de la entrega."
)
DEL_EMPALME = (
    (Clase.REUNION, "Instalar el empalme y entregar el inventario de canales", 10, "Despacho del Alcalde"),
    (Clase.ENTREGA, "Entregar los contratos de internet y las claves", 17, "Secretaría General"),
    (Clase.SOCIALIZACION, "Presentar el empalme a la comunidad", 28, "Parque principal"),
)
OBSERVACION = "Falta decidir quién autoriza mientras se nombra a la nueva Secretaria de Planeación."


def simular(_carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """A line for the handover when it was not there. Without the next government, nothing is made."""
    saliente = PeriodoDeGobierno.objects.del_dia(timezone.localdate(ahora))
    if saliente is None or saliente.hasta is None or Empalme.objects.exists():
        return
    entrante = PeriodoDeGobierno.objects.filter(desde__gt=saliente.hasta).order_by("desde").first()
    if entrante is None:
        return
    with transaction.atomic():
        yield _un_empalme(saliente, entrante, personas["secretaria"], ahora)


def _un_empalme(saliente, entrante, por: Usuario, ahora: datetime) -> str:
    anio = saliente.hasta.year
    empalme = proceso.convocar(
        por=por,
        en=ahora,
        saliente=saliente,
        entrante=entrante,
        desde=date(anio, *DESDE),
        hasta=date(anio, *HASTA),
        acto="Simulacro de la demostración",
    )
    _actividades(empalme, por, ahora, anio)
    documento, _nuevo = armar(empalme, por=por, en=ahora)
    observar(documento, equipo="saliente", texto=OBSERVACION, por=por, en=ahora)
    return f"{empalme} · simulacro, con su documento por firmar"


def _actividades(empalme: Empalme, por: Usuario, ahora: datetime, anio: int) -> None:
    cargos = {cargo.codigo: cargo for cargo in Cargo.objects.filter(codigo__in=ENTRANTES)}
    entrantes = {
        codigo: proceso.agregar_entrante(empalme, por=por, en=ahora, cargo=cargos[codigo], nombre=nombre)
        for codigo, nombre in ENTRANTES.items()
        if codigo in cargos
    }
    dia = timezone.localdate(ahora) - timedelta(days=HACE)
    responsable = cargos["secretario-general"]
    practica = proceso.programar(
        empalme,
        por=por,
        en=ahora,
        responsable=responsable,
        clase=Clase.CAPACITACION,
        titulo="Practicar en el portal: escribir, validar y autorizar",
        fecha=dia,
        lugar="Sala de sistemas",
    )
    proceso.registrar_acta(
        practica,
        por=por,
        en=ahora,
        hecha_en=dia,
        acta=ACTA,
        salientes=[(str(por), "Secretaría General")],
        entrantes=[entrantes[codigo] for codigo in ASISTEN if codigo in entrantes],
    )
    for clase, titulo, numero, lugar in DEL_EMPALME:
        fecha = date(anio, 12, numero)
        campos = {
            "clase": clase,
            "titulo": titulo,
            "fecha": fecha,
            "lugar": lugar,
            "responsable": responsable,
        }
        proceso.programar(empalme, por=por, en=ahora, **campos)
