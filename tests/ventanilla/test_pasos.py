"""The steps taken from the desk: each with its form, its refusals, and once however many times it is sent."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.models import DiaNoHabil
from tests.builders import crear_cargo
from tests.ventanilla.builders import PDF, clase, escribir_respuesta, llevar, radicar
from ventanilla import terminos
from ventanilla.flujo import FLUJO, dar_paso
from ventanilla.forms.escritorio import PASOS
from ventanilla.models import Mensaje, Proyecto, Radicado
from ventanilla.views.escritorio.radicado import ultimo_paso


def url(radicado, paso: str) -> str:
    return reverse("ventanilla:dar_paso", args=[radicado.numero, paso])


def ofrecidos(client, radicado) -> set[str]:
    contexto = client.get(radicado.get_absolute_url()).context
    return {paso.nombre for paso in contexto["pasos"] + contexto["pasos_aparte"]}


def enviar(client, radicado, paso: str, **datos):
    """What the form on the page of now would send."""
    return client.post(url(radicado, paso), {"visto": ultimo_paso(radicado)} | datos)


def fresco(radicado) -> Radicado:
    return Radicado.objects.get(pk=radicado.pk)


@pytest.fixture
def jefe(client, ventanilla):
    client.force_login(ventanilla.jefe)
    return client


@pytest.fixture
def secretaria(client, ventanilla):
    client.force_login(ventanilla.secretaria)
    return client


def test_every_step_that_a_person_takes_has_its_form():
    assert set(PASOS) == set(FLUJO.transiciones) - {"cerrar"}


# --- Each step -----------------------------------------------------------------------------------
def test_assigning_to_an_office_and_a_post(secretaria, ventanilla):
    radicado = radicar()
    datos = {"dependencia": ventanilla.planeacion.pk, "cargo": ventanilla.cargo_autor.pk}

    respuesta = enviar(secretaria, radicado, "asignar", **datos)
    assert respuesta.status_code == 302 and respuesta.url == radicado.get_absolute_url()
    assert fresco(radicado).asignado_a == ventanilla.cargo_autor


def test_a_post_of_another_office_is_refused_beside_its_field(secretaria, ventanilla):
    radicado = radicar()
    datos = {"dependencia": ventanilla.hacienda.pk, "cargo": ventanilla.cargo_autor.pk}

    respuesta = enviar(secretaria, radicado, "asignar", **datos)
    assert respuesta.status_code == 422 and "Ese cargo no es de la dependencia." in respuesta.text
    assert respuesta.context["enviado"].errors["cargo"]
    assert 'role="alert" tabindex="-1" autofocus' in respuesta.text


def test_accepting_and_returning_with_a_reason(jefe, ventanilla):
    uno, otro = llevar(ventanilla, radicar(), "asignado"), llevar(ventanilla, radicar(), "asignado")

    assert enviar(jefe, uno, "aceptar").status_code == 302
    sin_motivo = enviar(jefe, otro, "devolver", motivo=" ")
    assert sin_motivo.status_code == 422 and "Escriba el motivo." in sin_motivo.text
    assert enviar(jefe, otro, "devolver", motivo="Es de Hacienda.").url == "/panel/radicados/"
    assert fresco(uno).estado == "en_tramite"
    assert fresco(otro).estado == "radicado" and fresco(otro).dependencia is None


def test_reassigning_says_why(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    tecnico = crear_cargo(ventanilla.planeacion, "Técnico")

    datos = {"dependencia": ventanilla.planeacion.pk, "cargo": tecnico.pk}
    assert enviar(jefe, radicado, "reasignar", **datos).status_code == 422
    assert enviar(jefe, radicado, "reasignar", motivo="Sabe de luces.", **datos).status_code == 302
    assert fresco(radicado).asignado_a == tecnico


def test_asking_to_complete_says_until_when_and_goes_out(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    limite = terminos.limite_para_requerir(radicado)

    assert f"{limite.day} de " in jefe.get(radicado.get_absolute_url()).text
    assert enviar(jefe, radicado, "requerir", falta="La dirección.").status_code == 302
    radicado = fresco(radicado)
    assert radicado.estado == "requiere_completar"
    assert "La dirección." in radicado.salidas.get().texto


def test_completing_at_the_counter_keeps_what_was_brought(client, ventanilla):
    radicado = llevar(ventanilla, radicar(), "requiere_completar")
    client.force_login(ventanilla.radicadora)
    archivos = [SimpleUploadedFile("foto 1.pdf", PDF), SimpleUploadedFile("foto 2.pdf", PDF)]

    enviar(client, radicado, "completar", motivo="Trajo la dirección.", archivos=archivos)
    radicado = fresco(radicado)
    assert radicado.estado == "en_tramite"
    assert sorted(a.nombre for a in radicado.anexos.filter(subido_por=None)) == ["foto 1.pdf", "foto 2.pdf"]
    assert radicado.actuaciones.last().detalle == "Trajo la dirección."


def test_a_file_that_is_not_what_it_says_is_refused_and_nothing_is_done(client, ventanilla):
    radicado = llevar(ventanilla, radicar(), "requiere_completar")
    client.force_login(ventanilla.radicadora)
    archivo = SimpleUploadedFile("foto.pdf", b"MZ\x90 un programa")

    respuesta = enviar(client, radicado, "completar", motivo="Trajo la dirección.", archivos=[archivo])
    assert respuesta.status_code == 422 and "Trajo la dirección." in respuesta.text
    assert fresco(radicado).estado == "requiere_completar" and not radicado.anexos.exists()


def test_more_time_and_the_person_gives_up(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "requiere_completar")
    antes = radicado.completar_hasta

    enviar(jefe, radicado, "dar_mas_tiempo", motivo="Lo pidió por teléfono.")
    assert fresco(radicado).completar_hasta > antes
    enviar(jefe, radicado, "desistir", motivo="Dijo que ya se arregló.")
    assert fresco(radicado).estado == "desistido"


def test_an_extension_shows_its_limit_and_is_refused_beyond_it(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    tope = terminos.tope_de_prorroga(radicado)
    assert f"{tope.day} de " in jefe.get(radicado.get_absolute_url()).text

    despues = tope + timedelta(days=1)
    respuesta = enviar(jefe, radicado, "prorrogar", hasta=despues.isoformat(), motivo="Falta la visita.")
    assert respuesta.status_code == 422 and respuesta.context["enviado"].errors["hasta"]
    assert "Falta la visita." in respuesta.text and f'value="{despues.isoformat()}"' in respuesta.text
    enviar(jefe, radicado, "prorrogar", hasta=tope.isoformat(), motivo="Falta la visita.")
    assert fresco(radicado).vence == tope
    assert "prorrogar" not in ofrecidos(jefe, radicado)


@pytest.mark.parametrize("hasta", ["", "mañana", "2026-02-31", "1900-01-01"])
def test_a_date_that_cannot_be_is_told(jefe, ventanilla, hasta):
    radicado = llevar(ventanilla, radicar(), "en_tramite")

    respuesta = enviar(jefe, radicado, "prorrogar", hasta=hasta, motivo="Falta la visita.")
    assert respuesta.status_code == 422 and respuesta.context["enviado"].errors["hasta"]


def test_from_the_answer_to_its_signature(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    assert "enviar_a_firma" not in ofrecidos(jefe, radicado)
    proyecto = escribir_respuesta(radicado, por=ventanilla.jefe)

    enviar(jefe, radicado, "enviar_a_firma", revision=proyecto.revision)
    enviar(jefe, radicado, "devolver_proyecto", motivo="Falta la fecha.")
    enviar(jefe, radicado, "enviar_a_firma", revision=proyecto.revision)
    assert enviar(jefe, radicado, "firmar", revision=proyecto.revision).status_code == 302
    assert fresco(radicado).estado == "respondido"
    assert radicado.salidas.get().texto == "Las luces se arreglan el lunes."


def test_an_answer_that_changed_since_it_was_read_is_not_signed(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "por_firmar")
    Proyecto.objects.update(revision=7, texto="Otra cosa.")

    respuesta = enviar(jefe, radicado, "firmar", revision=0)
    assert respuesta.status_code == 422 and "léala de nuevo" in respuesta.text
    assert fresco(radicado).estado == "por_firmar"


def test_the_two_signatures_of_a_denuncia(client, ventanilla):
    radicado = llevar(ventanilla, radicar("denuncia"), "por_firmar")
    client.force_login(ventanilla.jefe)
    assert "firmar_primero" in ofrecidos(client, radicado)
    enviar(client, radicado, "firmar_primero", revision=0)

    assert not {"firmar", "firmar_primero"} & ofrecidos(client, radicado)
    assert enviar(client, radicado, "firmar", revision=0).status_code == 403
    client.force_login(ventanilla.secretaria)
    enviar(client, radicado, "firmar", revision=0)
    assert fresco(radicado).estado == "respondido"


def test_transferring_says_where_and_why(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")

    assert enviar(jefe, radicado, "trasladar", entidad="Corponor", texto="").status_code == 422
    enviar(jefe, radicado, "trasladar", entidad="Corponor", texto="Es un asunto ambiental.")
    radicado = fresco(radicado)
    assert radicado.estado == "trasladado" and "ambiental" in radicado.salidas.get().texto


def test_giving_up_for_the_person_is_declared_only_after_its_month(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "requiere_completar")
    assert "declarar_desistido" not in ofrecidos(jefe, radicado)
    temprano = enviar(jefe, radicado, "declarar_desistido", motivo="No completó.")
    assert temprano.status_code == 422 and "puede completar hasta" in temprano.text

    Radicado.objects.update(completar_hasta=timezone.localdate() - timedelta(days=1))
    enviar(jefe, radicado, "declarar_desistido", motivo="No completó.")
    assert fresco(radicado).estado == "desistido"


def test_annulling_is_asked_by_one_refused_or_granted_by_another(client, ventanilla):
    radicado = radicar()
    client.force_login(ventanilla.radicadora)
    enviar(client, radicado, "pedir_anulacion", motivo="Está repetido.")
    assert not {"anular", "negar_anulacion"} & ofrecidos(client, radicado)
    assert enviar(client, radicado, "anular").status_code == 403

    client.force_login(ventanilla.secretaria)
    assert "Está repetido." in client.get(radicado.get_absolute_url()).text
    enviar(client, radicado, "negar_anulacion", motivo="No está repetido.")
    assert fresco(radicado).anulacion_pedida_por is None
    dar_paso("pedir_anulacion", radicado, por=ventanilla.radicadora, motivo="Sí lo está.")
    enviar(client, radicado, "anular")
    assert fresco(radicado).estado == "anulado"


def test_another_calendar_shows_both_dates_and_recounts(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    assert "recalcular" not in ofrecidos(jefe, radicado)
    antes = radicado.vence
    DiaNoHabil.objects.create(fecha=antes, motivo="Día cívico")
    despues = DiasHabiles().sumar(antes, 1)

    nota = next(
        p.nota for p in jefe.get(radicado.get_absolute_url()).context["pasos"] if p.nombre == "recalcular"
    )
    assert f"{antes.day} de" in nota and f"{despues.day} de" in nota
    enviar(jefe, radicado, "recalcular", motivo="Decreto 010: día cívico.")
    assert fresco(radicado).vence == despues


def test_another_kind(secretaria, ventanilla):
    radicado = radicar()

    igual = enviar(secretaria, radicado, "reclasificar", clase=radicado.clase_id, motivo="Es otra cosa.")
    assert igual.status_code == 422 and igual.context["enviado"].errors["clase"]
    enviar(secretaria, radicado, "reclasificar", clase=clase("consulta").pk, motivo="Pregunta algo.")
    assert fresco(radicado).clase.codigo == "consulta"


def test_reopening_for_the_person(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")

    enviar(jefe, radicado, "reabrir", motivo="Vino a decir que no se le respondió.")
    assert fresco(radicado).estado == "en_tramite"


# --- Who, how and how many times -----------------------------------------------------------------
@pytest.mark.parametrize("paso", PASOS)
def test_a_step_is_only_posted_and_only_by_whoever_may(client, ventanilla, paso):
    radicado = llevar(ventanilla, radicar(), "asignado")
    assert client.get(url(radicado, paso)).status_code == 405
    assert client.post(url(radicado, paso)).status_code == 302

    client.force_login(ventanilla.tesorero)
    assert client.post(url(radicado, paso)).status_code == 404
    client.force_login(ventanilla.admin)
    assert client.post(url(radicado, paso)).status_code == 403
    assert fresco(radicado).estado == "asignado"


@pytest.mark.parametrize("paso", ["cerrar", "inventado"])
def test_a_step_that_nobody_takes_by_hand_is_a_404(jefe, ventanilla, paso):
    radicado = llevar(ventanilla, radicar(), "respondido")

    assert enviar(jefe, radicado, paso).status_code == 404


def test_the_counter_does_not_sign_nor_extend(client, ventanilla):
    radicado = llevar(ventanilla, radicar(), "por_firmar")
    client.force_login(ventanilla.radicadora)

    manana = (timezone.localdate() + timedelta(days=1)).isoformat()
    for paso, datos in {"firmar": {"revision": 0}, "prorrogar": {"hasta": manana, "motivo": "x"}}.items():
        assert paso not in ofrecidos(client, radicado)
        assert enviar(client, radicado, paso, **datos).status_code == 403, paso


def test_a_second_tap_does_nothing_and_says_so(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "asignado")
    datos = {"visto": ultimo_paso(radicado)}

    jefe.post(url(radicado, "aceptar"), datos)
    respuesta = jefe.post(url(radicado, "aceptar"), datos, follow=True)
    assert "Ya estaba hecho" in respuesta.text
    assert radicado.actuaciones.filter(accion="aceptar").count() == 1


def test_over_a_page_that_is_no_longer_so_nothing_is_done_and_nothing_typed_is_lost(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    visto = ultimo_paso(radicado)
    dar_paso("trasladar", radicado, por=ventanilla.secretaria, entidad="Corponor", texto="Es de ellos.")

    respuesta = jefe.post(url(radicado, "requerir"), {"visto": visto, "falta": "La dirección exacta."})
    assert respuesta.status_code == 409
    assert "Alguien dio otro paso" in respuesta.text and "La dirección exacta." in respuesta.text
    assert fresco(radicado).estado == "trasladado"


def test_having_read_how_it_is_now_the_same_can_be_sent_again(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    visto = ultimo_paso(radicado)
    dar_paso("pedir_anulacion", radicado, por=ventanilla.secretaria, motivo="Está repetido.")

    primera = jefe.post(url(radicado, "requerir"), {"visto": visto, "falta": "La dirección."})
    assert primera.status_code == 409
    ahora = primera.context["enviado"]["visto"].value()
    segunda = jefe.post(url(radicado, "requerir"), {"visto": ahora, "falta": "La dirección."})
    assert segunda.status_code == 302 and fresco(radicado).estado == "requiere_completar"


@pytest.mark.parametrize("visto", ["", "0", "cualquiera"])
def test_a_forged_page_is_no_page(jefe, ventanilla, visto):
    radicado = llevar(ventanilla, radicar(), "asignado")

    assert jefe.post(url(radicado, "aceptar"), {"visto": visto}).status_code in (409, 422)
    assert fresco(radicado).estado == "asignado"


def test_a_null_byte_is_a_400(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "asignado")

    assert enviar(jefe, radicado, "devolver", motivo="a\x00b").status_code == 400


def test_without_session_what_was_typed_comes_back(client, ventanilla):
    radicado = llevar(ventanilla, radicar(), "asignado")

    respuesta = client.post(url(radicado, "devolver"), {"motivo": "No es de esta oficina."})
    assert respuesta.status_code == 401 and "No es de esta oficina." in respuesta.text


# --- Messages ------------------------------------------------------------------------------------
def test_a_message_is_sent_once_with_its_files(jefe, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    ruta = reverse("ventanilla:mensaje", args=[radicado.numero])
    datos = {"clave": radicado.clave, "texto": "La visita es el lunes."}

    for _vez in range(2):
        archivo = SimpleUploadedFile("cita.pdf", PDF)
        assert jefe.post(ruta, datos | {"archivos": [archivo]}).status_code == 302
    mensaje = Mensaje.objects.get()
    assert mensaje.por == ventanilla.jefe and mensaje.anexos.get().subido_por == ventanilla.jefe


@pytest.mark.parametrize(
    ("quien", "codigo"), [("tesorero", 404), ("radicadora", 403), ("admin", 403), ("jefe", 422)]
)
def test_a_message_is_of_whoever_handles_it(client, ventanilla, quien, codigo):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    client.force_login(getattr(ventanilla, quien))
    ruta = reverse("ventanilla:mensaje", args=[radicado.numero])

    assert client.get(ruta).status_code == 405
    assert client.post(ruta, {"clave": radicado.clave, "texto": ""}).status_code == codigo


def test_an_annulled_one_takes_no_messages(secretaria, ventanilla):
    radicado = dar_paso("pedir_anulacion", radicar(), por=ventanilla.radicadora, motivo="Repetido.")
    dar_paso("anular", radicado, por=ventanilla.secretaria)
    ruta = reverse("ventanilla:mensaje", args=[radicado.numero])

    assert secretaria.post(ruta, {"clave": radicado.clave, "texto": "Hola."}).status_code == 403
