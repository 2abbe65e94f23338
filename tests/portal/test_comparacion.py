"""Comparing two texts, the line of time of a publication, and bringing an earlier text back."""

import csv
import io
import time
from datetime import timedelta
from random import Random

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from python_calamine import CalamineWorkbook

from portal import services
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.models import Version
from portal.redaccion import comparacion, lectura
from portal.redaccion.diferencias import Alineador, comparar_cuerpos, comparar_palabras, leer_bloques
from portal.saneado import LARGO_MAXIMO, sanear
from tests.builders import CAMINOS, CONTENIDO, _dar_paso, crear_publicada, crear_version
from tests.portal.test_admin import mensajes


def foto(nombre: str, color: str) -> SimpleUploadedFile:
    salida = io.BytesIO()
    Image.new("RGB", (40, 30), color).save(salida, "PNG")
    return SimpleUploadedFile(nombre, salida.getvalue())


#: SQL queries of each page, session and person included.
CONSULTAS = {"comparar": 8, "historia": 10}


def quitado(texto: str) -> str:
    return f'<del><span aria-hidden="true">−</span><span class="oculto">quitado: </span>{texto}</del>'


def agregado(texto: str) -> str:
    return f'<ins><span aria-hidden="true">+</span><span class="oculto">agregado: </span>{texto}</ins>'


def cambios(antes: str, despues: str) -> list[tuple[str, str]]:
    return [(b.cambio, str(b.html)) for b in comparar_cuerpos(antes, despues)[0]]


def notas(antes: str, despues: str) -> list[str]:
    return [nota for b in comparar_cuerpos(antes, despues)[0] for nota in b.notas]


def otro_texto(casa, publicacion, *, hasta="borrador", **cambios) -> Version:
    """The next text of the publication, taken to that state."""
    nueva = services.nueva_version(publicacion, por=casa.autora)
    nueva = services.guardar_borrador(nueva, por=casa.autora, revision=0, **cambios)
    for paso in CAMINOS[hasta]:
        nueva = _dar_paso(casa, nueva, paso, None)
    return Version.objects.get(pk=nueva.pk)


@pytest.fixture
def dos(casa):
    """What the public reads and a draft that changes it."""
    publica = crear_version(casa, "publicada")
    return publica, otro_texto(
        casa,
        publica.publicacion,
        titulo="Pavimentación de la calle 4",
        cuerpo="<p>La obra empieza el martes.</p>",
    )


# --- Words --------------------------------------------------------------------------------------
class TestWordByWord:
    def test_says_what_was_taken_out_and_put_in_without_colour(self):
        html = comparar_palabras("Corte de agua el lunes.", "Corte de luz el lunes.")

        assert html == f"Corte de {quitado('agua')} {agregado('luz')} el lunes."

    def test_a_sign_that_moved_leaves_the_word_in_its_place(self):
        assert comparar_palabras("el lunes", "el lunes.") == f"el lunes{agregado('.')}"

    def test_numbers_and_hours_are_one_word(self):
        assert (
            comparar_palabras("a las 10:30", "a las 10:45") == f"a las {quitado('10:30')} {agregado('10:45')}"
        )

    def test_what_was_typed_is_escaped_whole(self):
        html = comparar_palabras("<script>a</script>", '<b onclick="x">')

        assert "<script" not in html
        assert "<b " not in html
        assert "&lt;script&gt;" in html

    @pytest.mark.parametrize(
        "texto", ["👨‍👩‍👧 familia 🎉", "\u202eal revés\u202c", "cafe\u0301", "  dos   espacios  "]
    )
    def test_any_writing_is_kept(self, texto):
        assert comparar_palabras(texto, texto) == " ".join(texto.split())

    def test_two_rewritten_sentences_are_not_cut_by_a_word_they_share_by_chance(self):
        antes = "Mañana llegan las brigadas médicas al parque de la iglesia con vacunas"
        despues = "Este sábado recibiremos aquí mismo cuatro médicos al servicio del barrio entero"

        assert comparar_palabras(antes, despues).count("<ins>") == 1

    @pytest.mark.parametrize("semilla", range(40))
    def test_both_sides_are_whole_whatever_they_are(self, semilla):
        azar = Random(semilla)
        antes, despues = ([azar.choice("abcdef") for _ in range(azar.randrange(40))] for _ in range(2))

        tramos = Alineador().tramos(antes, despues)

        assert [x for t in tramos for x in antes[t.antes]] == antes
        assert [x for t in tramos for x in despues[t.despues]] == despues
        assert all(antes[t.antes] == despues[t.despues] for t in tramos if t.igual)


class TestRichText:
    def test_words_inside_a_paragraph(self):
        assert cambios("<p>El <strong>lunes</strong> no.</p>", "<p>El martes no.</p>") == [
            ("cambiado", f"El {quitado('lunes')} {agregado('martes')} no.")
        ]

    def test_a_paragraph_added_and_one_taken_out(self):
        assert cambios("<p>Uno de ellos.</p><p>Dos.</p>", "<p>Dos.</p><p>Tres más.</p>") == [
            ("quitado", quitado("Uno de ellos.")),
            ("", "Dos."),
            ("agregado", agregado("Tres más.")),
        ]

    @pytest.mark.parametrize(
        ("antes", "despues", "nota"),
        [
            ("<p>Horario</p>", "<h2>Horario</h2>", "Era «párrafo», ahora es «título»."),
            ("<h2>Horario</h2>", "<h3>Horario</h3>", "Era «título», ahora es «subtítulo»."),
            (
                "<ul><li><p>Uno</p></li></ul>",
                "<ol><li><p>Uno</p></li></ol>",
                "Era «elemento de lista», ahora es «elemento de lista numerada».",
            ),
            (
                "<table><tbody><tr><td>Día</td></tr></tbody></table>",
                "<table><tbody><tr><th>Día</th></tr></tbody></table>",
                "Era «celda de tabla», ahora es «encabezado de tabla».",
            ),
            ("<p>Dijo</p>", "<blockquote><p>Dijo</p></blockquote>", "Era «párrafo», ahora es «cita»."),
            (
                '<p><a href="/a">el plano</a></p>',
                '<p><a href="/b">el plano</a></p>',
                "El enlace «el plano» llevaba a /a y ahora lleva a /b.",
            ),
            ("<p>el plano</p>", '<p><a href="/b">el plano</a></p>', "Enlace nuevo: «el plano» lleva a /b."),
            (
                '<p><a href="/a">plano</a></p>',
                "<p>plano</p>",
                "Se quitó el enlace «plano», que llevaba a /a.",
            ),
            ("<p>el lunes</p>", "<p>el <strong>lunes</strong></p>", "Ahora en negrita: «lunes»."),
            ("<p><em>no</em> hay</p>", "<p>no hay</p>", "Ya no en cursiva: «no»."),
        ],
    )
    def test_the_form_of_a_block_is_said_with_words(self, antes, despues, nota):
        assert notas(antes, despues) == [nota]
        assert [b.cambio for b in comparar_cuerpos(antes, despues)[0]] == ["cambiado"]

    def test_a_new_paragraph_says_where_its_links_lead(self):
        assert notas("", '<p>Vea <a href="https://ejemplo.co/">esto</a></p>') == [
            "Enlace nuevo: «esto» lleva a https://ejemplo.co/."
        ]

    def test_what_cannot_be_seen_in_words_is_said_too(self):
        celdas = "<table><tbody><tr><th{}>Día</th></tr></tbody></table>"

        _bloques, aviso = comparar_cuerpos(celdas.format(""), celdas.format(' scope="col"'))

        assert "la forma de una lista o de una tabla" in aviso

    def test_the_same_text_has_no_change(self):
        cuerpo = '<h2>Uno</h2><p>Dos <a href="/x">tres</a><br>cuatro</p><hr><ul><li>cinco</li></ul>'

        bloques, aviso = comparar_cuerpos(cuerpo, cuerpo)

        assert (aviso, {b.cambio for b in bloques}) == ("", {""})
        assert [b.clase for b in leer_bloques(cuerpo)] == [
            *("Título", "Párrafo", "Línea divisoria", "Elemento de lista")
        ]


def _palabras(cuantas: int, semilla: int) -> list[str]:
    azar = Random(semilla)
    comunes = ["de", "la", "el", "en", "y", "a", "que", "los", "las", "del"]
    return [
        azar.choice(comunes) if azar.random() < 0.45 else f"p{int(1500 * azar.random() ** 2)}"
        for _ in range(cuantas)
    ]


def _parrafos(palabras: list[str], largo: int) -> str:
    return "".join(f"<p>{' '.join(palabras[i : i + largo])}</p>" for i in range(0, len(palabras), largo))


class TestHowLongItTakes:
    @pytest.mark.parametrize("largo", [60, 5000], ids=["in paragraphs", "in one"])
    @pytest.mark.parametrize("otra", [False, True], ids=["edited", "another"])
    def test_five_thousand_words_take_less_than_a_second(self, largo, otra):
        antes = _palabras(5000, 1)
        despues = _palabras(5000, 2) if otra else [p if n % 20 else f"n{n}" for n, p in enumerate(antes)]
        desde = time.perf_counter()

        bloques, _aviso = comparar_cuerpos(_parrafos(antes, largo), _parrafos(despues, largo))

        assert time.perf_counter() - desde < 1
        assert any(b.cambio for b in bloques)

    @pytest.mark.parametrize(
        ("antes", "despues"),
        [
            ("<p>a</p>" * 25_000, "<p>b</p><p>a</p>" * 12_500),
            (f"<p>{'a b ' * 50_000}</p>", f"<p>{'b b a ' * 33_000}</p>"),
            (f"<p>{'.' * 199_000}</p>", f"<p>{'.,' * 99_000}</p>"),
            (
                f"<p>{''.join(f'u{n} a b a b c ' for n in range(11_000))}</p>",
                f"<p>{'b a c b a ' * 19_000}</p>",
            ),
            (
                f"{'<blockquote>' * 5000}x{'</blockquote>' * 5000}",
                f"{'<ul><li>' * 5000}y{'</li></ul>' * 5000}",
            ),
        ],
        ids=["many paragraphs", "two words", "signs", "gaps", "nested"],
    )
    def test_a_body_made_to_hang_does_not(self, antes, despues):
        antes, despues = sanear(antes[:LARGO_MAXIMO]), sanear(despues[:LARGO_MAXIMO])
        desde = time.perf_counter()

        comparar_cuerpos(antes, despues)

        assert time.perf_counter() - desde < 8

    def test_beyond_the_limit_it_says_that_it_compared_whole_paragraphs(self):
        bloques, aviso = comparar_cuerpos(f"<p>{'a b ' * 50_000}</p>", f"<p>{'b b a ' * 33_000}</p>")

        assert "por párrafos enteros" in aviso
        assert bloques[0].cambio == "cambiado"


# --- Fields and files ---------------------------------------------------------------------------
class TestFields:
    def test_each_with_its_name_and_whether_it_changed(self, dos):
        campos = {c.rotulo: c for c in comparacion.comparar(*dos)}

        assert {r for r, c in campos.items() if c.cambio} == {"Título", "Texto"}
        assert not campos["Resumen"].cambio
        assert campos["Título"].diferencia == f"Pavimentación de la calle {quitado('3')} {agregado('4')}"
        assert (campos["Texto"].antes, campos["Texto"].despues) == (
            "La obra empieza el lunes.",
            "La obra empieza el martes.",
        )

    def test_dates_choices_and_boxes_as_people_read_them(self):
        momento = timezone.make_aware(timezone.datetime(2026, 11, 20, 15, 0))
        campos = comparacion.comparar_datos(
            {"norma_tipo": "decreto", "evento_inicio": momento, "norma_fecha": None, "cambio_menor": False},
            {
                "norma_tipo": "acuerdo",
                "evento_inicio": "ayer",
                "norma_fecha": momento.date(),
                "cambio_menor": "on",
            },
        )

        assert [(c.antes, c.despues) for c in campos] == [
            ("Decreto", "Acuerdo"),
            ("", "20 de noviembre de 2026"),
            ("20 de noviembre de 2026, 15:00", "ayer"),
            ("", "Sí"),
        ]

    def test_what_was_typed_and_is_in_no_row_yet_is_cleaned_and_compared(self):
        [campo] = comparacion.comparar_datos(
            {"cuerpo": "<p>Uno</p>"}, {"cuerpo": "<p>Uno</p><script>alert(1)</script>"}
        )

        assert not campo.cambio

    def test_files_added_taken_out_and_changed(self, casa):
        publica = crear_version(casa, "borrador")
        for nombre, color in (("a", "red"), ("b", "blue"), ("c", "green")):
            services.adjuntar(
                publica, foto(f"{nombre}.png", color), titulo=nombre.upper(), alt="x", por=casa.autora
            )
        for paso in CAMINOS["publicada"]:
            _dar_paso(casa, Version.objects.get(pk=publica.pk), paso, None)
        nueva = services.nueva_version(publica.publicacion, por=casa.autora)
        a, b, c = nueva.adjuntos.all()
        a.alt, a.foco = "Una calle", "arriba"
        a.save()
        b.recibir(foto("b2.png", "black"))
        b.save()
        c.delete()
        services.adjuntar(nueva, foto("d.png", "white"), titulo="D", alt="x", orden=9, por=casa.autora)

        campo = comparacion.comparar(publica, nueva)[-1]

        assert campo.cambio
        assert [(bloque.cambio, bloque.notas and bloque.notas[0][:24]) for bloque in campo.bloques] == [
            ("cambiado", "Texto alternativo: antes"),
            ("cambiado", "Es otro archivo: antes b"),
            ("agregado", ()),
            ("quitado", ()),
        ]
        assert "En el centro" in campo.bloques[0].notas[1]

    @pytest.mark.parametrize("archivos", [0, 12])
    def test_costs_the_same_however_many_files(self, casa, archivos, django_assert_num_queries):
        publica = crear_version(casa)
        for n in range(archivos):
            subido = SimpleUploadedFile(f"{n}.pdf", b"%%PDF-1.4\n%d\n%%%%EOF\n" % n)
            services.adjuntar(publica, subido, titulo=f"Plano {n}", por=casa.autora)
        for paso in CAMINOS["publicada"]:
            _dar_paso(casa, Version.objects.get(pk=publica.pk), paso, None)
        nueva = services.nueva_version(publica.publicacion, por=casa.autora)

        with django_assert_num_queries(2):
            comparacion.comparar(publica, nueva)


# --- The line of time ---------------------------------------------------------------------------
def url(nombre: str, version) -> str:
    return reverse(f"admin:portal_version_{nombre}", args=[version.pk])


class TestTheLineOfTime:
    def test_tells_steps_acts_links_and_reviews_in_order(self, casa):
        dia = timezone.now() - timedelta(days=40)
        version = crear_version(casa, "publicada", en=dia)
        services.ratificar_vigencia(version.publicacion, por=casa.jefe, en=dia + timedelta(days=2))
        nueva = services.nueva_version(version.publicacion, por=casa.autora, en=dia + timedelta(days=3))
        en = dia + timedelta(days=4)
        enlace, _secreto = lectura.crear_enlace(nueva, para="Ana Rojas", por=casa.autora, en=en)
        clave = "0b0f1f5e-93d1-4d7e-9a3a-6a2f0f4a5e11"
        lectura.observar(
            enlace, clave=clave, texto="Falta la hora.", firma="Ana", huella=nueva.huella(), en=en
        )
        lectura.revocar(enlace, por=casa.jefe, en=dia + timedelta(days=5))

        linea = comparacion.linea_de_tiempo(version.publicacion)

        assert [(m.que, m.quien, m.cargo, m.texto) for m in linea] == [
            ("Empezar", "autora", "", 1),
            ("Enviar a validación", "autora", "Auxiliar", 1),
            ("Validar", "editor", "", 1),
            ("Autorizar", "jefe", "Secretario de Planeación", 1),
            ("Publicar", "jefe", "", 1),
            ("Revisado: sigue vigente", "jefe", "", 1),
            ("Empezar", "autora", "", 2),
            ("Dar un enlace de lectura", "autora", "", 2),
            ("Observación de un lector", "Ana (por el enlace de Ana Rojas)", "", 2),
            ("Revocar un enlace de lectura", "jefe", "", 2),
        ]
        assert linea[3].porque == f"Autorización {version.autorizacion}"
        assert linea[4].porque == "Para el público: publicación nueva"
        assert linea[8].porque == "Falta la hora."

    def test_a_reason_and_what_the_system_did_are_there(self, casa):
        publicacion = crear_version(casa, "retirada").publicacion

        retiro = comparacion.linea_de_tiempo(publicacion)[-1]

        assert (retiro.que, retiro.porque) == ("Retirar del sitio", "No iba. Para el público: retiro")

    @pytest.mark.parametrize("textos", [1, 6])
    def test_costs_the_same_however_long_it_is(self, casa, textos, django_assert_num_queries):
        publicacion = crear_publicada(casa)
        for n in range(textos):
            version = otro_texto(casa, publicacion, hasta="publicada", titulo=f"Texto {n}")
        publicacion.refresh_from_db()
        assert publicacion.version_publica == version

        with django_assert_num_queries(4):
            comparacion.linea_de_tiempo(publicacion)


# --- An earlier text, again ---------------------------------------------------------------------
class TestBringingBack:
    def test_makes_a_draft_with_its_content_and_files_and_says_from_where(self, casa):
        vieja = crear_version(casa)
        services.adjuntar(vieja, foto("a.png", "red"), titulo="Foto", alt="Roja", por=casa.autora)
        for paso in CAMINOS["publicada"]:
            _dar_paso(casa, Version.objects.get(pk=vieja.pk), paso, None)
        otra = otro_texto(casa, vieja.publicacion, titulo="Otra cosa")
        otra.adjuntos.all().delete()
        for paso in CAMINOS["publicada"]:
            _dar_paso(casa, Version.objects.get(pk=otra.pk), paso, None)
        vieja.refresh_from_db()

        nueva = services.restaurar(vieja, por=casa.jefe)

        assert (nueva.numero, nueva.estado, nueva.titulo) == (3, "borrador", vieja.titulo)
        assert nueva.huella() == vieja.huella()
        assert nueva.editada_por == casa.autora  # still her work: she does not authorise it
        assert nueva.pasos.get().etiqueta == "Restaurar el texto n.º 1"
        assert nueva.publicacion.version_publica == otra
        [suya], [copia] = vieja.adjuntos.all(), nueva.adjuntos.all()
        assert (copia.pk != suya.pk, copia.archivo.name) == (True, suya.archivo.name)
        assert [r.sha256 for r in copia.rendiciones.all()] == [r.sha256 for r in suya.rendiciones.all()]
        assert {r.archivo.name for r in copia.rendiciones.all()} == {
            r.archivo.name for r in suya.rendiciones.all()
        }

    def test_one_that_is_open_is_offered_instead(self, casa, dos):
        vieja, abierta = dos

        with pytest.raises(services.YaHayTextoEnCamino) as rechazo:
            services.restaurar(vieja, por=casa.autora)

        assert rechazo.value.version == abierta

    def test_the_latest_text_is_not_brought_back_even_with_another_note(self, casa):
        vieja = crear_version(casa, "publicada")
        with pytest.raises(CondicionIncumplida, match="ya dice lo mismo"):
            services.restaurar(vieja, por=casa.autora)
        otro_texto(casa, vieja.publicacion, hasta="publicada", nota_de_cambio="Nada.")

        with pytest.raises(CondicionIncumplida, match=r"el n\.º 2, ya dice lo mismo"):
            services.restaurar(vieja, por=casa.autora)

    def test_a_draft_that_nobody_sent_is_not_either(self, casa):
        publica = crear_version(casa, "publicada")
        descartada = otro_texto(casa, publica.publicacion, hasta="descartada", titulo="A medias")

        with pytest.raises(CondicionIncumplida, match="nunca se envió"):
            services.restaurar(descartada, por=casa.autora)

    @pytest.mark.parametrize("quien", ["tesorero", "admin", "alcalde"])
    def test_only_by_who_writes_in_the_channel(self, casa, quien):
        vieja = crear_version(casa, "reemplazada")

        with pytest.raises(SinPermiso):
            services.restaurar(vieja, por=getattr(casa, quien))

    def test_the_author_of_what_is_brought_back_does_not_authorise_it(self, casa):
        vieja = services.crear_publicacion(canal=casa.canal, tipo="noticia", por=casa.jefe, **CONTENIDO)
        services.enviar(vieja, por=casa.jefe)
        services.devolver(vieja, por=casa.editor, motivo="No.")
        otro_texto(casa, vieja.publicacion, hasta="devuelta", titulo="Otro")
        nueva = services.restaurar(vieja, por=casa.autora)
        for paso in ("enviar", "validar"):
            _dar_paso(casa, nueva, paso, None)

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(nueva, por=casa.jefe, huella=nueva.huella())


# --- The pages ----------------------------------------------------------------------------------
PAGINAS = ["comparar", "historia", "historia_csv", "historia_xlsx"]


class TestWhoReads:
    @pytest.mark.parametrize("nombre", PAGINAS)
    @pytest.mark.parametrize(
        ("quien", "estado"),
        [
            ("autora", 200),
            ("editor", 200),
            ("jefe", 200),
            ("secretaria", 200),
            ("admin", 200),
            ("tesorero", 404),
        ],
    )
    def test_those_who_may_read_the_text(self, casa, client, dos, nombre, quien, estado):
        client.force_login(getattr(casa, quien))

        assert client.get(url(nombre, dos[1])).status_code == estado

    @pytest.mark.parametrize("nombre", PAGINAS)
    def test_nobody_without_entering(self, client, dos, nombre):
        respuesta = client.get(url(nombre, dos[0]))

        assert (respuesta.status_code, respuesta.url.partition("?")[0]) == (302, reverse("admin:login"))

    def test_nothing_is_brought_back_without_entering(self, casa, client):
        vieja = crear_version(casa, "reemplazada")
        otro_texto(casa, vieja.publicacion, hasta="publicada", titulo="Distinto")

        client.post(url("restaurar", vieja))

        assert not Version.objects.filter(estado="borrador").exists()

    @pytest.mark.parametrize("nombre", PAGINAS)
    def test_only_to_be_read(self, casa, client, dos, nombre):
        client.force_login(casa.autora)

        assert client.post(url(nombre, dos[1])).status_code == 405
        assert client.get(url("restaurar", dos[0])).status_code == 405


class TestThePageThatCompares:
    def test_by_omission_with_what_the_public_reads_and_only_what_changed(self, casa, client, dos):
        client.force_login(casa.autora)

        pagina = client.get(url("comparar", dos[1])).text

        assert f"{quitado('3')} {agregado('4')}" in pagina
        assert "Sin cambios: resumen." in pagina
        assert "<h2>Resumen</h2>" not in pagina
        assert "<h2>Resumen</h2>" in client.get(url("comparar", dos[1]), {"todo": "1"}).text

    def test_any_two_the_other_way_round_and_chosen_by_number(self, casa, client, dos):
        publica, borrador = dos
        client.force_login(casa.autora)

        al_reves = client.get(url("comparar", publica), {"con": borrador.pk}).text
        elegido = client.get(url("comparar", publica), {"con": publica.pk, "texto": borrador.pk})

        assert f"{quitado('4')} {agregado('3')}" in al_reves
        assert elegido.url == f"{url('comparar', borrador)}?con={publica.pk}"

    @pytest.mark.parametrize("clave", ["x", "999999", "-1", "9" * 5000, "٣", "otra"])
    @pytest.mark.parametrize("lado", ["con", "texto"])
    def test_a_text_of_another_publication_or_none_is_not_found(self, casa, client, dos, clave, lado):
        otra = crear_version(casa, titulo="De otra publicación")
        client.force_login(casa.autora)

        respuesta = client.get(url("comparar", dos[1]), {lado: otra.pk if clave == "otra" else clave})

        assert respuesta.status_code == 404

    def test_a_publication_of_one_text_says_so(self, casa, client):
        client.force_login(casa.autora)

        assert "todavía no hay con qué compararlo" in client.get(url("comparar", crear_version(casa))).text

    def test_what_was_typed_does_not_run(self, casa, client):
        publica = crear_version(casa, "publicada", titulo="Uno")
        otra = otro_texto(casa, publica.publicacion, titulo='<img src=x onerror="a()">')
        client.force_login(casa.autora)

        assert "<img src=x" not in client.get(url("comparar", otra)).text

    @pytest.mark.parametrize("textos", [1, 8])
    def test_costs_the_same_however_many_texts(self, casa, client, textos, django_assert_num_queries):
        publicacion = crear_publicada(casa)
        for n in range(textos):
            version = otro_texto(casa, publicacion, hasta="publicada", titulo=f"Texto {n}")
        client.force_login(casa.autora)
        client.get(url("comparar", version))

        with django_assert_num_queries(CONSULTAS["comparar"]):
            client.get(url("comparar", version))
        with django_assert_num_queries(CONSULTAS["historia"]):
            client.get(url("historia", version))


class TestTheHistoryToTakeAway:
    def test_as_csv_with_neutralised_cells(self, casa, client):
        version = crear_version(casa, "en_validacion")
        services.devolver(version, por=casa.editor, motivo="=1+1")
        client.force_login(casa.autora)

        respuesta = client.get(url("historia_csv", version))

        filas = list(csv.reader(io.StringIO(respuesta.text.removeprefix("\ufeff"))))
        assert filas[0][:4] == ["Fecha", "Hora", "Texto n.º", "Qué pasó"]
        assert [fila[3] for fila in filas[1:]] == ["Empezar", "Enviar a validación", "Devolver"]
        assert filas[3][6] == "'=1+1"
        assert "attachment" in respuesta.headers["Content-Disposition"]

    def test_as_a_workbook(self, casa, client, dos):
        client.force_login(casa.autora)

        respuesta = client.get(url("historia_xlsx", dos[0]))

        hoja = CalamineWorkbook.from_filelike(io.BytesIO(respuesta.content)).get_sheet_by_index(0).to_python()
        assert [fila[3] for fila in hoja[1:4]] == ["Empezar", "Enviar a validación", "Validar"]

    def test_a_reason_that_does_not_fit_in_a_cell_is_said(self, casa, client):
        version = crear_version(casa, "en_validacion")
        services.devolver(version, por=casa.editor, motivo="a" * 33_000)
        client.force_login(casa.autora)

        respuesta = client.get(url("historia_xlsx", version), follow=True)

        assert "exporte en CSV" in respuesta.text


class TestTheButtonThatBringsBack:
    def test_opens_the_new_draft(self, casa, client):
        vieja = crear_version(casa, "reemplazada")
        otro_texto(casa, vieja.publicacion, hasta="publicada", titulo="Distinto")
        client.force_login(casa.autora)
        assert "Restaurar el texto n.º 1" in client.get(url("comparar", vieja)).text

        respuesta = client.post(url("restaurar", vieja))

        nueva = Version.objects.get(estado="borrador")
        assert respuesta.url == nueva.get_absolute_url()
        assert "lo que decía el texto n.º 1" in mensajes(respuesta)

        otra_vez = client.post(url("restaurar", vieja))

        assert otra_vez.url == nueva.get_absolute_url()
        assert "Ya hay un texto en camino" in mensajes(otra_vez)

    @pytest.mark.parametrize(("quien", "estado"), [("admin", 409), ("alcalde", 409), ("tesorero", 404)])
    def test_is_neither_shown_to_nor_done_for_who_does_not_write(self, casa, client, quien, estado):
        vieja = crear_version(casa, "reemplazada")
        otro_texto(casa, vieja.publicacion, hasta="publicada", titulo="Distinto")
        client.force_login(getattr(casa, quien))

        assert "Restaurar el texto" not in client.get(url("comparar", vieja)).text
        assert client.post(url("restaurar", vieja)).status_code == estado
        assert not Version.objects.filter(estado="borrador").exists()

    def test_what_says_the_same_is_refused_with_words(self, casa, client):
        vieja = crear_version(casa, "reemplazada")
        client.force_login(casa.autora)

        respuesta = client.post(url("restaurar", vieja))

        assert respuesta.status_code == 409
        assert "ya dice lo mismo" in mensajes(respuesta)
