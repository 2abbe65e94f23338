"""Where people find the ventanilla: the home page, the footer, the map, its channels, and the staff."""

import pytest
from django.core.cache import cache

from portal.models import Edicion
from tests.builders import crear_canal


def _leer(client, ruta: str) -> str:
    cache.clear()
    Edicion.avanzar()
    return client.get(ruta).content.decode()


@pytest.mark.parametrize("ruta", ["/", "/mapa-del-sitio/", "/canales/"])
def test_every_page_leads_to_filing_following_and_verifying(client, ventanilla, ruta):
    pagina = _leer(client, ruta)
    for destino in ("/pqrsd/", "/radicados/consulta/", "/verificar/", "/radicados/cifras/"):
        assert f'href="{destino}"' in pagina


@pytest.mark.parametrize("slug", ["quejas-y-reclamos", "contactenos"])
def test_its_channels_have_the_door(client, ventanilla, slug):
    if slug != "quejas-y-reclamos":
        crear_canal(ventanilla.general, slug=slug, nombre="Contáctenos")
    assert '<a class="boton" href="/pqrsd/">' in _leer(client, f"/canales/{slug}/")


def test_other_channels_have_none(client, ventanilla):
    assert '<a class="boton" href="/pqrsd/">' not in _leer(client, ventanilla.canal.get_absolute_url())


def test_the_front_page_of_the_staff_leads_to_the_desk(client, ventanilla):
    client.force_login(ventanilla.jefe)
    assert "/panel/radicados/" in client.get("/admin/").content.decode()
    client.force_login(ventanilla.admin)
    assert "/panel/radicados/" not in client.get("/admin/").content.decode()
