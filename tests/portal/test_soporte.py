"""The support table that anybody reads, and the book where officials ask and are answered."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, services, soporte
from portal.importacion import Cuenta
from portal.models import Correo, Edicion, Jornada, ProcedimientoDeSoporte, SolicitudDeSoporte
from tests.builders import crear_cargo, crear_usuario, en_fecha

SOPORTE, PEDIR = reverse("admin:soporte"), reverse("admin:soporte_pedir")
TABLA, CIFRAS = reverse("portal:soporte"), reverse("admin:soporte_cifras")
PLAN = Path(settings.BASE_DIR) / "tests" / "seguimiento" / "plan-de-accion-2008.txt"


def cargar() -> Cuenta:
    return soporte.CARGA.desde((Path(settings.BASE_DIR) / "datos" / "soporte.csv").read_text())


def pedir(por, problema="No me deja adjuntar.", **campos) -> SolicitudDeSoporte:
    return soporte.pedir(clave=campos.pop("clave", uuid4()), por=por, problema=problema, **campos)


def url_de(solicitud) -> str:
    return reverse("admin:soporte_solicitud", args=[solicitud.pk])


def grupos(usuario) -> dict[str, list[str]]:
    return {g.titulo: [tarea.titulo for tarea in g.tareas] for g in bandeja.grupos_de(usuario)}


class TestTheTable:
    def test_says_what_was_signed_word_for_word(self, db):
        cargar()

        plan = " ".join(PLAN.read_text().split())
        for fila in ProcedimientoDeSoporte.objects.all():
            assert fila.problema in plan and fila.procedimiento_firmado in plan
            for palabra in fila.asistencia_firmada.split():
                assert palabra in plan
        assert ProcedimientoDeSoporte.objects.count() == 3

    def test_loading_it_twice_changes_nothing_and_respects_who_edited(self, casa, client):
        assert cargar().creadas == 3
        assert cargar().iguales == 3
        fila = ProcedimientoDeSoporte.objects.first()
        fila.asistencia = "Otra oficina."
        fila.save()

        assert cargar().respetadas == 1
        fila.refresh_from_db()
        assert fila.asistencia == "Otra oficina."

    def test_old_telephones_are_history_and_never_a_link(self, casa, client):
        cargar()

        pagina = client.get(TABLA).text

        hoy, _abre, historia = pagina.partition("<details")
        assert "018000" not in hoy
        assert "018000 9595" in historia and "ya no responden" in historia
        assert "mailto:soporte" not in pagina and "tel:018000" not in pagina

    @pytest.mark.parametrize("texto", ["publicacion informacion", "PUBLICACIÓN", "sitio web publicación"])
    def test_is_searched_by_words_without_accents(self, casa, client, texto):
        cargar()

        pagina = client.get(TABLA, {"q": texto})

        titulos = [fila.problema for fila in pagina.context["procedimientos"]]
        assert "Problemas para la publicación de información en el sitio Web" in titulos
        assert "Problemas de acceso al correo electrónico" not in titulos
        assert "noindex" in pagina.text

    @pytest.mark.parametrize("texto", ["zzyzx", "' OR 1=1 --", "<script>alert(1)</script>", "%", "\x00"])
    def test_what_is_nowhere_is_said_kindly_and_never_run(self, casa, client, texto):
        cargar()

        respuesta = client.get(TABLA, {"q": texto})

        assert respuesta.status_code == 200
        assert "<script>alert" not in respuesta.text
        if texto.strip("\x00"):
            assert "Ningún problema de la tabla dice" in respuesta.text

    def test_the_published_text_is_over_it(self, casa, client):
        cargar()
        publicar(casa)

        pagina = client.get(TABLA).text

        assert "Llame al 607." in pagina and "Desconocimiento de las claves" in pagina
        assert pagina.count("<h1>") == 1

    def test_without_a_text_the_table_is_there(self, casa, client):
        assert client.get(TABLA).status_code == 404  # nothing to read yet
        cargar()

        respuesta = client.get(TABLA)

        assert respuesta.status_code == 200 and respuesta.text.count("<h1>") == 1

    def test_a_text_withdrawn_by_error_says_so(self, casa, client):
        version = publicar(casa)
        services.retirar(version.publicacion, por=casa.jefe, clase="error", motivo="No iba.")

        assert client.get(TABLA).status_code == 410

    def test_is_only_read(self, casa, client):
        assert client.post(TABLA).status_code == 405

    @pytest.mark.parametrize("filas", [1, 12])
    def test_costs_the_same_however_long(self, casa, client, filas):
        publicar(casa)
        for n in range(filas):
            ProcedimientoDeSoporte.objects.create(problema=f"Problema {n}", procedimiento="Así.")
        client.get(TABLA)

        with CaptureQueriesContext(connection) as hechas:
            client.get(TABLA)

        assert len(hechas) == 4  # edición, the text, its files and the table

    def test_a_change_makes_cached_pages_old(self, casa):
        antes = Edicion.actual()
        ProcedimientoDeSoporte.objects.create(problema="Uno", procedimiento="Así.")

        assert Edicion.actual() > antes

    def test_secretaria_general_keeps_it_and_nobody_rewrites_what_was_signed(self, casa, client):
        cargar()
        fila = ProcedimientoDeSoporte.objects.first()
        url = reverse("admin:portal_procedimientodesoporte_change", args=[fila.pk])
        client.force_login(casa.secretaria)

        client.post(
            url,
            {"orden": "5", "procedimiento": "Así hoy.", "asistencia": "", "procedimiento_firmado": "Otro"},
        )

        firmado = fila.procedimiento_firmado
        fila.refresh_from_db()
        assert (fila.procedimiento, fila.procedimiento_firmado) == ("Así hoy.", firmado)
        borrar = reverse("admin:portal_procedimientodesoporte_delete", args=[fila.pk])
        assert client.post(borrar, {"post": "yes"}).status_code == 403
        client.force_login(casa.jefe)
        assert client.get(url).status_code == 403


def publicar(casa):
    version = services.crear_publicacion(
        canal=casa.canal,
        tipo="pagina",
        por=casa.autora,
        ruta_fija="/soporte/",
        titulo="Soporte",
        resumen="A quién llamar.",
        cuerpo="<p>Llame al 607.</p>",
    )
    services.enviar(version, por=casa.autora)
    services.validar(version, por=casa.editor)
    version.refresh_from_db()
    services.autorizar(version, por=casa.jefe, huella=version.huella())
    services.publicar(version, por=casa.jefe)
    return version


class TestAsking:
    def test_every_screen_leads_to_the_form_with_its_path_and_nothing_that_was_searched(self, casa, client):
        client.force_login(casa.autora)
        listado = reverse("admin:portal_version_changelist")

        enlace = client.get(listado, {"q": "cédula 123"}).context["pedir_ayuda"]
        pagina = client.get(enlace)

        assert enlace == f"{PEDIR}?pantalla=%2Fadmin%2Fportal%2Fversion%2F"
        assert pagina.context["pantalla"] == listado
        assert "Escribir y enviar" in pagina.text

    def test_is_numbered_by_year_and_written_once(self, casa, client):
        client.force_login(casa.autora)
        datos = {"clave": str(uuid4()), "pantalla": "/admin/?q=1", "problema": "  No me deja\r\nadjuntar. "}

        primera = client.post(PEDIR, datos)
        segunda = client.post(PEDIR, datos)

        [solicitud] = SolicitudDeSoporte.objects.all()
        assert primera.url == segunda.url == url_de(solicitud)
        assert (solicitud.pantalla, solicitud.problema) == ("/admin/", "No me deja\nadjuntar.")
        assert pedir(casa.jefe).consecutivo == solicitud.consecutivo + 1
        otro_anio = pedir(casa.jefe, en=solicitud.pedida_en + timedelta(days=400))
        assert otro_anio.consecutivo == 1
        assert solicitud.numero == f"{solicitud.anio}-001"

    def test_the_form_of_somebody_else_is_not_used_again(self, casa):
        solicitud = pedir(casa.autora)

        with pytest.raises(ValidationError, match="otra vez"):
            pedir(casa.jefe, clave=solicitud.clave)

    @pytest.mark.parametrize(
        "datos", [{"problema": ""}, {"problema": " \n "}, {"problema": "x" * 2001}, {"clave": "no-es"}]
    )
    def test_bad_input_keeps_what_was_typed(self, casa, client, datos):
        client.force_login(casa.autora)

        respuesta = client.post(
            PEDIR, {"clave": str(uuid4()), "pantalla": "/admin/", "problema": "Esto."} | datos
        )

        assert respuesta.status_code == 422
        assert "autofocus" in respuesta.text
        assert respuesta.context["form"]["problema"].value() == datos.get("problema", "Esto.")
        assert not SolicitudDeSoporte.objects.exists()

    @pytest.mark.parametrize(
        "hostil",
        ["//malo.example/", "/\\malo.example/", "javascript:alert(1)", "/a\nb/", "/" + "a" * 400, "malo", ""],
    )
    def test_a_screen_that_is_not_ours_is_left_out(self, casa, hostil):
        assert pedir(casa.autora, pantalla=hostil).pantalla == ""

    def test_a_screen_that_no_longer_exists_is_shown_all_the_same(self, casa, client):
        solicitud = pedir(casa.autora, pantalla="/admin/no-existe-ya/../x/")
        client.force_login(casa.autora)

        assert "Otras pantallas" in client.get(url_de(solicitud)).text

    @pytest.mark.parametrize("url", [SOPORTE, PEDIR, CIFRAS])
    def test_anonymous_people_enter_first(self, casa, client, url):
        assert client.get(url).url.startswith(reverse("admin:login"))

    @pytest.mark.parametrize("url, metodo", [(SOPORTE, "post"), (CIFRAS, "post"), (PEDIR, "put")])
    def test_another_method_is_refused(self, casa, client, url, metodo):
        client.force_login(casa.secretaria)

        assert getattr(client, metodo)(url).status_code == 405


class TestAnswering:
    @pytest.mark.parametrize("quien", ["secretaria", "editor", "admin"])
    def test_posts_of_secretaria_general_and_who_administers_answer(self, casa, client, quien):
        casa.autora.email = "autora@ejemplo.gov.co"
        casa.autora.save()
        solicitud = pedir(casa.autora)
        client.force_login(getattr(casa, quien))
        assert grupos(getattr(casa, quien))["Piden ayuda con el portal"] == [f"Soporte {solicitud.numero}"]

        respuesta = client.post(url_de(solicitud), {"respuesta": "Pese menos de 10 MB."}, follow=True)

        assert "Se respondió la solicitud" in respuesta.text
        assert grupos(casa.autora)["Le respondieron en soporte"] == [f"Soporte {solicitud.numero}"]
        assert "Piden ayuda con el portal" not in grupos(getattr(casa, quien))
        correo = Correo.objects.get(para="autora@ejemplo.gov.co")
        assert "Pese menos de 10 MB." in correo.texto and solicitud.numero in correo.asunto
        assert f"{settings.PORTAL_URL}{url_de(solicitud)}" in correo.texto

    @pytest.mark.parametrize("se_va, queda", [("editor", "secretaria"), ("secretaria", "editor")])
    def test_it_waits_for_the_rest_of_secretaria_general_while_a_post_has_nobody(self, casa, se_va, queda):
        getattr(casa, se_va).titularidades.update(hasta=timezone.localdate() - timedelta(days=1))
        solicitud = pedir(casa.autora)

        for quien in (queda, "admin"):
            assert grupos(getattr(casa, quien))["Piden ayuda con el portal"] == [
                f"Soporte {solicitud.numero}"
            ]
        assert "Piden ayuda con el portal" not in grupos(getattr(casa, se_va))

    @pytest.mark.parametrize("quien", ["jefe", "tesorero", "alcalde"])
    def test_other_offices_neither_see_nor_answer(self, casa, client, quien):
        solicitud = pedir(casa.autora)
        client.force_login(getattr(casa, quien))

        assert client.get(url_de(solicitud)).status_code == 404
        assert client.post(url_de(solicitud), {"respuesta": "Sí."}).status_code == 404
        assert client.get(CIFRAS).status_code == 403
        assert "Por responder" not in client.get(SOPORTE).text
        assert "Piden ayuda con el portal" not in grupos(getattr(casa, quien))
        with pytest.raises(ValidationError, match="Responde quien administra"):
            soporte.responder(solicitud, por=getattr(casa, quien), texto="Sí.")

    def test_who_asks_reads_it_and_does_not_answer_it(self, casa, client):
        solicitud = pedir(casa.autora)
        client.force_login(casa.autora)

        assert "Todavía no la han respondido" in client.get(url_de(solicitud)).text
        assert client.post(url_de(solicitud), {"respuesta": "Ya."}).status_code == 403

    def test_is_done_once_and_the_second_keeps_what_they_typed(self, casa, client):
        solicitud = pedir(casa.autora)
        soporte.responder(solicitud, por=casa.editor, texto="Así.")
        client.force_login(casa.secretaria)

        respuesta = client.post(url_de(solicitud), {"respuesta": "De otro modo."})

        assert respuesta.status_code == 422
        assert "editor ya la había respondido" in respuesta.text and "De otro modo." in respuesta.text
        solicitud.refresh_from_db()
        assert solicitud.respuesta == "Así."

    @pytest.mark.parametrize("texto", ["", "  \n", "x" * 2001])
    def test_bad_input(self, casa, client, texto):
        solicitud = pedir(casa.autora)
        client.force_login(casa.secretaria)

        assert client.post(url_de(solicitud), {"respuesta": texto}).status_code == 422

    def test_html_is_shown_as_it_was_typed(self, casa, client):
        solicitud = pedir(casa.autora, "<img src=x onerror=alert(1)>")
        client.force_login(casa.secretaria)

        assert "&lt;img src=x" in client.get(url_de(solicitud)).text

    def test_news_end(self, casa):
        solicitud = pedir(casa.autora, en=timezone.now() - timedelta(days=30))
        soporte.responder(solicitud, por=casa.editor, texto="Así.", en=timezone.now() - timedelta(days=29))

        assert "Le respondieron en soporte" not in grupos(casa.autora)

    @pytest.mark.parametrize(
        "cambio",
        [
            "UPDATE portal_solicituddesoporte SET problema = 'Otro'",
            "UPDATE portal_solicituddesoporte SET respuesta = 'Otra'",
            "UPDATE portal_solicituddesoporte SET respondida_en = NULL",
            "DELETE FROM portal_solicituddesoporte",
        ],
    )
    def test_postgresql_keeps_it_as_it_was(self, casa, cambio):
        soporte.responder(pedir(casa.autora), por=casa.editor, texto="Así.")

        with (
            pytest.raises(IntegrityError, match="no cambian"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(cambio)


class TestFigures:
    @pytest.fixture
    def jornadas(self, db):
        for dia in range(1, 6):
            Jornada.objects.create(dia=dia, desde="08:00", hasta="12:00")
            Jornada.objects.create(dia=dia, desde="14:00", hasta="18:00")

    def responder(self, casa, desde: datetime, hasta: datetime, pantalla="") -> None:
        solicitud = pedir(casa.autora, en=desde, pantalla=pantalla)
        soporte.responder(solicitud, por=casa.editor, texto="Así.", en=hasta)

    def test_count_hours_of_attention_by_month_and_screen(self, casa, jornadas):
        # Friday 13 at 17:00 to Monday 16 of November, a holiday; answered on Tuesday 17 at 9:00: two hours.
        self.responder(casa, en_fecha("2026-11-13", 17), en_fecha("2026-11-17", 9), "/admin/")
        self.responder(casa, en_fecha("2026-11-18", 10), en_fecha("2026-11-18", 15), "/admin/")
        pedir(casa.autora, en=en_fecha("2026-11-18", 11))
        self.responder(casa, en_fecha("2026-10-06", 8), en_fecha("2026-10-06", 9))

        noviembre, bandeja_, sin_pantalla, octubre, _otra = soporte.cifras(en_fecha("2026-11-20"))

        assert (noviembre.pantalla, noviembre.pedidas, noviembre.respondidas) == ("", 3, 2)
        assert (noviembre.mediana, noviembre.peor) == (2.5, 3.0)
        assert (bandeja_.pantalla, bandeja_.pedidas) == ("La bandeja", 2)
        assert (sin_pantalla.pantalla, sin_pantalla.mediana) == (soporte.SIN_PANTALLA, None)
        assert (octubre.mes.month, octubre.mediana) == (10, 1.0)

    def test_what_is_answered_by_night_takes_no_hour_of_attention(self, casa, jornadas):
        self.responder(casa, en_fecha("2026-11-18", 20), en_fecha("2026-11-18", 22))

        assert soporte.cifras(en_fecha("2026-11-20"))[0].peor == 0.0

    def test_without_hours_of_attention_no_time_is_made_up(self, casa):
        self.responder(casa, en_fecha("2026-11-13", 17), en_fecha("2026-11-17", 9))

        assert soporte.cifras(en_fecha("2026-11-20"))[0].mediana is None

    def test_what_is_older_than_a_year_is_left_out(self, casa):
        pedir(casa.autora, en=en_fecha("2025-11-30", 10))

        assert soporte.cifras(en_fecha("2026-11-20")) == []
        assert len(soporte.cifras(en_fecha("2026-10-20"))) == 2

    def test_go_out_as_a_table_without_people(self, casa, client):
        pedir(casa.autora, "Algo personal", pantalla="/admin/")
        client.force_login(casa.secretaria)

        respuesta = client.get(CIFRAS)

        texto = respuesta.content.decode("utf-8-sig")
        assert texto.startswith("Mes,Pantalla,Pedidas,Respondidas,")
        assert ",(todas),1,0,," in texto and "La bandeja" in texto
        assert "autora" not in texto and "personal" not in texto

    @pytest.mark.parametrize("cuantas", [1, 25])
    def test_the_page_costs_the_same_however_many(self, casa, client, jornadas, cuantas):
        for n in range(cuantas):
            pedir(crear_usuario(f"otra-{n}"), pantalla=f"/admin/portal/version/{n}/change/")
            soporte.responder(pedir(casa.autora), por=casa.editor, texto="Así.")
        pedir(casa.secretaria)
        client.force_login(casa.secretaria)

        with CaptureQueriesContext(connection) as hechas:
            client.get(SOPORTE)

        # Session, user, posts; own and their count, those waiting, and the figures with their hours (two).
        assert len(hechas) == 9

    def test_a_post_of_secretaria_general_that_ended_answers_no_more(self, casa):
        de_paso = crear_usuario("de-paso", crear_cargo(casa.general, "Auxiliar general"))
        assert soporte.responde(de_paso)
        ayer = timezone.localdate() - timedelta(days=1)
        de_paso.titularidades.update(hasta=ayer)

        assert not soporte.responde(type(de_paso).objects.get(pk=de_paso.pk))


def test_the_demonstration_is_made_once(casa):
    personas = {"autor.planeacion": casa.autora, "familias": casa.jefe, "secretaria": casa.secretaria}
    ahora = timezone.now()

    assert len(list(soporte.mostrar(Path(), personas, ahora))) == 2
    assert list(soporte.mostrar(Path(), personas, ahora)) == []
    assert SolicitudDeSoporte.objects.filter(respondida_en=None).count() == 1
