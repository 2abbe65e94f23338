"""The catalogue of `datos/`: the 70 as they are loaded, loaded again, and exported and brought back."""

from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from portal.importacion import cargar_carpeta
from portal.models import Cargo, Dependencia
from tests.builders import crear_usuario
from tests.tramites.builders import crear_tramite
from tests.tramites.test_importacion import DATOS, cambiar, estado_de_todo, exportado, subir
from tramites.columnas import COLUMNAS
from tramites.exportacion import en_csv, en_xlsx
from tramites.importacion import CARGAS, importar_catalogo
from tramites.models import (
    Accion,
    Audiencia,
    HojaDeVida,
    PuntoDeAtencion,
    SituacionDeVida,
    Tematica,
    Tramite,
)


@pytest.fixture(scope="module")
def casa_cargada(django_db_setup, django_db_blocker):
    """The alcaldía of `datos/`, with what the builders of trámites ask of a house, once for this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        cargar_carpeta(DATOS)
        yield SimpleNamespace(
            planeacion=Dependencia.objects.get(slug="secretaria-de-planeacion"),
            suit=crear_usuario("suit", Cargo.objects.get(codigo="usuario-autorizado-suit")),
            secretaria=crear_usuario("secretaria", Cargo.objects.get(codigo="secretario-general")),
            tematica=Tematica.objects.first(),
            punto=PuntoDeAtencion.objects.first(),
            ciudadano=Audiencia.objects.get(slug="ciudadano"),
            organizaciones=Audiencia.objects.get(slug="organizaciones"),
        )
        transaction.set_rollback(True)


@pytest.fixture
def cargado(casa_cargada, db):
    return casa_cargada


def test_the_seventy_load_without_management_and_with_a_draft_nobody_answers_for(cargado):
    hojas = HojaDeVida.objects.enteras()

    assert Tramite.objects.count() == hojas.count() == 70
    assert {t.estado for t in Tramite.objects.all()} == {"sin_gestion"}
    assert {(h.estado, h.editada_por) for h in hojas} == {("borrador", None)}
    assert Tramite.objects.exclude(por_confirmar={}).count() == 70
    assert all(60 <= h.llenos * 100 // h.exigidos < 90 for h in hojas)
    assert Tramite.objects.filter(numero_suit__isnull=False).count() == 0
    assert Tramite.objects.get(palabra="predial").codigo == "HAC-001"


def test_a_loaded_hoja_says_what_its_row_says(cargado):
    hoja = HojaDeVida.objects.enteras().get(tramite__codigo="HAC-002")

    assert (hoja.tematica.nombre, hoja.dependencia.slug) == (
        "Impuestos y tributos",
        "secretaria-de-hacienda-o-tesoreria",
    )
    assert (hoja.tiempo_cantidad, hoja.tiempo_unidad, hoja.tiempo_inmediato) == (1, "habil", False)
    assert (hoja.medios_entrega, hoja.seguimiento) == (
        ["presencial", "correo", "web"],
        ["presencial", "telefono", "correo", "web"],
    )
    [pago] = hoja.pagos()
    assert (pago.valor_tipo, pago.formula) == ("liquidacion", "")
    assert pago.forma_de_calculo.startswith("ingresos gravables")
    [empresas] = [a for a in hoja.acciones() if "personas jurídicas" in a.descripcion]
    assert [a.slug for a in empresas.audiencias.all()] == ["organizaciones"]
    assert HojaDeVida.objects.get(tramite__codigo="HAC-001").tiempo_inmediato


def test_a_figure_of_another_municipality_is_told_to_staff_and_not_to_the_public(cargado):
    pagos = Accion.objects.filter(tipo="pago")

    assert pagos.count() == 23
    assert not [
        p.forma_de_calculo for p in pagos if "referencia" in p.forma_de_calculo or "$" in p.forma_de_calculo
    ]
    assert not pagos.exclude(formula="").exists()
    zipaquira = Tramite.objects.get(codigo="PLA-009")
    assert "referencia Zipaquirá: $17.100" in zipaquira.por_confirmar["costo"]
    assert Tramite.objects.get(codigo="PLA-013").hojas.get().pagos()[0].valor_tipo == "smdlv"


def test_what_else_may_be_charged_for_is_told_apart(cargado):
    gratis = HojaDeVida.objects.enteras().get(tramite__codigo="INS-004")

    assert gratis.gratuito
    assert gratis.informacion_adicional == (
        "Puede causar impuesto de espectáculos públicos según el Estatuto Tributario."
    )


def test_situations_have_their_tramites_in_order(cargado):
    construir = SituacionDeVida.objects.get(slug="construir-o-remodelar-vivienda")

    assert SituacionDeVida.objects.count() == 21
    assert list(construir.pasos.values_list("tramite__codigo", flat=True))[:4] == [
        "PLA-008",
        "PLA-009",
        "PLA-014",
        "PLA-001",
    ]


def test_a_second_load_changes_nothing(cargado):
    antes = estado_de_todo()

    cuentas = cargar_carpeta(DATOS, CARGAS)

    assert estado_de_todo() == antes
    assert [(c.creadas, c.cambiadas, c.respetadas) for c in cuentas.values()] == [(0, 0, 0)] * len(CARGAS)


FORMATOS = {
    "CSV in UTF-8": lambda: SimpleUploadedFile("a.csv", en_csv(Tramite.objects.all()).encode()),
    "CSV of Excel": lambda: subir(exportado(), separador=";", codificacion="cp1252"),
    "XLSX": lambda: SimpleUploadedFile("a.xlsx", en_xlsx(Tramite.objects.all())),
    "XLSX by another name": lambda: SimpleUploadedFile("a.csv", en_xlsx(Tramite.objects.all())),
    "without the optional columns": lambda: subir([{c: f[c] for c in COLUMNAS[:19]} for f in exportado()]),
}


@pytest.mark.parametrize("archivo", FORMATOS.values(), ids=FORMATOS)
def test_what_comes_back_untouched_changes_nothing(cargado, archivo):
    for n, estado in enumerate(["inscrito", "en_creacion", "enviado", "suprimido", "aprobado"]):
        crear_tramite(cargado, estado, codigo=f"NUE-00{n}")
    antes = estado_de_todo()

    cuenta = importar_catalogo(archivo(), cargado.suit)

    assert (cuenta.iguales, cuenta.cambiadas, cuenta.creadas) == (75, 0, 0)
    assert estado_de_todo() == antes


def test_one_that_nobody_had_taken_up_is_started_by_the_flow(cargado):
    tramite = Tramite.objects.get(codigo="PLA-001")

    cambiar(tramite, cargado.suit, resultado="Licencia")

    tramite.refresh_from_db()
    assert (tramite.estado, tramite.hojas.get().resultado) == ("en_creacion", "Licencia")
