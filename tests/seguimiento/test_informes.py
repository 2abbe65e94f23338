"""The weekly report: what it counts, that it never changes, who signs it and how it reaches the public."""

import io
import re
import socket
import sys
import threading
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import html5lib
import pytest
import time_machine
from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader
from python_calamine import CalamineWorkbook

from portal import pdf, rutinas, services
from portal.correo import despachar
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Canal, Consecutivo, Correo, DiaNoHabil, Titularidad, Version
from portal.periodos import Periodo
from portal.services import YaHayTextoEnCamino
from seguimiento import formatos
from seguimiento.graficas import Serie
from seguimiento.informes import cerrar_semanas, congelar, corregir, decir, firmar, semanas_por_cerrar
from seguimiento.mediciones import PeriodoSinTerminar
from seguimiento.models import (
    InformeSemanal,
    Medicion,
    NotaDeCorreccion,
    ObservacionDeDependencia,
    Plan,
)
from seguimiento.seguimiento_por_dependencia import cargo_que_responde
from seguimiento.semana import reunir
from seguimiento.tablas import tablas_de
from tests.builders import (
    crear_alcaldia,
    crear_canal,
    crear_publicada,
    crear_version,
)
from tests.conectividad.builders import crear_enlace, crear_incidente
from tests.seguimiento.builders import crear_criterio, crear_otro_canal, evaluar
from tests.seguimiento.builders_de_uso import usar_el_sitio, visitar
from tests.seguimiento.builders_del_plan import crear_actividad, crear_indicador
from tests.seguimiento.semanas import (
    LUNES,
    SEMANA,
    crear_canal_de_informes,
    crear_firmado,
    crear_informe,
    crear_medicion,
    crear_publicado,
    crear_veces,
    el,
    publicar_texto,
)
from tests.tramites.builders import sin_disparadores

URL = "/informes-semanales/2026/47/"
FIRMAR, CORREGIR = "/panel/informes/2026/47/firmar/", "/panel/informes/2026/47/corregir/"


@pytest.fixture(autouse=True)
def lunes():
    """Every test lives on the Monday after the week of the report."""
    with time_machine.travel(el(LUNES, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def casa(casa):
    crear_canal_de_informes(casa)
    return casa


def de_dependencia(datos: dict, nombre: str = "Planeación") -> dict:
    return next(fila for fila in datos["dependencias"] if fila["nombre"] == nombre)


def de_canal(datos: dict, canal: Canal) -> dict:
    return next(fila for fila in datos["canales"] if fila["nombre"] == canal.nombre)


def cambiar_en_sql(modelo, pk: int, **campos) -> None:
    modelo.objects.filter(pk=pk).update(**campos)


# --- What it counts -----------------------------------------------------------------------------
class TestUpdates:
    def test_each_update_of_the_week_is_behind_the_number_of_its_channel_and_its_office(self, casa):
        crear_publicada(casa, titulo="Antes", en=el("15", 23))
        crear_publicada(casa, titulo="Lunes", en=el("16", 0))
        crear_publicada(casa, titulo="Domingo", en=el("22", 23))
        crear_publicada(casa, titulo="Después", en=el("23", 0))

        datos = crear_informe().datos

        filas = [fila for fila in datos["actualizaciones"] if fila["cuenta"]]
        assert [fila["titulo"] for fila in filas] == ["Lunes", "Domingo"]
        assert de_canal(datos, casa.canal)["actualizaciones"] == 2
        assert de_dependencia(datos)["actualizaciones"] == 2

    def test_the_numbers_are_those_that_sql_gives(self, casa):
        otro = crear_otro_canal(casa, edad_maxima_dias=7)
        for n, canal in enumerate((casa.canal, casa.canal, otro, casa.canal)):
            crear_publicada(casa, canal=canal, en=el(f"{17 + n}"))

        datos = crear_informe().datos

        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT c.nombre, count(*) FROM portal_actualizacion a"
                " JOIN portal_canal c ON c.id = a.canal_id WHERE a.clase IN ('publicacion', 'modificacion')"
                " AND a.en >= '2026-11-16 00:00-05' AND a.en < '2026-11-23 00:00-05' GROUP BY 1"
            )
            por_sql = dict(cursor.fetchall())
        assert sum(por_sql.values()) == 4
        assert {
            f["nombre"]: f["actualizaciones"] for f in datos["canales"] if f["actualizaciones"]
        } == por_sql

    def test_a_ratification_renews_the_channel_and_is_not_an_update(self, casa):
        publicacion = crear_publicada(casa, en=el("2026-10-01"))
        services.ratificar_vigencia(publicacion, por=casa.jefe, en=el("18"))

        datos = crear_informe().datos

        assert de_canal(datos, casa.canal) | {"al_dia": True, "actualizaciones": 0} == de_canal(
            datos, casa.canal
        )
        assert de_dependencia(datos)["estado"] == "nada_vencia"
        [fila] = datos["actualizaciones"]
        assert (fila["clase"], fila["cuenta"]) == ("Revisado: sigue vigente", False)

    @pytest.mark.parametrize(
        "ultima, estado, palabras",
        [
            (None, "sin_actualizar", "Planeación nunca lo ha hecho."),
            ("2026-10-14", "sin_actualizar", "Planeación no lo hizo por quinta semana."),
            ("2026-08-03", "sin_actualizar", "Planeación no lo hizo desde hace 15 semanas."),
            ("2026-11-11", "nada_vencia", "A 1 dependencia no le vencía nada."),
            ("2026-11-18", "cumple", ""),
        ],
    )
    def test_the_headline_says_who_did_not_and_since_when(self, casa, ultima, estado, palabras):
        Canal.objects.exclude(pk=casa.canal.pk).update(edad_maxima_dias=None)
        if ultima:
            crear_publicada(casa, en=el(ultima))

        datos = crear_informe().datos

        assert de_dependencia(datos)["estado"] == estado
        assert palabras in " ".join(datos["titular"])
        primera = {
            "cumple": "1 de 1 dependencia actualizó.",
            "sin_actualizar": "0 de 1 dependencia actualizaron.",
        }
        esperada = primera.get(estado, "Ninguna dependencia tenía que actualizar.")
        assert datos["titular"][0] == esperada

    def test_who_updated_and_still_has_channels_past_their_age_is_told_apart(self, casa):
        crear_canal(casa.planeacion, edad_maxima_dias=7)
        crear_publicada(casa, en=el("18"))

        fila = de_dependencia(crear_informe().datos)

        assert (fila["estado"], fila["canales_al_dia"], fila["canales"]) == ("con_vencidos", 1, 2)

    def test_the_worst_comes_first(self, casa):
        hacienda = casa.tesorero.titularidades.get().cargo.dependencia
        crear_canal(hacienda, edad_maxima_dias=7)
        crear_publicada(casa, en=el("18"))

        nombres = [fila["nombre"] for fila in crear_informe().datos["dependencias"]]

        assert nombres.index("Hacienda") < nombres.index("Planeación")

    def test_texts_that_waited_for_authorisation_at_the_end_of_the_week_are_counted(self, casa):
        crear_version(casa, "por_autorizar", titulo="Esperaba", en=el("18"))
        crear_version(casa, "por_autorizar", titulo="Llegó después", en=el("23", 7))
        ya_no = crear_version(casa, "por_autorizar", titulo="Se autorizó el lunes", en=el("19"))
        services.autorizar_y_publicar(ya_no, por=casa.jefe, huella=ya_no.huella(), en=el("23", 7))

        datos = crear_informe().datos

        assert de_dependencia(datos)["por_autorizar"] == 2
        assert "Quedan 2 textos por autorizar." in datos["titular"]


class TestExplainedZeros:
    def test_a_channel_within_its_age_says_how_long_it_has(self, casa):
        crear_publicada(casa, en=el("10"))

        informe = crear_informe()

        [tabla] = [tabla for tabla in tablas_de(informe) if tabla.clave == "canales"]
        [fila] = [fila for fila in tabla.filas if str(fila[0]) == casa.canal.nombre]
        assert fila[-1] == "Dentro de su plazo: le quedan 19 días"

    def test_hours_without_connection_are_told(self, casa):
        casa.enlace = crear_enlace("Palacio")
        crear_incidente(casa, "2026-11-17 08:00", "2026-11-17 10:30")
        crear_incidente(casa, "2026-11-17 10:00", "2026-11-17 11:00")  # of the same morning
        crear_incidente(casa, "2026-11-22 23:00", "2026-11-23 05:00")  # an hour of it is of this week
        crear_incidente(casa, "2026-11-18 08:00", "2026-11-18 18:00", peso=50)  # there was some
        casa.enlace = crear_enlace("Biblioteca")
        crear_incidente(casa, "2026-11-19 08:00", "2026-11-19 08:50")  # too short to explain anything

        explicaciones = crear_informe().datos["explicaciones"]

        assert explicaciones[1:] == [
            "«Palacio» estuvo 4 horas sin internet: el martes 17 y el domingo 22.",
        ]

    def test_a_holiday_is_told(self, casa):
        datos = crear_informe().datos

        assert datos["explicaciones"] == [
            "La semana tuvo 4 días hábiles: no se trabajó el lunes 16 (Independencia de Cartagena)."
        ]

    def test_a_week_in_which_nobody_worked_is_nobodys_fault(self, casa):
        for dia in range(17, 21):
            DiaNoHabil.objects.create(fecha=date(2026, 11, dia), motivo="Inundación", acto="Decreto 1")

        datos = crear_informe().datos

        assert {fila["estado"] for fila in datos["dependencias"]} == {"sin_habiles"}
        assert "ningún día hábil" in datos["explicaciones"][0]
        assert datos["titular"][0] == "Ninguna dependencia tenía que actualizar."

    def test_a_plain_week_has_nothing_to_explain(self, casa):
        assert crear_informe(Periodo.semana(2026, 46)).datos["explicaciones"] == []


class TestWhatNeedsALook:
    def test_an_urgent_publication_is_there_until_somebody_ratifies_it(self, casa):
        version = crear_version(casa, "urgente", titulo="Creciente", en=el("05"))
        reunidas = {n: crear_informe(Periodo.semana(2026, n)).datos["urgentes"] for n in (44, 45, 46)}
        services.autorizar_urgente(version, por=casa.alcalde, huella=version.huella(), en=el("18"))
        reunidas[47] = crear_informe().datos["urgentes"]
        reunidas[48] = reunir(Periodo.semana(2026, 48))["urgentes"]

        estados = {n: [fila["estado"] for fila in filas] for n, filas in reunidas.items()}
        assert estados == {44: [], 45: ["por_ratificar"], 46: ["vencida"], 47: ["ratificada"], 48: []}
        assert reunidas[47][0]["acto"] == version.__class__.objects.get(pk=version.pk).autorizacion.numero

    def test_activities_due_overdue_and_done(self, casa):
        crear_actividad(casa.cargo_jefe, texto="Vencía esta semana", fin=date(2026, 11, 20))
        crear_actividad(texto="Atrasada", fin=date(2026, 6, 30))
        crear_actividad(
            texto="Hecha", fin=date(2026, 12, 1), estado="cumplida", cumplida_en=date(2026, 11, 18)
        )
        crear_actividad(texto="Hecha antes", estado="cumplida", cumplida_en=date(2026, 11, 1))
        crear_actividad(texto="Para después", fin=date(2026, 12, 1))
        crear_actividad(texto="Siempre", fin=date(2026, 1, 1), estado="permanente")

        filas = crear_informe().datos["actividades"]

        assert [(f["texto"], f["estado"]) for f in filas] == [
            ("Atrasada", "vencida"),
            ("Vencía esta semana", "vencida"),
            ("Hecha", "cumplida"),
        ]
        assert filas[1]["responsables"] == ["Secretario de Planeación"]

    def test_what_was_done_after_the_week_was_still_due_in_it(self, casa):
        crear_actividad(
            texto="Tarde", fin=date(2026, 11, 18), estado="cumplida", cumplida_en=date(2026, 11, 23)
        )

        [fila] = crear_informe().datos["actividades"]

        assert (fila["estado"], fila["cumplida"]) == ("vencida", None)

    def test_criteria_that_changed_and_those_evaluated_for_the_first_time(self, casa):
        antes, nuevo, igual = (crear_criterio(nombre=nombre) for nombre in ("Cambió", "Nuevo", "Igual"))
        evaluar(antes, "cumple", en=el("10"))
        evaluar(antes, "no_cumple", en=el("18"))
        evaluar(nuevo, "cumple", en=el("19"))
        evaluar(igual, "cumple", en=el("10"))
        evaluar(igual, "no_cumple", en=el("17"))
        evaluar(igual, "cumple", en=el("18"))

        criterios = crear_informe().datos["criterios"]

        [fila] = criterios["cambios"]
        assert (fila["nombre"], fila["antes"], fila["ahora"]) == ("Cambió", "Cumple", "No cumple")
        assert criterios["primeras"] == {"Cumple": 1}


class TestIndicators:
    def test_the_value_its_change_and_eight_weeks(self, casa):
        veces = crear_veces()
        for hace, valor in ((9, 40), (7, 2), (3, 5), (1, 4)):
            crear_medicion(veces, next(SEMANA.ultimas(hace + 1)), valor)
        for dia in (17, 18, 19):
            crear_publicada(casa, en=el(f"{dia}"))

        [fila] = crear_informe().datos["indicadores"]

        assert fila["serie"] == ["2.00", None, None, None, "5.00", None, "4.00", "3.00"]
        assert (fila["valor"], fila["cambio"], fila["medido"]) == ("3.00", "-1.00", "2026-S47")
        assert fila["estado"] == "cumple"

    @pytest.mark.parametrize(
        "sentido, valor, estado",
        [
            ("mas", 100, "cumple"),
            ("mas", 80, "cerca"),
            ("mas", "79.99", "lejos"),
            ("mas", None, "sin_dato"),
            ("menos", 10, "cumple"),
            ("menos", "12.5", "cerca"),
            ("menos", 13, "lejos"),
        ],
    )
    def test_how_it_stands_before_its_goal(self, casa, sentido, valor, estado):
        meta = 100 if sentido == "mas" else 10
        crear_medicion(crear_indicador(sentido=sentido, meta=meta), SEMANA, valor)

        [fila] = reunir(SEMANA)["indicadores"]

        assert fila["estado"] == estado

    def test_a_week_that_was_not_measured_has_no_value_and_says_so(self, casa):
        crear_veces()

        [fila] = reunir(SEMANA)["indicadores"]

        assert (fila["valor"], fila["falta"]) == (None, "Esa semana no se midió.")

    def test_what_is_measured_and_what_is_reported_are_one(self, casa):
        crear_veces()
        crear_publicada(casa, en=el("18"))

        [fila] = crear_informe().datos["indicadores"]

        assert Decimal(fila["valor"]) == Medicion.objects.get(desde=SEMANA.desde, dependencia=None).valor == 1

    def test_while_the_week_lasts_the_figure_is_of_the_one_before(self, casa):
        crear_medicion(crear_veces(), SEMANA, 3)

        [fila] = reunir(Periodo.semana(2026, 48))["indicadores"]

        assert (fila["valor"], fila["medido"], fila["serie"][-1]) == ("3.00", "2026-S47", None)


# --- Closing a week -----------------------------------------------------------------------------
class TestClosing:
    def test_a_report_made_late_says_the_same(self, casa, lunes):
        crear_veces()
        crear_publicada(casa, en=el("18"))
        crear_version(casa, "por_autorizar", en=el("19"))
        crear_version(casa, "urgente", en=el("20"))
        a_tiempo = reunir(SEMANA)

        lunes.move_to(el("2027-01-20", 9))
        crear_publicada(casa, titulo="Del año siguiente", en=el("2027-01-19"))

        assert reunir(SEMANA) == a_tiempo

    def test_a_week_that_has_not_ended_has_no_report(self, casa):
        with pytest.raises(PeriodoSinTerminar):
            congelar(Periodo.semana(2026, 48))

        assert not InformeSemanal.objects.exists()
        assert not Consecutivo.objects.filter(serie="informe-semanal").exists()

    def test_closing_it_twice_gives_the_same_report_and_spends_no_number(self, casa):
        primero, nuevo = congelar(SEMANA)
        segundo, otra_vez = congelar(SEMANA)

        assert (nuevo, otra_vez) == (True, False)
        assert segundo == primero
        assert congelar(Periodo.semana(2026, 46))[0].numero == "2026-002"

    def test_numbers_are_of_the_year_of_the_iso_week(self, casa, lunes):
        lunes.move_to(el("2027-01-12"))

        ultima, primera = congelar(Periodo.semana(2026, 53))[0], congelar(Periodo.semana(2027, 1))[0]

        assert (ultima.numero, ultima.periodo.hasta) == ("2026-001", date(2027, 1, 3))
        assert primera.numero == "2027-001"

    def test_on_the_first_day_only_the_last_week_is_closed(self, casa):
        assert semanas_por_cerrar(timezone.now()) == [SEMANA]

    def test_the_rutina_closes_what_was_not_closed_and_writes_only_of_the_last_week(self, casa, lunes):
        casa.jefe.email = "jefe@ejemplo.gov.co"
        casa.jefe.save()
        crear_informe(Periodo.semana(2026, 45))

        primera = rutinas.correr(rutinas.registro["informe-semanal"], aunque_no_toque=True)
        segunda = rutinas.correr(rutinas.registro["informe-semanal"], aunque_no_toque=True)

        assert primera.bien, primera.resultado
        assert list(InformeSemanal.objects.values_list("semana", flat=True)) == [47, 46, 45]
        assert segunda.resultado == "Ninguna semana por cerrar."
        [correo] = Correo.objects.all()
        assert (correo.para, correo.clave) == (
            "jefe@ejemplo.gov.co",
            f"resumen-semanal:{InformeSemanal.objects.get(semana=47).pk}:{casa.planeacion.slug}:{casa.jefe.pk}",
        )

    def test_without_plan_nor_channels_there_is_still_a_report(self, casa):
        Canal.objects.update(edad_maxima_dias=None)

        datos = crear_informe().datos

        assert (datos["indicadores"], datos["dependencias"], datos["canales"]) == ([], [], [])

    @pytest.mark.parametrize("filas", [1, 40])
    def test_it_reads_the_same_number_of_times_however_much_there_is(self, casa, filas):
        for n in range(filas):
            crear_publicada(casa, en=el("18"))
            if n % 5 == 0:
                crear_canal(casa.planeacion, edad_maxima_dias=7)
                crear_medicion(crear_veces(), SEMANA, 1)
                crear_actividad(fin=date(2026, 11, 18))
                evaluar(crear_criterio(), "cumple", en=el("18"))
                crear_version(casa, "urgente", en=el("19"))
            visitar(f"/canales/c/texto-{n}/", date(2026, 11, 11), 9)
            visitar(f"/canales/c/texto-{n}/", date(2026, 11, 18), 9)
            visitar(f"/archivos/{n + 1}/x.pdf", date(2026, 11, 18), 9, que="descarga")

        with CaptureQueriesContext(connection) as consultas:
            reunir(SEMANA)

        assert len(consultas) == 25, "\n".join(c["sql"][:120] for c in consultas)

    def test_the_message_says_how_the_week_was_and_where_to_see_it(self, casa, settings):
        settings.PORTAL_URL = "https://www.ejemplo.gov.co"
        casa.jefe.email, casa.tesorero.email = "jefe@ejemplo.gov.co", "tesorero@ejemplo.gov.co"
        casa.jefe.save()
        casa.tesorero.save()
        crear_version(casa, "urgente", titulo="Creciente & <río>", en=el("18"))
        crear_canal(casa.planeacion, nombre="Planes", edad_maxima_dias=7)

        resultado = cerrar_semanas(timezone.now())

        [correo] = Correo.objects.all()  # Hacienda answers for no channel
        assert correo.asunto == "Semana 47: Planeación. Actualizó, con vencidos"
        assert "Planes: nunca se ha actualizado; su plazo es de 7" in correo.texto
        assert "Creciente & <río>" in correo.texto
        ruta = f"/panel/dependencias/{casa.planeacion.slug}/?semana=2026-S47"
        assert f"https://www.ejemplo.gov.co{ruta}" in correo.texto
        assert "no tienen a quién escribirle: Secretaría General" in resultado

    def test_an_address_that_is_refused_leaves_nobody_else_without_message(self, casa, buzon):
        buzon.responder = lambda direccion: "550 no existe" if direccion.startswith("nadie") else "250 OK"
        crear_canal(casa.general, nombre="Planes", edad_maxima_dias=7)
        hacienda = casa.tesorero.titularidades.get().cargo.dependencia
        crear_canal(hacienda, nombre="Presupuesto", edad_maxima_dias=7)
        for persona, direccion in (
            (casa.jefe, "nadie@ejemplo.gov.co"),
            (casa.tesorero, "no es una dirección"),
            (casa.secretaria, "secretaria@ejemplo.gov.co"),
        ):
            persona.email = direccion
            persona.save()

        resultado = cerrar_semanas(timezone.now())
        despachar(timezone.now())

        assert "2 correos a las jefaturas; no tienen a quién escribirle: Hacienda" in resultado
        assert [mensaje["To"] for mensaje in buzon.recibidos] == ["secretaria@ejemplo.gov.co"]
        assert {c.para: c.estado for c in Correo.objects.all()} == {
            "nadie@ejemplo.gov.co": "abandonado",
            "secretaria@ejemplo.gov.co": "enviado",
        }


def test_those_that_anybody_may_read_are_in_the_sitemap(casa, client):
    firmado, publicado = crear_firmado(casa, Periodo.semana(2026, 46)), crear_publicado(casa)

    sitemap = client.get("/sitemap.xml").text

    assert f"{publicado.get_absolute_url()}</loc>" in sitemap
    assert f"{firmado.get_absolute_url()}</loc>" not in sitemap
    assert "/informes-semanales/</loc>" in sitemap and "/gobierno-en-linea/uso/</loc>" in sitemap


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_processes_close_a_week_once(lunes):
    crear_alcaldia()
    juntos, hechos = threading.Barrier(2), []

    def proceso():
        try:
            juntos.wait(10)
            hechos.append(congelar(SEMANA))
        finally:
            connection.close()

    hilos = [threading.Thread(target=proceso) for _ in range(2)]
    for hilo in hilos:
        hilo.start()
    for hilo in hilos:
        hilo.join(30)

    assert sorted(nuevo for _informe, nuevo in hechos) == [False, True]
    assert InformeSemanal.objects.get().numero == "2026-001"


# --- Nothing changes ----------------------------------------------------------------------------
class TestPostgreSQLRefuses:
    @pytest.mark.parametrize(
        "campos",
        [
            {"datos": {}},
            {"huella": "0" * 64},
            {"anio": 2025},
            {"semana": 1},
            {"consecutivo": 9},
            {"congelado_en": el("01")},
        ],
    )
    def test_the_figures_of_a_report_to_change_even_before_it_is_signed(self, casa, campos):
        informe = crear_informe()

        with pytest.raises(IntegrityError, match="no cambian"), transaction.atomic():
            cambiar_en_sql(InformeSemanal, informe.pk, **campos)

    @pytest.mark.parametrize(
        "campos",
        [
            {"observaciones": "Otra cosa"},
            {"firma": "Otra persona"},
            {"firmado_en": el("01")},
            {"huella_firmada": "0" * 64},
            {"publicacion": None},
            {"estado": "congelado"},
        ],
    )
    def test_anything_of_a_signed_report_to_change(self, casa, campos):
        informe = crear_firmado(casa)

        with pytest.raises(IntegrityError, match="no cambia"), transaction.atomic():
            cambiar_en_sql(InformeSemanal, informe.pk, **campos)

    def test_a_report_to_be_deleted(self, casa):
        crear_informe()

        with pytest.raises(IntegrityError, match="no se borra"), transaction.atomic():
            InformeSemanal.objects.all()._raw_delete("default")

    def test_what_an_office_said_to_change_once_it_is_signed(self, casa):
        informe = crear_informe()
        dicho = decir_algo(casa, informe)
        firmar(informe, por=casa.secretaria, leido=informe.huella_leida())

        for cambio in (
            lambda: cambiar_en_sql(ObservacionDeDependencia, dicho.pk, texto="Otra cosa"),
            lambda: ObservacionDeDependencia.objects.filter(pk=dicho.pk)._raw_delete("default"),
            lambda: ObservacionDeDependencia.objects.create(
                informe=informe, dependencia=casa.general, texto="Tarde", por=casa.jefe, firma="X"
            ),
        ):
            with pytest.raises(IntegrityError, match="firmado no cambia"), transaction.atomic():
                cambio()

    def test_a_note_to_change_or_be_deleted(self, casa):
        crear_publicado(casa)
        nota = corregir(InformeSemanal.objects.get(), texto="Era 3.", por=casa.secretaria)

        for cambio in (
            lambda: cambiar_en_sql(NotaDeCorreccion, nota.pk, texto="Era 4."),
            lambda: NotaDeCorreccion.objects.filter(pk=nota.pk)._raw_delete("default"),
        ):
            with pytest.raises(IntegrityError, match="solo se agregan"), transaction.atomic():
                cambio()

    def test_a_signature_without_who_when_or_what(self, casa):
        informe = crear_informe()

        with pytest.raises(IntegrityError), transaction.atomic():
            cambiar_en_sql(InformeSemanal, informe.pk, estado="firmado")

    def test_two_reports_of_a_week(self, casa):
        informe = crear_informe()

        with pytest.raises(IntegrityError), transaction.atomic():
            InformeSemanal.objects.create(
                anio=2026, semana=47, consecutivo=2, datos=informe.datos, huella=informe.huella
            )


def articulo(client) -> str:
    """The report in its page, from its first letter to its last."""
    return re.search(r'<article class="informe">.*?</article>', client.get(URL).text, re.DOTALL)[0]


class TestIdentity:
    def test_it_is_read_byte_for_byte_as_it_was_whatever_happens_later(self, casa, client, lunes):
        """The page, the PDF and the spreadsheet, after everything they name has changed."""
        crear_veces()
        crear_actividad(casa.cargo_jefe, texto="Socializar", fin=date(2026, 11, 18))
        criterio = crear_criterio()
        evaluar(criterio, "cumple", en=el("10"))
        evaluar(criterio, "no_cumple", en=el("18"))
        crear_version(casa, "urgente", en=el("19"))
        publicacion = crear_publicada(casa, en=el("18"))
        decir_algo(casa, crear_informe())
        informe = crear_publicado(casa)

        def leido():
            cache.clear()
            fresco = InformeSemanal.objects.get(pk=informe.pk)
            return articulo(client), formatos.a_pdf(fresco), formatos.a_xlsx(fresco)

        antes = leido()
        lunes.move_to(el("2027-03-01", 15))
        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        crear_publicada(casa, titulo="De otra semana", en=el("18", 15))  # dated back into the week
        for modelo, campos in (
            (Canal, {"nombre": "Con otro nombre", "edad_maxima_dias": 1}),
            (Plan, {"nombre": "Otro plan", "vigente": False}),
        ):
            modelo.objects.filter(pk=modelo.objects.first().pk).update(**campos)
        for objeto, campo in (
            (casa.planeacion, "nombre"),
            (casa.cargo_jefe, "nombre"),
            (casa.jefe, "first_name"),
            (casa.secretaria, "first_name"),
            (criterio, "nombre"),
        ):
            setattr(objeto, campo, "Otro nombre")
            objeto.save()
        Titularidad.objects.filter(persona=casa.secretaria).update(hasta=date(2026, 12, 31))
        crear_informe(Periodo.semana(2026, 48))

        despues = leido()

        assert despues[0] == antes[0]
        assert despues[1] == antes[1]
        assert despues[2] == antes[2]
        assert InformeSemanal.objects.get(pk=informe.pk).integro()

    def test_figures_changed_behind_its_back_are_told(self, casa, client):
        informe = crear_publicado(casa)
        with sin_disparadores() as cursor:
            cursor.execute("UPDATE seguimiento_informesemanal SET datos = jsonb_set(datos, '{semana}', '46')")

        assert not InformeSemanal.objects.get(pk=informe.pk).integro()
        assert "no coinciden con su huella" in client.get(URL).text

    def test_a_signature_changed_behind_its_back_is_told(self, casa):
        informe = crear_firmado(casa)
        with sin_disparadores() as cursor:
            cursor.execute("UPDATE seguimiento_informesemanal SET observaciones = 'Otras'")

        assert not InformeSemanal.objects.get(pk=informe.pk).integro()


# --- What the offices say -----------------------------------------------------------------------
def decir_algo(casa, informe, texto="Se aplazó.", por=None):
    por = por or casa.jefe
    cargo = cargo_que_responde(por, casa.planeacion)
    return decir(informe, casa.planeacion, texto=texto, por=por, cargo=cargo)


class TestWhatTheOfficesSay:
    def test_the_head_or_who_writes_for_it_says_and_says_again(self, casa):
        informe = crear_informe()

        decir_algo(casa, informe)
        decir_algo(casa, informe, "Se publica el martes.", casa.autora)

        dicho = informe.por_dependencia.get()
        assert (dicho.texto, dicho.firma) == ("Se publica el martes.", "autora, Auxiliar (Planeación)")

    @pytest.mark.parametrize("quien", ["secretaria", "alcalde", "tesorero", "editor", "admin"])
    def test_nobody_else_speaks_for_it(self, casa, quien):
        informe = crear_informe()

        with pytest.raises(SinPermiso):
            decir_algo(casa, informe, por=getattr(casa, quien))

    def test_after_the_signature_nothing_is_said(self, casa):
        informe = crear_firmado(casa)

        with pytest.raises(CondicionIncumplida):
            decir_algo(casa, informe)


# --- Signing ------------------------------------------------------------------------------------
class TestSigning:
    def test_the_signature_covers_the_figures_what_was_said_and_what_is_observed(self, casa):
        informe = crear_informe()
        decir_algo(casa, informe)

        firmado = firmar(
            informe, por=casa.secretaria, leido=informe.huella_leida(), observaciones=" Se habló con ellos. "
        )

        firmado.refresh_from_db()
        assert (firmado.estado, firmado.observaciones) == ("firmado", "Se habló con ellos.")
        assert firmado.firma == "secretaria, Secretario General (Secretaría General)"
        assert firmado.huella_firmada == firmado.huella_a_firmar() != firmado.huella
        assert firmado.integro()

    def test_it_sends_a_text_that_other_people_validate_and_authorise(self, casa):
        informe = crear_firmado(casa, observaciones="Bien <b>todos</b>.")

        version = Version.objects.get(publicacion=informe.publicacion)
        assert (version.estado, version.tipo) == ("en_validacion", "documento")
        assert version.titulo == (
            "Informe semanal 2026-001: semana 47 de 2026, del 16 al 22 de noviembre de 2026"
        )
        assert (version.norma_tipo, version.norma_numero) == ("informe", "2026-001")
        assert informe.huella in version.cuerpo
        assert informe.huella_firmada in version.cuerpo
        assert "Bien &lt;b&gt;todos&lt;/b&gt;." in version.cuerpo
        with pytest.raises(SinPermiso):
            services.validar(version, por=casa.secretaria)

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "editor", "autora", "tesorero", "admin"])
    def test_nobody_else_signs(self, casa, quien):
        informe = crear_informe()

        with pytest.raises(SinPermiso):
            firmar(informe, por=getattr(casa, quien), leido=informe.huella_leida())

        assert not InformeSemanal.objects.get().firmado

    def test_who_no_longer_heads_secretaria_general_does_not_sign(self, casa):
        informe = crear_informe()
        Titularidad.objects.filter(persona=casa.secretaria).update(hasta=date(2026, 11, 22))

        with pytest.raises(SinPermiso):
            firmar(informe, por=casa.secretaria, leido=informe.huella_leida())

    def test_it_is_signed_once(self, casa):
        informe = crear_firmado(casa)

        with pytest.raises(EstadoInadecuado):
            firmar(informe, por=casa.secretaria, leido=informe.huella_leida())

        assert Version.objects.count() == 1

    def test_what_was_not_read_is_not_signed(self, casa):
        informe = crear_informe()
        leido = informe.huella_leida()
        decir_algo(casa, informe)

        with pytest.raises(CondicionIncumplida, match="Lea de nuevo"):
            firmar(informe, por=casa.secretaria, leido=leido)

    def test_figures_that_do_not_match_their_hash_are_not_signed(self, casa):
        informe = crear_informe()
        with sin_disparadores() as cursor:
            cursor.execute("UPDATE seguimiento_informesemanal SET datos = '{}'")

        with pytest.raises(CondicionIncumplida, match="no coincide"):
            firmar(informe, por=casa.secretaria, leido=informe.huella_leida())

    def test_without_the_channel_nothing_is_signed(self, casa):
        informe = crear_informe()
        Canal.objects.filter(pk=casa.canal_gel.pk).update(activo=False)

        with pytest.raises(CondicionIncumplida, match="gobierno-en-linea"):
            firmar(informe, por=casa.secretaria, leido=informe.huella_leida())

        assert not InformeSemanal.objects.get().firmado


class TestTheSigningPage:
    @pytest.fixture
    def informe(self, casa):
        return crear_informe()

    def enviado(self, informe, **campos) -> dict:
        return {"leido": informe.huella_leida(), "observaciones": "Bien."} | campos

    def test_secretaria_general_reads_and_signs(self, casa, client, informe):
        client.force_login(casa.secretaria)
        pagina = client.get(FIRMAR)
        assert informe.huella_leida() in pagina.text
        assert f'value="{informe.huella_leida()}"' in pagina.text

        respuesta = client.post(FIRMAR, self.enviado(informe), follow=True)

        assert respuesta.redirect_chain == [("/panel/", 302)]
        assert "Firmó el informe 2026-001" in respuesta.text
        informe.refresh_from_db()
        assert informe.observaciones == "Bien."

    def test_anonymous_people_are_asked_to_enter(self, client, informe):
        pagina, respuesta = client.get(FIRMAR), client.post(FIRMAR, self.enviado(informe))

        assert (pagina.status_code, pagina.url) == (302, f"/admin/login/?next={FIRMAR}")
        assert respuesta.status_code == 401  # with what was typed

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "editor", "autora", "admin"])
    def test_the_rest_may_not(self, casa, client, informe, quien):
        client.force_login(getattr(casa, quien))

        assert client.get(FIRMAR).status_code == 403
        assert client.post(FIRMAR, self.enviado(informe)).status_code == 403
        assert not InformeSemanal.objects.get().firmado

    def test_twice_is_refused_and_says_who_signed(self, casa, client, informe):
        client.force_login(casa.secretaria)
        client.post(FIRMAR, self.enviado(informe))

        respuesta = client.post(FIRMAR, self.enviado(informe))

        assert respuesta.status_code == 409
        assert "ya está firmado" in respuesta.text

    def test_what_was_typed_is_kept_when_somebody_wrote_meanwhile(self, casa, client, informe):
        client.force_login(casa.secretaria)
        viejo = self.enviado(informe, observaciones="Esto no se pierde.")
        decir_algo(casa, informe)

        respuesta = client.post(FIRMAR, viejo)

        assert respuesta.status_code == 409
        assert "Esto no se pierde." in respuesta.text
        assert "Se aplazó." in respuesta.text
        assert f'value="{informe.huella_leida()}"' in respuesta.text

    @pytest.mark.parametrize("campos", [{"observaciones": "x" * 2001}, {"leido": ""}])
    def test_bad_input_is_told(self, casa, client, informe, campos):
        client.force_login(casa.secretaria)

        assert client.post(FIRMAR, self.enviado(informe, **campos)).status_code == 422

    def test_a_week_without_report_and_a_wrong_method(self, casa, client, informe):
        client.force_login(casa.secretaria)

        assert client.get("/panel/informes/2026/46/firmar/").status_code == 404
        assert client.put(FIRMAR).status_code == 405


# --- Before the public --------------------------------------------------------------------------
class TestReading:
    FORMATOS = (URL, f"{URL}informe.pdf", f"{URL}informe.xlsx")

    def test_nobody_outside_reads_it_until_somebody_else_authorises_it(self, casa, client):
        informe = crear_firmado(casa)
        assert [client.get(url).status_code for url in self.FORMATOS] == [404] * 3
        assert "2026-001" not in client.get("/informes-semanales/").text

        publicar_texto(casa, informe)

        assert [client.get(url).status_code for url in self.FORMATOS] == [200] * 3
        assert URL in client.get("/informes-semanales/").text

    def test_who_sees_the_panel_reads_it_before(self, casa, client):
        crear_informe()
        client.force_login(casa.jefe)

        pagina = client.get(URL)

        assert pagina.status_code == 200
        assert "todavía no es público" in pagina.text
        assert "Falta la firma" in pagina.text

    @pytest.mark.parametrize("quien", ["autora", "editor", "admin"])
    def test_the_rest_of_the_staff_does_not(self, casa, client, quien):
        crear_informe()
        client.force_login(getattr(casa, quien))

        assert client.get(URL).status_code == 404

    @pytest.mark.parametrize("clase", ["error", "sin_vigencia"])
    def test_a_withdrawn_one_follows_its_publication(self, casa, client, clase):
        informe = crear_publicado(casa)
        services.retirar(informe.publicacion, por=casa.alcalde, clase=clase, motivo="No iba.")

        assert client.get(URL).status_code == (200 if clase == "sin_vigencia" else 404)

    @pytest.mark.parametrize("url", ["2026/46/", "2026/99/", "0/0/", "2026/47/otra/"])
    def test_what_there_is_not_is_not_found(self, casa, client, url):
        crear_publicado(casa)

        assert client.get(f"/informes-semanales/{url}").status_code == 404

    def test_only_reading(self, casa, client):
        crear_publicado(casa)

        assert [client.post(url).status_code for url in self.FORMATOS] == [405] * 3

    def test_its_page_is_the_same_for_everybody(self, casa, client):
        crear_publicado(casa)
        de_nadie = client.get(URL)
        client.force_login(casa.secretaria)

        assert "Cookie" not in de_nadie.headers.get("Vary", "")
        assert articulo(client) in de_nadie.text

    def test_what_people_wrote_is_only_text(self, casa, client):
        crear_publicada(casa, titulo="<script>alert(1)</script>", en=el("18"))
        informe = crear_informe()
        decir_algo(casa, informe, "<img src=x onerror=alert(1)>")
        crear_publicado(casa)

        pagina = client.get(URL).text

        assert "<script>alert" not in pagina
        assert "<img src=x" not in pagina
        assert "&lt;script&gt;alert(1)" in pagina

    def test_its_pages_are_valid_html(self, casa, client):
        crear_veces()
        crear_version(casa, "urgente", en=el("18"))
        crear_publicado(casa)

        for url in (URL, "/informes-semanales/"):
            lector = html5lib.HTMLParser(strict=True)
            lector.parse(client.get(url).content)

    @pytest.mark.parametrize("cuantas", [1, 12])
    def test_the_list_costs_the_same_however_many_there_are(self, casa, client, cuantas):
        for periodo in SEMANA.ultimas(cuantas):
            crear_publicado(casa, periodo)
        client.get("/informes-semanales/")

        with CaptureQueriesContext(connection) as consultas:
            pagina = client.get("/informes-semanales/")

        assert pagina.text.count('class="tarjeta__titulo"') == cuantas
        assert len(consultas) == 3  # the edición, how many there are, and a page of them

    def test_a_report_costs_a_constant_number_of_queries(self, casa, client):
        crear_veces()
        for dia in range(17, 22):
            crear_publicada(casa, en=el(f"{dia}"))
        crear_publicado(casa)
        client.get(URL)

        with CaptureQueriesContext(connection) as consultas:
            client.get(URL)

        assert len(consultas) <= 6, [c["sql"][:100] for c in consultas]


def celdas_de_la_pagina(html: str) -> list[list[str]]:
    """Every row of every table of the report, as it is read; a chart is read by its name."""
    documento = html5lib.parse(html, namespaceHTMLElements=False)
    informe = documento.find(".//article[@class='informe']")
    return [[_leer(celda) for celda in fila] for fila in informe.iter("tr")]


def _leer(celda) -> str:
    dibujo = celda.find(".//{*}svg")
    if dibujo is not None:
        return dibujo.get("aria-label").partition(" semanas: ")[2]
    return "".join(celda.itertext()).strip()


def celdas_de_la_hoja(xlsx: bytes) -> list[list[str]]:
    """Every row of every sheet but the first, numbers as Spanish writes them."""
    libro = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))
    hojas = [libro.get_sheet_by_name(nombre).to_python() for nombre in libro.sheet_names[1:]]
    return [[_en_espanol(valor) for valor in fila] for hoja in hojas for fila in hoja]


def _en_espanol(valor) -> str:
    if isinstance(valor, float):
        return f"{valor:.2f}".rstrip("0").rstrip(".").replace(".", ",")
    return str(valor)


class TestTheThreeFormats:
    @pytest.fixture
    def informe(self, casa):
        """A report with something in every table."""
        crear_medicion(crear_veces(), SEMANA.anterior, 2)
        crear_indicador("metas-por-dependencia")
        crear_publicada(casa, titulo="=SUMA(A1:A9)", en=el("18"))
        crear_publicada(casa, titulo="Obra de la calle 3", en=el("19"))
        crear_version(casa, "urgente", titulo="Creciente del río", en=el("20"))
        crear_actividad(casa.cargo_jefe, texto="Socializar", fin=date(2026, 11, 18))
        criterio = crear_criterio()
        evaluar(criterio, "cumple", en=el("10"))
        evaluar(criterio, "no_cumple", en=el("18"))
        usar_el_sitio(date(2026, 11, 18))
        decir_algo(casa, crear_informe())
        return crear_publicado(casa)

    def test_page_and_spreadsheet_carry_the_same_cells(self, client, informe):
        pagina = celdas_de_la_pagina(client.get(URL).text)
        hoja = celdas_de_la_hoja(client.get(f"{URL}informe.xlsx").content)

        assert len(pagina) > 20
        assert hoja == pagina

    def test_every_cell_of_the_page_is_in_the_pdf(self, client, informe):
        pagina = celdas_de_la_pagina(client.get(URL).text)
        lector = PdfReader(io.BytesIO(client.get(f"{URL}informe.pdf").content))
        pdf = _sin_espacios("".join(hoja.extract_text() for hoja in lector.pages))

        de_graficas = {str(Serie.de(fila["serie"], "%")) for fila in informe.datos["indicadores"]}
        de_graficas |= {str(Serie.de(fila["serie"])) for fila in informe.datos["indicadores"]}
        faltan = {
            celda
            for fila in pagina
            for celda in fila
            if celda not in de_graficas and _sin_espacios(celda) not in pdf
        }
        assert not faltan

    def test_each_number_of_the_tables_is_a_number_in_the_spreadsheet(self, client, informe):
        xlsx = client.get(f"{URL}informe.xlsx").content
        libro = CalamineWorkbook.from_filelike(io.BytesIO(xlsx))

        [tabla] = [tabla for tabla in tablas_de(informe) if tabla.clave == "dependencias"]
        hoja = libro.get_sheet_by_name("Dependencias").to_python()[1:]
        assert [fila[1:-1] for fila in hoja] == [[float(v) for v in fila[1:-1]] for fila in tabla.filas]

    def test_no_cell_is_a_formula(self, client, informe):
        xlsx = client.get(f"{URL}informe.xlsx").content
        with zipfile.ZipFile(io.BytesIO(xlsx)) as libro:
            hojas = "".join(libro.read(n).decode() for n in libro.namelist() if "worksheets/" in n)
        assert "<f>" not in hojas

    def test_the_first_sheet_says_of_what_and_by_whom(self, client, informe):
        libro = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{URL}informe.xlsx").content))
        portada = dict(libro.get_sheet_by_index(0).to_python())

        assert portada["Informe semanal"] == "2026-001"
        assert portada["Huella de las cifras (SHA-256)"] == informe.huella
        assert portada["Firma"] == informe.firma
        assert portada["Lo dice una dependencia"].startswith("Se aplazó. — jefe,")

    def test_the_pdf_is_tagged_short_and_light(self, client, informe):
        respuesta = client.get(f"{URL}informe.pdf")

        lector = PdfReader(io.BytesIO(respuesta.content))
        assert lector.trailer["/Root"]["/MarkInfo"]["/Marked"]
        assert lector.trailer["/Root"]["/Lang"] == "es-CO"
        assert len(lector.pages) <= 4
        assert len(respuesta.content) < 300_000
        assert respuesta.headers["Content-Disposition"] == (
            'attachment; filename="informe-semanal-2026-S47.pdf"'
        )

    def test_the_pdf_opens_no_address(self):
        with socket.create_server(("127.0.0.1", 0)) as trampa:
            trampa.settimeout(0.5)
            puerto = trampa.getsockname()[1]
            hecho = pdf.dibujar(
                f'<html lang="es"><head><title>x</title><link rel="stylesheet" href="http://127.0.0.1:{puerto}/a.css">'
                f'</head><body><img alt="" src="http://127.0.0.1:{puerto}/b.png"><img alt="" src="file:///etc/passwd">'
                "</body></html>"
            )
            with pytest.raises(TimeoutError):
                trampa.accept()
        assert hecho.startswith(b"%PDF")

    def test_where_there_is_no_pango_the_page_prints_and_says_why(self, client, informe, monkeypatch):
        monkeypatch.setitem(sys.modules, "weasyprint", None)
        pdf.hay_pdf.cache_clear()
        try:
            respuesta, pagina = client.get(f"{URL}informe.pdf"), client.get(URL)
        finally:
            pdf.hay_pdf.cache_clear()

        assert respuesta.status_code == 503
        assert "no puede hacer el PDF" in respuesta.text
        assert '<article class="informe">' in respuesta.text
        assert "informe.pdf" not in pagina.text


def _sin_espacios(texto: str) -> str:
    return re.sub(r"\s+", "", texto)


# --- Correcting ---------------------------------------------------------------------------------
class TestCorrecting:
    NOTA = "El canal sí se actualizó el 12."

    def test_a_note_has_its_number_and_waits_for_somebody_to_authorise_it(self, casa, client):
        informe = crear_publicado(casa)
        antes = articulo(client)

        nota = corregir(informe, texto=f" {self.NOTA} ", por=casa.secretaria)
        assert nota.numero == "2026-001"
        assert self.NOTA not in client.get(URL).text
        publicar_texto(casa, informe)

        pagina = client.get(URL).text
        assert self.NOTA in pagina
        assert articulo(client) == antes
        assert self.NOTA in client.get(informe.publicacion.get_absolute_url()).text
        libro = CalamineWorkbook.from_filelike(io.BytesIO(client.get(f"{URL}informe.xlsx").content))
        assert self.NOTA in str(libro.get_sheet_by_index(0).to_python())
        pdf = PdfReader(io.BytesIO(client.get(f"{URL}informe.pdf").content))
        assert _sin_espacios(self.NOTA) in _sin_espacios("".join(h.extract_text() for h in pdf.pages))

    def test_a_second_note_is_another_number_and_both_are_read(self, casa, client):
        informe = crear_publicado(casa)
        for texto in ("Primera.", "Segunda."):
            corregir(informe, texto=texto, por=casa.secretaria)
            publicar_texto(casa, informe)

        pagina = client.get(URL).text
        assert pagina.index("Nota 2026-001") < pagina.index("Nota 2026-002")

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "editor", "admin"])
    def test_nobody_else_writes_them(self, casa, quien):
        informe = crear_publicado(casa)

        with pytest.raises(SinPermiso):
            corregir(informe, texto=self.NOTA, por=getattr(casa, quien))

    def test_what_is_not_signed_has_nothing_to_correct(self, casa):
        informe = crear_informe()

        with pytest.raises(CondicionIncumplida):
            corregir(informe, texto=self.NOTA, por=casa.secretaria)

    def test_one_text_at_a_time(self, casa):
        informe = crear_firmado(casa)

        with pytest.raises(YaHayTextoEnCamino):
            corregir(informe, texto=self.NOTA, por=casa.secretaria)

        assert not NotaDeCorreccion.objects.exists()
        assert not Consecutivo.objects.filter(serie="nota-de-informe").exists()

    def test_the_page_of_the_notes(self, casa, client):
        crear_publicado(casa)
        sin_sesion = client.post(CORREGIR, {"texto": self.NOTA})
        assert sin_sesion.status_code == 401 and self.NOTA in sin_sesion.text
        client.force_login(casa.jefe)
        assert client.post(CORREGIR, {"texto": self.NOTA}).status_code == 403
        client.force_login(casa.secretaria)
        assert client.get(CORREGIR).status_code == 200
        assert client.put(CORREGIR).status_code == 405
        assert client.post(CORREGIR, {"texto": "  "}).status_code == 422

        respuesta = client.post(CORREGIR, {"texto": self.NOTA}, follow=True)
        assert respuesta.redirect_chain == [(URL, 302)]
        repetida = client.post(CORREGIR, {"texto": "Otra."})

        assert repetida.status_code == 409
        assert "Otra." in repetida.text
        assert NotaDeCorreccion.objects.count() == 1


# --- In the admin -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "tabla",
    [
        *("informesemanal", "notadecorreccion", "observacionadependencia"),
        *("observaciondemiembro", "enlacedelcomite"),
    ],
)
def test_the_admin_shows_and_does_not_write(casa, client, tabla):
    crear_publicado(casa)
    url = f"/admin/seguimiento/{tabla}/"
    for quien, estado in ((casa.secretaria, 200), (casa.admin, 200), (casa.jefe, 403)):
        client.force_login(quien)
        assert client.get(url).status_code == estado
        assert client.get(f"{url}add/").status_code == 403


def test_the_report_in_the_admin_is_read(casa, client):
    informe = crear_publicado(casa)
    client.force_login(casa.secretaria)
    url = f"/admin/seguimiento/informesemanal/{informe.pk}/"

    assert client.get(f"{url}change/").status_code == 200
    assert client.post(f"{url}change/", {}).status_code == 403
    assert client.post(f"{url}delete/", {"post": "yes"}).status_code == 403


def test_an_unsigned_report_waits_in_the_bandeja_of_who_signs_it(casa, client):
    crear_informe()
    client.force_login(casa.secretaria)
    assert "Informes semanales por firmar" in client.get("/admin/").text
    client.force_login(casa.alcalde)
    assert "Informes semanales por firmar" not in client.get("/admin/").text
    crear_firmado(casa)
    client.force_login(casa.secretaria)

    assert "Informes semanales por firmar" not in client.get("/admin/").text


def test_a_week_is_seven_days(casa):
    assert SEMANA.hasta - SEMANA.desde == timedelta(days=6)
