"""What whoever filed reads and does, in each state; and that nobody else does."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from tests.builders import en_fecha
from tests.ventanilla.builders import PDF, crear_anexo, escribir_respuesta, llevar, radicar
from tests.ventanilla.builders_en_linea import crear_casa_en_linea, crear_en_linea, solicitar
from ventanilla import sesion
from ventanilla.codigos import codigo_de_seguimiento
from ventanilla.flujo import dar_paso
from ventanilla.forms.seguimiento import FORMS
from ventanilla.formularios import respuestas_de
from ventanilla.models import ClaseDeRadicado, Firmeza, Radicado, Subcaso
from ventanilla.services import enviar_mensaje

pytestmark = pytest.mark.django_db


def pagina_de(radicado) -> str:
    return reverse("ventanilla:seguimiento", args=[radicado.numero])


def url_de(radicado, accion: str) -> str:
    return reverse("ventanilla:actuar", args=[radicado.numero, accion])


@pytest.fixture
def abrir(client):
    """`abrir(radicado)`: the client that gave its code, as a browser does."""

    def con_codigo(radicado):
        datos = {"numero": radicado.numero, "codigo": codigo_de_seguimiento(radicado.clave)}
        assert client.post(reverse("ventanilla:consulta"), datos).status_code == 302
        return client

    return con_codigo


# --- Who ----------------------------------------------------------------------------------------
@pytest.mark.parametrize("quien", [None, "admin", "secretaria", "jefe"])
def test_without_its_code_nobody_reads_it_nor_acts(client, ventanilla, quien):
    radicado = radicar()
    if quien:
        client.force_login(getattr(ventanilla, quien))

    lectura = client.get(pagina_de(radicado))

    assert lectura.status_code == 302 and lectura.url.endswith(f"?numero={radicado.numero}")
    for accion in FORMS:
        respuesta = client.post(url_de(radicado, accion), {"texto": "x", "confirmo": "on", "motivo": "x"})
        assert respuesta.status_code == 403 and radicado.asunto not in respuesta.text
    assert Radicado.objects.get().estado == "radicado" and not radicado.mensajes.exists()


def test_the_code_of_one_opens_no_other(abrir, ventanilla):
    mio, ajeno = radicar(), radicar()
    anexo = crear_anexo(radicado=ajeno)
    navegador = abrir(mio)

    assert navegador.get(pagina_de(ajeno)).status_code == 302
    assert navegador.post(url_de(ajeno, "mensaje"), {"texto": "Hola"}).status_code == 403
    for numero in (mio.numero, ajeno.numero):
        ruta = reverse("ventanilla:anexo_de_la_persona", args=[numero, anexo.pk])
        assert navegador.get(ruta).status_code in {302, 404}


def test_it_is_never_kept_nor_indexed(abrir, ventanilla):
    radicado = radicar()

    respuesta = abrir(radicado).get(pagina_de(radicado))

    assert "no-store" in respuesta.headers["Cache-Control"]
    assert respuesta.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex' in respuesta.text


@pytest.mark.parametrize("metodo", ["get", "put", "delete"])
@pytest.mark.parametrize("accion", FORMS)
def test_acting_is_only_by_post(abrir, ventanilla, accion, metodo):
    radicado = radicar()
    assert getattr(abrir(radicado), metodo)(url_de(radicado, accion)).status_code == 405


def test_reading_is_only_by_get(abrir, ventanilla):
    radicado = radicar()
    assert abrir(radicado).post(pagina_de(radicado)).status_code == 405


def test_what_is_not_an_action_is_not_found(abrir, ventanilla):
    radicado = radicar()
    assert abrir(radicado).post(url_de(radicado, "firmar")).status_code == 404


# --- What it says -------------------------------------------------------------------------------
def test_the_due_date_in_words_with_how_it_was_counted(abrir, ventanilla):
    radicado = radicar(en=en_fecha("2026-07-01"))

    texto = abrir(radicado).get(pagina_de(radicado)).text

    assert "15 días hábiles desde el 2 de julio" in texto and "viernes 24 de julio de 2026" in texto
    assert radicado.clase.base_legal in texto


def test_what_is_only_inferred_is_not_shown_as_law(abrir, ventanilla):
    ClaseDeRadicado.objects.update(firmeza=Firmeza.INFERIDA)
    radicado = radicar()

    texto = abrir(radicado).get(pagina_de(radicado)).text

    assert radicado.clase.base_legal not in texto and "mientras se confirma la norma" in texto


@pytest.mark.parametrize(
    ("estado", "titulo"),
    [
        ("radicado", "La recibimos"),
        ("asignado", "Ya está en la oficina que la responde"),
        ("en_tramite", "Estamos trabajando en ella"),
        ("requiere_completar", "Esperamos que usted la complete"),
        ("por_firmar", "La respuesta está escrita"),
        ("respondido", "Ya le respondimos"),
    ],
)
def test_each_state_in_plain_words(abrir, ventanilla, estado, titulo):
    radicado = radicar()
    if estado != "radicado":
        radicado = llevar(ventanilla, radicado, estado)

    assert f"<h1>{titulo}</h1>" in abrir(radicado).get(pagina_de(radicado)).text


def test_an_answer_that_nobody_signed_is_not_shown(abrir, ventanilla):
    radicado = llevar(ventanilla, radicar(), "por_firmar")
    anexo = crear_anexo(radicado=radicado, proyecto=radicado.proyecto, subido_por=ventanilla.jefe)
    navegador = abrir(radicado)

    texto = navegador.get(pagina_de(radicado)).text

    assert "arreglan el lunes" not in texto and anexo.nombre not in texto
    ruta = reverse("ventanilla:anexo_de_la_persona", args=[radicado.numero, anexo.pk])
    assert navegador.get(ruta).status_code == 404
    type(anexo).objects.update(proyecto=None)  # left by an answer that was thrown away
    assert navegador.get(ruta).status_code == 404


def test_steps_and_parts_of_the_office_are_not_told(abrir, ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    Subcaso.objects.create(
        radicado=radicado,
        dependencia=ventanilla.hacienda,
        pregunta="¿Hay plata?",
        pedido_por=ventanilla.jefe,
        vence=timezone.localdate(),
    )

    texto = abrir(radicado).get(pagina_de(radicado)).text

    assert "Hay plata" not in texto and "Asignar" not in texto and "Se radicó" in texto


def test_the_answer_with_its_number_its_files_and_its_document(abrir, ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")
    salida = radicado.salidas.get()
    anexo = crear_anexo(radicado=radicado, salida=salida, subido_por=ventanilla.jefe, nombre="plano.pdf")
    navegador = abrir(radicado)

    texto = navegador.get(pagina_de(radicado)).text

    assert "Las luces se arreglan el lunes." in texto and salida.numero in texto
    assert texto.index(salida.texto) < texto.index("¿Qué le pareció la respuesta?")  # read, then judged
    assert reverse("ventanilla:documento", args=[salida.numero]) in texto
    archivo = navegador.get(reverse("ventanilla:anexo_de_la_persona", args=[radicado.numero, anexo.pk]))
    assert b"".join(archivo.streaming_content) == PDF
    assert archivo.headers["Content-Disposition"] == 'attachment; filename="plano.pdf"'
    assert archivo.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "no-store" in archivo.headers["Cache-Control"]


def test_a_file_that_is_not_the_one_that_was_sent_is_not_given(abrir, ventanilla):
    radicado = radicar()
    anexo = crear_anexo(radicado=radicado)
    with anexo.archivo.storage.open(anexo.archivo.name, "wb") as archivo:
        archivo.write(b"otra cosa")

    ruta = reverse("ventanilla:anexo_de_la_persona", args=[radicado.numero, anexo.pk])

    assert abrir(radicado).get(ruta).status_code == 404


def test_transferred_withdrawn_and_annulled_say_what_happened(abrir, ventanilla):
    enviado = dar_paso(
        "trasladar", radicar(), por=ventanilla.secretaria, entidad="Corponor", texto="Le corresponde."
    )
    retirado = dar_paso("desistir", radicar(), por=None, de_la_persona=True)
    repetido = dar_paso(
        "pedir_anulacion", radicar(), por=ventanilla.radicadora, motivo="Se radicó dos veces."
    )
    repetido = dar_paso("anular", repetido, por=ventanilla.secretaria)
    archivado = llevar(
        ventanilla, radicar(en=en_fecha("2026-03-02")), "en_tramite", en=en_fecha("2026-03-03")
    )
    archivado = dar_paso("requerir", archivado, por=ventanilla.jefe, falta="X.", en=en_fecha("2026-03-04"))
    archivado = dar_paso(
        "declarar_desistido", archivado, por=ventanilla.jefe, motivo="Nada llegó.", en=en_fecha("2026-05-04")
    )
    for radicado, dicho in [
        (enviado, "Le corresponde a Corponor"),
        (retirado, "Usted desistió"),
        (repetido, "Razón: Se radicó dos veces."),
        (archivado, "Se archivó porque no se completó"),
    ]:
        assert dicho in abrir(radicado).get(pagina_de(radicado)).text


def test_one_that_is_late_says_so(abrir, ventanilla):
    radicado = radicar(en=en_fecha("2026-03-02"))
    assert "Vamos tarde" in abrir(radicado).get(pagina_de(radicado)).text


def test_the_page_costs_the_same_with_much_in_it(abrir, ventanilla, django_assert_num_queries):
    radicado = llevar(ventanilla, radicar(), "respondido")
    navegador = abrir(radicado)
    navegador.get(pagina_de(radicado))
    for cuantos in (1, 25):
        for n in range(cuantos):
            mensaje = enviar_mensaje(radicado, clave=_clave(cuantos, n), texto=f"Mensaje {n}")
            crear_anexo(radicado=radicado, mensaje=mensaje)
            crear_anexo(radicado=radicado)
        with django_assert_num_queries(13):
            navegador.get(pagina_de(radicado))


def _clave(cuantos: int, n: int):
    from uuid import UUID

    return UUID(int=cuantos * 1000 + n + 1)


# --- What is done -------------------------------------------------------------------------------
def requerido(casa) -> Radicado:
    return llevar(casa, radicar(), "requiere_completar")


def test_completing_sends_text_and_files_and_goes_on(abrir, ventanilla):
    radicado = requerido(ventanilla)
    archivos = [SimpleUploadedFile("recibo.pdf", PDF), SimpleUploadedFile("otro.pdf", PDF)]
    datos = {"texto": "Calle 4 # 5-20.", "archivos": archivos, "clave": _clave(1, 1)}

    respuesta = abrir(radicado).post(url_de(radicado, "completar"), datos, follow=True)

    radicado = Radicado.objects.get()
    assert "Recibimos lo que faltaba" in respuesta.text and radicado.estado == "en_tramite"
    mensaje = radicado.mensajes.get()
    assert mensaje.de_la_persona and mensaje.anexos.count() == 2
    paso = radicado.actuaciones.get(accion="completar")
    assert paso.de_la_persona and paso.por is None


def test_completing_with_files_alone_is_enough(abrir, ventanilla):
    radicado = requerido(ventanilla)
    datos = {"texto": "", "archivos": [SimpleUploadedFile("recibo.pdf", PDF)], "clave": _clave(1, 1)}

    assert abrir(radicado).post(url_de(radicado, "completar"), datos).status_code == 302

    mensaje = Radicado.objects.get().mensajes.get()
    assert mensaje.anexos.count() == 1 and mensaje.texto == "Adjunto lo que me pidieron."
    assert Radicado.objects.get().estado == "en_tramite"


def test_of_an_online_tramite_the_person_reads_what_they_answered(abrir):
    casa = crear_casa_en_linea()
    formulario = crear_en_linea(casa)
    radicado = solicitar(formulario)
    pregunta, respondido = respuestas_de(radicado)[0]

    texto = abrir(radicado).get(pagina_de(radicado)).text

    assert f"<dt>{escape(pregunta)}</dt><dd>{escape(respondido)}</dd>" in texto
    assert "Es el que dice la página del trámite." in texto


def test_one_sent_to_another_entity_says_who_has_it_now(abrir, ventanilla):
    traslado = {"entidad": "Corponor", "texto": "Le corresponde."}
    radicado = dar_paso("trasladar", radicar(), por=ventanilla.secretaria, **traslado)

    texto = abrir(radicado).get(pagina_de(radicado)).text

    assert "<dt>Lo atiende</dt><dd>Corponor</dd>" in texto


def test_an_annulled_one_has_no_place_for_messages(abrir, ventanilla):
    radicado = dar_paso("pedir_anulacion", radicar(), por=ventanilla.radicadora, motivo="Repetido.")
    radicado = dar_paso("anular", radicado, por=ventanilla.secretaria)

    texto = abrir(radicado).get(pagina_de(radicado)).text

    assert "ya no recibe mensajes" in texto and "Todavía no hay mensajes" not in texto


def test_completing_twice_by_a_double_tap_is_once(abrir, ventanilla):
    radicado = requerido(ventanilla)
    navegador = abrir(radicado)
    for _ in range(2):
        datos = {"texto": "Calle 4.", "archivos": [SimpleUploadedFile("a.pdf", PDF)], "clave": _clave(1, 1)}
        assert navegador.post(url_de(radicado, "completar"), datos).status_code == 302

    assert radicado.mensajes.get().anexos.count() == 1
    assert radicado.actuaciones.filter(accion="completar").count() == 1


@pytest.mark.parametrize(
    ("datos", "dicho"),
    [
        ({"texto": ""}, "Escriba lo que faltaba"),
        (
            {"texto": "Va.", "archivos": [SimpleUploadedFile("a.exe", b"MZ\x90")]},
            "no es lo que su nombre dice",
        ),
        ({"texto": "Va.", "archivos": [SimpleUploadedFile("a.pdf", b"")]}, "vacío"),
        (
            {"texto": "Va.", "archivos": [SimpleUploadedFile(f"{n}.pdf", PDF) for n in range(11)]},
            "como máximo 10",
        ),
    ],
)
def test_completing_badly_says_it_and_loses_nothing(abrir, ventanilla, datos, dicho):
    radicado = requerido(ventanilla)

    respuesta = abrir(radicado).post(url_de(radicado, "completar"), datos)

    assert respuesta.status_code == 422 and dicho in respuesta.text and datos["texto"] in respuesta.text
    assert "autofocus" in respuesta.text and "<title>Error: " in " ".join(respuesta.text.split())
    assert Radicado.objects.get().estado == "requiere_completar" and not radicado.anexos.exists()


def test_more_time_once(abrir, ventanilla):
    radicado = requerido(ventanilla)
    hasta = radicado.completar_hasta
    navegador = abrir(radicado)

    assert navegador.post(url_de(radicado, "mas-tiempo")).status_code == 302

    assert Radicado.objects.get().completar_hasta > hasta
    assert "¿Necesita más tiempo?" not in navegador.get(pagina_de(radicado)).text
    otra = navegador.post(url_de(radicado, "mas-tiempo"))
    assert otra.status_code == 422 and "Ya se dio más tiempo una vez." in otra.text


def test_withdrawing_asks_to_confirm(abrir, ventanilla):
    radicado = radicar()
    navegador = abrir(radicado)

    sin_confirmar = navegador.post(url_de(radicado, "desistir"), {"motivo": "Ya la arreglaron."})

    assert sin_confirmar.status_code == 422 and "Ya la arreglaron." in sin_confirmar.text
    assert Radicado.objects.get().estado == "radicado"
    assert navegador.post(url_de(radicado, "desistir"), {"confirmo": "on"}).status_code == 302
    assert Radicado.objects.get().estado == "desistido"


def test_reopening_says_what_was_missing_and_when_it_will_be_answered(abrir, ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")
    navegador = abrir(radicado)

    assert navegador.post(url_de(radicado, "reabrir"), {"motivo": " "}).status_code == 422
    respuesta = navegador.post(url_de(radicado, "reabrir"), {"motivo": "Siguen dañadas."}, follow=True)

    assert "La estamos revisando de nuevo" in respuesta.text and "Siguen dañadas." in respuesta.text
    assert Radicado.objects.get().reabierto_en is not None
    radicado = Radicado.objects.get()
    escribir_respuesta(radicado, por=ventanilla.jefe, texto="Ahora sí.")
    radicado = dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    dar_paso("firmar", radicado, por=ventanilla.jefe)
    assert "¿No quedó conforme?" not in navegador.get(pagina_de(radicado)).text


@pytest.mark.parametrize(
    ("accion", "datos"),
    [
        ("completar", {"texto": "Va."}),
        ("mas-tiempo", {}),
        ("reabrir", {"motivo": "No."}),
        ("valorar", {"puntos": "5", "resuelto": "si"}),
    ],
)
def test_out_of_its_state_it_says_why_and_changes_nothing(abrir, ventanilla, accion, datos):
    radicado = radicar()

    respuesta = abrir(radicado).post(url_de(radicado, accion), datos)

    assert respuesta.status_code == 422 and 'role="alert"' in respuesta.text
    assert Radicado.objects.get().estado == "radicado" and not radicado.mensajes.exists()


def test_withdrawing_what_was_answered_says_why(abrir, ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")
    respuesta = abrir(radicado).post(url_de(radicado, "desistir"), {"confirmo": "on"})
    assert respuesta.status_code == 422 and Radicado.objects.get().estado == "respondido"


def test_idle_time_is_told(abrir, ventanilla):
    radicado = radicar()
    minutos = int(sesion.INACTIVIDAD.total_seconds() // 60)
    assert f"después de {minutos} minutos" in abrir(radicado).get(pagina_de(radicado)).text
