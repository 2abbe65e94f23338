"""Nothing that people say waits unseen while the post that attends it has nobody."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion.models import Aporte, MotivoDeOpinion, TemaDeInteres
from portal.bandeja import SIN_TITULAR, grupos_de
from portal.models import Canal, Usuario
from tests.builders import asignar, crear_cargo, crear_titularidad, crear_usuario
from tests.participacion.builders import crear_casa_de_participacion
from tests.participacion.builders_aportes import crear_consulta

APORTES, OPINIONES = "Aportes por revisar", "Páginas que no fueron útiles"
TEMAS, RESULTADOS = "Temas de interés por revisar", "Resultados por publicar"
TODO = {APORTES, OPINIONES, TEMAS, RESULTADOS}
QUEDAN = ("jefe", "secretaria", "tesorero", "alcalde", "autora", "editor", "admin")


@pytest.fixture
def casa(db) -> SimpleNamespace:
    """One of each thing waits in a channel of Planeación that only the promotora attends."""
    casa = crear_casa_de_participacion()
    canal = casa.en_linea
    Aporte.objects.create(consulta=crear_consulta(casa, canal=canal), texto="Que abra antes.")
    crear_consulta(casa, canal=canal, abierta=False, resultado_hasta=timezone.localdate())
    MotivoDeOpinion.objects.create(ruta="/participa/", canal=canal, clase="no_halle")
    TemaDeInteres.objects.create(titulo="Alumbrado", slug="alumbrado")
    return casa


def espera(usuario: Usuario, en=None) -> dict[bool, set[str]]:
    """What waits for that person, apart what is marked as of a post without anybody."""
    sin_titular = f": {SIN_TITULAR}"
    titulos = {grupo.titulo for grupo in grupos_de(Usuario.objects.get(pk=usuario.pk), en)}
    marcados = {t.removesuffix(sin_titular) for t in titulos if t.endswith(sin_titular)}
    return {True: marcados, False: titulos & TODO}


def se_va(casa) -> None:
    casa.promotora.titularidades.update(hasta=timezone.localdate() - timedelta(days=1))


def cierra_su_cuenta(casa) -> None:
    Usuario.objects.filter(pk=casa.promotora.pk).update(is_active=False)


def no_entra(casa) -> None:
    Usuario.objects.filter(pk=casa.promotora.pk).update(is_staff=False)


def suprimen_el_cargo(casa) -> None:
    casa.cargo_participa.asignaciones.all().delete()


def test_with_somebody_in_the_post_it_waits_for_them_alone(casa):
    assert espera(casa.promotora) == {False: TODO, True: set()}
    for quien in ("jefe", "secretaria", "tesorero", "autora", "editor", "admin"):
        assert espera(getattr(casa, quien)) == {False: set(), True: set()}, quien


@pytest.mark.parametrize("vaca", [se_va, cierra_su_cuenta, no_entra, suprimen_el_cargo])
def test_without_it_waits_marked_for_who_heads_its_office_and_secretaria_general(casa, vaca):
    vaca(casa)

    for quien in ("jefe", "secretaria"):
        assert espera(getattr(casa, quien)) == {False: set(), True: TODO}, quien
    for quien in ("tesorero", "autora", "editor", "admin"):
        assert espera(getattr(casa, quien)) == {False: set(), True: set()}, quien
    # Who authorises there is already told of the outcome that is owed: not twice.
    assert espera(casa.alcalde) == {False: {RESULTADOS}, True: set()}


def test_named_again_it_goes_back_to_the_post(casa):
    se_va(casa)
    nueva = crear_usuario("nueva")
    crear_titularidad(nueva, casa.cargo_participa, desde=timezone.localdate())

    assert espera(nueva) == {False: TODO, True: set()}
    assert espera(casa.secretaria) == espera(casa.jefe) == {False: set(), True: set()}


def test_a_tenure_that_ends_tomorrow_is_seen_the_day_after(casa):
    hoy = timezone.localdate()
    casa.promotora.titularidades.update(hasta=hoy)

    assert espera(casa.secretaria)[True] == set()
    assert espera(casa.secretaria, timezone.now() + timedelta(days=1))[True] == TODO


def test_who_validates_attends_what_the_author_left(casa):
    """The matrix lets them write too: comments and topics were theirs already, opinions become so."""
    cargo = crear_cargo(casa.planeacion)
    validadora = crear_usuario("validadora", cargo)
    asignar(casa.en_linea, editor=cargo)
    se_va(casa)

    assert espera(validadora) == {False: {APORTES, TEMAS, RESULTADOS}, True: {OPINIONES}}
    assert espera(casa.secretaria) == {False: set(), True: {OPINIONES}}


def test_opinions_of_a_closed_channel_wait_for_secretaria_general(casa):
    Canal.objects.filter(pk=casa.en_linea.pk).update(activo=False)

    assert OPINIONES not in espera(casa.promotora)[False]  # its desk would show them nothing
    assert espera(casa.secretaria)[False] == {OPINIONES}


@pytest.mark.parametrize("quien", QUEDAN)
def test_it_costs_no_query(casa, quien, django_assert_num_queries):
    usuario = getattr(casa, quien)
    with CaptureQueriesContext(connection) as con_titular:
        grupos_de(Usuario.objects.get(pk=usuario.pk))
    se_va(casa)
    with django_assert_num_queries(len(con_titular)):
        grupos_de(Usuario.objects.get(pk=usuario.pk))


@pytest.mark.parametrize(
    "ruta, quien",
    [
        ("/panel/aportes/", "jefe"),
        ("/panel/temas/", "jefe"),
        ("/panel/opiniones/", "jefe"),
        ("/panel/participacion/", "jefe"),
        ("/panel/aportes/", "secretaria"),
        ("/panel/temas/", "secretaria"),
        ("/panel/opiniones/", "secretaria"),
        ("/panel/participacion/", "secretaria"),
    ],
)
def test_each_line_leads_to_where_it_is_attended(casa, client, ruta, quien):
    se_va(casa)
    usuario = Usuario.objects.get(pk=getattr(casa, quien).pk)
    client.force_login(usuario)

    lineas = [t for grupo in grupos_de(usuario) if grupo.titulo.endswith(SIN_TITULAR) for t in grupo.tareas]
    [linea] = [tarea for tarea in lineas if tarea.url.startswith(ruta)]

    respuesta = client.get(linea.url)
    assert respuesta.status_code == 200
    assert SIN_TITULAR not in respuesta.text
