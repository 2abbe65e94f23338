"""What the bandeja and the edit page cost beside the stock pages of the admin: `make bench`.

The four are asked in turn by the same person, with 20 000 publications: only their ratios are worth reading,
and nothing is asserted of time.
"""

import pytest
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import path, reverse

from config.urls import urlpatterns as de_la_casa
from portal.models import Version
from tests.builders import crear_version
from tests.medidas.reloj import medir
from tests.seguimiento.test_panel import llenar
from tests.tramites.builders import crear_casa_de_tramites

PUBLICACIONES, ESPERAN = 20_000, 60
de_serie = admin.AdminSite(name="de_serie")


@admin.register(Version, site=de_serie)
class VersionDeSerie(admin.ModelAdmin):
    """As Django gives it. Without these raw ids its form would list every publication of the site."""

    raw_id_fields = ("publicacion", "creada_por", "editada_por", "enviada_por", "validada_por")


urlpatterns = [path("de-serie/", de_serie.urls), *de_la_casa]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_medidas(client, capsys, settings):
    settings.ROOT_URLCONF = __name__
    rutas = _preparar(client)
    tiempos = medir(client, rutas)
    consultas = {nombre: _consultas(client, ruta) for nombre, ruta in rutas.items()}
    with capsys.disabled():
        print(_tabla(tiempos, consultas))
    assert max(consultas["bandeja"], consultas["edición"]) < 15


def _preparar(client) -> dict[str, str]:
    casa = crear_casa_de_tramites()
    for n in range(ESPERAN):
        for estado in ("borrador", "en_validacion", "por_autorizar", "devuelta", "urgente"):
            crear_version(casa, estado, titulo=f"{estado} {n}")
    llenar(casa, PUBLICACIONES)
    casa.secretaria.is_superuser = True  # the stock pages ask for ticked permissions
    casa.secretaria.save()
    client.force_login(casa.secretaria)
    borrador = crear_version(casa, "borrador")
    return {
        "bandeja": reverse("admin:index"),
        "lista de serie": reverse("de_serie:portal_version_changelist"),
        "edición": borrador.get_absolute_url(),
        "formulario de serie": reverse("de_serie:portal_version_change", args=[borrador.pk]),
    }


def _consultas(client, ruta: str) -> int:
    with CaptureQueriesContext(connection) as hechas:
        client.get(ruta)
    return len(hechas)


def _tabla(tiempos: dict[str, float], consultas: dict[str, int]) -> str:
    filas = [f"\n\n{'Página':24}{'tiempo':>12}{'consultas':>12}"]
    filas += [f"{nombre:24}{tiempos[nombre]:>10.1f}ms{consultas[nombre]:>12}" for nombre in tiempos]
    for nuestra, suya in (("bandeja", "lista de serie"), ("edición", "formulario de serie")):
        filas.append(f"{nuestra} / {suya}: {tiempos[nuestra] / tiempos[suya]:.2f}")
    return "\n".join(filas)
