"""The desk of the SUIT user: the table, the inventory, reading a trámite and taking it through its steps."""

import re
from datetime import timedelta
from itertools import count
from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.models import Actualizacion
from tests.builders import crear_cargo, crear_dependencia, crear_usuario
from tests.tramites.builders import crear_tramite, huella_abierta, llenar_hoja
from tests.tramites.formulario import leer_formulario
from tramites.admin.formularios import TramiteForm
from tramites.admin.permisos import dependencias_que_escribe
from tramites.admin.tramites import TramiteAdmin
from tramites.flujo import FLUJO, dar_paso
from tramites.hojas import editar_hoja
from tramites.models import HojaDeVida, PasoDeTramite, Tramite

TABLA = reverse("admin:tramites_tramite_changelist")
AGREGAR = reverse("admin:tramites_tramite_add")


def url(nombre: str, tramite, *mas) -> str:
    return reverse(f"admin:tramites_tramite_{nombre}", args=[tramite.pk, *mas])


def mensajes(respuesta) -> str:
    return " ".join(str(mensaje) for mensaje in get_messages(respuesta.wsgi_request))


def filas(respuesta) -> list[str]:
    """The codes in the table, in order."""
    return re.findall(r'<td class="field-codigo">([^<]+)</td>', respuesta.text)


def celda(respuesta, campo: str) -> str:
    hallada = re.search(rf'class="field-{campo}[^"]*">(.*?)</t[dh]>', respuesta.text, re.DOTALL)
    return re.sub(r"<[^>]+>", "", hallada[1]).strip()


class TestTable:
    def test_it_says_of_each_what_the_suit_user_asks(self, casa, client):
        tramite = crear_tramite(casa, publicado=True, codigo="PLA-901", nombre="Certificado de nomenclatura")
        Tramite.objects.filter(pk=tramite.pk).update(
            por_confirmar={"costo": "inferido", "tiempo": "inferido"}
        )
        client.force_login(casa.suit)

        pagina = client.get(TABLA)

        assert filas(pagina) == ["PLA-901"]
        assert celda(pagina, "nombre") == "Certificado de nomenclatura"
        assert celda(pagina, "dependencia") == "Planeación"
        assert celda(pagina, "estado") == "Inscrito"
        assert celda(pagina, "completitud") == "100 % · completa"
        assert celda(pagina, "en_el_sitio").startswith("Sí")
        assert celda(pagina, "pendientes") == "2"
        assert celda(pagina, "numero_suit") == tramite.numero_suit

    def test_grades_are_said_in_words(self, casa, client):
        for codigo, campos in {
            "PLA-901": {},
            "PLA-902": {"resultado": "", "descripcion": ""},
            "PLA-903": {"resultado": "", "descripcion": "", "grado": ""},
        }.items():
            tramite = crear_tramite(casa, "en_creacion", codigo=codigo)
            llenar_hoja(casa, tramite, **campos)
        crear_tramite(casa, "sin_gestion", codigo="PLA-904")
        client.force_login(casa.suit)

        def con(grado):
            return filas(client.get(TABLA, {"completitud": grado}))

        assert (con("completa"), con("casi"), con("incompleta")) == (
            ["PLA-901"],
            ["PLA-902"],
            ["PLA-903", "PLA-904"],
        )
        pagina = client.get(TABLA, {"completitud": "casi"})
        assert re.fullmatch(r"\d\d % · casi completa", celda(pagina, "completitud"))
        assert celda(client.get(TABLA, {"estado__exact": "sin_gestion"}), "completitud") == "Sin hoja de vida"

    def test_a_discarded_draft_does_not_count(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.resultado = hoja.descripcion = hoja.grado = ""
        dar_paso("descartar", tramite, por=casa.suit)
        client.force_login(casa.suit)

        assert celda(client.get(TABLA), "completitud") == "100 % · completa"

    def test_filters(self, casa, client):
        crear_tramite(
            casa, publicado=True, codigo="PLA-901", hoja={"grado": "total", "url_en_linea": "https://e.co"}
        )
        crear_tramite(casa, codigo="PLA-902")
        crear_tramite(casa, "sin_gestion", codigo="HAC-901", dependencia=casa.hacienda, tipo="opa")
        Tramite.objects.filter(codigo="PLA-902").update(por_confirmar={"costo": "inferido"})
        client.force_login(casa.suit)

        for filtro, esperadas in {
            f"dependencia__id__exact={casa.hacienda.pk}": ["HAC-901"],
            "estado__exact=inscrito": ["PLA-901", "PLA-902"],
            "tipo__exact=opa": ["HAC-901"],
            "publicado=si": ["PLA-901"],
            "publicado=no": ["HAC-901", "PLA-902"],
            "en_linea=total": ["PLA-901"],
            "en_linea=sin_decir": ["HAC-901"],
            "por_confirmar=si": ["PLA-902"],
            "por_confirmar=no": ["HAC-901", "PLA-901"],
            "completitud=x": ["HAC-901", "PLA-901", "PLA-902"],
        }.items():
            assert filas(client.get(f"{TABLA}?{filtro}")) == esperadas, filtro

    @pytest.mark.parametrize(
        "busca, hallado",
        [
            ("nomenclatura", True),
            ("NOMENCLATURÁ", True),
            ("papel estrato", True),
            ("pla-901", True),
            ("10999", True),
            ("predial", False),
            ("nomenclatura predial", False),
            ("%", False),
        ],
    )
    def test_search_by_name_popular_name_code_and_number(self, casa, client, busca, hallado):
        tramite = crear_tramite(casa, codigo="PLA-901", nombre="Certificado de nomenclatura")
        Tramite.objects.filter(pk=tramite.pk).update(numero_suit="10999")
        client.force_login(casa.suit)

        assert filas(client.get(TABLA, {"q": busca})) == (["PLA-901"] if hallado else [])

    def test_the_plan_by_office_above_the_table(self, casa, client):
        crear_tramite(casa, publicado=True)
        crear_tramite(casa, "sin_gestion")
        crear_tramite(casa, "sin_gestion", dependencia=casa.hacienda)
        crear_tramite(casa, "aprobado")
        client.force_login(casa.suit)

        pagina = client.get(TABLA).text

        cuadro = pagina.partition('class="avance"')[2].partition("</details>")[0]
        dice = " ".join(re.sub(r"<[^>]+>", " ", cuadro).split())
        assert "3 identificados · 33 % publicados (1) · 33 % con la hoja de vida completa (1)" in dice
        assert "Hacienda 1 0 (0 %) 0 (0 %)" in dice
        assert "Planeación 2 1 (50 %) 1 (50 %)" in dice
        assert "No cuentan 1 consulta de información" in dice

    @pytest.mark.parametrize("cuantos", [70, 2000])
    def test_it_costs_the_same_however_many(self, casa, client, cuantos, django_assert_num_queries):
        modelo = crear_tramite(casa, publicado=True)
        serie = count(1)
        nuevos = Tramite.objects.bulk_create(
            Tramite(
                codigo=f"ZZ{'ABCDEFGHIJ'[n // 900]}-{n % 900:03}",
                nombre=f"Trámite {n}",
                slug=f"tramite-{n}",
                dependencia=[casa.planeacion, casa.hacienda][n % 2],
                estado="en_creacion",
            )
            for n in (next(serie) for _ in range(cuantos))
        )
        HojaDeVida.objects.bulk_create(
            HojaDeVida(tramite=t, nombre=t.nombre, dependencia=modelo.dependencia, exigidos=20, llenos=7)
            for t in nuevos
        )
        client.force_login(casa.suit)
        client.get(TABLA)

        with django_assert_num_queries(14):
            assert len(filas(client.get(TABLA))) == min(cuantos + 1, 100)


class TestWhoSees:
    @pytest.mark.parametrize(
        "quien, estado",
        [
            ("suit", 200),
            ("jefe", 200),
            ("tesorero", 200),
            ("secretaria", 200),
            ("alcalde", 200),
            ("admin", 200),
            ("autora", 403),
            ("editor", 403),
        ],
    )
    @pytest.mark.parametrize("que", ["tabla", "ficha", "vista", "comparar", "exportar"])
    def test_whoever_has_a_post_that_acts_on_tramites(self, casa, client, quien, estado, que):
        tramite = crear_tramite(casa)
        client.force_login(getattr(casa, quien))
        direcciones = {
            "tabla": TABLA,
            "ficha": url("change", tramite),
            "vista": url("vista", tramite),
            "comparar": url("comparar", tramite),
            "exportar": reverse("admin:tramites_tramite_exportar", args=["csv"]),
        }

        assert client.get(direcciones[que]).status_code == estado

    def test_the_first_tramite_can_be_added_when_there_is_none(self, casa, client):
        client.force_login(casa.suit)

        assert client.get(TABLA).status_code == 200
        assert client.get(AGREGAR).status_code == 200

    def test_anonymous_is_asked_to_enter(self, casa, client):
        for direccion in (TABLA, AGREGAR, url("change", crear_tramite(casa))):
            assert "/admin/login/" in client.get(direccion).url

    @pytest.mark.parametrize(
        "quien, agrega",
        [("suit", True), ("jefe", True), ("admin", False), ("alcalde", True), ("autora", False)],
    )
    def test_who_adds(self, casa, client, quien, agrega):
        client.force_login(getattr(casa, quien))

        assert client.get(AGREGAR).status_code == (200 if agrega else 403)
        assert client.post(AGREGAR, {}).status_code == (422 if agrega else 403)

    @pytest.mark.parametrize("quien", ["suit", "admin", "secretaria"])
    def test_nobody_deletes(self, casa, client, quien):
        tramite = crear_tramite(casa)
        client.force_login(getattr(casa, quien))

        assert client.post(url("delete", tramite), {"post": "yes"}).status_code == 403
        assert client.post(
            TABLA, {"action": "delete_selected", "_selected_action": tramite.pk}
        ).status_code in (
            200,
            302,
        )
        assert Tramite.objects.filter(pk=tramite.pk).exists()

    def test_the_bandeja_has_the_way_in(self, casa, client):
        client.force_login(casa.suit)
        assert f'href="{TABLA}"' in client.get(reverse("admin:index")).text
        client.force_login(casa.autora)
        assert f'href="{TABLA}"' not in client.get(reverse("admin:index")).text

    def test_wrong_method_and_what_does_not_exist(self, casa, client):
        tramite = crear_tramite(casa)
        client.force_login(casa.suit)

        assert client.post(url("change", tramite)).status_code == 405
        for nombre in ("confirmar", "ratificar"):
            assert client.get(url(nombre, tramite)).status_code == 405
        assert client.get(url("paso", tramite, "actualizar")).status_code == 405
        assert client.post(url("paso", tramite, "volar")).status_code == 404
        for ajena in ("999999", "x", "²"):
            assert client.get(f"{TABLA}{ajena}/change/").status_code == 404


DATOS = {
    "codigo": "PLA-050",
    "nombre": "Certificado de nomenclatura",
    "tipo": "tramite",
    "palabra": "nomenclatura",
    "automatizacion": "por_decidir",
    "automatizacion_razon": "",
}


class TestInventory:
    def test_adding_one(self, casa, client):
        previo = crear_tramite(casa)
        client.force_login(casa.suit)

        respuesta = client.post(AGREGAR, DATOS | {"dependencia": casa.planeacion.pk, "previos": [previo.pk]})

        tramite = Tramite.objects.get(codigo="PLA-050")
        assert respuesta.url == url("change", tramite)
        assert (tramite.estado, tramite.palabra, tramite.slug) == (
            "sin_gestion",
            "nomenclatura",
            "certificado-de-nomenclatura",
        )
        assert list(tramite.previos.all()) == [previo]
        assert tramite.pasos.get().por == casa.suit

    def test_twice_adds_one_and_says_why(self, casa, client):
        client.force_login(casa.suit)
        datos = DATOS | {"dependencia": casa.planeacion.pk}
        client.post(AGREGAR, datos)

        respuesta = client.post(AGREGAR, datos)

        assert respuesta.status_code == 422
        assert 'href="#id_codigo"' in respuesta.text
        assert Tramite.objects.count() == 1

    def test_two_without_a_short_word_do_not_clash(self, casa, client):
        client.force_login(casa.suit)
        for codigo in ("PLA-050", "PLA-051"):
            client.post(AGREGAR, DATOS | {"codigo": codigo, "palabra": "", "dependencia": casa.planeacion.pk})

        assert Tramite.objects.filter(palabra=None).count() == 2

    @pytest.mark.parametrize(
        "campo, valor",
        [
            ("codigo", ""),
            ("codigo", "predial"),
            ("nombre", ""),
            ("tipo", "favor"),
            ("palabra", "con espacios"),
            ("automatizacion", "total"),
            ("previos", ["999999"]),
            ("dependencia", "999999"),
        ],
    )
    def test_bad_input_is_refused_beside_its_field_and_kept(self, casa, client, campo, valor):
        client.force_login(casa.suit)

        respuesta = client.post(AGREGAR, DATOS | {"dependencia": casa.planeacion.pk, campo: valor})

        donde = "automatizacion_razon" if campo == "automatizacion" else campo
        assert respuesta.status_code == 422
        assert f'href="#id_{donde}"' in respuesta.text and f'id="id_{donde}"' in respuesta.text
        if campo != "nombre":
            assert "Certificado de nomenclatura" in respuesta.text
        assert not Tramite.objects.exists()

    def test_a_head_adds_only_to_their_own_office(self, casa, client):
        client.force_login(casa.tesorero)

        ajena = client.post(AGREGAR, DATOS | {"dependencia": casa.planeacion.pk})
        propia = client.post(AGREGAR, DATOS | {"dependencia": casa.hacienda.pk})

        assert (ajena.status_code, propia.status_code) == (422, 302)
        assert Tramite.objects.get().dependencia == casa.hacienda

    def test_what_may_still_change(self, casa, client):
        tramite, previo = crear_tramite(casa), crear_tramite(casa)
        client.force_login(casa.suit)
        datos = {
            "palabra": "estrato",
            "automatizacion": "total",
            "automatizacion_razon": "Ya existe el formulario.",
            "previos": [previo.pk],
            "codigo": "XX-999",
            "nombre": "Otro",
        }

        respuesta = client.post(url("datos", tramite), datos)

        antes = tramite.codigo, tramite.nombre
        tramite.refresh_from_db()
        assert respuesta.url == url("change", tramite)
        assert (tramite.palabra, tramite.automatizacion) == ("estrato", "total")
        assert (tramite.codigo, tramite.nombre) == antes
        assert list(tramite.previos.all()) == [previo]
        assert tramite.history.first().history_user == casa.suit

    def test_before_its_hoja_is_begun_all_of_it_may(self, casa, client):
        tramite = crear_tramite(casa, "sin_gestion")
        client.force_login(casa.suit)

        client.post(url("datos", tramite), DATOS | {"codigo": "PLA-777", "dependencia": casa.hacienda.pk})

        tramite.refresh_from_db()
        assert (tramite.codigo, tramite.dependencia) == ("PLA-777", casa.hacienda)

    def test_what_somebody_began_to_write_meanwhile_keeps_its_identity(self, casa):
        tramite = crear_tramite(casa, "sin_gestion")
        datos = DATOS | {"dependencia": casa.hacienda.pk}
        form = TramiteForm(datos, instance=tramite, dependencias=dependencias_que_escribe(casa.suit))
        assert form.is_valid()
        dar_paso("empezar", Tramite.objects.get(pk=tramite.pk), por=casa.suit)

        TramiteAdmin._guardar_datos(SimpleNamespace(user=casa.suit), form)

        guardado = Tramite.objects.get(pk=tramite.pk)
        assert (guardado.estado, guardado.dependencia) == ("en_creacion", casa.planeacion)
        assert guardado.codigo != "PLA-050"
        assert guardado.palabra == "nomenclatura"

    def test_a_circle_is_refused_with_its_reason(self, casa, client):
        primero, segundo = crear_tramite(casa), crear_tramite(casa)
        segundo.previos.add(primero)
        client.force_login(casa.suit)

        respuesta = client.post(url("datos", primero), DATOS | {"previos": [segundo.pk]})

        assert respuesta.status_code == 422
        assert "terminaría siendo requisito de sí mismo" in respuesta.text
        assert not primero.previos.exists()
        primero.refresh_from_db()
        assert primero.palabra is None

    @pytest.mark.parametrize("quien", ["tesorero", "alcalde", "admin", "autora"])
    def test_whoever_does_not_write_it_does_not_change_it(self, casa, client, quien):
        tramite = crear_tramite(casa)
        client.force_login(getattr(casa, quien))

        assert client.get(url("datos", tramite)).status_code == 403
        assert client.post(url("datos", tramite), DATOS).status_code == 403


class TestReading:
    @pytest.mark.parametrize("estado", Tramite.Estado.values)
    def test_every_state_has_its_page(self, casa, client, estado):
        tramite = crear_tramite(casa, estado)
        client.force_login(casa.suit)

        pagina = client.get(url("change", tramite))

        assert pagina.status_code == 200
        assert tramite.get_estado_display() in pagina.text
        for paso in FLUJO.posibles(tramite, casa.suit):
            assert url("paso", tramite, paso.nombre) in pagina.text

    def test_a_draft_names_its_gaps_with_a_link_to_each(self, casa, client):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite, grado="", resultado="")
        client.force_login(casa.suit)

        pagina = client.get(url("change", tramite)).text

        assert "Faltan 2 datos para enviarla" in pagina
        assert f'<a href="{url("hoja", tramite)}#id_grado_0">Falta decir si se hace en línea.</a>' in pagina

    def test_an_older_hoja_is_read_but_moves_nothing(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        client.force_login(casa.suit)

        vieja = client.get(f"{url('change', tramite)}?hoja=1").text
        ninguna = client.get(f"{url('change', tramite)}?hoja=77").text

        assert "Está leyendo una hoja de vida anterior." in vieja
        assert url("paso", tramite, "enviar") not in vieja
        assert url("paso", tramite, "enviar") in ninguna

    def test_the_reason_of_a_return_is_on_top(self, casa, client):
        tramite = crear_tramite(casa, "en_correccion")
        client.force_login(casa.suit)

        pagina = client.get(url("change", tramite)).text

        assert "Falta la norma del Concejo." in pagina.partition('class="revision"')[0]

    @pytest.mark.parametrize("hojas", [1, 4])
    def test_it_costs_the_same_however_long_its_life(self, casa, client, hojas, django_assert_num_queries):
        tramite = crear_tramite(casa)
        for _ in range(hojas):
            tramite = dar_paso("actualizar", tramite, por=casa.suit)
            tramite = dar_paso("descartar", tramite, por=casa.suit)
        client.force_login(casa.suit)
        client.get(url("change", tramite))

        with django_assert_num_queries(26):
            client.get(url("change", tramite))

    def test_as_the_citizen_will_read_it(self, casa, client):
        tramite = crear_tramite(casa, "en_creacion", nombre="Certificado de nomenclatura")
        llenar_hoja(casa, tramite, descripcion="Dice la dirección oficial.")
        client.force_login(casa.suit)

        respuesta = client.get(url("vista", tramite))

        assert respuesta.status_code == 200
        assert "Vista previa." in respuesta.text and "Todavía no la lee nadie" in respuesta.text
        assert "Dice la dirección oficial." in respuesta.text
        assert "Certificado de existencia" in respuesta.text
        assert "no-store" in respuesta["Cache-Control"]
        assert 'content="noindex"' in respuesta.text
        para = client.get(f"{url('vista', tramite)}?para=ciudadano").text
        assert "Certificado de existencia" not in para

    def test_a_preview_counts_no_reading_and_shows_the_draft_only_there(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa, publicado=True), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.descripcion = "Solo en el borrador."
        client.force_login(casa.suit)

        assert "Solo en el borrador." in client.get(url("vista", tramite)).text
        assert "Solo en el borrador." not in client.get(f"{url('vista', tramite)}?hoja=1").text
        assert "Solo en el borrador." not in client.get(tramite.get_absolute_url()).text
        assert not tramite.lecturas.exists()

    def test_without_a_hoja_there_is_nothing_to_preview(self, casa, client):
        tramite = crear_tramite(casa, "sin_gestion")
        client.force_login(casa.suit)

        assert client.get(url("vista", tramite)).url == url("change", tramite)


class TestSteps:
    def test_from_the_inventory_to_the_public(self, casa, client):
        """Each person through their own buttons."""
        tramite = crear_tramite(casa, "sin_gestion")

        def paso(quien, nombre, **datos):
            client.force_login(quien)
            formulario = leer_formulario(
                client.get(url("change", tramite)).text.replace(
                    f'action="{url("paso", tramite, nombre)}"', "data-este"
                ),
                "data-este",
            )
            return client.post(url("paso", tramite, nombre), formulario.dict() | datos)

        empieza = paso(casa.suit, "empezar")
        assert empieza.url == url("hoja", tramite)
        llenar_hoja(casa, tramite)
        assert paso(casa.suit, "enviar").status_code == 302
        assert paso(casa.jefe, "remitir").status_code == 302
        assert paso(casa.suit, "inscribir", numero_suit="54321").status_code == 302
        publica = paso(casa.suit, "publicar")

        tramite.refresh_from_db()
        assert (tramite.estado, tramite.numero_suit) == ("inscrito", "54321")
        assert tramite.hoja_publica is not None
        assert "Hecho: Publicar en el sitio" in mensajes(publica)
        assert Actualizacion.objects.filter(clase="publicacion").count() == 1

    def test_sending_with_gaps_is_refused_and_says_which(self, casa, client):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite, grado="")
        client.force_login(casa.suit)

        respuesta = client.post(url("paso", tramite, "enviar"))

        assert respuesta.status_code == 409
        assert "Falta decir si se hace en línea." in mensajes(respuesta)
        tramite.refresh_from_db()
        assert tramite.estado == "en_creacion"

    def test_a_long_list_of_gaps_is_told_short(self, casa, client):
        tramite = crear_tramite(casa, "en_creacion")
        client.force_login(casa.suit)

        respuesta = client.post(url("paso", tramite, "enviar"))

        assert re.search(r"Y \d+ más\.", mensajes(respuesta))
        assert len(mensajes(respuesta)) < 300

    def test_a_structural_change_is_told_before_it_is_sent(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.tiempo_cantidad = 30
        client.force_login(casa.suit)

        pagina = client.get(url("change", tramite)).text
        rechazo = client.post(url("paso", tramite, "enviar"))

        assert "Es una modificación estructural." in pagina
        assert "Aumenta el tiempo de respuesta" in pagina
        assert f"{url('hoja', tramite)}#id_acto_soporte" in pagina
        assert rechazo.status_code == 409
        assert "escriba el acto que la soporta" in mensajes(rechazo)

    def test_without_a_reason_nothing_is_returned_and_the_form_says_so(self, casa, client):
        tramite = crear_tramite(casa, "enviado")
        client.force_login(casa.jefe)

        respuesta = client.post(url("paso", tramite, "devolver"), {"motivo": " "})

        assert respuesta.status_code == 422
        assert 'id="paso-devolver-motivo_error"' in respuesta.text
        tramite.refresh_from_db()
        assert tramite.estado == "enviado"

    @pytest.mark.parametrize("numero", ["", "12a", "1" * 11])
    def test_a_number_that_is_none_is_refused_and_kept(self, casa, client, numero):
        tramite = crear_tramite(casa, "en_evaluacion")
        client.force_login(casa.suit)

        respuesta = client.post(url("paso", tramite, "inscribir"), {"numero_suit": numero})

        assert respuesta.status_code in {409, 422}
        assert f'value="{numero}"' in respuesta.text or not numero
        tramite.refresh_from_db()
        assert tramite.estado == "en_evaluacion"

    def test_the_number_of_another_is_refused_naming_it(self, casa, client):
        otro, tramite = crear_tramite(casa), crear_tramite(casa, "en_evaluacion")
        client.force_login(casa.suit)

        respuesta = client.post(url("paso", tramite, "inscribir"), {"numero_suit": otro.numero_suit})

        assert respuesta.status_code == 409
        assert otro.nombre in mensajes(respuesta)
        assert f'value="{otro.numero_suit}"' in respuesta.text

    def test_what_was_read_is_what_is_approved(self, casa, client):
        tramite = crear_tramite(casa, "enviado")
        client.force_login(casa.jefe)

        respuesta = client.post(url("paso", tramite, "remitir"), {"huella": "otra"})

        assert respuesta.status_code == 409
        assert "no es la misma que usted abrió" in mensajes(respuesta)
        assert huella_abierta(tramite) in respuesta.text

    @pytest.mark.parametrize(
        "quien, nombre, estado",
        [
            ("suit", "remitir", 403),
            ("tesorero", "remitir", 403),
            ("admin", "remitir", 403),
            ("autora", "remitir", 403),
            ("jefe", "recoger", 403),
            ("jefe", "inscribir", 409),
        ],
    )
    def test_a_step_that_is_not_ones_own(self, casa, client, quien, nombre, estado):
        tramite = crear_tramite(casa, "enviado")
        client.force_login(getattr(casa, quien))
        datos = {"huella": huella_abierta(tramite), "motivo": "Porque sí.", "numero_suit": "1"}

        respuesta = client.post(url("paso", tramite, nombre), datos)

        assert respuesta.status_code == estado
        tramite.refresh_from_db()
        assert tramite.estado == "enviado"

    def test_twice_takes_it_once_and_says_where_it_is(self, casa, client):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite)
        client.force_login(casa.suit)
        client.post(url("paso", tramite, "enviar"))

        otra = client.post(url("paso", tramite, "enviar"))

        assert otra.status_code == 409
        assert "está en el estado «enviado para aprobación»" in mensajes(otra)
        assert PasoDeTramite.objects.filter(tramite=tramite, accion="enviar").count() == 1

    def test_discarding_asks_twice_and_suppressing_is_apart(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        client.force_login(casa.secretaria)

        pagina = client.get(url("change", tramite)).text

        descartar = pagina.partition(url("paso", tramite, "descartar"))[2].partition("</form>")[0]
        assert "<details" in descartar and "No se puede deshacer." in descartar
        assert url("paso", tramite, "suprimir") in pagina.partition('class="aparte"')[2]

    def test_still_in_force(self, casa, client):
        ayer = timezone.now() - timedelta(days=1)
        tramite = crear_tramite(casa, publicado=True, en=ayer)
        client.force_login(casa.suit)
        assert url("ratificar", tramite) in client.get(url("change", tramite)).text

        una = client.post(url("ratificar", tramite))
        otra = client.post(url("ratificar", tramite))

        assert "Revisado: sigue vigente" in mensajes(una)
        assert otra.status_code == 409
        assert Actualizacion.objects.filter(clase="ratificacion").count() == 1
        client.force_login(casa.tesorero)
        assert client.post(url("ratificar", tramite)).status_code == 403

    def test_confirming_a_datum(self, casa, client):
        tramite = crear_tramite(casa)
        Tramite.objects.filter(pk=tramite.pk).update(por_confirmar={"costo": "inferido: gratuito"})
        client.force_login(casa.suit)
        assert "inferido: gratuito" in client.get(url("change", tramite)).text

        una = client.post(url("confirmar", tramite), {"parte": "costo"})
        otra = client.post(url("confirmar", tramite), {"parte": "costo"})

        tramite.refresh_from_db()
        assert (una.status_code, otra.status_code) == (302, 409)
        assert tramite.por_confirmar == {}
        assert tramite.pasos.last().por == casa.suit

    @pytest.mark.parametrize("quien, estado", [("tesorero", 403), ("admin", 403), ("autora", 403)])
    def test_whoever_does_not_write_it_confirms_nothing(self, casa, client, quien, estado):
        tramite = crear_tramite(casa)
        Tramite.objects.filter(pk=tramite.pk).update(por_confirmar={"costo": "inferido"})
        client.force_login(getattr(casa, quien))

        assert client.post(url("confirmar", tramite), {"parte": "costo"}).status_code == estado
        assert "Confirmar el costo" not in client.get(url("change", tramite)).text
        tramite.refresh_from_db()
        assert tramite.por_confirmar

    def test_a_superuser_reads_and_takes_no_step(self, casa, client):
        tramite = crear_tramite(casa, "en_creacion")
        client.force_login(casa.admin)

        pagina = client.get(url("change", tramite)).text

        assert "/paso/" not in pagina
        assert "Por ahora nada: su hoja de vida se está escribiendo." in pagina


class TestComparing:
    def test_the_last_two_and_any_two(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.tiempo_cantidad = 30
        client.force_login(casa.jefe)

        ultima = client.get(url("comparar", tramite)).text
        al_reves = client.get(f"{url('comparar', tramite)}?antes=2&ahora=1").text

        assert "Cambios estructurales:" in ultima
        assert re.search(r"<del>.*?5.*?</del>", ultima) and re.search(r"<ins>.*?30.*?</ins>", ultima)
        assert "quitado: " in ultima and "agregado: " in ultima
        assert "Cambios estructurales:" not in al_reves
        assert re.search(r"<ins>.*?5.*?</ins>", al_reves)

    def test_the_same_says_the_same(self, casa, client):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        client.force_login(casa.jefe)

        assert "Las dos hojas de vida dicen lo mismo." in client.get(url("comparar", tramite)).text

    @pytest.mark.parametrize(
        "consulta", ["?antes=9&ahora=1", "?antes=x&ahora=1", "?antes=1", "?hoja=²&antes=²"]
    )
    def test_a_number_that_is_none_asks_again(self, casa, client, consulta):
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        client.force_login(casa.jefe)

        respuesta = client.get(url("comparar", tramite) + consulta)

        assert respuesta.status_code == 200
        assert "Elija dos hojas de vida de este trámite." in respuesta.text

    @pytest.mark.parametrize(
        "estado, dice", [("inscrito", "una hoja de vida"), ("sin_gestion", "ninguna hoja de vida")]
    )
    def test_with_fewer_than_two_there_is_nothing_to_compare(self, casa, client, estado, dice):
        tramite = crear_tramite(casa, estado)
        client.force_login(casa.suit)

        assert dice in client.get(url("comparar", tramite)).text


class TestInAndOut:
    @pytest.mark.parametrize("formato, firma", [("csv", b"\xef\xbb\xbfcodigo"), ("xlsx", b"PK")])
    def test_what_the_table_shows_is_downloaded(self, casa, client, formato, firma):
        crear_tramite(casa, codigo="PLA-901")
        crear_tramite(casa, "sin_gestion", codigo="PLA-902")
        client.force_login(casa.suit)
        direccion = reverse("admin:tramites_tramite_exportar", args=[formato])

        todos, uno = client.get(direccion), client.get(f"{direccion}?estado__exact=inscrito")

        assert todos.content.startswith(firma)
        assert f'filename="tramites.{formato}"' in todos["Content-Disposition"]
        if formato == "csv":
            assert "PLA-901" in todos.text and "PLA-902" in todos.text
            assert "PLA-901" in uno.text and "PLA-902" not in uno.text

    def test_an_address_that_is_wrong(self, casa, client):
        client.force_login(casa.suit)
        malo = reverse("admin:tramites_tramite_exportar", args=["pdf"])
        filtro = reverse("admin:tramites_tramite_exportar", args=["csv"]) + "?no_existe=1"

        assert client.get(malo).status_code == 404
        assert client.get(filtro).url == TABLA

    def test_a_catalogue_comes_back_into_a_draft(self, casa, client):
        tramite = crear_tramite(casa, publicado=True, codigo="PLA-901")
        client.force_login(casa.suit)
        texto = client.get(reverse("admin:tramites_tramite_exportar", args=["csv"])).content.decode(
            "utf-8-sig"
        )
        cambiado = texto.replace("Dice a qué estrato pertenece un predio.", "Certifica el estrato.")

        respuesta = client.post(
            reverse("admin:tramites_tramite_importar"),
            {"archivo": SimpleUploadedFile("tramites.csv", cambiado.encode())},
        )

        tramite.refresh_from_db()
        assert respuesta.url == TABLA
        assert "1 cambiadas" in mensajes(respuesta)
        assert tramite.estado == "en_actualizacion"
        assert tramite.hoja_abierta().descripcion == "Certifica el estrato."
        assert tramite.hoja_publica.descripcion == "Dice a qué estrato pertenece un predio."

    @pytest.mark.parametrize(
        "contenido",
        [b"codigo\nNO-999\n", b"\xff\xfe\x00", b"PK\x03\x04roto", b""],
        ids=["codigo", "raro", "zip", "vacio"],
    )
    def test_a_file_that_is_wrong_changes_nothing_and_says_why(self, casa, client, contenido):
        crear_tramite(casa)
        client.force_login(casa.suit)
        antes = HojaDeVida.objects.count()

        respuesta = client.post(
            reverse("admin:tramites_tramite_importar"), {"archivo": SimpleUploadedFile("t.csv", contenido)}
        )

        assert respuesta.status_code == 422
        assert 'class="errorlist"' in respuesta.text
        assert HojaDeVida.objects.count() == antes

    @pytest.mark.parametrize("quien", ["admin", "autora"])
    @pytest.mark.parametrize("nombre", ["importar", "importar_ficha"])
    def test_only_who_writes_imports(self, casa, client, quien, nombre):
        client.force_login(getattr(casa, quien))
        direccion = reverse(f"admin:tramites_tramite_{nombre}")

        assert client.get(direccion).status_code == 403
        assert client.post(direccion).status_code == 403

    FICHA = (
        '{"nombre": "Certificado de nomenclatura", "proposito": "Conocer la dirección oficial de su predio.",'
        ' "momentos": [{"orden": 1, "descripcion": "Reunir documentos", "requisitos": [{"orden": 1,'
        ' "tipoRequisito": "DOCUMENTO", "nombreDocumento": "Recibo"}]}], "raro": 1}'
    )

    @pytest.mark.parametrize("en_archivo", [True, False])
    def test_an_official_ficha_goes_to_the_draft_and_tells_what_it_left_out(self, casa, client, en_archivo):
        tramite = crear_tramite(casa, "en_creacion")
        client.force_login(casa.suit)
        direccion = reverse("admin:tramites_tramite_importar_ficha")
        assert (
            f'<option value="{tramite.pk}" selected>' in client.get(f"{direccion}?tramite={tramite.pk}").text
        )

        archivo = {"archivo": SimpleUploadedFile("ficha.json", self.FICHA.encode())}
        respuesta = client.post(
            direccion, {"tramite": tramite.pk} | (archivo if en_archivo else {"texto": self.FICHA})
        )

        assert respuesta.url == url("hoja", tramite)
        assert tramite.hoja_abierta().descripcion == "Conocer la dirección oficial de su predio."
        assert "No se tomó todo" in mensajes(respuesta)

    @pytest.mark.parametrize("texto", ["", "{", "[]", '{"nombre": "x"}', "no es json"])
    def test_what_is_no_ficha_is_refused_and_kept(self, casa, client, texto):
        tramite = crear_tramite(casa, "en_creacion")
        client.force_login(casa.suit)

        respuesta = client.post(
            reverse("admin:tramites_tramite_importar_ficha"), {"tramite": tramite.pk, "texto": texto}
        )

        assert respuesta.status_code == 422
        assert 'id="id_texto_error"' in respuesta.text

    def test_a_file_that_is_not_text(self, casa, client):
        client.force_login(casa.suit)

        respuesta = client.post(
            reverse("admin:tramites_tramite_importar_ficha"),
            {"archivo": SimpleUploadedFile("f.json", b"\xff\xfe\xfa")},
        )

        assert "El archivo no está en UTF-8." in respuesta.text

    def test_into_a_tramite_of_another_office(self, casa, client):
        otra = crear_dependencia("Cultura")
        jefa = crear_usuario("cultura", crear_cargo(otra, es_jefatura=True))
        tramite = crear_tramite(casa, "en_creacion")
        client.force_login(jefa)

        respuesta = client.post(
            reverse("admin:tramites_tramite_importar_ficha"),
            {"tramite": tramite.pk, "texto": self.FICHA},
        )

        assert respuesta.status_code == 422
        assert not tramite.hoja_abierta().descripcion
