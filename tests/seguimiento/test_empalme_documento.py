"""The documento de empalme: what it hands over, that it never changes, who signs it and who reads it."""

import hashlib
import io
import json
import socket
import zipfile
from datetime import date, timedelta
from uuid import uuid4

import html5lib
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pypdf import PdfReader

from participacion.models import Consulta
from portal import pdf, rutinas
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.huella import huella_de
from portal.models import Autorizacion, Canal, Titularidad, Usuario, Version
from portal.periodos import Periodo
from seguimiento.empalme import documento as servicio
from seguimiento.empalme.archivos import a_zip
from seguimiento.empalme.secciones import SECCIONES
from seguimiento.empalme.sistema import estado_de_las_copias, version_del_programa
from seguimiento.models import DocumentoDeEmpalme, ObservacionDeEmpalme
from tests.builders import asignar, crear_canal, crear_cargo, crear_usuario, crear_version
from tests.conectividad.builders import crear_enlace
from tests.participacion.builders import crear_casa_de_participacion, crear_cerrada, crear_consulta
from tests.seguimiento.builders import crear_criterio, crear_fase, evaluar
from tests.seguimiento.builders_del_plan import crear_actividad
from tests.seguimiento.builders_empalme import (
    HOY,
    crear_actividad_de_empalme,
    crear_canal_de_empalme,
    crear_documento,
    crear_empalme,
    crear_entrante,
    crear_publicado,
    crear_vinculado,
    el,
    firmar,
    publicar,
    registrar,
)
from tests.seguimiento.semanas import crear_medicion, crear_veces
from tests.tramites.builders import crear_tramite, sin_disparadores
from tests.ventanilla.builders import crear_casa_de_ventanilla, llevar, radicar

PUBLICO = "/gobierno-en-linea/empalme/2024-2027/"


@pytest.fixture(autouse=True)
def en_la_ventana():
    """Every test lives in the window of the handover of 2027."""
    with time_machine.travel(el(HOY, 8), tick=True) as reloj:
        yield reloj


@pytest.fixture
def empalme(casa):
    crear_canal_de_empalme(casa)
    return crear_empalme()


@pytest.fixture
def documento(casa, empalme):
    return crear_documento(casa, empalme)


@pytest.fixture
def participa(db):
    return crear_casa_de_participacion()


@pytest.fixture
def ventanilla(casa):
    return crear_casa_de_ventanilla(casa)


def seccion(documento, clave: str) -> list[list]:
    [una] = [s for s in documento.datos["secciones"] if s["clave"] == clave]
    return una["filas"]


def archivos(datos: bytes) -> dict[str, str]:
    """What a ZIP has, by name."""
    with zipfile.ZipFile(io.BytesIO(datos)) as libro:
        return {nombre: libro.read(nombre).decode("utf-8-sig") for nombre in libro.namelist()}


# --- What it hands over ---------------------------------------------------------------------------
class TestSections:
    def test_it_says_all_that_the_plan_asks_for(self):
        assert [una.clave for una in SECCIONES] == [
            *("actividades-de-empalme", "funcionarios-entrantes", "canales", "canales-sin-segunda-persona"),
            *("indicadores", "mediciones", "actividades-del-plan", "fases", "criterios"),
            *("radicados-por-clase", "radicados-abiertos", "tramites", "enlaces"),
            *("cierres-de-conectividad", "cortes-abiertos", "textos-por-autorizar"),
            *("urgentes-sin-autorizar", "consultas", "titularidades", "cuentas", "rutinas", "sistema"),
        ]

    def test_the_process_and_who_comes_in(self, casa, empalme):
        crear_vinculado(empalme, nombre="Luis Peña", cargo=casa.cargo_jefe)
        crear_entrante(empalme, cargo=casa.cargo_autor, nombre="Rosa Gil")
        hecha = registrar(casa, crear_actividad_de_empalme(casa, empalme, titulo="Entregar"), comunidad=12)

        documento = crear_documento(casa, empalme)

        assert seccion(documento, "actividades-de-empalme") == [
            [
                *("Entregar", "Reunión de los dos equipos", "Secretario General", "2027-12-11"),
                *("2027-12-11", "Sala", 1, 12, hecha.acta_huella),
            ]
        ]
        assert seccion(documento, "funcionarios-entrantes") == [
            ["Auxiliar", "Rosa Gil", None, "Sin vincular", ""],
            ["Secretario de Planeación", "Luis Peña", "2027-12-11", "Entró al Comité GEL-T", ""],
        ]

    def test_the_channels_with_their_holders_and_ages(self, casa, empalme):
        crear_version(casa, "publicada", en=el("2027-12-02"))

        filas = {fila[0]: fila for fila in seccion(crear_documento(casa, empalme), "canales")}

        assert filas["Programas y proyectos"] == [
            *("Programas y proyectos", "Planeación", "Auxiliar (autora)", "Editor de contenidos (editor)"),
            *("Alcalde (alcalde)", 31, "2027-12-02", 9, "Sí"),
        ]
        Titularidad.objects.filter(persona=casa.autora).update(hasta=date(2027, 12, 1))
        filas = {fila[0]: fila for fila in seccion(crear_documento(casa, empalme), "canales")}
        assert filas["Programas y proyectos"][2] == "Auxiliar (nadie lo ocupa)"

    def test_the_channels_without_a_second_person(self, casa, empalme):
        assert seccion(crear_documento(casa, empalme), "canales-sin-segunda-persona") == []

        Titularidad.objects.exclude(persona=casa.secretaria).update(hasta=date(2027, 12, 1))
        filas = seccion(crear_documento(casa, empalme), "canales-sin-segunda-persona")
        assert ["Empalme", "Secretaría General", "La misma persona escribe y autoriza"] in filas
        assert len(filas) == Canal.objects.filter(activo=True).count()

    def test_the_plan_with_its_history(self, casa, empalme):
        indicador = crear_veces(texto="Veces", lectura="", codigo="veces")
        for semana, valor in ((47, 2), (48, 0)):
            crear_medicion(indicador, Periodo.semana(2027, semana), valor)
        crear_medicion(indicador, Periodo.semana(2027, 48), 9, dependencia=casa.planeacion)
        crear_actividad(casa.cargo_jefe, texto="Socializar", fin=date(2027, 12, 31))

        documento = crear_documento(casa, empalme)

        assert seccion(documento, "indicadores") == [
            ["Veces", "Mínimo 1 vez a la semana", "0.00", "veces", "2027-12-05", "No", ""]
        ]
        assert [fila[:4] for fila in seccion(documento, "mediciones")] == [
            ["veces", "2027-11-22", "2027-11-28", "2.00"],
            ["veces", "2027-11-29", "2027-12-05", "0.00"],
        ]
        [actividad] = seccion(documento, "actividades-del-plan")
        assert (actividad[0], actividad[2:5]) == (
            "Socializar",
            ["Secretario de Planeación", "2027-12-31", "Pendiente"],
        )

    def test_phases_and_criteria(self, casa, empalme):
        fase = crear_fase(nombre="Información", plazo_territorial=date(2027, 11, 1))
        for codigo, resultado in (("INF-01", "cumple"), ("INF-02", "no_cumple")):
            evaluar(crear_criterio(fase=fase, codigo=codigo), resultado)

        documento = crear_documento(casa, empalme)

        [una] = [fila for fila in seccion(documento, "fases") if fila[1] == "Información"]
        assert una[2:] == ["2027-11-01", "Vencida", 50, 2, 1]
        criterios = {fila[0]: fila for fila in seccion(documento, "criterios")}
        assert criterios["INF-01"][4:6] == ["Cumple", "Probado por regla"]
        assert criterios["INF-02"][4] == "No cumple"

    def test_open_radicados_by_number_and_nothing_of_anybody(self, ventanilla, empalme):
        abierto = llevar(ventanilla, radicar(en=el("2027-11-02")), "en_tramite", en=el("2027-11-03"))
        nuevo = radicar(en=el("2027-12-10"))
        llevar(ventanilla, radicar(en=el("2027-11-02")), "respondido", en=el("2027-11-04"))
        radicar("denuncia", en=el("2027-12-10"), asunto="Cobros indebidos")

        documento = crear_documento(ventanilla, empalme)

        filas = seccion(documento, "radicados-abiertos")
        assert [fila[0] for fila in filas] == [abierto.numero, nuevo.numero]
        assert filas[0][2:4] == ["Planeación", "En trámite"]
        assert filas[1][2] == "Sin repartir todavía"
        cuentas = {(fila[0], fila[1]): fila[2:] for fila in seccion(documento, "radicados-por-clase")}
        assert cuentas["Clases reservadas, todas juntas", ""] == [1, 0]
        assert cuentas[str(abierto.clase), "Planeación"] == [1, 1]
        entero = json.dumps(documento.datos, ensure_ascii=False)
        for ajeno in ("Cobros", "Luces del parque", "Ana Rojas", "3001234567", "Denuncia"):
            assert ajeno not in entero, ajeno

    def test_tramites_and_their_gaps(self, casa, empalme):
        completo = crear_tramite(casa, "inscrito")
        vacio = crear_tramite(casa, "sin_gestion")

        filas = {fila[0]: fila for fila in seccion(crear_documento(casa, empalme), "tramites")}

        assert filas[completo.codigo][3:5] == ["Inscrito", completo.numero_suit]
        assert filas[completo.codigo][6:] == [0, ""]
        assert filas[vacio.codigo][6:] == [None, "No tiene hoja de vida."]

    def test_connectivity_and_its_contracts(self, casa, empalme):
        crear_enlace("Palacio", contrato="012", contrato_hasta=date(2027, 12, 31), tarifa=350_000)

        [fila] = seccion(crear_documento(casa, empalme), "enlaces")

        assert (fila[0], fila[3], fila[5], fila[9]) == ("Palacio", "012", "2027-12-31", 350_000)

    def test_texts_on_their_way_go_by_number(self, casa, empalme):
        espera = crear_version(casa, "por_autorizar", titulo="Lo que nadie ha autorizado")
        crear_version(casa, "borrador", titulo="Apenas un borrador")
        crear_version(casa, "urgente", titulo="Creciente del río")

        documento = crear_documento(casa, empalme)

        assert [fila[:4] for fila in seccion(documento, "textos-por-autorizar")] == [
            [espera.pk, "Programas y proyectos", "Planeación", "Por autorizar"]
        ]
        [urgente] = seccion(documento, "urgentes-sin-autorizar")
        assert urgente[:3] == ["Creciente del río", "Programas y proyectos", HOY]
        assert "Lo que nadie ha autorizado" not in json.dumps(documento.datos)

    def test_what_was_asked_and_has_no_outcome(self, participa):
        casa, empalme = participa, crear_empalme()
        espera = crear_consulta(casa, "por_autorizar", titulo="La que nadie ha autorizado")
        crear_consulta(casa, "borrador", titulo="Apenas un borrador")
        abierta = crear_consulta(casa, titulo="¿Le sirve el sitio?")
        debe = crear_cerrada(casa, hace=timedelta(days=90), titulo="¿Qué vía va primero?")

        documento = crear_documento(casa, empalme)

        filas = {fila[0]: fila[1:5] for fila in seccion(documento, "consultas")}
        assert filas == {
            espera.pk: ["", "Encuestas", "Secretaría General", "Por autorizar"],
            abierta.pk: ["¿Le sirve el sitio?", "Encuestas", "Secretaría General", "Abierta"],
            debe.pk: [
                *("¿Qué vía va primero?", "Encuestas", "Secretaría General"),
                "Cerrada: su resultado está vencido",
            ],
        }
        assert "La que nadie ha autorizado" not in json.dumps(documento.datos, ensure_ascii=False)

    def test_accounts_and_tenures(self, casa, empalme):
        Usuario.objects.filter(pk=casa.jefe.pk).update(last_login=el("2027-12-01"))
        crear_usuario("ida", is_active=False)

        documento = crear_documento(casa, empalme)

        cuentas = {fila[0]: fila[1:] for fila in seccion(documento, "cuentas")}
        assert cuentas["jefe"] == ["jefe", "Secretario de Planeación", "No", "2027-12-01"]
        assert cuentas["admin"] == ["admin", "Ninguno", "Sí", None]
        assert "ida" not in cuentas
        titulares = {fila[0]: fila[1:] for fila in seccion(documento, "titularidades")}
        assert titulares["Auxiliar"] == ["Planeación", "autora", "Titular", "2026-12-12", None, ""]

    def test_the_machine(self, casa, empalme):
        antes = dict(rutinas.registro)
        rutinas.declarar("prueba", "Probar", cada=timezone.timedelta(hours=1), funcion=lambda en: "Hecho.")
        try:
            rutinas.correr(rutinas.registro["prueba"])
            filas = {fila[0]: fila[1:] for fila in seccion(crear_documento(casa, empalme), "rutinas")}
        finally:
            rutinas.registro.clear()
            rutinas.registro.update(antes)
        assert filas["Probar"] == [HOY, "Bien"]
        assert filas["Publicar lo programado"] == [None, "Nunca ha corrido"]

    def test_the_version_has_one_place(self, tmp_path):
        cambios = tmp_path / "CHANGELOG.md"
        assert "No se sabe" in version_del_programa(cambios)
        cambios.write_text("# Changes\n\n## Unreleased\n")
        assert version_del_programa(cambios) == "En desarrollo, sin número todavía"
        cambios.write_text("# Changes\n\n## Unreleased\n\n## 1.0 (2027-01-01)\n")
        assert version_del_programa(cambios) == "En desarrollo, después de 1.0 (2027-01-01)"
        cambios.write_text("# Changes\n\n## 1.1 (2027-12-01)\n\n## 1.0\n")
        assert version_del_programa(cambios) == "1.1 (2027-12-01)"

    def test_the_backups_are_told_or_it_says_that_it_does_not_know(self, settings, tmp_path):
        import os

        assert "El portal no lo sabe" in estado_de_las_copias()
        settings.CARPETA_DE_RESPALDOS = str(tmp_path / "no-hay")
        assert "no puede leer" in estado_de_las_copias()
        settings.CARPETA_DE_RESPALDOS = str(tmp_path)
        assert "está vacía" in estado_de_las_copias()
        (tmp_path / "2027-12-10").mkdir()
        for nombre, dia in (("2027-12-10/portal.dump", "2027-12-10"), ("viejo.dump", "2027-11-01")):
            (tmp_path / nombre).write_bytes(b"x")
            os.utime(tmp_path / nombre, (el(dia).timestamp(),) * 2)
        assert estado_de_las_copias() == "La copia más reciente es del 10/12/2027."

    def test_each_section_costs_the_same_at_any_size(self, ventanilla, empalme):
        casa = ventanilla

        def crecer():
            n = uuid4().hex[:6]
            crear_vinculado(empalme, cargo=crear_cargo(casa.general))
            registrar(casa, crear_actividad_de_empalme(casa, empalme))
            canal = crear_canal(casa.planeacion)
            asignar(canal, autor=casa.cargo_autor)
            crear_version(casa, "publicada", titulo=f"Obra {n}")
            crear_version(casa, "por_autorizar", titulo=f"Otra {n}")
            crear_version(casa, "urgente", titulo=f"Urge {n}")
            crear_medicion(crear_veces(), Periodo.semana(2027, 47), 1)
            crear_actividad(casa.cargo_jefe)
            evaluar(crear_criterio(fase=crear_fase()), "cumple")
            radicar()
            crear_tramite(casa, "inscrito")
            crear_enlace(f"Enlace {n}")
            crear_usuario(n, crear_cargo(casa.planeacion))
            hace = timezone.now() - timedelta(days=30)
            Consulta.objects.create(
                **{"clase": "encuesta", "titulo": n, "slug": n, "estado": "por_autorizar"},
                **{"canal": canal, "dependencia": casa.planeacion, "abre_en": hace},
                **{"cierra_en": timezone.now(), "resultado_hasta": date(2027, 12, 31)},
                **{"creada_por": casa.autora, "editada_por": casa.autora},
            )

        def consultas():
            cuentas = {}
            for una in SECCIONES:
                with CaptureQueriesContext(connection) as hechas:
                    assert una.congelar(empalme, timezone.now())["filas"] is not None
                cuentas[una.clave] = len(hechas)
            return cuentas

        crecer()
        antes = consultas()
        for _ in range(3):
            crecer()

        assert consultas() == antes
        assert sum(antes.values()) < 50
        assert max(antes.values()) <= 13  # a hoja de vida has many parts


# --- Assembling -----------------------------------------------------------------------------------
class TestAssembling:
    def test_it_is_frozen_numbered_and_hashed(self, casa, empalme, documento):
        assert (documento.numero, documento.estado) == ("2027-001", "congelado")
        assert documento.huella == huella_de(documento.datos)
        assert (documento.congelado_por, documento.integro()) == (casa.secretaria, True)
        assert documento.datos["corte"] == HOY

    def test_twice_is_the_same_unless_something_changed(self, casa, empalme, documento):
        assert servicio.armar(empalme, por=casa.secretaria) == (documento, False)

        crear_version(casa, "por_autorizar")
        otro, nuevo = servicio.armar(empalme, por=casa.secretaria)

        assert (nuevo, otro.numero) == (True, "2027-002")
        documento.refresh_from_db()
        assert documento.estado == "reemplazado"

    def test_after_the_signature_another_may_follow_and_the_signed_one_stays(self, casa, empalme, documento):
        firmar(casa, documento)

        otro, nuevo = servicio.armar(empalme, por=casa.secretaria)

        documento.refresh_from_db()
        assert (documento.estado, nuevo, otro.estado) == ("firmado", True, "congelado")

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "autora", "admin"])
    def test_only_secretaria_general_assembles(self, casa, empalme, quien):
        with pytest.raises(SinPermiso):
            servicio.armar(empalme, por=getattr(casa, quien))

    def test_the_button(self, client, casa, empalme):
        client.force_login(casa.secretaria)
        mesa = "/panel/empalme/2024-2027/"

        primera = client.post(mesa, {"que": "armar"}, follow=True).text
        segunda = client.post(mesa, {"que": "armar"}, follow=True).text

        assert "Se armó el documento 2027-001" in primera
        assert "Nada cambió" in segunda
        assert DocumentoDeEmpalme.objects.count() == 1

    def test_the_command_shows_how_it_goes(self, casa, empalme):
        salidas = []
        for _ in range(2):
            salida = io.StringIO()
            call_command("armar_empalme", "2024-2027", stdout=salida)
            salidas.append(salida.getvalue())

        assert f"[1/{len(SECCIONES)}] Actividades del empalme" in salidas[0]
        assert "Se armó el Documento de empalme 2027-001" in salidas[0]
        assert "Nada cambió" in salidas[1]
        assert DocumentoDeEmpalme.objects.get().congelado_por is None

    def test_the_command_without_a_name_takes_the_last(self, casa, empalme):
        call_command("armar_empalme", verbosity=0)

        assert DocumentoDeEmpalme.objects.get().empalme == empalme
        with pytest.raises(CommandError, match="2024-2027"):
            call_command("armar_empalme", "1999")

    def test_postgresql_refuses_to_change_it(self, casa, documento):
        filas = DocumentoDeEmpalme.objects.filter(pk=documento.pk)
        for paso in (
            lambda: filas.update(datos={}),
            lambda: filas.update(huella="0" * 64),
            lambda: filas.update(consecutivo=9),
            lambda: filas.update(congelado_por=None),
            lambda: filas._raw_delete(filas.db),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                paso()

    def test_one_that_was_replaced_does_not_come_back(self, casa, empalme, documento):
        crear_version(casa, "por_autorizar")
        servicio.armar(empalme)

        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentoDeEmpalme.objects.filter(pk=documento.pk).update(estado="congelado")
        with pytest.raises(EstadoInadecuado):
            firmar(casa, documento)


# --- Observations and signature ---------------------------------------------------------------------
@pytest.fixture
def entrante(casa, empalme):
    nueva = crear_usuario("nueva")
    crear_entrante(empalme, cargo=casa.cargo_jefe, nombre="Luis Peña", usuario=nueva)
    return nueva


class TestObservations:
    def test_each_team_writes_and_signs(self, client, casa, documento, entrante):
        for usuario, equipo in ((casa.secretaria, "saliente"), (entrante, "entrante")):
            client.force_login(usuario)
            for _ in range(2):  # sent twice, written once
                respuesta = client.post(
                    documento.url_en_el_panel(),
                    {"que": "observar", "observar-equipo": equipo, "observar-texto": f"Por el {equipo}"},
                )
                assert respuesta.status_code == 302

        assert documento.lo_que_dicen() == [
            ["saliente", "Por el saliente", "secretaria, Secretario General (Secretaría General)"],
            ["entrante", "Por el entrante", "Luis Peña, entra como Secretario de Planeación (Planeación)"],
        ]

    def test_nobody_writes_for_the_other_team(self, client, casa, documento, entrante):
        client.force_login(entrante)
        datos = {"que": "observar", "observar-equipo": "saliente", "observar-texto": "No"}

        assert client.post(documento.url_en_el_panel(), datos).status_code == 422
        with pytest.raises(SinPermiso):
            servicio.observar(documento, equipo="saliente", texto="No", por=entrante)
        with pytest.raises(SinPermiso):
            servicio.observar(documento, equipo="entrante", texto="No", por=casa.secretaria)

    @pytest.mark.parametrize("quien", ["jefe", "alcalde", "admin", "autora"])
    def test_the_rest_do_not_write(self, client, casa, documento, quien):
        client.force_login(getattr(casa, quien))

        for que in ("observar", "firmar"):
            assert client.post(documento.url_en_el_panel(), {"que": que}).status_code == 403

    def test_an_empty_one_is_refused(self, client, casa, documento):
        client.force_login(casa.secretaria)

        respuesta = client.post(
            documento.url_en_el_panel(),
            {"que": "observar", "observar-equipo": "saliente", "observar-texto": ""},
        )

        assert respuesta.status_code == 422
        assert "Escriba la observación." in respuesta.text

    def test_only_before_the_signature(self, casa, documento):
        firmar(casa, documento)

        with pytest.raises(CondicionIncumplida):
            servicio.observar(documento, equipo="saliente", texto="Tarde", por=casa.secretaria)
        with pytest.raises(IntegrityError), transaction.atomic():
            ObservacionDeEmpalme.objects.create(
                documento=documento, equipo="saliente", texto="Tarde", por=casa.secretaria, firma="Yo"
            )

    def test_postgresql_refuses_to_change_one(self, casa, documento):
        servicio.observar(documento, equipo="saliente", texto="Falta", por=casa.secretaria)

        for paso in (
            lambda: ObservacionDeEmpalme.objects.update(texto="Otra"),
            lambda: ObservacionDeEmpalme.objects.all().delete(),
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                paso()


class TestTheSitemap:
    def test_has_each_handover_and_what_anybody_may_read_of_it(self, client, casa, empalme, documento):
        assert f"{empalme.get_absolute_url()}</loc>" in client.get("/sitemap.xml").text
        firmado = firmar(casa, documento)
        assert f"{firmado.get_absolute_url()}</loc>" not in client.get("/sitemap.xml").text
        publicar(casa, firmado)
        assert f"{firmado.get_absolute_url()}</loc>" in client.get("/sitemap.xml").text

    def test_reads_the_same_however_many_there_are(self, client, casa, empalme, documento):
        publicar(casa, firmar(casa, documento))
        with CaptureQueriesContext(connection) as con_uno:
            client.get("/sitemap.xml")
        crear_empalme(2031)
        crear_empalme(2035)

        with CaptureQueriesContext(connection) as con_tres:
            client.get("/sitemap.xml")

        assert len(con_tres) == len(con_uno)


class TestSigning:
    def datos(self, documento, **campos):
        return {"que": "firmar", "firmar-leido": documento.huella_leida(), "firmar-firmo": "on"} | campos

    def test_it_is_signed_and_its_text_goes_to_whoever_validates(self, client, casa, documento):
        client.force_login(casa.secretaria)

        assert client.post(documento.url_en_el_panel(), self.datos(documento)).status_code == 302

        documento.refresh_from_db()
        assert documento.firmado
        assert documento.integro()
        version = Version.objects.get(publicacion=documento.publicacion)
        assert (version.estado, version.norma_numero) == ("en_validacion", "2027-001")
        assert version.publicacion.canal == casa.canal_empalme
        for palabra in (documento.huella, documento.huella_firmada, documento.numero, "fila"):
            assert palabra in version.cuerpo

    def test_only_once(self, client, casa, documento):
        client.force_login(casa.secretaria)
        datos = self.datos(documento)
        client.post(documento.url_en_el_panel(), datos)

        assert client.post(documento.url_en_el_panel(), datos).status_code == 409
        assert Version.objects.filter(publicacion__canal=casa.canal_empalme).count() == 1

    def test_without_saying_that_it_was_read_it_is_not_signed(self, client, casa, documento):
        client.force_login(casa.secretaria)

        respuesta = client.post(documento.url_en_el_panel(), self.datos(documento, **{"firmar-firmo": ""}))

        assert respuesta.status_code == 422
        documento.refresh_from_db()
        assert documento.por_firmar

    def test_what_a_team_writes_meanwhile_is_read_first(self, client, casa, documento, entrante):
        client.force_login(casa.secretaria)
        datos = self.datos(documento)
        servicio.observar(documento, equipo="entrante", texto="Falta un contrato", por=entrante)

        respuesta = client.post(documento.url_en_el_panel(), datos)

        assert respuesta.status_code == 409
        assert "Falta un contrato" in respuesta.text
        assert f'value="{documento.huella_leida()}"' in respuesta.text
        assert client.post(documento.url_en_el_panel(), self.datos(documento)).status_code == 302

    @pytest.mark.parametrize("quien", ["alcalde", "jefe", "admin"])
    def test_only_secretaria_general_signs(self, casa, documento, quien):
        with pytest.raises(SinPermiso):
            servicio.firmar(documento, por=getattr(casa, quien), leido=documento.huella_leida())

    def test_without_the_channel_nothing_is_signed(self, casa, documento):
        Canal.objects.filter(slug="empalme").update(activo=False)

        with pytest.raises(CondicionIncumplida, match="empalme"):
            firmar(casa, documento)

    def test_what_does_not_match_its_hash_is_not_signed(self, casa, documento):
        with sin_disparadores() as cursor:
            cursor.execute("UPDATE seguimiento_documentodeempalme SET datos = '{}'")

        with pytest.raises(CondicionIncumplida, match="no coincide"):
            firmar(casa, documento)

    def test_a_signed_one_does_not_change(self, casa, documento):
        firmado = firmar(casa, documento)

        with pytest.raises(IntegrityError), transaction.atomic():
            DocumentoDeEmpalme.objects.filter(pk=firmado.pk).update(firma="Otra")

    def test_whoever_authorises_is_another_person(self, casa, documento):
        publicar(casa, firmar(casa, documento))

        assert Autorizacion.objects.get(version__publicacion__canal__slug="empalme").persona == casa.alcalde


# --- Who reads it -----------------------------------------------------------------------------------
class TestPublic:
    def rutas(self, documento):
        pagina = documento.get_absolute_url()
        return [pagina, f"{pagina}documento.zip", f"{pagina}documento.pdf"]

    def test_nobody_outside_before_its_text_is_authorised(self, client, casa, documento):
        firmado = firmar(casa, documento)

        for ruta in self.rutas(firmado):
            assert client.get(ruta).status_code == 404
        assert "Todavía no se ha publicado" in client.get(PUBLICO).text

        publicar(casa, firmado)
        for ruta in self.rutas(firmado):
            assert client.get(ruta).status_code == 200
        assert firmado.numero in client.get(PUBLICO).text

    def test_the_desk_reads_it_before(self, client, casa, documento):
        pagina = documento.url_en_el_panel()
        rutas = [pagina, f"{pagina}documento.zip", f"{pagina}documento.pdf"]

        for quien, estado in ((casa.jefe, 200), (casa.autora, 403), (casa.admin, 403)):
            client.force_login(quien)
            assert [client.get(ruta).status_code for ruta in rutas] == [estado] * 3
        client.logout()
        assert [client.get(ruta).status_code for ruta in rutas] == [302] * 3

    def test_the_accounts_are_for_both_teams_only(self, client, casa, empalme):
        crear_usuario("usuario.secreto")
        documento = crear_publicado(casa, empalme)
        publicas = [client.get(ruta) for ruta in self.rutas(documento)]
        client.force_login(casa.jefe)

        mesa = documento.url_en_el_panel()
        assert "usuario.secreto" in client.get(mesa).text
        assert "usuario.secreto" in archivos(client.get(f"{mesa}documento.zip").content)["20-cuentas.csv"]
        assert "usuario.secreto" not in publicas[0].text
        assert "no se publica, por seguridad" in publicas[0].text
        abiertos = archivos(publicas[1].content)
        assert not [nombre for nombre, texto in abiertos.items() if "usuario.secreto" in texto]
        texto = "".join(pagina.extract_text() for pagina in PdfReader(io.BytesIO(publicas[2].content)).pages)
        assert "usuario.secreto" not in texto
        assert documento.huella[:16] in texto

    def test_the_zip_is_the_same_each_time_and_says_how_to_check_it(self, casa, empalme):
        documento = crear_publicado(casa, empalme)

        datos = a_zip(documento, entero=True)

        assert datos == a_zip(DocumentoDeEmpalme.objects.get(), entero=True)
        with zipfile.ZipFile(io.BytesIO(datos)) as libro:
            assert hashlib.sha256(libro.read("documento.json")).hexdigest() == documento.huella
            leame = libro.read("LEAME.txt").decode()
            for nombre in libro.namelist():
                if nombre != "LEAME.txt":
                    assert f"{hashlib.sha256(libro.read(nombre)).hexdigest()}  {nombre}" in leame
        assert documento.huella in leame
        assert documento.firma in leame
        assert len([n for n in archivos(datos) if n.endswith(".csv")]) == len(SECCIONES) + 1

    def test_no_cell_runs(self, client, casa, empalme):
        crear_entrante(empalme, cargo=casa.cargo_jefe, nombre="=1+1")
        documento = crear_documento(casa, empalme)

        assert "'=1+1" in archivos(a_zip(documento, entero=True))["02-funcionarios-entrantes.csv"]

    def test_what_people_write_is_shown_as_text(self, client, casa, empalme):
        crear_entrante(empalme, cargo=casa.cargo_jefe, nombre="<script>alert(1)</script>")
        documento = crear_publicado(casa, empalme)

        for ruta in (documento.get_absolute_url(), PUBLICO):
            assert "<script>alert" not in client.get(ruta).text

    def test_the_page_of_the_handover(self, client, casa, empalme):
        crear_vinculado(empalme, nombre="Luis Peña")
        registrar(casa, crear_actividad_de_empalme(casa, empalme, titulo="Entregar"), comunidad=12)

        pagina = client.get(PUBLICO).text
        lista = client.get("/gobierno-en-linea/empalme/").text

        assert "De la comunidad asistieron 12 personas." in pagina
        assert "Se entregó el inventario." not in pagina  # minutes may name people
        assert "<strong>1 de 1</strong>" in pagina
        assert 'href="/gobierno-en-linea/empalme/2024-2027/"' in lista
        for html in (pagina, lista):
            html5lib.HTMLParser(strict=True).parse(html)

    def test_what_is_not_there(self, client, casa, empalme, documento):
        publicado = documento.get_absolute_url()

        for ruta in (f"{PUBLICO}2027-009/", "/gobierno-en-linea/empalme/1999/", f"{publicado}documento.exe"):
            assert client.get(ruta).status_code == 404
        assert client.post(PUBLICO).status_code == 405

    def test_before_there_is_any(self, client, casa):
        assert "Todavía no se ha convocado ninguno" in client.get("/gobierno-en-linea/empalme/").text

    def test_it_can_be_kept_and_sets_no_cookie(self, client, casa, empalme):
        documento = crear_publicado(casa, empalme)

        for ruta in (PUBLICO, documento.get_absolute_url(), "/gobierno-en-linea/empalme/"):
            respuesta = client.get(ruta)
            assert not respuesta.cookies
            assert respuesta["Cache-Control"] == "public, no-cache"

    def test_each_page_costs_the_same_at_any_size(self, client, casa, empalme):
        documento = crear_publicado(casa, empalme)
        rutas = (PUBLICO, "/gobierno-en-linea/empalme/", documento.get_absolute_url())

        def consultas():
            cuentas = []
            for ruta in rutas:
                client.get(ruta)
                with CaptureQueriesContext(connection) as hechas:
                    client.get(ruta)
                cuentas.append(len(hechas))
            return cuentas

        antes = consultas()
        for anio in (2023, 2019):
            crear_empalme(anio)
        for _ in range(5):
            crear_vinculado(empalme)
            registrar(casa, crear_actividad_de_empalme(casa, empalme))
        crear_publicado(casa, empalme)

        assert consultas() == antes
        assert max(antes) <= 7

    def test_the_pdf_asks_for_nothing_outside(self, client, casa, empalme, monkeypatch):
        documento = crear_publicado(casa, empalme)

        def nadie(*args, **kwargs):
            raise AssertionError("El PDF buscó algo afuera.")

        monkeypatch.setattr(socket, "getaddrinfo", nadie)
        if not pdf.hay_pdf():
            pytest.skip("Falta Pango.")
        assert client.get(f"{documento.get_absolute_url()}documento.pdf").content.startswith(b"%PDF")
