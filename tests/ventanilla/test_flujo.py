"""The steps of a radicado, each with who may, from where, and what it leaves behind."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Correo
from tests.builders import en_fecha
from tests.ventanilla.builders import clase, escribir_respuesta, llevar, radicar
from ventanilla import terminos
from ventanilla.flujo import dar_paso
from ventanilla.models import Asiento, Radicado, Salida


def test_filing_gives_number_term_receipt_and_message(ventanilla):
    radicado = radicar(en=en_fecha("2026-07-01"))
    assert radicado.numero == "2026-000001-E"
    assert radicado.vence.isoformat() == "2026-07-24"
    assert radicado.estado == "radicado" and radicado.dependencia is None
    assert radicado.terminos.get().explicacion == (
        "15 días hábiles desde el 2 de julio; no se cuentan sábados, domingos ni estos días: "
        "13 y 20 de julio. Vence el viernes 24 de julio de 2026."
    )
    correo = Correo.objects.get(clave=f"acuse:{radicado.clave}")
    assert correo.para == "ana.rojas@ejemplo.co" and "2026-000001-E" in correo.texto


def test_the_same_key_is_the_same_radicado(ventanilla):
    primero = radicar()
    otra_vez = radicar(clave=primero.clave, asunto="Otro asunto")
    assert otra_vez.pk == primero.pk and otra_vez.asunto == primero.asunto
    assert Asiento.objects.count() == 1 and Correo.objects.count() == 1


def test_from_the_counter_to_the_answer(ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")
    assert radicado.estado == "respondido"
    salida = radicado.salidas.get()
    assert salida.texto == "Las luces se arreglan el lunes." and salida.numero.endswith("000002-S")
    assert [a.accion for a in radicado.actuaciones.all()] == [
        *("radicar", "asignar", "aceptar", "enviar_a_firma", "firmar"),
    ]
    assert Correo.objects.filter(clave=f"salida:{salida.clave}").exists()
    assert Asiento.saltos() == []


def test_a_denuncia_needs_two_people(ventanilla):
    radicado = llevar(ventanilla, radicar("denuncia"), "por_firmar")
    with pytest.raises(EstadoInadecuado):
        dar_paso("firmar", radicado, por=ventanilla.jefe)
    radicado = dar_paso("firmar_primero", radicado, por=ventanilla.jefe)
    with pytest.raises(SinPermiso, match="otra persona"):
        dar_paso("firmar", radicado, por=ventanilla.jefe)
    radicado = dar_paso("firmar", radicado, por=ventanilla.secretaria)
    salida = radicado.salidas.get()
    assert salida.segunda_firma and salida.segunda_firma != salida.firma


def test_asking_for_what_is_missing_stops_the_term_and_completing_goes_on_with_it(ventanilla):
    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "en_tramite", en=en_fecha("2026-03-03"))
    radicado = dar_paso(
        "requerir", radicado, por=ventanilla.jefe, falta="La dirección.", en=en_fecha("2026-03-06")
    )
    assert radicado.estado == "requiere_completar"
    assert radicado.completar_hasta.isoformat() == "2026-04-06"
    radicado = dar_paso("completar", radicado, por=None, de_la_persona=True, en=en_fecha("2026-03-16"))
    assert radicado.estado == "en_tramite" and radicado.suspendido_en is None
    # Four days were spent (3 to 6 of March), eleven are left.
    assert radicado.vence.isoformat() == "2026-04-01"


def test_what_is_missing_is_asked_for_in_ten_days(ventanilla):
    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "en_tramite", en=en_fecha("2026-03-03"))
    with pytest.raises(CondicionIncumplida, match="venció el 16 de marzo"):
        dar_paso("requerir", radicado, por=ventanilla.jefe, falta="Algo.", en=en_fecha("2026-03-17"))


def test_an_extension_is_told_before_and_at_most_doubles(ventanilla):
    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "en_tramite", en=en_fecha("2026-03-03"))
    pedir = {"por": ventanilla.jefe, "motivo": "Falta la visita."}
    with pytest.raises(CondicionIncumplida, match="a más tardar el 16 de abril"):
        dar_paso(
            "prorrogar", radicado, hasta=en_fecha("2026-04-17").date(), en=en_fecha("2026-03-10"), **pedir
        )
    with pytest.raises(CondicionIncumplida, match="ya venció"):
        dar_paso(
            "prorrogar", radicado, hasta=en_fecha("2026-04-10").date(), en=en_fecha("2026-03-25"), **pedir
        )
    radicado = dar_paso(
        "prorrogar", radicado, hasta=en_fecha("2026-04-16").date(), en=en_fecha("2026-03-10"), **pedir
    )
    assert radicado.vence.isoformat() == "2026-04-16"
    with pytest.raises(CondicionIncumplida, match="ya se prorrogó"):
        dar_paso(
            "prorrogar", radicado, hasta=en_fecha("2026-05-05").date(), en=en_fecha("2026-03-11"), **pedir
        )


def test_annulling_takes_two_people_and_the_number_stays(ventanilla):
    radicado = dar_paso(
        "pedir_anulacion", radicar(), por=ventanilla.radicadora, motivo="Se radicó dos veces en papel."
    )
    with pytest.raises(SinPermiso, match="otra persona"):
        dar_paso("anular", radicado, por=ventanilla.radicadora)
    radicado = dar_paso("anular", radicado, por=ventanilla.secretaria)
    assert radicado.estado == "anulado" and Asiento.objects.count() == 1
    assert not radicado.abierto


def test_reopening_within_ten_days_only_once(ventanilla):
    radicado = llevar(ventanilla, radicar(), "respondido")
    tarde = timezone.now() + timedelta(days=30)
    with pytest.raises(CondicionIncumplida, match="nueva"):
        dar_paso("reabrir", radicado, por=None, de_la_persona=True, motivo="No.", en=tarde)
    radicado = dar_paso("reabrir", radicado, por=None, de_la_persona=True, motivo="No me respondieron.")
    assert radicado.estado == "en_tramite" and radicado.respondido_en is None
    escribir_respuesta(radicado, por=ventanilla.jefe, texto="Ahora sí.")
    radicado = dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    radicado = dar_paso("firmar", radicado, por=ventanilla.jefe)
    assert [s.texto for s in Salida.objects.order_by("pk")] == [
        "Las luces se arreglan el lunes.",
        "Ahora sí.",
    ]
    with pytest.raises(EstadoInadecuado):
        dar_paso("reabrir", radicado, por=None, de_la_persona=True, motivo="Otra vez no.")


def test_another_kind_counts_again_and_is_told(ventanilla):
    radicado = radicar(en=en_fecha("2026-03-02"))
    radicado = dar_paso(
        "reclasificar",
        radicado,
        por=ventanilla.secretaria,
        clase=clase("solicitud-de-documentos-o-copias"),
        motivo="Pide una copia.",
        en=en_fecha("2026-03-03"),
    )
    assert radicado.vence.isoformat() == "2026-03-16"
    assert [t.clase for t in radicado.terminos.all()] == ["inicial", "recalculo"]
    assert radicado.salidas.get().clase == "recalculo"


def test_another_kind_counts_what_was_spent_before_each_stop(ventanilla):
    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "en_tramite", en=en_fecha("2026-03-03"))
    pedir = {"por": ventanilla.jefe, "falta": "La dirección.", "en": en_fecha("2026-03-06")}
    radicado = dar_paso("requerir", radicado, **pedir)
    radicado = dar_paso("completar", radicado, por=None, de_la_persona=True, en=en_fecha("2026-03-16"))
    radicado = reclasificar(ventanilla, radicado, "solicitud-de-documentos-o-copias", en="2026-03-17")
    # Of ten days, four were spent (3 to 6 of March): six more after the 16th, and the 23rd is a holiday.
    assert radicado.vence.isoformat() == "2026-03-25"
    assert "art. 17" in radicado.terminos.last().base_legal


def test_another_kind_after_reopening_counts_from_then(ventanilla):
    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "respondido", en=en_fecha("2026-03-03"))
    reabrir = {"por": None, "de_la_persona": True, "motivo": "Falta la copia."}
    radicado = dar_paso("reabrir", radicado, en=en_fecha("2026-03-16"), **reabrir)
    radicado = reclasificar(ventanilla, radicado, "solicitud-de-documentos-o-copias", en="2026-03-17")
    assert radicado.vence.isoformat() == "2026-03-31"
    assert "no es un término legal" in radicado.terminos.last().base_legal


def test_reopening_gives_the_days_of_the_kind_that_it_has_now(ventanilla):
    radicado = radicar("consulta", en=en_fecha("2026-03-02"))
    radicado = reclasificar(ventanilla, radicado, "solicitud-de-documentos-o-copias", en="2026-03-02")
    radicado = llevar(ventanilla, radicado, "respondido", en=en_fecha("2026-03-03"))
    reabrir = {"por": None, "de_la_persona": True, "motivo": "Falta la copia."}
    radicado = dar_paso("reabrir", radicado, en=en_fecha("2026-03-16"), **reabrir)
    assert radicado.vence.isoformat() == "2026-03-31"


def test_an_extension_at_most_doubles_the_kind_that_it_has_now(ventanilla):
    radicado = radicar("consulta", en=en_fecha("2026-03-02"))
    radicado = reclasificar(ventanilla, radicado, "solicitud-de-documentos-o-copias", en="2026-03-03")
    assert radicado.vence.isoformat() == "2026-03-16"
    assert terminos.tope_de_prorroga(radicado).isoformat() == "2026-03-31"


def test_a_term_that_ended_is_not_stopped(ventanilla):
    radicado = radicar("solicitud-de-congresista", en=en_fecha("2026-03-02"))
    radicado = llevar(ventanilla, radicado, "en_tramite", en=en_fecha("2026-03-03"))
    assert radicado.vence.isoformat() == "2026-03-09"
    with pytest.raises(CondicionIncumplida, match="venció el 9 de marzo"):
        dar_paso("requerir", radicado, por=ventanilla.jefe, falta="Algo.", en=en_fecha("2026-03-10"))


def test_a_claim_about_personal_data_follows_its_own_law(ventanilla):
    radicado = radicar("reclamo-de-datos-personales", en=en_fecha("2026-03-02"))
    radicado = llevar(ventanilla, radicado, "en_tramite", en=en_fecha("2026-03-03"))
    prorroga = {"hasta": en_fecha("2026-03-27").date(), "motivo": "Falta un archivo."}
    radicado = dar_paso("prorrogar", radicado, por=ventanilla.jefe, en=en_fecha("2026-03-04"), **prorroga)
    assert radicado.terminos.last().base_legal == radicado.clase.base_legal
    pedir = {"falta": "Su cédula.", "en": en_fecha("2026-03-05")}
    radicado = dar_paso("requerir", radicado, por=ventanilla.jefe, **pedir)
    assert radicado.terminos.last().base_legal.startswith("Ley 1581")
    assert radicado.completar_hasta.isoformat() == "2026-05-05"
    tarde = {"motivo": "No llegó nada.", "en": en_fecha("2026-05-06")}
    radicado = dar_paso("declarar_desistido", radicado, por=ventanilla.jefe, **tarde)
    texto = radicado.salidas.last().texto
    assert "Ley 1581" in texto and "1437" not in texto


def reclasificar(casa, radicado: Radicado, codigo: str, *, en: str) -> Radicado:
    return dar_paso(
        "reclasificar",
        radicado,
        por=casa.secretaria,
        clase=clase(codigo),
        motivo="Pide una copia.",
        en=en_fecha(en),
    )


def test_nothing_goes_to_signature_while_its_annulment_waits(ventanilla):
    radicado = llevar(ventanilla, radicar(), "en_tramite")
    escribir_respuesta(radicado, por=ventanilla.jefe)
    radicado = dar_paso("pedir_anulacion", radicado, por=ventanilla.radicadora, motivo="Está repetido.")
    with pytest.raises(CondicionIncumplida, match="decídase eso primero"):
        dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    radicado = dar_paso("negar_anulacion", radicado, por=ventanilla.secretaria, motivo="No está repetido.")
    assert dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe).estado == "por_firmar"


def test_a_claim_about_personal_data_has_two_months_and_no_more(ventanilla):
    radicado = llevar(ventanilla, radicar("reclamo-de-datos-personales"), "requiere_completar")
    with pytest.raises(CondicionIncumplida, match="Ley 1581"):
        dar_paso("dar_mas_tiempo", radicado, por=None, de_la_persona=True)
