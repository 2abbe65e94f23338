"""What the demonstration knows of the plan that the portal cannot read by itself. None of it is real."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone
from simple_history.utils import update_change_reason

from portal.models import Usuario
from seguimiento.models import Actividad, DatoAportado
from seguimiento.periodos import Periodo

RAZON = "cargar_demo"
#: Hours without connection, incidents with action taken and incidents of the last months, the newest first.
CONECTIVIDAD = ((3, 4, 5), (6, 6, 8), (2, 3, 3))
HORAS_DE_OFICINA_AL_MES = 176
#: Of the incoming officials, how many took part in the handover.
VINCULADOS, ENTRANTES = 7, 9
#: What is shown as done: the beginning of its text, and where it is seen.
CUMPLIDAS = {
    "Asignar los funcionarios": "/canales/responsables/",
    "Identificación de los trámites": "/tramites/",
}


def completar(_carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """Give the figures and mark the activities that are missing. Yields a line for each."""
    hoy = timezone.localdate(ahora)
    if not DatoAportado.objects.exists():
        yield from _aportar(personas["secretaria"], hoy)
    for comienzo, enlace in CUMPLIDAS.items():
        pendientes = Actividad.objects.filter(texto__startswith=comienzo, estado=Actividad.Estado.PENDIENTE)
        for actividad in pendientes:
            actividad.estado, actividad.enlace = Actividad.Estado.CUMPLIDA, enlace
            actividad.cumplida_en, actividad.nota = hoy - timedelta(days=45), "Dato de demostración."
            actividad.save()
            update_change_reason(actividad, RAZON)
            yield f"Actividad cumplida: {actividad}"


def _aportar(por: Usuario, hoy: date) -> Iterator[str]:
    enero = date(hoy.year, 1, 1)
    yield _dato(
        por, "funcionarios-vinculados", Periodo(enero, enero), VINCULADOS, ENTRANTES, "Acta de empalme"
    )
    mes = Periodo.mes(hoy.year, hoy.month)
    for horas, con_accion, incidentes in CONECTIVIDAD:
        ultimo = mes.desde - timedelta(days=1)
        mes = Periodo.mes(ultimo.year, ultimo.month)
        soporte = "Registro de inconvenientes de conectividad"
        yield _dato(por, "interrupciones", mes, horas, HORAS_DE_OFICINA_AL_MES, soporte)
        yield _dato(por, "interrupciones-con-accion", mes, con_accion, incidentes, soporte)


def _dato(
    por: Usuario, funcion: str, periodo: Periodo, numerador: int, denominador: int, soporte: str
) -> str:
    dato = DatoAportado.objects.create(
        funcion=funcion,
        desde=periodo.desde,
        hasta=periodo.hasta,
        numerador=numerador,
        denominador=denominador,
        soporte=f"{soporte} (dato de demostración)",
        por=por,
    )
    return f"Dato aportado: {dato}"
