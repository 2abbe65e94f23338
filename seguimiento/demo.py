"""Past weeks for the demonstration: reports closed, signed and published, each on its Monday."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal import services
from portal.models import Dependencia, Usuario, Version
from portal.periodos import Periodo
from seguimiento import comite
from seguimiento.informes import congelar, corregir, decir, firmar
from seguimiento.models import InformeSemanal, Miembro
from seguimiento.resumen import avisar
from seguimiento.seguimiento_por_dependencia import cargo_que_responde, preguntar, responder

#: Signed and published; the week that has just ended waits for its signature.
SEMANAS_FIRMADAS = 8
#: What Planeación says, asks and answers, by how many weeks ago.
DICHO = {
    3: "La actualización de Planes se aplazó por el cierre del banco de proyectos. Queda para esta semana.",
    1: "El documento de avance está en validación.",
}
PREGUNTA = "El canal Planes lleva varias semanas sin cambios. ¿Qué falta para publicar el avance?"
RESPUESTA = "Falta la revisión de Hacienda. Lo enviamos a validar esta semana."
NOTA = "Una publicación de Servicios Públicos se contó en otra dependencia. El total del municipio no cambia."
OBSERVACION = "El Concejo pide publicar los acuerdos la misma semana en que se sancionan."


def informar(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """A line for each report that was not there. Once there is any, nothing is made."""
    if InformeSemanal.objects.exists():
        return
    _dar_correos(personas)
    ultima = Periodo.semana_de(timezone.localdate(ahora)).anterior
    for hace, periodo in zip(
        range(SEMANAS_FIRMADAS, -1, -1), ultima.ultimas(SEMANAS_FIRMADAS + 1), strict=True
    ):
        with transaction.atomic():
            yield _una_semana(periodo, hace, personas, ahora)


def _dar_correos(personas: dict[str, Usuario]) -> None:
    """Addresses of nobody, so that the weekly message can be seen in the outbox."""
    for nombre, persona in personas.items():
        if not persona.email:
            persona.email = f"{nombre}@alcaldia.example"
            persona.save(update_fields=["email"])


def _una_semana(periodo: Periodo, hace: int, personas: dict[str, Usuario], ahora: datetime) -> str:
    """Close it and take it as far as its Monday went."""
    lunes = timezone.make_aware(datetime.combine(periodo.hasta + timedelta(days=1), time(7)))
    en = [min(lunes + timedelta(hours=horas), ahora) for horas in (0, 1, 2, 3, 4)]
    informe, _nuevo = congelar(periodo, en=en[0])
    planeacion = Dependencia.objects.get(slug="secretaria-de-planeacion")
    if texto := DICHO.get(hace):
        cargo = cargo_que_responde(personas["planeacion"], planeacion)
        decir(informe, planeacion, texto=texto, por=personas["planeacion"], cargo=cargo, en=en[1])
    if hace == 0:
        avisar(informe, en=en[0])
        return f"{informe} · por firmar"
    informe = firmar(informe, por=personas["secretaria"], leido=informe.huella_leida(), en=en[2])
    _publicar(informe, personas, en[3:])
    if hace == 2:
        pregunta = preguntar(informe, planeacion, texto=PREGUNTA, por=personas["secretaria"], en=en[4])
        responder(pregunta, texto=RESPUESTA, por=personas["planeacion"], en=en[4])
        corregir(informe, texto=NOTA, por=personas["secretaria"], en=en[4])
        _publicar(informe, personas, [en[4], en[4]])
    if hace == 1 and (concejal := Miembro.objects.filter(representa=Miembro.Representa.CONCEJO).first()):
        enlace, _secreto = comite.crear_enlace(
            concejal, persona="Voz del Concejo (demostración)", dias=30, por=personas["secretaria"], en=en[2]
        )
        comite.observar(enlace, informe, texto=OBSERVACION, en=en[4])
    return f"{informe} · firmado y publicado"


def _publicar(informe: InformeSemanal, personas: dict[str, Usuario], en: list[datetime]) -> None:
    """The text that was sent reaches the public: somebody else validates it, and the mayor authorises it."""
    version = Version.objects.get(publicacion=informe.publicacion, estado=Version.Estado.EN_VALIDACION)
    services.validar(version, por=personas["editor"], en=en[0])
    version.refresh_from_db()
    services.autorizar_y_publicar(version, por=personas["alcalde"], huella=version.huella(), en=en[1])
