"""The desk: who enters, writing without JavaScript, the steps, what waits for each and what people said."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from participacion import services
from participacion.flujo import dar_paso, huella_de_consulta
from participacion.models import Consulta
from portal.bandeja import grupos_de
from tests.participacion.builders import (
    TODAS,
    UNA,
    VARIAS,
    crear_cerrada,
    crear_consulta,
    crear_hojas,
    responder_web,
)
from tests.participacion.test_consultas import consultas_de

LISTA = "/panel/participacion/"


def panel(consulta, ruta: str = "") -> str:
    return f"{LISTA}{consulta.pk}/{ruta}"


@pytest.fixture
def promotora(client, participa):
    client.force_login(participa.promotora)
    return client


def lo_basico(**cambios) -> dict[str, object]:
    hoy = timezone.localdate()
    return {
        "titulo": "¿Qué le falta al parque?",
        "resumen": "Para decidir qué se compra.",
        "texto": "",
        "a_quien": "",
        "responden": "todos",
        "abre_dia": hoy + timedelta(days=1),
        "abre_hora": "08:00",
        "cierra_dia": hoy + timedelta(days=8),
        "cierra_hora": "18:00",
        "resultado_hasta": "",
    } | cambios


def editado(consulta, *preguntas, **cambios) -> dict[str, object]:
    """What the editor sends of a draft."""
    datos = lo_basico(revision=consulta.revision, cuantas=len(preguntas), accion="guardar")
    for n, pregunta in enumerate(preguntas):
        dicha = pregunta | {"opciones": "\n".join(pregunta.get("opciones", ()))}
        datos |= {f"p{n}-{campo}": valor for campo, valor in dicha.items()}
    return datos | cambios


# --- Who enters ---------------------------------------------------------------------------------
RUTAS = ["", "editar/", "previa/", "respuestas/", "respuestas.csv"]


@pytest.mark.parametrize("ruta", RUTAS)
@pytest.mark.parametrize("quien", ["tesorero", "admin", "editor", "autora"])
def test_otras_dependencias_no_entran(client, participa, ruta, quien):
    consulta = crear_consulta(participa, "borrador")
    client.force_login(getattr(participa, quien))
    assert client.get(LISTA).status_code == 403
    assert client.get(panel(consulta, ruta)).status_code == 403


@pytest.mark.parametrize("ruta", RUTAS)
def test_sin_entrar_se_pide_la_clave(client, participa, ruta):
    respuesta = client.get(panel(crear_consulta(participa, "borrador"), ruta))
    assert respuesta.status_code == 302 and respuesta["Location"].startswith("/admin/login/")


def test_la_jefatura_de_un_canal_no_ve_lo_de_otro(client, participa):
    client.force_login(participa.jefe)  # heads the office of «Participación en línea»
    suya = crear_consulta(participa, "borrador", canal=participa.en_linea, titulo="La suya")
    ajena = crear_consulta(participa, "borrador", titulo="La ajena")
    pagina = client.get(LISTA).content.decode()
    assert "La suya" in pagina and "La ajena" not in pagina
    assert client.get(panel(suya)).status_code == 200 and client.get(panel(ajena)).status_code == 404


def test_nada_se_guarda_ni_se_indexa(promotora, participa):
    pagina = promotora.get(panel(crear_consulta(participa)))
    assert "no-store" in pagina["Cache-Control"] and "noindex" in pagina["X-Robots-Tag"]


def test_la_sesion_que_termino_no_pierde_lo_escrito(client, participa):
    consulta = crear_consulta(participa, "borrador")
    respuesta = client.post(panel(consulta, "editar/"), editado(consulta, UNA))
    assert respuesta.status_code == 401 and "¿Encontró lo que buscaba?" in respuesta.content.decode()


# --- Writing ------------------------------------------------------------------------------------
def test_empezar_una(promotora, participa):
    datos = lo_basico(clase="encuesta", canal=participa.encuestas.pk, clave=uuid4())
    una, otra = (promotora.post(f"{LISTA}nueva/", datos) for _vez in range(2))
    hecha = Consulta.objects.get()
    assert una["Location"] == otra["Location"] == panel(hecha, "editar/")
    assert hecha.slug == "que-le-falta-al-parque" and hecha.dependencia == participa.general
    assert hecha.resultado_hasta == timezone.localdate() + timedelta(days=8, weeks=8)


@pytest.mark.parametrize(
    ("cambios", "dice"),
    [
        ({"titulo": ""}, "Título"),
        ({"cierra_dia": "2020-01-01"}, "no puede cerrar antes de abrir"),
        ({"cierra_dia": "9999-12-31"}, "Revise el año."),
        ({"abre_dia": "0206-01-01"}, "Revise el año."),
        ({"resultado_hasta": "9999-12-31"}, "Revise el año."),
        ({"resultado_hasta": "2020-01-01"}, "después de cerrar"),
        ({"clase": "inventada"}, "Qué es"),
        ({"canal": "999999"}, "Canal"),
        ({"clave": "x"}, ""),
        ({"resumen": "a" * 700}, "Para qué se pregunta"),
    ],
)
def test_lo_mal_escrito_no_se_pierde(promotora, participa, cambios, dice):
    datos = lo_basico(clase="encuesta", canal=participa.encuestas.pk, clave=uuid4()) | cambios
    respuesta = promotora.post(f"{LISTA}nueva/", datos)
    texto = respuesta.content.decode()
    assert respuesta.status_code == 422 and dice in texto and not Consulta.objects.exists()
    assert str(datos["resumen"]) in texto


def test_quien_no_escribe_no_empieza(client, participa):
    client.force_login(participa.alcalde)
    assert client.get(f"{LISTA}nueva/").status_code == 403


def test_dos_con_el_mismo_titulo_tienen_su_direccion(participa):
    una, otra = crear_consulta(participa), crear_consulta(participa)
    assert (una.slug, otra.slug) == ("que-piensa-del-sitio", "que-piensa-del-sitio-2")


def test_guardar_las_preguntas(promotora, participa):
    consulta = crear_consulta(participa, "borrador")
    respuesta = promotora.post(panel(consulta, "editar/"), editado(consulta, *TODAS))
    assert respuesta["Location"] == panel(consulta)
    guardadas = [
        (p.tipo, p.texto, [o.texto for o in p.opciones.all()], p.obligatoria)
        for p in consulta.preguntas.all()
    ]
    # A box that is not sent is a box that is not ticked.
    assert guardadas == [(p["tipo"], p["texto"], p.get("opciones", []), False) for p in TODAS]
    consulta.refresh_from_db()
    assert consulta.revision == 2 and consulta.editada_por == participa.promotora


@pytest.mark.parametrize(
    ("accion", "orden"),
    [
        ("agregar", ["A", "B", "C", ""]),
        ("subir-2", ["A", "C", "B"]),
        ("bajar-0", ["B", "A", "C"]),
        ("subir-0", ["A", "B", "C"]),
        ("bajar-2", ["A", "B", "C"]),
        ("quitar-1", ["A", "C"]),
        ("quitar-9", ["A", "B", "C"]),
        ("inventada", ["A", "B", "C"]),
        ("subir-", ["A", "B", "C"]),
        ("quitar-²", ["A", "B", "C"]),
        (f"quitar-{'9' * 5000}", ["A", "B", "C"]),
    ],
)
def test_los_botones_no_guardan_ni_pierden_nada(promotora, participa, accion, orden):
    consulta = crear_consulta(participa, "borrador")
    preguntas = [UNA | {"texto": texto, "opciones": [f"{texto}1"]} for texto in "ABC"]
    datos = editado(consulta, *preguntas, accion=accion, titulo="Otro título", cierra_dia="mañana")
    respuesta = promotora.post(panel(consulta, "editar/"), datos)
    forms = respuesta.context["preguntas"]
    assert respuesta.status_code == 200 and [f["texto"].value() or "" for f in forms] == orden
    assert [f["opciones"].value() for f in forms if f["texto"].value()] == [f"{t}1" for t in orden if t]
    texto = respuesta.content.decode()
    assert 'value="Otro título"' in texto and 'value="mañana"' in texto
    assert "todavía no se han guardado" in texto
    assert consulta.preguntas.count() == 1 and Consulta.objects.get().titulo == "¿Qué piensa del sitio?"


@pytest.mark.parametrize("cuantas", ["", "x", "-1", "9" * 5000])
def test_cuantas_preguntas_mal_dicho(promotora, participa, cuantas):
    consulta = crear_consulta(participa, "borrador")
    datos = editado(consulta, UNA, cuantas=cuantas, accion="agregar")
    assert len(promotora.post(panel(consulta, "editar/"), datos).context["preguntas"]) == 1


def test_quitar_la_unica(promotora, participa):
    consulta = crear_consulta(participa, "borrador")
    respuesta = promotora.post(panel(consulta, "editar/"), editado(consulta, UNA, accion="quitar-0"))
    assert respuesta.status_code == 200 and respuesta.context["preguntas"] == []


@pytest.mark.parametrize(
    ("pregunta", "dice"),
    [
        (UNA | {"opciones": ["Sola"]}, "al menos dos opciones"),
        (UNA | {"opciones": ["Sí", "Sí"]}, "opción repetida"),
        (UNA | {"opciones": ["a" * 201, "b"]}, "demasiado larga"),
        (UNA | {"opciones": [str(n) for n in range(21)]}, "demasiadas opciones"),
        (UNA | {"texto": ""}, "Pregunta 1"),
        (UNA | {"tipo": "raro"}, "Pregunta 1"),
        ({"tipo": "escala", "texto": "¿?", "minimo": 5, "maximo": 2}, "La escala termina"),
        ({"tipo": "escala", "texto": "¿?", "minimo": 0, "maximo": 11}, "La escala termina"),
    ],
)
def test_una_pregunta_mal_escrita(promotora, participa, pregunta, dice):
    consulta = crear_consulta(participa, "borrador")
    respuesta = promotora.post(panel(consulta, "editar/"), editado(consulta, pregunta))
    assert respuesta.status_code == 422 and dice in respuesta.content.decode()
    assert consulta.preguntas.get().texto == UNA["texto"]


def test_otra_persona_guardo_antes(promotora, participa):
    consulta = crear_consulta(participa, "borrador")
    services.guardar(
        consulta, por=participa.secretaria, revision=1, preguntas=[VARIAS], resumen="Lo de la secretaria."
    )
    datos = editado(consulta, UNA, resumen="Lo mío.")
    respuesta = promotora.post(panel(consulta, "editar/"), datos)
    texto = respuesta.content.decode()
    assert respuesta.status_code == 409
    for dicho in ("Lo de la secretaria.", "Lo mío.", "¿Qué lee?", "guardó cambios mientras usted escribía"):
        assert dicho in texto
    assert Consulta.objects.get().resumen == "Lo de la secretaria."
    # Having read both, what is saved next is one's own.
    revision = respuesta.context["form"].data["revision"]
    assert promotora.post(panel(consulta, "editar/"), datos | {"revision": revision}).status_code == 302
    assert Consulta.objects.get().resumen == "Lo mío."


def test_lo_enviado_no_se_edita(promotora, participa):
    consulta = crear_consulta(participa, "por_autorizar")
    for respuesta in (
        promotora.get(panel(consulta, "editar/"), follow=True),
        promotora.post(panel(consulta, "editar/"), editado(consulta, VARIAS), follow=True),
    ):
        assert "no se puede cambiar" in respuesta.content.decode()
    assert consulta.preguntas.get().tipo == "una"


def test_el_ejemplo_se_ve_y_no_se_responde(promotora, participa):
    consulta = crear_consulta(participa, "borrador", preguntas=TODAS)
    texto = promotora.get(panel(consulta, "previa/")).content.decode()
    assert "Todavía no está publicada" in texto and "disabled" in texto and "Muy difícil".lower() in texto


# --- The steps ----------------------------------------------------------------------------------
def test_de_la_mesa_al_publico(client, participa):
    consulta = crear_consulta(participa, "borrador")
    client.force_login(participa.promotora)
    assert client.post(panel(consulta, "pasos/enviar/")).status_code == 302
    client.force_login(participa.alcalde)
    huella = client.get(panel(consulta)).context["huella"]
    assert huella == huella_de_consulta(consulta)
    hecho = client.post(panel(consulta, "pasos/autorizar/"), {"huella": huella}, follow=True)
    assert "Autorizar: hecho." in hecho.content.decode()
    otra_vez = client.post(panel(consulta, "pasos/autorizar/"), {"huella": huella}, follow=True)
    assert "No se puede «autorizar»" in otra_vez.content.decode()
    assert Consulta.objects.get().abierta()


def test_un_paso_con_motivo(client, participa):
    consulta = crear_consulta(participa, "por_autorizar")
    client.force_login(participa.alcalde)
    vacio = client.post(panel(consulta, "pasos/devolver/"), {"motivo": ""})
    assert vacio.status_code == 422 and "El paso no se dio" in vacio.content.decode()
    assert "Motivo: Falta este dato." in vacio.content.decode()
    assert client.post(panel(consulta, "pasos/devolver/"), {"motivo": "Muy larga."}).status_code == 302
    assert "Muy larga." in client.get(panel(consulta)).content.decode()


def test_pasos_que_no(client, participa):
    consulta = crear_consulta(participa, "por_autorizar")
    client.force_login(participa.promotora)
    assert client.post(panel(consulta, "pasos/autorizar/"), {"huella": "x"}).status_code == 403
    assert client.post(panel(consulta, "pasos/inventado/")).status_code == 404
    assert client.get(panel(consulta, "pasos/enviar/")).status_code == 405
    assert "no es la misma" not in client.get(panel(consulta)).content.decode()
    client.force_login(participa.alcalde)
    vieja = client.post(panel(consulta, "pasos/autorizar/"), {"huella": "0" * 64}, follow=True)
    assert "no es la misma que usted leyó" in vieja.content.decode()


def test_preparar_el_resultado(promotora, client, participa):
    consulta = crear_cerrada(participa)
    hecho = promotora.post(panel(consulta, "resultado/"))
    version = Consulta.objects.get().resultado.version_abierta()
    assert hecho["Location"] == version.get_absolute_url()
    assert promotora.post(panel(consulta, "resultado/"))["Location"] == panel(consulta)
    assert "Ir al texto del resultado" in promotora.get(panel(consulta)).content.decode()
    client.force_login(participa.alcalde)  # authorises there, does not write
    assert client.post(panel(crear_cerrada(participa), "resultado/")).status_code == 403


def test_la_lista_dice_cual_recibe_respuestas(promotora, participa):
    crear_cerrada(participa)
    assert "Autorizada, ya cerró ·" in promotora.get(LISTA).content.decode()
    crear_consulta(participa)
    assert "Autorizada, recibe respuestas ·" in promotora.get(LISTA).content.decode()


def test_cerrada_antes_dice_cuando(client, participa):
    consulta = crear_consulta(participa)
    client.force_login(participa.alcalde)
    assert "Se cerró antes" not in client.get(panel(consulta)).content.decode()
    assert client.post(panel(consulta, "pasos/cerrar/"), {"motivo": "Ya se decidió."}).status_code == 302
    assert "Se cerró antes, el" in client.get(panel(consulta)).content.decode()


def test_antes_del_resultado_se_digitan_las_hojas(client, participa):
    consulta, sin_hojas = crear_consulta(participa), crear_cerrada(participa)
    crear_hojas(participa, consulta, 2)
    client.force_login(participa.alcalde)
    client.post(panel(consulta, "pasos/cerrar/"), {"motivo": "Ya se decidió."})
    client.force_login(participa.promotora)
    aviso = "digite primero las que falten"
    assert aviso in client.get(panel(consulta)).content.decode()
    assert aviso not in client.get(panel(sin_hojas)).content.decode()


# --- What people said ---------------------------------------------------------------------------
def test_las_respuestas_al_cerrar_y_solo_para_quien_escribe(promotora, client, participa):
    abierta = crear_consulta(participa, preguntas=TODAS)
    cerrada = crear_cerrada(participa, preguntas=TODAS)
    responder_web(cerrada, en=cerrada.abre_en + timedelta(days=1), una="Sí", texto="=cmd|<b>Más luz</b>")
    responder_web(abierta, una="Sí", texto="Nadie lo lee todavía")
    for ruta in ("respuestas/", "respuestas.csv"):
        assert promotora.get(panel(abierta, ruta)).status_code == 404
    assert "&lt;b&gt;Más luz" in promotora.get(panel(cerrada, "respuestas/")).content.decode()
    csv = promotora.get(panel(cerrada, "respuestas.csv")).content.decode("utf-8-sig")
    assert "'=cmd" in csv and str(timezone.localdate().year) not in csv
    assert "Nadie lo lee" not in promotora.get(panel(abierta)).content.decode()
    client.force_login(participa.alcalde)
    assert client.get(panel(cerrada, "respuestas/")).status_code == 403


def test_lo_que_cuesta_el_escritorio_no_crece(promotora, participa):
    una = crear_consulta(participa, preguntas=TODAS)
    crear_hojas(participa, una, 1)
    responder_web(una)
    con_pocas = consultas_de(promotora, LISTA, panel(una))
    otra, *_mas = (crear_consulta(participa, preguntas=TODAS * 4) for _n in range(4))
    crear_hojas(participa, otra, 20)
    for _n in range(20):
        responder_web(otra)
    assert con_pocas == consultas_de(promotora, LISTA, panel(otra))
    assert con_pocas[0] <= 12 and con_pocas[1] <= 28


# --- What waits ---------------------------------------------------------------------------------
def titulos(usuario) -> dict[str, list[str]]:
    usuario = type(usuario).objects.get(pk=usuario.pk)
    suyos = ("Consultas por autorizar", "Le devolvieron una consulta", "Resultados por publicar")
    return {g.titulo: [t.titulo for t in g.tareas] for g in grupos_de(usuario) if g.titulo in suyos}


def test_lo_que_espera_a_cada_quien(participa):
    por_autorizar = crear_consulta(participa, "por_autorizar", titulo="Una")
    devuelta = crear_consulta(participa, "por_autorizar", titulo="Dos")
    dar_paso("devolver", devuelta, por=participa.alcalde, motivo="Corta.")
    hoy = timezone.localdate()
    crear_cerrada(participa, titulo="Debe", resultado_hasta=hoy - timedelta(days=1))
    crear_cerrada(participa, titulo="Pronto", resultado_hasta=hoy + timedelta(days=28))
    crear_cerrada(participa, titulo="Lejos", resultado_hasta=hoy + timedelta(days=29))
    assert titulos(participa.alcalde) == {
        "Consultas por autorizar": ["Una"],
        "Resultados por publicar": ["Debe", "Pronto"],
    }
    assert titulos(participa.promotora) == {
        "Le devolvieron una consulta": ["Dos"],
        "Resultados por publicar": ["Debe", "Pronto"],
    }
    assert titulos(participa.tesorero) == {} == titulos(participa.admin)
    dar_paso("autorizar", por_autorizar, por=participa.alcalde, huella=huella_de_consulta(por_autorizar))
    assert "Consultas por autorizar" not in titulos(participa.alcalde)


def test_lo_que_urge(participa):
    hoy = timezone.localdate()
    crear_cerrada(participa, resultado_hasta=hoy + timedelta(days=8))
    [grupo] = [g for g in grupos_de(participa.promotora) if g.titulo == "Resultados por publicar"]
    assert not grupo.urge and "a más tardar" in grupo.tareas[0].detalle
    crear_cerrada(participa, resultado_hasta=hoy - timedelta(days=1))
    [grupo] = [g for g in grupos_de(participa.promotora) if g.titulo == "Resultados por publicar"]
    assert grupo.urge and "lo debe desde" in grupo.tareas[0].detalle
