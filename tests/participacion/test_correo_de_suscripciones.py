"""What arrives by mail to whoever subscribed, at a real server of this machine."""

import threading
from datetime import timedelta
from email import message_from_string

import pytest
from django.core.exceptions import ValidationError
from django.core.mail import get_connection
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion import suscripciones
from participacion.boletin import decision, envio
from participacion.models import Boletin, Suscripcion
from portal import rutinas, services
from portal.correo import _enviar, despachar, encolar, encolar_varios
from portal.correo import _tomar as tomar
from portal.models import Correo
from tests.builders import en_fecha
from tests.participacion.builders_suscripciones import (
    LUNES,
    abrir_canal,
    aprobar,
    pedir,
    preparar,
    publicar,
    suscribir,
)
from tests.tramites.builders import sin_disparadores

APROBADO, DESPUES = en_fecha(LUNES, 11), en_fecha(LUNES, 12)


def enviar(en=DESPUES) -> str:
    """A run of the rutina."""
    return rutinas.correr(rutinas.registro["enviar-boletin"], en=en, aunque_no_toque=True).resultado


def llegaron(buzon) -> dict[str, str]:
    """What the server got: the text, by address."""
    return {mensaje["To"]: mensaje.get_content() for mensaje in buzon.recibidos}


@pytest.fixture
def sin_los_de_confirmar():
    """Forget the messages to confirm: they are not what is looked at."""

    def olvidar():
        Correo.objects.filter(clave__startswith="suscripcion:").delete()

    return olvidar


@pytest.fixture
def dos_temas(casa, sin_los_de_confirmar):
    """A bulletin with two themes, approved, and somebody for each, for both and for none."""
    publicar(casa, "Un decreto", canal=abrir_canal(casa, seccion="normas"))
    boletin = preparar(casa)
    for correo, elige in {
        "todo@ejemplo.co": {"todo": True},
        "normas@ejemplo.co": {"secciones": ["normas"]},
        "canal@ejemplo.co": {"canales": [casa.canal]},
        "oficina@ejemplo.co": {"dependencias": [casa.planeacion]},
        "nada@ejemplo.co": {"secciones": ["municipio"], "dependencias": [casa.general]},
    }.items():
        suscribir(correo, **elige)
    pedir("sin-confirmar@ejemplo.co", en_fecha("2026-11-01"))
    sin_los_de_confirmar()
    return aprobar(casa, boletin, APROBADO)


class TestWhatArrives:
    def test_each_gets_only_what_they_asked_for(self, dos_temas, buzon):
        assert enviar() == "Boletín de la semana 47 de 2026: 4 mensajes escritos."

        despachar(DESPUES)

        textos = llegaron(buzon)
        assert {
            correo: ("Un decreto" in texto, "Noticia 0" in texto) for correo, texto in textos.items()
        } == {
            "todo@ejemplo.co": (True, True),
            "normas@ejemplo.co": (True, False),
            "canal@ejemplo.co": (False, True),
            "oficina@ejemplo.co": (True, True),
        }
        assert "Usted pidió recibir: Normas." in textos["normas@ejemplo.co"]
        dos_temas.refresh_from_db()
        assert (dos_temas.estado, dos_temas.destinatarios, dos_temas.enviado_en) == ("enviado", 4, DESPUES)

    def test_it_says_what_it_is_and_how_to_leave_with_one_touch(self, dos_temas, buzon, settings):
        settings.PORTAL_URL = "https://www.ejemplo.gov.co"
        enviar()
        despachar(DESPUES)

        mensaje = next(m for m in buzon.recibidos if m["To"] == "normas@ejemplo.co")
        suya = Suscripcion.objects.get(correo="normas@ejemplo.co")
        ruta = f"/suscripciones/{suscripciones.firma_de(suya)}/salir/"
        assert mensaje["Subject"] == "Novedades de Puerto Santander: semana 47 de 2026"
        assert mensaje["From"] == "Alcaldía <no-responder@ejemplo.gov.co>"
        assert mensaje["List-Id"] == "Boletin semanal <boletin.ejemplo.gov.co>"
        assert mensaje["List-Unsubscribe"].strip() == f"<https://www.ejemplo.gov.co{ruta}>"
        assert mensaje["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert mensaje["Auto-Submitted"] == "auto-generated"
        assert mensaje["Precedence"] is None
        assert mensaje.get_content_type() == "text/plain"
        assert ruta in mensaje.get_content()
        largas = [linea for linea in mensaje.get_content().splitlines() if len(linea) > envio.RENGLON]
        assert all(linea.startswith("https://") for linea in largas)

        nombre, _igual, valor = mensaje["List-Unsubscribe-Post"].partition("=")
        programa = Client(enforce_csrf_checks=True)
        assert programa.post(ruta, {nombre: valor}).status_code == 200
        suya.refresh_from_db()
        assert (suya.estado, suya.correo) == ("retirada", "")

    def test_the_message_to_confirm_brings_its_link_and_is_of_no_list(self, db, buzon):
        pedir("ana@ejemplo.co")
        despachar(timezone.now())

        [mensaje] = buzon.recibidos
        assert "/confirmar/" in mensaje.get_content()
        assert mensaje["List-Unsubscribe"] is None
        assert mensaje["Auto-Submitted"] == "auto-generated"

    def test_a_title_is_never_another_header(self, casa, buzon, sin_los_de_confirmar):
        publicar(casa, "Aviso Bcc: todos")
        boletin = preparar(casa)
        suscribir("ana@ejemplo.co")
        sin_los_de_confirmar()
        aprobar(casa, boletin, APROBADO)
        enviar()
        despachar(DESPUES)

        [mensaje] = buzon.recibidos
        assert mensaje["Bcc"] is None
        assert "Aviso Bcc: todos" in mensaje.get_content()


class TestOnce:
    def test_what_was_not_approved_is_not_sent(self, casa, buzon, sin_los_de_confirmar):
        boletin = preparar(casa)
        suscribir()
        sin_los_de_confirmar()

        assert enviar() == "No hay boletines por enviar."
        decision.no_enviar(boletin, por=casa.secretaria, motivo="Trae un error.")
        assert enviar() == "No hay boletines por enviar."
        assert not Correo.objects.exists()

    def test_a_crash_repeats_nothing_and_forgets_nobody(self, dos_temas, monkeypatch):
        monkeypatch.setattr(envio, "LOTE", 2)
        enviar()
        assert Correo.objects.count() == 2
        with pytest.raises(RuntimeError), transaction.atomic():
            envio.enviar(DESPUES)
            raise RuntimeError("the machine went off")
        assert Correo.objects.count() == 2

        for _ in range(4):
            enviar()

        assert sorted(Correo.objects.values_list("para", flat=True)) == [
            "canal@ejemplo.co",
            "normas@ejemplo.co",
            "oficina@ejemplo.co",
            "todo@ejemplo.co",
        ]
        dos_temas.refresh_from_db()
        assert (dos_temas.estado, dos_temas.destinatarios) == ("enviado", 4)

    def test_even_if_it_is_run_again_by_hand(self, dos_temas):
        enviar()
        with sin_disparadores():
            Boletin.objects.update(estado="aprobado")

        assert enviar() == "Boletín de la semana 47 de 2026: 0 mensajes escritos."

    def test_what_was_altered_after_the_approval_is_not_sent(self, dos_temas):
        dos_temas.datos["novedades"][0]["titulo"] = "Otra cosa"
        with sin_disparadores():
            dos_temas.save(update_fields=["datos"])

        assert "no coincide con su huella" in enviar()
        assert not Correo.objects.exists()

    def test_who_left_in_between_gets_nothing(self, dos_temas, buzon):
        antes, despues = (
            Suscripcion.objects.get(correo=correo) for correo in ("todo@ejemplo.co", "canal@ejemplo.co")
        )
        suscripciones.salir(antes.pk)
        enviar()
        suscripciones.salir(despues.pk)

        despachar(DESPUES)

        assert sorted(llegaron(buzon)) == ["normas@ejemplo.co", "oficina@ejemplo.co"]

    def test_who_leaves_while_the_message_is_on_its_way_does_not_stop_the_rest(self, dos_temas, buzon):
        enviar()
        tomado = tomar(DESPUES)
        suscripciones.salir(Suscripcion.objects.get(correo=tomado.para).pk)

        with get_connection() as conexion:
            assert _enviar(tomado, conexion)
        despachar(DESPUES)

        assert len(buzon.recibidos) == 4
        assert not Correo.objects.filter(para=tomado.para).exists()

    def test_what_they_want_is_asked_at_their_turn(self, dos_temas, buzon):
        suya = Suscripcion.objects.get(correo="todo@ejemplo.co")
        suscripciones.cambiar(suya.pk, suscripciones.Eleccion(secciones=["normas"]))
        enviar()
        despachar(DESPUES)

        assert "Noticia 0" not in llegaron(buzon)["todo@ejemplo.co"]

    def test_who_came_after_the_approval_waits_for_the_next(self, dos_temas, sin_los_de_confirmar):
        suscribir("tarde@ejemplo.co", APROBADO + timedelta(minutes=5))
        sin_los_de_confirmar()

        enviar()

        assert not Correo.objects.filter(para="tarde@ejemplo.co").exists()

    def test_what_was_withdrawn_after_the_approval_does_not_go(self, casa, dos_temas, buzon):
        for publicacion in casa.canal.publicaciones.all():
            services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        enviar()
        despachar(DESPUES)

        assert sorted(llegaron(buzon)) == ["normas@ejemplo.co", "oficina@ejemplo.co", "todo@ejemplo.co"]
        assert not any("Noticia 0" in texto for texto in llegaron(buzon).values())

    def test_a_batch_costs_the_same_with_one_and_with_many(self, casa, sin_los_de_confirmar):
        boletin, cuentas = preparar(casa, 3), []
        aprobar(casa, boletin, APROBADO)
        for cuantas in (1, 40):
            for _ in range(cuantas):
                suscribir(canales=[casa.canal], dependencias=[casa.planeacion])
            sin_los_de_confirmar()
            with sin_disparadores():
                Boletin.objects.update(estado="aprobado")
            with CaptureQueriesContext(connection) as hechas:
                envio.enviar(DESPUES)
            cuentas.append(len(hechas))

        assert cuentas == [10, 10]
        assert Correo.objects.count() == 41


def test_many_at_once_are_all_written_or_none(db):
    bueno, malo = (Correo(para="a@ejemplo.co", asunto=asunto, texto="Hola.") for asunto in ("Hola", "a\nb"))

    with pytest.raises(ValidationError):
        encolar_varios([bueno, malo])

    assert not Correo.objects.exists()


class TestAnAddressThatIsGone:
    @pytest.fixture
    def escribir(self, casa, buzon):
        """Send the bulletin of that number to the only one who subscribed, with that answer of the server."""
        suya, lunes = suscribir("ana@ejemplo.co", todo=True), timezone.now()

        def uno(vez: int, responde: str) -> Suscripcion:
            buzon.responder = lambda direccion: responde
            encolar(
                para="ana@ejemplo.co", asunto="Novedades", texto="Hola.", clave=f"boletin:{vez}:{suya.pk}"
            )
            despachar(lunes + timedelta(days=7 * vez))
            suya.refresh_from_db()
            return suya

        Correo.objects.all().delete()
        return uno

    def test_is_no_longer_written_to_after_three_in_a_row(self, casa, escribir, client):
        for vez in (1, 2):
            assert escribir(vez, "550 no existe ana@ejemplo.co").detenida_en is None
        suya = escribir(3, "550 no existe ana@ejemplo.co")

        assert suya.rechazos == 3 and suya.detenida_en
        assert "550" in suya.detenida_por and "ana@" not in suya.detenida_por
        assert not Suscripcion.objects.que_reciben().exists()
        assert envio.interesadas([{"seccion": "normas", "canal": 1, "dependencia": 1}]).count() == 0
        client.force_login(casa.secretaria)
        escritorio = client.get("/panel/boletin/").text
        assert "0 personas reciben" in escritorio and "A 1 dirección ya no se les escribe" in escritorio

    def test_one_that_arrives_begins_the_count_anew(self, escribir):
        for vez in (1, 2):
            escribir(vez, "550 no existe")
        assert escribir(3, "250 OK").rechazos == 0
        for vez in (4, 5, 6):
            suya = escribir(vez, "550 no existe")
        assert suya.detenida_en

        pedir("ana@ejemplo.co")  # the message with its link arrives
        assert escribir(7, "250 OK").detenida_en is None
        assert Suscripcion.objects.que_reciben().exists()

    @pytest.mark.parametrize("responde", ["450 ocupado", "421 vuelva luego"])
    def test_a_server_that_is_busy_says_nothing_of_the_address(self, escribir, responde):
        assert escribir(1, responde).rechazos == 0

    def test_who_leaves_leaves_nothing(self, escribir):
        for vez in (1, 2, 3):
            suya = escribir(vez, "550 no existe")
        suscripciones.salir(suya.pk)
        suya.refresh_from_db()

        assert (suya.correo, suya.detenida_por) == ("", "")


def test_a_wrong_address_does_not_leave_the_others_without_bulletin(casa, dos_temas, buzon):
    Suscripcion.objects.filter(correo="normas@ejemplo.co").update(correo="no es")
    assert enviar() == "Boletín de la semana 47 de 2026: 4 mensajes escritos."

    despachar(DESPUES)

    assert set(llegaron(buzon)) == {"todo@ejemplo.co", "canal@ejemplo.co", "oficina@ejemplo.co"}
    malo = Correo.objects.get(para="no es")
    assert (malo.estado, malo.error) == ("abandonado", "La dirección está mal escrita.")
    assert enviar() == "No hay boletines por enviar."


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_devices_at_once_are_one_subscription_and_one_message():
    juntos, fallas = threading.Barrier(2), []

    def uno():
        try:
            juntos.wait(10)
            pedir("ana@ejemplo.co")
        except Exception as falla:
            fallas.append(falla)
        finally:
            connection.close()

    hilos = [threading.Thread(target=uno) for _ in range(2)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(30)

    assert not fallas
    assert Suscripcion.objects.count() == Correo.objects.count() == 1


def test_a_refused_address_is_not_written_in_the_error(db, buzon):
    buzon.responder = lambda direccion: f"550 {direccion} no existe"
    pedir("ana@ejemplo.co")

    despachar(timezone.now())

    correo = Correo.objects.get()
    assert correo.estado == "abandonado"
    assert "no existe" in correo.error
    assert "ana@ejemplo.co" not in correo.error


def test_what_is_sent_is_a_message_like_any_other(dos_temas, buzon):
    """Whole, as another program would read it: one part, its length, no address of anybody else."""
    enviar()
    despachar(DESPUES)

    for mensaje in buzon.recibidos:
        leido = message_from_string(mensaje.as_string())
        assert not leido.is_multipart()
        otros = {otro["To"] for otro in buzon.recibidos} - {mensaje["To"]}
        assert not any(otro in mensaje.get_content() for otro in otros)
