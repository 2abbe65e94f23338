"""What the demonstration knows of the plan that the portal cannot read by itself. None of it is real."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

from django.utils import timezone
from simple_history.utils import update_change_reason

from portal.models import Usuario
from seguimiento.models import Actividad, Campana, DatoAportado

RAZON = "cargar_demo"
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


def promover(_carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """A campaign under the recommendation of promoting the site. Yields a line if it was missing."""
    actividad = Actividad.objects.filter(accion__codigo="socializacion").first()
    if actividad is None or Campana.objects.exists():
        return
    dia = timezone.localdate(ahora) - timedelta(days=20)
    campana = Campana(
        nombre="El portal en la plaza de mercado (demostración)",
        que="Se mostró en un celular cómo consultar un trámite y cómo seguir un radicado, y se repartió "
        "el boletín de la semana.",
        donde="Plaza de mercado",
        desde=dia,
        hasta=dia + timedelta(days=1),
        alcance=64,
        como_se_conto="firmas en la lista de la mesa (dato de demostración)",
        actividad=actividad,
        registrada_por=personas["secretaria"],
    )
    campana.full_clean()
    campana.save()
    update_change_reason(campana, RAZON)
    yield f"Campaña: {campana}"


def _aportar(por: Usuario, hoy: date) -> Iterator[str]:
    enero = date(hoy.year, 1, 1)
    dato = DatoAportado.objects.create(
        funcion="funcionarios-vinculados",
        desde=enero,
        hasta=enero,
        numerador=VINCULADOS,
        denominador=ENTRANTES,
        soporte="Acta de empalme (dato de demostración)",
        por=por,
    )
    yield f"Dato aportado: {dato}"
