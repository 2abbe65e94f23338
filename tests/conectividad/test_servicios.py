"""What people say of a cut: once, with who and when, and never over a closed month."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from conectividad import services
from conectividad.mes import Mes, contar
from conectividad.models import Accion, CierreMensual, Incidente
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.huella import huella_de
from portal.models import Edicion
from tests.conectividad.builders import (
    MINUTO,
    crear_accion,
    crear_casa_de_conectividad,
    crear_cierre,
    crear_enlace,
    crear_incidente,
    momento,
)
from tests.portal.test_concurrencia import a_la_vez

OCTUBRE = Mes(2026, 10)


def rechazo(hacer, *args, **kwargs) -> dict[str, list[str]]:
    """What a service refused, by field."""
    with pytest.raises(ValidationError) as error:
        hacer(*args, **kwargs)
    return error.value.message_dict


# --- Logging ------------------------------------------------------------------------------------
def test_a_cut_is_logged_to_the_minute_with_both_times(casa):
    anotado, recibido = momento("2026-11-03 09:05:40"), momento("2026-11-03 12:00:07")

    incidente = crear_incidente(
        casa,
        "2026-11-03 09:00:59",
        "2026-11-03 10:30:30",
        dependencias=[casa.general, casa.planeacion],
        ticket="T-1",
        anotado_en=anotado,
        en=recibido,
    )

    incidente.refresh_from_db()
    assert (incidente.inicio, incidente.fin) == (momento("2026-11-03 09:00"), momento("2026-11-03 10:30"))
    assert (incidente.anotado_en, incidente.registrado_en) == (anotado, recibido)
    assert set(incidente.dependencias.all()) == {casa.general, casa.planeacion}
    assert (incidente.registrado_por, incidente.origen) == (casa.secretaria, "persona")
    assert incidente.history.first().history_user == casa.secretaria


def test_the_same_key_twice_is_the_same_cut_unchanged(casa):
    clave = uuid4()
    primero = crear_incidente(casa, "2026-11-03 09:00", clave=clave)
    antes = Edicion.actual()

    segundo = crear_incidente(casa, "2026-11-03 09:30", "2026-11-03 10:00", clave=clave, ticket="otro")

    assert segundo == primero
    assert (segundo.inicio, segundo.fin, segundo.ticket) == (primero.inicio, None, "")
    assert Incidente.objects.count() == 1
    assert Edicion.actual() == antes


@pytest.mark.parametrize(
    "campos, campo",
    [
        ({"fin": momento("2026-11-03 08:00")}, "fin"),
        ({"fin": momento("2026-11-03 09:00:50")}, "fin"),
        ({"fin": momento("2026-11-03 10:03")}, "fin"),
        ({"inicio": momento("2026-11-03 10:03")}, "inicio"),
        ({"inicio": momento("1999-12-31 23:59")}, "inicio"),
        ({"alcance": "parcial", "peso": 100}, "peso"),
        ({"alcance": "parcial", "peso": 0}, "peso"),
        ({"alcance": "total", "peso": 50}, "peso"),
        ({"alcance": "regular"}, "alcance"),
        ({"causa": "duendes"}, "causa"),
        ({"descripcion": "x" * 1001}, "descripcion"),
        ({"ticket": "x" * 61}, "ticket"),
    ],
)
def test_what_cannot_have_been_is_refused_beside_its_field(casa, campos, campo):
    en = momento("2026-11-03 10:00")
    datos = {"inicio": momento("2026-11-03 09:00"), "alcance": "total", "peso": 100, "causa": "proveedor"}
    textos = {"ticket": "", "descripcion": "", "reportado_por": ""}
    quien = {"por": casa.secretaria, "anotado_en": en, "en": en, "clave": uuid4(), "enlace": casa.enlace}

    errores = rechazo(
        services.registrar, **{**quien, **datos, **textos, "planeado": False, "dependencias": []} | campos
    )

    assert list(errores) == [campo]
    assert not Incidente.objects.exists()


def test_the_clock_of_a_phone_may_be_two_minutes_ahead(casa):
    incidente = crear_incidente(casa, "2026-11-03 10:02", en=momento("2026-11-03 10:00"))

    assert incidente.inicio == momento("2026-11-03 10:02")


def test_a_line_has_one_open_cut_at_a_time(casa):
    crear_incidente(casa, "2026-11-03 09:00")

    errores = rechazo(crear_incidente, casa, "2026-11-03 09:30")

    assert "ya tiene un corte abierto" in str(errores)
    assert crear_incidente(casa, "2026-11-03 09:30", enlace=crear_enlace()).abierto


def test_cuts_may_overlap_once_they_ended(casa):
    crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 11:00")

    assert crear_incidente(casa, "2026-11-03 10:00", "2026-11-03 12:00").pk


# --- Ending -------------------------------------------------------------------------------------
def test_anybody_who_logs_may_say_that_it_is_back(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00")

    services.terminar(incidente, fin=momento("2026-11-03 09:45:30"), por=casa.jefe)

    incidente.refresh_from_db()
    assert incidente.fin == momento("2026-11-03 09:45")
    assert incidente.history.first().history_user == casa.jefe


def test_it_is_back_once(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")

    with pytest.raises(EstadoInadecuado, match="Ya se había dicho que volvió"):
        services.terminar(incidente, fin=momento("2026-11-03 11:00"), por=casa.secretaria)


@pytest.mark.parametrize("fin", ["2026-11-03 09:00", "2026-11-03 08:00", "2026-11-03 10:03"])
def test_it_is_back_after_it_fell_and_not_in_the_future(casa, fin):
    incidente = crear_incidente(casa, "2026-11-03 09:00")
    en = momento("2026-11-03 10:00")

    assert list(rechazo(services.terminar, incidente, fin=momento(fin), por=casa.secretaria, en=en)) == [
        "fin"
    ]


# --- Correcting ---------------------------------------------------------------------------------
def test_a_correction_keeps_what_was_said_who_and_why(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00", dependencias=[casa.general])
    filas = incidente.history.count()
    en = momento("2026-11-04 08:00")

    services.corregir(
        incidente,
        cambios={
            "fin": momento("2026-11-03 09:40:20"),
            "causa": "energia",
            "dependencias": [casa.planeacion],
        },
        razon="  El vigilante dijo que volvió antes. ",
        por=casa.secretaria,
        en=en,
    )

    incidente.refresh_from_db()
    assert (incidente.fin, incidente.causa) == (momento("2026-11-03 09:40"), "energia")
    assert list(incidente.dependencias.all()) == [casa.planeacion]
    assert incidente.history.count() == filas + 1
    ultima, anterior = incidente.history.all()[:2]
    assert ultima.history_change_reason == "El vigilante dijo que volvió antes."
    assert (ultima.history_user, ultima.history_date) == (casa.secretaria, en)
    assert [fila.dependencia for fila in ultima.dependencias.all()] == [casa.planeacion]
    assert (anterior.fin, anterior.causa) == (momento("2026-11-03 10:00"), "proveedor")


@pytest.mark.parametrize(
    "cambios, razon, dice",
    [
        ({"ticket": "T-2"}, "   ", "Escriba por qué se corrige"),
        ({}, "Nada.", "No cambió nada"),
        ({"ticket": ""}, "Nada.", "No cambió nada"),
        ({"fin": momento("2026-11-03 10:00:30")}, "Nada.", "No cambió nada"),
        ({"dependencias": []}, "Nada.", "No cambió nada"),
    ],
)
def test_a_correction_says_something_and_why(casa, cambios, razon, dice):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")

    with pytest.raises(CondicionIncumplida, match=dice):
        services.corregir(incidente, cambios=cambios, razon=razon, por=casa.secretaria)


def test_a_correction_is_as_possible_as_a_cut(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")
    por = {"razon": "Otra hora.", "por": casa.secretaria, "en": momento("2026-11-03 12:00")}

    assert list(
        rechazo(services.corregir, incidente, cambios={"fin": momento("2026-11-03 08:00")}, **por)
    ) == ["fin"]
    assert list(rechazo(services.corregir, incidente, cambios={"alcance": "parcial"}, **por)) == ["peso"]
    assert "razon" in rechazo(
        services.corregir, incidente, cambios={"ticket": "T"}, **por | {"razon": "x" * 101}
    )
    incidente.refresh_from_db()
    assert (incidente.fin, incidente.alcance) == (momento("2026-11-03 10:00"), "total")


@pytest.mark.parametrize("campo", ["clave", "origen", "registrado_por", "anotado_en", "anulado_en"])
def test_what_the_system_wrote_is_not_corrected(casa, campo):
    incidente = crear_incidente(casa, "2026-11-03 09:00")

    with pytest.raises(ValueError, match=campo):
        services.corregir(incidente, cambios={campo: None}, razon="x", por=casa.secretaria)


def test_a_cut_that_ended_may_be_opened_again_by_a_correction(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00")

    services.corregir(incidente, cambios={"fin": None}, razon="No había vuelto.", por=casa.secretaria)

    assert Incidente.objects.get().abierto


# --- Annulling ----------------------------------------------------------------------------------
def test_an_annulled_cut_stays_with_its_reason_and_is_touched_no_more(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00")

    services.anular(incidente, razon="Se anotó dos veces.", por=casa.secretaria)

    incidente.refresh_from_db()
    assert (incidente.anulado_por, incidente.anulado_razon) == (casa.secretaria, "Se anotó dos veces.")
    assert not incidente.abierto
    por = {"por": casa.secretaria}
    for hacer, datos in (
        (services.anular, {"razon": "Otra vez."}),
        (services.terminar, {"fin": momento("2026-11-03 10:00")}),
        (services.corregir, {"cambios": {"ticket": "T"}, "razon": "x"}),
        (services.agregar_accion, {"texto": "x", "quien": "", "cuando": incidente.inicio}),
    ):
        with pytest.raises(EstadoInadecuado, match="anulado"):
            hacer(incidente, **datos, **por)


def test_annulling_asks_for_a_reason_that_fits(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00")

    with pytest.raises(CondicionIncumplida, match="por qué se anula"):
        services.anular(incidente, razon=" ", por=casa.secretaria)
    assert "razon" in rechazo(services.anular, incidente, razon="x" * 301, por=casa.secretaria)


# --- Actions ------------------------------------------------------------------------------------
def test_an_action_says_what_who_and_when(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00")

    accion = services.agregar_accion(
        incidente,
        texto=" Se llamó. ",
        quien="El celador",
        cuando=momento("2026-11-03 09:10:50"),
        por=casa.jefe,
    )

    assert (accion.texto, accion.quien, accion.por) == ("Se llamó.", "El celador", casa.jefe)
    assert accion.en == momento("2026-11-03 09:10")


def test_the_same_action_sent_twice_is_one(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00")

    primera, segunda = crear_accion(casa, incidente), crear_accion(casa, incidente)

    assert primera == segunda
    assert Accion.objects.count() == 1


@pytest.mark.parametrize(
    "campos, campo",
    [
        ({"texto": "  "}, "texto"),
        ({"texto": "x" * 501}, "texto"),
        ({"quien": "x" * 151}, "quien"),
        ({"cuando": timezone.now() + timedelta(minutes=5)}, "cuando"),
    ],
)
def test_an_action_without_sense_is_refused(casa, campos, campo):
    incidente = crear_incidente(casa, "2026-11-03 09:00", en=timezone.now())

    assert list(rechazo(crear_accion, casa, incidente, **campos)) == [campo]


# --- Closing ------------------------------------------------------------------------------------
def test_a_closing_freezes_the_figures_with_who_signs(casa):
    crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00")

    cierre = crear_cierre(casa, "2026-10", observaciones=" Lluvias. ")

    assert cierre.datos == contar(casa.enlace, OCTUBRE, OCTUBRE.fin).como_datos()
    assert cierre.datos["minutos_sin_conexion"] == 60
    assert (cierre.observaciones, cierre.firmado_por) == ("Lluvias.", casa.secretaria)
    assert cierre.firma == f"{casa.secretaria}, Secretario General"
    guardado = CierreMensual.objects.get()
    assert guardado.integro and guardado.huella == huella_de(guardado.datos)
    guardado.datos["minutos_sin_conexion"] = 0
    assert not guardado.integro


def test_a_month_is_closed_once_and_only_when_it_ended(casa):
    with pytest.raises(CondicionIncumplida, match="Octubre de 2026 todavía no termina"):
        crear_cierre(casa, "2026-10", en=OCTUBRE.fin - MINUTO)
    crear_cierre(casa, "2026-10")

    with pytest.raises(EstadoInadecuado, match="Octubre de 2026 ya se había cerrado"):
        crear_cierre(casa, "2026-10")


def test_a_closing_that_says_the_same_has_no_changes(casa):
    crear_incidente(casa, "2026-10-06 09:00")
    cierre = crear_cierre(casa, "2026-10")

    assert services.cambio_desde_el_cierre(CierreMensual.objects.get(pk=cierre.pk)) == []


def test_what_was_corrected_after_the_closing_shows_beside_it(casa):
    incidente = crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00")
    cierre = crear_cierre(casa, "2026-10")
    services.corregir(
        incidente, cambios={"fin": momento("2026-10-06 09:30")}, razon="Volvió antes.", por=casa.secretaria
    )
    nuevo = crear_incidente(casa, "2026-10-07 09:00", "2026-10-07 09:10")

    cambios = {c.que: c for c in services.cambio_desde_el_cierre(CierreMensual.objects.get(pk=cierre.pk))}

    assert set(cambios) == {
        *("Minutos sin conexión", "Minutos perdidos", "Porcentaje del tiempo interrumpido"),
        *(f"Corte n.º {incidente.pk}", f"Corte n.º {nuevo.pk}"),
    }
    assert (cambios["Minutos sin conexión"].antes, cambios["Minutos sin conexión"].ahora) == (60, 40)
    assert cambios[f"Corte n.º {nuevo.pk}"].antes is None
    assert cambios[f"Corte n.º {incidente.pk}"].ahora["cuenta"] == 30


def test_a_closed_month_takes_no_cuts_but_from_the_head_of_secretaria_general(casa):
    abierto = crear_incidente(casa, "2026-10-30 17:00", por=casa.jefe)
    crear_cierre(casa, "2026-10")
    tarde = {"en": momento("2026-11-04 08:00")}

    assert "está cerrado" in str(
        rechazo(crear_incidente, casa, "2026-10-06 09:00", "2026-10-06 10:00", por=casa.jefe, **tarde)[
            "inicio"
        ]
    )
    assert "está cerrado" in str(
        rechazo(services.terminar, abierto, fin=momento("2026-10-31 10:00"), por=casa.jefe, **tarde)["fin"]
    )
    services.terminar(abierto, fin=momento("2026-11-03 10:00"), por=casa.jefe, **tarde)
    with pytest.raises(SinPermiso):
        services.corregir(abierto, cambios={"causa": "clima"}, razon="Fue un rayo.", por=casa.jefe)
    services.corregir(abierto, cambios={"causa": "clima"}, razon="Fue un rayo.", por=casa.secretaria)
    assert crear_incidente(casa, "2026-10-06 09:00", "2026-10-06 10:00", por=casa.secretaria, **tarde).pk


def test_nobody_corrects_a_cut_into_a_closed_month(casa):
    incidente = crear_incidente(casa, "2026-11-03 09:00", "2026-11-03 10:00", por=casa.jefe)
    crear_cierre(casa, "2026-10", en=momento("2026-11-04"))
    otra = {"cambios": {"inicio": momento("2026-10-31 09:00")}, "razon": "Empezó antes."}

    assert "está cerrado" in str(rechazo(services.corregir, incidente, por=casa.jefe, **otra)["inicio"])
    assert services.corregir(incidente, por=casa.secretaria, **otra).pk


def test_a_cut_that_ended_at_midnight_is_not_of_the_next_month(casa):
    incidente = crear_incidente(casa, "2026-10-31 20:00", "2026-11-01 00:00", por=casa.jefe)
    crear_cierre(casa, "2026-11", en=momento("2026-12-01"))

    assert (
        services.corregir(incidente, cambios={"ticket": "T"}, razon="Faltaba.", por=casa.jefe).ticket == "T"
    )


# --- What it moves ------------------------------------------------------------------------------
def test_every_change_makes_cached_pages_old(casa):
    def avanza(hacer, *args, **kwargs):
        antes = Edicion.actual()
        resultado = hacer(*args, **kwargs)
        assert Edicion.actual() > antes, hacer.__name__
        return resultado

    incidente = avanza(crear_incidente, casa, "2026-10-06 09:00")
    avanza(crear_accion, casa, incidente)
    incidente = avanza(services.terminar, incidente, fin=momento("2026-10-06 10:00"), por=casa.secretaria)
    avanza(services.corregir, incidente, cambios={"ticket": "T"}, razon="Faltaba.", por=casa.secretaria)
    avanza(crear_cierre, casa, "2026-10")
    avanza(services.anular, incidente, razon="No fue.", por=casa.secretaria)


# --- Many at once -------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_the_same_cut_sent_by_many_at_once_is_one():
    casa, clave = crear_casa_de_conectividad(), uuid4()

    resultados = a_la_vez(6, lambda i: crear_incidente(casa, "2026-11-03 09:00", clave=clave))

    assert {resultado.pk for resultado in resultados} == {Incidente.objects.get().pk}


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_open_cuts_of_a_line_at_once_are_one_and_a_reason():
    casa = crear_casa_de_conectividad()

    resultados = a_la_vez(4, lambda i: crear_incidente(casa, f"2026-11-03 09:0{i}"))

    assert sum(isinstance(resultado, Incidente) for resultado in resultados) == 1
    assert sum(isinstance(resultado, ValidationError) for resultado in resultados) == 3


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_a_month_closed_by_two_at_once_is_closed_once():
    casa = crear_casa_de_conectividad()

    resultados = a_la_vez(3, lambda i: crear_cierre(casa, "2026-10"))

    assert sum(isinstance(resultado, CierreMensual) for resultado in resultados) == 1
    assert sum(isinstance(resultado, EstadoInadecuado) for resultado in resultados) == 2
