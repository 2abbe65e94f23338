"""Closing a tenure: what waits by that post, who goes on with it, and that nothing is left with nobody."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, services
from portal.models import Titularidad, Version
from portal.redaccion import relevo
from tests.builders import (
    CONTENIDO,
    asignar,
    crear_canal,
    crear_cargo,
    crear_publicada,
    crear_titularidad,
    crear_usuario,
    crear_version,
)

HOY = timezone.localdate()
UN_DIA = timedelta(days=1)


def tenencia(persona) -> Titularidad:
    return persona.titularidades.select_related("persona", "cargo__dependencia").get()


def heredan(persona, hasta=None) -> dict[str, tuple[list[str], tuple[str, ...]]]:
    partes = relevo.herencia(tenencia(persona), hasta or HOY)
    return {parte.que: (parte.tareas, parte.quienes) for parte in partes}


def irse(*personas) -> None:
    Titularidad.objects.filter(persona__in=personas).update(hasta=HOY - UN_DIA)


def pagina(persona) -> str:
    return reverse("admin:portal_titularidad_cerrar", args=[tenencia(persona).pk])


@pytest.fixture
def con_trabajo(casa):
    """Something in each state, and the channel up to date."""
    for estado in ("borrador", "devuelta", "en_validacion", "por_autorizar", "autorizada", "programada"):
        crear_version(casa, estado, titulo=estado)
    crear_version(casa, "urgente", titulo="urgente")
    crear_publicada(casa)
    return casa


class TestWhatWaits:
    def test_each_thing_that_a_post_does(self, con_trabajo):
        casa = con_trabajo
        en_canal = f" ({casa.canal})"

        def cuales(persona):
            return {que: tareas for que, (tareas, _quienes) in heredan(persona).items()}

        assert cuales(casa.autora) == {
            "Devuelto": ["devuelta" + en_canal],
            "Borradores": ["borrador" + en_canal],
        }
        assert cuales(casa.editor) == {
            "Por validar": ["en_validacion" + en_canal],
            "Autorizado, por publicar": ["autorizada" + en_canal],
            "Programado": ["programada" + en_canal],
        }
        assert cuales(casa.alcalde) == {
            "Por autorizar": ["por_autorizar" + en_canal],
            "Publicado con urgencia, por autorizar": ["urgente" + en_canal],
        }
        assert cuales(casa.tesorero) == {}

    def test_a_channel_past_its_age_waits_for_who_writes_it(self, casa):
        assert heredan(casa.autora)["Canales por actualizar"][0] == [str(casa.canal)]
        assert "Canales por actualizar" not in heredan(casa.jefe)

    def test_what_was_returned_and_is_being_corrected_is_only_a_draft(self, casa):
        services.nueva_version(crear_version(casa, "devuelta").publicacion, por=casa.autora)

        assert {"Devuelto", "Borradores"} & heredan(casa.autora).keys() == {"Borradores"}

    def test_nobody_leaves_what_they_may_not_do(self, casa):
        crear_version(casa, "urgente")  # by the head

        assert "Publicado con urgencia, por autorizar" not in heredan(casa.jefe)


class TestWhoGoesOn:
    def quienes(self, casa, que="Borradores", hasta=None):
        return heredan(casa.autora, hasta)[que][1]

    @pytest.fixture(autouse=True)
    def un_borrador(self, casa):
        self.borrador = crear_version(casa, "borrador")

    def test_first_whoever_holds_the_same_post(self, casa):
        crear_titularidad(crear_usuario("reemplazo"), casa.cargo_autor, calidad="encargado")

        assert self.quienes(casa) == ("reemplazo, Auxiliar, por encargo",)

    def test_then_the_other_posts_of_the_channel(self, casa):
        assert self.quienes(casa) == ("editor, Editor de contenidos",)

    def test_then_the_head_of_the_office(self, casa):
        irse(casa.editor)

        assert self.quienes(casa) == ("jefe, Secretario de Planeación",)

    def test_then_secretaria_general(self, casa):
        irse(casa.editor, casa.jefe)

        assert self.quienes(casa) == ("secretaria, Secretario General",)

    def test_and_then_nobody(self, casa):
        irse(casa.editor, casa.jefe, casa.secretaria)

        assert self.quienes(casa) == ()

    def test_an_encargo_that_ends_before_does_not_count(self, casa):
        reemplazo = crear_usuario("reemplazo")
        crear_titularidad(reemplazo, casa.cargo_autor, calidad="encargado", hasta=HOY + UN_DIA * 3)

        assert self.quienes(casa, hasta=HOY + UN_DIA * 2) == ("reemplazo, Auxiliar, por encargo",)
        assert self.quienes(casa, hasta=HOY + UN_DIA * 3) == ("editor, Editor de contenidos",)

    def test_another_post_of_the_same_person_counts(self, casa):
        irse(casa.editor, casa.jefe, casa.secretaria)
        otro = crear_cargo(casa.planeacion, "Otro")
        asignar(casa.canal, editor=otro)
        tenencia_que_termina = tenencia(casa.autora)
        crear_titularidad(casa.autora, otro, calidad="encargado")

        [parte, *_] = relevo.herencia(tenencia_que_termina, HOY)
        assert parte.quienes == ("autora, Otro, por encargo",)

    def test_whoever_sent_a_text_does_not_inherit_its_review(self, casa):
        version = services.crear_publicacion(
            canal=casa.canal, tipo="noticia", por=casa.jefe, **CONTENIDO | {"titulo": "Del jefe"}
        )
        services.enviar(version, por=casa.jefe)

        assert heredan(casa.editor)["Por validar"][1] == ("secretaria, Secretario General",)
        irse(casa.secretaria)
        assert heredan(casa.editor)["Por validar"][1] == ()


class TestClosing:
    def test_ends_the_tenure_and_keeps_the_act_in_its_history(self, casa):
        cerrada = relevo.cerrar(tenencia(casa.autora), hasta=HOY, acto="Resolución 118 de 2026")

        assert cerrada.hasta == HOY
        assert cerrada.history.first().history_change_reason == "Cierre: Resolución 118 de 2026"

    def test_the_draft_of_whoever_left_is_edited_by_who_writes_in_the_channel(self, casa):
        borrador = crear_version(casa, "borrador")
        titularidad = tenencia(casa.autora)
        relevo.cerrar(titularidad, hasta=HOY, acto="R. 1")
        irse(casa.autora)  # the day after
        reemplazo = crear_usuario("reemplazo")
        crear_titularidad(reemplazo, casa.cargo_autor, desde=HOY)

        with services.editar_adjuntos(borrador, por=reemplazo):
            pass
        enviada = services.enviar(borrador, por=reemplazo)

        assert enviada.enviada_por == reemplazo

    @pytest.mark.parametrize("quien", ["autora", "editor", "alcalde", "jefe", "secretaria"])
    def test_no_text_is_left_orphan(self, con_trabajo, quien):
        casa = con_trabajo
        relevo.cerrar(tenencia(getattr(casa, quien)), hasta=HOY, acto="R. 1")
        manana = timezone.now() + UN_DIA

        for version in Version.objects.abiertas():
            funcion = {"borrador": "autor", "por_autorizar": "autoriza"}.get(version.estado, "editor")
            personas = relevo.responsables(manana).personas(casa.canal.pk, funcion)
            assert personas - {version.enviada_por_id, version.editada_por_id}, version

    def test_is_refused_when_something_would_be_left_with_nobody(self, casa):
        crear_version(casa, "borrador")
        irse(casa.editor, casa.jefe, casa.secretaria)

        with pytest.raises(relevo.SinRelevo):
            relevo.cerrar(tenencia(casa.autora), hasta=HOY, acto="R. 1")
        assert tenencia(casa.autora).hasta is None

    def test_what_somebody_left_before_is_not_forgotten_by_the_last_one(self, casa):
        """Each hands over their own; the draft of who left first is of all, and the last may not go alone."""
        crear_version(casa, "borrador")
        irse(casa.editor, casa.jefe)
        relevo.cerrar(tenencia(casa.autora), hasta=HOY, acto="R. 1")

        assert heredan(casa.secretaria)[relevo.DE_OTROS][1] == ()
        with pytest.raises(relevo.SinRelevo):
            relevo.cerrar(tenencia(casa.secretaria), hasta=HOY, acto="R. 2")

    def test_naming_somebody_is_enough(self, casa):
        crear_version(casa, "borrador")
        irse(casa.editor, casa.jefe, casa.secretaria)
        nueva = crear_usuario("nueva")

        relevo.cerrar(tenencia(casa.autora), hasta=HOY, acto="R. 1", encargado=nueva)

        encargo = tenencia(nueva)
        assert (encargo.cargo, encargo.calidad) == (casa.cargo_autor, "encargado")
        assert (encargo.desde, encargo.hasta, encargo.acto) == (HOY + UN_DIA, None, "R. 1")

    def test_naming_somebody_who_does_not_solve_it_changes_nothing(self, casa):
        irse(casa.editor, casa.alcalde, casa.secretaria)
        crear_version(casa, "borrador")
        Version.objects.update(
            estado="por_autorizar",
            enviada_por=casa.jefe,
            enviada_en=timezone.now(),
            enviada_como=casa.cargo_jefe,
        )
        titularidad = tenencia(casa.jefe)
        Version.objects.update(enviada_por=casa.autora, editada_por=casa.autora)

        with pytest.raises(relevo.SinRelevo):
            relevo.cerrar(titularidad, hasta=HOY, acto="R. 1", encargado=casa.autora)

        assert tenencia(casa.jefe).hasta is None
        assert casa.autora.titularidades.count() == 1

    def test_twice_is_once(self, casa):
        relevo.cerrar(tenencia(casa.autora), hasta=HOY, acto="R. 1")

        with pytest.raises(relevo.YaEstabaCerrada):
            relevo.cerrar(tenencia(casa.autora), hasta=HOY, acto="R. 1")
        assert tenencia(casa.autora).history.count() == 2

    def test_before_it_began_is_not_possible(self, casa):
        with pytest.raises(ValidationError):
            relevo.cerrar(tenencia(casa.autora), hasta=HOY - UN_DIA * 900, acto="R. 1")


class TestThePage:
    DATOS = {"hasta": HOY.isoformat(), "acto": "Resolución 118 de 2026"}

    def test_shows_what_waits_and_who_goes_on(self, con_trabajo, client):
        client.force_login(con_trabajo.secretaria)

        texto = client.get(pagina(con_trabajo.autora)).text

        assert "Borradores (1)" in texto
        assert "Lo sigue: editor, Editor de contenidos." in texto
        assert "sin nadie" not in texto

    def test_what_would_be_left_is_in_words_and_asks_for_somebody(self, casa, client):
        crear_version(casa, "borrador")
        irse(casa.editor, casa.jefe, casa.secretaria)
        client.force_login(casa.admin)

        assert "Nadie podría seguirlo." in client.get(pagina(casa.autora)).text
        respuesta = client.post(pagina(casa.autora), self.DATOS)

        assert respuesta.status_code == 422
        assert "Nombre a una persona encargada" in respuesta.text
        assert self.DATOS["acto"] in respuesta.text
        assert tenencia(casa.autora).hasta is None

    def test_closes_and_says_so_once(self, casa, client):
        client.force_login(casa.secretaria)

        for dice in ("autora termina como Auxiliar el", "ya termina el"):
            respuesta = client.post(pagina(casa.autora), self.DATOS, follow=True)
            assert dice in str(*respuesta.context["messages"])
        ultima = tenencia(casa.autora).history.first()
        assert (ultima.hasta, ultima.history_user) == (HOY, casa.secretaria)

    @pytest.mark.parametrize(
        "datos, campo",
        [
            ({"hasta": ""}, "hasta"),
            ({"hasta": "ayer"}, "hasta"),
            ({"hasta": "2001-01-01"}, "hasta"),
            ({"hasta": "9999-12-31"}, "hasta"),
            ({"acto": " "}, "acto"),
            ({"encargado": "999"}, "encargado"),
            ({"encargado": "ella"}, "encargado"),
        ],
    )
    def test_bad_input_gets_words_beside_the_field(self, casa, client, datos, campo):
        client.force_login(casa.secretaria)
        if datos.get("encargado") == "ella":
            datos = {"encargado": casa.autora.pk}

        respuesta = client.post(pagina(casa.autora), self.DATOS | datos)

        assert respuesta.status_code == 422
        [palabras] = respuesta.context["form"].errors.pop(campo)
        assert palabras in respuesta.text
        assert not respuesta.context["form"].errors
        assert tenencia(casa.autora).hasta is None

    @pytest.mark.parametrize("dia", ["2026-13-40", "9999-12-31", "x"])
    def test_a_strange_day_to_look_at_is_today(self, casa, client, dia):
        client.force_login(casa.secretaria)

        assert client.get(pagina(casa.autora), {"hasta": dia}).context["hasta"] == timezone.localdate()

    def test_who_may(self, casa, client):
        direcciones = [
            pagina(casa.autora),
            reverse("admin:portal_titularidad_encargo", args=[casa.cargo_autor.pk]),
        ]
        for direccion in direcciones:
            assert client.get(direccion).url.startswith(reverse("admin:login"))
        for quien in ("autora", "jefe", "alcalde", "tesorero"):
            client.force_login(getattr(casa, quien))
            for direccion in direcciones:
                assert client.get(direccion).status_code == 403
                assert client.post(direccion, self.DATOS).status_code == 403
        for quien in ("secretaria", "admin"):
            client.force_login(getattr(casa, quien))
            for direccion in direcciones:
                assert client.get(direccion).status_code == 200
                assert client.delete(direccion).status_code == 405
        assert client.get(reverse("admin:portal_titularidad_cerrar", args=[9999])).status_code == 404
        assert client.get(reverse("admin:portal_titularidad_encargo", args=[9999])).status_code == 404

    def test_the_stock_form_offers_it(self, casa, client):
        client.force_login(casa.secretaria)
        ficha = reverse("admin:portal_titularidad_change", args=[tenencia(casa.autora).pk])

        assert f'href="{pagina(casa.autora)}"' in client.get(ficha).text

    def test_it_costs_the_same_however_much_waits(self, casa, client):
        client.force_login(casa.secretaria)
        hechas = []
        for cuantos in (1, 12):
            for n in range(cuantos):
                canal = crear_canal(casa.planeacion, edad_maxima_dias=9)
                asignar(canal, autor=casa.cargo_autor)
                for estado in ("borrador", "devuelta"):
                    crear_version(casa, estado, titulo=f"{estado} {n}")
            with CaptureQueriesContext(connection) as capturadas:
                client.get(pagina(casa.autora))
            hechas.append(len(capturadas))

        assert hechas[0] == hechas[1] <= 15


class TestEncargos:
    def datos(self, persona):
        return {
            "persona": persona.pk,
            "desde": HOY.isoformat(),
            "hasta": (HOY + UN_DIA * 15).isoformat(),
            "acto": "Decreto 31 de 2026",
        }

    def test_another_person_acts_and_the_titular_keeps_the_post(self, casa, client):
        client.force_login(casa.secretaria)
        crear_version(casa, "por_autorizar", titulo="Espera")
        direccion = reverse("admin:portal_titularidad_encargo", args=[casa.cargo_alcalde.pk])

        for _vez in range(2):
            assert client.post(direccion, self.datos(casa.tesorero)).status_code == 302

        encargo = Titularidad.objects.get(persona=casa.tesorero, calidad="encargado")
        assert encargo.history.get().history_user == casa.secretaria
        for persona in (casa.tesorero, casa.alcalde):
            titulos = [grupo.titulo for grupo in bandeja.grupos_de(persona)]
            assert "Por autorizar" in titulos

    @pytest.mark.parametrize(
        "mal, campo",
        [
            ({"hasta": (HOY - UN_DIA).isoformat()}, "__all__"),
            ({"hasta": ""}, "hasta"),
            ({"persona": "x"}, "persona"),
            ({"acto": ""}, "acto"),
        ],
    )
    def test_bad_input_gets_words_and_changes_nothing(self, casa, client, mal, campo):
        client.force_login(casa.secretaria)
        direccion = reverse("admin:portal_titularidad_encargo", args=[casa.cargo_alcalde.pk])

        respuesta = client.post(direccion, self.datos(casa.tesorero) | mal)

        assert respuesta.status_code == 422
        [palabras] = respuesta.context["form"].errors[campo]
        assert palabras in respuesta.text
        assert casa.tesorero.titularidades.count() == 1
