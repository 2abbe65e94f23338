"""Periods of government: the label of what an earlier one said, and who touches it from then on."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, gobierno, services
from portal.alcance import alcance_de
from portal.flujo import SinPermiso
from portal.flujo_editorial import FLUJO
from portal.importacion import CARGAS, FilaRechazada, cargar_carpeta
from portal.models import Canal, Edicion, PeriodoDeGobierno, Publicacion, Version
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
from tests.portal.builders_gobierno import (
    AYER,
    HOY,
    cambiar_de_gobierno,
    crear_periodo,
    llevar_al_periodo_anterior,
)

DATOS = Path(__file__).parents[2] / "datos"
DE_OTRO = "De la Administración saliente"


def de_antes(casa, estado: str, **campos) -> Version:
    """A text that the government that left had taken to that state."""
    cambiada = estado == "cambiada"
    version = crear_version(casa, "publicada" if cambiada else estado, **campos)
    if cambiada:  # another text came after it, and was returned
        otra = services.nueva_version(version.publicacion, por=casa.autora)
        otra = services.guardar_borrador(otra, por=casa.autora, revision=otra.revision, titulo="Otro título")
        services.devolver(
            services.enviar(otra, por=casa.autora), por=casa.editor, motivo="Mejor como estaba."
        )
    llevar_al_periodo_anterior(version.publicacion)
    return Version.objects.get(pk=version.pk)


@pytest.fixture
def gobiernos(casa):
    return cambiar_de_gobierno(casa.canal)


@pytest.fixture
def de_la_secretaria(casa, gobiernos):
    """Somebody of Secretaría General whose post writes and authorises there, besides its head."""
    cargo = crear_cargo(casa.general, "Profesional de comunicaciones")
    asignar(casa.canal, autor=cargo, autoriza=cargo)
    return crear_usuario("comunicaciones", cargo)


# --- The table ----------------------------------------------------------------------------------
class TestThePeriods:
    def test_those_of_the_data(self, db):
        [carga] = [carga for carga in CARGAS if carga.archivo == "periodos.csv"]
        assert cargar_carpeta(DATOS, [carga])["Periodos de gobierno"].creadas == 6

        firma = PeriodoDeGobierno.objects.del_dia(date(2008, 11, 18))
        assert (firma.nombre, firma.gobernante) == ("Administración 2008-2011", "Henry Valero Peinado")
        dias = PeriodoDeGobierno.objects.order_by("desde").values_list("desde", "hasta")
        for (_desde, hasta), (siguiente, _hasta) in pairwise(dias):
            assert siguiente - hasta == timedelta(days=1)
        sin_fuente = PeriodoDeGobierno.objects.exclude(pk=firma.pk)
        assert {periodo.gobernante for periodo in sin_fuente} == {""}
        assert cargar_carpeta(DATOS, [carga])["Periodos de gobierno"].iguales == 6

    def test_a_bad_date_is_said_with_its_place(self, db, tmp_path):
        [carga] = [carga for carga in CARGAS if carga.archivo == "periodos.csv"]
        (tmp_path / "periodos.csv").write_text(
            "slug,nombre,gobernante,desde,hasta,fuente\na,Administración a,,1/1/2008,2011-12-31,\n"
        )
        with pytest.raises(FilaRechazada, match="línea 2, columna «desde»: «1/1/2008» no es una fecha"):
            cargar_carpeta(tmp_path, [carga])

    def test_norms_and_trámites_are_of_the_municipality(self, db):
        cuales = [c for c in CARGAS if c.archivo in {"dependencias.csv", "canales.csv"}]
        cargar_carpeta(DATOS, cuales)
        politicos = set(Canal.objects.filter(politico=True).values_list("slug", flat=True))

        assert {"noticias", "agenda", "planes", "rendicion-de-cuentas", "informes-de-gestion"} <= politicos
        assert not {"normatividad", "tramites", "dependencias", "funcionarios", "sisben"} & politicos

    def test_its_name_can_be_read_after_de_la(self, db):
        with pytest.raises(ValidationError, match="Empiece por «Administración»"):
            crear_periodo(HOY, None, "Gobierno de todos")

    def test_two_never_cross(self, casa, gobiernos):
        with pytest.raises(ValidationError, match="se cruzan"):
            crear_periodo(AYER, HOY, "Administración de un día")


class TestItsAdmin:
    LISTA = reverse("admin:portal_periododegobierno_changelist")
    NUEVO = reverse("admin:portal_periododegobierno_add")
    DATOS = {"nombre": "Administración 1990-1991", "slug": "1990-1991", "desde": "1990-01-01"}

    @pytest.mark.parametrize("quien", ["autora", "jefe", "alcalde"])
    def test_is_not_for_other_offices(self, casa, client, quien):
        client.force_login(getattr(casa, quien))
        assert client.get(self.LISTA).status_code == 403
        assert client.post(self.NUEVO, self.DATOS).status_code == 403

    def test_a_superuser_reads_it(self, casa, client):
        client.force_login(casa.admin)
        assert client.get(self.LISTA).status_code == 200
        assert client.post(self.NUEVO, self.DATOS).status_code == 403

    def test_secretaria_general_keeps_it_with_its_history(self, casa, client):
        client.force_login(casa.secretaria)
        client.post(self.NUEVO, self.DATOS | {"hasta": "1991-12-31"})
        periodo = PeriodoDeGobierno.objects.get()
        antes = Edicion.actual()
        client.post(
            reverse("admin:portal_periododegobierno_change", args=[periodo.pk]),
            self.DATOS | {"hasta": "1992-12-31", "slug": "otro"},
        )
        periodo.refresh_from_db()

        assert (periodo.slug, periodo.hasta) == ("1990-1991", date(1992, 12, 31))
        assert periodo.history.count() == 2
        assert Edicion.actual() > antes
        assert (
            client.get(reverse("admin:portal_periododegobierno_delete", args=[periodo.pk])).status_code == 403
        )

    def test_a_channel_says_whether_it_is_political(self, casa, client):
        client.force_login(casa.secretaria)
        pagina = client.get(reverse("admin:portal_canal_change", args=[casa.canal.pk])).content.decode()
        assert 'name="politico"' in pagina


# --- The label ----------------------------------------------------------------------------------
class TestTheLabel:
    @pytest.fixture
    def publicada(self, casa, gobiernos):
        return de_antes(casa, "publicada").publicacion

    def test_of_the_day_it_was_first_published(self, publicada, client):
        pagina = client.get(publicada.get_absolute_url()).content.decode()
        assert f"{DE_OTRO}." in pagina

    def test_not_of_what_this_government_published(self, casa, gobiernos, client):
        publicada = crear_publicada(casa)
        assert "De la Administración" not in client.get(publicada.get_absolute_url()).content.decode()

    @pytest.mark.parametrize(("canal", "propia", "lleva"), [(False, True, True), (True, False, False)])
    def test_a_publication_may_say_otherwise_than_its_channel(
        self, casa, publicada, client, canal, propia, lleva
    ):
        Canal.objects.filter(pk=casa.canal.pk).update(politico=canal)
        services.rotular(publicada, politica=propia, periodo=None, por=casa.secretaria)
        assert (DE_OTRO in client.get(publicada.get_absolute_url()).content.decode()) is lleva

    def test_its_period_says_more_than_its_day(self, casa, gobiernos, client):
        publicada = crear_publicada(casa)  # the morning after the change
        services.rotular(publicada, politica=None, periodo=gobiernos[0], por=casa.secretaria)
        assert DE_OTRO in client.get(publicada.get_absolute_url()).content.decode()

    def test_nothing_while_the_period_lasts(self, casa, client):
        cambiar_de_gobierno(casa.canal, ayer=HOY)
        assert (
            "De la Administración"
            not in client.get(crear_publicada(casa).get_absolute_url()).content.decode()
        )

    @pytest.mark.parametrize("listado", ["lista", "documentos"])
    def test_in_lists(self, casa, publicada, client, listado):
        Canal.objects.filter(pk=casa.canal.pk).update(listado=listado)
        Edicion.avanzar()
        assert f"· {DE_OTRO}" in client.get(casa.canal.get_absolute_url()).content.decode()
        assert f"· {DE_OTRO}" in client.get("/").content.decode()

    def test_in_the_feed(self, publicada, client):
        assert f"<category>{DE_OTRO}</category>" in client.get("/rss/").content.decode()

    def test_in_search_results(self, publicada, client):
        assert DE_OTRO in client.get("/buscar/", {"q": "pavimentación"}).content.decode()

    def test_in_the_act_that_authorised_it(self, casa, publicada, client):
        acto = publicada.version_publica.autorizacion
        pagina = client.get(acto.get_absolute_url()).content.decode()
        assert "<dd>Administración entrante</dd>" in pagina  # given today

    @pytest.mark.parametrize("cuantas", [1, 6])
    def test_costs_no_query(self, casa, gobiernos, client, cuantas):
        for n in range(cuantas):
            de_antes(casa, "publicada", titulo=f"Obra {n}")
        ruta = casa.canal.get_absolute_url()
        client.get(ruta)
        with CaptureQueriesContext(connection) as consultas:
            client.get(ruta)
        assert len(consultas) <= 4, [consulta["sql"] for consulta in consultas]


class TestSayingWhoseItIs:
    def test_from_the_page_of_the_publication(self, casa, gobiernos, client):
        publicada = crear_publicada(casa)
        ficha = reverse("admin:portal_publicacion_change", args=[publicada.pk])
        accion = reverse("admin:portal_publicacion_accion", args=[publicada.pk, "rotular"])
        client.force_login(casa.secretaria)
        assert "Decir de qué gobierno es" in client.get(ficha).content.decode()

        client.post(accion, {"politica": "no", "periodo": gobiernos[0].pk})

        publicada.refresh_from_db()
        assert (publicada.politica, publicada.periodo) == (False, gobiernos[0])
        paso = publicada.version_publica.pasos.get(accion="rotular")
        assert paso.motivo == "Habla de la gestión de un gobierno: no. Periodo: Administración saliente."
        client.post(accion, {"politica": "no", "periodo": gobiernos[0].pk})
        assert publicada.version_publica.pasos.filter(accion="rotular").count() == 1

    @pytest.mark.parametrize("quien", ["autora", "jefe", "alcalde"])
    def test_nobody_else_does(self, casa, gobiernos, client, quien):
        publicada = crear_publicada(casa)
        client.force_login(getattr(casa, quien))
        ficha = reverse("admin:portal_publicacion_change", args=[publicada.pk])
        assert "Decir de qué gobierno es" not in client.get(ficha).content.decode()
        accion = reverse("admin:portal_publicacion_accion", args=[publicada.pk, "rotular"])
        respuesta = client.post(accion, {"politica": "si", "periodo": ""})

        assert respuesta.status_code == 409
        assert "lo dice la Secretaría General" in respuesta.content.decode()
        publicada.refresh_from_db()
        assert publicada.politica is None

    def test_a_period_that_does_not_exist(self, casa, gobiernos, client):
        publicada = crear_publicada(casa)
        client.force_login(casa.secretaria)
        accion = reverse("admin:portal_publicacion_accion", args=[publicada.pk, "rotular"])
        assert client.post(accion, {"politica": "si", "periodo": "999999"}).status_code == 422


# --- Who edits it -------------------------------------------------------------------------------
def _borrador(casa, quien, version):
    return services.guardar_borrador(version, por=quien, revision=version.revision, titulo="Otro")


#: Each door by service: the state of the text, and what is done to it.
PUERTAS = {
    "nueva_version": ("publicada", lambda casa, q, v: services.nueva_version(v.publicacion, por=q)),
    "restaurar": ("cambiada", lambda casa, q, v: services.restaurar(v, por=q)),
    "guardar_borrador": ("borrador", _borrador),
    "adjuntar": (
        "borrador",
        lambda casa, q, v: services.editar_adjuntos(v, por=q).__enter__(),
    ),
    "enviar": ("borrador", lambda casa, q, v: services.enviar(v, por=q)),
    "retirar": (
        "publicada",
        lambda casa, q, v: services.retirar(v.publicacion, por=q, clase="error", motivo="No iba."),
    ),
    "cambiar_direccion": (
        "publicada",
        lambda casa, q, v: services.cambiar_direccion(v.publicacion, slug="otra", por=q),
    ),
    "validar": ("en_validacion", lambda casa, q, v: services.validar(v, por=q)),
    "autorizar": ("por_autorizar", lambda casa, q, v: services.autorizar(v, por=q, huella=v.huella())),
    "devolver": ("por_autorizar", lambda casa, q, v: services.devolver(v, por=q, motivo="Falta.")),
    "publicar": ("autorizada", lambda casa, q, v: services.publicar(v, por=q)),
    "programar": (
        "autorizada",
        lambda casa, q, v: services.programar(v, por=q, para=timezone.now() + timedelta(days=1)),
    ),
    "desprogramar": ("programada", lambda casa, q, v: services.desprogramar(v, por=q)),
    "publicar_urgente": ("borrador", lambda casa, q, v: services.publicar_urgente(v, por=q, motivo="Ya.")),
}


class TestEveryDoor:
    @pytest.mark.parametrize("puerta", PUERTAS)
    def test_is_closed_to_the_new_head_of_the_office(self, casa, gobiernos, puerta):
        estado, hacer = PUERTAS[puerta]
        version = de_antes(casa, estado)
        antes = Version.objects.values().get(pk=version.pk)

        with pytest.raises(SinPermiso, match=r"saliente, que terminó el .*solo lo cambia la Secretaría"):
            hacer(casa, casa.jefe, version)
        assert Version.objects.values().get(pk=version.pk) == antes

    @pytest.mark.parametrize("puerta", PUERTAS)
    def test_is_open_to_secretaria_general(self, casa, gobiernos, puerta):
        estado, hacer = PUERTAS[puerta]
        hacer(casa, casa.secretaria, de_antes(casa, estado))

    @pytest.mark.parametrize("puerta", ["nueva_version", "guardar_borrador", "enviar", "retirar"])
    def test_and_to_its_posts_with_the_function(self, casa, de_la_secretaria, puerta):
        estado, hacer = PUERTAS[puerta]
        hacer(casa, de_la_secretaria, de_antes(casa, estado))

    def test_and_not_to_its_posts_without_it_whatever_else_that_person_heads(self, casa, gobiernos):
        crear_titularidad(casa.jefe, casa.cargo_editor, calidad="encargado")
        publicacion = de_antes(casa, "publicada").publicacion
        with pytest.raises(SinPermiso, match="solo lo cambia la Secretaría General"):
            services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        services.nueva_version(publicacion, por=casa.jefe)  # that post does write

    @pytest.mark.parametrize("puerta", PUERTAS)
    def test_nothing_changes_while_the_period_lasts(self, casa, puerta):
        cambiar_de_gobierno(casa.canal, ayer=HOY)
        estado, hacer = PUERTAS[puerta]
        hacer(casa, casa.jefe, de_antes(casa, estado))

    def test_saying_that_it_is_still_in_force(self, casa, gobiernos):
        publicacion = de_antes(casa, "publicada").publicacion
        Publicacion.objects.update(revisada_en=timezone.now() - timedelta(days=5))
        with pytest.raises(SinPermiso):
            services.ratificar_vigencia(publicacion, por=casa.jefe)
        services.ratificar_vigencia(publicacion, por=casa.secretaria)

    def test_what_was_open_can_be_discarded_and_taken_back_by_whoever_began_it(self, casa, gobiernos):
        assert services.descartar(de_antes(casa, "borrador"), por=casa.autora).estado == "descartada"
        enviada = de_antes(casa, "en_validacion")
        assert services.recoger(enviada, por=casa.autora, motivo="Ya no.").estado == "devuelta"

    def test_the_second_pair_of_eyes_on_what_is_already_public_is_not_an_edition(self, casa, gobiernos):
        version = de_antes(casa, "urgente")
        assert services.autorizar_urgente(version, por=casa.alcalde, huella=version.huella()).posterior

    def test_two_pairs_of_eyes_hold_inside_secretaria_general(self, casa, gobiernos):
        borrador = de_antes(casa, "borrador")
        services.enviar(borrador, por=casa.secretaria)
        with pytest.raises(SinPermiso, match="otra persona"):
            services.validar(borrador, por=casa.secretaria)

    def test_what_goes_out_after_the_change_is_still_of_who_began_it(self, casa, gobiernos):
        version = services.publicar(de_antes(casa, "autorizada"), por=casa.secretaria)
        assert Publicacion.objects.get(pk=version.publicacion_id).periodo == gobiernos[0]

    def test_so_is_what_was_programmed(self, casa, gobiernos):
        version = de_antes(casa, "programada")
        services.publicar_programadas(timezone.now() + timedelta(days=2))
        publicacion = Publicacion.objects.get(pk=version.publicacion_id)
        assert (publicacion.version_publica_id, publicacion.periodo) == (version.pk, gobiernos[0])

    def test_what_is_not_political_goes_on_as_always(self, casa, gobiernos):
        Canal.objects.update(politico=False)
        version = de_antes(casa, "publicada")
        services.nueva_version(version.publicacion, por=casa.autora)


class TestTheScreens:
    def test_the_text_shows_no_button_and_says_why(self, casa, gobiernos, client):
        version = de_antes(casa, "por_autorizar")
        client.force_login(casa.alcalde)
        pagina = client.get(version.get_absolute_url()).content.decode()

        assert "solo la Secretaría General cambia este texto" in pagina
        assert ">Autorizar y publicar<" not in pagina
        client.force_login(casa.secretaria)
        assert ">Autorizar y publicar<" in client.get(version.get_absolute_url()).content.decode()

    def test_a_draft_opens_to_be_read(self, casa, gobiernos, client):
        borrador = de_antes(casa, "borrador")
        client.force_login(casa.autora)
        pagina = client.get(borrador.get_absolute_url()).content.decode()
        assert 'name="titulo"' not in pagina
        assert "Descartar el borrador" in pagina
        client.post(borrador.get_absolute_url(), {"titulo": "Otro", "revision": borrador.revision})
        borrador.refresh_from_db()
        assert borrador.titulo == CONTENIDO["titulo"]

        client.force_login(casa.secretaria)
        assert 'name="titulo"' in client.get(borrador.get_absolute_url()).content.decode()

    @pytest.mark.parametrize("nombre", ["validar", "autorizar", "publicar", "devolver"])
    def test_a_step_by_its_address(self, casa, gobiernos, client, nombre):
        version = de_antes(
            casa, {"validar": "en_validacion", "publicar": "autorizada"}.get(nombre, "por_autorizar")
        )
        client.force_login(casa.jefe)
        paso = reverse("admin:portal_version_paso", args=[version.pk, nombre])
        respuesta = client.post(paso, {"huella": version.huella(), "motivo": "Falta algo."})

        assert respuesta.status_code == 409
        assert "solo lo cambia la Secretaría General" in respuesta.content.decode()

    def test_in_bulk(self, casa, gobiernos, client):
        version = de_antes(casa, "por_autorizar")
        client.force_login(casa.alcalde)
        respuesta = client.post(
            reverse("admin:portal_version_changelist"),
            {
                "action": "autorizar_y_publicar",
                "_selected_action": [version.pk],
                "confirmar": "1",
                f"huella-{version.pk}": version.huella(),
            },
            follow=True,
        )
        version.refresh_from_db()
        assert version.estado == "por_autorizar"
        assert "solo lo cambia la Secretaría General" in respuesta.content.decode()

    def test_the_publication(self, casa, gobiernos, client):
        publicacion = de_antes(casa, "publicada").publicacion
        ficha = reverse("admin:portal_publicacion_change", args=[publicacion.pk])
        client.force_login(casa.jefe)
        pagina = client.get(ficha).content.decode()
        assert "Desde entonces solo la Secretaría General" in pagina
        for boton in ("Cambiar el texto", "Revisado: sigue vigente", "Retirar del sitio"):
            assert boton not in pagina
        accion = reverse("admin:portal_publicacion_accion", args=[publicacion.pk, "nueva_version"])
        assert client.post(accion).status_code == 409

        client.force_login(casa.secretaria)
        assert "Cambiar el texto" in client.get(ficha).content.decode()

    def test_bringing_an_earlier_text_back(self, casa, gobiernos, client):
        version = de_antes(casa, "reemplazada")
        client.force_login(casa.autora)
        historia = reverse("admin:portal_version_historia", args=[version.pk])
        restaurar = reverse("admin:portal_version_restaurar", args=[version.pk])
        assert restaurar not in client.get(historia).content.decode()
        assert client.post(restaurar).status_code == 409

        client.force_login(casa.secretaria)
        assert restaurar in client.get(historia).content.decode()

    def test_correcting_what_was_returned(self, casa, gobiernos, client):
        version = de_antes(casa, "devuelta")
        client.force_login(casa.autora)
        assert "Corregir en un texto nuevo" not in client.get(version.get_absolute_url()).content.decode()
        corregir = reverse("admin:portal_version_corregir", args=[version.pk])
        assert client.post(corregir).status_code == 409

    def test_what_is_shown_is_what_is_allowed(self, casa, de_la_secretaria):
        """`sigue` hides for the same people that `exigir` refuses."""
        publicacion = de_antes(casa, "publicada").publicacion
        personas = (casa.autora, casa.editor, casa.jefe, casa.secretaria, casa.alcalde, de_la_secretaria)
        for persona in personas:
            for funcion in gobierno.Funcion.values:
                try:
                    gobierno.exigir(publicacion, persona, funcion)
                    puede = True
                except SinPermiso:
                    puede = False
                assert gobierno.sigue(alcance_de(persona), publicacion, funcion) is puede, (persona, funcion)

    @pytest.mark.parametrize(
        ("estado", "titulo"),
        [("por_autorizar", "Por autorizar"), ("en_validacion", "Por validar")],
    )
    def test_the_bandeja_asks_only_whoever_can(self, casa, gobiernos, estado, titulo):
        de_antes(casa, estado)
        nueva = crear_version(casa, estado, titulo="De hoy")

        def tareas(persona):
            return [t.titulo for g in bandeja.grupos_de(persona) if g.titulo == titulo for t in g.tareas]

        assert tareas(casa.jefe) == [nueva.titulo]
        assert len(tareas(casa.secretaria)) == 2

    def test_the_bandeja_reads_the_period_of_the_publication_too(self, casa, gobiernos):
        version = crear_version(casa, "por_autorizar")
        Publicacion.objects.update(periodo=gobiernos[0])
        assert "Por autorizar" not in {g.titulo for g in bandeja.grupos_de(casa.jefe)}
        Publicacion.objects.update(politica=False)
        assert "Por autorizar" in {g.titulo for g in bandeja.grupos_de(casa.jefe)}
        assert version.estado == "por_autorizar"

    def test_the_steps_of_a_text_read_the_periods_once(self, casa, gobiernos):
        version = de_antes(casa, "por_autorizar")
        with CaptureQueriesContext(connection) as consultas:
            FLUJO.posibles(version, casa.secretaria)
        assert sum("portal_periododegobierno" in c["sql"] for c in consultas) == 1

    def test_in_a_channel_that_is_not_political_they_are_not_read(self, casa):
        version = crear_version(casa, "por_autorizar", canal=_canal_comun(casa))
        with CaptureQueriesContext(connection) as consultas:
            FLUJO.posibles(version, casa.secretaria)
        assert not any("periododegobierno" in c["sql"] for c in consultas)


def _canal_comun(casa) -> Canal:
    canal = crear_canal(casa.planeacion)
    asignar(canal, autor=casa.cargo_autor, editor=casa.cargo_editor)
    return canal
