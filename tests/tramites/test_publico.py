"""What the citizen reads of trámites: the catalogue, each page, life situations, figures."""

import json
import re
from datetime import timedelta
from decimal import Decimal

import html5lib
import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.models import Edicion, Municipio
from tests.builders import en_fecha
from tests.tramites.builders import (
    CAMINOS,
    crear_casa_de_tramites,
    crear_muchos,
    crear_tramite,
    huella_abierta,
    llenar_hoja,
)
from tramites import avance
from tramites.flujo import dar_paso
from tramites.hojas import agregar_accion, agregar_momento, editar_hoja
from tramites.models import (
    Accion,
    Audiencia,
    LecturaDiaria,
    Racionalizacion,
    SituacionDeVida,
    Tramite,
    TramiteEnSituacion,
    ValorDeReferencia,
)
from tramites.services import confirmar_dato
from tramites.urls import urlpatterns

#: States to which the builders can take what is before the public.
PUBLICABLES = ["en_evaluacion", "inscrito", "en_actualizacion", "suprimido", "aprobado"]
FIJAS = ["/tramites/", "/tramites/avance/", "/tramites/racionalizacion/", "/situaciones/"]


def html_valido(respuesta) -> None:
    html5lib.HTMLParser(strict=True).parse(respuesta.content.decode())


def texto_de(respuesta) -> str:
    """What is read on the page, without markup."""
    sin_codigo = re.sub(r"<(script|style)\b.*?</\1>", " ", respuesta.text, flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", sin_codigo).replace("\xa0", " ").split())


def datos_enlazados(respuesta) -> dict:
    [guion] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', respuesta.text, re.DOTALL)
    return json.loads(guion)


def publicar_a_medida(casa, cambiar=lambda hoja: None, **campos) -> Tramite:
    """A trámite before the public whose complete hoja de vida was changed by `cambiar` before sending it."""
    tramite = crear_tramite(casa, "en_creacion", **campos)
    llenar_hoja(casa, tramite)
    with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
        cambiar(hoja)
    dar_paso("enviar", tramite, por=casa.suit)
    dar_paso("remitir", tramite, por=casa.secretaria, huella=huella_abierta(tramite))
    return dar_paso("publicar", tramite, por=casa.suit)


def sin_pagos(hoja) -> None:
    hoja.momentos.filter(acciones__tipo="pago").delete()


def con_pago(**campos):
    """A change of hoja that leaves only that payment."""

    def cambiar(hoja):
        sin_pagos(hoja)
        valores = {
            "descripcion": "Valor",
            "entidad_recaudadora": "Tesorería",
            "no_aplica": {"fundamento": "-"},
        }
        agregar_accion(agregar_momento(hoja, "Pagar"), tipo="pago", **valores | campos)

    return cambiar


def crear_situacion(*tramites: Tramite, **campos) -> SituacionDeVida:
    n = SituacionDeVida.objects.count() + 1
    valores = {"nombre": f"Situación {n}", "slug": f"situacion-{n}", "descripcion": "Para probar."}
    situacion = SituacionDeVida.objects.create(**valores | campos)
    for orden, tramite in enumerate(tramites):
        TramiteEnSituacion.objects.create(situacion=situacion, tramite=tramite, orden=orden)
    return situacion


def crear_racionalizacion(casa, tramite: Tramite, **campos) -> Racionalizacion:
    hoy = timezone.localdate()
    valores = {
        "clase": "administrativa",
        "antes": "Tardaba 15 días hábiles.",
        "despues": "Tarda 5 días hábiles.",
        "beneficio": "La gente espera menos.",
        "inicio": hoy - timedelta(days=30),
        "fin": hoy + timedelta(days=30),
        "responsable": casa.cargo_jefe,
    }
    return Racionalizacion.objects.create(tramite=tramite, **valores | campos)


@pytest.fixture
def publicado(casa) -> Tramite:
    return crear_tramite(casa, publicado=True, nombre="Certificado de estratificación")


class TestEveryPage:
    @pytest.mark.parametrize("ruta", FIJAS)
    @pytest.mark.parametrize("con_datos", [False, True])
    def test_is_valid_html_and_sets_no_cookie(self, client, db, ruta, con_datos, request):
        if con_datos:
            tramite = request.getfixturevalue("publicado")
            crear_situacion(tramite)
            crear_racionalizacion(request.getfixturevalue("casa"), tramite)

        respuesta = client.get(ruta)

        assert respuesta.status_code == 200
        html_valido(respuesta)
        assert not respuesta.cookies
        assert "Cookie" not in respuesta.headers.get("Vary", "")
        assert respuesta.headers["Cache-Control"] == "public, no-cache"

    def test_of_a_tramite_too(self, client, casa, publicado):
        publicado.palabra = "estrato"
        publicado.save()
        situacion = crear_situacion(publicado)

        for ruta in (
            publicado.get_absolute_url(),
            f"{publicado.get_absolute_url()}?para=organizaciones",
            f"{publicado.get_absolute_url()}cartel/",
            situacion.get_absolute_url(),
            "/tramites/?q=estrato&gratuito=on",
            "/tramites/?q=nada-de-nada",
            "/tramites/?dependencia=no-hay",
        ):
            respuesta = client.get(ruta)
            assert respuesta.status_code == 200, ruta
            html_valido(respuesta)
            assert not respuesta.cookies
            assert respuesta.text.count("<h1") == 1
            assert "unsafe" not in respuesta.headers["Content-Security-Policy"]

    def test_is_only_read(self, client, publicado):
        rutas = [*FIJAS, publicado.get_absolute_url(), f"{publicado.get_absolute_url()}cartel/", "/t/x/"]
        for ruta in rutas:
            for metodo in ("post", "put", "delete"):
                assert getattr(client, metodo)(ruta).status_code == 405, ruta

    def test_every_address_without_parameters_is_in_these_tests(self):
        sin_parametros = {f"/{p.pattern}" for p in urlpatterns if "<" not in str(p.pattern)}

        assert sin_parametros == {*FIJAS, "/tramites.json"}

    @pytest.mark.parametrize(
        "ruta", ["/tramites/no-hay/", "/tramites/no-hay/cartel/", "/situaciones/no-hay/", "/t/no-hay/"]
    )
    def test_what_does_not_exist_is_not_found(self, client, casa, ruta):
        assert client.get(ruta).status_code == 404

    def test_the_menu_says_where_one_is(self, client, publicado):
        situacion = crear_situacion(publicado)

        for ruta in ("/tramites/", publicado.get_absolute_url(), situacion.get_absolute_url()):
            pagina = client.get(ruta).text
            assert '<a href="/tramites/" aria-current="true">' in pagina
        assert '<a href="/tramites/" aria-current="true">' not in client.get("/agenda/").text

    def test_the_channel_leads_to_the_catalogue(self, client, casa):
        respuesta = client.get("/canales/tramites/")

        assert (respuesta.status_code, respuesta.url) == (301, "/tramites/")


class TestWhatIsPublic:
    @pytest.mark.parametrize(
        "estado, publicado", [*((estado, False) for estado in CAMINOS), *((e, True) for e in PUBLICABLES)]
    )
    def test_page_list_search_situation_and_sitemap_agree(self, casa, client, estado, publicado):
        tramite = crear_tramite(casa, estado, publicado=publicado, nombre="Permiso inconfundible")
        situacion = crear_situacion(tramite)
        url = tramite.get_absolute_url()

        visible = publicado and estado != "suprimido"
        codigo = 200 if visible else 410 if publicado else 404
        assert client.get(url).status_code == codigo
        assert client.get(f"{url}cartel/").status_code == (200 if visible else 404)
        assert ("inconfundible" in client.get("/tramites/").text) is visible
        assert (url in client.get("/tramites/?q=inconfundible").text) is visible
        assert (url in client.get("/buscar/?q=inconfundible").text) is visible
        assert (url in client.get("/sitemap.xml").text) is visible
        assert ("inconfundible" in client.get(situacion.get_absolute_url()).text) is visible
        assert (situacion.get_absolute_url() in client.get("/situaciones/").text) is visible

    def test_withdrawn_is_not_found(self, casa, client, publicado):
        dar_paso("retirar", publicado, por=casa.secretaria, motivo="Tiene un error.")

        assert client.get(publicado.get_absolute_url()).status_code == 404
        assert publicado.get_absolute_url() not in client.get("/tramites/").text

    def test_suppressed_says_since_when_and_why_without_its_text(self, casa, client, publicado):
        dar_paso("suprimir", publicado, por=casa.secretaria, motivo="La derogó la Ley 1 de 2026.")

        respuesta = client.get(publicado.get_absolute_url())

        assert respuesta.status_code == 410
        html_valido(respuesta)
        assert "La derogó la Ley 1 de 2026." in respuesta.text
        assert f'datetime="{timezone.localdate()}"' in respuesta.text
        assert "Recibo de un servicio público" not in respuesta.text

    def test_what_is_being_written_is_not_seen(self, casa, client, publicado):
        client.get(publicado.get_absolute_url())
        dar_paso("actualizar", publicado, por=casa.suit)
        with editar_hoja(publicado.hoja_abierta(), por=casa.suit) as hoja:
            hoja.nombre = hoja.descripcion = "Borrador secreto"

        assert "Borrador secreto" not in client.get(publicado.get_absolute_url()).text
        dar_paso("enviar", publicado, por=casa.suit)
        dar_paso("aprobar_cambio", publicado, por=casa.secretaria, huella=huella_abierta(publicado))
        assert "Borrador secreto" not in client.get(publicado.get_absolute_url()).text
        dar_paso("publicar", publicado, por=casa.suit)

        assert "Borrador secreto" in client.get(publicado.get_absolute_url()).text
        assert "Borrador secreto" in client.get("/tramites/").text

    def test_html_in_what_people_write_is_shown_not_run(self, casa, client):
        hostil = "</script><script>alert(1)</script>"

        def cambiar(hoja):
            hoja.nombre = f"Permiso {hostil}"
            hoja.descripcion = hoja.resultado = hoja.informacion_adicional = hostil
            hoja.palabras_clave = [hostil]

        tramite = publicar_a_medida(casa, cambiar, palabra="permiso")
        situacion = crear_situacion(tramite, nombre=hostil, descripcion=hostil)

        url = tramite.get_absolute_url()
        for ruta in (
            url,
            f"{url}cartel/",
            "/tramites/",
            "/tramites/?q=permiso",
            situacion.get_absolute_url(),
        ):
            respuesta = client.get(ruta)
            assert "<script>alert" not in respuesta.text, ruta
            html_valido(respuesta)
        assert datos_enlazados(client.get(url))["name"] == f"Permiso {hostil}"


class TestPageOfATramite:
    def test_goes_in_the_order_people_need(self, casa, client, publicado):
        pagina = client.get(publicado.get_absolute_url()).text.partition("<main")[2]

        titulos = [
            " ".join(re.sub(r"<[^>]+>", "", t).split()) for t in re.findall(r"<h2[^>]*>(.*?)</h2>", pagina)
        ]
        orden = [
            "Antes de empezar",
            "Pasos",
            "Dónde y cuándo",
            "Qué recibe",
            "Soporte legal",
            "Quién responde",
        ]
        assert [titulo for titulo in titulos if titulo in orden] == orden
        assert pagina.index("papel del estrato") < pagina.index("Dice a qué estrato pertenece")
        assert pagina.index("Cuánto cuesta") < pagina.index("Dónde se hace") < pagina.index("Pasos")

    def test_says_everything_the_hoja_says(self, casa, client):
        def cambiar(hoja):
            hoja.tiempo_cantidad, hoja.tiempo_unidad = 1, "calendario"
            hoja.tiempo_observaciones = "Puede prorrogarse."
            hoja.vigencia_unidad, hoja.vigencia_cantidad = "meses", 3
            hoja.fecha_cualquiera, hoja.fecha_limites = False, "Del 1 al 31 de marzo."
            hoja.seguimiento_detalle = "Pregunte con el radicado."
            hoja.informacion_adicional = "Lleve lapicero."
            hoja.nota_de_cambio = "Ahora tarda menos."
            documento = Accion.objects.filter(momento__hoja=hoja, tipo="documento").first()
            documento.originales, documento.copias, documento.nota = 1, 2, "Legible."
            documento.es_excepcion, documento.excepcion_cuando = True, "si actúa por apoderado"
            documento.save()
            pago = Accion.objects.get(momento__hoja=hoja, tipo="pago")
            pago.cuenta_tipo, pago.cuenta_numero, pago.enlace = (
                "De ahorros",
                "123-456",
                "https://pagos.example.co/x",
            )
            pago.save()

        leido = texto_de(client.get(publicar_a_medida(casa, cambiar).get_absolute_url()))

        for parte in (
            "También se conoce como: papel del estrato",
            "hasta 1 día calendario",
            "Puede prorrogarse.",
            "Vence a los 3 meses",
            "Solo en ciertas fechas: Del 1 al 31 de marzo.",
            "Pregunte con el radicado.",
            "Lleve lapicero.",
            "Qué cambió: Ahora tarda menos.",
            "1 original · 2 copias",
            "solo en algunos casos: si actúa por apoderado",
            "Legible.",
            "Cuenta de ahorros 123-456",
            "Pagar en línea en pagos.example.co",
            "Lo exige: Ley 142 de 1994, art. 101",
            "En persona, por correo electrónico",
            "Planeación",
        ):
            assert parte in leido, parte

    def test_what_is_needed_lists_no_payments_and_a_step_does_not_say_the_same_twice(self, casa, client):
        def cambiar(hoja):
            momento = agregar_momento(hoja, "Venga por el certificado")
            agregar_accion(momento, tipo="solicitud", descripcion=momento.descripcion, canal="presencial")

        leido = texto_de(client.get(publicar_a_medida(casa, cambiar).get_absolute_url()))

        necesita = leido.partition("Qué necesita")[2].partition("Cuánto cuesta")[0]
        assert "Recibo de un servicio público" in necesita and "Valor del certificado" not in necesita
        assert leido.count("Venga por el certificado") == 1
        assert "Venga por el certificado · En persona" in leido

    def test_one_button_online_when_it_exists_and_where_to_go_when_not(self, casa, client, publicado):
        def en_linea(hoja):
            hoja.grado, hoja.url_en_linea = "total", "https://tramites.example.co/estrato"

        con = client.get(publicar_a_medida(casa, en_linea).get_absolute_url()).text
        sin = client.get(publicado.get_absolute_url()).text

        assert 'href="https://tramites.example.co/estrato"' in con and "Hacer en línea" in con
        assert "Hacer en línea" not in sin and 'href="#donde"' in sin
        assert [
            pagina.partition('class="ancho opinion')[0].count('class="boton') for pagina in (con, sin)
        ] == [1, 1]

    def test_a_reason_takes_the_place_of_what_does_not_apply(self, casa, client):
        def cambiar(hoja):
            hoja.tiempo_cantidad = None
            hoja.puntos.clear()
            hoja.medios_entrega, hoja.seguimiento, hoja.vigencia_unidad = [], [], ""
            hoja.no_aplica = {
                "tiempo": "Depende del clima.",
                "puntos": "Se hace por teléfono.",
                "medios_entrega": "No se entrega nada.",
                "seguimiento": "Es inmediato.",
                "vigencia_unidad": "No hay documento.",
            }

        leido = texto_de(client.get(publicar_a_medida(casa, cambiar).get_absolute_url()))

        for razon in ("Depende del clima.", "Se hace por teléfono.", "Es inmediato.", "No hay documento."):
            assert razon in leido

    def test_a_place_lacking_something_takes_it_from_its_office_and_then_from_the_municipality(
        self, casa, client, publicado
    ):
        def contacto():
            leido = texto_de(client.get(publicado.get_absolute_url()))
            return leido.partition("Dónde y cuándo")[2].partition("Qué recibe")[0]

        Municipio.objects.update(por_confirmar=["telefono"])
        Edicion.avanzar()
        assert "Carrera 2 n.º 2-35" in contacto() and "dato de demostración" in contacto()
        casa.planeacion.telefono = "607 111 2233"
        casa.planeacion.save()
        assert "607 111 2233" in contacto() and "dato de demostración" not in contacto()
        casa.punto.direccion, casa.punto.latitud, casa.punto.longitud = (
            "Calle 9",
            Decimal("8.36"),
            Decimal("-72.4"),
        )
        casa.punto.save()
        assert "Calle 9" in contacto() and "Carrera 2" not in contacto()
        mapa = re.search(
            r'href="(https://www.openstreetmap.org[^"]+)"', client.get(publicado.get_absolute_url()).text
        )
        assert "mlat=8.36000&amp;mlon=-72.40000" in mapa[1]

    def test_when_its_place_closes_the_office_that_answers_for_it_takes_over(self, casa, client, publicado):
        casa.punto.activo = False
        casa.punto.save()

        donde = texto_de(client.get(publicado.get_absolute_url())).partition("Dónde y cuándo")[2]

        assert donde.startswith(" Planeación Dirección Carrera 2")

    def test_what_nobody_confirmed_is_marked_beside_it_until_somebody_does(self, casa, client, publicado):
        Tramite.objects.update(por_confirmar={"costo": "inferido: costo", "fundamento": "inferido"})
        Edicion.avanzar()

        antes = client.get(publicado.get_absolute_url())
        assert "Soporte legal por confirmar" in texto_de(antes)
        assert "Cuánto cuesta por confirmar" in texto_de(antes)
        assert "Cuánto tarda por confirmar" not in texto_de(antes)
        assert "inferido" not in antes.text
        for parte in ("costo", "fundamento"):
            confirmar_dato(publicado, parte=parte, por=casa.suit)

        assert "por confirmar" not in texto_de(client.get(publicado.get_absolute_url()))

    def test_says_whether_the_suit_has_it_as_soon_as_it_does(self, casa, client):
        tramite = publicar_a_medida(casa)
        consulta = crear_tramite(casa, "aprobado", publicado=True)
        url = tramite.get_absolute_url()
        assert "todavía no está inscrito" in client.get(url).text
        assert "artículo 40 del Decreto Ley 019 de 2012" in client.get(url).text

        dar_paso("inscribir", tramite, por=casa.suit, numero_suit="54321")

        assert "con el número <strong>54321</strong>" in client.get(url).text
        assert "no se inscribe en el" in client.get(consulta.get_absolute_url()).text

    def test_leads_to_what_goes_before_and_around(self, casa, client, publicado):
        previo = crear_tramite(casa, publicado=True, nombre="Asignación de nomenclatura")
        oculto = crear_tramite(casa, nombre="El que nadie ve")
        publicado.previos.set([previo, oculto])
        situacion = crear_situacion(publicado, nombre="Estrenar vivienda")
        crear_racionalizacion(casa, publicado)
        crear_racionalizacion(casa, publicado, antes="Reservado", publica=False)
        Edicion.avanzar()

        pagina = client.get(publicado.get_absolute_url()).text

        assert f'Primero haga <a href="{previo.get_absolute_url()}">' in pagina
        assert oculto.get_absolute_url() not in pagina
        assert f'href="{situacion.get_absolute_url()}"' in pagina
        assert "Tardaba 15 días hábiles." in pagina and "Reservado" not in pagina


class TestWhatItCosts:
    def uvt(self, **campos):
        valores = {
            "unidad": "UVT",
            "anio": timezone.localdate().year,
            "pesos": 50_000,
            "norma": "Resolución 1",
        }
        return ValorDeReferencia.objects.create(**valores | campos)

    def costo(self, client, tramite) -> tuple[str, str]:
        """What the key facts say and what the section says."""
        leido = texto_de(client.get(tramite.get_absolute_url()))
        breve = re.search(r"Costo (.*?) Tiempo de respuesta", leido)[1]
        return breve, re.search(r"Cuánto cuesta (.*?) Cuánto tarda", leido)[1]

    def test_a_formula_in_uvt_is_worked_out_with_the_value_of_this_year_and_its_norm(
        self, casa, client, publicado
    ):
        self.uvt()
        self.uvt(anio=timezone.localdate().year - 1, pesos=1)

        breve, detalle = self.costo(client, publicado)

        assert breve == "$ 25.000"
        assert "Valor del certificado: 0,5 UVT" in detalle
        assert "Hoy son $ 25.000 por cotejar" in detalle
        assert f"Una UVT vale $ 50.000 en {timezone.localdate().year}, según Resolución 1." in detalle

    def test_the_value_once_checked_carries_no_mark(self, casa, client, publicado):
        self.uvt(por_cotejar=False)

        assert "por cotejar" not in self.costo(client, publicado)[1]

    def test_without_the_value_of_the_year_the_formula_stays(self, casa, client, publicado):
        self.uvt(anio=timezone.localdate().year - 1)

        breve, detalle = self.costo(client, publicado)

        assert breve == "0,5 UVT"
        assert "Hoy son" not in detalle

    @pytest.mark.parametrize(
        "campos, breve, detalle",
        [
            ({"valor_tipo": "fijo", "formula": "17.100"}, "$ 17.100", "Valor: $ 17.100"),
            (
                {"valor_tipo": "liquidacion", "formula": "avalúo catastral × 6 por mil"},
                "avalúo catastral × 6 por mil",
                "Valor: avalúo catastral × 6 por mil",
            ),
            (
                {"valor_tipo": "liquidacion", "forma_de_calculo": "Según el avalúo del predio."},
                "Con costo",
                "Según el avalúo del predio.",
            ),
            (
                {
                    "valor_tipo": "fijo",
                    "formula": "5.000",
                    "es_excepcion": True,
                    "excepcion_cuando": "si es tarde",
                },
                "Gratuito, salvo excepciones",
                "solo en algunos casos: si es tarde",
            ),
        ],
    )
    def test_each_kind_of_price_is_told(self, casa, client, campos, breve, detalle):
        dicho = self.costo(client, publicar_a_medida(casa, con_pago(**campos)))

        assert dicho[0] == breve
        assert detalle in dicho[1]

    def test_without_payments_it_is_free(self, casa, client):
        assert self.costo(client, publicar_a_medida(casa, sin_pagos)) == ("Gratuito", "Es gratuito.")


class TestForWhom:
    def test_everybody_sees_all_with_its_mark_and_each_audience_only_its_own(self, casa, client, publicado):
        url = publicado.get_absolute_url()
        suyo, de_todos = "Certificado de existencia", "Recibo de un servicio público"

        todos, organizaciones, ciudadano = (
            texto_de(client.get(f"{url}{para}")) for para in ("", "?para=organizaciones", "?para=ciudadano")
        )

        assert f"{suyo} y representación legal (solo para organizaciones)" in todos
        assert suyo in organizaciones and "(solo para" not in organizaciones
        assert suyo not in ciudadano
        assert all(de_todos in leido for leido in (todos, organizaciones, ciudadano))
        assert 'aria-current="true">Organizaciones</a>' in client.get(f"{url}?para=organizaciones").text

    @pytest.mark.parametrize("para", ["no-hay", "", "'", "%00", "x" * 500, "mipyme"])
    def test_an_audience_it_does_not_know_shows_all(self, casa, client, publicado, para):
        Audiencia.objects.create(nombre="Mipyme", slug="mipyme")

        respuesta = client.get(f"{publicado.get_absolute_url()}?para={para}")

        assert respuesta.status_code == 200
        assert "solo para organizaciones" in respuesta.text

    def test_nor_one_that_only_other_tramites_are_for(self, casa, client, publicado):
        mipyme = Audiencia.objects.create(nombre="Mipyme", slug="mipyme")
        publicar_a_medida(casa, lambda hoja: hoja.audiencias.add(mipyme))

        leido = texto_de(client.get(f"{publicado.get_absolute_url()}?para=mipyme"))

        assert "solo para organizaciones" in leido
        assert "Pasos para" not in leido

    def test_a_group_does_what_those_inside_it_do_and_the_other_way_round(self, casa, client):
        mayor = Audiencia.objects.create(nombre="Adulto mayor", slug="adulto-mayor", grupo=casa.ciudadano)

        def cambiar(hoja):
            hoja.audiencias.add(mayor)
            momento = agregar_momento(hoja, "Reunir más")
            razon = {"fundamento": "-"}
            for audiencia, que in ((mayor, "Carné"), (casa.ciudadano, "Cédula")):
                agregar_accion(momento, [audiencia], tipo="documento", descripcion=que, no_aplica=razon)

        url = publicar_a_medida(casa, cambiar).get_absolute_url()

        for para in ("adulto-mayor", "ciudadano"):
            leido = texto_de(client.get(f"{url}?para={para}"))
            assert "Carné" in leido and "Cédula" in leido
        assert "Carné" not in texto_de(client.get(f"{url}?para=organizaciones"))

    def test_a_momento_with_nothing_for_the_reader_is_left_out(self, casa, client):
        def cambiar(hoja):
            momento = agregar_momento(hoja, "Solo de empresas")
            razon = {"fundamento": "-"}
            agregar_accion(
                momento, [casa.organizaciones], tipo="documento", descripcion="RUT", no_aplica=razon
            )

        url = publicar_a_medida(casa, cambiar).get_absolute_url()

        assert "Solo de empresas" in client.get(url).text
        assert "Solo de empresas" not in client.get(f"{url}?para=ciudadano").text

    def test_when_all_do_the_same_there_is_nothing_to_choose(self, casa, client):
        def cambiar(hoja):
            Accion.objects.filter(momento__hoja=hoja, audiencias__isnull=False).delete()

        pagina = client.get(publicar_a_medida(casa, cambiar).get_absolute_url()).text

        assert "Para quién es" not in pagina


class TestForSearchEngines:
    def test_the_page_is_a_government_service(self, casa, client):
        tramite = publicar_a_medida(casa, sin_pagos, nombre="Certificado de estrato")
        dar_paso("inscribir", tramite, por=casa.suit, numero_suit="777")

        datos = datos_enlazados(client.get(tramite.get_absolute_url()))

        assert datos["@type"] == "GovernmentService"
        assert datos["url"] == f"http://testserver{tramite.get_absolute_url()}"
        assert datos["alternateName"] == ["papel del estrato"]
        assert datos["identifier"] == "777"
        assert datos["provider"]["name"] == "Planeación"
        assert datos["offers"]["price"] == "0"
        assert datos["availableChannel"][0]["serviceLocation"]["address"] == "Carrera 2 n.º 2-35"

    def test_what_is_not_confirmed_is_not_told_to_machines(self, casa, client):
        tramite = publicar_a_medida(casa, sin_pagos)
        Tramite.objects.update(por_confirmar={"costo": "inferido", "dependencia": "inferido"})
        Municipio.objects.update(por_confirmar=["direccion"])
        Edicion.avanzar()

        datos = datos_enlazados(client.get(tramite.get_absolute_url()))

        assert "offers" not in datos
        assert datos["provider"]["@type"] == "GovernmentOrganization"
        assert "address" not in datos["availableChannel"][0]["serviceLocation"]

    def test_the_address_without_the_question_is_the_canonical_one(self, casa, client, publicado):
        pagina = client.get(f"{publicado.get_absolute_url()}?para=ciudadano").text

        assert f'<link rel="canonical" href="http://testserver{publicado.get_absolute_url()}">' in pagina


class TestReadings:
    def veces(self) -> int:
        return sum(LecturaDiaria.objects.values_list("veces", flat=True))

    def test_each_visit_counts_one_and_a_glance_of_a_robot_none(self, casa, client, publicado):
        url = publicado.get_absolute_url()
        for _ in range(3):
            client.get(url)
        client.head(url)
        client.post(url)
        client.get(f"{url}cartel/")

        assert self.veces() == 3
        assert LecturaDiaria.objects.get().dia == timezone.localdate()

    def test_those_of_officials_do_not_count(self, casa, client, publicado):
        client.force_login(casa.autora)

        assert client.get(publicado.get_absolute_url()).status_code == 200
        assert self.veces() == 0

    @pytest.mark.django_db(transaction=True, serialized_rollback=True)
    def test_a_page_that_cannot_be_counted_is_served(self, client, caplog):
        tramite = crear_tramite(crear_casa_de_tramites(), publicado=True)
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")

        try:
            respuesta = client.get(tramite.get_absolute_url())
        finally:
            with connection.cursor() as cursor:
                cursor.execute("SET default_transaction_read_only = off")

        assert respuesta.status_code == 200
        assert "No se contó una lectura" in caplog.text
        assert self.veces() == 0


class TestPoster:
    def test_says_the_three_facts_and_the_short_address_with_its_qr(self, casa, client, publicado):
        publicado.palabra = "estrato"
        publicado.save()

        respuesta = client.get(f"{publicado.get_absolute_url()}cartel/")

        leido = texto_de(respuesta)
        assert "testserver/t/estrato/" in leido
        for parte in ("0,5 UVT", "5 días hábiles", "Ventanilla de Planeación", publicado.nombre):
            assert parte in leido
        assert "<svg" in respuesta.text and "style=" not in respuesta.text
        assert "http://testserver/t/estrato/" in respuesta.text  # what the QR says

    def test_without_a_short_word_it_leads_to_the_page(self, casa, client, publicado):
        leido = texto_de(client.get(f"{publicado.get_absolute_url()}cartel/"))

        assert f"testserver{publicado.get_absolute_url()}" in leido

    @pytest.mark.parametrize("escrita", ["estrato", "Estrato", "ESTRATO"])
    def test_the_short_address_leads_to_the_tramite(self, casa, client, publicado, escrita):
        publicado.palabra = "estrato"
        publicado.save()

        respuesta = client.get(f"/t/{escrita}/")

        assert (respuesta.status_code, respuesta.url) == (302, publicado.get_absolute_url())


class TestSituations:
    def test_lists_its_public_tramites_in_their_order_and_no_others(self, casa, client):
        segundo = crear_tramite(casa, publicado=True, nombre="Bautizar la calle")
        primero = crear_tramite(casa, publicado=True, nombre="Zanjar el lindero")
        oculto = crear_tramite(casa, nombre="El que nadie ve")
        situacion = crear_situacion(primero, oculto, segundo)

        pagina = client.get(situacion.get_absolute_url()).text

        assert pagina.index("Zanjar el lindero") < pagina.index("Bautizar la calle")
        assert "El que nadie ve" not in pagina
        assert "2 trámites" in client.get("/situaciones/").text

    def test_are_listed_in_the_order_that_officials_gave_them(self, casa, client, publicado):
        for nombre, orden in (("Casarse", 30), ("Nacer", 10), ("Mudarse", 20)):
            crear_situacion(publicado, nombre=nombre, orden=orden)

        for ruta in ("/situaciones/", "/tramites/"):
            pagina = client.get(ruta).text.partition("<main")[2]
            assert pagina.index("Nacer") < pagina.index("Mudarse") < pagina.index("Casarse"), ruta

    def test_one_without_public_tramites_says_so_and_is_not_listed(self, casa, client):
        situacion = crear_situacion(crear_tramite(casa, nombre="El que nadie ve"))

        respuesta = client.get(situacion.get_absolute_url())

        assert respuesta.status_code == 200
        assert "Todavía no hay trámites publicados para esta situación" in respuesta.text
        assert situacion.get_absolute_url() not in client.get("/situaciones/").text
        assert situacion.get_absolute_url() not in client.get("/sitemap.xml").text


class TestCatalogue:
    def nombres(self, client, **consulta) -> list[str]:
        return [t.hoja_publica.nombre for t in client.get("/tramites/", consulta).context["pagina"]]

    def test_goes_from_a_to_z_whatever_the_accents(self, casa, client):
        for nombre in ("Zonas", "árboles", "Ñame", "Álamo", "banco", "Norte"):
            crear_tramite(casa, publicado=True, nombre=nombre)

        respuesta = client.get("/tramites/")

        assert self.nombres(client) == ["Álamo", "árboles", "banco", "Ñame", "Norte", "Zonas"]
        assert re.findall(r'href="#letra-(.)"', respuesta.text) == ["A", "B", "N", "Z"]

    def test_each_filter_narrows_and_they_add_up(self, casa, client):
        mayor = Audiencia.objects.create(nombre="Adulto mayor", slug="adulto-mayor", grupo=casa.ciudadano)

        def gratis_y_en_linea(hoja):
            sin_pagos(hoja)
            hoja.grado, hoja.url_en_linea = "total", "https://example.co/"
            hoja.audiencias.set([mayor])

        uno = publicar_a_medida(casa, gratis_y_en_linea, nombre="Uno")
        crear_tramite(
            casa,
            publicado=True,
            nombre="Dos",
            dependencia=casa.hacienda,
            por=casa.tesorero,
            aprueba=casa.secretaria,
        )
        situacion = crear_situacion(uno)

        assert self.nombres(client) == ["Dos", "Uno"]
        for filtro, valor, esperado in (
            ("gratuito", "on", ["Uno"]),
            ("grado", "total", ["Uno"]),
            ("grado", "presencial", ["Dos"]),
            ("situacion", situacion.slug, ["Uno"]),
            ("dependencia", casa.hacienda.slug, ["Dos"]),
            ("audiencia", "adulto-mayor", ["Uno"]),
            ("audiencia", "ciudadano", ["Dos", "Uno"]),
            ("audiencia", "organizaciones", ["Dos"]),
        ):
            assert self.nombres(client, **{filtro: valor}) == esperado, (filtro, valor)
        assert self.nombres(client, gratuito="on", grado="presencial") == []
        assert (
            "Ningún trámite cumple esos filtros" in client.get("/tramites/?gratuito=on&grado=presencial").text
        )

    def test_a_group_can_be_chosen_when_only_some_inside_it_have_tramites(self, casa, client):
        mayor = Audiencia.objects.create(nombre="Adulto mayor", slug="adulto-mayor", grupo=casa.ciudadano)
        publicar_a_medida(casa, lambda hoja: hoja.audiencias.set([mayor]), nombre="Uno")

        assert self.nombres(client, audiencia="ciudadano") == ["Uno"]
        assert "errorlist" not in client.get("/tramites/?audiencia=ciudadano").text
        assert "Organizaciones" not in client.get("/tramites/").text

    @pytest.mark.parametrize(
        "filtro", [{"dependencia": "no-hay"}, {"situacion": "'"}, {"audiencia": "%00"}, {"grado": "x" * 999}]
    )
    def test_a_filter_that_does_not_exist_filters_nothing_and_says_so(self, casa, client, publicado, filtro):
        respuesta = client.get("/tramites/", filtro)

        assert respuesta.status_code == 200
        assert "errorlist" in respuesta.text and "<title>Error:" in respuesta.text
        assert [t.pk for t in respuesta.context["pagina"]] == [publicado.pk]

    def test_results_say_how_many_and_how_to_see_all_again(self, casa, client, publicado):
        pagina = client.get("/tramites/?q=estrato&grado=presencial").text

        assert "1 trámite para «estrato»." in pagina
        assert 'role="status"' in pagina
        assert '<a href="/tramites/">Quitar la búsqueda y los filtros</a>' in pagina
        assert 'value="estrato"' in pagina and '<details class="filtros" open>' in pagina

    @pytest.mark.parametrize("pagina", ["2", "999", "-1", "x", "1%00", ""])
    def test_a_strange_page_number_is_answered_sensibly(self, casa, client, publicado, pagina):
        assert client.get(f"/tramites/?pagina={pagina}").status_code == 200
        assert client.get(f"/tramites/?q=estrato&pagina={pagina}").status_code == 200

    def test_a_large_catalogue_goes_in_pages(self, casa, client, monkeypatch):
        from tramites.views import publico

        monkeypatch.setattr(publico, "NOMBRES_POR_PAGINA", 2)
        for nombre in ("Uno", "Dos", "Tres"):
            crear_tramite(casa, publicado=True, nombre=nombre)

        assert self.nombres(client) == ["Dos", "Tres"]
        assert self.nombres(client, pagina="2") == ["Uno"]
        assert "página 2 de 2" in client.get("/tramites/?pagina=2").text

    def test_the_most_read_come_first_counting_the_last_ninety_days(self, casa, client):
        hoy = timezone.localdate()
        viejo, leido, cartel, nunca = (
            crear_tramite(casa, publicado=True, nombre=nombre)
            for nombre in ("Viejo", "Leído", "Cartel", "A nunca")
        )
        LecturaDiaria.objects.create(tramite=viejo, dia=hoy - timedelta(days=91), veces=1000)
        LecturaDiaria.objects.create(tramite=leido, dia=hoy - timedelta(days=90), veces=2)
        cartel.palabra = "cartel"
        cartel.save()

        orden = [tramite.pk for tramite in client.get("/tramites/").context["mas_leidos"]]

        assert orden == [leido.pk, cartel.pk, nunca.pk, viejo.pk]

    def test_keeps_what_the_channel_publishes(self, casa, client):
        from portal import services

        casa.canal_tramites.tipos = ["enlace", "pagina"]
        casa.canal_tramites.save()
        version = services.crear_publicacion(
            canal=casa.canal_tramites,
            tipo="pagina",
            por=casa.suit,
            titulo="Antes de venir",
            resumen="Qué traer.",
            cuerpo="<p>Todo.</p>",
        )
        services.publicar_urgente(version, por=casa.secretaria, motivo="Prueba.")

        assert version.publicacion.get_absolute_url() in client.get("/tramites/").text

    def test_the_home_page_and_the_map_lead_to_what_is_published(self, casa, client):
        assert "Todos los trámites" not in client.get("/").text

        tramite = crear_tramite(casa, publicado=True)

        inicio, mapa = client.get("/").text, client.get("/mapa-del-sitio/").text
        assert tramite.get_absolute_url() in inicio and "Todos los trámites" in inicio
        for ruta in FIJAS:
            assert f'href="{ruta}"' in mapa


class TestProgress:
    HOY = "2026-06-15"

    def medir(self, dia: str) -> dict[str, avance.Fila]:
        medido = avance.medir(avance.fin_del_dia(en_fecha(dia).date()))
        return {fila.nombre: fila for fila in [medido.municipio, *medido.dependencias]}

    @staticmethod
    def cifras(fila: avance.Fila) -> tuple[int, ...]:
        partes = (fila.publicados, fila.completos, fila.parciales, fila.totales)
        return (fila.identificados, *(parte.parte for parte in partes))

    def test_counts_by_office_and_leaves_out_what_it_says(self, casa, client):
        en_linea = {"grado": "total", "url_en_linea": "https://example.co/"}
        crear_tramite(casa, publicado=True, hoja=en_linea)
        crear_tramite(casa, publicado=True, hoja=en_linea | {"grado": "parcial"})
        crear_tramite(casa, "inscrito", hoja=en_linea)
        crear_tramite(casa, "en_creacion")
        crear_tramite(casa, "suprimido", publicado=True)
        crear_tramite(casa, "aprobado", publicado=True)
        crear_tramite(
            casa, dependencia=casa.hacienda, publicado=True, por=casa.tesorero, aprueba=casa.secretaria
        )

        medido = avance.medir(timezone.now())

        assert self.cifras(medido.municipio) == (5, 3, 4, 1, 1)
        assert [(fila.nombre, self.cifras(fila)) for fila in medido.dependencias] == [
            ("Hacienda", (1, 1, 1, 0, 0)),
            ("Planeación", (4, 2, 3, 1, 1)),
        ]
        assert (medido.consultas, medido.suprimidos) == (1, 1)
        leido = texto_de(client.get("/tramites/avance/"))
        assert "60 % 3 de 5" in leido and "20 % 1 de 5" in leido
        assert "1 consulta de información. No es un trámite" in leido
        assert "1 trámite que ya se había suprimido" in leido

    def test_consultas_count_when_the_settings_say_so(self, casa, client, settings):
        crear_tramite(casa, "aprobado", publicado=True)
        assert "Sin trámites" in texto_de(client.get("/tramites/avance/"))

        settings.TRAMITES_CONSULTAS_EN_SUIT = True

        leido = texto_de(client.get("/tramites/avance/"))
        assert "100 % 1 de 1" in leido
        assert "sí se cuentan" in leido

    def test_any_day_of_the_past_can_be_computed_again(self, casa):
        total = {"grado": "total", "url_en_linea": "https://example.co/"}
        tramite = crear_tramite(casa, publicado=True, en=en_fecha("2026-01-10"), hoja=total)
        dar_paso("retirar", tramite, por=casa.secretaria, motivo="Error.", en=en_fecha("2026-02-10"))
        dar_paso("publicar", tramite, por=casa.secretaria, en=en_fecha("2026-03-10"))
        dar_paso("actualizar", tramite, por=casa.suit, en=en_fecha("2026-03-20"))
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit, en=en_fecha("2026-03-20")) as hoja:
            hoja.grado, hoja.url_en_linea = "presencial", ""
        dar_paso("enviar", tramite, por=casa.suit, en=en_fecha("2026-03-20"))
        datos = {"huella": huella_abierta(tramite), "en": en_fecha("2026-03-20")}
        dar_paso("aprobar_cambio", tramite, por=casa.secretaria, **datos)
        dar_paso("publicar", tramite, por=casa.suit, en=en_fecha("2026-04-10"))
        dar_paso("suprimir", tramite, por=casa.secretaria, motivo="Derogado.", en=en_fecha("2026-05-10"))

        dias = (
            "2026-01-09",
            "2026-01-10",
            "2026-02-10",
            "2026-03-10",
            "2026-04-09",
            "2026-04-10",
            "2026-05-10",
        )
        vistas = {dia: self.cifras(self.medir(dia)["Todo el municipio"]) for dia in dias}

        assert vistas == {
            "2026-01-09": (0, 0, 0, 0, 0),
            "2026-01-10": (1, 1, 1, 0, 1),
            "2026-02-10": (1, 0, 1, 0, 0),
            "2026-03-10": (1, 1, 1, 0, 1),
            "2026-04-09": (1, 1, 1, 0, 1),
            "2026-04-10": (1, 1, 1, 0, 0),
            "2026-05-10": (0, 0, 0, 0, 0),
        }

    def test_the_page_shows_the_day_that_was_asked(self, casa, client):
        crear_tramite(casa, publicado=True, en=en_fecha("2026-01-10"))

        antes = texto_de(client.get("/tramites/avance/?fecha=2026-01-09"))
        aquel_dia = texto_de(client.get("/tramites/avance/?fecha=10/01/2026"))

        assert "al terminar el 9 de enero de 2026" in antes
        assert "no había trámites en el inventario" in antes
        assert "al terminar el 10 de enero de 2026" in aquel_dia and "100 % 1 de 1" in aquel_dia

    @pytest.mark.parametrize(
        "fecha", ["2026-13-45", "ayer", "'", "%00", "9999-12-31", "0000-00-00", "2026-02-30", "x" * 999]
    )
    def test_a_bad_date_gets_a_clear_message_and_the_figures_of_today(self, casa, client, publicado, fecha):
        respuesta = client.get(f"/tramites/avance/?fecha={fecha}")

        assert respuesta.status_code == 200
        html_valido(respuesta)
        assert "<title>Error:" in respuesta.text and "errorlist" in respuesta.text
        assert "Cifras de hoy" in respuesta.text

    @pytest.mark.parametrize("fecha", ["0001-01-01", "1900-01-01", ""])
    def test_a_day_before_everything_is_a_day(self, casa, client, publicado, fecha):
        respuesta = client.get(f"/tramites/avance/?fecha={fecha}")

        assert respuesta.status_code == 200
        assert "Error:" not in respuesta.text


class TestRacionalizacion:
    def test_tells_what_is_going_on_from_what_was_done(self, casa, client, publicado):
        hoy = timezone.localdate()
        crear_racionalizacion(casa, publicado, antes="Va", avance=40)
        crear_racionalizacion(casa, publicado, antes="Tarde", fin=hoy - timedelta(days=1))
        crear_racionalizacion(casa, publicado, antes="Luego", inicio=hoy + timedelta(days=1))
        crear_racionalizacion(casa, publicado, antes="Hecha", avance=100)
        crear_racionalizacion(casa, publicado, antes="Reservada", publica=False)

        leido = texto_de(client.get("/tramites/racionalizacion/"))

        en_curso, _, cumplidas = leido.partition("Cumplidas")
        assert all(antes in en_curso for antes in ("Va", "Tarde", "Luego", "40 %"))
        assert "Está atrasada" in en_curso and "Todavía no empieza" in en_curso
        assert "Hecha" in cumplidas and "Hecha" not in en_curso
        assert "Reservada" not in leido

    def test_links_only_to_what_is_public(self, casa, client, publicado):
        oculto = crear_tramite(casa, nombre="El que se prepara")
        crear_racionalizacion(casa, publicado)
        crear_racionalizacion(casa, oculto)

        pagina = client.get("/tramites/racionalizacion/").text

        assert f'href="{publicado.get_absolute_url()}"' in pagina
        assert "El que se prepara" in pagina
        assert oculto.get_absolute_url() not in pagina


class TestCost:
    """Queries per page, warm and the first time after a change: the same at one trámite and at many."""

    PAGINAS = {
        "/tramites/": (2, 10),
        "/tramites/?grado=presencial": (3, 8),
        "/tramites/?q=estrato": (4, 9),
        "/tramites/avance/": (8, 10),
        "/tramites/racionalizacion/": (2, 4),
        "/situaciones/": (1, 4),
        "/situaciones/situacion-1/": (2, 5),
    }

    def llenar(self, casa, filas: int) -> Tramite:
        tramites = [crear_tramite(casa, publicado=True, palabra=f"estrato{n}") for n in range(filas)]
        for _ in range(filas):
            crear_situacion(*tramites)
        for tramite in tramites:
            crear_racionalizacion(casa, tramite)
            tramite.previos.set(otro for otro in tramites if otro.pk < tramite.pk)
            LecturaDiaria.objects.create(tramite=tramite, dia=timezone.localdate(), veces=1)
        Edicion.avanzar()
        return tramites[-1]

    @pytest.mark.parametrize("filas", [1, 12])
    def test_of_every_page(self, casa, client, django_assert_num_queries, filas):
        tramite = self.llenar(casa, filas)
        url = tramite.get_absolute_url()
        client.get(url)  # the first reading of a day costs more
        paginas = self.PAGINAS | {
            url: (3, 16),  # the edición, the trámite, the count
            f"{url}?para=organizaciones": (3, 19),
            f"{url}cartel/": (10, 11),
            f"/t/{tramite.palabra}/": (1, 1),
        }
        for ruta, (caliente, fria) in paginas.items():
            cache.clear()

            with django_assert_num_queries(fria, info=ruta):
                client.get(ruta)
            with django_assert_num_queries(caliente, info=ruta):
                client.get(ruta)

    @pytest.mark.parametrize("cuantos", [70, 2000])
    def test_of_the_catalogue_of_a_small_and_of_a_huge_municipality(self, casa, client, cuantos):
        crear_muchos(casa, cuantos)
        Edicion.avanzar()

        costos = {}
        for ruta in ("/tramites/", "/tramites/?grado=presencial", "/tramites/?pagina=2", "/tramites/avance/"):
            client.get(ruta)
            with CaptureQueriesContext(connection) as consultas:
                assert client.get(ruta).status_code == 200
            costos[ruta] = len(consultas)

        assert list(costos.values()) == [2, 3, 2, 8]

    def test_the_edicion_is_read_before_what_is_kept_under_its_number(self, client, publicado):
        with CaptureQueriesContext(connection) as consultas:
            client.get(publicado.get_absolute_url())

        assert "portal_edicion" in consultas[0]["sql"]
