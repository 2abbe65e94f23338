"""The editor of hojas de vida: it saves whole, moves its parts and loses nothing that was typed."""

import re
from types import SimpleNamespace

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.tramites.builders import crear_tramite, llenar_hoja
from tests.tramites.formulario import leer_formulario
from tramites.flujo import dar_paso
from tramites.hojas import agregar_accion, agregar_fundamento, agregar_momento, editar_hoja
from tramites.models import Accion, Audiencia, HojaDeVida, PuntoDeAtencion, Tramite


def url_hoja(tramite) -> str:
    return reverse("admin:tramites_tramite_hoja", args=[tramite.pk])


def entera(tramite) -> HojaDeVida:
    return HojaDeVida.objects.enteras().get(pk=tramite.hojas.order_by("-numero").first().pk)


def mensajes(respuesta) -> str:
    return " ".join(str(mensaje) for mensaje in get_messages(respuesta.wsgi_request))


@pytest.fixture
def mesa(casa, client):
    """The SUIT user at the editor of a complete draft: `datos` is what the page would send."""
    tramite = crear_tramite(casa, "en_creacion")
    llenar_hoja(casa, tramite)
    client.force_login(casa.suit)
    return SimpleNamespace(casa=casa, client=client, tramite=tramite, url=url_hoja(tramite))


def abrir(mesa):
    """The form as the browser has it when the page opens."""
    respuesta = mesa.client.get(mesa.url)
    assert respuesta.status_code == 200
    return leer_formulario(respuesta.text)


def guardar(mesa, datos, hacer="guardar:descripcion", **campos):
    """Send the form with that button pressed and those fields typed over."""
    datos = datos.copy()
    for campo, valor in campos.items():
        nombre = campo.replace("__", "-")
        datos.setlist(nombre, valor) if isinstance(valor, list) else datos.__setitem__(nombre, valor)
    datos["hacer"] = hacer
    return mesa.client.post(mesa.url, dict(datos.lists()))


def acciones(mesa) -> list[list[str]]:
    return [[str(a) for a in momento.acciones.all()] for momento in entera(mesa.tramite).momentos.all()]


class TestSaving:
    def test_what_the_page_shows_is_what_is_stored(self, mesa):
        """Saving without typing anything changes nothing at all."""
        antes = entera(mesa.tramite)

        respuesta = guardar(mesa, abrir(mesa))

        despues = entera(mesa.tramite)
        assert respuesta.status_code == 302
        assert despues.contenido() == antes.contenido()
        assert (despues.llenos, despues.exigidos) == (antes.llenos, antes.exigidos)

    def test_every_field_is_saved(self, mesa):
        respuesta = guardar(
            mesa,
            abrir(mesa),
            nombre="Certificado del estrato",
            nombre_estandarizado="Certificado de estratificación socioeconómica",
            palabras_clave="papel del estrato\r\n  recibo   caro \r\n\r\npapel del estrato",
            descripcion="Dice el estrato.",
            resultado="Certificado",
            vigencia_unidad="meses",
            vigencia_cantidad="6",
            medios_entrega=["web", "correo"],
            tiempo_cantidad="8",
            tiempo_unidad="calendario",
            tiempo_observaciones="Si el predio es rural, más.",
            fecha_cualquiera="False",
            fecha_limites="Del 1 al 5 de cada mes",
            fecha_calendario="https://ejemplo.gov.co/calendario",
            grado="total",
            url_en_linea="https://ejemplo.gov.co/estrato",
            url_manual="https://ejemplo.gov.co/manual",
            audiencias=[str(mesa.casa.ciudadano.pk)],
            seguimiento=["telefono"],
            seguimiento_detalle="Con el radicado.",
            informacion_adicional="Hay otra ventanilla.",
        )

        hoja = entera(mesa.tramite)
        assert respuesta.status_code == 302
        assert hoja.nombre == "Certificado del estrato"
        assert hoja.palabras_clave == ["papel del estrato", "recibo caro"]
        assert (hoja.vigencia_unidad, hoja.vigencia_cantidad) == ("meses", 6)
        assert hoja.medios_entrega == ["web", "correo"]
        assert (hoja.tiempo_cantidad, hoja.tiempo_unidad) == (8, "calendario")
        assert (hoja.fecha_cualquiera, hoja.fecha_limites) == (False, "Del 1 al 5 de cada mes")
        assert (hoja.grado, hoja.url_en_linea) == ("total", "https://ejemplo.gov.co/estrato")
        assert list(hoja.audiencias.all()) == [mesa.casa.ciudadano]
        assert (hoja.seguimiento, hoja.seguimiento_detalle) == (["telefono"], "Con el radicado.")
        assert hoja.informacion_adicional == "Hay otra ventanilla."
        assert hoja.editada_por == mesa.casa.suit

    def test_it_can_be_saved_at_any_time_however_empty(self, mesa):
        datos = abrir(mesa)
        for campo in ("nombre", "palabras_clave", "descripcion", "resultado", "tematica", "vigencia_unidad"):
            datos[campo] = ""
        for campo in ("medios_entrega", "seguimiento", "audiencias", "puntos", "momento", "norma"):
            datos.setlist(campo, [])

        respuesta = guardar(mesa, datos)

        hoja = entera(mesa.tramite)
        assert respuesta.status_code == 302
        assert hoja.palabras_clave == hoja.medios_entrega == []
        assert not hoja.momentos.all() and not hoja.fundamentos.all()
        assert hoja.llenos < hoja.exigidos

    @pytest.mark.parametrize("seccion", ["descripcion", "necesita", "seguimiento"])
    def test_after_saving_one_is_where_one_was(self, mesa, seccion):
        respuesta = guardar(mesa, abrir(mesa), f"guardar:{seccion}")

        assert respuesta.url == f"{mesa.url}#guardar-{seccion}"
        assert f'id="guardar-{seccion}"' in mesa.client.get(mesa.url).text

    def test_saving_to_go_on(self, mesa):
        ver = guardar(mesa, abrir(mesa), "ver", descripcion="Otra cosa.")
        revisar = guardar(mesa, abrir(mesa), "revisar")

        assert ver.url == reverse("admin:tramites_tramite_vista", args=[mesa.tramite.pk])
        assert revisar.url == reverse("admin:tramites_tramite_change", args=[mesa.tramite.pk])
        assert entera(mesa.tramite).descripcion == "Otra cosa."

    def test_a_whole_catalogue_of_actions_is_saved_in_one_go(self, mesa, django_assert_max_num_queries):
        with editar_hoja(entera(mesa.tramite), por=mesa.casa.suit) as hoja:
            hoja.momentos.all().delete()
            norma = hoja.fundamentos.get()
            for m in range(12):
                momento = agregar_momento(hoja, f"Momento {m}")
                for a in range(10):
                    agregar_accion(
                        momento,
                        [mesa.casa.organizaciones],
                        tipo="pago",
                        descripcion=f"Pago {m}.{a}",
                        valor_tipo="fijo",
                        formula="17.100",
                        fundamento=norma,
                    )
        datos = abrir(mesa)

        with django_assert_max_num_queries(80):  # nothing is written again that did not change
            respuesta = guardar(mesa, datos, "guardar:necesita", descripcion="Con ciento veinte pagos.")

        hoja = entera(mesa.tramite)
        assert respuesta.status_code == 302
        assert hoja.descripcion == "Con ciento veinte pagos."
        assert len(hoja.pagos()) == 120
        assert sum(len(valores) for _campo, valores in datos.lists()) > 2000

    @pytest.mark.parametrize("partes", [1, 8])
    def test_opening_costs_the_same_however_many_parts(self, mesa, partes, django_assert_num_queries):
        with editar_hoja(entera(mesa.tramite), por=mesa.casa.suit) as hoja:
            hoja.momentos.all().delete()
            hoja.fundamentos.all().delete()
            for n in range(partes):
                norma = agregar_fundamento(hoja, tipo="ley", numero=str(n + 1), anio=1994)
                momento = agregar_momento(hoja, f"Momento {n}")
                for tipo in Accion.Tipo.values:
                    agregar_accion(momento, [mesa.casa.ciudadano], tipo=tipo, fundamento=norma)
        mesa.client.get(mesa.url)

        with django_assert_num_queries(20):
            mesa.client.get(mesa.url)


class TestParts:
    def test_a_momento_and_an_action_are_added_and_written(self, mesa):
        nuevo = guardar(mesa, abrir(mesa), "agregar:momento", descripcion="Lo de antes, guardado.")
        momento = entera(mesa.tramite).momentos.last()
        assert nuevo.url == f"{mesa.url}#id_momento-{momento.pk}-descripcion"

        datos = abrir(mesa)
        datos[f"momento-{momento.pk}-descripcion"] = "Recoger el certificado"
        otra = guardar(mesa, datos, f"agregar:accion:{momento.pk}:condicion")
        accion = entera(mesa.tramite).momentos.last().acciones.get()
        assert otra.url == f"{mesa.url}#id_accion-{accion.pk}-descripcion"
        assert f'id="id_accion-{accion.pk}-descripcion"' in mesa.client.get(mesa.url).text

        datos = abrir(mesa)
        datos[f"accion-{accion.pk}-descripcion"] = "Llevar su documento de identidad"
        guardar(mesa, datos)

        hoja = entera(mesa.tramite)
        assert hoja.descripcion == "Lo de antes, guardado."
        assert str(hoja.momentos.last()) == "Recoger el certificado"
        assert acciones(mesa)[-1] == ["Llevar su documento de identidad"]
        assert hoja.acciones()[-1].tipo == "condicion"

    def test_a_norm_is_added_and_supports_an_action(self, mesa):
        guardar(mesa, abrir(mesa), "agregar:norma")
        norma = entera(mesa.tramite).fundamentos.last()
        accion = entera(mesa.tramite).acciones()[0]
        datos = abrir(mesa)
        datos[f"norma-{norma.pk}-tipo"] = "acuerdo"
        datos[f"norma-{norma.pk}-numero"] = "12"
        datos[f"norma-{norma.pk}-anio"] = "2024"
        datos[f"accion-{accion.pk}-norma"] = str(norma.pk)

        guardar(mesa, datos)

        assert str(entera(mesa.tramite).acciones()[0].fundamento) == "Acuerdo 12 de 2024"

    @pytest.mark.parametrize("clase", ["norma", "momento"])
    def test_a_part_goes_down_and_up_again(self, mesa, clase):
        with editar_hoja(entera(mesa.tramite), por=mesa.casa.suit) as hoja:
            agregar_fundamento(hoja, tipo="decreto", numero="7", anio=2020)
        partes = "fundamentos" if clase == "norma" else "momentos"
        primera = getattr(entera(mesa.tramite), partes).first()

        baja = guardar(mesa, abrir(mesa), f"bajar:{clase}:{primera.pk}")
        assert list(getattr(entera(mesa.tramite), partes).all())[1] == primera
        sube = guardar(mesa, abrir(mesa), f"subir:{clase}:{primera.pk}")

        assert getattr(entera(mesa.tramite), partes).first() == primera
        for respuesta in (baja, sube):
            ancla = respuesta.url.partition("#")[2]
            assert ancla.endswith(f"{clase}-{primera.pk}")
        assert f'id="{ancla}"' in mesa.client.get(mesa.url).text

    def test_an_action_goes_on_to_the_momento_beside(self, mesa):
        segunda = entera(mesa.tramite).acciones()[1]

        guardar(mesa, abrir(mesa), f"bajar:accion:{segunda.pk}")

        assert [len(a) for a in acciones(mesa)] == [1, 2, 1]
        assert acciones(mesa)[1][0] == str(segunda)
        guardar(mesa, abrir(mesa), f"subir:accion:{segunda.pk}")
        assert acciones(mesa)[0][-1] == str(segunda)

    def test_at_the_ends_there_is_nowhere_to_go(self, mesa):
        antes = acciones(mesa)
        todas = entera(mesa.tramite).acciones()

        guardar(mesa, abrir(mesa), f"subir:accion:{todas[0].pk}")
        guardar(mesa, abrir(mesa), f"bajar:accion:{todas[-1].pk}")

        assert acciones(mesa) == antes
        pagina = mesa.client.get(mesa.url).text
        assert f'value="subir:accion:{todas[0].pk}"' not in pagina
        assert f'value="bajar:accion:{todas[-1].pk}"' not in pagina
        assert f'value="bajar:accion:{todas[0].pk}"' in pagina

    def test_removing_keeps_all_the_rest_that_was_typed(self, mesa):
        hoja = entera(mesa.tramite)
        pago, otra = hoja.pagos()[0], hoja.acciones()[0]
        datos = abrir(mesa)
        datos[f"accion-{otra.pk}-descripcion"] = "Recibo de la luz"

        respuesta = guardar(mesa, datos, f"quitar:accion:{pago.pk}", resultado="Un papel")

        hoja = entera(mesa.tramite)
        assert not hoja.pagos()
        assert hoja.resultado == "Un papel"
        assert str(hoja.acciones()[0]) == "Recibo de la luz"
        assert respuesta.url.partition("#")[2] == f"momento-{pago.momento_id}"

    def test_a_momento_goes_with_its_actions_and_a_norm_leaves_its_requisito_without_it(self, mesa):
        hoja = entera(mesa.tramite)

        guardar(mesa, abrir(mesa), f"quitar:momento:{hoja.momentos.first().pk}")
        guardar(mesa, abrir(mesa), f"quitar:norma:{hoja.fundamentos.get().pk}")

        hoja = entera(mesa.tramite)
        assert [len(a) for a in acciones(mesa)] == [1, 1]
        assert not hoja.fundamentos.all()
        assert all(accion.fundamento is None for accion in hoja.acciones())

    def test_adding_a_norm_gives_it_to_no_action(self, mesa):
        documento = entera(mesa.tramite).acciones()[0]
        datos = abrir(mesa)
        datos[f"accion-{documento.pk}-norma"] = ""

        guardar(mesa, datos, "agregar:norma")

        primera, *_demas, solicitud = entera(mesa.tramite).acciones()
        assert primera.fundamento is solicitud.fundamento is None

    def test_one_norm_for_every_requisito_that_has_none(self, mesa):
        guardar(mesa, abrir(mesa), "agregar:norma")
        hoja = entera(mesa.tramite)
        suya, sin_norma, con_razon = hoja.requisitos()
        otra = hoja.fundamentos.last()
        datos = abrir(mesa)
        datos[f"norma-{otra.pk}-numero"], datos[f"norma-{otra.pk}-anio"] = "962", "2005"
        datos[f"accion-{sin_norma.pk}-norma"] = datos[f"accion-{con_razon.pk}-norma"] = ""
        datos[f"accion-{con_razon.pk}-razon_fundamento"] = "Lo paga quien quiere"

        guardar(mesa, datos, f"fundar:{otra.pk}")

        normas = [str(accion.fundamento or "") for accion in entera(mesa.tramite).requisitos()]
        assert normas == ["Ley 142 de 1994, art. 101", "Ley 962 de 2005", ""]
        assert str(suya.fundamento) == normas[0]

    def test_an_action_has_only_the_fields_of_its_kind(self, mesa):
        pagina = mesa.client.get(mesa.url).text
        hoja = entera(mesa.tramite)
        documento, pago, solicitud = hoja.acciones()[0], hoja.pagos()[0], hoja.acciones()[-1]

        assert f'name="accion-{documento.pk}-copias"' in pagina
        assert f'name="accion-{documento.pk}-formula"' not in pagina
        assert f'name="accion-{pago.pk}-formula"' in pagina
        assert f'name="accion-{pago.pk}-copias"' not in pagina
        assert f'name="accion-{solicitud.pk}-canal"' in pagina
        assert f'name="accion-{solicitud.pk}-norma"' not in pagina

    def test_an_action_that_changes_kind_leaves_nothing_behind_unseen(self, mesa):
        pago = entera(mesa.tramite).pagos()[0]
        datos = abrir(mesa)
        datos[f"accion-{pago.pk}-tipo"] = "documento"
        datos[f"accion-{pago.pk}-nota"] = "Ya no se paga"

        respuesta = guardar(mesa, datos)

        accion = Accion.objects.get(pk=pago.pk)
        assert respuesta.status_code == 302
        assert (accion.tipo, accion.valor_tipo, accion.formula) == ("documento", "", "")
        assert (accion.entidad_recaudadora, accion.nota) == ("", "Ya no se paga")
        assert accion.fundamento == pago.fundamento

    def test_no_copies_are_none(self, mesa):
        documento = entera(mesa.tramite).acciones()[0]
        datos = abrir(mesa)
        datos[f"accion-{documento.pk}-originales"] = "2"
        datos[f"accion-{documento.pk}-copias"] = ""

        respuesta = guardar(mesa, datos)

        documento.refresh_from_db()
        assert respuesta.status_code == 302
        assert (documento.originales, documento.copias) == (2, 0)

    def test_audiences_and_exceptions_of_an_action(self, mesa):
        documento = entera(mesa.tramite).acciones()[0]
        datos = abrir(mesa)
        datos.setlist(f"accion-{documento.pk}-para", [str(mesa.casa.organizaciones.pk)])
        datos[f"accion-{documento.pk}-es_excepcion"] = "on"
        datos[f"accion-{documento.pk}-excepcion_cuando"] = "Si actúa por apoderado"

        guardar(mesa, datos)

        accion = Accion.objects.get(pk=documento.pk)
        assert list(accion.audiencias.all()) == [mesa.casa.organizaciones]
        assert (accion.es_excepcion, accion.excepcion_cuando) == (True, "Si actúa por apoderado")

    def test_only_the_audiences_of_the_hoja_are_offered_and_those_it_already_had(self, mesa):
        otra = Audiencia.objects.create(nombre="Extranjeros", slug="extranjeros", orden=3)
        vieja = Audiencia.objects.create(
            nombre="Víctimas", slug="victimas", grupo=mesa.casa.ciudadano, orden=1
        )
        documento = entera(mesa.tramite).acciones()[0]
        with editar_hoja(entera(mesa.tramite), por=mesa.casa.suit):
            documento.audiencias.add(vieja)

        pagina = mesa.client.get(mesa.url).text

        casillas = re.findall(rf'name="accion-{documento.pk}-para" value="(\d+)"', pagina)
        assert str(otra.pk) not in casillas
        assert str(vieja.pk) in casillas
        assert "Ciudadano: Víctimas" in pagina

    def test_keys_that_are_not_of_this_hoja_touch_no_other(self, mesa):
        ajeno = crear_tramite(mesa.casa, "en_creacion")
        llenar_hoja(mesa.casa, ajeno)
        antes = entera(ajeno).contenido()
        robada = entera(ajeno).momentos.first()
        datos = abrir(mesa)
        datos.appendlist("momento", str(robada.pk))
        datos[f"momento-{robada.pk}-descripcion"] = "Mío"
        accion = entera(ajeno).pagos()[0]
        datos[f"acciones-{robada.pk}"] = str(accion.pk)
        datos[f"accion-{accion.pk}-tipo"] = "documento"

        respuesta = guardar(mesa, datos)

        assert respuesta.status_code == 302
        assert entera(ajeno).contenido() == antes
        mio = entera(mesa.tramite).momentos.last()
        assert str(mio) == "Mío"
        assert mio.acciones.get().tipo == "documento"

    @pytest.mark.parametrize(
        "hacer",
        [
            "",
            "quitar",
            "subir:accion:x",
            "agregar:accion:1:nada",
            "agregar:accion",
            "bajar:norma:999999",
            "volar:1",
            "fundar:999999",
            "guardar:<script>",
            "confirmar:",
        ],
    )
    def test_a_button_that_does_not_exist_only_saves(self, mesa, hacer):
        antes = entera(mesa.tramite).contenido()

        respuesta = guardar(mesa, abrir(mesa), hacer, resultado="Guardado igual")

        assert respuesta.status_code == 302
        assert entera(mesa.tramite).contenido() == antes | {"resultado": "Guardado igual"}

    @pytest.mark.parametrize("clave", ["²", "-1", "1e3", "9" * 30, "<b>"])
    def test_a_key_that_is_no_number_is_left_out(self, mesa, clave):
        antes = entera(mesa.tramite).contenido()
        datos = abrir(mesa)
        datos.appendlist("momento", clave)

        assert guardar(mesa, datos).status_code == 302
        assert entera(mesa.tramite).contenido() == antes


class TestReasons:
    def test_a_reason_answers_in_place_of_the_value(self, mesa):
        datos = abrir(mesa)
        datos["tiempo_cantidad"] = ""
        guardar(mesa, datos)
        assert "Falta el tiempo de respuesta." in mesa.client.get(mesa.url).text

        guardar(mesa, abrir(mesa), razon_tiempo="Depende del juez")

        hoja = entera(mesa.tramite)
        assert hoja.no_aplica == {"tiempo": "Depende del juez"}
        assert hoja.completa
        assert "Falta el tiempo de respuesta." not in mesa.client.get(mesa.url).text

    @pytest.mark.parametrize(
        "razon",
        [
            "razon_palabras_clave",
            "razon_vigencia_unidad",
            "razon_medios_entrega",
            "razon_puntos",
            "razon_seguimiento",
            "razon_tiempo",
            "razon_fundamentos",
        ],
    )
    def test_value_and_reason_at_once_are_refused_and_kept(self, mesa, razon):
        respuesta = guardar(mesa, abrir(mesa), **{razon: "Porque no"})

        assert respuesta.status_code == 422
        assert entera(mesa.tramite).no_aplica == {}
        assert leer_formulario(respuesta.text)[razon] == "Porque no"
        assert f'href="#id_{razon}"' in respuesta.text

    def test_of_an_action(self, mesa):
        pago = entera(mesa.tramite).pagos()[0]
        datos = abrir(mesa)
        datos[f"accion-{pago.pk}-entidad_recaudadora"] = ""
        datos[f"accion-{pago.pk}-razon_entidad_recaudadora"] = "Se paga en la ventanilla"

        guardar(mesa, datos)

        assert Accion.objects.get(pk=pago.pk).no_aplica == {"entidad_recaudadora": "Se paga en la ventanilla"}
        assert entera(mesa.tramite).completa

    def test_immediate_and_with_a_term_is_refused(self, mesa):
        respuesta = guardar(mesa, abrir(mesa), tiempo_inmediato="on")

        assert respuesta.status_code == 422
        assert respuesta.text.count("Si se obtiene de inmediato, no escriba un tiempo de respuesta.") == 2
        assert not entera(mesa.tramite).tiempo_inmediato


class TestBadInput:
    @pytest.mark.parametrize(
        "formula, razon",
        [
            ("3 UVT +", "incompleta al final"),
            ("(3 UVT", "cerrar un paréntesis"),
            ("0.5 UVT", "no es un número"),
            ("1/0", "divide por cero"),
        ],
    )
    def test_a_formula_that_does_not_parse_says_where_and_why(self, mesa, formula, razon):
        pago = entera(mesa.tramite).pagos()[0]
        datos = abrir(mesa)
        datos[f"accion-{pago.pk}-formula"] = formula

        respuesta = guardar(mesa, datos, resultado="Lo que iba escribiendo")

        assert respuesta.status_code == 422
        assert f'<a href="#id_accion-{pago.pk}-formula">Momento 2, acción 1. Fórmula: ' in respuesta.text
        assert razon in respuesta.text
        assert leer_formulario(respuesta.text)[f"accion-{pago.pk}-formula"] == formula
        assert leer_formulario(respuesta.text)["resultado"] == "Lo que iba escribiendo"
        assert entera(mesa.tramite).resultado == "Certificado de estratificación"

    @pytest.mark.parametrize(
        "campo, valor",
        [
            ("tiempo_cantidad", "quince"),
            ("tiempo_cantidad", "-3"),
            ("tiempo_cantidad", "99999999999"),
            ("url_en_linea", "no es una dirección"),
            ("grado", "telepatía"),
            ("tematica", "999999"),
            ("audiencias", "x"),
            ("puntos", "999999"),
            ("dependencia", ""),
            ("medios_entrega", "paloma"),
            ("descripcion", "a" * 1001),
            ("palabras_clave", "a" * 61),
            ("razon_url_en_linea", "a" * 301),
        ],
    )
    def test_every_error_is_beside_its_field_and_nothing_is_lost(self, mesa, campo, valor):
        antes = entera(mesa.tramite).contenido()

        respuesta = guardar(mesa, abrir(mesa), seguimiento_detalle="Con el radicado", **{campo: valor})

        assert respuesta.status_code == 422
        assert "<title>Error:" in respuesta.text
        assert f'id="id_{campo}_error"' in respuesta.text
        enlace = re.search(rf'href="#(id_{campo}(_0)?)"', respuesta.text)
        assert enlace and f'id="{enlace[1]}"' in respuesta.text
        enviado = leer_formulario(respuesta.text)
        assert enviado["seguimiento_detalle"] == "Con el radicado"
        if campo not in {"grado", "tematica", "audiencias", "puntos", "dependencia", "medios_entrega"}:
            assert enviado[campo] == valor
        assert entera(mesa.tramite).contenido() == antes

    def test_a_result_that_lapses_says_when(self, mesa):
        respuesta = guardar(mesa, abrir(mesa), vigencia_unidad="meses")

        assert respuesta.status_code == 422
        assert (
            '<a href="#id_vigencia_cantidad">¿A los cuántos? Diga a los cuántos meses vence.</a>'
            in respuesta.text
        )
        assert leer_formulario(respuesta.text)["vigencia_unidad"] == "meses"

    def test_a_norm_that_has_lapsed_is_refused_when_it_is_written(self, mesa):
        norma = entera(mesa.tramite).fundamentos.get()
        datos = abrir(mesa)
        datos[f"norma-{norma.pk}-vigente_hasta"] = "2020-01-31"

        respuesta = guardar(mesa, datos)

        assert respuesta.status_code == 422
        assert "Norma 1. Vigente hasta: Esa norma dejó de regir el 31/01/2020" in respuesta.text

    def test_a_norm_that_lapsed_afterwards_is_a_gap_and_does_not_keep_one_from_saving(self, mesa):
        with editar_hoja(entera(mesa.tramite), por=mesa.casa.suit) as hoja:
            hoja.fundamentos.update(vigente_hasta="2020-01-31")

        respuesta = guardar(mesa, abrir(mesa), resultado="Sigue")

        assert respuesta.status_code == 302
        assert entera(mesa.tramite).resultado == "Sigue"
        norma = entera(mesa.tramite).fundamentos.get()
        pagina = mesa.client.get(mesa.url).text
        assert f'<a href="#id_norma-{norma.pk}-vigente_hasta">La norma 1' in pagina

    def test_with_an_error_the_button_does_nothing_yet(self, mesa):
        respuesta = guardar(mesa, abrir(mesa), "agregar:momento", tiempo_cantidad="x")

        assert respuesta.status_code == 422
        assert len(entera(mesa.tramite).momentos.all()) == 3

    def test_the_act_is_checked_by_its_content_kept_and_served(self, mesa, adjunto_pdf):
        casa = mesa.casa
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        mesa.tramite, mesa.url = tramite, url_hoja(tramite)
        falso = SimpleUploadedFile("acto.pdf", b"<script>alert(1)</script>")

        mala = guardar(mesa, abrir(mesa), archivo=falso)
        buena = guardar(mesa, abrir(mesa), acto_soporte="Acuerdo 012 de 2026", archivo=adjunto_pdf)

        assert mala.status_code == 422
        assert "no es lo que su nombre dice" in mala.text
        hoja = entera(tramite)
        assert buena.status_code == 302
        assert len(hoja.acto_soporte_sha256) == 64
        acto = mesa.client.get(reverse("admin:tramites_tramite_acto", args=[tramite.pk, hoja.numero]))
        assert acto["Content-Type"] == "application/pdf"
        assert acto["Content-Disposition"].startswith("attachment")
        assert b"".join(acto.streaming_content).startswith(b"%PDF")
        assert "el que ya se subió" in mesa.client.get(mesa.url).text

        guardar(mesa, abrir(mesa), **{"archivo-clear": "on"})
        assert not entera(tramite).acto_soporte_archivo and not entera(tramite).acto_soporte_sha256


class TestGaps:
    def test_each_gap_is_beside_its_field_and_linked_from_the_top(self, mesa):
        hoja = entera(mesa.tramite)
        pago = hoja.pagos()[0]
        with editar_hoja(hoja, por=mesa.casa.suit) as fila:
            fila.tiempo_cantidad = None
            fila.grado = ""
            fila.medios_entrega = []
            Accion.objects.filter(pk=pago.pk).update(formula="", fundamento=None)
            agregar_fundamento(fila, tipo="ley")
            agregar_momento(fila, "Vacío")

        pagina = mesa.client.get(mesa.url).text

        ultimo = entera(mesa.tramite).momentos.last()
        norma = entera(mesa.tramite).fundamentos.last()
        for ancla, falta in {
            "id_medios_entrega_0": "Falta decir cómo se recibe el resultado.",
            "id_tiempo_cantidad": "Falta el tiempo de respuesta.",
            "id_grado_0": "Falta decir si se hace en línea.",
            f"id_accion-{pago.pk}-norma": "Falta el fundamento del requisito 3.",
            f"id_accion-{pago.pk}-formula": "Falta la fórmula del pago 1.",
            f"id_norma-{norma.pk}-numero": "Falta el número y el año de la norma 2.",
            f"id_momento-{ultimo.pk}-descripcion": "El momento 4 no tiene acciones.",
        }.items():
            assert f'<a href="#{ancla}">{falta}</a>' in pagina
            assert f'id="{ancla}"' in pagina
            assert pagina.count(falta) == 2
        assert "Incompleta: " in pagina

    def test_whole_sections_that_lack_everything(self, mesa):
        datos = abrir(mesa)
        datos.setlist("momento", [])
        datos.setlist("norma", [])
        guardar(mesa, datos)

        pagina = mesa.client.get(mesa.url).text

        assert '<a href="#agregar-norma">Falta el fundamento legal.</a>' in pagina
        assert '<a href="#agregar-momento">Faltan los momentos: qué hace la persona.</a>' in pagina
        assert 'id="agregar-norma"' in pagina and 'id="agregar-momento"' in pagina

    def test_a_gap_is_tied_to_its_control(self, mesa):
        guardar(mesa, abrir(mesa), resultado="")

        pagina = mesa.client.get(mesa.url).text

        control = re.search(r'<input[^>]*id="id_resultado"[^>]*>', pagina)
        assert "id_resultado_falta" in control[0] and "id_resultado_helptext" in control[0]
        assert 'id="id_resultado_falta"' in pagina

    def test_a_complete_one_says_that_it_can_be_sent(self, mesa):
        pagina = mesa.client.get(mesa.url).text

        assert "Completa: 100 %" in pagina
        assert "Ya se puede enviar." in pagina


class TestToConfirm:
    @pytest.fixture
    def inferido(self, mesa):
        Tramite.objects.filter(pk=mesa.tramite.pk).update(
            por_confirmar={"tiempo": "inferido: 15 días", "costo": "inferido", "otro": "<b>raro</b>"}
        )
        return mesa

    def test_each_is_told_where_it_is(self, inferido):
        pagina = inferido.client.get(inferido.url).text

        assert 'value="confirmar:tiempo"' in pagina.partition('id="campo-tiempo_cantidad"')[2][:3000]
        assert 'value="confirmar:costo"' in pagina.partition('id="seccion-necesita"')[2][:1500]
        assert "&lt;b&gt;raro&lt;/b&gt;" in pagina

    def test_confirming_saves_what_was_typed_and_goes_back_there(self, inferido):
        respuesta = guardar(inferido, abrir(inferido), "confirmar:tiempo", tiempo_cantidad="7")

        assert respuesta.url == f"{inferido.url}#campo-tiempo_cantidad"
        inferido.tramite.refresh_from_db()
        assert set(inferido.tramite.por_confirmar) == {"costo", "otro"}
        assert entera(inferido.tramite).tiempo_cantidad == 7
        assert inferido.tramite.pasos.last().motivo == "inferido: 15 días"

    def test_twice_says_so(self, inferido):
        datos = abrir(inferido)
        guardar(inferido, datos, "confirmar:otro")
        respuesta = guardar(inferido, abrir(inferido), "confirmar:otro")

        assert "Ese dato ya estaba confirmado." in mensajes(respuesta)


class TestTwoPeople:
    def test_pressing_twice_saves_once(self, mesa):
        datos = abrir(mesa)
        uno = guardar(mesa, datos, descripcion="Dos veces.")
        revision = entera(mesa.tramite).revision

        otro = guardar(mesa, datos, descripcion="Dos veces.")

        assert (uno.status_code, otro.status_code) == (302, 302)
        assert entera(mesa.tramite).revision == revision

    @pytest.mark.parametrize("que", ["momento", "norma", "accion"])
    def test_adding_twice_adds_once(self, mesa, que):
        datos = abrir(mesa)
        if que == "accion":
            que = f"accion:{entera(mesa.tramite).momentos.first().pk}:pago"
        guardar(mesa, datos, f"agregar:{que}")
        antes = entera(mesa.tramite).contenido()

        otra = guardar(mesa, datos, f"agregar:{que}")

        assert otra.status_code == 302
        assert entera(mesa.tramite).contenido() == antes

    def test_what_the_other_saved_is_told_and_what_was_typed_stays(self, mesa):
        datos = abrir(mesa)
        jefe = mesa.casa.jefe
        with editar_hoja(entera(mesa.tramite), por=jefe) as hoja:
            hoja.descripcion = "Lo que puso la jefatura."
            agregar_momento(hoja, "Un momento de la jefatura")

        respuesta = guardar(mesa, datos, descripcion="Lo que puso el usuario del SUIT.")

        assert respuesta.status_code == 409
        assert "guardó cambios en esta hoja de vida mientras usted escribía" in respuesta.text
        assert "Lo que quedó guardado y lo que usted escribió" in respuesta.text
        assert "la jefatura" in respuesta.text and "Un momento de la jefatura" in respuesta.text
        enviado = leer_formulario(respuesta.text)
        assert enviado["descripcion"] == "Lo que puso el usuario del SUIT."
        assert entera(mesa.tramite).descripcion == "Lo que puso la jefatura."

        otra_vez = guardar(mesa, enviado)

        assert otra_vez.status_code == 302
        assert entera(mesa.tramite).descripcion == "Lo que puso el usuario del SUIT."

    def test_a_part_that_the_other_removed_comes_back_when_one_insists(self, mesa):
        datos = abrir(mesa)
        with editar_hoja(entera(mesa.tramite), por=mesa.casa.jefe) as hoja:
            hoja.momentos.first().delete()
            hoja.fundamentos.all().delete()

        rechazada = guardar(mesa, datos, resultado="Insisto")
        respuesta = guardar(mesa, leer_formulario(rechazada.text))

        hoja = entera(mesa.tramite)
        assert (rechazada.status_code, respuesta.status_code) == (409, 302)
        assert [len(a) for a in acciones(mesa)] == [2, 1, 1]
        assert str(hoja.acciones()[0].fundamento) == "Ley 142 de 1994, art. 101"

    @pytest.mark.parametrize("revision", ["", "x", "-1", "99999999999999999999"])
    def test_a_form_that_does_not_say_what_it_opened_replaces_nothing_unasked(self, mesa, revision):
        respuesta = guardar(mesa, abrir(mesa), revision=revision, resultado="Otra cosa")

        assert respuesta.status_code == 409
        assert entera(mesa.tramite).resultado == "Certificado de estratificación"

    def test_one_that_was_sent_meanwhile_shows_what_was_typed(self, mesa):
        datos = abrir(mesa)
        dar_paso("enviar", mesa.tramite, por=mesa.casa.suit)

        respuesta = guardar(mesa, datos, descripcion="Lo último que escribí.")

        assert respuesta.status_code == 409
        assert "Lo que escribió no se guardó" in respuesta.text
        assert "Lo último que escribí.</textarea>" in respuesta.text
        assert "Momento 1, acción 1. Descripción" in respuesta.text

    def test_whose_post_is_now_another_gets_what_they_typed(self, mesa):
        datos = abrir(mesa)
        tesoreria = mesa.casa.tesorero.titularidades.get().cargo
        mesa.casa.suit.titularidades.update(cargo=tesoreria, calidad="encargado")

        respuesta = guardar(mesa, datos, descripcion="No se pierde.")

        assert respuesta.status_code == 409
        assert "No se pierde.</textarea>" in respuesta.text
        assert entera(mesa.tramite).descripcion != "No se pierde."


class TestWhoWrites:
    @pytest.mark.parametrize(
        "quien, estado",
        [
            ("suit", 200),
            ("jefe", 200),
            ("secretaria", 200),
            ("tesorero", 403),
            ("alcalde", 403),
            ("autora", 403),
            ("admin", 403),
        ],
    )
    def test_opening_the_editor(self, mesa, quien, estado):
        mesa.client.force_login(getattr(mesa.casa, quien))

        assert mesa.client.get(mesa.url).status_code == estado

    @pytest.mark.parametrize("quien", ["tesorero", "alcalde", "admin"])
    def test_posting_without_the_right_changes_nothing(self, mesa, quien):
        datos = abrir(mesa)
        mesa.client.force_login(getattr(mesa.casa, quien))

        respuesta = guardar(mesa, datos, descripcion="Colado")
        con_error = guardar(mesa, datos, tiempo_cantidad="x")

        assert (respuesta.status_code, con_error.status_code) == (409, 409)
        assert entera(mesa.tramite).descripcion == "Dice a qué estrato pertenece un predio."

    def test_anonymous_is_asked_to_enter(self, mesa):
        datos = abrir(mesa)
        mesa.client.logout()

        assert "/admin/login/" in mesa.client.get(mesa.url).url
        perdido = guardar(mesa, datos)
        assert perdido.status_code == 401
        assert "Lo que usted escribió" in perdido.text

    @pytest.mark.parametrize("estado", ["sin_gestion", "enviado", "inscrito", "suprimido"])
    def test_without_a_draft_there_is_nothing_to_write(self, mesa, estado):
        tramite = crear_tramite(mesa.casa, estado)

        respuesta = mesa.client.get(url_hoja(tramite))

        assert respuesta.url == reverse("admin:tramites_tramite_change", args=[tramite.pk])

    def test_what_does_not_exist_is_not_there(self, mesa):
        assert mesa.client.get(reverse("admin:tramites_tramite_hoja", args=[999999])).status_code == 404

    @pytest.mark.parametrize("quien, estado", [("suit", 404), ("autora", 403)])
    def test_the_act_of_who_has_none(self, mesa, quien, estado):
        mesa.client.force_login(getattr(mesa.casa, quien))

        url = reverse("admin:tramites_tramite_acto", args=[mesa.tramite.pk, 1])

        assert mesa.client.get(url).status_code == estado


class TestStructural:
    def test_it_is_told_while_writing_with_the_place_of_the_act(self, mesa):
        casa = mesa.casa
        tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
        mesa.tramite, mesa.url = tramite, url_hoja(tramite)
        assert "modificación estructural" not in mesa.client.get(mesa.url).text

        guardar(mesa, abrir(mesa), tiempo_cantidad="30")

        pagina = mesa.client.get(mesa.url).text
        assert "Es una modificación estructural." in pagina
        assert "Aumenta el tiempo de respuesta: de 5 días hábiles a 30 días hábiles." in pagina
        assert 'href="#id_acto_soporte"' in pagina and 'id="id_acto_soporte"' in pagina

    def test_a_first_hoja_does_not_ask_what_changed(self, mesa):
        assert 'name="acto_soporte"' not in mesa.client.get(mesa.url).text

    def test_points_that_closed_are_kept_only_where_they_were(self, mesa):
        PuntoDeAtencion.objects.create(nombre="Otro, cerrado", dependencia=mesa.casa.planeacion, activo=False)
        PuntoDeAtencion.objects.filter(pk=mesa.casa.punto.pk).update(activo=False)

        pagina = mesa.client.get(mesa.url).text

        assert "Ventanilla de Planeación" in pagina
        assert "Otro, cerrado" not in pagina
