"""Paper: numbered without gaps, entered once, counted the same; and one-use codes in slips."""

import re
import threading
from datetime import timedelta
from uuid import uuid4

import html5lib
import pytest
from django.db import connections
from django.utils import timezone

from participacion import codigos, hojas
from participacion.models import Codigo, Hoja, Respuesta
from portal.calendario import sumar_habiles
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.pdf import hay_pdf
from tests.participacion.builders import (
    TEXTO,
    TODAS,
    crear_casa_de_participacion,
    crear_cerrada,
    crear_consulta,
    crear_hojas,
    enviado,
    responder_en_papel,
)


@pytest.fixture
def consulta(participa):
    return crear_consulta(participa, preguntas=TODAS)


@pytest.fixture
def promotora(client, participa):
    client.force_login(participa.promotora)
    return client


def panel(consulta, ruta: str = "") -> str:
    return f"/panel/participacion/{consulta.pk}/{ruta}"


# --- The service --------------------------------------------------------------------------------
def test_se_numeran_seguidas(participa, consulta):
    crear_hojas(participa, consulta, 3)
    crear_hojas(participa, consulta, 2)
    assert list(consulta.hojas.values_list("numero", flat=True)) == [1, 2, 3, 4, 5]


def test_el_mismo_formulario_no_las_hace_dos_veces(participa, consulta):
    clave = uuid4()
    assert len(hojas.imprimir(consulta, 3, por=participa.promotora, clave=clave)) == 3
    assert hojas.imprimir(consulta, 3, por=participa.promotora, clave=clave) == []
    assert Hoja.objects.count() == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_dos_personas_a_la_vez_no_repiten_numero():
    casa = crear_casa_de_participacion()
    consulta = crear_consulta(casa)

    def hacer():
        crear_hojas(casa, consulta, 5)
        connections.close_all()

    hilos = [threading.Thread(target=hacer) for _n in range(3)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join()
    assert list(consulta.hojas.values_list("numero", flat=True)) == list(range(1, 16))


def test_ni_cerrada_ni_sin_permiso(participa, consulta):
    with pytest.raises(CondicionIncumplida):
        crear_hojas(participa, crear_cerrada(participa))
    with pytest.raises(CondicionIncumplida):
        crear_hojas(participa, crear_consulta(participa, "por_autorizar"))
    with pytest.raises(SinPermiso):
        hojas.imprimir(consulta, 1, por=participa.tesorero, clave=uuid4())


def test_se_digita_una_vez(participa, consulta):
    [hoja] = crear_hojas(participa, consulta, 1)
    respuesta = responder_en_papel(participa, consulta, hoja)
    assert (respuesta.origen, respuesta.hoja) == ("papel", hoja)
    hoja.refresh_from_db()
    assert hoja.digitada_por == participa.promotora and hoja.digitada_en
    with pytest.raises(CondicionIncumplida, match="una sola vez"):
        responder_en_papel(participa, consulta, hoja)
    with pytest.raises(CondicionIncumplida, match="una sola vez"):
        hojas.anular(hoja, por=participa.promotora, motivo="Mal.")
    assert Respuesta.objects.count() == 1


def test_una_anulada_no_cuenta(participa, consulta):
    [hoja] = crear_hojas(participa, consulta, 1)
    with pytest.raises(CondicionIncumplida, match="por qué"):
        hojas.anular(hoja, por=participa.promotora, motivo=" ")
    with pytest.raises(SinPermiso):
        hojas.anular(hoja, por=participa.tesorero, motivo="Se mojó.")
    hojas.anular(hoja, por=participa.promotora, motivo="Se mojó.")
    with pytest.raises(CondicionIncumplida, match="se anuló"):
        responder_en_papel(participa, consulta, hoja)
    with pytest.raises(CondicionIncumplida, match="se anuló"):
        hojas.anular(hoja, por=participa.promotora, motivo="Otra vez.")


def test_diez_dias_habiles_despues_de_cerrar(participa):
    ahora = timezone.now()
    consulta = crear_consulta(
        participa,
        en=ahora - timedelta(days=5),
        abre_en=ahora - timedelta(days=5),
        cierra_en=ahora + timedelta(days=2),
    )
    en_plazo, tarde = crear_hojas(participa, consulta, 2, en=ahora)
    ultimo = sumar_habiles(timezone.localdate(consulta.cierra_en), 10)
    assert hojas.digitar_hasta(consulta) == ultimo
    dias = ultimo - timezone.localdate(ahora)
    responder_en_papel(participa, consulta, en_plazo, en=ahora + dias)
    with pytest.raises(CondicionIncumplida, match="plazo"):
        responder_en_papel(participa, consulta, tarde, en=ahora + dias + timedelta(days=1))


def test_antes_de_abrir_no_se_digita(participa):
    consulta = crear_consulta(participa, abre_en=timezone.now() + timedelta(days=1))
    [hoja] = crear_hojas(participa, consulta, 1)
    with pytest.raises(CondicionIncumplida):
        responder_en_papel(participa, consulta, hoja)


# --- The desk -----------------------------------------------------------------------------------
def test_de_imprimir_a_digitar(promotora, consulta):
    clave = uuid4()
    hecho = promotora.post(panel(consulta, "hojas/imprimir/"), {"cuantas": 2, "clave": clave})
    assert hecho["Location"] == panel(consulta, "hojas/papel/?desde=1&hasta=2")
    papel = promotora.get(hecho["Location"]).content.decode()
    for dicho in ("Hoja 0001", "Hoja 0002", "<svg", "http", "No escriba su nombre"):
        assert dicho in papel
    assert papel.count("hoja__casilla") == 2 * (2 + 3 + 5 + 3)
    otra_vez = promotora.post(panel(consulta, "hojas/imprimir/"), {"cuantas": 2, "clave": clave}, follow=True)
    assert "ya se habían hecho" in otra_vez.content.decode() and Hoja.objects.count() == 2

    buscada = promotora.get(panel(consulta, "hojas/buscar/"), {"numero": "2"})
    assert buscada["Location"] == panel(consulta, "hojas/2/")
    datos = enviado(consulta, una="No", varias=["Agenda"], escala=2, orden=["Vías", "Agua", "Parque"])
    mala = promotora.post(buscada["Location"], datos | {f"p{consulta.preguntas.get(tipo='una').pk}": "9"})
    assert mala.status_code == 422 and mala.content.decode().count("checked") == 2
    assert promotora.post(buscada["Location"], datos).status_code == 302
    repetida = promotora.post(buscada["Location"], datos, follow=True)
    assert "una sola vez" in repetida.content.decode() and Respuesta.objects.count() == 1
    assert "ya se digitó" in promotora.get(buscada["Location"]).content.decode()
    # What is left to enter is what is printed again.
    assert "Hoja 0002" not in promotora.get(panel(consulta, "hojas/papel/?desde=1&hasta=2")).content.decode()


def test_una_hoja_lleva_a_la_siguiente(promotora, participa, consulta):
    _una, dos, _tres, anulada = crear_hojas(participa, consulta, 4)
    hojas.anular(anulada, por=participa.promotora, motivo="Se mojó.")
    primero = f"id_p{consulta.preguntas.first().pk}_0"
    hecho = promotora.post(panel(consulta, "hojas/2/"), enviado(consulta))
    assert hecho["Location"] == panel(consulta, "hojas/3/")
    pagina = promotora.get(hecho["Location"]).text
    html5lib.HTMLParser(strict=True).parse(pagina)
    assert '<li class="success">Hoja 0002: quedó digitada. Ahora va la Hoja 0003.</li>' in pagina
    # Near the questions, and said with the first of them when it takes the focus.
    assert pagina.index('id="dicho" role="status"') < pagina.index('class="responder"')
    assert pagina.count("quedó digitada") == pagina.count('aria-describedby="dicho') == 1
    [enfocado] = re.findall(r"<[^>]*autofocus[^>]*>", pagina)
    assert f'id="{primero}"' in enfocado
    de_nuevo = promotora.get(hecho["Location"]).text
    assert 'aria-describedby="dicho' not in de_nuevo and "autofocus" not in de_nuevo
    # A double tap says so and goes on; after the last number come those of before.
    otra_vez = promotora.post(panel(consulta, "hojas/2/"), enviado(consulta), follow=True).text
    assert f"{dos} ya se digitó" in otra_vez and "Ahora va la Hoja 0003." in otra_vez
    anulada = promotora.post(panel(consulta, "hojas/3/anular/"), {"motivo": "Rota."})
    assert anulada["Location"] == panel(consulta, "hojas/1/")
    assert "Hoja 0003: no cuenta. Ahora va la Hoja 0001." in promotora.get(anulada["Location"]).text


def test_la_ultima_vuelve_a_las_hojas(promotora, participa, consulta):
    crear_hojas(participa, consulta, 1)
    hecho = promotora.post(panel(consulta, "hojas/1/"), enviado(consulta))
    assert hecho["Location"] == panel(consulta) + "#papel"
    pagina = promotora.get(hecho["Location"]).text
    html5lib.HTMLParser(strict=True).parse(pagina)
    assert pagina.count("quedó digitada.") == 1
    assert 'id="papel"' in pagina.split("Hoja 0001: quedó digitada.")[0]  # there, not at the top


@pytest.mark.parametrize("numero", ["9", "x", ""])
def test_un_numero_que_no_hay_se_dice_junto_a_las_hojas(promotora, participa, consulta, numero):
    crear_hojas(participa, consulta, 1)
    hecho = promotora.get(panel(consulta, "hojas/buscar/"), {"numero": numero})
    assert hecho["Location"] == panel(consulta) + "#papel"
    pagina = promotora.get(hecho["Location"]).text
    assert 'id="papel"' in pagina.split("No hay una hoja con ese número")[0]


def test_sin_plazo_no_se_sigue_con_otra(promotora, participa):
    consulta = crear_consulta(participa, en=timezone.now() - timedelta(days=60))
    crear_hojas(participa, consulta, 2, en=timezone.now() - timedelta(days=55))
    hecho = promotora.post(panel(consulta, "hojas/1/"), enviado(consulta))
    assert hecho["Location"] == panel(consulta) + "#papel"
    assert "Ya pasó el plazo" in promotora.get(hecho["Location"]).text


def test_la_primera_pregunta_de_texto_tambien_dice_lo_anterior(promotora, participa):
    consulta = crear_consulta(participa, preguntas=(TEXTO,))
    crear_hojas(participa, consulta, 2)
    pregunta = consulta.preguntas.get()
    hecho = promotora.post(panel(consulta, "hojas/1/"), {f"p{pregunta.pk}": "Agua."})
    pagina = promotora.get(hecho["Location"]).text
    [cuadro] = re.findall(r"<textarea[^>]*autofocus[^>]*>", pagina)
    assert 'aria-describedby="dicho"' in cuadro


def test_lo_que_la_hoja_deja_en_blanco_se_queda_en_blanco(promotora, participa, consulta):
    crear_hojas(participa, consulta, 1)
    assert promotora.post(panel(consulta, "hojas/1/"), enviado(consulta, escala=3)).status_code == 302
    assert [eleccion.valor for eleccion in Respuesta.objects.get().elecciones.all()] == [3]


def test_anular_en_el_escritorio(promotora, participa, consulta):
    crear_hojas(participa, consulta, 1)
    ruta = panel(consulta, "hojas/1/anular/")
    vacia = promotora.post(ruta, {"motivo": ""})
    assert vacia.status_code == 422 and '<details class="mas" open>' in vacia.content.decode()
    for dice in ("no cuenta.", "se anuló: no cuenta."):
        assert dice in promotora.post(ruta, {"motivo": "Se perdió."}, follow=True).content.decode()
    assert "Se perdió." in promotora.get(panel(consulta, "hojas/1/")).content.decode()


@pytest.mark.parametrize(
    ("ruta", "datos", "estado"),
    [
        ("hojas/papel/", {}, 404),
        ("hojas/papel/", {"desde": "x", "hasta": "2"}, 404),
        ("hojas/papel/", {"desde": "9" * 30, "hasta": "2"}, 404),
        ("hojas/papel/", {"desde": "5", "hasta": "9"}, 404),
        ("hojas/papel.pdf", {"desde": "5", "hasta": "9"}, 404),
        ("hojas/9/", {}, 404),
        ("hojas/buscar/", {"numero": "9"}, 302),
        ("hojas/buscar/", {"numero": "x"}, 302),
    ],
)
def test_lo_que_no_existe(promotora, participa, consulta, ruta, datos, estado):
    crear_hojas(participa, consulta, 1)
    assert promotora.get(panel(consulta, ruta), datos).status_code == estado


@pytest.mark.parametrize("cuantas", ["", "0", "-1", "101", "x"])
def test_cuantas_hojas_no(promotora, consulta, cuantas):
    hecho = promotora.post(
        panel(consulta, "hojas/imprimir/"), {"cuantas": cuantas, "clave": uuid4()}, follow=True
    )
    assert "Escriba cuántas hojas" in hecho.content.decode() and not Hoja.objects.exists()


def test_en_pdf(promotora, participa, consulta):
    crear_hojas(participa, consulta, 2)
    pdf = promotora.get(panel(consulta, "hojas/papel.pdf?desde=1&hasta=2"))
    if not hay_pdf():
        assert pdf.status_code == 302
        return
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF-1.7")
    una = promotora.get(panel(consulta, "hojas/papel.pdf?desde=1&hasta=1"))
    assert len(pdf.content) > len(una.content)


@pytest.mark.parametrize(
    "ruta", ["hojas/papel/?desde=1&hasta=1", "hojas/papel.pdf?desde=1&hasta=1", "hojas/1/"]
)
@pytest.mark.parametrize(
    ("quien", "estado"), [("alcalde", 403), ("tesorero", 403), ("admin", 403), ("", 302)]
)
def test_solo_quien_escribe_en_el_canal(client, participa, consulta, ruta, quien, estado):
    crear_hojas(participa, consulta, 1)
    if quien:
        client.force_login(getattr(participa, quien))
    assert client.get(panel(consulta, ruta)).status_code == estado


# --- Codes --------------------------------------------------------------------------------------
def test_la_tanda_de_codigos_se_ve_una_vez_y_no_se_guarda(promotora, participa):
    consulta = crear_consulta(participa, responden="con_codigo")
    datos = {"cuantas": 3, "clave": uuid4()}
    una, otra = (promotora.post(panel(consulta, "codigos/"), datos) for _vez in range(2))
    vistos = re.findall(r'talon__codigo">([^<]+)<', una.content.decode())
    assert vistos == re.findall(r'talon__codigo">([^<]+)<', otra.content.decode()) and len(set(vistos)) == 3
    assert all(re.fullmatch(r"[2-9BCDFGHJKMNPQRSTVWXYZ]{5}-[2-9BCDFGHJKMNPQRSTVWXYZ]{5}", v) for v in vistos)
    assert Codigo.objects.count() == 3 and "no-store" in una["Cache-Control"]
    guardadas = set(Codigo.objects.values_list("huella", flat=True))
    assert guardadas == {codigos.huella_del_codigo(consulta, visto) for visto in vistos}


def test_codigos_solo_donde_se_piden_y_para_quien_escribe(promotora, client, participa, consulta):
    datos = {"cuantas": 3, "clave": uuid4()}
    assert (
        "no pide código" in promotora.post(panel(consulta, "codigos/"), datos, follow=True).content.decode()
    )
    con_codigo = crear_consulta(participa, responden="con_codigo")
    assert promotora.get(panel(con_codigo, "codigos/")).status_code == 405
    assert promotora.post(panel(con_codigo, "codigos/"), datos | {"cuantas": "x"}).status_code == 302
    client.force_login(participa.alcalde)
    assert client.post(panel(con_codigo, "codigos/"), datos).status_code == 403
    assert not Codigo.objects.exists()
