"""To answer on the page: once, without saying who; and what is refused, kindly and counted."""

import re
import threading
import time
from datetime import timedelta

import pytest
from django.core import signing
from django.db import connection, connections, transaction
from django.utils import timezone

from participacion import codigos, respuestas
from participacion.flujo import dar_paso
from participacion.forms.respuesta import TEXTO_MAXIMO
from participacion.models import Codigo, Eleccion, Gastado, Rechazo, Respuesta
from participacion.respuestas import huella_de_ficha, nueva_ficha
from portal.forms.comunes import sello
from portal.models import Freno
from tests.participacion.builders import (
    ESCALA,
    ORDEN,
    TEXTO,
    TODAS,
    UNA,
    VARIAS,
    crear_casa_de_participacion,
    crear_cerrada,
    crear_consulta,
    enviado,
    responder_web,
)

COMPLETA = {
    "una": "Sí",
    "varias": ["Noticias", "Agenda"],
    "escala": 4,
    "texto": "Más fotos",
    "orden": ["Agua", "Vías", "Parque"],
}


def enviar(client, consulta, **cambios):
    return client.post(consulta.get_absolute_url(), enviado(consulta) | cambios)


def causas(consulta) -> dict[str, int]:
    return dict(Rechazo.objects.filter(consulta=consulta).values_list("causa", "veces"))


# --- It works -----------------------------------------------------------------------------------
def test_las_cinco_clases_de_pregunta(client, participa):
    consulta = crear_consulta(participa, preguntas=TODAS)
    respuesta = client.post(consulta.get_absolute_url(), enviado(consulta, **COMPLETA))
    assert respuesta.status_code == 302
    assert respuesta["Location"] == f"{consulta.get_absolute_url()}gracias/"
    guardada = Respuesta.objects.get()
    assert (guardada.origen, guardada.dia, guardada.hoja) == ("web", timezone.localdate(), None)
    dichas = Eleccion.objects.order_by("pregunta__orden", "valor", "opcion__orden")
    assert [str(e.opcion or e.valor or e.texto) for e in dichas] == [
        *("Sí", "Noticias", "Agenda", "4", "Más fotos", "Agua", "Vías", "Parque")
    ]
    assert [e.valor for e in dichas if e.pregunta.tipo == "orden"] == [1, 2, 3]


def test_la_pagina_no_pone_cookies_y_la_respuesta_si(client, participa):
    consulta = crear_consulta(participa)
    pagina = client.get(consulta.get_absolute_url())
    assert not pagina.cookies and "no-store" in pagina["Cache-Control"]
    respuesta = enviar(client, consulta)
    assert set(respuesta.cookies) == {f"respondio-{consulta.pk}"}
    galleta = respuesta.cookies[f"respondio-{consulta.pk}"]
    assert galleta.value == "si" and galleta["httponly"] and galleta["samesite"] == "Lax"
    assert galleta["path"] == consulta.get_absolute_url()
    assert int(galleta["max-age"]) >= timedelta(days=30).total_seconds()


def test_lo_opcional_puede_quedar_en_blanco(client, participa):
    consulta = crear_consulta(participa, preguntas=[TEXTO, ORDEN | {"obligatoria": False}])
    assert client.post(consulta.get_absolute_url(), enviado(consulta, texto="")).status_code == 302
    assert not Eleccion.objects.exists()


def test_gracias_es_la_misma_para_todos(client, participa):
    consulta = crear_consulta(participa)
    pagina = client.get(f"{consulta.get_absolute_url()}gracias/")
    assert pagina.status_code == 200 and not pagina.cookies
    assert "Gracias por responder" in pagina.content.decode()


# --- Once ---------------------------------------------------------------------------------------
def test_doble_toque_es_una_respuesta_y_las_mismas_gracias(client, participa):
    consulta = crear_consulta(participa)
    datos = enviado(consulta)
    una, otra = (client.post(consulta.get_absolute_url(), datos) for _vez in range(2))
    assert una["Location"] == otra["Location"] and otra.status_code == 302
    assert Respuesta.objects.count() == 1 and causas(consulta) == {"repetida": 1}


def test_repetir_lo_enviado_desde_otro_aparato_es_una_respuesta(client, participa):
    consulta = crear_consulta(participa)
    datos = enviado(consulta)
    client.post(consulta.get_absolute_url(), datos)
    client.cookies.clear()
    assert client.post(consulta.get_absolute_url(), datos).status_code == 302
    assert Respuesta.objects.count() == 1


def test_el_mismo_aparato_no_responde_dos_veces(client, participa):
    consulta, otra = crear_consulta(participa), crear_consulta(participa)
    enviar(client, consulta)
    respuesta = enviar(client, consulta)
    assert respuesta.status_code == 409
    assert "Desde este aparato ya se respondió" in respuesta.content.decode()
    assert "en papel" in respuesta.content.decode()
    assert causas(consulta) == {"repetida": 1}
    assert "Desde este aparato" in client.get(consulta.get_absolute_url()).content.decode()
    assert enviar(client, otra).status_code == 302
    assert Respuesta.objects.count() == 2


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_dos_toques_a_la_vez_son_una_respuesta():
    consulta = crear_consulta(crear_casa_de_participacion())
    ficha = huella_de_ficha(consulta, nueva_ficha(consulta))
    fin = []

    def tocar():
        try:
            fin.append(respuestas.responder(consulta, [], ficha=ficha) and "recibida")
        except respuestas.YaRespondida:
            fin.append("repetida")
        finally:
            connections.close_all()

    hilos = [threading.Thread(target=tocar) for _n in range(4)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert sorted(fin) == ["recibida", "repetida", "repetida", "repetida"]
    assert Respuesta.objects.count() == 1


@pytest.mark.parametrize("ficha", ["", "inventada", "ajena", "vieja"])
def test_una_ficha_que_no_sirve_se_cambia_sin_perder_lo_elegido(client, participa, monkeypatch, ficha):
    consulta = crear_consulta(participa)
    cual = {"ajena": nueva_ficha(crear_consulta(participa)), "vieja": nueva_ficha(consulta)}.get(ficha, ficha)
    if ficha == "vieja":
        monkeypatch.setattr(respuestas, "VIDA_DE_LA_FICHA", timedelta(seconds=-1))
    respuesta = enviar(client, consulta, ficha=cual)
    texto = respuesta.content.decode()
    assert respuesta.status_code == 422 and "checked" in texto and not Respuesta.objects.exists()
    nueva = re.search(r'name="ficha" value="([^"]+)"', texto)[1]
    assert nueva != cual
    monkeypatch.undo()
    assert enviar(client, consulta, ficha=nueva).status_code == 302


def test_una_ficha_firmada_con_otra_cosa_no_rompe(client, participa):
    consulta = crear_consulta(participa)
    for raro in ("texto", [1], {"a": 1}, [consulta.pk]):
        ficha = signing.dumps(raro, salt="participacion.ficha")
        assert enviar(client, consulta, ficha=ficha).status_code == 422


# --- Out of its time ----------------------------------------------------------------------------
@pytest.mark.parametrize("cuando", ["cerrada", "cerrada antes", "por abrir"])
def test_fuera_de_su_tiempo_se_dice_y_se_cuenta(client, participa, cuando):
    ahora = timezone.now()
    if cuando == "cerrada":
        consulta = crear_cerrada(participa)
    elif cuando == "cerrada antes":
        consulta = crear_consulta(participa, "cerrada")
    else:
        consulta = crear_consulta(participa, abre_en=ahora + timedelta(hours=1))
    respuesta = enviar(client, consulta)
    assert respuesta.status_code == 409 and not Respuesta.objects.exists()
    assert causas(consulta) == {"fuera": 1}
    texto = respuesta.content.decode()
    assert "Su respuesta no se recibió" in texto
    assert (f"{consulta.get_absolute_url()}resultados/" in texto) == (cuando != "por abrir")


def test_a_quien_llega_tarde_se_le_devuelve_lo_que_escribio(client, participa):
    consulta = crear_cerrada(participa, preguntas=[UNA, TEXTO])
    datos = enviado(consulta, una="Sí", texto="Más <b>bancas</b>")
    respuesta = client.post(consulta.get_absolute_url(), datos)
    assert respuesta.status_code == 409
    assert "Más &lt;b&gt;bancas&lt;/b&gt;" in respuesta.text
    assert "Esto escribió usted" not in enviar(client, crear_cerrada(participa)).text


def test_el_servicio_tampoco_la_recibe_cerrada(participa):
    with pytest.raises(respuestas.NoEstaAbierta):
        responder_web(crear_cerrada(participa))
    assert not Gastado.objects.filter(huella__startswith="ficha").exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_la_que_se_cierra_mientras_alguien_responde():
    """The answer waits for who closes it, and then it is late: said kindly, and nothing spent."""
    casa = crear_casa_de_participacion()
    consulta = crear_consulta(casa)
    fin = []

    def responder():
        try:
            fin.append(responder_web(consulta))
        except Exception as error:
            fin.append(error)
        finally:
            connections.close_all()

    hilo = threading.Thread(target=responder)
    with transaction.atomic():
        dar_paso("cerrar", consulta, por=casa.alcalde, motivo="Ya se decidió.")
        hilo.start()
        hilo.join(timeout=1)  # it waits for us
    hilo.join()
    assert [type(dicho) for dicho in fin] == [respuestas.NoEstaAbierta]
    assert not Respuesta.objects.exists()
    assert Gastado.objects.filter(consulta=consulta).count() == 1  # the form of the desk that created it


# --- Bad input ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("pregunta", "cambio", "dice"),
    [
        (VARIAS, {"": []}, "Responda esta pregunta"),
        (VARIAS, {"": ["999999"]}, "Elija una de las opciones"),
        (VARIAS, {"": ["x"]}, "Elija una de las opciones"),
        (ESCALA, {"": "6"}, "Elija una de las opciones"),
        (ESCALA, {"": "4.5"}, "Elija una de las opciones"),
        (TEXTO, {"": "a" * (TEXTO_MAXIMO + 1)}, "Acórtelo un poco"),
    ],
)
def test_lo_que_no_se_puede_elegir(client, participa, pregunta, cambio, dice):
    consulta = crear_consulta(participa, preguntas=[pregunta])
    datos = {f"p{consulta.preguntas.get().pk}{cual}": valor for cual, valor in cambio.items()}
    respuesta = enviar(client, consulta, **datos)
    assert respuesta.status_code == 422 and not Respuesta.objects.exists()
    assert re.search(dice, respuesta.content.decode())


def test_mas_de_las_que_se_pueden_marcar(client, participa):
    consulta = crear_consulta(participa, preguntas=[VARIAS])
    datos = enviado(consulta, varias=["Noticias", "Trámites", "Agenda"])
    respuesta = client.post(consulta.get_absolute_url(), datos)
    assert respuesta.status_code == 422 and "Marque como máximo 2" in respuesta.content.decode()
    assert respuesta.content.decode().count("checked") == 3


def test_la_misma_opcion_dos_veces_es_una(client, participa):
    consulta = crear_consulta(participa, preguntas=[VARIAS])
    datos = enviado(consulta, varias=["Noticias", "Agenda"])
    nombre = next(campo for campo in datos if campo.startswith("p"))
    datos[nombre] = datos[nombre] * 2
    assert client.post(consulta.get_absolute_url(), datos).status_code == 302
    assert Eleccion.objects.count() == 2


def test_opciones_de_otra_consulta(client, participa):
    consulta, ajena = crear_consulta(participa), crear_consulta(participa)
    opcion = ajena.preguntas.get().opciones.first()
    assert enviar(client, consulta, **{f"p{consulta.preguntas.get().pk}": opcion.pk}).status_code == 422


@pytest.mark.parametrize(
    ("puestos", "dice"),
    [
        (["1", "1", "2"], "números repetidos"),
        (["1", "", "2"], "un número a cada"),
        (["1", "2", "9"], "Elija uno"),
    ],
)
def test_el_orden_se_rechaza_con_amabilidad(client, participa, puestos, dice):
    consulta = crear_consulta(participa, preguntas=[ORDEN])
    pregunta = consulta.preguntas.get()
    nombres = [f"p{pregunta.pk}_{opcion.pk}" for opcion in pregunta.opciones.all()]
    respuesta = enviar(client, consulta, **dict(zip(nombres, puestos, strict=True)))
    texto = respuesta.content.decode()
    assert respuesta.status_code == 422 and dice in texto
    cual = nombres[2] if dice == "Elija uno" else nombres[0]
    assert re.search(rf'<a href="#id_{cual}">¿Qué va primero\?: [^<]*{dice}', texto)
    assert texto.count("selected") >= 2


def test_lo_enorme_y_lo_que_no_se_ve(client, participa):
    consulta = crear_consulta(participa, preguntas=[TEXTO])
    nombre = f"p{consulta.preguntas.get().pk}"
    assert enviar(client, consulta, **{nombre: "ñ" * 2_000_000}).status_code in {413, 422}
    assert enviar(client, consulta, **{nombre: "hola\x00"}).status_code == 302
    assert Eleccion.objects.get().texto == "hola"


def test_el_html_se_lee_como_texto(client, participa):
    malo = "<script>alert(1)</script>"
    consulta = crear_consulta(
        participa, titulo=malo, resumen=malo, preguntas=[VARIAS | {"texto": malo, "opciones": [malo, "b"]}]
    )
    paginas = [client.get(consulta.get_absolute_url()), client.get("/participa/")]
    paginas.append(enviar(client, consulta))
    for pagina in paginas:
        assert malo not in pagina.content.decode()


# --- Programs -----------------------------------------------------------------------------------
@pytest.mark.parametrize("cambio", ["trampa", "rapido"])
def test_lo_que_parece_un_programa(client, participa, cambio):
    consulta = crear_consulta(participa)
    datos = {"trampa": {"sitio_web": "http://x.co"}, "rapido": {"visto": sello(timezone.now())}}[cambio]
    respuesta = enviar(client, consulta, **datos)
    assert respuesta.status_code == 422 and "checked" in respuesta.content.decode()
    assert causas(consulta) == {"automatica": 1} and not Respuesta.objects.exists()


def test_diez_mil_respuestas_automaticas(client, participa):
    """From one address: the first ones count, the rest are refused and counted; the database stays small."""
    consulta = crear_consulta(participa)
    pregunta = consulta.preguntas.get()
    datos = {
        f"p{pregunta.pk}": pregunta.opciones.first().pk,
        "visto": sello(timezone.now() - timedelta(minutes=1)),
    }
    empezo = time.monotonic()
    tardo = []
    for _vez in range(300):  # through HTTP, each a form of its own
        antes = time.monotonic()
        client.cookies.clear()
        una = client.post(consulta.get_absolute_url(), datos | {"ficha": nueva_ficha(consulta)})
        tardo.append(time.monotonic() - antes)
    assert una.status_code == 429
    for _vez in range(9_700):  # what each costs once the address is stopped
        with pytest.raises(respuestas.Demasiadas):
            respuestas.exigir_calma(consulta, "127.0.0.1")
    recibidas = Respuesta.objects.count()
    # A window may have ended meanwhile.
    assert respuestas.MAXIMO_POR_RATO <= recibidas <= 2 * respuestas.MAXIMO_POR_RATO
    assert causas(consulta)["muchas"] == 300 - recibidas
    assert Rechazo.objects.count() <= 2 and Freno.objects.count() <= 4
    assert Gastado.objects.count() == recibidas + 1  # and the form that made the draft
    assert sorted(tardo)[len(tardo) // 2] < 0.25 and time.monotonic() - empezo < 120


def test_muchas_desde_una_direccion_no_pierde_lo_elegido(client, participa, monkeypatch):
    monkeypatch.setattr(respuestas, "MAXIMO_POR_RATO", 1)
    consulta = crear_consulta(participa)
    enviar(client, consulta)
    client.cookies.clear()
    respuesta = enviar(client, consulta)
    texto = respuesta.content.decode()
    assert respuesta.status_code == 429 and respuesta["Retry-After"] == "600"
    assert "checked" in texto and "papel" in texto and causas(consulta) == {"muchas": 1}


def test_otro_sitio_no_hace_responder_a_quien_lo_visita(client, participa):
    consulta = crear_consulta(participa)
    for cabecera in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://malo.example"}):
        respuesta = client.post(consulta.get_absolute_url(), enviado(consulta), headers=cabecera)
        assert respuesta.status_code == 400
    assert not Respuesta.objects.exists()


@pytest.mark.parametrize("metodo", ["put", "delete", "patch"])
def test_otros_metodos_no(client, participa, metodo):
    assert getattr(client, metodo)(crear_consulta(participa).get_absolute_url()).status_code == 405


@pytest.mark.parametrize("estado", ["borrador", "por_autorizar", "descartada"])
def test_lo_que_nadie_autorizo_no_existe_en_publico(client, participa, estado):
    consulta = crear_consulta(participa, estado)
    for ruta in ("", "gracias/", "resultados/", "resultados.csv"):
        assert client.get(f"{consulta.get_absolute_url()}{ruta}").status_code == 404
    assert enviar(client, consulta).status_code == 404


# --- With a code --------------------------------------------------------------------------------
def test_con_codigo_una_vez_cada_uno(client, participa):
    consulta = crear_consulta(participa, responden="con_codigo")
    codigo, otro = codigos.generar(consulta, 2, por=participa.promotora, clave=consulta.pasos.first().pk)
    assert enviar(client, consulta).status_code == 422  # without it
    assert enviar(client, consulta, codigo="AAAAA-AAAAA").status_code == 422
    assert enviar(client, consulta, codigo=f" {codigo.lower().replace('-', ' ')} ").status_code == 302
    client.cookies.clear()
    gastado = enviar(client, consulta, codigo=codigo)
    assert gastado.status_code == 422 and "ya se usó" in gastado.content.decode()
    assert causas(consulta) == {"codigo": 2}
    assert enviar(client, consulta, codigo=otro).status_code == 302
    assert Respuesta.objects.count() == 2


def test_lo_que_se_rechaza_no_gasta_ni_el_codigo_ni_la_ficha(client, participa):
    consulta = crear_consulta(participa, responden="con_codigo")
    [codigo] = codigos.generar(consulta, 1, por=participa.promotora, clave=1)
    ficha = nueva_ficha(consulta)
    assert enviar(client, consulta, codigo="MALO", ficha=ficha).status_code == 422
    assert enviar(client, consulta, codigo=codigo, ficha=ficha).status_code == 302
    assert Codigo.objects.get().usado


# --- Nothing personal ---------------------------------------------------------------------------
def test_nada_une_la_respuesta_con_quien_respondio(client, participa):
    consulta = crear_consulta(participa, responden="con_codigo")
    [codigo] = codigos.generar(consulta, 1, por=participa.promotora, clave=1)
    datos = enviado(consulta) | {"codigo": codigo}
    cabeceras = {"User-Agent": "Navegador-Raro/9"}
    client.post(consulta.get_absolute_url(), datos, headers=cabeceras, REMOTE_ADDR="203.0.113.77")
    numero = signing.loads(datos["ficha"], salt="participacion.ficha")[1]
    with connection.cursor() as cursor:
        tablas = [t for t in connection.introspection.table_names(cursor) if t.startswith("participacion_")]
        volcado = ""
        for tabla in [*tablas, "portal_freno"]:
            cursor.execute(f'SELECT t::text FROM "{tabla}" t')
            volcado += "\n".join(fila[0] for fila in cursor.fetchall())
    for secreto in (codigo, codigo.replace("-", ""), numero, "203.0.113.77", "Navegador-Raro"):
        assert secreto not in volcado
    columnas = {campo.name for modelo in (Respuesta, Eleccion) for campo in modelo._meta.concrete_fields}
    assert columnas == {
        "id",
        "consulta",
        "origen",
        "dia",
        "hoja",
        "respuesta",
        "pregunta",
        "opcion",
        "valor",
        "texto",
    }
    assert {campo.name for campo in Codigo._meta.concrete_fields} == {"consulta", "huella", "usado"}
