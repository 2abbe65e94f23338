"""The answer while it is written: standard texts, files, and two people who save at once."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from portal.archivos import revisar
from portal.flujo import EstadoInadecuado, SinPermiso
from tests.ventanilla.builders import PDF, clase, llevar, radicar
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla.flujo import dar_paso
from ventanilla.models import Anexo, Proyecto, RespuestaTipo
from ventanilla.proyectos import ProyectoCambio, guardar, redactar, textos_tipo


def url(radicado) -> str:
    return reverse("ventanilla:proyecto", args=[radicado.numero])


def datos(**otros):
    return {
        "accion": "guardar",
        "revision": 0,
        "sentido": "favorable",
        "texto": "El lunes se arregla.",
    } | otros


@pytest.fixture
def radicado(ventanilla):
    return llevar(ventanilla, radicar(), "en_tramite")


@pytest.fixture
def jefe(client, ventanilla):
    client.force_login(ventanilla.jefe)
    return client


# --- Saving --------------------------------------------------------------------------------------
def test_it_is_saved_and_stays_to_go_on(jefe, radicado):
    assert jefe.get(url(radicado)).status_code == 200

    respuesta = jefe.post(url(radicado), datos())
    assert respuesta.status_code == 302 and respuesta.url == url(radicado)
    proyecto = Proyecto.objects.get()
    assert (proyecto.texto, proyecto.sentido, proyecto.revision) == ("El lunes se arregla.", "favorable", 1)
    assert "El lunes se arregla." in jefe.get(url(radicado)).text
    assert "Seguir con la respuesta" in jefe.get(radicado.get_absolute_url()).text


def test_who_saves_over_another_sees_both_and_loses_nothing(jefe, ventanilla, radicado):
    guardar(radicado, revision=0, por=ventanilla.secretaria, texto="Lo de la secretaria.", sentido="informa")

    respuesta = jefe.post(url(radicado), datos(texto="Lo del jefe."))
    assert respuesta.status_code == 409
    assert "Lo de la secretaria." in respuesta.text and "Lo del jefe." in respuesta.text
    assert Proyecto.objects.get().texto == "Lo de la secretaria."
    ahora = respuesta.context["form"]["revision"].value()
    assert jefe.post(url(radicado), datos(texto="Lo de ambos.", revision=ahora)).status_code == 302
    assert Proyecto.objects.get().texto == "Lo de ambos."


@pytest.mark.parametrize(
    ("mal", "campo"),
    [({"sentido": "quizas"}, "sentido"), ({"texto": "x" * 20_001}, "texto"), ({"revision": ""}, "revision")],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(jefe, radicado, mal, campo):
    respuesta = jefe.post(url(radicado), datos(**mal))

    assert respuesta.status_code == 422 and respuesta.context["form"].errors[campo]
    assert not Proyecto.objects.exists()
    if campo != "texto":
        assert "El lunes se arregla." in respuesta.text


@pytest.mark.parametrize(
    ("quien", "codigo"),
    [("jefe", 200), ("secretaria", 200), ("radicadora", 403), ("tesorero", 404), ("admin", 403)],
)
def test_only_whoever_handles_it_writes(client, ventanilla, radicado, quien, codigo):
    client.force_login(getattr(ventanilla, quien))

    assert client.get(url(radicado)).status_code == codigo
    assert client.put(url(radicado)).status_code == 405
    esperado = 302 if codigo == 200 else codigo
    assert client.post(url(radicado), datos()).status_code == esperado


def test_anonymous_people_go_to_the_login_and_get_back_what_they_typed(client, radicado):
    assert client.get(url(radicado)).status_code == 302
    assert "El lunes se arregla." in client.post(url(radicado), datos()).text


def test_once_sent_to_be_signed_it_is_not_written_and_nothing_typed_is_lost(jefe, ventanilla, radicado):
    guardar(radicado, revision=0, por=ventanilla.jefe, texto="Listo.", sentido="informa")
    dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)

    respuesta = jefe.post(url(radicado), datos(texto="Una frase más.", revision=1))
    assert respuesta.status_code == 409 and "Una frase más." in respuesta.text
    assert Proyecto.objects.get().texto == "Listo."
    assert jefe.get(url(radicado)).status_code == 403


def test_the_service_asks_again_whoever_calls(ventanilla, radicado):
    for quien in (ventanilla.radicadora, ventanilla.tesorero, ventanilla.admin, ventanilla.auxiliar):
        with pytest.raises(SinPermiso):
            guardar(radicado, revision=0, por=quien, texto="No.")
    with pytest.raises(EstadoInadecuado):
        guardar(radicar(), revision=0, por=ventanilla.secretaria, texto="No.")
    guardar(radicado, revision=0, por=ventanilla.jefe, texto="Sí.")
    with pytest.raises(ProyectoCambio) as choque:
        guardar(radicado, revision=0, por=ventanilla.jefe, texto="Otra vez.")
    assert choque.value.actual.texto == "Sí."


# --- Files ---------------------------------------------------------------------------------------
def test_files_go_with_the_answer_and_may_be_taken_out(
    jefe, ventanilla, radicado, django_capture_on_commit_callbacks
):
    subidos = [SimpleUploadedFile("plano.pdf", PDF), SimpleUploadedFile("acta.pdf", PDF + b"\n")]
    jefe.post(url(radicado), datos(archivos=subidos))
    plano = Anexo.objects.get(nombre="plano.pdf")
    almacen, ruta = plano.archivo.storage, plano.archivo.name
    with django_capture_on_commit_callbacks(execute=True):
        jefe.post(url(radicado), datos(revision=1, quitar=[plano.pk]))

    assert [a.nombre for a in Proyecto.objects.get().anexos.all()] == ["acta.pdf"]
    assert not almacen.exists(ruta)
    dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    dar_paso("firmar", radicado, por=ventanilla.jefe)
    anexo = Anexo.objects.get()
    assert anexo.salida == radicado.salidas.get() and anexo.proyecto is None


def test_files_of_another_answer_are_not_taken_out(jefe, ventanilla, radicado):
    otro = llevar(ventanilla, radicar(), "en_tramite")
    guardar(otro, revision=0, por=ventanilla.jefe, archivos=[revisar(SimpleUploadedFile("a.pdf", PDF))])

    jefe.post(url(radicado), datos(quitar=[Anexo.objects.get().pk, "nada"]))
    assert Anexo.objects.count() == 1


def test_too_many_files_are_refused_whole(jefe, ventanilla, radicado):
    subidos = [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(11)]

    respuesta = jefe.post(url(radicado), datos(archivos=subidos))
    assert respuesta.status_code == 422 and "como máximo 10 archivos" in respuesta.text
    assert not Anexo.objects.exists() and not Proyecto.objects.exists()
    with pytest.raises(ValidationError, match="como máximo"):
        guardar(radicado, revision=0, por=ventanilla.jefe, archivos=[revisar(s) for s in subidos])


# --- Standard texts ------------------------------------------------------------------------------
def crear_tipo(texto="Señor(a) {nombre}: sobre «{asunto}» ({numero}), {dependencia} dice {otra}.", **campos):
    return RespuestaTipo.objects.create(**{"nombre": "Luces", "texto": texto} | campos)


def test_a_standard_text_takes_the_data_of_the_radicado_and_runs_nothing(ventanilla, radicado):
    assert redactar(crear_tipo(), radicado) == (
        f"Señor(a) Ana Rojas Peña: sobre «{radicado.asunto}» ({radicado.numero}), Planeación dice {{otra}}."
    )
    raro = crear_tipo("{nombre.__class__} {0} {numero!r} %(x)s {{ numero }}", nombre="Raro")
    assert redactar(raro, radicado) == "{nombre.__class__} {0} {numero!r} %(x)s {{ numero }}"
    assert "ciudadan" in redactar(crear_tipo("{nombre}", nombre="B"), radicar(persona=None))


def test_those_of_its_kind_and_those_for_all_are_offered(radicado):
    de_todas, vieja = crear_tipo(), crear_tipo(nombre="Vieja", activa=False)
    suya, ajena = crear_tipo(nombre="Suya"), crear_tipo(nombre="Ajena")
    suya.clases.add(radicado.clase)
    ajena.clases.add(clase("consulta"))

    assert set(textos_tipo(radicado)) == {de_todas, suya} and vieja not in textos_tipo(radicado)


def test_it_is_put_after_what_is_written_and_nothing_is_saved(jefe, radicado):
    tipo = crear_tipo("Gracias, {nombre}.")

    respuesta = jefe.post(url(radicado), datos(accion="poner", tipo=tipo.pk, texto="Ya escribí esto."))
    assert respuesta.status_code == 200
    assert respuesta.context["form"]["texto"].value() == "Ya escribí esto.\n\nGracias, Ana Rojas Peña."
    assert not Proyecto.objects.exists()


@pytest.mark.parametrize("tipo", ["", "999999", "uno"])
def test_without_choosing_one_it_is_told(jefe, radicado, tipo):
    crear_tipo()

    respuesta = jefe.post(url(radicado), datos(accion="poner", tipo=tipo))
    assert respuesta.status_code == 422 and "El lunes se arregla." in respuesta.text


def test_what_is_sent_is_kept_as_sent_whatever_becomes_of_the_standard_text(ventanilla, radicado):
    tipo = crear_tipo("Gracias, {nombre}.")
    guardar(radicado, revision=0, por=ventanilla.jefe, texto=redactar(tipo, radicado))
    dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    dar_paso("firmar", radicado, por=ventanilla.jefe)
    tipo.texto = "Otra cosa."
    tipo.save()

    assert radicado.salidas.get().texto == "Gracias, Ana Rojas Peña."


# --- The certificate of an online trámite --------------------------------------------------------
@pytest.fixture
def de_tramite(db):
    """The house and a request of a certificate, being handled."""
    casa = crear_casa_en_linea()
    return casa, llevar(casa, solicitar(crear_en_linea(casa)), "en_tramite")


def test_the_office_answers_its_part_and_the_certificate_goes_with_the_answer(client, de_tramite):
    casa, radicado = de_tramite
    client.force_login(casa.jefe)
    assert "oficina-estrato" in client.get(url(radicado)).text
    enviado = datos(con_certificado="on", **{"oficina-estrato": "2"})

    assert client.post(url(radicado), enviado).status_code == 302
    assert Proyecto.objects.get().datos == {"estrato": 2}
    assert 'value="2"' in client.get(url(radicado)).text
    dar_paso("enviar_a_firma", radicado, por=casa.jefe)
    dar_paso("firmar", radicado, por=casa.jefe)
    assert "es de estrato 2" in radicado.salidas.get(clase="certificado").texto


@pytest.mark.parametrize("estrato", ["", "9", "dos"])
def test_the_certificate_asks_for_what_it_says(client, de_tramite, estrato):
    casa, radicado = de_tramite
    client.force_login(casa.jefe)

    respuesta = client.post(url(radicado), datos(con_certificado="on", **{"oficina-estrato": estrato}))
    assert respuesta.status_code == 422 and respuesta.context["de_oficina"].errors["estrato"]
    assert "El lunes se arregla." in respuesta.text and not Proyecto.objects.exists()


def test_without_certificate_its_part_may_be_left_for_later(client, de_tramite):
    casa, radicado = de_tramite
    client.force_login(casa.jefe)

    assert client.post(url(radicado), datos(**{"oficina-estrato": ""})).status_code == 302
    assert Proyecto.objects.get().datos == {} and not Proyecto.objects.get().con_certificado


def test_what_gives_no_certificate_does_not_offer_one(jefe, radicado):
    assert "con_certificado" not in jefe.get(url(radicado)).context["form"].fields
    jefe.post(url(radicado), datos(con_certificado="on"))

    assert not Proyecto.objects.get().con_certificado
