"""What a text is asked before it is sent: each rule with what it lets pass and what it points out."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from portal import services
from portal.flujo import CondicionIncumplida
from portal.models import Canal, EnlaceExterno, Paso, Version
from portal.redaccion.comprobaciones import (
    ENLACES_POR_TEXTO,
    POR_REGLA,
    REGLAS,
    FaltaConfirmar,
    Nivel,
    comprobar,
    impedimentos,
)
from portal.saneado import sanear
from tests.builders import crear_dependencia, crear_municipio, crear_publicada, crear_version
from tests.portal.test_legibilidad import tarda_menos_de

LARGA = "palabra " * 25
FACIL = "<p>El agua llega hoy. La obra ya se acabó. Gracias por su paciencia.</p>" * 6
DIFICIL = f"<p>{'La administración municipal implementará procedimientos interinstitucionales. ' * 10}</p>"
TABLA = "<table><tbody><tr><{0}><p>Barrio</p></{0}></tr><tr><td><p>Centro</p></td></tr></tbody></table>"
CEDULAS = (
    "<table><tbody><tr><th><p>Nombre</p></th><th><p>Cédula</p></th><th><p>Valor</p></th></tr>"
    "<tr><td><p>Beneficiaria</p></td><td><p>{}</p></td><td><p>1.200.000</p></td></tr></tbody></table>"
)


def imagen_png() -> SimpleUploadedFile:
    salida = BytesIO()
    Image.new("RGB", (30, 20), "green").save(salida, "PNG")
    return SimpleUploadedFile("foto.png", salida.getvalue())


def reglas(version: Version) -> set[str]:
    return {hallazgo.regla for hallazgo in comprobar(version)}


#: Rule, what it lets pass, what it points out. A string is a body.
EJEMPLOS = [
    ("campos", {}, {"resumen": ""}),
    ("campos", {}, {"cuerpo": ""}),
    (
        "por-escribir",
        "<p>El mercado se hace los domingos.</p>",
        "<p>Escriba aquí qué hará la alcaldía con lo que la gente respondió, y por qué.</p>",
    ),
    ("enlace-interno", '<p><a href="/agenda/">La agenda</a></p>', '<p><a href="/nada/">La agenda</a></p>'),
    ("enlace-interno", '<p><a href="/agenda">La agenda</a></p>', '<p><a href="/admin/">La bandeja</a></p>'),
    ("enlace-interno", '<p><a href="/tramites/">Trámites</a></p>', '<p><a href="/panel/">El panel</a></p>'),
    (
        "enlace-interno",
        '<p><a href="/buscar/?q=ñame">Buscar</a></p>',
        '<p><a href="/archivos/9999/x.pdf">X</a></p>',
    ),
    (
        "enlace-interno",
        '<p><a href="http://localhost/rss/">RSS</a></p>',
        '<p><a href="http://localhost/r/">R</a></p>',
    ),
    (
        "enlace-interno",
        '<p><a href="https://a.gov.co/x">A</a></p>',
        '<p><a href="www.a.gov.co">Sin https</a></p>',
    ),
    (
        "enlace-interno",
        '<p><a href="/static/css/portal.css">CSS</a></p>',
        '<p><a href="/static/no.css">CSS</a></p>',
    ),
    (
        "enlace-mal-escrito",
        '<p><a href="https://a.gov.co">A</a></p>',
        '<p><a href="https:///a.gov.co">A</a></p>',
    ),
    (
        "cedula",
        "<p>El contrato 1090123456 está listo.</p>",
        "<p>Ana, identificada con C.C. n.º 1.090.123.456</p>",
    ),
    ("cedula", "<p>Traiga la cédula. Vale $ 1.200.000</p>", "<p>cédula de ciudadanía 37123456</p>"),
    ("cedula", "<p>NIT 800.123.456-1</p>", "<p>CC 88 123 456 de Cúcuta</p>"),
    ("cedula", CEDULAS.format("Sí la trajo"), CEDULAS.format("37.123.456")),
    ("celular", "<p>Llame al 607 555 1234.</p>", "<p>Llame a Ana al 300 123 4567.</p>"),
    ("celular", "<p>Costó 3.001.234.567 pesos.</p>", "<p>WhatsApp: +57 3001234567</p>"),
    ("celular", "<p>Referencia 300123456789.</p>", '<p><a href="tel:+573001234567">Llame a Ana</a></p>'),
    ("celular", "<p>Huella: ab3001234567cd</p>", "<p>Cel.:3001234567.</p>"),
    ("correo", "<p>contactenos@cucuta.gov.co</p>", "<p>ana.rojas@gmail.com</p>"),
    ("correo", "<p>notificacionesjudiciales@ani.gov.co</p>", "<p>ana.rojas@ani.gov.co</p>"),
    (
        "correo",
        "<p>pedro@ejemplo.gov.co</p>",
        '<p><a href="mailto:ana.rojas@gmail.com?subject=x">Ana</a></p>',
    ),
    ("correo", "<p>arroba sola @ y @usuario</p>", "<p>an\u200ba.rojas@gm\u200bail.com</p>"),
    ("titulos", "<h2>Uno</h2><h3>Dos</h3><h2>Tres</h2>", "<h2>Uno</h2><h4>Dos</h4>"),
    ("titulos", "<h2>Uno</h2>", "<h3>Uno</h3>"),
    ("enlace-vago", '<p><a href="/agenda/">La agenda</a></p>', '<p>Entre <a href="/agenda/">aquí</a>.</p>'),
    ("enlace-vago", '<p><a href="/agenda/">Ver la agenda</a></p>', '<p><a href="/agenda/">Ver más…</a></p>'),
    (
        "enlace-vago",
        '<p><a href="https://a.gov.co">A</a></p>',
        '<p><a href="https://a.gov.co">https://a.gov.co</a></p>',
    ),
    ("ancla", '<p><a href="/agenda/#lunes">Lunes</a></p>', '<p><a href="#lunes">Lunes</a></p>'),
    ("tabla", TABLA.format("th"), TABLA.format("td")),
    ("mayusculas", {"titulo": "El SISBEN llega"}, {"titulo": "ATENCIÓN VECINOS"}),
    ("mayusculas", "<p>El ICBF y la DIAN. Siglo XVIII.</p>", "<p>Es <strong>IMPORTANTE</strong>.</p>"),
    ("mayusculas", "<p>Corporación de la Frontera (CORPONOR)</p>", "<p>NO SE RECIBE LA BASURA</p>"),
    ("mayusculas", "<h2>SECOP II</h2>", "<h2>METAS</h2>"),
    ("sigla", "<p>Departamento Nacional de Planeación (DNP). El DNP paga.</p>", "<p>El DNP paga.</p>"),
    ("sigla", "<p>SUIT (Sistema Único de Trámites)</p>", "<p>Se inscribe en el SUIT.</p>"),
    ("sigla", {"titulo": "SUIT", "cuerpo": "<p>El SUIT es un registro.</p>"}, {"titulo": "El SUIT"}),
    ("sigla", "<p>El SISBEN, la DIAN y un PDF.</p>", "<p>El PBOT cambió.</p>"),
    ("abreviatura", "<p>El municipio.</p>", "<p>El mpio. avisa.</p>"),
    ("frase-larga", f"<p>{LARGA}.</p>", f"<p>{LARGA} más.</p>"),
    ("frase-larga", f"<p>{LARGA}.</p><p>{LARGA}.</p>", f"<p>{LARGA}, {LARGA}.</p>"),
    ("lectura", FACIL, DIFICIL),
]


@pytest.mark.parametrize("regla, pasa, falla", EJEMPLOS)
def test_each_rule_has_what_passes_and_what_does_not(casa, regla, pasa, falla):
    bien, mal = ({"cuerpo": d} if isinstance(d, str) else d for d in (pasa, falla))

    assert regla not in reglas(crear_version(casa, **bien))
    assert regla in reglas(crear_version(casa, **mal))


def test_each_rule_is_proved_here():
    aparte = {"alternativa", "alternativa-de-archivo", "enlace-externo", "enlaces-sin-probar"}

    assert {regla.nombre for regla in REGLAS} == {regla for regla, _pasa, _falla in EJEMPLOS} | aparte


class TestImages:
    @pytest.mark.parametrize(
        "alt, esperadas",
        [
            ("", {"alternativa"}),
            ("  ", {"alternativa"}),
            ("IMG_2031", {"alternativa-de-archivo"}),
            ("WhatsApp Image 2026-11-02 at 10.33.21", {"alternativa-de-archivo"}),
            ("puente.jpg", {"alternativa-de-archivo"}),
            ("Tres niñas siembran un árbol", set()),
            ("Imagen del puente nuevo", set()),
        ],
    )
    def test_alternative_text(self, casa, alt, esperadas):
        version = crear_version(casa)
        services.adjuntar(version, imagen_png(), titulo="Foto", alt=alt, por=casa.autora)

        assert reglas(version) == esperadas

    def test_a_file_that_is_no_image_needs_none(self, casa, adjunto_pdf):
        version = crear_version(casa)
        services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)

        assert reglas(version) == set()


class TestInternalLinks:
    def enlazar(self, casa, destino: str) -> Version:
        return crear_version(casa, cuerpo=f'<p><a href="{destino}">El plano</a></p>')

    def test_a_file_of_this_draft_is_fine_before_anybody_may_read_it(self, casa, adjunto_pdf):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)
        cuerpo = f'<p><a href="{adjunto.get_absolute_url()}">El plano</a></p>'
        version = services.guardar_borrador(version, por=casa.autora, revision=1, cuerpo=cuerpo)

        assert reglas(version) == set()

    def test_a_file_of_somebody_elses_draft_is_not(self, casa, adjunto_pdf):
        adjunto = services.adjuntar(crear_version(casa), adjunto_pdf, titulo="Plano", por=casa.autora)

        assert reglas(self.enlazar(casa, adjunto.get_absolute_url())) == {"enlace-interno"}

    def test_a_file_that_this_text_no_longer_brings_is_not(self, casa, adjunto_pdf):
        version = crear_version(casa)
        adjunto = services.adjuntar(version, adjunto_pdf, titulo="Plano", por=casa.autora)
        ruta = adjunto.get_absolute_url()
        version = services.publicar_urgente(version, por=casa.jefe, motivo="Ya.")
        nueva = services.nueva_version(version.publicacion, por=casa.autora)
        con_el_archivo = services.guardar_borrador(
            nueva, por=casa.autora, revision=0, cuerpo=f'<p><a href="{ruta}">El plano</a></p>'
        )
        assert reglas(con_el_archivo) == set()

        with services.editar_adjuntos(nueva, por=casa.autora):
            nueva.adjuntos.get().delete()

        assert reglas(nueva.__class__.objects.get(pk=nueva.pk)) == {"enlace-interno"}

    def test_its_own_page_and_what_is_public_resolve_and_a_draft_does_not(self, casa):
        publica, borrador = crear_publicada(casa), crear_version(casa, titulo="Otra").publicacion
        propia = self.enlazar(casa, "/canales/programas-y-proyectos/pavimentacion-de-la-calle-3-2/")

        assert propia.publicacion.get_absolute_url() in propia.cuerpo
        assert reglas(propia) == set()
        assert reglas(self.enlazar(casa, publica.get_absolute_url())) == set()
        assert reglas(self.enlazar(casa, borrador.get_absolute_url())) == {"enlace-interno"}

    @pytest.mark.parametrize("resto", ["%2e%2e/%2e%2e/etc/passwd", "%00", "%2fetc/passwd"])
    def test_what_climbs_out_of_the_static_files_does_not_resolve_and_breaks_nothing(self, casa, resto):
        assert reglas(self.enlazar(casa, f"/static/{resto}")) == {"enlace-interno"}

    def test_what_was_withdrawn_by_error_no_longer_resolves_though_it_did(self, casa):
        publica = crear_publicada(casa)
        version = self.enlazar(casa, publica.get_absolute_url())
        assert reglas(version) == set()

        services.retirar(publica, por=casa.jefe, clase="error", motivo="No iba.")

        assert reglas(version) == {"enlace-interno"}

    def test_a_page_of_another_app_that_becomes_public_with_the_text_is_fine(self, casa, monkeypatch):
        version = self.enlazar(casa, "/informes-semanales/2020/1/")
        assert reglas(version) == {"enlace-interno"}

        monkeypatch.setattr(
            "portal.redaccion.destinos.SALEN_CON_EL_TEXTO",
            [lambda cual: ["/informes-semanales/2020/1/"] if cual == version else []],
        )

        assert reglas(version) == set()

    @pytest.mark.parametrize("destino", ["/admin/", "/admin", "/panel/", "/admin/portal/version/"])
    def test_where_only_the_staff_enters_is_said_apart(self, casa, destino):
        [hallazgo] = comprobar(self.enlazar(casa, destino))

        assert "donde el público no puede entrar" in hallazgo.mensaje

    def test_a_page_that_fails_is_not_the_fault_of_who_links_to_it(self, casa, monkeypatch, caplog):
        monkeypatch.setattr("portal.views.publico.Publicacion.objects.eventos", None)

        assert reglas(self.enlazar(casa, "/agenda/")) == set()
        assert "No se pudo probar el enlace a /agenda/" in caplog.text

    def test_only_so_many_are_tried_and_it_says_so(self, casa):
        enlaces = "".join(
            f'<p><a href="/buscar/?q={n}">Buscar {n}</a></p>' for n in range(ENLACES_POR_TEXTO + 2)
        )
        hallazgos = comprobar(crear_version(casa, cuerpo=enlaces))

        assert [(h.regla, h.nivel) for h in hallazgos] == [("enlaces-sin-probar", Nivel.ACONSEJA)]
        assert "2 no se probaron" in hallazgos[0].mensaje

    def test_the_connection_and_the_transaction_stay(self, casa, adjunto_pdf):
        publica = crear_version(casa)
        adjunto = services.adjuntar(publica, adjunto_pdf, titulo="Plano", por=casa.autora)
        services.publicar_urgente(publica, por=casa.jefe, motivo="Ya.")
        version = self.enlazar(casa, adjunto.get_absolute_url())
        antes = connection.connection

        assert reglas(version) == set()
        assert connection.connection is antes
        assert Version.objects.filter(pk=version.pk).exists()


def test_links_of_other_sites_known_to_be_broken_are_advised(casa):
    version = crear_version(casa, cuerpo='<p><a href="https://roto.example.org/x#y">La norma</a></p>')
    assert reglas(version) == set()

    EnlaceExterno.objects.update(estado="roto", detalle="Respondió con el código 404.")

    [hallazgo] = comprobar(version)
    assert (hallazgo.regla, hallazgo.campo, hallazgo.donde) == (
        "enlace-externo",
        "cuerpo",
        "https://roto.example.org/x",
    )
    assert "404" in hallazgo.mensaje


class TestWhoseDataTheyAre:
    @pytest.mark.parametrize("escrito", ["planeacion.ana@gmail.com", "310 555 0101"])
    def test_those_of_an_office_are_not_of_a_person(self, casa, escrito):
        version = crear_version(casa, cuerpo=f"<p>{escrito}</p>")
        assert impedimentos(version, confirmo=False)

        crear_dependencia(correo="Planeacion.Ana@gmail.com", telefono="Celular +57 310 555 0101")

        assert not impedimentos(version, confirmo=False)

    def test_those_of_the_municipality_are_not_of_a_person(self, casa):
        crear_municipio(telefono="+57 310 555 0102", correo="alcaldia@puerto.gov.co")
        version = crear_version(casa, cuerpo="<p>310 555 0102, ana.rojas@puerto.gov.co</p>")

        assert not impedimentos(version, confirmo=False)

    def test_the_same_datum_is_asked_once_with_its_field_and_its_words(self, casa):
        version = crear_version(
            casa, resumen="Llame al 3001234567.", cuerpo="<p>300 123 4567 y 3001234567</p>"
        )

        [hallazgo] = comprobar(version)

        assert (hallazgo.campo, hallazgo.donde) == ("resumen", "3001234567")
        assert hallazgo.nivel == Nivel.PREGUNTA


class TestSending:
    CON_DATOS = "<p>Llame al 300 123 4567 o escriba a ana.rojas@gmail.com.</p>"

    def test_what_blocks_is_said_and_nothing_moves(self, casa):
        version = crear_version(casa, resumen="", cuerpo='<p><a href="/nada/">La agenda</a></p>')

        with pytest.raises(CondicionIncumplida, match=r"Falta: resumen\. .*que no existe: /nada/") as rechazo:
            services.enviar(version, por=casa.autora, confirmo=True)

        assert not isinstance(rechazo.value, FaltaConfirmar)
        assert Version.objects.get(pk=version.pk).estado == "borrador"

    def test_questions_are_asked_only_when_nothing_blocks(self, casa):
        version = crear_version(casa, resumen="", cuerpo=self.CON_DATOS)

        with pytest.raises(CondicionIncumplida) as rechazo:
            services.enviar(version, por=casa.autora)

        assert not isinstance(rechazo.value, FaltaConfirmar)

    def test_a_question_waits_for_its_answer_and_the_step_keeps_that_it_was_given(self, casa):
        version = crear_version(casa, cuerpo=self.CON_DATOS)
        with pytest.raises(FaltaConfirmar) as falta:
            services.enviar(version, por=casa.autora)
        assert {h.regla for h in falta.value.hallazgos} == {"celular", "correo"}
        assert Version.objects.get(pk=version.pk).estado == "borrador"

        services.enviar(version, por=casa.autora, confirmo=True)

        paso = Paso.objects.get(version=version, accion="enviar")
        assert paso.motivo == "Confirmó que deben publicarse los datos personales señalados (2)."

    def test_the_answer_is_about_the_text_that_was_read(self, casa, client):
        version = crear_version(casa, cuerpo=self.CON_DATOS)
        leida = version.huella()
        services.guardar_borrador(
            version, por=casa.jefe, revision=version.revision, cuerpo="<p>Llame a Ana al 301 765 4321.</p>"
        )
        client.force_login(casa.autora)
        direccion = f"/admin/portal/version/{version.pk}/paso/enviar/"

        respuesta = client.post(direccion, {"huella": leida, "confirmo": "on"})

        assert respuesta.status_code == 409
        assert "no es el mismo que usted abrió" in respuesta.text
        actual = Version.objects.get(pk=version.pk)
        assert actual.editable
        assert client.post(direccion, {"huella": actual.huella(), "confirmo": "on"}).status_code == 302

    def test_without_data_there_is_nothing_to_confirm_nor_to_keep(self, casa):
        version = services.enviar(crear_version(casa), por=casa.autora, confirmo=True)

        assert Paso.objects.get(version=version, accion="enviar").motivo == ""

    def test_permission_comes_first(self, casa):
        version = crear_version(casa, cuerpo=self.CON_DATOS)

        with pytest.raises(services.SinPermiso):
            services.enviar(version, por=casa.tesorero)

    def test_urgency_does_not_wait_for_answers_but_keeps_that_there_were_questions(self, casa):
        version = crear_version(casa, cuerpo=self.CON_DATOS)

        version = services.publicar_urgente(version, por=casa.jefe, motivo="Creciente del río.")

        paso = Paso.objects.get(version=version, accion="publicar_urgente")
        assert paso.motivo == "Creciente del río. Se publicó con los datos personales señalados (2)."
        assert version.urgente_motivo == "Creciente del río."

    def test_urgency_does_not_excuse_what_blocks(self, casa):
        version = crear_version(casa, cuerpo='<p><a href="/nada/">La agenda</a></p>')

        with pytest.raises(CondicionIncumplida, match="/nada/"):
            services.publicar_urgente(version, por=casa.jefe, motivo="Creciente del río.")

    def test_advice_blocks_nothing(self, casa):
        version = crear_version(casa, titulo="ATENCIÓN VECINOS", cuerpo=DIFICIL)

        assert services.enviar(version, por=casa.autora).estado == "en_validacion"


class TestOrderAndCost:
    def test_what_blocks_comes_first_and_the_rest_in_order(self, casa):
        version = crear_version(
            casa, resumen="", titulo="ATENCIÓN VECINOS", cuerpo="<p>Ana: 300 123 4567</p>"
        )

        assert [h.nivel for h in comprobar(version)] == [Nivel.BLOQUEA, Nivel.PREGUNTA, Nivel.ACONSEJA]

    def test_levels_of_the_table_go_from_more_to_less(self):
        orden = list(Nivel)

        assert [r.nivel for r in REGLAS] == sorted((r.nivel for r in REGLAS), key=orden.index)

    def test_each_rule_lists_only_so_many_and_short(self, casa):
        version = crear_version(casa, cuerpo=f"<p>{LARGA * 3} fin.</p>" * 50)

        largas = [h for h in comprobar(version) if h.regla == "frase-larga"]

        assert len(largas) == POR_REGLA
        assert max(len(h.donde) for h in largas) <= 80

    @pytest.mark.parametrize("veces", [1, 40])
    def test_costs_the_same_however_long_the_text(self, casa, veces, adjunto_pdf):
        cuerpo = (
            f"{TABLA}<p>El DNP. <a href='https://a.gov.co/{{n}}'>Aquí</a> 300 123 45 {{n:02}} {LARGA * 2}</p>"
        )
        cuerpo = "".join(cuerpo.replace("{0}", "td").format(n=n) for n in range(veces))
        pk = crear_version(casa, cuerpo=cuerpo).pk
        for _ in range(veces if veces == 1 else 5):
            crear_dependencia()

        comprobar(Version.objects.get(pk=pk))  # the first time, municipality and offices too

        version = Version.objects.get(pk=pk)
        with CaptureQueriesContext(connection) as consultas:
            assert len(comprobar(version)) >= 4

        # Publication, channel, files, edición and broken links.
        assert len(consultas) == 5

    def test_a_link_of_ours_costs_its_page_once_while_nothing_changes(self, casa):
        pk = crear_version(casa, cuerpo='<p><a href="/agenda/">La agenda</a></p>').pk
        comprobar(Version.objects.get(pk=pk))

        version = Version.objects.get(pk=pk)
        with CaptureQueriesContext(connection) as consultas:
            comprobar(version)

        assert len(consultas) == 5 + 1  # the files of all the texts of its publication


class TestHostileBodies:
    @pytest.mark.parametrize(
        "cuerpo",
        [
            *["<" * 200_000, "(" * 200_000, "a" * 100_000, "A" * 100_000, "." * 200_000, "@" * 200_000],
            *["a@" * 100_000, "1." * 100_000, "3 " * 100_000, "300 123 456 " * 16_000, "C.C. " * 40_000],
            *[
                "A (" * 60_000,
                "<p>" * 60_000,
                "<table><tr><td>" * 3_000,
                "\u202e\u200b" * 100_000,
                "💧" * 100_000,
            ],
            '<a href="/x">aquí</a>' * 50_000,
            "".join(f'<a href="https://a.co/{n}">aquí</a>' for n in range(50_000)),
        ],
        ids=lambda cuerpo: repr(cuerpo[:12]),
    )
    def test_do_not_hang(self, casa, cuerpo):
        version = crear_version(casa)
        version.cuerpo = sanear(cuerpo)  # longer than what may be saved

        with tarda_menos_de(5.0):
            hallazgos = comprobar(version)

        assert len(hallazgos) <= POR_REGLA * len(REGLAS)

    def test_scripts_pasted_as_html_are_text_or_nothing(self, casa):
        pegado = '<script>"300 123 4567"</script><p>&lt;script&gt; <a href="javascript:x()">La obra</a></p>'
        version = crear_version(casa, cuerpo=pegado)

        assert reglas(version) == set()

    def test_marks_of_direction_and_zero_width_hide_nothing(self, casa):
        version = crear_version(
            casa, cuerpo="<p>C\u200b.C. 1.0\u200b90.\u202e123.456, ce\u200bl 30\u200d0 123 4567 💧</p>"
        )

        assert reglas(version) == {"cedula", "celular"}

    def test_five_thousand_words_take_less_than_a_blink(self, casa):
        frase = (
            "La alcaldía de Puerto Santander informa a la comunidad que la obra del puente empieza el lunes. "
        )
        version = crear_version(casa, cuerpo=f"<h2>La obra</h2>{f'<p>{frase * 10}</p>' * 30}")

        with tarda_menos_de(1.0):  # it takes 0.1 s; other people's work may be on the same machine
            assert comprobar(version) == []


def test_the_step_of_sending_costs_the_same_in_a_big_site(casa):
    def costo() -> int:
        version = crear_version(casa)
        with CaptureQueriesContext(connection) as consultas:
            services.enviar(version, por=casa.autora)
        return len(consultas)

    antes = costo()
    for _ in range(5):
        crear_publicada(casa)

    assert costo() == antes
    assert Canal.objects.exists()
