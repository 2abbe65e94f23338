"""Surveys and consultations to try the portal on, through the real services. Nobody answered them."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.utils import timezone

from participacion import hojas, services
from participacion.flujo import dar_paso, huella_de_consulta
from participacion.models import Consulta, Gastado, Pregunta
from participacion.respuestas import Elegida, guardar_respuesta
from portal import services as textos
from portal.models import Canal, Usuario

ESCRIBE, VALIDA, AUTORIZA = "editor", "secretaria", "alcalde"
UN_DIA = timedelta(days=1)

DEL_SITIO: dict[str, Any] = {
    "titulo": "¿Le sirve este sitio?",
    "resumen": "Queremos saber si encuentra lo que busca y qué le falta. Son cinco preguntas cortas.",
    "preguntas": [
        {"tipo": "una", "texto": "¿Encontró hoy lo que buscaba?", "opciones": ["Sí", "Solo una parte", "No"]},
        {
            "tipo": "varias",
            "texto": "¿Qué viene a buscar?",
            "opciones": ["Un trámite", "Noticias", "La agenda", "Contratos y presupuesto", "Otra cosa"],
            "maximo": 3,
        },
        {
            "tipo": "escala",
            "texto": "¿Qué tan fácil es leer el sitio en su celular?",
            "minimo": 1,
            "maximo": 5,
            "rotulo_minimo": "Muy difícil",
            "rotulo_maximo": "Muy fácil",
        },
        {
            "tipo": "orden",
            "texto": "¿Qué deberíamos mejorar primero?",
            "opciones": ["Que cargue más rápido", "Más trámites en línea", "Palabras más claras"],
            "obligatoria": False,
        },
        {"tipo": "texto", "texto": "¿Qué le falta al sitio?", "obligatoria": False},
    ],
}
DEL_PARQUE: dict[str, Any] = {
    "titulo": "¿Qué hacemos primero en el parque principal?",
    "resumen": "Hay recursos para una sola obra este año. La alcaldía decide con lo que la gente responda.",
    "preguntas": [
        {
            "tipo": "una",
            "texto": "¿Cuál obra va primero?",
            "opciones": ["Luces", "Juegos para niños", "Sombra y bancas"],
        },
        {
            "tipo": "escala",
            "texto": "¿Qué tan seguro se siente en el parque de noche?",
            "minimo": 1,
            "maximo": 5,
            "rotulo_minimo": "Nada seguro",
            "rotulo_maximo": "Muy seguro",
        },
    ],
}
#: (option, number) of each answer: by the page and on paper.
POR_LA_PAGINA = [(0, 2), (0, 1), (2, 3), (0, 2), (1, 4), (0, 1), (2, 2), (0, 3), (1, 3), (0, 2), (2, 4)]
EN_PAPEL = [(0, 1), (2, 2), (0, 1), (1, 2)]
DECISION = (
    "Este año se ponen las luces: es lo que más gente pidió y la mayoría no se siente segura de noche. "
    "La obra empieza cuando termine el proceso de contratación, que se publica en este sitio."
)
DE_LA_PLAZA: dict[str, Any] = {
    "titulo": "Proyecto de decreto: horario de la plaza de mercado",
    "resumen": "La alcaldía quiere cambiar el horario de la plaza. Lea el proyecto y diga qué piensa.",
    "texto": (
        "Artículo 1. La plaza de mercado abre todos los días a las 5:00 a. m. y cierra a las 3:00 p. m.\n\n"
        "Artículo 2. El cargue y el descargue se hacen antes de las 7:00 a. m., por la carrera 3.\n\n"
        "Artículo 3. Los domingos la calle 5 queda solo para peatones mientras la plaza está abierta.\n\n"
        "Artículo 4. Este decreto rige desde su publicación."
    ),
    "preguntas": [
        {"tipo": "una", "texto": "¿Está de acuerdo con el horario?", "opciones": ["Sí", "No", "Me da igual"]}
    ],
}


def recorrer(_carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """Make each one that is not there; a line for each."""
    for nombre, hacer in (("sitio", _abierta), ("parque", _con_resultado), ("plaza", _de_norma)):
        clave = uuid5(NAMESPACE_URL, f"demostracion:participacion:{nombre}")
        if Gastado.objects.filter(huella=services.huella_de_clave(clave)).exists():
            continue
        with transaction.atomic():
            consulta = hacer(clave, personas, ahora)
        yield f"{consulta.get_clase_display()} · {consulta}"


def _a_las(dia: datetime, hora: int) -> datetime:
    """That hour of the Colombian day of a moment."""
    return timezone.localtime(dia).replace(hour=hora, minute=0, second=0, microsecond=0)


def _abierta(clave: UUID, personas: dict[str, Usuario], ahora: datetime) -> Consulta:
    abre, cierra = _a_las(ahora - 3 * UN_DIA, 8), _a_las(ahora + 25 * UN_DIA, 18)
    return _autorizada(DEL_SITIO, clave, personas, services.ENCUESTAS, "encuesta", abre, cierra)


def _de_norma(clave: UUID, personas: dict[str, Usuario], ahora: datetime) -> Consulta:
    abre, cierra = _a_las(ahora - 5 * UN_DIA, 8), _a_las(ahora + 15 * UN_DIA, 18)
    return _autorizada(DE_LA_PLAZA, clave, personas, services.EN_LINEA, "proyecto", abre, cierra)


def _con_resultado(clave: UUID, personas: dict[str, Usuario], ahora: datetime) -> Consulta:
    abre, cierra = _a_las(ahora - 50 * UN_DIA, 8), _a_las(ahora - 30 * UN_DIA, 18)
    consulta = _autorizada(DEL_PARQUE, clave, personas, services.EN_LINEA, "votacion", abre, cierra)
    preguntas = list(consulta.preguntas.prefetch_related("opciones"))
    for n, dicho in enumerate(POR_LA_PAGINA):
        guardar_respuesta(consulta, _elegidas(preguntas, dicho), en=abre + n * UN_DIA)
    escribe = personas[ESCRIBE]
    impresas = hojas.imprimir(consulta, len(EN_PAPEL) + 1, por=escribe, clave=clave, en=abre)
    for hoja, dicho in zip(impresas, EN_PAPEL, strict=False):
        hojas.digitar(hoja, _elegidas(preguntas, dicho), por=escribe, en=cierra + UN_DIA)
    hojas.anular(impresas[-1], por=escribe, motivo="No la devolvieron.")
    _publicar_resultado(consulta, personas, ahora - 20 * UN_DIA)
    return consulta


def _autorizada(
    que: dict[str, Any],
    clave: UUID,
    personas: dict[str, Usuario],
    canal: str,
    clase: str,
    abre: datetime,
    cierra: datetime,
) -> Consulta:
    """Written the day before it opens and authorised by somebody else."""
    escribe, antes = personas[ESCRIBE], abre - UN_DIA
    contenido = {campo: que[campo] for campo in ("titulo", "resumen", "texto") if campo in que}
    consulta = services.crear(
        canal=Canal.objects.get(slug=canal),
        clase=clase,
        por=escribe,
        clave=clave,
        en=antes,
        abre_en=abre,
        cierra_en=cierra,
        **contenido,
    )
    consulta = services.guardar(consulta, por=escribe, revision=0, preguntas=que["preguntas"], en=antes)
    consulta = dar_paso("enviar", consulta, por=escribe, en=antes)
    huella = huella_de_consulta(consulta)
    return dar_paso("autorizar", consulta, por=personas[AUTORIZA], huella=huella, en=antes)


def _elegidas(preguntas: Sequence[Pregunta], dicho: tuple[int, int]) -> list[Elegida]:
    una, escala = preguntas
    return [Elegida(una, una.opciones.all()[dicho[0]]), Elegida(escala, valor=dicho[1])]


def _publicar_resultado(consulta: Consulta, personas: dict[str, Usuario], en: datetime) -> None:
    escribe, valida, autoriza = (personas[quien] for quien in (ESCRIBE, VALIDA, AUTORIZA))
    version = services.preparar_resultado(consulta, por=escribe, en=en)
    cuerpo = version.cuerpo.replace(services.POR_ESCRIBIR, DECISION)
    version = textos.guardar_borrador(version, por=escribe, revision=version.revision, en=en, cuerpo=cuerpo)
    textos.enviar(version, por=escribe, confirmo=True, en=en)
    textos.validar(version, por=valida, en=en)
    textos.autorizar(version, por=autoriza, huella=version.huella(), en=en)
    textos.publicar(version, por=valida, en=en)
