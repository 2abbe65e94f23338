"""The words of the admin: Django's own said as the portal says them, and one word for one thing."""

import gettext
import re
from io import BytesIO
from pathlib import Path

import django
import pytest
import simple_history
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.contrib.admin.utils import label_for_field
from django.urls import reverse
from django.utils.html import strip_tags

from portal.admin import sitio_admin
from tests.builders import crear_publicada, crear_usuario, crear_version

MENSAJES = Path(settings.LOCALE_PATHS[0]) / "es_CO" / "LC_MESSAGES"
#: Words for which the portal has another one, words of machines, and the familiar «tú».
AJENAS = re.compile(
    r"\b(añad\w*|grab\w*|esco[gj]\w*|modifi[cq]\w*|históric\w*|iniciar sesión|terminar sesión|claves?|"
    r"ingres\w*|introdu[cz]\w*|ficheros?|staff|superusuario|view history|slug|url|csrf|hash|algoritmo|"
    r"autenticación|objetos?|inténtalo|mostrar recuentos|"
    # without their accent
    r"numero|version|publicacion|direccion|codigo|telefono|titulo|descripcion|seccion|funcion|autorizacion|"
    r"actualizacion|ultim[oa]|ano|linea|resolucion|divipola|nit)\b"
    r"|\b[ap]\.m\.|\b(El|La) (\w+) “",
)
BIEN_ESCRITAS = {"DIVIPOLA", "NIT"}


def ajenas(texto: str) -> list[str]:
    """The words of a page that the portal does not use."""
    halladas = re.finditer(AJENAS.pattern, texto, re.IGNORECASE)
    return [hallada[0] for hallada in halladas if hallada[0] not in BIEN_ESCRITAS]


def leer(mo: bytes) -> dict:
    catalogo = gettext.GNUTranslations(BytesIO(mo))._catalog
    return {clave: valor for clave, valor in catalogo.items() if clave}


def test_what_is_compiled_is_what_is_written():
    with (MENSAJES / "django.po").open("rb") as po:
        compilado = BytesIO()
        write_mo(compilado, read_po(po, locale="es_CO"))

    assert leer((MENSAJES / "django.mo").read_bytes()) == leer(compilado.getvalue())


def test_every_phrase_is_still_one_of_django():
    """What Django says in another way after an upgrade would be shown as Django says it."""
    sueltas = Path(django.__file__).parent.rglob("locale/es*/LC_MESSAGES/django.mo")
    de_django = {clave for mo in sueltas for clave in leer(mo.read_bytes())}
    del_historial = (Path(simple_history.__file__).parent / "admin.py").read_text()

    nuestras = leer((MENSAJES / "django.mo").read_bytes())

    assert {c for c in nuestras if c not in de_django and f'"{c}"' not in del_historial} == set()


@pytest.fixture
def casa_con_textos(casa):
    """A row in each table, so that each page has something to show."""
    crear_publicada(casa)
    crear_version(casa, "por_autorizar", titulo="Por firmar")
    return casa


DEL_PORTAL = {m._meta.model_name: m for m in sitio_admin._registry if m._meta.app_label == "portal"}
TABLAS = list(DEL_PORTAL)


@pytest.mark.parametrize("quien", ["secretaria", "admin"])
@pytest.mark.parametrize("tabla", TABLAS)
def test_every_screen_uses_the_same_words(casa_con_textos, client, tabla, quien):
    client.force_login(getattr(casa_con_textos, quien))
    modelo = DEL_PORTAL[tabla]
    fila = modelo._default_manager.exclude(**{"is_superuser": True} if tabla == "usuario" else {}).first()
    rutas = [reverse(f"admin:portal_{tabla}_{vista}") for vista in ("changelist", "add")]
    if fila:
        rutas += [
            reverse(f"admin:portal_{tabla}_{vista}", args=[fila.pk])
            for vista in ("change", "history", "delete")
        ]

    for ruta in rutas:
        respuesta = client.get(ruta)
        if respuesta.status_code != 403:
            assert ajenas(_visible(respuesta.text)) == [], ruta
            assert "Inicio</a>" not in respuesta.text, ruta


def _visible(html: str) -> str:
    """What is read on the page, titles and names of controls included."""
    leidos = re.findall(r'(?:title|aria-label|placeholder|type="submit" value)="([^"]*)"', html)
    sin_codigo = re.sub(r"<(script|style).*?</\1>", " ", html, flags=re.DOTALL)
    return " ".join([strip_tags(sin_codigo), *leidos])


@pytest.mark.parametrize(
    "ruta",
    ["admin:login", "admin:index", "admin:password_change", "admin:password_change_done"],
)
def test_the_doors_too(casa, client, ruta):
    if ruta != "admin:login":
        client.force_login(casa.autora)

    assert ajenas(_visible(client.get(reverse(ruta)).text)) == []


def test_to_enter_and_to_leave_have_one_word(casa, client):
    assert 'value="Entrar"' in client.get(reverse("admin:login")).text

    client.force_login(casa.autora)
    salida = client.post(reverse("admin:logout"))

    assert "Entrar de nuevo" in salida.text


def test_a_wrong_password_is_said_plainly(casa, client):
    respuesta = client.post(reverse("admin:login"), {"username": "autora", "password": "no es esa"})

    assert "no coinciden" in respuesta.text
    assert ajenas(_visible(respuesta.text)) == []


@pytest.mark.parametrize("tabla", TABLAS)
def test_every_column_is_spelt_with_its_accents(tabla):
    modelo, en_admin = DEL_PORTAL[tabla], sitio_admin.get_model_admin(DEL_PORTAL[tabla])
    campos = [campo.name for campo in modelo._meta.fields]

    rotulos = [str(label_for_field(c, modelo, en_admin)) for c in (*en_admin.list_display, *campos)]

    assert ajenas(" · ".join(rotulo for rotulo in rotulos if rotulo != "clave")) == []


def test_the_data_to_confirm_are_called_as_their_fields(casa, client):
    client.force_login(casa.secretaria)

    pagina = client.get(reverse("admin:portal_municipio_change", args=[1])).text

    assert "Código DIVIPOLA" in pagina
    assert "Nit<" not in pagina


class TestMessages:
    """What is said after saving does not depend on the gender of what was saved."""

    DATOS = {"nombre": "Archivo", "slug": "archivo", "activa": "on", "orden": ""}

    def test_adding_changing_and_deleting(self, casa, client):
        client.force_login(casa.secretaria)

        alta = client.post(reverse("admin:portal_dependencia_add"), self.DATOS, follow=True)
        pk = alta.context["cl"].queryset.get(nombre="Archivo").pk
        cambio = client.post(
            reverse("admin:portal_dependencia_change", args=[pk]), self.DATOS | {"telefono": "1"}, follow=True
        )
        url = reverse("admin:portal_dependencia_delete", args=[pk])
        pregunta = client.get(url)
        baja = client.post(url, {"post": "yes"}, follow=True)

        assert "Se agregó «<a" in alta.text
        assert "Se guardó «<a" in cambio.text
        assert "Va a eliminar «Archivo»" in pregunta.text
        assert "Se eliminó «Archivo»." in baja.text

    def test_what_is_wrong_is_said_without_words_of_machines(self, casa, client):
        client.force_login(casa.secretaria)

        respuesta = client.post(
            reverse("admin:portal_dependencia_add"),
            self.DATOS | {"nombre": "", "slug": "con espacios", "correo": "no", "orden": "x"},
        )

        assert "sin tilde, números y guiones, sin espacios" in respuesta.text
        assert ajenas(_visible(respuesta.text)) == []

    def test_what_is_in_use_is_not_deleted_and_says_why(self, casa, client):
        client.force_login(casa.admin)

        pagina = client.get(reverse("admin:portal_dependencia_delete", args=[casa.planeacion.pk])).text

        assert "no se puede eliminar: ya se usó" in pagina

    def test_an_empty_order_is_zero(self, casa, client):
        client.force_login(casa.secretaria)
        client.post(reverse("admin:portal_dependencia_add"), self.DATOS)

        assert type(casa.planeacion).objects.get(nombre="Archivo").orden == 0
        pagina = client.get(reverse("admin:portal_dependencia_add")).text
        assert re.search(r'<label class="required" for="id_orden"', pagina) is None


def test_there_is_one_front_page(casa, client):
    client.force_login(casa.secretaria)

    assert client.get("/admin/portal/").url == reverse("admin:index")


@pytest.mark.parametrize("ruta", ["portal_dependencia_changelist", "portal_asignacion_changelist"])
def test_the_way_back_is_the_bandeja(casa, client, ruta):
    client.force_login(casa.secretaria)

    migas = re.search(
        r'<div class="breadcrumbs">.*?</div>', client.get(reverse(f"admin:{ruta}")).text, re.DOTALL
    )

    assert "Su bandeja</a> ›" in migas[0]
    assert "Portal" not in migas[0]


@pytest.mark.parametrize("tabla", TABLAS)
def test_no_list_offers_to_count_its_filters_nor_shows_where_data_come_from(casa, tabla):
    en_admin = sitio_admin.get_model_admin(DEL_PORTAL[tabla])

    assert en_admin.show_facets.name == "NEVER"
    assert "fuente" not in en_admin.list_display


def test_hours_are_written_as_in_spanish(casa, client):
    usuario = crear_usuario("mañanera", last_login="2026-03-02T14:05:00Z")
    client.force_login(casa.admin)

    pagina = client.get(reverse("admin:portal_usuario_change", args=[usuario.pk])).text

    assert "9:05\xa0a.\xa0m." in pagina
