"""Real people find their trámite: the catalogue of `datos/`, with the words they type."""

import csv
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone

from portal.models import Cargo, EntradaDeBusqueda, Sinonimo
from tests.builders import crear_publicada, crear_usuario
from tests.portal.test_busqueda import HOSTILES
from tests.tramites.builders import crear_tramite, huella_abierta
from tests.tramites.test_publico import html_valido
from tramites import busqueda
from tramites.flujo import dar_paso
from tramites.hojas import editar_hoja
from tramites.models import HojaDeVida, Tramite

CONSULTAS = list(csv.DictReader((Path(__file__).parent / "consultas.csv").read_text().splitlines()))
ACIERTO_MINIMO = 0.9


@pytest.fixture
def catalogo(db):
    """Everything of `datos/`, with each draft of the catalogue put before the public as it is."""
    call_command("cargar_datos", verbosity=0)
    publicar_todo()


def publicar_todo() -> None:
    """What the flow leaves when a hoja de vida is published, without asking that it be complete."""
    en = timezone.now()
    cargo, envia, aprueba = Cargo.objects.first(), crear_usuario("envia"), crear_usuario("aprueba")
    hojas = HojaDeVida.objects.all()
    hojas.update(estado="enviada", enviada_por=envia, enviada_en=en, enviada_como=cargo)
    hojas.update(estado="aprobada", aprobada_por=aprueba, aprobada_en=en, aprobada_como=cargo)
    hojas.update(publicada_en=en)
    for hoja in HojaDeVida.objects.select_related("tramite"):
        hoja.tramite.hoja_publica, hoja.tramite.publicado_en = hoja, en
        hoja.tramite.save(update_fields=["hoja_publica", "publicado_en"])
        busqueda.indexar(hoja.tramite)


def los_primeros(respuesta, cuantos: int = 3) -> list[str]:
    """The codes of the first trámites of a page of results."""
    urls = [
        fila.get_absolute_url() if isinstance(fila, Tramite) else fila.url
        for fila in respuesta.context["pagina"]
    ]
    codigos = {tramite.get_absolute_url(): tramite.codigo for tramite in Tramite.objects.all()}
    return [codigos.get(url, url) for url in urls[:cuantos]]


def test_nine_of_ten_real_queries_find_theirs_among_the_first_three(catalogo, client):
    codigos = {consulta["codigo"] for consulta in CONSULTAS}
    assert codigos <= set(Tramite.objects.values_list("codigo", flat=True))

    for ruta in ("/tramites/", "/buscar/"):
        fallan = []
        for consulta in CONSULTAS:
            respuesta = client.get(ruta, {"q": consulta["consulta"]})
            hallados = los_primeros(respuesta) if "pagina" in respuesta.context else []
            if consulta["codigo"] not in hallados:
                fallan.append(f"{consulta['consulta']} → {consulta['codigo']}, no {hallados}")

        acierto = 1 - len(fallan) / len(CONSULTAS)
        print(f"{ruta}: {acierto:.1%} de {len(CONSULTAS)}", *fallan, sep="\n  ")
        assert acierto >= ACIERTO_MINIMO, "\n".join(fallan)


# --- How it is found ----------------------------------------------------------------------------
def nombres(client, **consulta) -> list[str]:
    return [tramite.hoja_publica.nombre for tramite in client.get("/tramites/", consulta).context["pagina"]]


@pytest.fixture
def publicado(casa) -> Tramite:
    return crear_tramite(casa, publicado=True, nombre="Certificado de estratificación", palabra="estrato")


@pytest.mark.parametrize(
    "texto",
    [
        "certificado de estratificación",
        "ESTRATIFICACION",
        "papel del estrato",
        "estrato",
        "a que estrato pertenece un predio",
        "estratificasion",
        "sertificado",
        "estratificación de mi ranchito lindo",
    ],
)
def test_by_its_name_its_popular_names_and_what_it_says_however_they_are_typed(
    client, publicado, casa, texto
):
    crear_tramite(
        casa,
        publicado=True,
        nombre="Licencia de inhumación",
        hoja={"palabras_clave": ["entierro"], "descripcion": "Para sepultar.", "resultado": "Licencia"},
    )

    assert nombres(client, q=texto)[0] == "Certificado de estratificación"
    [primera, *_] = client.get("/buscar/", {"q": texto}).context["pagina"]
    assert primera.url == publicado.get_absolute_url()


def test_by_what_it_asks_for(client, publicado):
    assert nombres(client, q="recibo de un servicio público") == ["Certificado de estratificación"]


def test_by_the_synonyms_that_officials_keep(client, publicado):
    assert nombres(client, q="manzanilla") == []

    Sinonimo.objects.create(termino="manzanilla", equivalente="estratificación")

    assert nombres(client, q="manzanilla") == ["Certificado de estratificación"]


def test_a_mistyped_word_shows_what_it_meant_and_says_so(client, publicado):
    pagina = client.get("/tramites/", {"q": "estratificasion"}).text

    assert "No hay resultados para «estratificasion». Estos son los de «estratificacion»." in pagina
    assert publicado.get_absolute_url() in pagina


def test_nothing_like_it_offers_the_whole_site_and_the_telephone(client, publicado):
    respuesta = client.get("/tramites/", {"q": "zzyzx & cía"})

    html_valido(respuesta)
    assert "No encontramos ningún trámite para «zzyzx &amp; cía»" in respuesta.text
    assert 'href="/buscar/?q=zzyzx%20%26%20c%C3%ADa"' in respuesta.text
    assert "tel:+576070000000" in respuesta.text


def test_filters_and_words_add_up(client, casa, publicado):
    crear_tramite(
        casa,
        publicado=True,
        nombre="Revisión del estrato",
        dependencia=casa.hacienda,
        por=casa.tesorero,
        aprueba=casa.secretaria,
    )

    assert len(nombres(client, q="estrato")) == 2
    assert nombres(client, q="estrato", dependencia=casa.hacienda.slug) == ["Revisión del estrato"]
    sin_ninguno = client.get("/tramites/", {"q": "estrato", "grado": "total"}).text
    assert "No encontramos ningún trámite para «estrato» con esos filtros" in sin_ninguno


def test_the_one_that_is_called_so_comes_before_the_one_that_mentions_it(client, casa, publicado):
    crear_tramite(
        casa,
        publicado=True,
        nombre="Asignación de nomenclatura",
        hoja={
            "palabras_clave": ["dirección"],
            "descripcion": "Sirve para el certificado de estratificación.",
        },
    )

    assert nombres(client, q="certificado de estratificación") == [
        "Certificado de estratificación",
        "Asignación de nomenclatura",
    ]


def test_only_tramites_are_found_in_the_catalogue(client, casa, publicado):
    crear_publicada(casa, titulo="Noticia del estrato y la manzanilla")
    EntradaDeBusqueda.objects.filter(clase="publicacion").update(objeto=publicado.pk)
    assert nombres(client, q="manzanilla") == []

    assert nombres(client, q="estrato") == ["Certificado de estratificación"]
    assert len(client.get("/buscar/", {"q": "estrato"}).context["pagina"]) == 2


def test_the_search_of_the_site_may_be_narrowed_to_tramites(client, casa, publicado):
    crear_publicada(casa, titulo="Noticia del estrato")

    respuesta = client.get("/buscar/", {"q": "estrato", "tipo": "tramite"})

    assert '<option value="tramite" selected>Trámite</option>' in respuesta.text
    assert [entrada.url for entrada in respuesta.context["pagina"]] == [publicado.get_absolute_url()]


def test_a_change_is_found_by_its_new_words_once_published(client, casa, publicado):
    dar_paso("actualizar", publicado, por=casa.suit)
    with editar_hoja(publicado.hoja_abierta(), por=casa.suit) as hoja:
        hoja.palabras_clave = ["manzanilla"]
    dar_paso("enviar", publicado, por=casa.suit)
    dar_paso("aprobar_cambio", publicado, por=casa.secretaria, huella=huella_abierta(publicado))
    assert nombres(client, q="manzanilla") == []

    dar_paso("publicar", publicado, por=casa.suit)

    assert nombres(client, q="manzanilla") == ["Certificado de estratificación"]
    assert EntradaDeBusqueda.objects.count() == 1


@pytest.mark.parametrize("consulta", HOSTILES, ids=[ascii(c)[:24] for c in HOSTILES])
def test_no_query_breaks_the_catalogue_nor_runs_in_it(client, publicado, consulta):
    respuesta = client.get("/tramites/", {"q": consulta.encode("utf-8", "replace").decode()})

    assert respuesta.status_code == 200
    html_valido(respuesta)
    assert "<script>alert" not in respuesta.text
