"""Each rule, when what it asks is there and when it is not; and what it says when it cannot look."""

import logging
from datetime import date, timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from conectividad.mes import Mes
from portal import services
from portal.busqueda import desindexar
from portal.forms import BusquedaForm
from portal.models import Canal, Correo, Titularidad
from portal.sitio import MENU
from seguimiento.evaluacion import verificar
from seguimiento.inspeccion import INSPECCIONES
from seguimiento.models import Criterio, Miembro, Plan
from seguimiento.paginas import Lector, Pagina, interno
from seguimiento.registro import REGLAS
from seguimiento.verificaciones import aplicar
from tests.builders import crear_dependencia, crear_municipio, crear_publicada, crear_version, en_fecha
from tests.conectividad.builders import crear_cierre, crear_enlace
from tests.seguimiento.builders import crear_criterio, crear_otro_canal, hallar, publicar_con_archivo
from tests.tramites.builders import crear_tramite, llenar_hoja, llevar
from tests.ventanilla.builders import cargar_reglas, radicar
from tests.ventanilla.builders import llevar as llevar_radicado
from tramites.flujo import dar_paso
from tramites.hojas import agregar_accion, agregar_momento, editar_hoja
from tramites.models import Racionalizacion, SituacionDeVida, Tramite, TramiteEnSituacion
from ventanilla.models import ClaseDeRadicado, Formulario
from ventanilla.services import valorar

CUMPLE, PARCIAL, NO_CUMPLE, SIN_EVALUAR = "cumple", "parcial", "no_cumple", "sin_evaluar"
PROYECTOS = ["programas-y-proyectos"]
HOY = timezone.localdate


def documento(**campos) -> dict:
    valores = {"tipo": "documento", "norma_tipo": "decreto", "norma_numero": "012", "norma_fecha": HOY()}
    return valores | campos


# --- What is published --------------------------------------------------------------------------
class TestPublications:
    def test_a_live_publication_of_the_channel_is_found_and_named(self, casa):
        crear_publicada(casa, titulo="Pavimentación de la calle 3")

        assert hallar("hay-publicaciones", canales=PROYECTOS) == (
            CUMPLE,
            "Está «Pavimentación de la calle 3» (Planeación).",
            "",
        )

    def test_without_any_it_says_where_and_what_to_publish(self, casa):
        assert hallar("hay-publicaciones", canales=PROYECTOS, tipo="documento") == (
            NO_CUMPLE,
            "En «Programas y proyectos» (Planeación) falta un documento.",
            "Publique en «Programas y proyectos» (Planeación) un documento.",
        )

    @pytest.mark.parametrize("estado", ["borrador", "en_validacion", "autorizada", "programada", "retirada"])
    def test_what_the_public_does_not_read_does_not_count(self, casa, estado):
        crear_version(casa, estado)

        assert hallar("hay-publicaciones", canales=PROYECTOS)[0] == NO_CUMPLE

    def test_a_hidden_channel_has_nothing_and_is_said_to_be_hidden(self, casa):
        crear_publicada(casa)
        Canal.objects.filter(pk=casa.canal.pk).update(publico=False)

        resultado, detalle, _arreglo = hallar("hay-publicaciones", canales=PROYECTOS)

        assert resultado == NO_CUMPLE
        assert "el público no lo ve" in detalle

    @pytest.mark.parametrize(
        ("pedido", "tiene", "le_falta"),
        [
            ({"tipo": "documento"}, documento(), {}),
            ({"normas": ["decreto", "ley"]}, documento(), documento(norma_tipo="acuerdo")),
            ({"con_numero": True}, documento(), documento(norma_numero="")),
            ({"palabras": ["veeduria"]}, {"titulo": "La veeduría de la obra"}, {"titulo": "La obra"}),
            (
                {"enlace_a": ["secop.gov.co"]},
                {"cuerpo": '<p><a href="https://www.secop.gov.co/x">Procesos</a></p>'},
                {"cuerpo": '<p><a href="https://www.gov.co/">Procesos</a></p>'},
            ),
            ({"anio": "actual"}, documento(), documento(norma_fecha=date(2020, 5, 1))),
            ({"anio": "actual"}, {"titulo": f"Presupuesto {HOY().year}"}, {"titulo": "Presupuesto 2020"}),
            ({"anio": "anterior"}, {"titulo": f"Informe de {HOY().year - 1}"}, documento()),
            ({"anio": "cerrados"}, {"titulo": f"Informe de {HOY().year - 4}"}, documento()),
            ({"dias": 7}, {}, {"en": timezone.now() - timedelta(days=8)}),
        ],
        ids=lambda valor: "-".join(valor) if isinstance(valor, dict) else None,
    )
    def test_what_is_asked_of_it(self, casa, pedido, tiene, le_falta):
        crear_publicada(casa, **le_falta)
        antes = hallar("hay-publicaciones", canales=PROYECTOS, **pedido)
        crear_publicada(casa, **tiene)
        despues = hallar("hay-publicaciones", canales=PROYECTOS, **pedido)

        assert (antes[0], despues[0]) == (NO_CUMPLE, CUMPLE)

    def test_a_file_is_one_attached_to_the_text_the_public_reads(self, casa, adjunto_pdf):
        crear_publicada(casa)
        antes = hallar("hay-publicaciones", canales=PROYECTOS, con_archivo=True)
        publicar_con_archivo(casa, adjunto_pdf, titulo="Plano de la obra")
        despues = hallar("hay-publicaciones", canales=PROYECTOS, con_archivo=True)

        assert (antes[0], despues[0]) == (NO_CUMPLE, CUMPLE)
        assert "Plano de la obra" in despues[1]

    def test_fewer_than_asked_is_in_part(self, casa):
        crear_publicada(casa)

        assert hallar("hay-publicaciones", canales=PROYECTOS, minimo=2)[0] == PARCIAL
        crear_publicada(casa)
        assert hallar("hay-publicaciones", canales=PROYECTOS, minimo=2)[0] == CUMPLE

    def test_each_word_is_asked_for_apart(self, casa):
        crear_publicada(casa, titulo="Registro de activos")
        palabras = ["registro de activos", "índice"]

        resultado, detalle, _arreglo = hallar("hay-publicaciones", palabras=palabras, cada_palabra=True)
        assert (resultado, "«índice»" in detalle, "«registro" in detalle) == (PARCIAL, True, False)
        assert hallar("hay-publicaciones", palabras=palabras)[0] == CUMPLE

        crear_publicada(casa, titulo="Índice de información reservada")
        assert hallar("hay-publicaciones", palabras=palabras, cada_palabra=True)[0] == CUMPLE

    def test_what_it_says_does_not_change_by_itself(self, casa):
        crear_publicada(casa, titulo="La primera", en=timezone.now() - timedelta(days=2))
        antes = hallar("hay-publicaciones", canales=PROYECTOS)
        crear_publicada(casa, titulo="La segunda")

        assert hallar("hay-publicaciones", canales=PROYECTOS) == antes


class TestChannelsUpToDate:
    def test_a_channel_is_up_to_date_until_the_day_of_its_maximum_age(self, casa):
        publicada = en_fecha("2026-10-01")
        crear_publicada(casa, en=publicada)

        al_dia = hallar("canales-al-dia", canales=PROYECTOS, en=publicada + timedelta(days=30))
        vencido = hallar("canales-al-dia", canales=PROYECTOS, en=publicada + timedelta(days=31))

        assert al_dia[:2] == (
            CUMPLE,
            "«Programas y proyectos» (Planeación) se renovó el 1 de octubre de 2026; el plazo es de 31 días.",
        )
        assert vencido[0] == NO_CUMPLE
        assert "sigue vigente" in vencido[2]

    def test_saying_that_it_is_still_in_force_renews_it(self, casa):
        publicacion = crear_publicada(casa, en=timezone.now() - timedelta(days=40))
        assert hallar("canales-al-dia", canales=PROYECTOS)[0] == NO_CUMPLE

        services.ratificar_vigencia(publicacion, por=casa.autora)

        assert hallar("canales-al-dia", canales=PROYECTOS)[0] == CUMPLE

    def test_other_days_may_be_asked(self, casa):
        crear_publicada(casa, en=timezone.now() - timedelta(days=8))

        assert hallar("canales-al-dia", canales=PROYECTOS, dias=7)[0] == NO_CUMPLE
        assert hallar("canales-al-dia", canales=PROYECTOS, dias=9)[0] == CUMPLE

    def test_a_channel_whose_only_text_was_withdrawn_is_not_up_to_date(self, casa):
        crear_version(casa, "retirada")

        resultado, detalle, _arreglo = hallar("canales-al-dia", canales=PROYECTOS)

        assert resultado == NO_CUMPLE
        assert "no tiene nada publicado" in detalle

    def test_without_channels_it_looks_at_all_those_with_an_age(self, casa):
        crear_publicada(casa)
        casa.canal_tramites.delete()
        crear_otro_canal(casa, edad_maxima_dias=None)
        assert hallar("canales-al-dia")[0] == CUMPLE

        crear_otro_canal(casa, nombre="Olvidado", edad_maxima_dias=7)

        resultado, detalle, _arreglo = hallar("canales-al-dia")
        assert (resultado, "«Olvidado» (Planeación) nunca se ha renovado" in detalle) == (PARCIAL, True)

    def test_without_an_age_there_is_nothing_to_compare_with(self, casa):
        Canal.objects.update(edad_maxima_dias=None)

        resultado, detalle, _arreglo = hallar("canales-al-dia", canales=PROYECTOS)

        assert resultado == SIN_EVALUAR
        assert "no tiene edad máxima" in detalle


class TestAgenda:
    @pytest.mark.parametrize(
        ("inicio", "resultado"),
        [("2026-11-02", CUMPLE), ("2026-12-24", CUMPLE), ("2026-10-31", NO_CUMPLE)],
    )
    def test_an_event_of_this_month_or_to_come(self, casa, inicio, resultado):
        agenda = crear_otro_canal(casa, slug="agenda")
        cuando = en_fecha(inicio)
        crear_publicada(
            casa,
            canal=agenda,
            tipo="evento",
            evento_inicio=cuando,
            evento_fin=cuando + timedelta(hours=2),
            lugar="Salón comunal",
            en=en_fecha("2026-10-01"),
        )

        assert hallar("agenda-con-eventos", en=en_fecha("2026-11-20"))[0] == resultado


class TestTwoPeople:
    def test_all_that_went_through_the_flow_passes(self, casa):
        crear_publicada(casa)

        assert hallar("dos-personas")[0] == CUMPLE

    def test_an_urgent_text_without_authorisation_is_named(self, casa):
        crear_publicada(casa)
        crear_version(casa, "urgente", titulo="Creciente del río")

        resultado, detalle, arreglo = hallar("dos-personas")

        assert resultado == PARCIAL
        assert "falta en 1. «Creciente del río» (Planeación)" in detalle
        assert "Autorice lo que salió con urgencia" in arreglo

    def test_an_urgent_text_that_somebody_else_authorised_passes_and_one_nobody_validated_does_not(
        self, casa
    ):
        urgente = crear_version(casa, "urgente")
        services.autorizar_urgente(urgente, por=casa.alcalde, huella=urgente.huella())
        assert hallar("dos-personas")[0] == CUMPLE

        version = crear_publicada(casa, titulo="Sin validar").version_publica
        type(version).objects.filter(pk=version.pk).update(validada_por=None)

        assert "«Sin validar»" in hallar("dos-personas")[1]

    def test_where_nothing_is_published_nothing_is_met(self, casa):
        assert hallar("dos-personas")[:2] == (NO_CUMPLE, "No hay nada publicado.")


# --- The alcaldía and its channels --------------------------------------------------------------
class TestMunicipality:
    def test_a_field_that_is_written_confirmed_and_seen(self, casa):
        assert hallar("municipio-tiene", campos=["telefono", "correo"])[:2] == (
            CUMPLE,
            "La portada muestra: teléfono y correo de contacto.",
        )

    def test_an_empty_field_is_named(self, casa):
        assert hallar("municipio-tiene", campos=["linea_gratuita"]) == (
            NO_CUMPLE,
            "Datos del municipio: falta línea gratuita.",
            "Escriba y confirme: línea gratuita.",
        )

    def test_some_of_several_is_in_part(self, casa):
        assert hallar("municipio-tiene", campos=["direccion", "codigo_postal"])[0] == PARCIAL

    def test_what_nobody_confirmed_is_met_in_part(self, casa):
        crear_municipio(por_confirmar=["telefono"])

        assert hallar("municipio-tiene", campos=["telefono"]) == (
            PARCIAL,
            "Datos del municipio: teléfono por confirmar.",
            "Confírmelo en los datos del municipio.",
        )

    def test_what_the_page_does_not_show_is_not_met(self, casa):
        crear_municipio(divipola="54553")

        assert hallar("municipio-tiene", campos=["divipola"])[0] == NO_CUMPLE

    @pytest.mark.parametrize(
        ("correo", "resultado"), [("a@ejemplo.gov.co", CUMPLE), ("a@gmail.com", NO_CUMPLE)]
    )
    def test_the_right_domain(self, casa, correo, resultado):
        crear_municipio(correo=correo)

        assert hallar("municipio-tiene", campos=["correo"], contiene=".gov.co")[0] == resultado

    def test_the_shield_is_seen_as_an_image(self, casa):
        assert hallar("municipio-tiene", campos=["escudo"])[0] == NO_CUMPLE

        crear_municipio(escudo="municipio/escudo.webp")

        assert hallar("municipio-tiene", campos=["escudo"])[0] == CUMPLE


class TestOffices:
    def test_each_office_has_a_person_in_a_post(self, casa):
        assert hallar("dependencias-tienen", datos=["persona"])[0] == CUMPLE

        crear_dependencia("Comisaría de Familia")

        resultado, detalle, _arreglo = hallar("dependencias-tienen", datos=["persona"])
        assert (resultado, "«Comisaría de Familia»" in detalle) == (PARCIAL, True)

    def test_a_tenure_that_ended_leaves_the_office_without_a_person(self, casa):
        Titularidad.objects.filter(persona=casa.tesorero).update(hasta=HOY() - timedelta(days=1))

        assert "«Hacienda»" in hallar("dependencias-tienen", datos=["persona"])[1]

    def test_each_office_has_its_own_address(self, casa):
        assert hallar("dependencias-tienen", datos=["correo"])[0] == NO_CUMPLE
        for dependencia in (casa.planeacion, casa.general, casa.hacienda, casa.planeacion.padre):
            dependencia.correo = "oficina@ejemplo.gov.co"
            dependencia.save()

        assert hallar("dependencias-tienen", datos=["correo"])[0] == CUMPLE
        assert hallar("dependencias-tienen", datos=["correo", "telefono"])[0] == NO_CUMPLE

    def test_only_those_that_answer_for_a_channel(self, casa):
        nadie = hallar("dependencias-tienen", datos=["correo"], canales=PROYECTOS)
        crear_publicada(casa)
        casa.planeacion.correo = "planeacion@ejemplo.gov.co"
        casa.planeacion.save()

        assert nadie[0] == NO_CUMPLE
        assert hallar("dependencias-tienen", datos=["correo"], canales=PROYECTOS)[0] == CUMPLE


class TestConnectivityLog:
    def test_passes_when_the_month_before_is_signed_for_every_line(self, casa):
        assert hallar("conectividad-cerrada")[:2] == (NO_CUMPLE, "No hay enlaces a internet registrados.")

        casa.enlace, anterior = crear_enlace("Palacio"), Mes.de(timezone.localdate()).anterior
        assert hallar("conectividad-cerrada") == (
            NO_CUMPLE,
            f"Cierre de {anterior} firmado: falta en 1. Palacio.",
            f"Cierre y firme {anterior} en la bitácora de conectividad.",
        )

        crear_cierre(casa, anterior.clave)
        assert hallar("conectividad-cerrada")[0] == CUMPLE

        crear_enlace("Biblioteca")
        assert hallar("conectividad-cerrada")[0] == PARCIAL


class TestChannelsWithSomebody:
    def test_every_public_channel_has_who_writes_and_who_authorises(self, casa):
        assert hallar("canales-con-responsable")[0] == CUMPLE

    @pytest.mark.parametrize("persona", ["autora", "alcalde"])
    def test_a_post_that_nobody_holds_is_not_somebody(self, casa, persona):
        getattr(casa, persona).titularidades.update(hasta=HOY() - timedelta(days=1))

        resultado, detalle, _arreglo = hallar("canales-con-responsable")

        assert resultado in {PARCIAL, NO_CUMPLE}
        assert "«Programas y proyectos» (Planeación)" in detalle


class TestCommittee:
    def test_the_committee_of_the_plan_has_councillor_and_community(self, casa):
        plan = Plan.objects.create(nombre="Plan", firmado_en=date(2008, 11, 18), desde=date(2008, 11, 18))
        Miembro.objects.create(plan=plan, nombre="A", cargo_firmado="Concejal", representa="concejo")
        viejo = Plan.objects.create(
            codigo="antes",
            nombre="El de antes",
            firmado_en=date(2005, 1, 1),
            desde=date(2005, 1, 1),
            vigente=False,
        )
        Miembro.objects.create(plan=viejo, nombre="C", cargo_firmado="Comunidad", representa="comunidad")
        partes = ["concejo", "comunidad"]
        antes = hallar("comite-con", representan=partes)
        Miembro.objects.create(plan=plan, nombre="B", cargo_firmado="Comunidad", representa="comunidad")

        assert antes[:2] == (PARCIAL, "El comité del plan vigente no tiene a nadie por: la comunidad.")
        assert hallar("comite-con", representan=partes)[0] == CUMPLE

    def test_without_a_plan_there_is_no_committee(self, casa):
        assert hallar("comite-con", representan=["concejo"])[0] == NO_CUMPLE


# --- Trámites -----------------------------------------------------------------------------------
class TestTramites:
    def test_the_whole_inventory_is_published(self, casa):
        assert hallar("tramites-publicados")[:2] == (NO_CUMPLE, "El inventario de trámites está vacío.")
        crear_tramite(casa, publicado=True)
        assert hallar("tramites-publicados")[0] == CUMPLE

        crear_tramite(casa, "en_creacion", nombre="Licencia de construcción")

        resultado, detalle, _arreglo = hallar("tramites-publicados")
        assert (resultado, "falta en 1. «Licencia de construcción» (Planeación)" in detalle) == (
            PARCIAL,
            True,
        )

    def test_only_of_some_kinds(self, casa):
        crear_tramite(casa, publicado=True)
        crear_tramite(casa, "en_creacion", tipo="opa")

        assert hallar("tramites-publicados", tipos=["tramite"])[0] == CUMPLE
        assert hallar("tramites-publicados", tipos=["opa"])[0] == NO_CUMPLE

    @pytest.mark.parametrize(
        ("dato", "estado", "sin"),
        [
            ("numero-suit", "inscrito", {"estado": "en_creacion"}),
            ("decision", "inscrito", {"automatizacion": "por_decidir"}),
        ],
    )
    def test_each_trámite_of_the_inventory_has_it(self, casa, dato, estado, sin):
        tramite = crear_tramite(casa, estado, automatizacion="no")
        assert hallar("tramites-con", dato=dato)[0] == CUMPLE

        crear_tramite(casa, **{"estado": "inscrito", "nombre": "Sin el dato", "automatizacion": "no"} | sin)

        resultado, detalle, _arreglo = hallar("tramites-con", dato=dato)
        assert (resultado, "«Sin el dato»" in detalle, tramite.nombre in detalle) == (PARCIAL, True, False)

    def test_each_published_trámite_says_how_long_it_takes(self, casa):
        assert hallar("tramites-con", dato="tiempo")[:2] == (NO_CUMPLE, "No hay trámites publicados.")
        crear_tramite(casa, publicado=True)
        crear_tramite(casa, publicado=True, hoja={"tiempo_inmediato": True, "tiempo_cantidad": None})
        assert hallar("tramites-con", dato="tiempo")[0] == CUMPLE

        sin_tiempo = {"tiempo_cantidad": None, "no_aplica": {"tiempo": "No hay plazo en la norma."}}
        crear_tramite(casa, publicado=True, hoja=sin_tiempo)

        assert hallar("tramites-con", dato="tiempo")[0] == PARCIAL

    def test_a_hoja_with_facts_to_confirm_is_not_whole(self, casa):
        tramite = crear_tramite(casa, publicado=True)
        assert hallar("tramites-con", dato="ficha-completa")[0] == CUMPLE

        Tramite.objects.filter(pk=tramite.pk).update(por_confirmar={"costo": "Inferido."})

        assert hallar("tramites-con", dato="ficha-completa")[0] == NO_CUMPLE

    def test_each_form_that_is_asked_for_says_where_it_is(self, casa):
        crear_tramite(casa, publicado=True)
        assert hallar("tramites-con", dato="formularios")[0] == CUMPLE

        pedir_formulario(casa, crear_tramite(casa, "en_creacion", nombre="Con formulario"))

        resultado, detalle, _arreglo = hallar("tramites-con", dato="formularios")
        assert (resultado, "«Con formulario»" in detalle) == (PARCIAL, True)

    @pytest.mark.parametrize(
        ("decision", "grado", "resultado"),
        [
            ("total", "total", CUMPLE),
            ("total", "parcial", NO_CUMPLE),
            ("parcial", "parcial", CUMPLE),
            ("parcial", "presencial", NO_CUMPLE),
            ("no", "presencial", NO_CUMPLE),
        ],
    )
    def test_what_was_to_go_online_is_online(self, casa, decision, grado, resultado):
        en_linea = {} if grado == "presencial" else {"url_en_linea": "https://ejemplo.gov.co/"}
        hoja = {"grado": grado} | en_linea
        crear_tramite(casa, publicado=True, automatizacion=decision, hoja=hoja)

        assert hallar("tramites-automatizados")[0] == resultado

    def test_there_are_actions_of_racionalización(self, casa):
        assert hallar("racionalizaciones")[0] == NO_CUMPLE
        accion = Racionalizacion.objects.create(
            tramite=crear_tramite(casa),
            clase="administrativa",
            antes="Tardaba 15 días.",
            despues="Tarda 8 días.",
            beneficio="Menos espera.",
            inicio=HOY(),
            fin=HOY(),
            responsable=casa.cargo_jefe,
        )
        assert hallar("racionalizaciones")[0] == CUMPLE
        assert hallar("racionalizaciones", minimo=2)[0] == PARCIAL

        Racionalizacion.objects.filter(pk=accion.pk).update(publica=False)

        assert hallar("racionalizaciones")[0] == NO_CUMPLE

    def test_life_situations_that_lead_somewhere(self, casa):
        situacion = SituacionDeVida.objects.create(nombre="Abrir un negocio", slug="negocio", descripcion="…")
        borrador = crear_tramite(casa, "en_creacion")
        TramiteEnSituacion.objects.create(situacion=situacion, tramite=borrador)
        assert hallar("situaciones-con-tramites")[0] == NO_CUMPLE

        TramiteEnSituacion.objects.create(situacion=situacion, tramite=crear_tramite(casa, publicado=True))

        assert hallar("situaciones-con-tramites")[:2] == (CUMPLE, "Hay 1: «Abrir un negocio».")
        assert hallar("situaciones-con-tramites", minimo=2)[0] == PARCIAL


def pedir_formulario(casa, tramite):
    """Take it to the public asking for a form without saying where the form is."""
    hoja = llenar_hoja(casa, tramite)
    with editar_hoja(hoja, por=casa.suit) as abierta:
        norma = abierta.fundamentos.first()
        agregar_accion(
            agregar_momento(abierta, "Llenar el formulario"),
            tipo="formulario",
            descripcion="Formulario único",
            fundamento=norma,
            no_aplica={"enlace": "Se entrega en la ventanilla."},
        )
    tramite = llevar(tramite, "enviar", "remitir", "inscribir", por=casa.suit, aprueba=casa.secretaria)
    return dar_paso("publicar", tramite, por=casa.suit)


# --- Our own pages ------------------------------------------------------------------------------
@pytest.fixture
def plantillas(settings, tmp_path):
    """Write a template of the site otherwise: `plantillas("componentes/menu.html", "…")`."""
    carpeta = tmp_path / "plantillas"

    def escribir(nombre: str, texto: str) -> None:
        archivo = carpeta / nombre
        archivo.parent.mkdir(parents=True, exist_ok=True)
        archivo.write_text(texto)
        (motor,) = settings.TEMPLATES
        if carpeta not in motor["DIRS"]:
            settings.TEMPLATES = [motor | {"DIRS": [carpeta, *motor["DIRS"]]}]

    return escribir


class TestPages:
    def test_a_page_answers_with_what_is_asked(self, casa):
        assert hallar("pagina-tiene", pagina="/rss/")[:2] == (CUMPLE, "La página /rss/ responde.")
        assert (
            hallar("pagina-tiene", pagina="/", enlaces=["/rss/"], textos=["última actualización"])[0]
            == CUMPLE
        )

    def test_a_page_that_is_not_there_fails(self, casa):
        assert hallar("pagina-tiene", pagina="/datos-abiertos/")[:2] == (
            NO_CUMPLE,
            "La página /datos-abiertos/ no responde.",
        )

    def test_it_says_what_is_missing_and_where(self, casa):
        resultado = hallar("pagina-tiene", pagina="/", enlaces=["/nada/", "/rss/"], zona="pie")

        assert resultado[:2] == (PARCIAL, "La página / no tiene enlace a /nada/ en el pie de página.")
        assert hallar("pagina-tiene", pagina="/", textos=["nada de esto"])[0] == NO_CUMPLE

    def test_an_address_may_be_asked_by_its_beginning(self, casa):
        assert hallar("pagina-tiene", pagina="/", enlaces=["https://www.gov.co/*"])[0] == CUMPLE
        assert hallar("pagina-tiene", pagina="/", enlaces=["https://www.gov.co"])[0] == NO_CUMPLE

    def test_a_redirection_of_the_site_is_followed(self, casa):
        canal = crear_otro_canal(casa, ruta="/agenda/")

        assert hallar("pagina-tiene", pagina=f"/canales/{canal.slug}/", textos=["Agenda"])[0] == CUMPLE

    def test_every_page_has_it(self, casa):
        crear_publicada(casa)

        assert hallar("cada-pagina-tiene", enlaces=["/mapa-del-sitio/"], zona="pie")[0] == CUMPLE
        fallo = hallar("cada-pagina-tiene", enlaces=["/transparencia/"], zona="menu")
        assert fallo[0] == NO_CUMPLE
        assert "no tiene enlace a /transparencia/ en el menú principal" in fallo[1]

    def test_what_some_texts_do_wrong_is_named_with_their_office(self, casa):
        crear_publicada(casa, titulo="Bien hecha")
        assert hallar("cada-pagina-cumple", que=["vinculos-con-texto", "encabezados", "tablas"])[0] == CUMPLE

        crear_publicada(casa, titulo="Mal hecha", cuerpo='<p>Vea <a href="/agenda/">aquí</a></p>')

        resultado, detalle, arreglo = hallar("cada-pagina-cumple", que=["vinculos-con-texto"])
        assert resultado == PARCIAL
        assert "«Mal hecha» (Planeación): el vínculo a /agenda/ dice «aquí»" in detalle
        assert "no «aquí»" in arreglo

    def test_a_template_without_menu_fails_on_every_page(self, casa, plantillas):
        assert hallar("cada-pagina-cumple", que=["menu"])[0] == CUMPLE

        plantillas("componentes/menu.html", "<nav aria-label='Principal'><a href='/'>Inicio</a></nav>")
        crear_municipio(lema="")  # another edición: what is cached is old

        assert hallar("cada-pagina-cumple", que=["menu"])[0] == NO_CUMPLE

    def test_only_the_pages_of_a_section(self, casa):
        assert hallar("cada-pagina-cumple", que=["fecha"], seccion="publicaciones")[0] == SIN_EVALUAR

        crear_publicada(casa)

        assert hallar("cada-pagina-cumple", que=["fecha"], seccion="publicaciones")[0] == CUMPLE

    def test_a_broken_page_fails_and_the_others_are_looked_at(self, casa, plantillas, caplog):
        crear_publicada(casa, titulo="La que falla")
        plantillas("portal/publicacion.html", "{% include 'no/existe.html' %}")

        with caplog.at_level(logging.CRITICAL, logger="django.request"):
            resultado, detalle, _arreglo = hallar("cada-pagina-cumple", que=["idioma"])

        assert (resultado, detalle) == (
            PARCIAL,
            "Páginas que fallan: «La que falla» (Planeación): no responde.",
        )

    def test_titles_are_not_repeated(self, casa):
        crear_publicada(casa, titulo="Uno")
        assert hallar("titulos-propios")[0] == CUMPLE

        crear_publicada(casa, titulo="Uno")

        resultado, detalle, _arreglo = hallar("titulos-propios")
        assert (resultado, "repite el título «Uno" in detalle) == (PARCIAL, True)

    def test_no_link_of_ours_is_broken(self, casa):
        crear_publicada(
            casa, cuerpo='<p>La <a href="/agenda/">agenda</a> y <a href="https://a.co/">otro</a></p>'
        )
        servir_soporte(casa)
        assert hallar("vinculos-sanos")[0] == CUMPLE

        plano = crear_publicada(casa, titulo="Plano")
        destino = f"{plano.get_absolute_url()}?a=1#b"
        crear_publicada(casa, titulo="Mala", cuerpo=f'<p>El <a href="{destino}">plano</a></p>')
        services.retirar(plano, por=casa.jefe, clase="error", motivo="No iba.")

        resultado, detalle, _arreglo = hallar("vinculos-sanos")
        assert resultado == PARCIAL
        assert "/canales/programas-y-proyectos/plano/ (desde /canales/programas-y-proyectos/mala/)" in detalle

    def test_the_map_links_every_public_channel(self, casa, plantillas):
        assert hallar("mapa-completo")[0] == CUMPLE

        plantillas("portal/_rama_del_mapa.html", "<li>{{ canal.nombre }}</li>")
        crear_municipio(lema="")

        resultado, detalle, _arreglo = hallar("mapa-completo")
        assert (resultado, "«Programas y proyectos» (Planeación)" in detalle) == (PARCIAL, True)

    def test_the_search_finds_what_was_last_published(self, casa):
        assert hallar("buscador-encuentra")[0] == SIN_EVALUAR
        publicacion = crear_publicada(casa, titulo="Convocatoria de veedores")
        crear_otro_canal(casa)
        assert hallar("buscador-encuentra")[0] == CUMPLE
        assert hallar("buscador-encuentra", con_filtros=True)[0] == CUMPLE

        desindexar(publicacion)

        assert hallar("buscador-encuentra")[0] == NO_CUMPLE
        assert hallar("buscador-encuentra", con_filtros=True)[0] == NO_CUMPLE

    def test_filters_that_do_not_filter_are_seen(self, casa, monkeypatch):
        crear_publicada(casa, titulo="Convocatoria de veedores")
        crear_otro_canal(casa)
        monkeypatch.setattr(BusquedaForm, "filtros", lambda form: {})

        assert hallar("buscador-encuentra")[0] == CUMPLE
        assert hallar("buscador-encuentra", con_filtros=True)[0] == PARCIAL

    def test_reading_leaves_no_trace(self, casa, settings):
        tramite = crear_tramite(casa, publicado=True)

        Lector().leer(tramite.get_absolute_url())

        assert not tramite.lecturas.exists()
        assert not list((settings.MEDIA_ROOT.parent / "copias").glob("*"))

    def test_the_cost_does_not_grow_with_the_site(self, casa, monkeypatch):
        monkeypatch.setattr("seguimiento.paginas.POR_SECCION", 2)
        for n in range(4):
            crear_publicada(casa, titulo=f"Noticia {n}")

        publicaciones = [str(lugar) for lugar in Lector().lugares if lugar.seccion == "publicaciones"]

        assert publicaciones == ["«Noticia 3» (Planeación)", "«Noticia 2» (Planeación)"]


def servir_soporte(casa):
    """The pages at fixed addresses that every page links to."""
    crear_publicada(casa, titulo="Noticias", canal=crear_otro_canal(casa, slug="noticias"))
    for nombre in ("nuestro-municipio", "normatividad", "gobierno-en-linea"):
        crear_otro_canal(casa, slug=nombre)
    version = services.crear_publicacion(
        canal=casa.canal, tipo="pagina", por=casa.autora, ruta_fija="/soporte/", **SOPORTE
    )
    services.enviar(version, por=casa.autora)
    services.validar(version, por=casa.editor)
    version.refresh_from_db()
    services.autorizar(version, por=casa.jefe, huella=version.huella())
    services.publicar(version, por=casa.jefe)


SOPORTE = {"titulo": "Soporte", "resumen": "A quién llamar.", "cuerpo": "<p>Llame al 607.</p>"}

BUENA = """<!doctype html><html lang="es-CO"><head><title>Uno</title></head><body>
<a href="#contenido">Saltar</a>
<header><form role="search" action="/buscar/"></form>
<nav aria-label="Principal"><ul>{menu}</ul></nav></header>
<main id="contenido"><nav aria-label="Ruta"><a href="/">Inicio</a></nav><h1>Uno</h1><h2>Dos</h2>
<p>Publicada el <time datetime="2026-11-01">1 de noviembre</time></p>
<img src="/a.webp" alt=""><table><tr><th>Año</th></tr></table></main></body></html>"""


def buena() -> str:
    return BUENA.format(menu="".join(f'<li><a href="{e.url}">{e.titulo}</a></li>' for e in MENU))


@pytest.mark.parametrize("nombre", INSPECCIONES)
def test_a_good_page_passes_every_inspection(nombre):
    assert INSPECCIONES[nombre].revisar(Pagina("/agenda/", 200, buena())) == ""


@pytest.mark.parametrize(
    ("nombre", "cambia", "por"),
    [
        ("alt", ' alt=""', ""),
        ("buscador", "/buscar/", "/otra/"),
        ("encabezados", "<h1>Uno</h1>", ""),
        ("encabezados", "<h2>Dos</h2>", "<h3>Dos</h3>"),
        ("encabezados", "<h2>Dos</h2>", "<h1>Dos</h1>"),
        ("fecha", "Publicada el", ""),
        ("fecha", "<time", "<span"),
        ("idioma", ' lang="es-CO"', ""),
        ("inicio", 'href="/"', 'href="/inicio/"'),
        ("marcado", "<p>Publicada", '<div id="contenido"><p>Publicada'),
        ("marcado", "</main>", "</div></main>"),
        ("marcado", "<h1>Uno</h1>", '<h1 id="contenido">Uno</h1>'),
        ("marcos", "<p>Publicada", '<iframe src="/"></iframe><p>Publicada'),
        ("menu", '<li><a href="/dependencias/">La alcaldía</a></li>', ""),
        ("recarga", "<title>", '<meta http-equiv="Refresh" content="30"><title>'),
        ("ruta", 'aria-label="Ruta"', 'aria-label="Otra"'),
        ("saltar", 'href="#contenido"', 'href="#no-hay"'),
        ("sonido", "<p>Publicada", '<audio src="/a" autoplay></audio><p>Publicada'),
        ("tablas", "<th>Año</th>", "<td>Año</td>"),
        ("tabulacion", "<h1>", '<h1 tabindex="3">'),
        ("vinculos-con-texto", ">Inicio<", ">haga clic aquí<"),
        ("vinculos-con-texto", ">Inicio<", "> Ver más… <"),
        ("vinculos-con-texto", ">Inicio<", '><img src="/a" alt=""><'),
    ],
)
def test_each_inspection_sees_what_it_looks_for(nombre, cambia, por):
    html = buena()
    assert cambia in html

    assert INSPECCIONES[nombre].revisar(Pagina("/agenda/", 200, html.replace(cambia, por)))


def test_a_page_that_sets_cookies_is_seen():
    assert INSPECCIONES["sin-cookies"].revisar(Pagina("/", 200, buena(), pone_cookies=True))


@pytest.mark.parametrize("texto", ["Ver más noticias", "Aquí puede pagar", "Más información del SISBEN"])
def test_words_that_say_where_a_link_leads_are_fine(texto):
    html = buena().replace(">Inicio<", f">{texto}<")

    assert INSPECCIONES["vinculos-con-texto"].revisar(Pagina("/", 200, html)) == ""


@pytest.mark.parametrize(
    ("enlace", "ruta"),
    [
        ("/agenda/?pasados=1#abajo", "/agenda/?pasados=1"),
        ("https://testserver/agenda/", "/agenda/"),
        ("https://otro.gov.co/agenda/", ""),
        ("//otro.gov.co/agenda/", ""),
        ("mailto:a@b.co", ""),
        ("javascript:alert(1)", ""),
        ("#abajo", ""),
        ("http://[", ""),
    ],
)
def test_which_links_are_ours(settings, enlace, ruta):
    settings.ALLOWED_HOSTS = ["testserver"]

    assert interno(enlace) == ruta


# --- Security -----------------------------------------------------------------------------------
class TestSecurity:
    @pytest.mark.parametrize(
        ("nombres", "resultado"),
        [
            ([".ejemplo-demo.gov.co", "localhost"], CUMPLE),
            (["*", "ejemplo.com"], NO_CUMPLE),
            (["*"], NO_CUMPLE),
        ],
    )
    def test_the_name_of_the_site(self, casa, settings, nombres, resultado):
        settings.ALLOWED_HOSTS = nombres

        assert hallar("dominio-termina-en", sufijo=".gov.co")[0] == resultado

    def test_headers(self, casa, settings):
        pedidas = ["Content-Security-Policy", "X-Frame-Options", "Permissions-Policy"]
        assert hallar("cabeceras", nombres=pedidas)[0] == CUMPLE
        settings.SECURE_HSTS_SECONDS = 0

        resultado, detalle, _arreglo = hallar("cabeceras", nombres=[*pedidas, "Strict-Transport-Security"])
        assert (resultado, detalle) == (PARCIAL, "La portada responde sin: Strict-Transport-Security.")

        settings.SECURE_HSTS_SECONDS = 3600
        assert hallar("cabeceras", nombres=["Strict-Transport-Security"])[0] == CUMPLE

    def test_cookies(self, casa, settings):
        settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
        assert hallar("cookies-protegidas")[0] == CUMPLE

        settings.SESSION_COOKIE_SECURE = False

        assert "SESSION_COOKIE_SECURE" in hallar("cookies-protegidas")[1]

    def test_failed_logins(self, casa, settings):
        assert hallar("ingreso-limitado")[0] == CUMPLE
        settings.AXES_FAILURE_LIMIT = 50
        assert hallar("ingreso-limitado")[0] == NO_CUMPLE

    def test_methods(self, casa, caplog):
        with caplog.at_level(logging.CRITICAL):
            assert hallar("metodos-rechazados", metodos=["TRACE", "PUT", "DELETE"])[0] == CUMPLE
            assert hallar("metodos-rechazados", metodos=["HEAD"])[0] == NO_CUMPLE

    def test_errors_tell_nothing(self, casa, settings, caplog):
        with caplog.at_level(logging.CRITICAL):
            assert hallar("errores-genericos")[0] == CUMPLE
            settings.DEBUG = True
            assert hallar("errores-genericos")[0] == NO_CUMPLE


# --- When it cannot look ------------------------------------------------------------------------
class TestWhenItCannotLook:
    @pytest.fixture
    def criterio(self, casa):
        criterio = crear_criterio("hay-publicaciones", parametros={"canales": PROYECTOS})
        crear_publicada(casa)
        verificar(criterio)
        assert criterio.resultado == CUMPLE
        return criterio

    def test_a_rule_that_fails_leaves_it_unevaluated_tells_why_and_is_logged(self, criterio, caplog):
        Criterio.objects.filter(pk=criterio.pk).update(parametros={"canales": PROYECTOS, "dias": 10**10})
        criterio.refresh_from_db()

        verificar(criterio)

        assert (criterio.resultado, criterio.base) == (SIN_EVALUAR, "")
        assert criterio.detalle == "No se pudo mirar: la regla «hay-publicaciones» falló (OverflowError)."
        assert f"{criterio.codigo}: falló la regla" in caplog.text

    def test_a_channel_that_is_gone_is_not_an_empty_one(self, criterio, caplog):
        Canal.objects.filter(slug=PROYECTOS[0]).update(slug="con-otro-nombre")

        verificar(criterio)

        assert criterio.resultado == SIN_EVALUAR
        assert "no hay canal «programas-y-proyectos»" in criterio.detalle

    def test_a_rule_that_no_longer_exists(self, criterio):
        Criterio.objects.filter(pk=criterio.pk).update(regla="la-de-antes")
        criterio.refresh_from_db()

        verificar(criterio)

        assert (criterio.resultado, criterio.detalle) == (SIN_EVALUAR, "Ya no hay una regla «la-de-antes».")

    def test_a_site_that_does_not_answer(self, casa, caplog):
        def publicaciones_caidas(ejecutar, sql, *args):
            if 'FROM "portal_publicacion"' in sql:
                raise OperationalError("connection refused")
            return ejecutar(sql, *args)

        with connection.execute_wrapper(publicaciones_caidas):
            resultado, detalle, _arreglo = hallar("pagina-tiene", pagina="/")

        assert (resultado, detalle) == (SIN_EVALUAR, "No se pudo mirar. El sitio no respondía al leer /.")


# --- The ventanilla ------------------------------------------------------------------------------
class TestVentanilla:
    @pytest.fixture(autouse=True)
    def _reglas(self, casa):
        cargar_reglas()
        Titularidad.objects.update(desde=date(2020, 1, 1))

    def test_filing_on_line_takes_a_page_and_something_filed_by_it(self, casa):
        assert hallar("se-radica-en-linea")[0] == PARCIAL
        radicar(medio="telefono")
        assert hallar("se-radica-en-linea")[0] == PARCIAL
        radicar()
        assert hallar("se-radica-en-linea")[0] == CUMPLE

    @pytest.mark.parametrize(
        ("regla", "parametros"),
        [("se-radica-en-linea", {}), ("satisfaccion-publicada", {}), ("ventanilla-unica", {})],
    )
    def test_when_the_page_does_not_answer_nothing_is_met(self, casa, monkeypatch, regla, parametros):
        monkeypatch.setattr(Lector, "seguir", lambda _lector, ruta: Pagina(ruta, 404, ""))
        assert hallar(regla, **parametros)[0] == NO_CUMPLE

    def test_each_receipt_by_mail_is_looked_for(self, casa):
        assert hallar("radicados-con", dato="acuse")[0] == NO_CUMPLE
        radicado = radicar()
        radicar("denuncia", persona=None)
        assert hallar("radicados-con", dato="acuse")[0] == CUMPLE
        Correo.objects.filter(clave=f"acuse:{radicado.clave}").delete()
        resultado, detalle, _arreglo = hallar("radicados-con", dato="acuse")
        assert resultado == NO_CUMPLE and radicado.numero in detalle
        radicar()
        assert hallar("radicados-con", dato="acuse")[0] == PARCIAL

    def test_receipts_that_the_outbox_forgot_are_not_asked_for(self, casa):
        radicar(en=timezone.now() - timedelta(days=100))
        Correo.objects.all().delete()
        radicar()
        assert hallar("radicados-con", dato="acuse")[0] == CUMPLE

    def test_each_due_date_has_its_count(self, casa):
        assert hallar("radicados-con", dato="vencimiento")[0] == NO_CUMPLE
        radicar()
        assert hallar("radicados-con", dato="vencimiento")[0] == CUMPLE
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("DELETE FROM ventanilla_termino")
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        assert hallar("radicados-con", dato="vencimiento")[0] == NO_CUMPLE

    def test_kinds_that_may_be_chosen(self, casa):
        pedido = {"codigos": ["queja", "denuncia"], "anonima": True}
        assert hallar("clases-de-radicado", **pedido)[0] == CUMPLE
        ClaseDeRadicado.objects.filter(codigo="queja").update(admite_anonima=False)
        assert hallar("clases-de-radicado", **pedido)[0] == PARCIAL
        ClaseDeRadicado.objects.filter(codigo="denuncia").update(activa=False)
        assert hallar("clases-de-radicado", **pedido)[0] == NO_CUMPLE

    def test_satisfaction_takes_somebody_that_judged(self, casa):
        assert hallar("satisfaccion-publicada")[0] == PARCIAL
        radicado = llevar_radicado(casa, radicar(), "respondido")
        valorar(radicado.salidas.get(), puntos=4, resuelto=True)
        assert hallar("satisfaccion-publicada")[0] == CUMPLE

    def test_one_desk_takes_as_many_tramites_as_asked(self, casa):
        assert hallar("ventanilla-unica")[0] == NO_CUMPLE
        for esperado in (PARCIAL, CUMPLE):
            tramite = crear_tramite(casa, publicado=True)
            Formulario.objects.create(
                tramite=tramite, estado="vigente", hoja=tramite.hoja_publica, vigente_desde=timezone.now()
            )
            assert hallar("ventanilla-unica")[0] == esperado


# --- Cost ---------------------------------------------------------------------------------------
#: Rules that ask the database alone, with an example of their parameters.
DE_LA_BASE = {
    "hay-publicaciones": {"canales": PROYECTOS, "palabras": ["obra", "nada"], "cada_palabra": True},
    "canales-al-dia": {},
    "agenda-con-eventos": {},
    "dos-personas": {},
    "dependencias-tienen": {"datos": ["correo", "persona"]},
    "canales-con-responsable": {},
    "comite-con": {"representan": ["concejo"]},
    "tramites-publicados": {},
    "tramites-con": {"dato": "decision"},
    "tramites-automatizados": {},
    "racionalizaciones": {},
    "situaciones-con-tramites": {},
    "radicados-con": {"dato": "acuse"},
    "clases-de-radicado": {"codigos": ["queja"]},
}


def test_rules_cost_the_same_with_one_row_of_each_or_with_fifteen(casa):
    criterios = [crear_criterio(regla, parametros=p) for regla, p in DE_LA_BASE.items()]

    def agregar(cuantas: int) -> None:
        for _ in range(cuantas):
            crear_publicada(casa, titulo="Una obra")
            crear_version(casa, "urgente")
            crear_otro_canal(casa, edad_maxima_dias=7)
            crear_dependencia()
            tramite = crear_tramite(casa, "en_creacion", automatizacion="total")
            situacion = SituacionDeVida.objects.create(nombre=f"S{tramite.pk}", slug=f"s-{tramite.pk}")
            TramiteEnSituacion.objects.create(situacion=situacion, tramite=tramite)

    def costos() -> dict[str, int]:
        cuentas = {}
        for criterio in criterios:
            with CaptureQueriesContext(connection) as consultas:
                aplicar(criterio, timezone.now())
            cuentas[criterio.regla] = len(consultas)
        return cuentas

    agregar(1)
    con_una = costos()
    agregar(14)

    assert costos() == con_una
    assert max(con_una.values()) <= 8


def test_every_rule_says_what_it_asks():
    assert len(REGLAS) >= 15
    assert all(regla.que and regla.version >= 1 for regla in REGLAS.values())
