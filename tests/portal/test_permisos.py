"""Every transition × every demo user × every state, by service and by direct POST to the admin."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from portal import services
from portal.demo import USUARIOS, crear_personas
from portal.flujo import EstadoInadecuado, SinPermiso
from portal.flujo_editorial import FLUJO
from portal.importacion import cargar_carpeta
from portal.models import Canal, Version
from tests.builders import CONTENIDO

PERSONAS = [demo.usuario for demo in USUARIOS]
ESCRIBEN = {"autor.planeacion", "planeacion", "editor", "secretaria"}
VALIDAN = {"planeacion", "editor", "secretaria"}
AUTORIZAN = {"planeacion", "secretaria"}
NADIE: set[str] = set()

#: transition → {state: who may}, for a text that autor.planeacion wrote and sent in a channel of
#: Planeación; the urgent one was published by secretaria. In any other state nobody may.
TABLA: dict[str, dict[str, set[str]]] = {
    "enviar": {"borrador": ESCRIBEN},
    "validar": {"en_validacion": VALIDAN},
    "autorizar": {"por_autorizar": AUTORIZAN},
    "publicar": {"autorizada": VALIDAN, "programada": VALIDAN},
    "programar": {"autorizada": VALIDAN},
    "desprogramar": {"programada": VALIDAN},
    "publicar_programada": {"programada": NADIE},
    "devolver": {"en_validacion": VALIDAN, "por_autorizar": AUTORIZAN, "autorizada": AUTORIZAN},
    "recoger": {"en_validacion": {"autor.planeacion"}, "por_autorizar": {"autor.planeacion"}},
    "publicar_urgente": dict.fromkeys(["borrador", "en_validacion", "por_autorizar"], AUTORIZAN),
    "autorizar_urgente": {
        "urgente": {"planeacion"},
        "publicada": NADIE,
        "reemplazada": NADIE,
        "retirada": NADIE,
    },
    "retirar": {"publicada": AUTORIZAN, "urgente": AUTORIZAN},
    "retirar_sin_revisar": {"publicada": NADIE, "urgente": NADIE},
    "descartar": {"borrador": ESCRIBEN},
}
ESTADOS = [
    *("borrador", "en_validacion", "por_autorizar", "autorizada", "programada"),
    *("publicada", "urgente", "devuelta", "descartada", "retirada", "reemplazada"),
]


@pytest.fixture(scope="module")
def organizacion(django_db_setup, django_db_blocker):
    """The real municipality of `datos/` and the demo people, loaded once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        cargar_carpeta(settings.BASE_DIR / "datos")
        yield crear_personas("una-clave-de-prueba", timezone.localdate())
        transaction.set_rollback(True)


@pytest.fixture
def personas(organizacion, db):
    return organizacion


def crear_en(estado: str, personas) -> Version:
    autor, editor, jefe = (personas[n] for n in ("autor.planeacion", "editor", "planeacion"))
    canal = Canal.objects.get(slug="programas-y-proyectos")
    version = services.crear_publicacion(canal=canal, tipo="noticia", por=autor, **CONTENIDO)
    hasta_autorizada = [
        lambda: services.enviar(version, por=autor),
        lambda: services.validar(version, por=editor),
        lambda: services.autorizar(version, por=jefe, huella=version.huella()),
    ]
    publicar = [*hasta_autorizada, lambda: services.publicar(version, por=jefe)]
    for paso in {
        "borrador": [],
        "descartada": [lambda: services.descartar(version, por=autor)],
        "urgente": [lambda: services.publicar_urgente(version, por=personas["secretaria"], motivo="Ya.")],
        "en_validacion": hasta_autorizada[:1],
        "por_autorizar": hasta_autorizada[:2],
        "devuelta": [
            *hasta_autorizada[:1],
            lambda: services.devolver(version, por=editor, motivo="No."),
        ],
        "autorizada": hasta_autorizada,
        "programada": [
            *hasta_autorizada,
            lambda: services.programar(version, por=jefe, para=timezone.now() + timedelta(hours=1)),
        ],
        "publicada": publicar,
        "retirada": [
            *publicar,
            lambda: services.retirar(version.publicacion, por=jefe, clase="error", motivo="No."),
        ],
        "reemplazada": [*publicar, lambda: _reemplazar(version, autor, editor, jefe)],
    }[estado]:
        paso()
    return Version.objects.get(pk=version.pk)


def _reemplazar(version, autor, editor, jefe):
    nueva = services.nueva_version(version.publicacion, por=autor)
    services.enviar(nueva, por=autor)
    services.validar(nueva, por=editor)
    services.autorizar_y_publicar(nueva, por=jefe, huella=nueva.huella())


def datos_de(nombre: str, version: Version) -> dict[str, object]:
    return {
        "motivo": "Hay una razón.",
        "huella": version.huella(),
        "para": timezone.now() + timedelta(days=1),
        "clase": "error",
    }


def test_the_table_names_every_transition_and_every_state():
    assert set(TABLA) == set(FLUJO.transiciones)
    assert {e for e in ESTADOS if e != "urgente"} == set(Version.Estado.values)


@pytest.mark.parametrize("estado", ESTADOS)
def test_by_service(personas, estado):
    version = crear_en(estado, personas)

    permitidos = {nombre: set() for nombre in TABLA}
    inadecuados = dict.fromkeys(TABLA, 0)
    for nombre in TABLA:
        for persona in PERSONAS:
            try:
                with transaction.atomic():
                    datos = datos_de(nombre, version)
                    FLUJO.ejecutar(nombre, version, por=personas[persona], **datos)
                    permitidos[nombre].add(persona)
                    transaction.set_rollback(True)
            except SinPermiso:
                pass
            except EstadoInadecuado:
                inadecuados[nombre] += 1

    assert permitidos == {nombre: filas.get(estado, NADIE) for nombre, filas in TABLA.items()}
    assert inadecuados == {
        nombre: 0 if estado in filas or (estado == "urgente" and "publicada" in filas) else len(PERSONAS)
        for nombre, filas in TABLA.items()
    }


#: Steps that a text's page offers; withdrawing belongs to the publication's page.
POR_PAGINA = [n for n in TABLA if n not in {"publicar_programada", "retirar", "retirar_sin_revisar"}]


@pytest.mark.parametrize("estado", ["borrador", "en_validacion", "por_autorizar", "autorizada", "urgente"])
def test_by_direct_post(personas, client, estado):
    """What the page does not offer is refused when posted by hand, and nothing changes."""
    version = crear_en(estado, personas)
    pasos_antes = version.pasos.count()

    for persona in PERSONAS:
        ve = persona in ESCRIBEN | {"admin"}
        client.force_login(personas[persona])
        for nombre in POR_PAGINA:
            punto = transaction.savepoint()
            datos = datos_de(nombre, version) | {"para": "2099-01-01T08:00"}
            url = reverse("admin:portal_version_paso", args=[version.pk, nombre])
            respuesta = client.post(url, datos)

            permitido = persona in TABLA[nombre].get(estado, NADIE)
            esperado = 302 if permitido else 409 if ve else 404
            actual = Version.objects.get(pk=version.pk)
            assert respuesta.status_code == esperado, (persona, nombre)
            assert (actual.pasos.count() > pasos_antes) is permitido, (persona, nombre)
            assert permitido or actual.estado == version.estado, (persona, nombre)
            transaction.savepoint_rollback(punto)


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_page_offers_exactly_what_may_be_done(personas, client, persona):
    version = crear_en("por_autorizar", personas)
    client.force_login(personas[persona])

    respuesta = client.get(reverse("admin:portal_version_change", args=[version.pk]))

    esperados = {n for n in POR_PAGINA if persona in TABLA[n].get("por_autorizar", NADIE)}
    if persona in ESCRIBEN | {"admin"}:
        assert {paso.nombre for paso, _form in respuesta.context["pasos"]} == esperados
    else:
        assert respuesta.status_code == 404


@pytest.mark.parametrize("metodo", ["get", "put", "delete"])
def test_a_step_is_only_taken_by_post(personas, client, metodo):
    version = crear_en("borrador", personas)
    client.force_login(personas["planeacion"])

    respuesta = getattr(client, metodo)(reverse("admin:portal_version_paso", args=[version.pk, "enviar"]))

    assert respuesta.status_code == 405
    assert Version.objects.get().estado == "borrador"


def test_anonymous_is_sent_to_enter(personas, client):
    version = crear_en("por_autorizar", personas)

    respuesta = client.post(reverse("admin:portal_version_paso", args=[version.pk, "autorizar"]))

    assert respuesta.status_code == 302
    assert respuesta.url.startswith("/admin/login/")
    assert Version.objects.get().estado == "por_autorizar"
