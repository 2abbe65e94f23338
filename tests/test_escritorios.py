"""The desks of every room: who may enter one finds it from their bandeja, and nobody else is shown a way."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import override_settings
from django.urls import get_resolver, reverse
from django.utils import timezone

from portal.admin import sitio_admin
from portal.demo import TODOS, crear_personas
from portal.importacion import cargar_carpeta
from portal.models import Usuario
from tests.seguimiento.builders_empalme import crear_empalme, crear_entrante

BANDEJA = "/admin/"
#: What is asked for inside a desk: nobody arrives there.
ARCHIVOS = (".csv",)
_ENLACE = re.compile(r'href="(/(?:admin|panel)/[^"#?]*)')


@pytest.fixture(scope="module")
def cargada(django_db_setup, django_db_blocker):
    """The alcaldía of `datos/`, the people of the demonstration, and two without post: one comes in."""
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(PORTAL_DEMO=True):
        cargar_carpeta(Path(settings.BASE_DIR) / "datos")
        personas = crear_personas("una-clave-de-prueba", timezone.localdate())
        for sin_cargo in ("entrante", "nadie"):
            personas[sin_cargo] = Usuario.objects.create_user(sin_cargo, is_staff=True)
        empalme = crear_empalme()
        crear_entrante(empalme, usuario=personas["entrante"])
        crear_entrante(empalme, usuario=personas["editor"])
        yield personas
        transaction.set_rollback(True)


def _rutas(patrones: Iterable, antes: str = "/") -> Iterator[str]:
    for patron in patrones:
        aqui = antes + str(patron.pattern)
        yield from _rutas(patron.url_patterns, aqui) if hasattr(patron, "url_patterns") else [aqui]


def escritorios() -> set[str]:
    """The buttons of the bandeja, and every page under /panel/ that needs nothing else in its address."""
    fijas = {ruta for ruta in _rutas(get_resolver().url_patterns) if "<" not in ruta}
    del_panel = {ruta for ruta in fijas if ruta.startswith("/panel/") and not ruta.endswith(ARCHIVOS)}
    return del_panel | {reverse(url) for _rotulo, url, _ve in sitio_admin.botones}


@pytest.mark.parametrize("quien", [*(uno.usuario for uno in TODOS), "entrante", "nadie"])
def test_who_may_enter_a_desk_finds_it_and_nobody_else_is_shown_it(cargada, db, client, quien):
    client.force_login(cargada[quien])
    bandeja = client.get(BANDEJA).text
    puertas = escritorios()
    abiertas = {url: pagina.text for url in puertas if (pagina := client.get(url)).status_code == 200}
    en_la_bandeja = set(_ENLACE.findall(bandeja))
    a_un_paso = {url for aqui in en_la_bandeja & abiertas.keys() for url in _ENLACE.findall(abiertas[aqui])}

    assert (en_la_bandeja | a_un_paso) & puertas == abiertas.keys()
    botones = {reverse(url) for _rotulo, url, _ve in sitio_admin.botones}
    assert botones & abiertas.keys() - {reverse("seguimiento:empalmes")} <= en_la_bandeja


def test_the_desks_that_are_looked_at():
    assert {"/panel/", "/panel/empalme/", "/panel/boletin/", "/panel/conectividad/"} < escritorios()
    assert reverse("admin:seguimiento_campana_changelist") in escritorios()
