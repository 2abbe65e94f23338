"""The way of a trámite: who takes each step, from where, what it leaves behind, and every refusal."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso, TransicionRechazada
from portal.models import Actualizacion, Canal, Edicion, EntradaDeBusqueda
from tests.builders import crear_titularidad, en_fecha
from tests.tramites.builders import (
    crear_tramite,
    escribir,
    huella_abierta,
    llenar_hoja,
    llevar,
    lo_que_pide,
    sin_disparadores,
)
from tramites.flujo import FLUJO, dar_paso
from tramites.models import HojaDeVida, PasoDeTramite, Tramite

ESCRIBEN = {"suit", "corrector", "jefe", "secretaria"}
APRUEBAN = {"jefe", "secretaria", "alcalde"}
#: Situation → how to get there from a state, whether published, and each step that comes to the case:
#: where it leads and who may. Nothing else is possible, for anybody.
SITUACIONES = {
    "sin gestión": ("sin_gestion", [], {"empezar": ("en_creacion", ESCRIBEN)}),
    "en creación": ("en_creacion", ["llenar"], {"enviar": ("enviado", ESCRIBEN)}),
    "enviado": (
        "enviado",
        [],
        {
            "remitir": ("en_evaluacion", APRUEBAN),
            "devolver": ("en_correccion", APRUEBAN),
            "recoger": ("en_correccion", {"suit"}),
        },
    ),
    "en corrección": ("en_correccion", [], {"enviar": ("enviado", ESCRIBEN)}),
    "en evaluación": (
        "en_evaluacion",
        [],
        {
            "inscribir": ("inscrito", ESCRIBEN),
            "negar": ("negado", ESCRIBEN),
            "devolver": ("en_correccion", ESCRIBEN),
            "publicar": ("en_evaluacion", ESCRIBEN | APRUEBAN),
        },
    ),
    "devuelto por el DAFP": ("en_evaluacion", ["devolver"], {"enviar": ("enviado", ESCRIBEN)}),
    "publicado y devuelto por el DAFP": (
        "en_evaluacion",
        ["publicar", "devolver"],
        {"enviar": ("enviado", ESCRIBEN), "retirar": ("en_correccion", APRUEBAN)},
    ),
    "retirado y devuelto por el DAFP": (
        "en_evaluacion",
        ["publicar", "retirar", "devolver"],
        {"enviar": ("enviado", ESCRIBEN)},
    ),
    "negado": ("negado", [], {"corregir": ("en_correccion", ESCRIBEN)}),
    "negado y corregido": ("negado", ["corregir"], {"enviar": ("enviado", ESCRIBEN)}),
    "inscrito": (
        "inscrito",
        [],
        {
            "actualizar": ("en_actualizacion", ESCRIBEN),
            "publicar": ("inscrito", ESCRIBEN | APRUEBAN),
        },
    ),
    "inscrito y publicado": (
        "inscrito",
        ["publicar"],
        {"actualizar": ("en_actualizacion", ESCRIBEN), "retirar": ("inscrito", APRUEBAN)},
    ),
    "inscrito y retirado": (
        "inscrito",
        ["publicar", "retirar"],
        {"actualizar": ("en_actualizacion", ESCRIBEN), "publicar": ("inscrito", APRUEBAN)},
    ),
    "en actualización": (
        "inscrito",
        ["publicar", "actualizar"],
        {
            "enviar": ("enviado", ESCRIBEN),
            "descartar": ("inscrito", ESCRIBEN),
            "retirar": ("en_actualizacion", APRUEBAN),
        },
    ),
    "cambio simple enviado": (
        "inscrito",
        ["publicar", "actualizar", "enviar"],
        {
            "aprobar_cambio": ("inscrito", APRUEBAN),
            "devolver": ("en_correccion", APRUEBAN),
            "recoger": ("en_correccion", {"suit"}),
            "retirar": ("enviado", APRUEBAN),
        },
    ),
    "cambio simple devuelto": (
        "inscrito",
        ["actualizar", "enviar", "devolver"],
        {
            "enviar": ("enviado", ESCRIBEN),
            "descartar": ("inscrito", ESCRIBEN),
            "publicar": ("en_correccion", ESCRIBEN | APRUEBAN),
        },
    ),
    "cambio simple aprobado": (
        "inscrito",
        ["publicar", "actualizar", "enviar", "aprobar_cambio"],
        {
            "actualizar": ("en_actualizacion", ESCRIBEN),
            "publicar": ("inscrito", ESCRIBEN | APRUEBAN),
            "retirar": ("inscrito", APRUEBAN),
        },
    ),
    "cambio estructural enviado": (
        "inscrito",
        ["actualizar", "alargar", "enviar"],
        {
            "remitir": ("en_evaluacion", APRUEBAN),
            "devolver": ("en_correccion", APRUEBAN),
            "recoger": ("en_correccion", {"suit"}),
            "publicar": ("enviado", ESCRIBEN | APRUEBAN),
        },
    ),
    "cambio estructural en evaluación": (
        "inscrito",
        ["publicar", "actualizar", "alargar", "enviar", "remitir"],
        {
            "inscribir": ("inscrito", ESCRIBEN),
            "negar_cambio": ("inscrito", ESCRIBEN),
            "devolver": ("en_correccion", ESCRIBEN),
            "retirar": ("en_evaluacion", APRUEBAN),
        },
    ),
    "cambio estructural devuelto por el DAFP": (
        "inscrito",
        ["actualizar", "alargar", "enviar", "remitir", "devolver"],
        {
            "enviar": ("enviado", ESCRIBEN),
            "descartar": ("inscrito", ESCRIBEN),
            "publicar": ("en_correccion", ESCRIBEN | APRUEBAN),
        },
    ),
    "cambio estructural negado": (
        "inscrito",
        ["publicar", "actualizar", "alargar", "enviar", "remitir", "negar_cambio"],
        {"actualizar": ("en_actualizacion", ESCRIBEN), "retirar": ("inscrito", APRUEBAN)},
    ),
    "consulta enviada": (
        "aprobado",
        ["actualizar", "enviar"],
        {
            "aprobar_consulta": ("aprobado", APRUEBAN),
            "devolver": ("en_correccion", APRUEBAN),
            "recoger": ("en_correccion", {"suit"}),
            "publicar": ("enviado", ESCRIBEN | APRUEBAN),
        },
    ),
    "consulta aprobada": (
        "aprobado",
        [],
        {"actualizar": ("en_actualizacion", ESCRIBEN), "publicar": ("aprobado", ESCRIBEN | APRUEBAN)},
    ),
    "consulta en actualización": (
        "aprobado",
        ["publicar", "actualizar"],
        {
            "enviar": ("enviado", ESCRIBEN),
            "descartar_consulta": ("aprobado", ESCRIBEN),
            "retirar": ("en_actualizacion", APRUEBAN),
        },
    ),
    "suprimido": ("suprimido", [], {}),
}


def crear_situacion(casa, estado, pasos) -> Tramite:
    tramite = crear_tramite(casa, estado)
    for paso in pasos:
        if paso == "llenar":
            llenar_hoja(casa, tramite)
        elif paso == "alargar":
            escribir(tramite, por=casa.suit, tiempo_cantidad=30, acto_soporte="Acuerdo 012 de 2026")
        else:
            tramite = llevar(tramite, paso, por=casa.suit, aprueba=casa.secretaria)
    return Tramite.objects.get(pk=tramite.pk)


def intento(paso, tramite, por, datos) -> str:
    """Where that step would lead or, if it is refused, the kind of refusal. Nothing stays done."""
    punto = transaction.savepoint()
    try:
        return dar_paso(paso, tramite, por=por, **datos).estado
    except TransicionRechazada as rechazo:
        return type(rechazo).__name__
    finally:
        transaction.savepoint_rollback(punto)


@pytest.mark.parametrize("situacion", SITUACIONES)
def test_every_step_for_every_person_in_every_situation(casa, gente, situacion):
    estado, pasos, salidas = SITUACIONES[situacion]
    if estado != "suprimido":
        salidas = salidas | {"suprimir": ("suprimido", APRUEBAN)}
    tramite = crear_situacion(casa, estado, pasos)
    datos = lo_que_pide(tramite)

    resultados = {
        (paso, quien): intento(paso, tramite, persona, datos)
        for paso in FLUJO.transiciones
        for quien, persona in gente.items()
    }

    esperados = dict.fromkeys(resultados, "EstadoInadecuado")
    for paso, (destino, pueden) in salidas.items():
        for quien in gente:
            esperados[paso, quien] = destino if quien in pueden else "SinPermiso"
    assert resultados == esperados
    for quien, persona in gente.items():
        ofrecidos = {paso.nombre for paso in FLUJO.posibles(tramite, persona)}
        assert ofrecidos == {paso for paso, (_destino, pueden) in salidas.items() if quien in pueden}


# --- What a step asks for -----------------------------------------------------------------------
CON_MOTIVO = [
    ("devolver", "enviado", "secretaria"),
    ("recoger", "enviado", "suit"),
    ("devolver", "en_evaluacion", "suit"),
    ("negar", "en_evaluacion", "suit"),
    ("retirar", "inscrito", "secretaria"),
    ("suprimir", "inscrito", "secretaria"),
]


def test_the_steps_that_undo_something_and_only_those_ask_why():
    piden = {paso.nombre for paso in FLUJO.transiciones.values() if paso.pide_motivo}

    assert piden == {"devolver", "recoger", "negar", "negar_cambio", "retirar", "suprimir"}


@pytest.mark.parametrize("motivo", ["", "  \n\t "])
@pytest.mark.parametrize(("paso", "estado", "quien"), CON_MOTIVO)
def test_without_a_written_reason_nothing_happens(casa, gente, paso, estado, quien, motivo):
    tramite = crear_tramite(casa, estado, publicado=paso == "retirar")
    pasos = tramite.pasos.count()

    with pytest.raises(CondicionIncumplida, match="motivo"):
        dar_paso(paso, tramite, por=gente[quien], motivo=motivo)

    assert Tramite.objects.get(pk=tramite.pk).estado == estado
    assert tramite.pasos.count() == pasos


@pytest.mark.parametrize("huella", [None, "", "otra", "A" * 64])
@pytest.mark.parametrize(
    ("paso", "estado", "pasos"),
    [
        ("remitir", "enviado", []),
        ("aprobar_cambio", "inscrito", ["actualizar", "enviar"]),
        ("aprobar_consulta", "aprobado", ["actualizar", "enviar"]),
    ],
)
def test_nobody_approves_what_they_have_not_read(casa, paso, estado, pasos, huella):
    tramite = crear_situacion(casa, estado, pasos)

    with pytest.raises(CondicionIncumplida, match="no es la misma"):
        dar_paso(paso, tramite, por=casa.jefe, huella=huella)

    assert tramite.hoja_abierta().estado == "enviada"


def test_what_was_read_and_then_corrected_is_not_approved(casa):
    tramite = crear_tramite(casa, "enviado")
    leida = huella_abierta(tramite)
    llevar(tramite, "recoger", por=casa.suit, aprueba=casa.suit)
    escribir(tramite, por=casa.suit, resultado="Otro certificado")
    dar_paso("enviar", tramite, por=casa.suit)

    with pytest.raises(CondicionIncumplida, match="no es la misma"):
        dar_paso("remitir", tramite, por=casa.jefe, huella=leida)


@pytest.mark.parametrize(
    "numero", [None, "", "   ", "12a", "0123", "-5", "1.234", "12345678901", "١٢٣", "1\n2", "0"]
)
def test_a_number_the_suit_cannot_have_given_is_refused(casa, numero):
    tramite = crear_tramite(casa, "en_evaluacion")

    with pytest.raises(CondicionIncumplida, match="solo con cifras"):
        dar_paso("inscribir", tramite, por=casa.suit, numero_suit=numero)

    assert Tramite.objects.get(pk=tramite.pk).numero_suit is None


def test_the_number_of_another_tramite_is_refused_saying_whose(casa):
    otro = crear_tramite(casa, "inscrito")
    tramite = crear_tramite(casa, "en_evaluacion")

    with pytest.raises(CondicionIncumplida, match=f"ya lo tiene «{otro}» \\({otro.codigo}\\)"):
        dar_paso("inscribir", tramite, por=casa.suit, numero_suit=f" {otro.numero_suit} ")


class TestTheNumberIsForGood:
    def test_a_change_is_inscribed_without_typing_it_again(self, casa):
        tramite = crear_situacion(casa, "inscrito", ["actualizar", "alargar", "enviar", "remitir"])

        despues = dar_paso("inscribir", tramite, por=casa.suit)

        assert (despues.estado, despues.numero_suit) == ("inscrito", tramite.numero_suit)
        assert despues.inscrito_en == tramite.inscrito_en

    def test_a_slip_of_the_finger_does_not_change_it(self, casa):
        tramite = crear_situacion(casa, "inscrito", ["actualizar", "alargar", "enviar", "remitir"])

        with pytest.raises(
            CondicionIncumplida, match=f"ya está inscrito con el número {tramite.numero_suit}"
        ):
            dar_paso("inscribir", tramite, por=casa.suit, numero_suit="987654")


# --- Two pairs of eyes --------------------------------------------------------------------------
class TestTwoPairsOfEyes:
    def test_who_sent_it_does_not_approve_it_even_with_the_post_for_it(self, casa):
        tramite = crear_tramite(casa, "enviado", por=casa.secretaria, aprueba=casa.jefe)

        with pytest.raises(SinPermiso, match="otra persona"):
            dar_paso("remitir", tramite, por=casa.secretaria, huella=huella_abierta(tramite))

    def test_who_edited_it_last_does_not_approve_what_another_sent(self, casa):
        tramite = crear_tramite(casa, "en_correccion")
        escribir(tramite, por=casa.jefe, resultado="Lo arregló el jefe")
        dar_paso("enviar", tramite, por=casa.suit)

        with pytest.raises(SinPermiso, match="otra persona"):
            dar_paso("remitir", tramite, por=casa.jefe, huella=huella_abierta(tramite))

        assert dar_paso("remitir", tramite, por=casa.alcalde, huella=huella_abierta(tramite))

    def test_who_sent_what_another_wrote_does_not_approve_it(self, casa):
        tramite = crear_tramite(casa, "en_correccion", por=casa.suit)
        dar_paso("enviar", tramite, por=casa.jefe)
        assert tramite.hoja_abierta().editada_por == casa.suit

        with pytest.raises(SinPermiso, match="otra persona"):
            dar_paso("remitir", tramite, por=casa.jefe, huella=huella_abierta(tramite))

    def test_two_posts_of_one_person_are_one_pair_of_eyes(self, casa):
        crear_titularidad(casa.suit, casa.cargo_alcalde, calidad="encargado")
        tramite = crear_tramite(casa, "enviado")

        with pytest.raises(SinPermiso, match="otra persona"):
            dar_paso("remitir", tramite, por=casa.suit, huella=huella_abierta(tramite))

    @pytest.mark.parametrize(
        ("paso", "estado"), [("aprobar_cambio", "inscrito"), ("aprobar_consulta", "aprobado")]
    )
    def test_every_kind_of_approval_asks_for_them(self, casa, paso, estado):
        tramite = crear_tramite(casa, estado)
        dar_paso("actualizar", tramite, por=casa.jefe)
        escribir(tramite, por=casa.jefe, resultado="Otro")
        dar_paso("enviar", tramite, por=casa.jefe)

        with pytest.raises(SinPermiso, match="otra persona"):
            dar_paso(paso, tramite, por=casa.jefe, huella=huella_abierta(tramite))

    def test_an_untouched_copy_is_still_the_work_of_who_wrote_it(self, casa):
        tramite = crear_tramite(casa, "inscrito", por=casa.jefe)
        dar_paso("actualizar", tramite, por=casa.suit)
        dar_paso("enviar", tramite, por=casa.suit)

        with pytest.raises(SinPermiso, match="otra persona"):
            dar_paso("aprobar_cambio", tramite, por=casa.jefe, huella=huella_abierta(tramite))


# --- Sending ------------------------------------------------------------------------------------
class TestSending:
    def test_an_incomplete_hoja_is_not_sent_and_every_gap_is_named(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        llenar_hoja(casa, tramite, resultado="", grado="")

        with pytest.raises(CondicionIncumplida) as rechazo:
            dar_paso("enviar", tramite, por=casa.suit)

        assert str(rechazo.value) == "Falta decir qué se obtiene. Falta decir si se hace en línea."
        assert tramite.hoja_abierta().editable

    def test_it_says_who_by_which_post_and_when(self, casa):
        en = en_fecha("2026-03-02")
        tramite = crear_tramite(casa, "enviado", en=en)

        hoja = tramite.hoja_abierta()

        assert (hoja.enviada_por, hoja.enviada_como, hoja.enviada_en) == (casa.suit, casa.cargo_suit, en)

    def test_a_returned_hoja_stays_as_it_was_and_its_correction_is_another(self, casa):
        tramite = crear_tramite(casa, "enviado", hoja={"acto_soporte": "Acuerdo 3 de 2026"})

        llevar(tramite, "devolver", por=casa.suit, aprueba=casa.secretaria)
        escribir(tramite, por=casa.suit, resultado="Corregido")

        assert [(h.numero, h.estado, h.resultado) for h in tramite.hojas.order_by("numero")] == [
            (1, "devuelta", "Certificado de estratificación"),
            (2, "borrador", "Corregido"),
        ]

    @pytest.mark.parametrize("paso", ["devolver", "recoger"])
    def test_what_supports_a_change_is_not_lost_when_it_comes_back(self, casa, paso):
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        soporte = {
            "acto_soporte": "Acuerdo 012 de 2026",
            "acto_soporte_archivo": "adjuntos/acuerdo.pdf",
            "acto_soporte_sha256": "a" * 64,
            "nota_de_cambio": "Ahora tarda 30 días.",
        }
        escribir(tramite, por=casa.suit, tiempo_cantidad=30, **soporte)
        dar_paso("enviar", tramite, por=casa.suit)

        llevar(tramite, paso, por=casa.suit, aprueba=casa.secretaria if paso == "devolver" else casa.suit)

        abierta = tramite.hoja_abierta()
        assert {campo: getattr(abierta, campo) for campo in soporte} == soporte

    def test_what_supports_a_change_does_not_support_the_next(self, casa):
        tramite = crear_tramite(
            casa, "inscrito", hoja={"acto_soporte": "Acuerdo 1", "nota_de_cambio": "Nuevo"}
        )

        dar_paso("actualizar", tramite, por=casa.suit)

        abierta = tramite.hoja_abierta()
        assert (abierta.acto_soporte, abierta.nota_de_cambio) == ("", "")


# --- Publishing and taking away -----------------------------------------------------------------
def actualizaciones():
    return [
        (fila.clase, fila.canal.slug, fila.dependencia.nombre, fila.descripcion, fila.url, fila.por)
        for fila in Actualizacion.objects.order_by("pk")
    ]


class TestPublishing:
    def test_one_update_of_each_kind_with_its_channel_office_and_address(self, casa):
        tramite = crear_tramite(casa, "inscrito", nombre="Certificado de estrato")
        url = tramite.get_absolute_url()
        donde = ("tramites", "Planeación", "Certificado de estrato", url)

        llevar(tramite, "publicar", "actualizar", por=casa.suit, aprueba=casa.jefe)
        escribir(tramite, por=casa.suit, resultado="Otro")
        llevar(tramite, "enviar", "aprobar_cambio", "publicar", "retirar", por=casa.suit, aprueba=casa.jefe)

        assert actualizaciones() == [
            ("publicacion", *donde, casa.suit),
            ("modificacion", *donde, casa.suit),
            ("retiro", *donde, casa.jefe),
        ]

    def test_suppressing_what_is_public_counts_one_withdrawal(self, casa):
        crear_tramite(casa, "suprimido", publicado=True)

        assert [fila[0] for fila in actualizaciones()] == ["publicacion", "retiro"]

    def test_suppressing_what_nobody_read_counts_nothing(self, casa):
        crear_tramite(casa, "suprimido")

        assert actualizaciones() == []

    def test_only_what_the_public_sees_makes_cached_pages_old(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        antes = Edicion.actual()
        llevar(tramite, "actualizar", por=casa.suit, aprueba=casa.jefe)
        escribir(tramite, por=casa.suit, resultado="Otro")
        llevar(tramite, "enviar", "aprobar_cambio", por=casa.suit, aprueba=casa.jefe)
        assert Edicion.actual() == antes

        for veces, paso in enumerate(["publicar", "retirar", "suprimir"], 1):
            llevar(tramite, paso, por=casa.suit, aprueba=casa.jefe)
            assert Edicion.actual() == antes + min(veces, 2)

    def test_the_page_knows_that_it_is_now_in_the_suit(self, casa):
        tramite = crear_tramite(casa, "en_evaluacion", publicado=True)
        antes = Edicion.actual()

        llevar(tramite, "inscribir", por=casa.suit, aprueba=casa.suit)

        assert Edicion.actual() == antes + 1

    def test_it_is_found_while_it_is_public(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        entradas = EntradaDeBusqueda.objects.filter(clase="tramite", objeto=tramite.pk)
        assert not entradas.exists()

        llevar(tramite, "publicar", por=casa.suit, aprueba=casa.jefe)
        entrada = entradas.get()
        assert (entrada.url, entrada.dependencia) == (tramite.get_absolute_url(), casa.planeacion)
        assert (entrada.titulo, entrada.fecha) == (tramite.nombre, Tramite.objects.get().publicado_en)

        llevar(tramite, "retirar", por=casa.suit, aprueba=casa.jefe)
        assert not entradas.exists()

    def test_it_is_not_found_once_suppressed(self, casa):
        tramite = crear_tramite(casa, "suprimido", publicado=True)

        assert not EntradaDeBusqueda.objects.filter(objeto=tramite.pk).exists()

    def test_the_public_keeps_reading_the_last_published_hoja(self, casa):
        tramite = crear_tramite(casa, "inscrito", publicado=True)
        publica = HojaDeVida.objects.enteras().get(pk=tramite.hoja_publica_id)
        leido = publica.contenido()

        dar_paso("actualizar", tramite, por=casa.suit)
        escribir(
            tramite, por=casa.suit, nombre="Otro nombre", dependencia=casa.hacienda, acto_soporte="Acuerdo"
        )
        dar_paso("enviar", tramite, por=casa.suit)
        for siguiente in (None, "remitir"):
            if siguiente:
                llevar(tramite, siguiente, por=casa.suit, aprueba=casa.alcalde)
            ahora = Tramite.objects.get()
            assert ahora.hoja_publica_id == publica.pk
            assert HojaDeVida.objects.enteras().get(pk=publica.pk).contenido() == leido
            assert (ahora.nombre, ahora.dependencia) == (tramite.nombre, casa.planeacion)

    @pytest.mark.parametrize("parte", ["hojadevida", "accion", "momento", "fundamento"])
    def test_what_somebody_changed_behind_the_database_is_not_published(self, casa, parte):
        tramite = crear_tramite(casa, "inscrito")
        columna = {"hojadevida": "resultado", "fundamento": "numero"}.get(parte, "descripcion")
        with sin_disparadores() as cursor:
            cursor.execute(f"UPDATE tramites_{parte} SET {columna} = 'x'")

        with pytest.raises(CondicionIncumplida, match="no coincide con la que se aprobó"):
            dar_paso("publicar", tramite, por=casa.suit)

        assert actualizaciones() == []

    def test_nothing_is_published_in_a_closed_channel(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        Canal.objects.filter(pk=casa.canal_tramites.pk).update(activo=False)

        with pytest.raises(CondicionIncumplida, match="cerrado"):
            dar_paso("publicar", tramite, por=casa.jefe)

    def test_publishing_gives_its_name_and_office_to_the_tramite(self, casa):
        tramite = crear_situacion(casa, "inscrito", ["publicar", "actualizar"])
        escribir(
            tramite, por=casa.suit, nombre="Nombre nuevo", dependencia=casa.hacienda, acto_soporte="Acuerdo"
        )
        llevar(tramite, "enviar", "remitir", por=casa.suit, aprueba=casa.alcalde)
        assert Tramite.objects.get().dependencia == casa.planeacion

        inscrito = llevar(tramite, "inscribir", por=casa.suit, aprueba=casa.alcalde)
        assert (inscrito.nombre, inscrito.dependencia) == (tramite.nombre, casa.hacienda)

        publicado = llevar(tramite, "publicar", por=casa.suit, aprueba=casa.alcalde)
        assert publicado.nombre == "Nombre nuevo"
        assert actualizaciones()[-1][2:4] == ("Hacienda", "Nombre nuevo")

    def test_renaming_what_a_hoja_points_to_does_not_keep_it_from_being_published(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        for fila in (casa.planeacion, casa.punto, casa.tematica, casa.ciudadano, casa.organizaciones):
            fila.nombre, fila.slug = f"{fila.nombre} (antes así)", f"otra-{fila.pk}"
            fila.save()

        assert llevar(tramite, "publicar", por=casa.suit, aprueba=casa.jefe).hoja_publica

    def test_what_was_withdrawn_comes_back_only_by_who_could_withdraw_it(self, casa):
        tramite = crear_situacion(casa, "inscrito", ["publicar", "retirar"])

        with pytest.raises(SinPermiso):
            dar_paso("publicar", tramite, por=casa.suit)

        dar_paso("publicar", tramite, por=casa.jefe)
        assert [fila[0] for fila in actualizaciones()] == ["publicacion", "retiro", "publicacion"]

    def test_after_a_withdrawal_its_correction_is_published_as_always(self, casa):
        tramite = crear_situacion(casa, "inscrito", ["publicar", "retirar", "actualizar"])
        escribir(tramite, por=casa.suit, resultado="Corregido")

        llevar(tramite, "enviar", "aprobar_cambio", "publicar", por=casa.suit, aprueba=casa.jefe)

        assert Tramite.objects.get().hoja_publica.resultado == "Corregido"

    def test_twice_the_same_is_refused(self, casa):
        tramite = crear_tramite(casa, "inscrito", publicado=True)

        with pytest.raises(EstadoInadecuado):
            dar_paso("publicar", tramite, por=casa.suit)

        assert len(actualizaciones()) == 1


# --- What the DAFP says -------------------------------------------------------------------------
class TestDenied:
    def test_what_was_denied_leaves_the_site_where_it_had_been_put_before(self, casa):
        tramite = crear_tramite(casa, "en_evaluacion", publicado=True)

        negado = dar_paso("negar", tramite, por=casa.suit, motivo="No hay norma que lo cree.")

        assert (negado.estado, negado.hoja_publica, negado.publicado_en) == ("negado", None, None)
        assert [fila[0] for fila in actualizaciones()] == ["publicacion", "retiro"]
        assert not EntradaDeBusqueda.objects.filter(objeto=tramite.pk).exists()
        assert tramite.hojas.get().estado == "negada"

    def test_its_correction_starts_from_it_and_only_the_correction_can_be_published(self, casa):
        tramite = crear_tramite(casa, "negado", hoja={"acto_soporte": "Acuerdo 3"})
        llevar(tramite, "corregir", por=casa.suit, aprueba=casa.jefe)
        assert tramite.hoja_abierta().acto_soporte == "Acuerdo 3"
        escribir(tramite, por=casa.suit, resultado="Corregido")

        with pytest.raises(EstadoInadecuado):
            dar_paso("publicar", tramite, por=casa.suit)
        llevar(tramite, "enviar", "remitir", "publicar", por=casa.suit, aprueba=casa.jefe)

        assert Tramite.objects.get().hoja_publica.resultado == "Corregido"

    def test_a_denied_change_leaves_the_inscribed_text_and_the_next_edit_starts_from_it(self, casa):
        tramite = crear_situacion(casa, "inscrito", ["publicar", "actualizar"])
        inscrita = tramite.hoja_inscrita()
        escribir(tramite, por=casa.suit, tiempo_cantidad=30, acto_soporte="Acuerdo 12")
        llevar(tramite, "enviar", "remitir", "negar_cambio", por=casa.suit, aprueba=casa.jefe)

        ahora = Tramite.objects.get()
        assert (ahora.hoja_inscrita(), ahora.hoja_vigente(), ahora.hoja_publica) == (inscrita,) * 3

        dar_paso("actualizar", ahora, por=casa.suit)
        assert (ahora.hoja_abierta().tiempo_cantidad, ahora.hoja_abierta().acto_soporte) == (5, "")

    def test_a_denied_change_is_never_inscribed_by_the_next_one(self, casa):
        tramite = crear_situacion(
            casa, "inscrito", ["actualizar", "alargar", "enviar", "remitir", "negar_cambio", "actualizar"]
        )
        escribir(tramite, por=casa.suit, resultado="Mejor escrito")

        llevar(tramite, "enviar", "aprobar_cambio", "publicar", por=casa.suit, aprueba=casa.jefe)

        publica = Tramite.objects.get().hoja_publica
        assert (publica.tiempo_cantidad, publica.resultado) == (5, "Mejor escrito")
        assert list(tramite.hojas.filter(estado="negada").values_list("inscrita_en", flat=True)) == [None]

    def test_what_the_dafp_returned_stays_before_the_public_until_it_is_denied(self, casa):
        """Nor does any older text of what was denied come back."""
        tramite = crear_tramite(casa, "en_evaluacion", publicado=True)
        llevar(tramite, "devolver", por=casa.suit, aprueba=casa.suit)
        assert Tramite.objects.get().hoja_publica.numero == 1
        llevar(tramite, "enviar", "remitir", "publicar", por=casa.suit, aprueba=casa.jefe)
        assert Tramite.objects.get().hoja_publica.numero == 2

        llevar(tramite, "negar", "corregir", por=casa.suit, aprueba=casa.jefe)

        assert list(tramite.hojas.order_by("numero").values_list("estado", flat=True)) == [
            *("negada", "negada", "borrador")
        ]
        assert tramite.hoja_vigente() is None

    def test_what_the_dafp_returned_is_not_published(self, casa):
        tramite = crear_tramite(casa, "en_evaluacion")

        llevar(tramite, "devolver", por=casa.suit, aprueba=casa.suit)

        assert (tramite.hoja_vigente(), tramite.hojas.get(numero=1).estado) == (None, "devuelta")


class TestStructural:
    def test_sending_it_asks_for_the_act_and_says_what_changes(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        escribir(tramite, por=casa.suit, tiempo_cantidad=30)

        with pytest.raises(CondicionIncumplida) as rechazo:
            dar_paso("enviar", tramite, por=casa.suit)

        assert "escriba el acto que la soporta" in str(rechazo.value)
        assert "Aumenta el tiempo de respuesta: de 5 días hábiles a 30 días hábiles." in str(rechazo.value)

    def test_approved_it_waits_for_the_dafp_and_then_is_published(self, casa):
        tramite = crear_situacion(
            casa, "inscrito", ["publicar", "actualizar", "alargar", "enviar", "remitir"]
        )
        assert "de 5 días hábiles a 30" in tramite.hojas.get(numero=2).estructurales[0]

        with pytest.raises(EstadoInadecuado):
            dar_paso("publicar", tramite, por=casa.suit)
        dar_paso("inscribir", tramite, por=casa.suit)
        dar_paso("publicar", tramite, por=casa.suit)

        assert Tramite.objects.get().hoja_publica.tiempo_cantidad == 30

    def test_returned_and_without_the_structural_part_it_is_a_plain_change(self, casa):
        tramite = crear_situacion(
            casa, "inscrito", ["actualizar", "alargar", "enviar", "remitir", "devolver"]
        )
        escribir(tramite, por=casa.suit, tiempo_cantidad=5)

        tramite = llevar(tramite, "enviar", "aprobar_cambio", por=casa.suit, aprueba=casa.jefe)

        assert tramite.hoja_vigente() == tramite.hoja_inscrita()
        assert tramite.hoja_vigente().numero == 3

    def test_a_first_registration_and_a_consulta_have_nothing_to_compare_with(self, casa):
        tramite = crear_situacion(casa, "aprobado", ["actualizar"])
        escribir(tramite, por=casa.suit, tiempo_cantidad=30)

        dar_paso("enviar", tramite, por=casa.suit)

        assert tramite.hoja_abierta().estructurales == []


@pytest.mark.parametrize("en_suit", [False, True])
@pytest.mark.parametrize("tipo", ["tramite", "opa", "consulta"])
@pytest.mark.parametrize("antes", ["primera vez", "cambio simple", "cambio estructural"])
def test_there_is_always_exactly_one_way_to_approve(casa, settings, antes, tipo, en_suit):
    settings.TRAMITES_CONSULTAS_EN_SUIT = en_suit
    estado = "enviado" if antes == "primera vez" else "inscrito"
    if estado == "inscrito" and tipo == "consulta" and not en_suit:
        estado = "aprobado"
    tramite = crear_tramite(casa, estado, tipo=tipo)
    if antes != "primera vez":
        dar_paso("actualizar", tramite, por=casa.suit)
        if antes == "cambio estructural":
            escribir(tramite, por=casa.suit, tiempo_cantidad=30, acto_soporte="Acuerdo")
        tramite = dar_paso("enviar", tramite, por=casa.suit)

    maneras = {paso.nombre for paso in FLUJO.posibles(tramite, casa.alcalde)} - {"devolver", "publicar"}

    assert len(maneras - {"suprimir"}) == 1
    aprobado = llevar(tramite, *maneras - {"suprimir"}, por=casa.suit, aprueba=casa.alcalde)
    assert aprobado.hojas.order_by("-numero").first().estado == "aprobada"


class TestSuppressed:
    @pytest.mark.parametrize("estado", [e for e in Tramite.Estado.values if e != "suprimido"])
    def test_from_anywhere_it_leaves_the_inventory_and_keeps_its_history(self, casa, estado):
        tramite = crear_tramite(casa, estado)
        hojas = tramite.hojas.count()

        suprimido = dar_paso("suprimir", tramite, por=casa.jefe, motivo="Se derogó la norma.")

        assert (suprimido.estado, suprimido.hoja_abierta()) == ("suprimido", None)
        assert suprimido.suprimido_en and not Tramite.objects.identificados().exists()
        assert suprimido.hojas.count() == hojas
        assert suprimido.pasos.last().motivo == "Se derogó la norma."

    def test_its_number_is_never_given_to_another(self, casa):
        suprimido = crear_tramite(casa, "suprimido")
        tramite = crear_tramite(casa, "en_evaluacion")

        with pytest.raises(CondicionIncumplida, match="ya lo tiene"):
            dar_paso("inscribir", tramite, por=casa.suit, numero_suit=suprimido.numero_suit)


# --- What stays written -------------------------------------------------------------------------
def test_each_step_says_who_when_why_from_where_and_of_what(casa):
    en = en_fecha("2026-03-02")
    tramite = crear_tramite(casa, "enviado", en=en)
    enviada = HojaDeVida.objects.enteras().get(tramite=tramite)

    dar_paso("devolver", tramite, por=casa.jefe, en=en, motivo="  Falta la norma. ")

    pasos = list(tramite.pasos.all())
    assert [(p.accion, p.de, p.a) for p in pasos] == [
        ("identificar", "", "sin_gestion"),
        ("empezar", "sin_gestion", "en_creacion"),
        ("enviar", "en_creacion", "enviado"),
        ("devolver", "enviado", "en_correccion"),
    ]
    assert (pasos[2].hoja, pasos[2].huella, pasos[2].por) == (enviada, enviada.huella(), casa.suit)
    assert (pasos[3].por, pasos[3].en, pasos[3].motivo) == (casa.jefe, en, "Falta la norma.")
    assert {paso.dependencia for paso in pasos} == {casa.planeacion}


def test_the_step_of_publishing_names_the_hoja_published_not_the_one_being_written(casa):
    tramite = crear_situacion(casa, "inscrito", ["actualizar"])
    escribir(tramite, por=casa.suit, resultado="Todavía en borrador")
    aprobada = HojaDeVida.objects.enteras().get(tramite=tramite, numero=1)

    dar_paso("publicar", tramite, por=casa.suit)
    dar_paso("retirar", tramite, por=casa.jefe, motivo="Hay un error.")

    for paso, publica in zip(tramite.pasos.order_by("-pk")[:2], [None, aprobada], strict=True):
        assert (paso.hoja, paso.huella, paso.publica) == (aprobada, aprobada.huella_aprobada, publica)


def test_a_step_that_fails_halfway_leaves_nothing_done(casa):
    tramite = crear_tramite(casa, "en_evaluacion")
    antes = (PasoDeTramite.objects.count(), Actualizacion.objects.count(), Edicion.actual())
    EntradaDeBusqueda.objects.all().delete()
    with connection.cursor() as cursor:  # the last thing that publishing writes
        cursor.execute("ALTER TABLE portal_entradadebusqueda ADD CONSTRAINT lleno CHECK (id < 0)")

    with pytest.raises(IntegrityError, match="lleno"), transaction.atomic():
        dar_paso("publicar", tramite, por=casa.jefe)

    assert (PasoDeTramite.objects.count(), Actualizacion.objects.count(), Edicion.actual()) == antes
    assert Tramite.objects.get().hoja_publica is None


def test_rights_are_asked_at_the_moment_of_the_step(casa):
    tramite = crear_tramite(casa, "inscrito")
    titularidad = casa.suit.titularidades.get()
    titularidad.hasta = timezone.localdate()
    titularidad.save()

    with pytest.raises(SinPermiso):
        dar_paso("actualizar", tramite, por=casa.suit, en=timezone.now() + timedelta(days=1))

    assert dar_paso("actualizar", tramite, por=casa.suit).estado == "en_actualizacion"
