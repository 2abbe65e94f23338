"""What people find, however they type it, and what nobody must find."""

from datetime import timedelta

import html5lib
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from portal import busqueda, services
from portal.busqueda import candidatas, interpretar, limpiar, ordenadas, resaltar, sin_tildes, sugerir
from portal.models import Canal, EntradaDeBusqueda, Sinonimo, Version, Vocablo
from tests.builders import CAMINOS, asignar, crear_canal, crear_publicada, crear_version


def paginas_de(texto: str, **filtros):
    """What the page of results reads: candidates and then their order."""
    consulta = interpretar(texto)
    return ordenadas(candidatas(consulta, **filtros), consulta)


def hallar(consulta: str, **filtros) -> list[str]:
    """The titles found, best first, as the page does it."""
    texto = limpiar(consulta)
    return [entrada.titulo for entrada in paginas_de(texto, **filtros)]


def extracto(consulta: str) -> str:
    return str(resaltar(paginas_de(consulta)[0].extracto))


def anotar(titulo: str, texto: str = "", **campos) -> None:
    """A page of the index, without a publication behind."""
    valores = {"tipo": "noticia", "resumen": "", "url": "/", "fecha": timezone.now()}
    objeto = EntradaDeBusqueda.objects.count() + 1
    busqueda.indexar_entrada("prueba", objeto, titulo=titulo, texto=texto, **valores | campos)


# --- Accents, plurals and capitals --------------------------------------------------------------
@pytest.mark.parametrize(
    "escrito, buscado",
    [
        ("Estratificación", "estratificación"),
        ("Estratificación", "estratificacion"),
        ("Estratificación", "ESTRATIFICACIÓN"),
        ("Estratificación", "ESTRATIFICACION"),
        ("Estratificación", "  Estratificación  "),
        ("Estratificacion", "estratificación"),
        ("ESTRATIFICACIÓN", "estratificacion"),
        ("Certificación de residencia", "certificaciones"),
        ("Certificaciones de residencia", "certificación"),
        ("Certificaciones de residencia", "certificacion"),
        ("Certificaciones de residencia", "CERTIFICACION"),
        ("Jornadas de vacunación", "jornada vacunacion"),
        ("Trámites y servicios", "tramite"),
        ("Licencia de construcción", "licencias de construccion"),
        ("Alcaldía Municipal", "alcaldia"),
        ("Programa para niños", "ninos"),
        ("Peñón", "penon"),
        ("Obras públicas", "obra publica"),
        ("¿Cómo pago el impuesto predial?", "¿cómo pago el predial?"),
        ("¿Cómo pago el impuesto predial?", "como pagar impuesto predial"),
        ("Pago del predial", "¡¿Predial?!"),
        ("Programa «Mi casa»", "casa"),
        ("Programa “Mi casa”", "“mi casa”"),
        ("Vía Cúcuta–Puerto Santander…", "cucuta santander"),
        ("Resolucio\u0301n 12", "resolución"),
        ("Resolución n.º 12", "resolucio\u0301n"),
        ("Decreto 012 de 2026", "decreto 012"),
        ("Pago por PSE", "pse"),
    ],
)
def test_found_however_it_is_written(casa, escrito, buscado):
    crear_publicada(casa, titulo=escrito)

    assert hallar(buscado) == [escrito]


@pytest.mark.parametrize(
    "consulta, esperados",
    [
        ("acueducto alcantarillado", ["Acueducto y alcantarillado"]),
        ("acueducto -alcantarillado", ["Acueducto"]),
        ('"y alcantarillado"', ["Acueducto y alcantarillado"]),
        ('"alcantarillado y acueducto"', []),
        ("aseo or acueducto", ["Acueducto", "Acueducto y alcantarillado", "Aseo"]),
        ("de la y el", []),
        ("xyzzy", []),
    ],
)
def test_every_word_counts_and_quotes_and_minus_do_what_people_expect(db, consulta, esperados):
    for titulo in ("Acueducto", "Acueducto y alcantarillado", "Aseo"):
        anotar(titulo)

    assert sorted(hallar(consulta)) == esperados


# --- Order --------------------------------------------------------------------------------------
def test_the_title_beats_the_summary_and_the_summary_the_body(db):
    anotar("Aviso del cuerpo", "Sobre el impuesto predial.")
    anotar("Aviso del resumen", resumen="Sobre el impuesto predial.")
    anotar("Impuesto predial")
    anotar("Aviso del archivo", adjuntos="Impuesto predial.")

    assert hallar("predial") == [
        "Impuesto predial",
        "Aviso del resumen",
        "Aviso del cuerpo",
        "Aviso del archivo",
    ]


def test_a_title_beats_a_body_that_repeats_the_word(db):
    relleno = "La administración municipal informa a la comunidad sobre el recaudo. " * 20
    anotar("Noticias del mes", "predial " * 4 + relleno)
    anotar("Impuesto predial", relleno)

    assert hallar("predial")[0] == "Impuesto predial"


def test_of_two_equal_ones_the_newest_comes_first(db):
    ayer = timezone.now() - timedelta(days=1)
    anotar("Corte de agua", url="/viejo/", fecha=ayer)
    anotar("Corte de agua", url="/nuevo/")

    assert [e.url for e in paginas_de("agua")] == ["/nuevo/", "/viejo/"]


# --- What is indexed ----------------------------------------------------------------------------
def test_the_summary_the_body_and_the_titles_of_the_files_are_found(casa, adjunto_pdf):
    version = crear_version(
        casa, titulo="Plan de obras", resumen="La avenida", cuerpo="<p>El <b>puen</b>te.</p>"
    )
    services.adjuntar(version, adjunto_pdf, titulo="Cronograma de cierres", por=casa.autora)
    services.enviar(version, por=casa.autora)
    services.validar(version, por=casa.editor)
    huella = Version.objects.get().huella()
    services.autorizar_y_publicar(version, por=casa.jefe, huella=huella)

    for consulta in ("avenida", "puente", "cronograma", "plan cronograma"):
        assert hallar(consulta) == ["Plan de obras"]
    assert hallar("plano.pdf") == []


def test_an_edit_is_found_by_its_new_words_only(casa):
    publicacion = crear_publicada(casa, titulo="Cierre de la calle")
    nueva = services.nueva_version(publicacion, por=casa.autora)
    nueva = services.guardar_borrador(nueva, por=casa.autora, revision=0, titulo="Apertura de la vía")
    assert hallar("cierre") == ["Cierre de la calle"]
    services.enviar(nueva, por=casa.autora)
    services.validar(nueva, por=casa.editor)

    services.autorizar_y_publicar(nueva, por=casa.jefe, huella=Version.objects.get(pk=nueva.pk).huella())

    assert hallar("apertura") == ["Apertura de la vía"]
    assert hallar("cierre") == []
    assert EntradaDeBusqueda.objects.count() == 1


def test_a_new_address_is_the_one_found(casa):
    publicacion = crear_publicada(casa)

    services.cambiar_direccion(publicacion, slug="la-nueva", por=casa.editor)

    assert EntradaDeBusqueda.objects.get().url.endswith("/la-nueva/")


@pytest.mark.parametrize("estado", [e for e in CAMINOS if e not in {"publicada", "urgente", "reemplazada"}])
def test_what_is_not_live_is_not_found(casa, estado):
    crear_version(casa, estado)

    assert hallar("pavimentación") == []


@pytest.mark.parametrize("estado", ["publicada", "urgente", "reemplazada"])
def test_what_is_live_is_found_once(casa, estado):
    crear_version(casa, estado)

    assert hallar("pavimentación") == ["Pavimentación de la calle 3"]


@pytest.mark.parametrize("clase", ["error", "sin_vigencia"])
def test_what_was_withdrawn_is_not_found(casa, clase):
    publicacion = crear_publicada(casa)

    services.retirar(publicacion, por=casa.jefe, clase=clase, motivo="Ya no va.")

    assert hallar("pavimentación") == []


@pytest.mark.parametrize("cambio", [{"publico": False}, {"activo": False}])
@pytest.mark.parametrize("antes", [True, False], ids=["before publishing", "after publishing"])
def test_what_is_in_a_channel_the_public_does_not_see_is_not_found(casa, cambio, antes):
    if not antes:
        crear_publicada(casa)
    elif "publico" in cambio:
        Canal.objects.filter(pk=casa.canal.pk).update(**cambio)
        casa.canal.refresh_from_db()
        crear_publicada(casa)
    Canal.objects.filter(pk=casa.canal.pk).update(**cambio)

    assert hallar("pavimentación") == []
    assert hallar("pavimentación", canal=casa.canal.pk) == []


def test_a_channel_shown_again_brings_back_what_it_had(casa):
    crear_publicada(casa)
    Canal.objects.update(publico=False)
    Canal.objects.update(publico=True)

    assert hallar("pavimentación") == ["Pavimentación de la calle 3"]


def test_a_page_of_no_channel_is_found(db):
    anotar("Certificado de residencia", canal=None)

    assert hallar("residencia") == ["Certificado de residencia"]


def test_a_text_longer_than_an_index_takes_can_be_published(db):
    distintas = " ".join(f"{n:x}é" for n in range(250_000))

    anotar("Acuerdo", f"Presupuesto {distintas}")

    assert len(distintas) > 1024 * 1024
    assert hallar("presupuesto") == ["Acuerdo"]


def test_words_of_any_script_can_be_published(db):
    anotar("한글" * 40 + " ﷺ " * 10 + "Ελλάδα ß ﬁn", "İ" * 60)

    assert hallar("Ελλάδα")


# --- Filters ------------------------------------------------------------------------------------
def test_filters_narrow_what_is_found(casa):
    otro = crear_canal(casa.planeacion)
    asignar(otro, autor=casa.cargo_autor, editor=casa.cargo_editor)
    ahora = timezone.now()
    crear_publicada(casa, titulo="Obra uno")
    crear_publicada(casa, titulo="Obra dos", canal=otro, tipo="pagina")
    EntradaDeBusqueda.objects.filter(titulo="Obra dos").update(fecha=ahora - timedelta(days=800))
    anotar("Obra tres", dependencia_id=casa.general.pk)

    assert len(hallar("obra")) == 3
    assert hallar("obra", canal=casa.canal.pk) == ["Obra uno"]
    assert hallar("obra", tipo="pagina") == ["Obra dos"]
    assert hallar("obra", dependencia=casa.general.pk) == ["Obra tres"]
    assert hallar("obra", fecha__year=(ahora - timedelta(days=800)).year) == ["Obra dos"]
    assert hallar("obra", canal=otro.pk, tipo="noticia") == []


# --- Synonyms -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "termino, equivalente, titulo, consulta",
    [
        ("luz", "energía", "Energía eléctrica", "luz"),
        ("luz", "energía", "Energía eléctrica", "¿LUZ?"),
        ("luz", "energía", "Cortes de energía", "cortes de luz"),
        ("impuesto de la casa", "impuesto predial", "Impuesto predial 2026", "impuesto de la casa"),
        ("impuesto de la casa", "impuesto predial", "Impuesto predial 2026", "Impuesto de la Casa 2026"),
        ("cedula", "documento de identidad", "Documento de identidad", "cédula"),
        ("cédula", "documento de identidad", "Documento de identidad", "cedula"),
        ("papel", "certificacion", "Certificaciones", "papel"),
        ("pqr", 'queja "urgente" -x (', "Queja urgente", "pqr"),
    ],
)
def test_people_find_with_their_own_words(db, termino, equivalente, titulo, consulta):
    Sinonimo.objects.create(termino=termino, equivalente=equivalente)
    anotar(titulo)
    anotar("Otra cosa")

    hallados = hallar(consulta)

    assert hallados == [titulo]


def test_a_synonym_is_of_whole_words_and_can_be_taken_away(db):
    luz = Sinonimo.objects.create(termino="luz", equivalente="energía")
    anotar("Energía eléctrica")

    assert hallar("luzbel") == hallar("contraluz") == []
    assert hallar("luz") == ["Energía eléctrica"]
    luz.delete()
    assert hallar("luz") == []


def test_the_word_itself_is_still_found_beside_its_synonym(db):
    Sinonimo.objects.create(termino="luz", equivalente="energía")
    Sinonimo.objects.create(termino="luz", equivalente="alumbrado")
    for titulo in ("Fiesta de la luz", "Energía", "Alumbrado"):
        anotar(titulo)

    assert sorted(hallar("luz")) == ["Alumbrado", "Energía", "Fiesta de la luz"]


@pytest.mark.parametrize("equivalente", [r"\1", r"\g<0>", r"energía \\", "'; DROP TABLE x; --", "& | !"])
def test_a_strange_synonym_breaks_nothing(db, equivalente):
    Sinonimo.objects.create(termino="luz", equivalente=equivalente)
    anotar("La luz")

    assert hallar("luz") == ["La luz"]


# --- Suggestions --------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "consulta, sugerida",
    [
        ("predail", "predial"),
        ("PREDAIL", "predial"),
        ("estratifiacion", "estratificacion"),
        ("estratifiación", "estratificacion"),
        ("impuesto predail", "impuesto predial"),
        ("impuetso predail 2026", "impuesto predial 2026"),
        ("¿predail?", "predial"),
        ("el «impuetso»", "el impuesto"),
        ("predial", ""),
        ("Estratificación", ""),
        ("estratificacion predial", ""),
        ("xyzzy", ""),
        ("pre", ""),
        ("2026", ""),
        ("", ""),
        ("-- ((", ""),
    ],
)
def test_a_mistyped_word_is_suggested_right(casa, consulta, sugerida):
    crear_publicada(casa, titulo="Impuesto predial", resumen="Estratificación del municipio.")

    assert sugerir(consulta) == sugerida


def test_the_words_of_what_is_not_public_are_not_suggested(casa):
    Canal.objects.filter(pk=casa.canal.pk).update(publico=False)
    casa.canal.refresh_from_db()

    crear_publicada(casa, titulo="Confidencialísimo")

    assert not Vocablo.objects.exists()
    assert sugerir("confidencialisino") == ""


def test_accents_are_taken_off_but_the_ñ_stays():
    assert sin_tildes("ÁÉÍÓÚÜ Ñoño n\u0303") == "aeiouu ñoño n"


# --- Hostile queries ----------------------------------------------------------------------------
HOSTILES = [
    "'",
    "''",
    '"',
    '"sin cerrar',
    "%",
    "%%_%",
    "100 %",
    "\\",
    "\\x00",
    "a\x00b",
    "\x00",
    "\ud800",
    "\u202e\u200b\ufeff",
    "👩🏽‍🌾🎉",
    "x" * 10_000,
    "predial " * 1_250,
    "á" * 10_000,
    "-" * 500,
    "& | ! <-> :*",
    "!!!!",
    "a:*",
    "a & b | !c",
    "a <-> b",
    "(((((",
    ")))",
    "((a) (b",
    "or",
    "or or or",
    "-a -b",
    "-",
    "--",
    "/*",
    "'; DROP TABLE portal_entradadebusqueda; --",
    "' OR 1=1 --",
    "$$; SELECT pg_sleep(5); $$",
    "%(x)s %s {0} {x}",
    "<script>alert(1)</script>",
    "&lt;b&gt; &amp;",
    "{{ 7*7 }} {% now %}",
    "../../etc/passwd",
    "\r\nSet-Cookie: a=b",
    "\ue000marca\ue001",
    "a'b\"c\\d%e",
    "١٢٣ 汉字 עברית",
    "x@y.z http://ejemplo.gov.co/a?b=c#d",
    "𝕡𝕣𝕖𝕕𝕚𝕒𝕝",
    "                ",
    "\t\n\v\f",
    "",
]


@pytest.mark.parametrize("consulta", HOSTILES, ids=[ascii(c)[:24] for c in HOSTILES])
def test_no_query_breaks_the_search(db, consulta):
    Sinonimo.objects.create(termino="a", equivalente="b")
    anotar("Impuesto predial", "Texto & más <b> %s \\ ' \" predial")

    texto = limpiar(consulta)
    hallados = hallar(consulta)

    assert len(texto) <= 150
    assert "\x00" not in texto
    assert len(hallados) <= 1
    assert isinstance(sugerir(texto), str)
    assert EntradaDeBusqueda.objects.count() == 1


@pytest.mark.django_db
@settings(max_examples=150, deadline=None)
@given(
    consulta=st.text(max_size=200)
    | st.lists(st.sampled_from("a\"-()|&!:*<> \\'%or"), max_size=40).map("".join)
)
def test_whatever_is_typed_is_searched(consulta):
    texto = limpiar(consulta)

    assert list(paginas_de(texto)) == []
    assert sugerir(texto) == ""


# --- Excerpts -----------------------------------------------------------------------------------
def test_the_excerpt_marks_the_words_found_with_or_without_accents(casa):
    crear_publicada(casa, cuerpo="<p>¿Habrá jornada de <strong>vacunación</strong>? Sí, el “sábado”.</p>")

    assert extracto("vacunacion sabado").endswith(
        "jornada de <mark>vacunación</mark>? Sí, el “<mark>sábado</mark>”."
    )


@pytest.mark.parametrize(
    "hostil",
    [
        "&lt;script&gt;alert(1)&lt;/script&gt; predial",
        "predial &lt;img src=x onerror=alert(1)&gt;",
        "&lt;mark&gt;predial&lt;/mark&gt; & “comillas” \"dobles\" 'simples'",
        "&lt;b onclick=x&gt; predial",
        "predial \ue000\ue001\ue001\ue000\x1f",
    ],
)
def test_the_excerpt_never_carries_html_of_the_text(casa, hostil):
    crear_publicada(casa, cuerpo=f"<p>Antes. {hostil} Después.</p>")

    marcado = extracto("predial")

    arbol = html5lib.parseFragment(marcado, treebuilder="etree", namespaceHTMLElements=False)
    assert {e.tag for e in arbol.iter() if e is not arbol} <= {"mark"}
    assert not [e for e in arbol.iter() if e.attrib]
    assert "predial" in "".join(arbol.itertext())


def test_a_page_without_text_has_no_excerpt_but_is_found(db):
    anotar("Impuesto predial")

    assert extracto("predial") == ""


@pytest.mark.parametrize(
    "extracto, html",
    [
        ("", ""),
        ("a < b", "a &lt; b"),
        ("\ue000a\ue001", "<mark>a</mark>"),
        ("x \ue000a\ue001\ue000b\ue001 y", "x <mark>a</mark><mark>b</mark> y"),
        ("\ue000<b>\ue001", "<mark>&lt;b&gt;</mark>"),
        ("\ue000a", "\ue000a"),
    ],
)
def test_marks_become_html_and_the_rest_is_escaped(extracto, html):
    assert str(resaltar(extracto)) == html


# --- The cost -----------------------------------------------------------------------------------
def test_candidates_are_bounded_and_an_old_title_still_counts(db, monkeypatch):
    monkeypatch.setattr(busqueda, "CANDIDATAS", 3)
    monkeypatch.setattr(busqueda, "CANDIDATAS_POR_TITULO", 2)
    hoy = timezone.now()
    for n in range(3):
        anotar(f"Predial viejo {n}", fecha=hoy - timedelta(days=900 + n))
    for n in range(6):
        anotar(f"Noticia {n}", "Sobre el predial.", fecha=hoy - timedelta(days=n))

    hallados = hallar("predial")

    assert hallados[:2] == ["Predial viejo 0", "Predial viejo 1"]
    assert sorted(hallados[2:]) == ["Noticia 0", "Noticia 1", "Noticia 2"]


@pytest.fixture
def tres_mil(db):
    """Three thousand pages, with one rare word and one in all of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO portal_entradadebusqueda
                (clase, objeto, tipo, titulo, resumen, texto, url, fecha, vector, vector_titulo)
            SELECT 'prueba', n, 'noticia', t, '', t, '/', now() - n * interval '1 hour',
                to_tsvector('spanish', t) || to_tsvector('espanol_sin_tildes', t),
                to_tsvector('spanish', t)
            FROM (SELECT n, 'Municipio ' || md5(n::text) || CASE n % 1000 WHEN 7 THEN ' predial' ELSE '' END t
                  FROM generate_series(1, 3000) n) filas
            """
        )
        cursor.execute(
            "SELECT gin_clean_pending_list('busqueda_vector'), gin_clean_pending_list('busqueda_titulo')"
        )
        cursor.execute("ANALYZE portal_entradadebusqueda")


def test_a_rare_word_is_looked_up_in_its_indexes(tres_mil):
    with CaptureQueriesContext(connection) as consultas:
        halladas = candidatas(interpretar("predial"))

    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN " + consultas[-1]["sql"], None)
        plan = "\n".join(fila[0] for fila in cursor.fetchall())
    assert len(halladas) == 3
    assert "Index Scan on busqueda_vector" in plan
    assert "Index Scan on busqueda_titulo" in plan
    assert "Seq Scan on portal_entradadebusqueda" not in plan


def test_a_word_in_every_page_gives_a_bounded_number(tres_mil):
    assert len(candidatas(interpretar("municipio"))) == busqueda.CANDIDATAS
    assert len(candidatas(interpretar("municipio"), tipo="noticia")) == busqueda.CANDIDATAS


@pytest.mark.parametrize("paginas", [1, 12])
def test_searching_costs_the_same_however_much_is_found(db, django_assert_max_num_queries, paginas):
    for n in range(paginas):
        anotar(f"Obra {n}")

    with django_assert_max_num_queries(2):  # synonyms and candidates
        consulta = interpretar("obra")
        ids = candidatas(consulta)
    with django_assert_max_num_queries(2):  # synonyms and the page
        [e.canal for e in ordenadas(ids, consulta)]


# --- The page -----------------------------------------------------------------------------------
class TestPage:
    def test_nothing_asked_is_not_an_error(self, client, casa):
        assert client.get("/buscar/").status_code == 200
        assert client.get("/buscar/", {"q": "   "}).status_code == 200

    def test_shows_what_is_found_with_its_address_and_its_words_marked(self, client, casa):
        publicacion = crear_publicada(casa)

        pagina = client.get("/buscar/", {"q": "LUNES"}).text

        assert f'href="{publicacion.get_absolute_url()}"' in pagina
        assert "<mark>lunes</mark>" in pagina
        assert "1 resultado " in pagina

    def test_shows_what_a_mistyped_word_meant_when_nothing_is_found(self, client, casa):
        publicacion = crear_publicada(casa, titulo="Impuesto predial")

        pagina = client.get("/buscar/", {"q": "predail"}).text

        assert "No hay resultados para «predail». Estos son los de «predial»." in pagina
        assert f'href="{publicacion.get_absolute_url()}"' in pagina
        assert 'value="predail"' in pagina

    def test_shows_what_has_some_of_the_words_when_nothing_has_them_all(self, client, casa):
        publicacion = crear_publicada(casa, titulo="Impuesto predial")

        pagina = client.get("/buscar/", {"q": "pagar impuesto xyzzy"}).text

        assert "No hay resultados con todas las palabras de «pagar impuesto xyzzy»." in pagina
        assert f'href="{publicacion.get_absolute_url()}"' in pagina

    def test_says_nothing_else_when_what_was_typed_is_found(self, client, casa):
        crear_publicada(casa, titulo="Impuesto predial")

        pagina = client.get("/buscar/", {"q": "predial"}).text

        assert "No hay resultados" not in pagina

    def test_narrows_by_what_the_form_says(self, client, casa):
        crear_publicada(casa)
        anio = timezone.localdate().year

        def total(**filtros):
            return client.get("/buscar/", {"q": "calle", **filtros}).context.get("total")

        assert total() == 1
        assert total(canal=casa.canal.slug, tipo="noticia", dependencia=casa.planeacion.slug) == 1
        assert total(anio=anio) == 1
        assert total(anio=anio - 1) == total(tipo="evento") == total(dependencia=casa.general.slug) == 0

    @pytest.mark.parametrize(
        "filtro", [{"canal": "no-hay"}, {"tipo": "'"}, {"anio": "dos mil"}, {"anio": "99999999999"}]
    )
    def test_a_filter_that_does_not_exist_does_not_break_it(self, client, casa, filtro):
        crear_publicada(casa)

        respuesta = client.get("/buscar/", {"q": "calle", **filtro})

        assert respuesta.status_code == 200
        assert respuesta.context["total"] == 1

    @pytest.mark.parametrize("consulta", HOSTILES, ids=[ascii(c)[:24] for c in HOSTILES])
    def test_no_query_breaks_it_nor_runs_in_it(self, client, casa, consulta):
        crear_publicada(casa)

        respuesta = client.get("/buscar/", {"q": consulta.encode("utf-8", "replace").decode()})

        assert respuesta.status_code == 200
        assert "<script>alert" not in respuesta.text
        assert "49" not in respuesta.context.get("texto", "")

    @pytest.mark.parametrize("numero", ["2", "0", "-1", "999", "x", ""])
    def test_a_page_that_is_not_there_is_the_nearest(self, client, casa, numero):
        for n in range(12):
            anotar(f"Obra {n}")

        respuesta = client.get("/buscar/", {"q": "obra", "pagina": numero})

        assert respuesta.status_code == 200
        assert len(respuesta.context["pagina"].object_list) in {10, 2}

    def test_every_result_is_on_one_page_and_only_one(self, client, casa):
        for n in range(23):
            anotar(f"Obra {n}")

        titulos = [
            entrada.titulo
            for numero in (1, 2, 3)
            for entrada in client.get("/buscar/", {"q": "obra", "pagina": numero}).context["pagina"]
        ]

        assert sorted(titulos) == sorted(f"Obra {n}" for n in range(23))

    def test_only_reads(self, client, casa):
        assert client.post("/buscar/", {"q": "calle"}).status_code == 405
