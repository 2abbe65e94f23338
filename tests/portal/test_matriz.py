"""The update matrix on one screen: what it says, what is wrong in it, and changing it in place."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import importacion
from portal.admin.matriz import filas
from portal.models import Asignacion, Canal, Titularidad
from tests.builders import (
    asignar,
    crear_canal,
    crear_cargo,
    crear_dependencia,
    crear_publicada,
    crear_titularidad,
    crear_usuario,
)

AYER = timezone.localdate() - timedelta(days=1)


def url(**filtro) -> str:
    return reverse("admin:portal_matriz", query=filtro)


def ver(client, quien, **filtro):
    client.force_login(quien)
    return client.get(url(**filtro))


def fila_de(canal, en=None):
    return next(fila for fila in filas(en or timezone.now()) if fila.canal.pk == canal.pk)


def problemas(canal) -> list[str]:
    fila = fila_de(canal)
    return [*fila.problemas, *(celda.problema for celda in fila.celdas if celda.problema)]


def irse(*personas) -> None:
    Titularidad.objects.filter(persona__in=personas).update(hasta=AYER)


def cambiar(client, canal, accion, cargo, funcion, **mas):
    direccion = reverse("admin:portal_matriz_cambiar", args=[canal.pk, accion])
    return client.post(direccion, {"cargo": cargo.pk, "funcion": funcion, **mas})


class TestWhoMay:
    def test_is_for_secretaria_general_and_the_administrator(self, casa, client):
        estados = {
            quien: ver(client, getattr(casa, quien)).status_code
            for quien in ("autora", "editor", "jefe", "alcalde", "tesorero", "secretaria", "admin")
        }

        assert estados == dict.fromkeys(["autora", "editor", "jefe", "alcalde", "tesorero"], 403) | {
            "secretaria": 200,
            "admin": 200,
        }

    @pytest.mark.parametrize("quien", ["autora", "jefe", "alcalde"])
    def test_nobody_else_changes_it(self, casa, client, quien):
        client.force_login(getattr(casa, quien))

        respuesta = cambiar(client, casa.canal, "poner", casa.cargo_jefe, "autor")

        assert respuesta.status_code == 403
        assert Asignacion.objects.count() == 3

    def test_anonymous_people_go_to_the_login(self, casa, client):
        for direccion in (url(), reverse("admin:portal_matriz_cambiar", args=[casa.canal.pk, "poner"])):
            assert client.get(direccion).url.startswith(reverse("admin:login"))

    def test_other_methods_are_refused(self, casa, client):
        client.force_login(casa.secretaria)

        assert client.post(url()).status_code == 405
        for accion in ("poner", "quitar"):
            direccion = reverse("admin:portal_matriz_cambiar", args=[casa.canal.pk, accion])
            assert client.get(direccion).status_code == 405

    @pytest.mark.parametrize("quien, esta", [("secretaria", True), ("admin", True), ("jefe", False)])
    def test_has_its_button_in_the_bandeja(self, casa, client, quien, esta):
        client.force_login(getattr(casa, quien))

        assert (f'href="{url()}"' in client.get(reverse("admin:index")).text) is esta


class TestWhatItSays:
    def test_each_channel_with_its_term_its_posts_and_who_holds_them(self, casa, client):
        fuente = "canal=INF; frecuencia=V:SEM"
        Canal.objects.update(frecuencia="mensual", base_legal="Decreto 1151 de 2008", fuente=fuente)
        crear_publicada(casa, en=timezone.now() - timedelta(days=3))
        hasta = timezone.localdate() + timedelta(days=9)
        crear_titularidad(casa.tesorero, casa.cargo_editor, calidad="encargado", hasta=hasta)

        texto = re.sub(r"<[^>]+>|\s+", " ", ver(client, casa.secretaria).text)
        texto = re.sub(r"\s+", " ", texto)

        assert (
            "31 días , mensual Decreto 1151 de 2008 Lo dice el plan de un sitio municipal"
            in texto.replace(" días,", " días ,")
        )
        assert "hace 3 días" in texto
        assert "Auxiliar autora" in texto
        assert "tesorero , por encargo, hasta el" in texto

    @pytest.mark.parametrize(
        ("fuente", "dicho"),
        [
            ("frecuencia=INF", "Propuesto al cargar los datos: por confirmar"),
            ("canal=V:SEM; frecuencia=VP:CORPOG", "Se vio en un documento de la época"),
            ("canal=INF", ""),
            ("frecuencia=OTRA", ""),
            ("", ""),
        ],
    )
    def test_how_firm_a_term_is_said_in_words(self, casa, fuente, dicho):
        casa.canal.fuente = fuente
        assert casa.canal.firmeza_del_plazo.startswith(dicho)
        assert bool(casa.canal.firmeza_del_plazo) == bool(dicho)

    def test_without_a_legal_basis_the_alcaldia_set_it(self, casa, client):
        assert "La fijó la alcaldía" in ver(client, casa.secretaria).text

    def test_late_channels_say_so(self, casa, client):
        assert "Pasó su plazo" in ver(client, casa.secretaria).text
        crear_publicada(casa)
        assert "Pasó su plazo" not in ver(client, casa.secretaria).text

    def test_filters_by_office_and_by_problems(self, casa, client):
        otro = crear_canal(casa.general, nombre="Otro canal")
        asignar(otro, autor=casa.cargo_autor, editor=casa.cargo_editor, autoriza=casa.cargo_alcalde)

        def canales(**filtro):
            return {str(fila.canal) for fila in ver(client, casa.secretaria, **filtro).context["filas"]}

        assert canales() == {"Programas y proyectos", "Otro canal"}
        assert canales(dependencia=casa.general.pk) == {"Otro canal"}
        assert canales(problemas="on") == {"Programas y proyectos"}  # past its age
        assert canales(dependencia=casa.general.pk, problemas="on") == set()

    @pytest.mark.parametrize("raro", ["x", "99999999", "", "' OR 1=1"])
    def test_a_strange_filter_shows_everything(self, casa, client, raro):
        respuesta = ver(client, casa.secretaria, dependencia=raro, editar=raro)

        assert respuesta.status_code == 200
        assert len(respuesta.context["filas"]) == 1


class TestWhatIsWrong:
    def test_nothing_when_each_function_has_its_holder(self, casa):
        assert problemas(casa.canal) == []

    def test_the_head_of_the_office_counts(self, casa):
        irse(casa.autora, casa.editor, casa.alcalde)

        assert problemas(casa.canal) == []

    def test_that_only_secretaria_general_is_left_is_said(self, casa, client):
        irse(casa.autora, casa.editor, casa.alcalde, casa.jefe)

        assert problemas(casa.canal) == [
            "La misma persona escribe y autoriza, y no hay otra: nada se podrá autorizar",
            "Solo queda la Secretaría General para escribir",
            "Solo queda la Secretaría General para validar",
            "Solo queda la Secretaría General para autorizar",
        ]
        assert '<strong class="mal">Solo queda' in ver(client, casa.secretaria).text

    def test_a_function_with_nobody_is_said_in_words(self, casa):
        irse(casa.editor, casa.jefe, casa.secretaria)

        assert problemas(casa.canal) == ["Nadie puede validar hoy"]

    def test_who_edits_may_also_write(self, casa):
        irse(casa.autora, casa.jefe, casa.secretaria)

        assert problemas(casa.canal) == []

    @pytest.mark.parametrize("como", ["inactiva", "cargo cerrado"])
    def test_whoever_cannot_enter_holds_nothing(self, casa, como):
        irse(casa.jefe, casa.secretaria)
        if como == "inactiva":
            casa.editor.is_active = False
            casa.editor.save()
        else:
            casa.cargo_editor.activo = False
            casa.cargo_editor.save()

        assert problemas(casa.canal) == ["Nadie puede validar hoy"]

    def test_two_pairs_of_eyes_that_cannot_be_are_flagged(self, casa):
        irse(casa.jefe, casa.secretaria, casa.alcalde, casa.editor)
        asignar(casa.canal, autoriza=casa.cargo_autor)
        asignar(casa.canal, editor=casa.cargo_autor)

        assert problemas(casa.canal) == [
            "La misma persona escribe y autoriza, y no hay otra: nada se podrá autorizar"
        ]


class TestChangingIt:
    def test_a_function_is_given_in_place_and_leaves_history(self, casa, client):
        client.force_login(casa.secretaria)
        crear_cargo(casa.planeacion)

        respuesta = cambiar(client, casa.canal, "poner", casa.cargo_jefe, "autor", problemas="on")

        nueva = Asignacion.objects.get(cargo=casa.cargo_jefe)
        assert (nueva.canal, nueva.funcion) == (casa.canal, "autor")
        assert nueva.history.get().history_user == casa.secretaria
        assert respuesta.url == f"{url(problemas='on', editar=casa.canal.pk)}#canal-{casa.canal.pk}"

    def test_and_taken_away(self, casa, client):
        client.force_login(casa.admin)

        cambiar(client, casa.canal, "quitar", casa.cargo_autor, "autor")

        assert not Asignacion.objects.filter(cargo=casa.cargo_autor).exists()
        ultima = Asignacion.history.first()
        assert (ultima.history_type, ultima.history_user) == ("-", casa.admin)

    def test_also_from_a_post_that_was_closed(self, casa, client):
        client.force_login(casa.secretaria)
        casa.cargo_autor.activo = False
        casa.cargo_autor.save()

        cambiar(client, casa.canal, "quitar", casa.cargo_autor, "autor")

        assert not Asignacion.objects.filter(cargo=casa.cargo_autor).exists()

    @pytest.mark.parametrize("accion", ["poner", "quitar"])
    def test_twice_is_once(self, casa, client, accion):
        client.force_login(casa.secretaria)
        cargo = casa.cargo_jefe if accion == "poner" else casa.cargo_autor

        for dice in (" en «Programas y proyectos».", " ya "):
            pagina = client.post(
                reverse("admin:portal_matriz_cambiar", args=[casa.canal.pk, accion]),
                {"cargo": cargo.pk, "funcion": "autor"},
                follow=True,
            )
            [aviso] = pagina.context["messages"]
            assert dice in str(aviso)
        assert Asignacion.history.filter(cargo=cargo).count() == (1 if accion == "poner" else 2)

    @pytest.mark.parametrize(
        "datos", [{}, {"cargo": "x", "funcion": "autor"}, {"cargo": "1", "funcion": "manda"}]
    )
    def test_what_is_not_in_the_lists_changes_nothing(self, casa, client, datos):
        client.force_login(casa.secretaria)
        direccion = reverse("admin:portal_matriz_cambiar", args=[casa.canal.pk, "poner"])

        pagina = client.post(direccion, datos, follow=True)

        assert "No se cambió nada." in pagina.text
        assert Asignacion.objects.count() == 3

    def test_what_does_not_exist_is_not_found(self, casa, client):
        client.force_login(casa.secretaria)

        for canal, accion in ((99999, "poner"), (casa.canal.pk, "borrar")):
            direccion = reverse("admin:portal_matriz_cambiar", args=[canal, accion])
            assert (
                client.post(direccion, {"cargo": casa.cargo_jefe.pk, "funcion": "autor"}).status_code == 404
            )

    def test_the_forms_are_in_the_row_that_is_open_and_in_no_other(self, casa, client):
        crear_canal(casa.planeacion)
        client.force_login(casa.secretaria)

        cerrada = client.get(url()).text
        abierta = client.get(url(editar=casa.canal.pk)).text

        assert "/quitar/" not in cerrada
        assert abierta.count("/quitar/") == 3
        assert abierta.count("/poner/") == 1


class TestImporting:
    def subir(self, client, *lineas, **mas):
        archivo = SimpleUploadedFile("m.csv", "\n".join(["canal,cargo,funcion", *lineas]).encode())
        return client.post(reverse("admin:portal_asignacion_importar"), {"archivo": archivo, **mas})

    def linea(self, casa, cargo, funcion) -> str:
        return f"{casa.canal.slug},{cargo.codigo},{funcion}"

    def test_first_says_what_would_change_and_changes_nothing(self, casa, client):
        client.force_login(casa.secretaria)
        antes, historia = importacion.matriz_en_csv(), Asignacion.history.count()

        pagina = self.subir(client, self.linea(casa, casa.cargo_jefe, "autor"), completa="on")

        assert "Secretario de Planeación escribe en Programas y proyectos" in pagina.text
        assert "Se quita (3)" in pagina.text
        assert (importacion.matriz_en_csv(), Asignacion.history.count()) == (antes, historia)

    def test_what_was_shown_is_what_is_confirmed_even_twice(self, casa, client):
        client.force_login(casa.secretaria)
        pagina = self.subir(client, self.linea(casa, casa.cargo_jefe, "autor"), completa="on")
        visto = pagina.context["confirmar"].initial | {"confirmar": "1"}

        for _vez in range(2):
            respuesta = client.post(reverse("admin:portal_asignacion_importar"), visto)
            assert respuesta.url == url()

        [unica] = Asignacion.objects.all()
        assert (unica.cargo, unica.funcion) == (casa.cargo_jefe, "autor")

    def test_without_differences_there_is_nothing_to_confirm(self, casa, client):
        client.force_login(casa.secretaria)

        pagina = self.subir(client, self.linea(casa, casa.cargo_autor, "autor"))

        assert "no hay nada que cambiar" in pagina.text
        assert 'name="confirmar"' not in pagina.text

    @pytest.mark.parametrize("contenido", ["", "canal,cargo,funcion\nno-hay,no-hay,autor", "a" * 1_100_000])
    def test_what_is_confirmed_is_checked_again(self, casa, client, contenido):
        client.force_login(casa.secretaria)
        antes = importacion.matriz_en_csv()

        datos = {"contenido": contenido, "nombre": "m.csv", "completa": "on", "confirmar": "1"}
        pagina = client.post(reverse("admin:portal_asignacion_importar"), datos, follow=True)

        assert "No se cambió nada." in pagina.text
        assert importacion.matriz_en_csv() == antes

    @pytest.mark.parametrize("quien", ["autora", "alcalde"])
    def test_nobody_else_confirms(self, casa, client, quien):
        client.force_login(getattr(casa, quien))

        assert client.post(reverse("admin:portal_asignacion_importar"), {"confirmar": "1"}).status_code == 403


@pytest.mark.parametrize("editar", [False, True])
def test_it_costs_the_same_with_one_channel_and_with_sixty(casa, client, editar):
    client.force_login(casa.secretaria)
    direccion = url(editar=casa.canal.pk) if editar else url()
    hechas = []
    for cuantos in (0, 59):
        for _ in range(cuantos):
            dependencia = crear_dependencia()
            cargo = crear_cargo(dependencia)
            crear_usuario("", cargo)
            asignar(crear_canal(dependencia), autor=cargo, editor=casa.cargo_editor)
        with CaptureQueriesContext(connection) as capturadas:
            assert len(client.get(direccion).context["filas"]) == cuantos + 1
        hechas.append(len(capturadas))

    assert hechas == [10 if editar else 8] * 2  # session, who, their posts, four of the rows, offices


class TestLegalBasis:
    COLUMNAS = (
        *("slug", "numero", "nombre", "descripcion", "seccion", "padre", "tipos", "listado", "ruta"),
        *("dependencia", "edad_maxima_dias", "frecuencia", "fase", "publico", "orden", "fuente"),
    )

    def cargar(self, casa, **mas):
        fila = dict.fromkeys(self.COLUMNAS, "") | {
            **{"slug": "normas", "nombre": "Normas", "descripcion": "Las normas.", "seccion": "normas"},
            **{"tipos": "documento", "listado": "lista", "dependencia": casa.general.slug},
            **{"fase": "informacion", "publico": "si"},
        }
        fila |= mas
        carga = next(carga for carga in importacion.CARGAS if carga.archivo == "canales.csv")
        carga.desde(f"{','.join(fila)}\n{','.join(fila.values())}\n")
        return Canal.objects.get(slug="normas").base_legal

    def test_comes_with_the_data_when_a_source_says_it(self, casa):
        assert self.cargar(casa, base_legal="Ley 1712 de 2014") == "Ley 1712 de 2014"

    def test_a_file_without_the_column_does_not_erase_it(self, casa):
        self.cargar(casa, base_legal="Ley 1712 de 2014")

        assert self.cargar(casa) == "Ley 1712 de 2014"
