"""The life of a consulta: drafted, sent, authorised by somebody else, closed by its date or before it.

    borrador → por_autorizar → autorizada → cerrada        borrador → descartada

Opening, closing and telling the outcome on time are read from its dates: no process moves them.
"""

from datetime import datetime
from typing import Any

from participacion.models import Consulta, PasoDeConsulta, Pregunta
from portal.flujo import Contexto, Flujo, Transicion
from portal.huella import huella_de
from portal.models import Asignacion, Cargo, Edicion, Usuario

Estado = Consulta.Estado
Funcion = Asignacion.Funcion
#: What of a question is asked, besides its options.
_DE_LA_PREGUNTA = (
    *("orden", "tipo", "texto", "ayuda", "obligatoria", "minimo", "maximo"),
    *("rotulo_minimo", "rotulo_maximo"),
)


# --- What is authorised -------------------------------------------------------------------------
def contenido_de(consulta: Consulta) -> dict[str, Any]:
    """All that people will read and answer, as JSON keeps it. Two queries."""
    preguntas = consulta.preguntas.prefetch_related("opciones")
    return {
        "canal": consulta.canal_id,
        **{campo: getattr(consulta, campo) for campo in ("clase", "titulo", "resumen", "texto", "a_quien")},
        "responden": str(consulta.responden),
        "abre_en": consulta.abre_en.isoformat(),
        "cierra_en": consulta.cierra_en.isoformat(),
        "resultado_hasta": consulta.resultado_hasta.isoformat(),
        "preguntas": [
            {campo: getattr(pregunta, campo) for campo in _DE_LA_PREGUNTA}
            | {"opciones": [opcion.texto for opcion in pregunta.opciones.all()]}
            for pregunta in preguntas
        ],
    }


def huella_de_consulta(consulta: Consulta) -> str:
    """SHA-256 of exactly what is read before authorising it."""
    return huella_de(contenido_de(Consulta.objects.get(pk=consulta.pk)))


def faltas(consulta: Consulta, en: datetime) -> list[str]:
    """What keeps a draft from being sent, in Spanish."""
    dichas = []
    preguntas = list(consulta.preguntas.prefetch_related("opciones"))
    if not preguntas and not (consulta.recibe_aportes and consulta.texto):
        dichas.append("Agregue al menos una pregunta.")
    dichas += [
        f"La pregunta «{pregunta}» necesita al menos dos opciones."
        for pregunta in preguntas
        if pregunta.tipo in Pregunta.CON_OPCIONES and len(pregunta.opciones.all()) < 2
    ]
    if consulta.clase == Consulta.Clase.PROYECTO and not consulta.texto:
        dichas.append("Escriba el texto del proyecto de norma.")
    if consulta.cierra_en <= en:
        dichas.append("La fecha de cierre ya pasó. Cámbiela.")
    if not (consulta.canal.activo and consulta.canal.publico):
        dichas.append(f"El canal «{consulta.canal}» no está abierto al público.")
    return dichas


# --- Who may ------------------------------------------------------------------------------------
def cargo_para(funcion: str, consulta: Consulta, usuario: Usuario, en: datetime | None) -> Cargo | None:
    """The post by which this person may do `funcion` in the channel of the consulta, if any."""
    canal = consulta.canal
    return (
        Cargo.objects.ejercidos_por(usuario, en)
        .con_funcion(funcion, canal=canal, dependencia=canal.dependencia)
        .distinct()
        .first()
    )


def _con_funcion(funcion: str, rechazo: str):
    def quien(consulta: Consulta, contexto: Contexto) -> str:
        return "" if contexto.por and cargo_para(funcion, consulta, contexto.por, contexto.en) else rechazo

    return quien


escribe = _con_funcion(Funcion.AUTOR, "Ninguno de sus cargos escribe en este canal.")
autoriza = _con_funcion(Funcion.AUTORIZA, "Ninguno de sus cargos autoriza en este canal.")


def _otra_que_autoriza(consulta: Consulta, contexto: Contexto) -> str:
    """Two pairs of eyes, counted by person, whatever posts they hold."""
    if no := autoriza(consulta, contexto):
        return no
    enviaron = set(consulta.pasos.filter(accion="enviar").values_list("por", flat=True))
    if contexto.por.pk in enviaron | {consulta.enviada_por_id, consulta.editada_por_id}:
        return "Usted envió o editó esta consulta: debe autorizarla otra persona."
    return ""


def _quien_la_envio(consulta: Consulta, contexto: Contexto) -> str:
    suya = contexto.por and contexto.por.pk == consulta.enviada_por_id
    return "" if suya else "Solo quien envió la consulta puede recogerla."


# --- Under what condition, and what it does -----------------------------------------------------
def _completa(consulta: Consulta, contexto: Contexto) -> str:
    return " ".join(faltas(consulta, contexto.en))


def _lo_que_leyo(consulta: Consulta, contexto: Contexto) -> str:
    if contexto.datos.get("huella") != huella_de_consulta(consulta):
        return "La consulta no es la misma que usted leyó. Léala de nuevo antes de autorizarla."
    return _completa(consulta, contexto)


def _sigue_abierta(consulta: Consulta, contexto: Contexto) -> str:
    return "" if contexto.en < consulta.cierra_en else "La consulta ya cerró en su fecha."


def _enviar(consulta: Consulta, contexto: Contexto) -> None:
    consulta.enviada_por = contexto.por


def _autorizar(consulta: Consulta, contexto: Contexto) -> None:
    consulta.autorizada_por, consulta.autorizada_en = contexto.por, contexto.en
    consulta.autorizada_como = cargo_para(Funcion.AUTORIZA, consulta, contexto.por, contexto.en)
    consulta.huella = contexto.datos["huella"]
    Edicion.avanzar()


def _cerrar(consulta: Consulta, contexto: Contexto) -> None:
    consulta.cerrada_en = contexto.en
    Edicion.avanzar()


def _registrar(consulta: Consulta, transicion: Transicion, anterior: str, contexto: Contexto) -> None:
    PasoDeConsulta.objects.create(
        consulta=consulta,
        accion=transicion.nombre,
        etiqueta=transicion.etiqueta,
        de=anterior,
        a=consulta.estado,
        por=contexto.por,
        en=contexto.en,
        motivo=contexto.motivo,
    )


FLUJO = Flujo(
    Consulta,
    [
        Transicion(
            "enviar",
            "Enviar para autorizar",
            (Estado.BORRADOR,),
            Estado.POR_AUTORIZAR,
            escribe,
            _completa,
            _enviar,
        ),
        Transicion(
            "recoger", "Recoger para corregir", (Estado.POR_AUTORIZAR,), Estado.BORRADOR, _quien_la_envio
        ),
        Transicion(
            "devolver",
            "Devolver",
            (Estado.POR_AUTORIZAR,),
            Estado.BORRADOR,
            _otra_que_autoriza,
            pide_motivo=True,
        ),
        Transicion(
            "autorizar",
            "Autorizar",
            (Estado.POR_AUTORIZAR,),
            Estado.AUTORIZADA,
            _otra_que_autoriza,
            _lo_que_leyo,
            _autorizar,
        ),
        Transicion(
            "cerrar",
            "Cerrar antes de su fecha",
            (Estado.AUTORIZADA,),
            Estado.CERRADA,
            autoriza,
            _sigue_abierta,
            _cerrar,
            pide_motivo=True,
        ),
        Transicion("descartar", "Descartar", (Estado.BORRADOR,), Estado.DESCARTADA, escribe),
    ],
    _registrar,
    intocables=("creada_por", "creada_en", "slug", "clase", "canal", "dependencia"),
)


def dar_paso(
    nombre: str,
    consulta: Consulta,
    *,
    por: Usuario | None,
    motivo: str = "",
    en: datetime | None = None,
    **datos,
) -> Consulta:
    """Take a step and return the consulta. To authorise, `huella` is the hash of what was read.

    Raises EstadoInadecuado, SinPermiso or CondicionIncumplida, and then nothing has changed.
    """
    return FLUJO.ejecutar(nombre, consulta, por=por, motivo=motivo, en=en, **datos)
