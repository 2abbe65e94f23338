"""An online trámite of the small alcaldía, its form and its certificate, through the real services."""

from types import SimpleNamespace

from tests.tramites.builders import crear_casa_de_tramites, crear_tramite
from tests.ventanilla.builders import PERSONA, clase, crear_casa_de_ventanilla, escribir_respuesta, radicar
from tramites.models import Tramite
from ventanilla import formularios
from ventanilla.flujo import dar_paso
from ventanilla.models import Campo, Formulario, Radicado, Salida
from ventanilla.models.clase import DE_TRAMITE

TEXTO = (
    "Que el predio ubicado en {direccion} es de estrato {estrato}.\n\n"
    "Se expide a solicitud de {nombre}, {documento}, el {fecha}. {Nada} se ejecuta."
)
#: code → what it takes to make it; the last one is for the office.
PREGUNTAS: dict[str, dict] = {
    "direccion": {"etiqueta": "Dirección del predio", "tipo": "lugar", "paso": "El predio"},
    "uso": {
        "etiqueta": "¿Para qué se usa?",
        "tipo": "opcion",
        "paso": "El predio",
        "opciones": ["Vivienda", "Otro"],
    },
    "otro_uso": {
        "etiqueta": "¿Cuál otro uso?",
        "paso": "El predio",
        "si_campo": "uso",
        "si_valor": "Otro",
    },
    "estrato": {
        "etiqueta": "Estrato",
        "tipo": "numero",
        "paso": "Lo que dice la base",
        "responde": "oficina",
        "minimo": 1,
        "maximo": 6,
    },
}


def crear_casa_en_linea() -> SimpleNamespace:
    """The alcaldía with its trámites and its counter."""
    return crear_casa_de_ventanilla(crear_casa_de_tramites())


def preparar_formulario(casa: SimpleNamespace, tramite: Tramite, **campos) -> Formulario:
    """A draft with the questions of a certificate of estrato."""
    formulario = formularios.preparar(tramite, por=casa.suit)
    valores = {"certificado_titulo": "Certificado de estratificación", "certificado_texto": TEXTO} | campos
    for campo, valor in valores.items():
        setattr(formulario, campo, valor)
    formulario.save()
    for orden, (codigo, pregunta) in enumerate(PREGUNTAS.items()):
        Campo.objects.create(formulario=formulario, orden=orden, codigo=codigo, **pregunta)
    return formulario


def crear_en_linea(casa: SimpleNamespace, **campos) -> Formulario:
    """The form in use of a public trámite of Planeación; `campos` are those of `crear_tramite`."""
    formulario = preparar_formulario(casa, crear_tramite(casa, publicado=True, **campos))
    return formularios.poner_en_uso(formulario, por=casa.suit)


def solicitar(formulario: Formulario, **campos) -> Radicado:
    """A request of that trámite, filed on the web by Ana."""
    valores = {
        "clase": clase(DE_TRAMITE),
        "tramite": Tramite.objects.get(pk=formulario.tramite_id),
        "formulario": formulario,
        "asunto": f"Solicitud: {formulario.tramite}",
        "texto": "",
        "respuestas": {"direccion": "Calle 3 n.º 4-15", "uso": "Vivienda"},
        "persona": dict(PERSONA),
    }
    return radicar(**valores | campos)


def certificar(casa: SimpleNamespace, radicado: Radicado, *, en=None, **campos) -> Salida:
    """The certificate, signed by the head of Planeación with the estrato that the office found."""
    radicado = dar_paso("aceptar", radicado, por=casa.jefe, en=en)
    valores = {"con_certificado": True, "datos": {"estrato": 2}, "sentido": "favorable"} | campos
    escribir_respuesta(radicado, por=casa.jefe, texto="Le enviamos su certificado.", **valores)
    radicado = dar_paso("enviar_a_firma", radicado, por=casa.jefe, en=en)
    radicado = dar_paso("firmar", radicado, por=casa.jefe, en=en)
    return radicado.salidas.get(clase="certificado")
