"""Consultas with only what matters said, through the real services."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

from django.utils import timezone

from participacion import hojas, services
from participacion.flujo import dar_paso, huella_de_consulta
from participacion.models import Consulta, Hoja
from participacion.respuestas import Elegida, huella_de_ficha, nueva_ficha, responder
from portal.forms.comunes import sello
from tests.builders import asignar, crear_alcaldia, crear_canal, crear_cargo, crear_usuario

#: One of each kind, as `services.guardar` takes them.
UNA = {"tipo": "una", "texto": "¿Encontró lo que buscaba?", "opciones": ["Sí", "No"]}
VARIAS = {"tipo": "varias", "texto": "¿Qué lee?", "opciones": ["Noticias", "Trámites", "Agenda"], "maximo": 2}
ESCALA = {
    "tipo": "escala",
    "texto": "¿Qué tan fácil fue?",
    "minimo": 1,
    "maximo": 5,
    "rotulo_minimo": "Muy difícil",
    "rotulo_maximo": "Muy fácil",
}
TEXTO = {"tipo": "texto", "texto": "¿Qué le falta?", "obligatoria": False}
ORDEN = {"tipo": "orden", "texto": "¿Qué va primero?", "opciones": ["Vías", "Agua", "Parque"]}
TODAS = [UNA, VARIAS, ESCALA, TEXTO, ORDEN]


def crear_casa_de_participacion() -> SimpleNamespace:
    """The small alcaldía with the two channels that ask, who writes in them and who authorises."""
    casa = crear_alcaldia()
    casa.encuestas = crear_canal(
        casa.general,
        nombre="Encuestas",
        slug="encuestas",
        tipos=["noticia", "pagina"],
        seccion="participacion",
    )
    casa.en_linea = crear_canal(
        casa.planeacion,
        nombre="Participación en línea",
        slug="participacion-en-linea",
        seccion="participacion",
    )
    casa.cargo_participa = crear_cargo(casa.general, "Promotora de participación")
    for canal in (casa.encuestas, casa.en_linea):
        asignar(canal, autor=casa.cargo_participa, autoriza=casa.cargo_alcalde)
    casa.promotora = crear_usuario("promotora", casa.cargo_participa)
    return casa


def crear_consulta(casa, estado="autorizada", *, preguntas=(UNA,), en=None, **campos) -> Consulta:
    """A consulta that opened an hour ago and closes in ten days, taken to `estado` by the real flow."""
    ahora = en or timezone.now()
    valores = {
        "titulo": "¿Qué piensa del sitio?",
        "resumen": "Para mejorar el sitio.",
        "clase": "encuesta",
        "canal": casa.encuestas,
        "abre_en": ahora - timedelta(hours=1),
        "cierra_en": ahora + timedelta(days=10),
        "por": casa.promotora,
        "clave": uuid4(),
        "en": en,
    } | campos
    consulta = services.crear(**valores)
    consulta = services.guardar(consulta, por=valores["por"], revision=0, preguntas=preguntas, en=en)
    if estado == "borrador":
        return consulta
    if estado == "descartada":
        return dar_paso("descartar", consulta, por=casa.promotora, en=en)
    consulta = dar_paso("enviar", consulta, por=casa.promotora, en=en)
    if estado == "por_autorizar":
        return consulta
    consulta = dar_paso("autorizar", consulta, por=casa.alcalde, huella=huella_de_consulta(consulta), en=en)
    if estado == "cerrada":
        consulta = dar_paso("cerrar", consulta, por=casa.alcalde, motivo="Ya se decidió.", en=en)
    return consulta


def crear_cerrada(casa, *, hace=timedelta(days=1), **campos) -> Consulta:
    """One that closed by its date."""
    ahora = timezone.now()
    abrio = ahora - hace - timedelta(days=10)
    return crear_consulta(
        casa, en=abrio, **{"abre_en": abrio - timedelta(minutes=1), "cierra_en": ahora - hace} | campos
    )


def elegir(consulta: Consulta, **dichas) -> list[Elegida]:
    """What is answered to each kind of question: `elegir(c, una="Sí", varias=["Agenda"], escala=4)`."""
    elegidas = []
    for pregunta in consulta.preguntas.prefetch_related("opciones"):
        if (dicho := dichas.get(pregunta.tipo)) is None:
            continue
        opciones = {opcion.texto: opcion for opcion in pregunta.opciones.all()}
        if pregunta.tipo == "una":
            elegidas.append(Elegida(pregunta, opciones[dicho]))
        elif pregunta.tipo == "varias":
            elegidas += [Elegida(pregunta, opciones[texto]) for texto in dicho]
        elif pregunta.tipo == "orden":
            elegidas += [Elegida(pregunta, opciones[texto], valor=n) for n, texto in enumerate(dicho, 1)]
        elif pregunta.tipo == "escala":
            elegidas.append(Elegida(pregunta, valor=dicho))
        else:
            elegidas.append(Elegida(pregunta, texto=dicho))
    return elegidas


def responder_web(consulta: Consulta, *, en=None, codigo="", **dichas):
    ficha = huella_de_ficha(consulta, nueva_ficha(consulta))
    return responder(consulta, elegir(consulta, **dichas or {"una": "Sí"}), ficha=ficha, codigo=codigo, en=en)


def crear_hojas(casa, consulta: Consulta, cuantas=2, en=None) -> list[Hoja]:
    return hojas.imprimir(consulta, cuantas, por=casa.promotora, clave=uuid4(), en=en)


def responder_en_papel(casa, consulta: Consulta, hoja: Hoja, *, en=None, **dichas):
    return hojas.digitar(hoja, elegir(consulta, **dichas or {"una": "No"}), por=casa.promotora, en=en)


def enviado(consulta: Consulta, **dichas) -> dict[str, object]:
    """What a browser sends: the form as it was shown a minute ago, with those answers."""
    hace_un_minuto = sello(timezone.now() - timedelta(minutes=1))
    datos: dict[str, object] = {"ficha": nueva_ficha(consulta), "visto": hace_un_minuto, "sitio_web": ""}
    for elegida in elegir(consulta, **dichas or {"una": "Sí"}):
        nombre = f"p{elegida.pregunta.pk}"
        if elegida.pregunta.tipo == "orden":
            datos[f"{nombre}_{elegida.opcion.pk}"] = str(elegida.valor)
        elif elegida.pregunta.tipo == "varias":
            datos.setdefault(nombre, []).append(str(elegida.opcion.pk))
        else:
            datos[nombre] = elegida.opcion.pk if elegida.opcion else elegida.valor or elegida.texto
    return datos
