"""The bulletin of a week: what it tells, its page, its sheet, its text, and who decides that it is sent."""

import gzip
import re
from datetime import timedelta
from pathlib import Path

import html5lib
import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion.boletin import decision, envio
from participacion.boletin.decision import NADA_QUE_CONTAR, NADIE_DECIDIO
from participacion.boletin.novedades import lo_mas_util, lo_que_dice, novedades_de, por_temas
from participacion.boletin_demo import QUIENES, repartir
from participacion.models import Boletin, Suscripcion
from portal import bandeja, rutinas, services
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.huella import huella_de
from portal.models import Correo
from portal.periodos import Periodo
from tests.builders import (
    CAMINOS,
    _dar_paso,
    crear_usuario,
    crear_version,
    en_fecha,
)
from tests.participacion.builders_suscripciones import (
    LUNES,
    MIERCOLES,
    SEMANA,
    abrir_canal,
    anotar,
    aprobar,
    crear_canal_del_boletin,
    preparar,
    publicar,
    suscribir,
)
from tests.tramites.builders import sin_disparadores

PAGINA, PANEL = "/boletin/2026/47/", "/panel/boletin/2026/47/"
LIMITE = 14_000


@pytest.fixture
def lunes():
    """The morning on which the bulletin of the week 47 is decided."""
    with time_machine.travel(en_fecha(LUNES, 9), tick=False) as reloj:
        yield reloj


def titulos(semana: Periodo = SEMANA) -> list[str]:
    return [novedad["titulo"] for novedad in novedades_de(semana)]


def cambiar(casa, publicacion, dia: str, **campos) -> None:
    nueva = services.nueva_version(publicacion, por=casa.autora, en=en_fecha(dia))
    nueva = services.guardar_borrador(
        nueva, por=casa.autora, revision=nueva.revision, en=en_fecha(dia), **campos
    )
    for paso in CAMINOS["publicada"]:
        _dar_paso(casa, nueva, paso, en_fecha(dia))


def consultas(que) -> int:
    with CaptureQueriesContext(connection) as hechas:
        que()
    return len(hechas)


class TestWhatItTells:
    def test_what_was_published_or_changed_and_never_a_correction(self, casa):
        publicar(casa, "Nueva")
        cambiada, corregida = (publicar(casa, titulo, "2026-10-01") for titulo in ("Vieja", "Otra vieja"))
        cambiar(casa, cambiada, MIERCOLES, titulo="Vieja con cambio", nota_de_cambio="Otra fecha.")
        cambiar(casa, corregida, MIERCOLES, titulo="Otra viejita", cambio_menor=True)

        assert sorted(titulos()) == ["Nueva", "Vieja con cambio"]
        assert {n["titulo"]: n["nueva"] for n in novedades_de(SEMANA)} == {
            "Nueva": True,
            "Vieja con cambio": False,
        }

    def test_what_changed_twice_is_told_once_as_it_reads_now(self, casa):
        nueva = publicar(casa, "Primera redacción")
        cambiar(casa, nueva, "2026-11-19", titulo="Segunda redacción", nota_de_cambio="Otra hora.")

        [novedad] = novedades_de(SEMANA)
        assert (novedad["titulo"], novedad["nueva"]) == ("Segunda redacción", True)

    def test_what_was_withdrawn_or_is_in_a_closed_channel_is_not_told(self, casa):
        crear_version(casa, "retirada", en=en_fecha(MIERCOLES))
        cerrado = abrir_canal(casa, publico=False)
        publicar(casa, "De un canal interno", canal=cerrado)
        publicar(casa, "De otra semana", "2026-11-23")
        crear_version(casa, "autorizada", en=en_fecha(MIERCOLES))

        assert titulos() == []

    def test_what_is_not_a_publication_is_told_by_its_address(self, casa):
        anotar(casa.canal, "publicacion", "/tramites/uno/")
        anotar(casa.canal, "modificacion", "/tramites/uno/", hora=11)
        anotar(casa.canal, "publicacion", "/tramites/dos/")
        anotar(casa.canal, "retiro", "/tramites/dos/", dia=LUNES)
        anotar(casa.canal, "publicacion", "")

        [novedad] = novedades_de(SEMANA)
        assert (novedad["url"], novedad["corta"], novedad["nueva"]) == (
            "/tramites/uno/",
            "/tramites/uno/",
            True,
        )

    def test_news_go_first_and_then_the_order_of_the_site(self, casa):
        normas = abrir_canal(casa, seccion="normas")
        servicios = abrir_canal(casa, seccion="servicios")
        for canal in (normas, casa.canal, servicios):
            publicar(casa, f"De {canal.seccion}", canal=canal)

        temas = por_temas(novedades_de(SEMANA))
        assert [tema for tema, _ in temas] == ["Noticias y agenda", "Servicios y programas", "Normas"]

    def test_what_only_has_a_name_goes_after_what_says_something(self, casa):
        anotar(casa.canal, "publicacion", "/tramites/uno/", hora=15)
        publicar(casa, "Noticia")

        assert titulos() == ["Noticia", "Trámite de /tramites/uno/"]

    def test_a_query_whatever_there_is(self, casa, django_assert_num_queries):
        for n in range(6):
            publicar(casa, f"Noticia {n}")

        with django_assert_num_queries(1):
            assert len(novedades_de(SEMANA)) == 6


class TestMonday:
    def test_it_is_frozen_once_with_its_hash(self, casa):
        publicar(casa)

        rutinas.correr(rutinas.registro["preparar-boletin"], en=en_fecha(LUNES))
        publicar(casa, "Llegó tarde")
        otra = rutinas.correr(
            rutinas.registro["preparar-boletin"], en=en_fecha(LUNES, 12), aunque_no_toque=True
        )

        boletin = Boletin.objects.get()
        assert (boletin.anio, boletin.semana, boletin.estado) == (2026, 47, "preparado")
        assert [n["titulo"] for n in boletin.datos["novedades"]] == ["Jornada de vacunación"]
        assert boletin.huella == huella_de(boletin.datos)
        assert otra.resultado == "El boletín de la semana 47 de 2026 ya estaba preparado."

    def test_the_last_week_of_the_year(self, casa):
        publicar(casa, "De fin de año", "2027-01-02")

        decision.preparar(en_fecha("2027-01-04"))

        boletin = Boletin.objects.get()
        assert (boletin.anio, boletin.semana) == (2026, 53)
        assert len(boletin.datos["novedades"]) == 1

    def test_with_nothing_to_tell_it_says_so_and_waits_for_nobody(self, casa):
        resultado = decision.preparar(en_fecha(LUNES))

        assert resultado == "Boletín de la semana 47 de 2026: no hay nada que contar y no se envía."
        boletin = Boletin.objects.get()
        assert (boletin.estado, boletin.motivo) == ("sin_envio", NADA_QUE_CONTAR)

    def test_what_nobody_decided_is_no_longer_news(self, casa):
        viejo = preparar(casa)

        decision.preparar(en_fecha("2026-11-30"))

        viejo.refresh_from_db()
        assert (viejo.estado, viejo.motivo, viejo.decidido_por) == ("sin_envio", NADIE_DECIDIO, None)

    @pytest.mark.parametrize("campos", [{"estado": "sin_envio"}, {"estado": "aprobado"}, {"estado": "otro"}])
    def test_the_database_refuses_an_impossible_one(self, casa, campos):
        boletin = preparar(casa)

        with pytest.raises(IntegrityError), transaction.atomic():
            Boletin.objects.filter(pk=boletin.pk).update(**campos)


class TestWhatPostgresqlKeeps:
    """Whoever asks: by SQL too, nothing that was frozen says another thing, nor is decided or sent twice."""

    def rechaza(self, sql: str, boletin: Boletin) -> None:
        antes = Boletin.objects.values().get(pk=boletin.pk)
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
        assert Boletin.objects.values().get(pk=boletin.pk) == antes

    @pytest.mark.parametrize(
        "cambio",
        [
            "datos = jsonb_set(datos, '{novedades,0,titulo}', '\"Otra cosa\"')",
            "datos = jsonb_set(datos, '{novedades}', '[]')",
            "huella = repeat('0', 64)",
            "anio = 2025",
            "semana = 46",
            "preparado_en = now() - interval '1 year'",
        ],
    )
    @pytest.mark.parametrize("estado", ["preparado", "aprobado", "enviado"])
    def test_what_it_says_does_not_change(self, casa, lunes, estado, cambio):
        boletin = preparar(casa, 2)
        if estado != "preparado":
            aprobar(casa, boletin)
        if estado == "enviado":
            envio.enviar(timezone.now())

        self.rechaza(f"UPDATE participacion_boletin SET {cambio}", boletin)

    @pytest.mark.parametrize(
        "cambio",
        [
            "estado = 'preparado', decidido_por_id = NULL, decidido_en = NULL",
            "estado = 'sin_envio', motivo = 'No.'",
            "decidido_en = now() - interval '1 year'",
            "motivo = 'Otro.'",
            "destinatarios = -1",
        ],
    )
    def test_what_was_decided_does_not_change(self, casa, lunes, cambio):
        boletin = preparar(casa)
        aprobar(casa, boletin)

        self.rechaza(f"UPDATE participacion_boletin SET {cambio}", boletin)

    @pytest.mark.parametrize("cambio", ["estado = 'aprobado'", "enviado_en = now()", "destinatarios = 900"])
    def test_it_is_sent_once(self, casa, lunes, cambio):
        boletin = preparar(casa)
        aprobar(casa, boletin)
        envio.enviar(timezone.now())

        self.rechaza(f"UPDATE participacion_boletin SET {cambio}", boletin)

    def test_one_that_is_not_sent_stays_so(self, casa, lunes):
        boletin = preparar(casa)
        decision.no_enviar(boletin, por=casa.secretaria, motivo="Repite el anterior.")

        for cambio in ("motivo = 'Otro.'", "estado = 'aprobado'"):
            self.rechaza(f"UPDATE participacion_boletin SET {cambio}", boletin)

    def test_approving_only_takes_out(self, casa, lunes):
        """The one change of what it says: without what was withdrawn. Never something that nobody froze."""
        boletin = preparar(casa, 2)
        aprobado = f"estado = 'aprobado', decidido_por_id = {casa.secretaria.pk}, decidido_en = now()"
        otro = "datos = jsonb_set(datos, '{novedades,0,titulo}', '\"Otra cosa\"')"
        self.rechaza(f"UPDATE participacion_boletin SET {aprobado}, {otro}", boletin)
        services.retirar(casa.canal.publicaciones.first(), por=casa.jefe, clase="error", motivo="No iba.")

        assert len(aprobar(casa, boletin).datos["novedades"]) == 1
        assert envio.enviar(timezone.now()).endswith("0 mensajes escritos.")
        assert Boletin.objects.get().estado == "enviado"

    def test_none_is_erased(self, casa):
        self.rechaza("DELETE FROM participacion_boletin", preparar(casa))


class TestPage:
    def test_it_is_light_valid_and_the_same_for_everybody(self, casa, client, lunes):
        preparar(casa, 12)

        pagina = client.get(PAGINA)

        html5lib.HTMLParser(strict=True).parse(pagina.text)
        hojas = re.findall(r'href="/static/(css/[^"]+)"', pagina.text)
        css = b"".join(gzip.compress(Path(finders.find(hoja)).read_bytes()) for hoja in hojas)
        assert len(gzip.compress(pagina.content)) + len(css) < LIMITE
        assert not pagina.cookies
        assert pagina.headers["Cache-Control"] == "public, no-cache"
        assert pagina.text.count("tarjeta__titulo") == 12
        assert "del 16 al 22 de noviembre de 2026" in pagina.text

    def test_a_long_one_leaves_the_text_at_its_own_address(self, casa, client, lunes):
        preparar(casa, 26)

        assert "<textarea" not in client.get(PAGINA).text
        assert "Noticia 25" in client.get("/boletin/2026/47.txt").text

    def test_it_costs_the_same_with_one_and_with_many(self, casa, client, lunes):
        cuentas = []
        for cuantas in (1, 15):
            for n in range(cuantas):
                publicar(casa, f"Noticia {n}", "2026-11-17")
            caches["default"].clear()
            cuentas.append(consultas(lambda: client.get(PAGINA)))
            cuentas.append(consultas(lambda: client.get(PAGINA)))

        assert cuentas == [6, 1, 6, 1]  # edición, municipality, channels, and three of its own; then, one

    def test_until_the_week_has_something_the_one_before_is_shown(self, casa, client):
        publicar(casa, "De la semana 53", "2026-12-30")
        with time_machine.travel(en_fecha("2027-01-05"), tick=False):
            assert "Semana 53 de 2026" in client.get("/boletin/").text
            publicar(casa, "De la semana 1", "2027-01-05")
            pagina = client.get("/boletin/").text

        assert "Semana 1 de 2027" in pagina
        assert "La semana todavía no termina" in pagina
        assert "/boletin/2026/53/" in pagina

    def test_what_was_withdrawn_after_freezing_it_is_gone(self, casa, client, lunes):
        preparar(casa, 2)
        assert "Noticia 1" in client.get(PAGINA).text
        publicacion = casa.canal.publicaciones.get(version_publica__titulo="Noticia 1")

        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")

        assert "Noticia 1" not in client.get(PAGINA).text
        assert "Noticia 0" in client.get(PAGINA).text

    def test_an_empty_week_says_so(self, casa, client, lunes):
        for ruta in (PAGINA, f"{PAGINA}hoja/", "/boletin/2026/47.txt", "/boletin/"):
            assert "no se publicó nada nuevo" in client.get(ruta).text

    @pytest.mark.parametrize(
        "ruta",
        ["2025/53/", "2026/0/", "2026/54/", "0/1/", "2026/49/", "9999/52/", "2026/49/hoja/", "2026/54.txt"],
    )
    def test_weeks_that_are_not(self, casa, client, lunes, ruta):
        assert client.get(f"/boletin/{ruta}").status_code == 404

    def test_it_begins_with_the_first_publication(self, casa, client, lunes):
        """Two thousand years of empty weeks would each be kept and counted."""
        publicar(casa, "La primera", "2026-11-04")

        assert 'href="/boletin/2026/45/"' in client.get("/boletin/2026/46/").text
        assert "Semana anterior" not in client.get("/boletin/2026/45/").text
        for ruta in ("2026/44/", "1999/7/", "1/1/", "1999/7/hoja/", "1999/7.txt"):
            assert client.get(f"/boletin/{ruta}").status_code == 404

    @pytest.mark.parametrize("ruta", ["/boletin/", PAGINA, f"{PAGINA}hoja/", "/boletin/2026/47.txt", "/b/1/"])
    def test_they_are_only_read(self, casa, client, ruta):
        assert client.post(ruta).status_code == 405

    def test_a_short_address_leads_to_the_text(self, casa, client):
        publicacion = publicar(casa)

        assert client.get(f"/b/{publicacion.pk}/").url == publicacion.get_absolute_url()
        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        assert client.get("/b/999999/").status_code == 404


class TestSheetAndText:
    def test_the_sheet_has_a_code_for_each_up_to_those_that_fit(self, casa, client, lunes):
        anotar(casa.canal, "publicacion", "/tramites/uno/", hora=15)
        preparar(casa, 10)

        hoja = client.get(f"{PAGINA}hoja/")

        html5lib.HTMLParser(strict=True).parse(hoja.text)
        assert hoja.text.count("<svg") == 8 + 1
        assert "3 novedades más." in hoja.text
        assert "/boletin/2026/47/</b>" in hoja.text
        assert "Trámite de" not in hoja.text

    def test_what_has_a_date_goes_first_by_it(self, casa):
        agenda = abrir_canal(casa, tipos=["evento"])
        publicar(casa, "Noticia")
        for dia in ("2026-12-17", "2026-11-27"):
            publicar(
                casa,
                f"Del {dia}",
                canal=agenda,
                tipo="evento",
                evento_inicio=en_fecha(dia, 16),
                evento_fin=en_fecha(dia, 18),
                lugar="Parque principal",
            )
        anotar(casa.canal, "publicacion", "/tramites/uno/")

        assert [una["titulo"] for una in lo_mas_util(novedades_de(SEMANA), 3)] == [
            "Del 2026-11-27",
            "Del 2026-12-17",
            "Noticia",
        ]

    def test_the_text_says_dates_and_hours_in_words_and_addresses_at_the_end(self, casa, client, lunes):
        crear = {"tipo": "evento", "canal": abrir_canal(casa, tipos=["evento"])}
        publicar(
            casa,
            "Asamblea del barrio",
            evento_inicio=en_fecha("2026-11-27", 16),
            evento_fin=en_fecha("2026-11-27", 18),
            lugar="Salón comunal",
            **crear,
        )

        respuesta = client.get("/boletin/2026/47.txt")

        assert respuesta.headers["Content-Type"] == "text/plain; charset=utf-8"
        leido, _titulo, direcciones = respuesta.text.partition("DIRECCIONES")
        assert "Viernes 27 de noviembre de 2026, a las 4 de la tarde. Lugar: Salón comunal" in leido
        assert "/" not in leido
        assert "<" not in respuesta.text
        assert "\n\n\n" not in respuesta.text
        assert re.search(r"Asamblea del barrio: \S+/b/\d+/", direcciones)
        assert (
            respuesta.text
            in html5lib.parse(client.get(PAGINA).text, namespaceHTMLElements=False).find(".//textarea").text
            + "\n"
        )


class TestDesk:
    def test_who_decides_enters_and_the_rest_do_not(self, casa, client, lunes):
        crear_canal_del_boletin(casa)
        preparar(casa)
        rutas = ("/panel/boletin/", PANEL, f"{PANEL}correo/")
        for ruta in rutas:
            assert client.get(ruta).url.startswith("/admin/login/")
        for quien in (casa.jefe, casa.autora, casa.tesorero, casa.admin, crear_usuario("sin-cargo")):
            client.force_login(quien)
            assert {client.get(ruta).status_code for ruta in rutas} == {403}
            assert client.post(PANEL, {"aprobar": "1", "leido": "x"}).status_code == 403
        for quien in (casa.secretaria, casa.alcalde):
            client.force_login(quien)
            for ruta in rutas:
                pagina = client.get(ruta)
                html5lib.HTMLParser(strict=True).parse(pagina.text)
                assert pagina.status_code == 200
                assert "no-store" in pagina.headers["Cache-Control"]
        assert client.put(PANEL).status_code == 405
        assert client.post("/panel/boletin/").status_code == 405
        assert client.get("/panel/boletin/2026/46/").status_code == 404

    def test_while_the_mails_are_not_written_it_does_not_say_that_there_are_none(self, casa, client, lunes):
        crear_canal_del_boletin(casa)
        aprobar(casa, preparar(casa))
        client.force_login(casa.secretaria)
        pagina = client.get(PANEL).text

        assert "Los mensajes salen por tandas" in pagina
        assert "Van 0" not in pagina

    def test_what_is_approved_says_when_and_where(self, casa, client, lunes):
        crear_canal_del_boletin(casa)
        publicar(
            casa,
            "Asamblea del barrio",
            tipo="evento",
            canal=abrir_canal(casa, tipos=["evento"]),
            evento_inicio=en_fecha("2026-11-27", 16),
            evento_fin=en_fecha("2026-11-27", 18),
            lugar="Salón comunal",
        )
        preparar(casa)
        client.force_login(casa.secretaria)

        assert "de la tarde. Salón comunal." in client.get(PANEL).text

    def test_only_secretaria_general_sees_the_list_and_masked(self, casa, client, lunes):
        crear_canal_del_boletin(casa)
        suya = suscribir("vecina@ejemplo.co", canales=[casa.canal])
        preparar(casa)

        client.force_login(casa.alcalde)
        assert "v···@" not in client.get(PANEL).text
        assert client.get(f"{PANEL}correo/{suya.pk}/").status_code == 404

        client.force_login(casa.secretaria)
        pagina, previa = client.get(PANEL).text, client.get(f"{PANEL}correo/{suya.pk}/").text
        assert "v···@e···.co" in pagina
        assert "v···@e···.co" in previa
        for vista in (pagina, previa, client.get("/panel/boletin/").text):
            assert "vecina@" not in vista
            assert "/suscripciones/" not in vista.replace('href="/suscripciones/"', "")

    def test_it_says_how_many_and_what_of(self, casa, lunes):
        suscribir()
        suscribir(secciones=["actualidad"])
        suscribir(canales=[casa.canal])
        suscribir(dependencias=[casa.planeacion])
        suscribir(secciones=["normas"])
        boletin = preparar(casa)

        assert envio.reparto(boletin.datos["novedades"]) == {
            "total": 4,
            "activas": 5,
            "pidieron": [
                ("Todo lo que se publica", 1),
                ("Noticias y agenda", 1),
                (str(casa.canal), 1),
                (str(casa.planeacion), 1),
            ],
        }

    def test_it_costs_the_same_with_one_and_with_many(self, casa, client, lunes):
        client.force_login(casa.secretaria)
        suscribir(canales=[casa.canal])
        preparar(casa)
        client.get(PANEL)
        una = [consultas(lambda r=r: client.get(r)) for r in (PANEL, "/panel/boletin/")]
        for _ in range(25):
            suscribir(canales=[casa.canal], dependencias=[casa.planeacion])

        assert [consultas(lambda r=r: client.get(r)) for r in (PANEL, "/panel/boletin/")] == una
        assert una[0] <= 24

    def test_the_preview_is_what_that_person_asked_for(self, casa, client, lunes):
        otro = abrir_canal(casa, seccion="normas")
        publicar(casa, "Un decreto", canal=otro)
        de_normas, de_nada = suscribir(secciones=["normas"]), suscribir(secciones=["municipio"])
        preparar(casa)
        client.force_login(casa.secretaria)

        previa = client.get(f"{PANEL}correo/{de_normas.pk}/").text
        assert "Un decreto" in previa
        assert "Noticia 0" not in previa
        assert "no se le escribe" in client.get(f"{PANEL}correo/{de_nada.pk}/").text
        assert "Noticia 0" in client.get(f"{PANEL}correo/").text
        assert client.get(f"{PANEL}correo/999999/").status_code == 404

    def test_approving_twice_is_once(self, casa, client, lunes):
        crear_canal_del_boletin(casa)
        boletin = preparar(casa)
        leido = decision.huella_vigente(boletin)
        client.force_login(casa.alcalde)

        primera = client.post(PANEL, {"aprobar": "1", "leido": leido})
        segunda = client.post(PANEL, {"aprobar": "1", "leido": leido})

        assert (primera.status_code, primera.url) == (302, PANEL)
        assert segunda.status_code == 409
        boletin.refresh_from_db()
        assert (boletin.estado, boletin.decidido_por) == ("aprobado", casa.alcalde)
        assert client.post(PANEL, {"no_enviar": "1", "motivo": "Ya no."}).status_code == 409

    def test_not_sending_needs_a_reason_and_nothing_is_lost(self, casa, client, lunes):
        boletin = preparar(casa)
        client.force_login(casa.secretaria)

        for motivo in ("", "  ", "x" * 301):
            rechazado = client.post(PANEL, {"no_enviar": "1", "motivo": motivo})
            assert rechazado.status_code == 422
            assert motivo.strip() in rechazado.text
            assert "autofocus" in rechazado.text
        assert client.post(PANEL, {"aprobar": "1"}).status_code == 422
        assert client.post(PANEL, {"no_enviar": "1", "motivo": "Trae un error."}).url == PANEL

        boletin.refresh_from_db()
        assert (boletin.estado, boletin.motivo, boletin.decidido_por) == (
            "sin_envio",
            "Trae un error.",
            casa.secretaria,
        )
        assert "Trae un error." in client.get(PANEL).text

    def test_whoever_lost_the_session_does_not_lose_the_reason(self, casa, client, lunes):
        preparar(casa)

        respuesta = client.post(PANEL, {"no_enviar": "1", "motivo": "Trae un error."})

        assert "Trae un error." in respuesta.text

    def test_what_changed_while_it_was_read_is_read_again(self, casa, client, lunes):
        boletin = preparar(casa, 2)
        leido = decision.huella_vigente(boletin)
        publicacion = casa.canal.publicaciones.first()
        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        client.force_login(casa.secretaria)

        rechazado = client.post(PANEL, {"aprobar": "1", "leido": leido})

        assert rechazado.status_code == 409
        assert "Algo se retiró" in rechazado.text
        assert "1 novedad se retiró" in rechazado.text
        aprobado = aprobar(casa, boletin)
        assert len(aprobado.datos["novedades"]) == 1
        assert aprobado.huella == huella_de(aprobado.datos)

    def test_what_was_altered_or_withdrawn_whole_is_not_approved(self, casa, lunes):
        boletin = preparar(casa)
        with pytest.raises(SinPermiso):
            decision.aprobar(boletin, por=casa.jefe, leido=decision.huella_vigente(boletin))
        for publicacion in casa.canal.publicaciones.all():
            services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        with pytest.raises(CondicionIncumplida, match="no hay nada que enviar"):
            aprobar(casa, boletin)
        with sin_disparadores():
            Boletin.objects.update(huella="0" * 64)
        with pytest.raises(CondicionIncumplida, match="no coincide con su huella"):
            aprobar(casa, boletin)

    def test_an_empty_one_cannot_be_approved(self, casa, lunes):
        decision.preparar(en_fecha(LUNES))

        with pytest.raises(EstadoInadecuado):
            aprobar(casa, Boletin.objects.get())


class TestUrgent:
    """What the public reads by urgency alone waits for its second person: a mail cannot be taken back."""

    def test_it_is_not_sent_until_another_person_authorises_it(self, casa, client, lunes):
        crear_canal_del_boletin(casa)
        urgente = crear_version(casa, "urgente", titulo="Creciente del río", en=en_fecha(MIERCOLES))
        boletin = preparar(casa)
        assert "Creciente del río" in [novedad["titulo"] for novedad in lo_que_dice(SEMANA)]

        with pytest.raises(CondicionIncumplida, match=r"con urgencia.*«Creciente del río»"):
            aprobar(casa, boletin)
        client.force_login(casa.secretaria)
        assert "Mientras tanto el boletín no se puede enviar" in client.get(PANEL).content.decode()

        services.autorizar_urgente(urgente, por=casa.alcalde, huella=urgente.huella(), en=en_fecha(LUNES))
        assert aprobar(casa, boletin).estado == Boletin.Estado.APROBADO
        assert "Mientras tanto" not in client.get(PANEL).content.decode()


class TestBandeja:
    def test_it_waits_for_whoever_decides_and_nobody_else(self, casa, lunes):
        crear_canal_del_boletin(casa)
        boletin = preparar(casa)

        def espera(quien):
            grupos = bandeja.grupos_de(quien, timezone.now())
            return [t for grupo in grupos if grupo.titulo == "Boletín por aprobar" for t in grupo.tareas]

        for quien in (casa.secretaria, casa.alcalde):
            [tarea] = espera(quien)
            assert (tarea.titulo, tarea.url) == ("Boletín de la semana 47 de 2026", PANEL)
        for quien in (casa.jefe, casa.autora, casa.admin):
            assert espera(quien) == []
        aprobar(casa, boletin)
        assert espera(casa.secretaria) == []

    def test_the_button_of_the_bandeja(self, casa, client):
        crear_canal_del_boletin(casa)
        for quien, hay in ((casa.secretaria, True), (casa.alcalde, True), (casa.autora, False)):
            client.force_login(quien)
            assert ('href="/panel/boletin/"' in client.get("/admin/").text) is hay


class TestAroundIt:
    def test_the_map_and_the_sitemap_lead_to_it(self, casa, client):
        mapa, para_buscadores = client.get("/mapa-del-sitio/").text, client.get("/sitemap.xml").text

        for ruta in ("/boletin/", "/suscripciones/"):
            assert f'href="{ruta}"' in mapa
            assert f"{ruta}</loc>" in para_buscadores

    def test_the_hub_of_participation_leads_to_it(self, casa, client):
        assert 'href="/suscripciones/"' in client.get("/participa/").text

    def test_the_demonstration_shows_one_sent_and_one_that_waits(self, casa):
        publicar(casa, "De hace dos semanas", "2026-11-11")
        publicar(casa)
        personas = {"secretaria": casa.secretaria}
        ahora = en_fecha("2026-11-25")

        [linea] = repartir(Path(), personas, ahora)

        assert linea == "6 suscripciones; boletines de la semana 46 de 2026 y de la semana 47 de 2026"
        assert list(repartir(Path(), personas, ahora + timedelta(days=9))) == []
        assert [b.estado for b in Boletin.objects.all()] == ["preparado", "enviado"]
        assert Suscripcion.objects.activas().count() == len(QUIENES) - 1
        assert Correo.objects.filter(clave__startswith="boletin:").exists()
