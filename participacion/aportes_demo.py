"""For the demonstration: topics of interest, comments on what is consulted and opinions about pages."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid5

from django.db import transaction

from participacion import aportes, opiniones, temas
from participacion.models import Aporte, Consulta, MotivoDeOpinion, OpinionDePagina, TemaDeInteres
from portal.models import Usuario

_ESPACIO = UUID("5f1d2f0e-6d0a-4c53-9d0c-2f3b1a7c8e90")
#: Page, how many said yes and how many no, in the last days.
PAGINAS = (
    ("/tramites/", 9, 2),
    ("/agenda/", 4, 3),
    ("/canales/noticias/", 5, 1),
    ("/dependencias/directorio/", 3, 4),
)
MOTIVOS = (
    ("/dependencias/directorio/", "vieja", "El teléfono de la Inspección ya no contesta.", ""),
    (
        "/agenda/",
        "no_halle",
        "Busqué la fecha de las ferias y no aparece.",
        "Se publicó el evento en la agenda.",
    ),
    ("/tramites/", "no_entendi", "No entendí si para el predial hay que ir hasta la alcaldía.", ""),
)
#: Title, why, supports, and what the alcaldía said; None while nobody reviewed it.
TEMAS: tuple[tuple[str, str, int, str | None], ...] = (
    ("Alumbrado de la vía al río", "De noche no se ve y hay motos.", 14, ""),
    ("Horario de la plaza de mercado", "Quienes traemos del campo llegamos antes de las 5.", 9, ""),
    (
        "Internet en la biblioteca",
        "Para las tareas de los niños.",
        6,
        "Está en el plan de este año: el punto gratuito abre cuando termine la obra eléctrica.",
    ),
    ("Canecas en el malecón", "Los domingos queda todo sucio.", 0, None),
)
APORTES = (
    ("artículo 2", "Que la hora de abrir sea las 4 a. m. para quienes traen carga del campo.", "publicado"),
    ("artículo 5", "La multa es muy alta para un puesto pequeño: propongo que sea por tamaño.", "publicado"),
    ("", "¿Y el camión de la basura? Nunca pasa por mi calle.", "ajeno"),
    ("artículo 3", "Falta decir quién paga la luz de los puestos.", ""),
)


@transaction.atomic
def opinar(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """A line for each thing that was made; each is made when there is none of it."""
    if not OpinionDePagina.objects.exists() and not MotivoDeOpinion.objects.exists():
        _opinar(personas["secretaria"], ahora)
        yield "opiniones sobre las páginas"
    if not TemaDeInteres.objects.exists():
        _proponer(personas["editor"], ahora)
        yield "temas de interés"
    abiertas = Consulta.objects.abiertas(ahora)
    consulta = abiertas.filter(clase=Consulta.Clase.PROYECTO).order_by("pk").first()
    if consulta and not Aporte.objects.exists():
        _aportar(consulta, personas["editor"], ahora)
        yield "aportes sobre un proyecto de norma"


def _opinar(por: Usuario, ahora: datetime) -> None:
    for ruta, sies, noes in PAGINAS:
        for n in range(sies + noes):
            en = ahora - timedelta(days=n % 5)
            opiniones.contar(ruta, sirvio=n < sies, direccion=f"demo {n}", navegador="", en=en)
    for n, (ruta, clase, texto, hecho) in enumerate(MOTIVOS):
        motivo = opiniones.decir_por_que(ruta, clave=uuid5(_ESPACIO, f"motivo {n}"), clase=clase, texto=texto)
        if hecho:
            opiniones.atender(motivo, que_se_hizo=hecho, por=por, en=ahora)


def _proponer(por: Usuario, ahora: datetime) -> None:
    for titulo, explicacion, apoyos, respuesta in TEMAS:
        tema, _nuevo = temas.proponer(titulo, explicacion)
        if respuesta is None:
            continue
        tema = temas.decidir(tema, a=TemaDeInteres.Estado.ABIERTO, por=por, en=ahora)
        for n in range(apoyos):
            temas.apoyar(tema, ficha=temas.nueva_ficha(), direccion=f"demo {n}", en=ahora)
        if respuesta:
            temas.responder(tema, respuesta=respuesta, por=por, en=ahora)


def _aportar(consulta: Consulta, por: Usuario, ahora: datetime) -> None:
    horario = aportes.crear_tema(consulta, "Horario", por=por)
    for n, (parte, texto, decision) in enumerate(APORTES):
        clave = uuid5(_ESPACIO, f"aporte {n}")
        aporte = aportes.recibir(consulta, clave=clave, parte=parte, texto=texto, nombre="", en=ahora)
        if decision == Aporte.Estado.PUBLICADO:
            aportes.moderar(aporte, a=decision, por=por, en=ahora)
        elif decision:
            fuera = {"motivo": decision, "explicacion": "Habla de la basura, no de la plaza."}
            aportes.moderar(aporte, a=Aporte.Estado.NO_PUBLICADO, por=por, en=ahora, **fuera)
        if n == 0:
            aportes.agrupar(aporte, horario, por=por)
    respuesta = "Se estudia abrir a las 4:30 a. m. los sábados, que es cuando llega más carga."
    aportes.responder_tema(horario, se_acoge="parte", respuesta=respuesta, por=por)
