"""The list of the desk and the page of a radicado: who reads what, and what it costs."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from portal.calendario import DiasHabiles
from tests.builders import crear_cargo, crear_titularidad, crear_usuario, en_fecha
from tests.conectividad.builders import crear_enlace, crear_incidente
from tests.ventanilla.builders import crear_anexo, escribir_respuesta, llevar, radicar
from ventanilla import cortes, services, subcasos
from ventanilla.flujo import dar_paso
from ventanilla.models import LecturaReservada, Radicado

LISTA = "/panel/radicados/"
#: Session, person, posts, days off, count, page, cuts (3), and kinds and offices of the filter.
CONSULTAS_DE_LA_LISTA = 11


def numeros(respuesta) -> list[str]:
    return [fila.radicado.numero for fila in respuesta.context["filas"]]


def vence(radicado: Radicado, dias: int) -> Radicado:
    """Due that many days from now, its internal date two days before."""
    dia = timezone.localdate() + timedelta(days=dias)
    Radicado.objects.filter(pk=radicado.pk).update(vence=dia, vence_interno=dia - timedelta(days=2))
    radicado.refresh_from_db()
    return radicado


# --- The list ------------------------------------------------------------------------------------
def test_anonymous_people_go_to_the_login(client, ventanilla):
    respuesta = client.get(LISTA)

    assert respuesta.status_code == 302 and respuesta.url == f"/admin/login/?next={LISTA}"


@pytest.mark.parametrize("quien", ["admin", "sin_cargo"])
def test_whoever_holds_no_post_does_not_enter(client, ventanilla, quien):
    client.force_login(ventanilla.admin if quien == "admin" else crear_usuario("sin.cargo"))

    assert client.get(LISTA).status_code == 403


def test_each_sees_what_is_theirs(client, ventanilla):
    suelto = radicar()
    de_planeacion = llevar(ventanilla, radicar(), "asignado")
    denuncia = radicar("denuncia")
    todos = {suelto.numero, de_planeacion.numero, denuncia.numero}
    ven = {
        "secretaria": todos,
        "radicadora": todos - {denuncia.numero},
        "jefe": {de_planeacion.numero},
        "tesorero": set(),
        "auxiliar": set(),
    }

    for quien, esperados in ven.items():
        client.force_login(getattr(ventanilla, quien))
        assert set(numeros(client.get(LISTA))) == esperados, quien


def test_open_ones_come_first_by_their_date(client, ventanilla):
    respondido = llevar(ventanilla, radicar(), "respondido")
    lejos, cerca, tarde = vence(radicar(), 10), vence(radicar(), 2), vence(radicar(), -3)
    client.force_login(ventanilla.secretaria)

    esperados = [tarde.numero, cerca.numero, lejos.numero, respondido.numero]
    assert numeros(client.get(LISTA)) == esperados


def test_each_line_says_who_has_it_and_when_in_the_right_tense(client, ventanilla):
    en_espera = llevar(ventanilla, radicar(), "requiere_completar")
    tarde = vence(llevar(ventanilla, radicar(), "en_tramite"), -3)
    client.force_login(ventanilla.secretaria)

    de_uno = {
        n: client.get(LISTA, {"q": n}).text.split("<ul class=")[-1] for n in (en_espera.numero, tarde.numero)
    }

    assert "Venció el" in de_uno[tarde.numero] and str(ventanilla.planeacion) in de_uno[tarde.numero]
    assert "Espera a la persona" in de_uno[en_espera.numero]
    assert not any(dicho in de_uno[en_espera.numero] for dicho in ("Vence el", "Espera que la persona"))


@pytest.mark.parametrize(
    ("filtro", "esperado"),
    [
        ("estado=respondido", "respondido"),
        ("estado=abiertos", "abierto"),
        ("semaforo=muy-vencido", "muy vencido"),
        ("clase=queja", "queja"),
        ("dependencia=", "todos"),
        ("medio=telefono", "queja"),
        ("q=ALCANTARILLA", "queja"),
        ("q=1", "respondido"),
        ("semaforo=rojo&estado=nada", "todos"),
    ],
)
def test_the_address_narrows_it(client, ventanilla, filtro, esperado):
    respondido = llevar(ventanilla, radicar(), "respondido")
    queja = radicar("queja", asunto="Tapa de alcantarilla rota", medio="telefono")
    tarde = vence(radicar(), -40)
    cuales = {
        "respondido": {respondido.numero},
        "abierto": {queja.numero, tarde.numero},
        "muy vencido": {tarde.numero},
        "queja": {queja.numero},
        "todos": {respondido.numero, queja.numero, tarde.numero},
    }
    client.force_login(ventanilla.secretaria)

    assert set(numeros(client.get(f"{LISTA}?{filtro}"))) == cuales[esperado]


def test_the_traffic_light_of_the_list_is_the_filter_that_finds_it(client, ventanilla):
    for dias in (-40, -1, 0, 1, 30):
        vence(radicar(), dias)
    llevar(ventanilla, radicar(), "requiere_completar")
    client.force_login(ventanilla.secretaria)
    niveles = {fila.radicado.numero: fila.semaforo.nivel for fila in client.get(LISTA).context["filas"]}

    hallados = {}
    for nivel in ("a-tiempo", "por-vencer", "vencido", "muy-vencido", "espera"):
        hallados |= dict.fromkeys(numeros(client.get(f"{LISTA}?semaforo={nivel}")), nivel)
    assert hallados == niveles


def test_names_are_masked_and_documents_are_not_there(client, ventanilla):
    radicar()
    client.force_login(ventanilla.secretaria)

    texto = client.get(LISTA).text
    assert "A*** R*** P***" in texto
    for dato in ("Ana", "1090123456", "ana.rojas@ejemplo.co", "3001234567"):
        assert dato not in texto


def test_of_a_reserved_one_the_unit_that_was_asked_sees_only_the_number(client, ventanilla):
    denuncia = llevar(ventanilla, radicar("denuncia", asunto="Construyen sin permiso"), "en_tramite")
    pedir_a_hacienda(ventanilla, denuncia)
    client.force_login(ventanilla.tesorero)

    texto = client.get(LISTA).text
    assert f"{denuncia.numero}: Reservado" in texto
    assert "Construyen" not in texto and "Denuncia ·" not in texto
    for busca in ("?q=Construyen", "?clase=denuncia"):
        assert numeros(client.get(LISTA + busca)) == []
    assert client.get(denuncia.get_absolute_url()).status_code == 404


def pedir_a_hacienda(casa, radicado):
    return subcasos.pedir(
        radicado,
        dependencia=casa.hacienda,
        pregunta="¿Hay pagos de esa obra?",
        vence=DiasHabiles().siguiente(timezone.localdate()),
        por=casa.jefe,
    )


@pytest.mark.parametrize("cuantos", [1, 60])
def test_the_list_costs_the_same_however_many_there_are(
    client, ventanilla, django_assert_num_queries, cuantos
):
    for n in range(cuantos):
        radicado = radicar("denuncia" if n % 3 else "queja")
        if n < 3:
            vence(radicado, -n)
    client.force_login(ventanilla.secretaria)
    client.get(LISTA)

    with django_assert_num_queries(CONSULTAS_DE_LA_LISTA):
        client.get(LISTA)


# --- The page ------------------------------------------------------------------------------------
def test_it_says_what_is_asked_who_asks_and_how_the_term_was_counted(client, ventanilla):
    radicado = radicar(en=en_fecha("2026-07-01"))
    client.force_login(ventanilla.secretaria)

    respuesta = client.get(radicado.get_absolute_url())
    for dicho in (
        *(radicado.asunto, "arreglen las luces", "Ana Rojas Peña", "CC 1090123456", "3001234567"),
        *("15 días hábiles desde el 2 de julio", "Viernes 24 de julio de 2026", "Radicado"),
    ):
        assert dicho in respuesta.text, dicho
    assert "no-store" in respuesta["Cache-Control"] and "noindex" in respuesta["X-Robots-Tag"]


def test_an_inferred_term_says_so(client, ventanilla):
    client.force_login(ventanilla.secretaria)

    assert "inferida: falta confirmarla" in client.get(radicar("queja").get_absolute_url()).text
    assert "inferida" not in client.get(radicar().get_absolute_url()).text


def test_whoever_handles_it_reaches_what_was_sent_to_print_it(client, ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")
    hoja = reverse("ventanilla:documento", args=[radicado.salidas.get().numero])
    client.force_login(ventanilla.jefe)

    assert f'href="{hoja}"' in client.get(radicado.get_absolute_url()).text
    assert client.get(hoja).status_code == 200


def test_the_line_of_time_has_steps_messages_and_what_went_out(client, ventanilla):
    radicado = radicar()
    services.enviar_mensaje(radicado, clave=radicado.clave, texto="¿Cuándo vienen?")
    radicado = llevar(ventanilla, radicado, "respondido")
    client.force_login(ventanilla.jefe)

    texto = client.get(radicado.get_absolute_url()).text
    for dicho in (
        "Escribió quien radicó",
        "¿Cuándo vienen?",
        "Aceptado por la dependencia",
        f"Salió el {radicado.salidas.get()}",
    ):
        assert dicho in texto, dicho


@pytest.mark.parametrize(
    ("quien", "codigo"),
    [("secretaria", 200), ("radicadora", 200), ("jefe", 200), ("tesorero", 404), ("auxiliar", 404)],
)
def test_only_whoever_may_opens_it(client, ventanilla, quien, codigo):
    radicado = llevar(ventanilla, radicar(), "asignado")
    client.force_login(getattr(ventanilla, quien))

    assert client.get(radicado.get_absolute_url()).status_code == codigo
    assert client.post(radicado.get_absolute_url()).status_code == 405


def test_what_does_not_exist_is_a_404(client, ventanilla):
    salida = llevar(ventanilla, radicar(), "respondido").salidas.get()
    client.force_login(ventanilla.secretaria)

    for numero in ("2026-999999-E", salida.numero):
        assert client.get(f"{LISTA}{numero}/").status_code == 404


@pytest.mark.parametrize("cuantos", [1, 8])
def test_the_page_costs_the_same_however_much_happened(
    client, ventanilla, django_assert_max_num_queries, cuantos
):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    for n in range(cuantos):
        mensaje = services.enviar_mensaje(radicado, clave=uuid4(), texto=f"Mensaje {n}")
        crear_anexo(radicado=radicado, mensaje=mensaje)
        crear_anexo(radicado=radicado)
    escribir_respuesta(radicado, por=ventanilla.jefe)
    client.force_login(ventanilla.jefe)
    client.get(radicado.get_absolute_url())

    with django_assert_max_num_queries(48):
        client.get(radicado.get_absolute_url())


# --- Reserved ones -------------------------------------------------------------------------------
def test_reading_a_reserved_one_is_written_down_once_in_ten_minutes(client, ventanilla):
    denuncia = radicar("denuncia")
    client.force_login(ventanilla.secretaria)

    for _vez in range(3):
        client.get(denuncia.get_absolute_url())
    lectura = LecturaReservada.objects.get()
    assert lectura.usuario == ventanilla.secretaria and lectura.radicado == denuncia


def test_reading_it_again_later_is_another_reading(client, ventanilla):
    denuncia = radicar("denuncia")
    LecturaReservada.objects.create(
        radicado=denuncia,
        usuario=ventanilla.secretaria,
        que="El radicado",
        en=timezone.now() - timedelta(minutes=11),
    )
    client.force_login(ventanilla.secretaria)

    client.get(denuncia.get_absolute_url())
    assert LecturaReservada.objects.count() == 2


def test_an_ordinary_one_leaves_no_register(client, ventanilla):
    client.force_login(ventanilla.secretaria)
    client.get(radicar().get_absolute_url())

    assert not LecturaReservada.objects.exists()


# --- Files ---------------------------------------------------------------------------------------
def url_de(anexo, radicado=None) -> str:
    return reverse("ventanilla:anexo", args=[(radicado or anexo.radicado).numero, anexo.pk])


def test_a_file_comes_to_be_saved_and_never_runs(client, ventanilla):
    anexo = crear_anexo(radicado=radicar(), nombre="recibo de luz.pdf")
    client.force_login(ventanilla.secretaria)

    respuesta = client.get(url_de(anexo))
    assert b"".join(respuesta.streaming_content).startswith(b"%PDF")
    assert respuesta["Content-Disposition"].startswith("attachment")
    assert respuesta["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert respuesta["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in respuesta["Cache-Control"]


def test_a_file_is_only_for_whoever_reads_its_radicado(client, ventanilla):
    anexo = crear_anexo(radicado=llevar(ventanilla, radicar(), "asignado"))
    ajeno = radicar()

    client.force_login(ventanilla.tesorero)
    assert client.get(url_de(anexo)).status_code == 404
    client.force_login(ventanilla.secretaria)
    assert client.get(url_de(anexo, ajeno)).status_code == 404


def test_a_file_that_is_not_the_one_that_came_is_not_given(client, ventanilla):
    anexo = crear_anexo(radicado=radicar())
    type(anexo).objects.filter(pk=anexo.pk).update(sha256="0" * 64)
    client.force_login(ventanilla.secretaria)

    assert client.get(url_de(anexo)).status_code == 404


# --- Cuts of internet ----------------------------------------------------------------------------
@pytest.fixture
def con_linea(ventanilla):
    """The house with a line whose cuts can be logged."""
    ventanilla.enlace = crear_enlace()
    return ventanilla


def test_a_cut_on_the_day_it_is_due_is_told_and_moves_nothing(con_linea):
    radicado = radicar(en=en_fecha("2026-07-01"))
    crear_incidente(con_linea, "2026-07-24 11:30", "2026-07-24 15:00")
    crear_incidente(con_linea, "2026-07-24 14:30", "2026-07-24 15:10")
    otro = radicar(en=en_fecha("2026-07-02"))

    en = en_fecha("2026-07-25")
    hallados = cortes.en_su_vencimiento([radicado, otro], en)
    # 11:30 to 12:00, and 14:00 to 15:10: at noon nobody is attended, and each minute counts once.
    assert {pk: corte.minutos for pk, corte in hallados.items()} == {radicado.pk: 100}
    assert len(hallados[radicado.pk].incidentes) == 2
    radicado.refresh_from_db()
    assert radicado.vence.isoformat() == "2026-07-24"


def test_a_cut_outside_the_hours_of_attention_does_not_count(con_linea):
    radicado = radicar(en=en_fecha("2026-07-01"))
    crear_incidente(con_linea, "2026-07-24 12:00", "2026-07-24 14:00")
    crear_incidente(con_linea, "2026-07-23 08:00", "2026-07-23 18:00")

    assert cortes.en_su_vencimiento([radicado], en_fecha("2026-07-25")) == {}


def test_a_cut_that_goes_on_counts_until_now(con_linea):
    radicado = radicar(en=en_fecha("2026-07-01"))
    crear_incidente(con_linea, "2026-07-24 08:00")

    hallados = cortes.en_su_vencimiento([radicado], en_fecha("2026-07-24", 10))
    assert hallados[radicado.pk].minutos == 120
    assert cortes.en_su_vencimiento([radicado], en_fecha("2026-07-23")) == {}


@pytest.mark.parametrize("cuantos", [1, 20])
def test_looking_for_cuts_costs_three_queries(con_linea, django_assert_num_queries, cuantos):
    radicados = [radicar(en=en_fecha(f"2026-0{1 + n % 6}-15")) for n in range(cuantos)]
    crear_incidente(con_linea, "2026-02-05 08:00", "2026-02-05 10:00")

    with django_assert_num_queries(3):
        cortes.en_su_vencimiento(radicados, en_fecha("2026-09-01"))


def test_the_list_and_the_page_flag_it(client, con_linea):
    radicado = radicar()
    dia = timezone.localdate() - timedelta(days=7)
    while not DiasHabiles().es_habil(dia):
        dia -= timedelta(days=1)
    Radicado.objects.update(vence=dia, vence_interno=dia)
    client.force_login(con_linea.secretaria)
    dicho = "Hubo un corte de internet el día en que vence"
    for url in (LISTA, radicado.get_absolute_url()):
        assert dicho not in client.get(url).text

    corte = crear_incidente(con_linea, f"{dia} 09:00", f"{dia} 10:30")
    for url in (LISTA, radicado.get_absolute_url()):
        assert dicho in client.get(url).text
    texto = client.get(radicado.get_absolute_url()).text
    assert "90 minutos" in texto and corte.get_absolute_url() in texto


def test_a_post_reads_what_was_given_to_it_and_its_substitute_too(client, ventanilla):
    cargo = crear_cargo(ventanilla.planeacion, "Técnico")
    radicado = dar_paso(
        "asignar", radicar(), por=ventanilla.secretaria, dependencia=ventanilla.planeacion, cargo=cargo
    )
    tecnica = crear_usuario("tecnica", cargo)
    titularidad = tecnica.titularidades.get()
    client.force_login(tecnica)
    assert client.get(radicado.get_absolute_url()).status_code == 200

    ayer = timezone.localdate() - timedelta(days=1)
    type(titularidad).objects.filter(pk=titularidad.pk).update(hasta=ayer)
    assert client.get(radicado.get_absolute_url()).status_code == 403
    encargada = crear_usuario("encargada")
    crear_titularidad(encargada, cargo, desde=timezone.localdate())
    client.force_login(encargada)
    assert client.get(radicado.get_absolute_url()).status_code == 200


def test_silence_that_granted_what_was_asked_is_said(client, ventanilla):
    """Ley 1755 de 2015, art. 14, num. 1: to the office and to the person."""
    copias = radicar("solicitud-de-documentos-o-copias", en=en_fecha("2026-03-02"))
    copias = llevar(ventanilla, copias, "en_tramite", en=en_fecha("2026-03-03"))
    client.force_login(ventanilla.jefe)
    with time_machine.travel(en_fecha("2026-03-17")):
        assert "se entiende aceptado" in client.get(copias.get_absolute_url()).text
    with time_machine.travel(en_fecha("2026-03-16")):
        assert "se entiende aceptado" not in client.get(copias.get_absolute_url()).text
