"""The pages to file: what each takes, refuses and shows, without JavaScript."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.forms.comunes import sello
from portal.models import Correo
from tests.ventanilla.builders import PDF, crear_casa_de_ventanilla
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea
from tests.ventanilla.recorrer import (
    DATOS,
    PETICION,
    borrador_de,
    empezar,
    empezar_con_nombre,
    html_valido,
    inicio,
    listo,
    radicar_sin_nombre,
    ruta,
)
from ventanilla import formularios
from ventanilla.forms import formulario_de
from ventanilla.models import Borrador, Campo, ClaseDeRadicado, Radicado, TextoDeConsentimiento

PQRSD = "/pqrsd/"


@pytest.fixture
def en_linea(db):
    """An online trámite: two pages of questions, one that depends on another, and two requisitos."""
    casa = crear_casa_en_linea()
    casa.formulario = crear_en_linea(casa)
    casa.url = f"/tramites/{casa.formulario.tramite.slug}/solicitar/"
    return casa


def pdf(nombre: str = "recibo.pdf", mas: bytes = b"") -> SimpleUploadedFile:
    return SimpleUploadedFile(nombre, PDF.replace(b"trailer", b"%" + mas + b"\ntrailer"))


def solicitud(client, en_linea) -> str:
    """An online request just begun; the secret of its address."""
    datos = {"acepta": "on", "visto": inicio()["visto"]}
    return client.post(en_linea.url, datos).url.split("/")[2]


# --- The first page ------------------------------------------------------------------------------
class TestPqrsd:
    def test_says_what_may_be_filed_its_term_and_the_other_channels(self, client, ventanilla):
        pagina = client.get(PQRSD)

        html_valido(pagina)
        for clase in ClaseDeRadicado.objects.para_radicar():
            assert clase.nombre in pagina.text and clase.ejemplo in pagina.text
        assert "Solicitud de congresista" not in pagina.text
        assert "Le responden en 15 días hábiles." in pagina.text
        assert "por confirmar: 15 días hábiles" in pagina.text
        for otro in ("Carrera 2", "607 000 0000", "8:00 a. m."):
            assert otro in pagina.text
        assert "no-store" in pagina.headers["Cache-Control"]

    def test_an_inferred_term_is_never_said_as_law(self, client, ventanilla):
        ClaseDeRadicado.objects.update(firmeza="inferida")

        assert "Le responden en" not in client.get(PQRSD).text

    def test_the_kind_may_come_in_the_address(self, client, ventanilla):
        pagina = client.get(f"{PQRSD}?clase=denuncia")

        assert pagina.context["form"]["clase"].value() == "denuncia"
        assert client.get(f"{PQRSD}?clase=%00'no").status_code == 200

    def test_beginning_makes_the_draft_and_goes_on(self, client, ventanilla):
        secreto = empezar_con_nombre(client, clase="queja")

        borrador = Borrador.objects.get()
        assert len(secreto) >= 22  # 128 bits
        assert secreto not in str(Borrador.objects.values().get())
        assert borrador.clase.codigo == "queja" and not borrador.anonimo
        assert borrador.consentimiento == TextoDeConsentimiento.objects.get() and borrador.consentido_en
        assert borrador.vence_en - borrador.creado_en == timedelta(days=15)

    def test_without_name_nothing_has_to_be_accepted(self, client, ventanilla):
        empezar(client)

        borrador = Borrador.objects.get()
        assert borrador.anonimo and borrador.consentimiento is None and borrador.consentido_en is None

    @pytest.mark.parametrize(
        ("cambio", "error"),
        [
            ({"clase": ""}, "Elija qué quiere presentar."),
            ({"clase": "solicitud-de-congresista"}, "Elija qué quiere presentar."),
            ({"clase": "a\x00b"}, "Elija qué quiere presentar."),
            ({"nombre": ""}, "Diga si lo presenta con su nombre."),
            ({"nombre": "con"}, "autorice el uso de sus datos"),
            ({"clase": "reclamo-de-datos-personales"}, "se presenta con nombre"),
        ],
    )
    def test_what_is_wrong_is_said_and_nothing_is_lost(self, client, ventanilla, cambio, error):
        pagina = client.post(PQRSD, inicio(**cambio))

        assert pagina.status_code == 422 and error in pagina.text
        assert 'role="alert" tabindex="-1" autofocus' in pagina.text
        html_valido(pagina)
        assert not Borrador.objects.exists()

    def test_without_kinds_or_consent_it_sends_to_the_other_channels(self, client, casa):
        pagina = client.get(PQRSD)

        assert pagina.status_code == 200 and "Por ahora no recibimos" in pagina.text
        assert client.post(PQRSD, inicio()).status_code == 200
        html_valido(pagina)

    def test_other_methods_are_refused(self, client, ventanilla):
        assert client.put(PQRSD).status_code == 405


# --- A petition ----------------------------------------------------------------------------------
class TestPetition:
    def test_without_name_or_files_it_takes_three_screens(self, client, ventanilla):
        secreto = empezar(client)
        despues = client.post(ruta(secreto, "que-pide"), PETICION)
        assert despues.url == ruta(secreto, "revisar")
        assert "Paso 3 de 3" in client.get(despues.url).text

        client.post(despues.url)

        radicado = Radicado.objects.get()
        assert radicado.anonimo and radicado.asunto == PETICION["asunto"]
        assert radicado.texto == PETICION["texto"] and radicado.medio == "web"

    def test_with_name_and_a_file_from_end_to_end(self, client, ventanilla):
        secreto = empezar_con_nombre(client)
        despues = client.post(ruta(secreto, "que-pide"), PETICION | {"adjuntar": "1"})
        assert despues.url == ruta(secreto, "anexos")
        client.post(ruta(secreto, "anexos"), {"archivo": pdf()})
        assert "recibo.pdf" in client.get(ruta(secreto, "anexos")).text
        assert client.post(ruta(secreto, "sus-datos"), DATOS).url == ruta(secreto, "revisar")
        repaso = client.get(ruta(secreto, "revisar"))
        html_valido(repaso)
        for dicho in ("Ana Rojas Peña", "1090123456", "recibo.pdf", "Luces del parque", "?volver=revisar"):
            assert dicho in repaso.text

        client.post(ruta(secreto, "revisar"))

        radicado = Radicado.objects.get()
        assert radicado.peticionario.documento == "1090123456"
        assert radicado.anexos.get().nombre == "recibo.pdf"
        assert radicado.consentimiento and radicado.consentido_en
        assert "Código de seguimiento" in Correo.objects.get().texto

    def test_every_page_is_valid_private_and_says_where_one_is(self, client, ventanilla):
        secreto = empezar_con_nombre(client)
        for paso in ("que-pide", "anexos", "sus-datos", "revisar"):
            pagina = client.get(ruta(secreto, paso))

            html_valido(pagina)
            assert "no-store" in pagina.headers["Cache-Control"]
            assert pagina.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert "Guarde este enlace para seguir después" in pagina.text
            assert "Impreso de" not in pagina.text
        assert "Paso 3 de 4" in client.get(ruta(secreto, "sus-datos")).text

    @pytest.mark.parametrize(
        ("paso", "datos", "error"),
        [
            ("que-pide", {"asunto": "", "texto": "Hola"}, "Escriba el asunto"),
            ("que-pide", {"asunto": "Luz", "texto": " "}, "Cuéntenos qué pide."),
            ("que-pide", {"asunto": "x" * 201, "texto": "Hola"}, "200"),
            ("que-pide", {"asunto": "Luz", "texto": "x" * 10_001}, "10000"),
            ("sus-datos", DATOS | {"nombre": ""}, "Escriba su nombre completo"),
            ("sus-datos", DATOS | {"documento": "12"}, "faltan cifras"),
            ("sus-datos", DATOS | {"documento": "<b>1"}, "solo con cifras y letras"),
            ("sus-datos", DATOS | {"documento_tipo": "XX"}, "documento"),
            ("sus-datos", DATOS | {"correo": ""}, "Escriba el correo al que le respondemos."),
            ("sus-datos", DATOS | {"correo": "ana"}, "Escriba el correo completo"),
            ("sus-datos", DATOS | {"respuesta": "direccion"}, "Escriba la dirección"),
            ("sus-datos", DATOS | {"respuesta": ""}, "Diga cómo quiere la respuesta."),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, client, ventanilla, paso, datos, error):
        pagina = client.post(ruta(empezar_con_nombre(client), paso), datos)

        assert pagina.status_code == 422 and error in pagina.text
        html_valido(pagina)
        for campo, valor in datos.items():
            assert pagina.context["form"][campo].value() == valor
        assert paso not in Borrador.objects.get().datos

    def test_an_answer_by_code_asks_for_no_address(self, client, ventanilla):
        datos = DATOS | {"respuesta": "codigo", "correo": ""}

        assert client.post(ruta(empezar_con_nombre(client), "sus-datos"), datos).status_code == 302

    def test_long_texts_count_a_new_line_once_and_lose_what_no_xml_carries(self, client, ventanilla):
        secreto = empezar(client)
        texto = "\r\n".join(["a" * 99] * 100)

        respuesta = client.post(ruta(secreto, "que-pide"), {"asunto": "Luz\x07 \ufeff", "texto": texto})

        assert respuesta.status_code == 302
        assert borrador_de(secreto).datos["que-pide"] == {
            "asunto": "Luz",
            "texto": texto.replace("\r\n", "\n"),
        }

    def test_what_is_typed_is_shown_as_typed_never_run(self, client, ventanilla):
        secreto = listo(client, asunto="<script>alert(1)</script>", texto="{{ 7|add:7 }} <img src=x>")

        pagina = client.get(ruta(secreto, "revisar")).text

        assert "<script>alert" not in pagina and "<img src=x" not in pagina and "{{ 7|add:7 }}" in pagina

    def test_changing_something_comes_back_to_the_review(self, client, ventanilla):
        secreto = listo(client)
        cambiar = ruta(secreto, "que-pide", volver="revisar")
        assert "Guardar y volver a revisar" in client.get(cambiar).text

        despues = client.post(cambiar, PETICION | {"asunto": "Otro"})

        assert despues.url == ruta(secreto, "revisar") and "Otro" in client.get(despues.url).text

    def test_what_is_missing_is_named_with_its_link_and_not_filed(self, client, ventanilla):
        secreto = empezar_con_nombre(client)

        pagina = client.post(ruta(secreto, "revisar"))

        assert pagina.status_code == 422
        assert "Falta responder la página «Qué pide»." in pagina.text
        assert f"{ruta(secreto, 'sus-datos')}?volver=revisar" in pagina.text
        assert not Radicado.objects.exists()

    def test_the_address_of_the_draft_goes_where_it_was_left(self, client, ventanilla):
        secreto = empezar_con_nombre(client)
        assert client.get(ruta(secreto)).url == ruta(secreto, "que-pide")
        client.post(ruta(secreto, "que-pide"), PETICION)
        assert client.get(ruta(secreto)).url == ruta(secreto, "sus-datos")
        client.post(ruta(secreto, "sus-datos"), DATOS)
        assert client.get(ruta(secreto)).url == ruta(secreto, "revisar")

    @pytest.mark.parametrize("paso", ["no-hay", "documentos", "preguntas", "sus-datos"])
    def test_a_page_that_is_not_of_the_draft_is_not_found(self, client, ventanilla, paso):
        assert client.get(ruta(empezar(client), paso)).status_code == 404

    def test_somebody_of_the_alcaldia_needs_the_address_as_anybody(self, client, ventanilla):
        empezar(client)
        client.force_login(ventanilla.admin)

        assert client.get(ruta("x" * 43, "que-pide")).status_code == 404

    def test_a_kind_with_another_consent_asks_again_at_the_end(self, client, ventanilla):
        secreto = empezar_con_nombre(client)
        client.post(ruta(secreto, "que-pide"), PETICION)
        client.post(ruta(secreto, "sus-datos"), DATOS)
        Borrador.objects.update(consentimiento=None, consentido_en=None)

        assert client.post(ruta(secreto, "revisar")).status_code == 422
        client.post(ruta(secreto, "revisar"), {"acepta": "on"})

        assert Radicado.objects.get().consentimiento == TextoDeConsentimiento.objects.get()


# --- Files ---------------------------------------------------------------------------------------
class TestFiles:
    def test_a_file_that_fails_keeps_the_rest(self, client, ventanilla):
        secreto = listo(client)
        client.post(ruta(secreto, "anexos"), {"archivo": pdf()})

        pagina = client.post(ruta(secreto, "anexos"), {"archivo": exe()})

        assert pagina.status_code == 422 and "Los demás siguen aquí" in pagina.text
        assert "recibo.pdf" in pagina.text
        html_valido(pagina)

    def test_without_name_it_warns_that_a_document_may_carry_it(self, client, ventanilla):
        con, sin = (
            client.get(ruta(secreto, "anexos")).text
            for secreto in (empezar_con_nombre(client), empezar(client))
        )

        assert "pueden llevar su nombre por dentro" in sin and "su nombre por dentro" not in con

    def test_nothing_chosen_or_two_at_once(self, client, ventanilla):
        secreto = listo(client)

        assert "Elija primero el archivo." in client.post(ruta(secreto, "anexos")).text
        dos = client.post(ruta(secreto, "anexos"), {"archivo": [pdf(), pdf("otro.pdf", b"2")]})
        assert "Elija un archivo a la vez." in dos.text

    def test_the_same_file_again_is_the_same(self, client, ventanilla):
        secreto = listo(client)
        for _vez in range(2):
            assert client.post(ruta(secreto, "anexos"), {"archivo": pdf()}).status_code == 302

        assert borrador_de(secreto).anexos.count() == 1

    def test_taking_one_away_leaves_nothing_on_disk(self, client, ventanilla, settings):
        secreto = listo(client)
        client.post(ruta(secreto, "anexos"), {"archivo": pdf()})
        anexo = borrador_de(secreto).anexos.get()
        quitar = reverse("ventanilla:quitar_anexo", args=[secreto, anexo.pk])
        assert client.get(quitar).status_code == 405

        with pytest.MonkeyPatch.context() as parche:
            parche.setattr("django.db.transaction.on_commit", lambda hacer, *a, **k: hacer())
            assert client.post(quitar).url == ruta(secreto, "anexos")

        assert client.post(quitar).status_code == 302  # already done
        assert not borrador_de(secreto).anexos.exists()
        assert not [a for a in settings.MEDIA_ROOT.rglob("*") if a.is_file()]

    def test_nobody_takes_away_a_file_of_another_draft(self, client, ventanilla):
        ajeno, propio = listo(client), listo(client)
        client.post(ruta(ajeno, "anexos"), {"archivo": pdf()})
        anexo = borrador_de(ajeno).anexos.get()

        client.post(reverse("ventanilla:quitar_anexo", args=[propio, anexo.pk]))

        assert borrador_de(ajeno).anexos.exists()


def exe() -> SimpleUploadedFile:
    return SimpleUploadedFile("programa.exe", b"MZ\x90\x00" + bytes(200))


# --- An online trámite ---------------------------------------------------------------------------
class TestTramite:
    def test_says_what_to_have_at_hand(self, client, en_linea):
        pagina = client.get(en_linea.url)

        html_valido(pagina)
        for dicho in ("Recibo de un servicio público", "Costo", "Tiempo de respuesta", "Empezar"):
            assert dicho in pagina.text

    def test_from_end_to_end_without_asking_what_does_not_apply(self, client, en_linea):
        secreto = solicitud(client, en_linea)
        assert borrador_de(secreto).formulario == en_linea.formulario
        assert client.get(ruta(secreto)).url == ruta(secreto, "sus-datos")
        assert client.post(ruta(secreto, "sus-datos"), DATOS).url == ruta(secreto, "preguntas-1")
        pagina = client.get(ruta(secreto, "preguntas-1"))
        html_valido(pagina)
        assert "Dirección del predio" in pagina.text and "¿Cuál otro uso?" not in pagina.text
        assert "Estrato" not in pagina.text  # that is for the office
        respuestas = {"direccion": "Calle 3 n.º 4-15", "uso": "Vivienda"}
        assert client.post(ruta(secreto, "preguntas-1"), respuestas).url == ruta(secreto, "documentos")
        assert client.get(ruta(secreto, "preguntas-2")).url == ruta(secreto)
        assert client.post(ruta(secreto, "revisar")).status_code == 422  # a document is missing
        subida = client.post(ruta(secreto, "documentos"), {"requisito": "requisito-1", "archivo": pdf()})
        assert subida.status_code == 302
        html_valido(client.get(ruta(secreto, "documentos")))
        excusa = {"requisito": "requisito-2", "excusa": "no_aplica"}
        assert client.post(ruta(secreto, "documentos"), excusa).status_code == 302
        html_valido(client.get(ruta(secreto, "revisar")))

        client.post(ruta(secreto, "revisar"))

        radicado = Radicado.objects.get()
        assert radicado.respuestas == respuestas and radicado.tramite == en_linea.formulario.tramite
        assert radicado.formulario == en_linea.formulario and radicado.dependencia == en_linea.planeacion
        assert radicado.anexos.get().requisito == "requisito-1"
        assert radicado.texto.endswith("No me aplica.")

    def test_another_answer_brings_another_page(self, client, en_linea):
        secreto = solicitud(client, en_linea)
        respuestas = {"direccion": "Calle 3", "uso": "Otro"}

        despues = client.post(ruta(secreto, "preguntas-1"), respuestas)

        assert despues.url == ruta(secreto, "preguntas-2")
        assert client.post(despues.url, {"otro_uso": ""}).status_code == 422
        client.post(despues.url, {"otro_uso": "Taller"})
        assert borrador_de(secreto).datos["preguntas"]["otro_uso"] == "Taller"
        client.post(ruta(secreto, "preguntas-1"), respuestas | {"uso": "Vivienda"})
        assert "Taller" not in client.get(ruta(secreto, "revisar")).text

    def test_only_what_has_a_condition_may_be_excused(self, client, en_linea):
        secreto = solicitud(client, en_linea)
        for mala in (
            {"requisito": "requisito-1", "excusa": "no_aplica"},
            {"requisito": "requisito-2", "excusa": "porque_no"},
            {"requisito": "no-hay", "archivo": pdf()},
        ):
            assert client.post(ruta(secreto, "documentos"), mala).status_code == 404

    def test_a_bad_document_says_so_beside_its_place(self, client, en_linea):
        secreto = solicitud(client, en_linea)

        pagina = client.post(ruta(secreto, "documentos"), {"requisito": "requisito-1", "archivo": exe()})

        assert pagina.status_code == 422 and 'href="#archivo-requisito-1"' in pagina.text
        html_valido(pagina)

    def test_it_is_always_with_consent(self, client, en_linea):
        pagina = client.post(en_linea.url, {"visto": inicio()["visto"]})

        assert pagina.status_code == 422 and not Borrador.objects.exists()
        html_valido(pagina)

    def test_without_a_form_it_says_so(self, client, en_linea):
        from tests.tramites.builders import crear_tramite

        otro = crear_tramite(en_linea, publicado=True)

        pagina = client.get(f"/tramites/{otro.slug}/solicitar/")

        assert pagina.status_code == 404 and "todavía no se hace en línea" in pagina.text
        assert client.get("/tramites/no-hay/solicitar/").status_code == 404

    def test_every_kind_of_question(self, client, en_linea):
        formulario = formularios.preparar(en_linea.formulario.tramite, por=en_linea.suit)
        formulario.certificado_titulo = formulario.certificado_texto = ""
        formulario.save()
        formulario.campos.all().delete()
        preguntas = {
            "nombre_del_negocio": {"tipo": "texto", "minimo": 3, "maximo": 20},
            "historia": {"tipo": "parrafo"},
            "area": {"tipo": "numero", "minimo": 0, "maximo": 5000},
            "desde": {"tipo": "fecha", "minimo": 1990},
            "dueno": {"tipo": "persona"},
            "zona": {"tipo": "opcion", "opciones": [f"Vereda {n}" for n in range(9)]},
            "plano": {"tipo": "archivo"},
            "seria": {"tipo": "texto", "obligatorio": False},
        }
        for orden, (codigo, campo) in enumerate(preguntas.items()):
            Campo.objects.create(
                formulario=formulario, orden=orden, codigo=codigo, etiqueta=codigo, paso="Todo", **campo
            )
        formularios.poner_en_uso(formulario, por=en_linea.suit)
        secreto = solicitud(client, en_linea)
        url = ruta(secreto, "preguntas-1")
        buenas = {
            "nombre_del_negocio": "La Fe",
            "historia": "Uno\r\nDos",
            "area": "1.200",
            "desde": "2020-07-03",
            "dueno": "Luis Pérez",
            "dueno__tipo": "CC",
            "dueno__numero": "109012",
            "zona": "Vereda 3",
        }
        for malo in (
            {"nombre_del_negocio": "ab"},
            {"area": "5001"},
            {"area": "mil"},
            {"desde": "ayer"},
            {"desde": "1989-12-31"},
            {"dueno__numero": ""},
            {"dueno": ""},
            {"zona": "Vereda 99"},
        ):
            assert client.post(url, buenas | malo).status_code == 422, malo

        assert client.post(url, buenas).status_code == 302

        assert borrador_de(secreto).datos["preguntas"] == {
            "nombre_del_negocio": "La Fe",
            "historia": "Uno\nDos",
            "area": 1200,
            "desde": "3 de julio de 2020",
            "dueno": "Luis Pérez, CC 109012",
            "zona": "Vereda 3",
        }
        otra_vez = client.get(url)
        html_valido(otra_vez)
        form = otra_vez.context["form"]
        assert form["desde"].value() == "2020-07-03" and form["dueno__numero"].value() == "109012"
        assert "plano" in client.get(ruta(secreto, "documentos")).text
        assert "desde" not in " ".join(f.que for f in otra_vez.context["recorrido"].faltas)


def test_in_one_page_a_question_is_demanded_only_when_its_condition_holds():
    """As the office has them: all its questions on one page."""
    campos = [
        Campo(codigo="procede", etiqueta="¿Procede?", tipo="opcion", opciones=["Sí", "No"]),
        Campo(codigo="motivo", etiqueta="Motivo", tipo="texto", si_campo="procede", si_valor="No"),
        Campo(codigo="veces", etiqueta="Veces", tipo="numero", si_campo="procede", si_valor="Sí"),
    ]

    si = formulario_de(campos, {"procede": "Sí", "motivo": "Sobra", "veces": "0"})
    no = formulario_de(campos, {"procede": "No", "veces": "mal"})
    otro = formulario_de(campos, guardado={"procede": "No", "motivo": "Falta firma"})

    assert si.is_valid() and si.respuestas() == {"procede": "Sí", "veces": 0}
    assert not no.is_valid() and list(no.errors) == ["motivo"]
    assert otro["motivo"].value() == "Falta firma"
    assert "Solo si en «¿Procede?» respondió «No»." in str(otro["motivo"].help_text)


def test_what_the_municipality_writes_as_help_is_shown_never_run():
    [campo] = [Campo(codigo="a", etiqueta="<b>A", ayuda="<script>", tipo="texto", obligatorio=False)]

    form = formulario_de([campo])

    assert form["a"].help_text == "&lt;script&gt;" and "<b>" not in str(form["a"].label)


# --- How much it costs ---------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("paso", "consultas"), [("que-pide", 3), ("anexos", 3), ("sus-datos", 3), ("revisar", 3)]
)
def test_a_page_costs_the_same_with_ten_files(client, ventanilla, django_assert_num_queries, paso, consultas):
    secreto = empezar_con_nombre(client)
    client.post(ruta(secreto, "que-pide"), PETICION)
    client.post(ruta(secreto, "sus-datos"), DATOS)
    client.get(PQRSD)  # what is kept of the site
    for cuantos in (0, 10):
        for n in range(cuantos):
            client.post(ruta(secreto, "anexos"), {"archivo": pdf(f"{n}.pdf", str(n).encode())})
        with django_assert_num_queries(consultas):
            assert client.get(ruta(secreto, paso)).status_code == 200


def test_the_pages_of_a_tramite_cost_the_same_with_ten_files(client, en_linea, django_assert_num_queries):
    secreto = solicitud(client, en_linea)
    client.post(ruta(secreto, "preguntas-1"), {"direccion": "Calle 3", "uso": "Vivienda"})
    client.get(PQRSD)
    for cuantos in (0, 10):
        for n in range(cuantos):
            envio = {"requisito": "requisito-1", "archivo": pdf(f"{n}.pdf", str(n).encode())}
            client.post(ruta(secreto, "documentos"), envio)
        for paso in ("sus-datos", "preguntas-1", "documentos", "revisar"):
            with django_assert_num_queries(4):
                assert client.get(ruta(secreto, paso)).status_code == 200


def test_the_first_page_costs_the_same_with_more_kinds(client, ventanilla, django_assert_num_queries):
    client.get(PQRSD)
    for desde in (0, 10):
        with django_assert_num_queries(3):
            client.get(PQRSD)
        for n in range(desde, desde + 10):
            ClaseDeRadicado.objects.create(codigo=f"c-{n}", nombre=f"C {n}", descripcion="C", dias=15)


def test_the_receipt_costs_the_same_with_ten_files(client, ventanilla, django_assert_num_queries):
    for cuantos in (0, 10):
        secreto = listo(client, texto=f"Pido {cuantos}")
        for n in range(cuantos):
            client.post(ruta(secreto, "anexos"), {"archivo": pdf(f"{n}.pdf", str(n).encode())})
        client.post(ruta(secreto, "revisar"))
        client.get(PQRSD)
        with django_assert_num_queries(5):
            assert client.get(reverse("ventanilla:acuse", args=[secreto])).status_code == 200


# --- Without a database --------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
class TestWithoutDatabase:
    @pytest.fixture(autouse=True)
    def casa_de_ventanilla(self, db):
        crear_casa_de_ventanilla()

    @pytest.mark.parametrize("paso", ["que-pide", "revisar"])
    def test_what_was_typed_comes_back_ready_to_be_sent_again(self, client, caida, paso):
        caer, volver = caida
        secreto = listo(client)
        datos = PETICION | {"texto": "Uno\n<b>dos</b>"} if paso == "que-pide" else {}
        caer()

        pagina = client.post(ruta(secreto, paso), datos)

        assert pagina.status_code == 503 and "no se guardó" in pagina.text
        assert "no-store" in pagina.headers["Cache-Control"] and pagina.headers["Retry-After"]
        html_valido(pagina)
        assert f'action="{ruta(secreto, paso)}"' in pagina.text
        if datos:
            assert '<textarea name="texto" hidden>\nUno\n&lt;b&gt;dos&lt;/b&gt;</textarea>' in pagina.text
        volver()
        assert client.post(ruta(secreto, paso), datos).status_code == 302

    def test_the_first_page_too(self, client, caida):
        caer, _volver = caida
        caer()

        pagina = client.post(PQRSD, inicio() | {"csrfmiddlewaretoken": "suya"})

        assert pagina.status_code == 503 and "peticion-de-interes-general" in pagina.text
        assert pagina.text.count("csrfmiddlewaretoken") == 1 and "suya<" not in pagina.text


def test_the_time_of_the_first_page_is_signed(client, ventanilla):
    assert client.post(PQRSD, inicio(visto=sello(timezone.now()))).status_code == 422
    assert radicar_sin_nombre(client)
