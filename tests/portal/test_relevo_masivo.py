"""A whole administration leaves and another one comes: at once, once, and nothing is left with nobody."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from portal import bandeja, claves, services, soporte
from portal.flujo import SinPermiso
from portal.models import Titularidad, Usuario, Version
from portal.redaccion import relevo
from portal.redaccion.relevo_masivo import Cambio, RelevoImposible, ensayar, relevar
from tests.builders import crear_publicada, crear_titularidad, crear_usuario, crear_version
from tests.portal.builders_gobierno import AYER, HOY, cambiar_de_gobierno, llevar_al_periodo_anterior
from tests.ventanilla.builders import crear_casa_de_ventanilla, radicar
from ventanilla.flujo import dar_paso

UN_DIA = timedelta(days=1)
PAGINA = reverse("admin:portal_titularidad_relevo")
ESTADOS = ("borrador", "devuelta", "en_validacion", "por_autorizar", "autorizada", "programada")
ACTO = "Acta de posesión 001"


def tenencia(persona) -> Titularidad:
    return persona.titularidades.select_related("persona", "cargo__dependencia").get()


def nueva(nombre: str) -> Usuario:
    return Usuario(first_name=nombre, last_name="Nueva", email=f"{nombre.lower()}@ejemplo.gov.co")


def todos_cambian(casa) -> list[Cambio]:
    """Every post of the house passes to somebody who was not in it."""
    return [
        Cambio(tenencia(getattr(casa, quien)), nueva(quien.title()))
        for quien in ("autora", "editor", "jefe", "secretaria", "alcalde", "tesorero")
    ]


@pytest.fixture
def con_trabajo(casa):
    for estado in ESTADOS:
        crear_version(casa, estado, titulo=estado)
    crear_version(casa, "urgente", titulo="urgente")
    crear_publicada(casa)
    return casa


def hoy_en(cargo) -> Usuario:
    return Titularidad.objects.vigentes().get(cargo=cargo).persona


def tareas(persona) -> dict[str, set[str]]:
    grupos = bandeja.grupos_de(Usuario.objects.get(pk=persona.pk))
    return {grupo.titulo: {tarea.titulo for tarea in grupo.tareas} for grupo in grupos}


class TestItIsDone:
    def test_each_tenure_ends_and_another_begins_the_next_day(self, casa):
        entregas = relevar(todos_cambian(casa), hasta=AYER, acto=ACTO)

        assert len(entregas) == 6
        for entrega in entregas:
            assert (entrega.sale.hasta, entrega.entra.desde) == (AYER, HOY)
            assert entrega.entra.calidad == "titular"
            assert entrega.entra.acto == ACTO
            assert entrega.sale.history.first().history_change_reason == f"Relevo: {ACTO}"
            assert entrega.entra.history.first().history_change_reason == f"Relevo de {entrega.sale.persona}"

    def test_a_new_person_gets_an_account_without_password(self, casa):
        crear_usuario("ana.rojas")
        ana = Usuario(first_name="Ana María", last_name="Rojas Peña", email="ana@ejemplo.gov.co")
        relevar([Cambio(tenencia(casa.jefe), ana)], hasta=AYER, acto=ACTO)

        creada = hoy_en(casa.cargo_jefe)
        assert (creada.username, creada.is_staff, creada.is_superuser) == ("ana.rojas2", True, False)
        assert not creada.has_usable_password()

    def test_one_person_may_come_to_two_posts(self, casa):
        ana = nueva("Ana")
        cambios = [Cambio(tenencia(casa.jefe), ana), Cambio(tenencia(casa.tesorero), ana, "encargado")]
        relevar(cambios, hasta=AYER, acto=ACTO)

        assert Usuario.objects.filter(first_name="Ana").count() == 1
        assert set(ana.titularidades.values_list("calidad", flat=True)) == {"titular", "encargado"}

    def test_nobody_may_come_when_nothing_is_left_alone(self, casa):
        [entrega] = relevar([Cambio(tenencia(casa.tesorero))], hasta=AYER, acto=ACTO)
        assert (entrega.entra, entrega.herencias) == (None, [])

    def test_twice_is_once(self, casa):
        cambios = [(t.pk, t) for t in (tenencia(casa.jefe), tenencia(casa.alcalde))]
        relevar([Cambio(t, nueva("Ana")) for _pk, t in cambios], hasta=AYER, acto=ACTO)
        cuantas = Titularidad.history.count()

        with pytest.raises(relevo.YaEstabaCerrada, match="ya se hizo"):
            relevar([Cambio(t, nueva("Ana")) for _pk, t in cambios], hasta=AYER, acto=ACTO)
        assert Titularidad.history.count() == cuantas
        assert Usuario.objects.filter(first_name="Ana").count() == 2  # one for each: they were two people

    def test_looking_changes_nothing(self, con_trabajo):
        def todo():
            return [
                list(modelo.objects.order_by("pk").values()) for modelo in (Titularidad, Usuario, Version)
            ] + [Titularidad.history.count()]

        antes = todo()
        entregas = ensayar(todos_cambian(con_trabajo), hasta=AYER, acto=ACTO)
        assert todo() == antes
        assert {parte.que for entrega in entregas for parte in entrega.herencias} >= {
            "Borradores",
            "Por validar",
            "Por autorizar",
        }

    def test_costs_the_same_however_much_waits(self, casa):
        hechas = []
        for _vez in range(2):
            for n in range(3):
                crear_version(casa, "borrador", titulo=f"Otro {n}")
            with CaptureQueriesContext(connection) as consultas:
                ensayar(todos_cambian(casa), hasta=AYER, acto=ACTO)
            hechas.append(len(consultas))
        assert hechas[0] == hechas[1]


class TestItIsRefused:
    def solo(self, *personas) -> None:
        """Nobody else is left."""
        Titularidad.objects.exclude(persona__in=personas).update(hasta=AYER - UN_DIA)

    def test_whole_with_its_reasons(self, casa):
        crear_version(casa, "borrador")
        self.solo(casa.autora, casa.alcalde)
        autora, alcalde = tenencia(casa.autora), tenencia(casa.alcalde)
        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(autora), Cambio(alcalde, nueva("Ana"))], hasta=AYER, acto=ACTO)

        assert set(rechazo.value.razones) == {autora.pk}
        assert "borradores (1)" in rechazo.value.razones[autora.pk]
        assert not Titularidad.objects.filter(hasta=AYER).exists()
        assert not Usuario.objects.filter(first_name="Ana").exists()

    def test_one_that_had_ended_before(self, casa):
        Titularidad.objects.filter(persona=casa.jefe).update(hasta=AYER - UN_DIA)
        jefe, alcalde = tenencia(casa.jefe), tenencia(casa.alcalde)
        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(jefe), Cambio(alcalde)], hasta=AYER, acto=ACTO)
        assert "quítela de la lista" in rechazo.value.razones[jefe.pk]
        assert tenencia(casa.alcalde).hasta is None

    def test_one_that_begins_after(self, casa):
        jefe = tenencia(casa.jefe)
        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(jefe)], hasta=HOY - UN_DIA * 900, acto=ACTO)
        assert "no puede ser anterior a la inicial" in rechazo.value.razones[jefe.pk]

    def test_a_titular_beside_the_one_that_stays(self, casa):
        encargo = crear_titularidad(crear_usuario("otra"), casa.cargo_jefe, calidad="encargado")
        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(encargo, nueva("Ana"), "titular")], hasta=AYER, acto=ACTO)
        assert "ya tiene titular" in rechazo.value.razones[encargo.pk]

    def test_two_pairs_of_eyes_count(self, casa):
        """Whoever wrote it comes to the only post that authorises it: nobody would be the second."""
        crear_version(casa, "por_autorizar")
        self.solo(casa.jefe)
        jefe = tenencia(casa.jefe)
        with pytest.raises(RelevoImposible, match="No se hizo ningún cambio"):
            relevar([Cambio(jefe, casa.autora)], hasta=AYER, acto=ACTO)
        relevar([Cambio(jefe, nueva("Ana"))], hasta=AYER, acto=ACTO)

    def test_what_the_government_that_ends_leaves_needs_secretaria_general(self, casa):
        """The new head of the office does not take it: only somebody of Secretaría General."""
        cambiar_de_gobierno(casa.canal)
        llevar_al_periodo_anterior(crear_version(casa, "por_autorizar").publicacion)
        self.solo(casa.jefe, casa.secretaria)
        cambios = [Cambio(tenencia(casa.jefe), nueva("Ana")), Cambio(tenencia(casa.secretaria))]
        with pytest.raises(RelevoImposible):
            relevar(cambios, hasta=AYER, acto=ACTO)

        cambios = [
            Cambio(tenencia(casa.jefe), nueva("Ana")),
            Cambio(tenencia(casa.secretaria), nueva("Eva")),
        ]
        quienes = {q for e in ensayar(cambios, hasta=AYER, acto=ACTO) for h in e.herencias for q in h.quienes}
        assert quienes == {"Eva Nueva, Secretario General"}


class TestNothingIsOrphaned:
    @pytest.fixture
    def nuevos(self, con_trabajo):
        casa = con_trabajo
        relevar(todos_cambian(casa), hasta=AYER, acto=ACTO)
        return {
            "autora": hoy_en(casa.cargo_autor),
            "editora": hoy_en(casa.cargo_editor),
            "jefe": hoy_en(casa.cargo_jefe),
            "alcaldesa": hoy_en(casa.cargo_alcalde),
        }

    def test_the_bandejas_of_who_came_ask_for_everything(self, nuevos):
        for quien in ("autora", "editora", "jefe"):
            assert tareas(nuevos[quien])[bandeja.DE_QUIEN_SE_FUE] == {"borrador", "devuelta"}
        assert tareas(nuevos["editora"])["Por validar"] == {"en_validacion"}
        assert tareas(nuevos["editora"])["Autorizado, listo para publicar"] == {"autorizada"}
        assert tareas(nuevos["editora"])["Programado"] == {"programada"}
        for quien in ("jefe", "alcaldesa"):
            assert tareas(nuevos[quien])["Por autorizar"] == {"por_autorizar"}
            assert tareas(nuevos[quien])["Publicado con urgencia, falta su autorización"] == {"urgente"}

    def test_help_and_passwords_that_were_asked_for_wait_for_who_came(self, casa):
        soporte.pedir(clave=uuid4(), por=casa.autora, problema="No encuentro el canal.")
        claves.pedir(persona=casa.autora, por=casa.jefe, motivo="La olvidó.")
        general = casa.secretaria.titularidades.get().cargo
        relevar(todos_cambian(casa), hasta=AYER, acto=ACTO)

        suyas = tareas(hoy_en(general))
        assert len(suyas["Piden ayuda con el portal"]) == 1
        assert suyas["Contraseñas por conceder"] == {f"Para el usuario {casa.autora.username}"}
        for antes in (casa.secretaria, casa.jefe):
            assert not {"Piden ayuda con el portal", "Contraseñas por conceder"} & set(tareas(antes))

    def test_and_those_of_who_left_ask_for_nothing_they_cannot_do(self, con_trabajo, nuevos):
        for quien in ("editor", "jefe", "alcalde", "secretaria"):
            grupos = bandeja.grupos_de(Usuario.objects.get(username=quien))
            assert not [grupo for grupo in grupos if grupo.espera and "evolv" not in grupo.titulo], quien

    def test_every_text_goes_on_by_the_hands_of_who_came(self, con_trabajo, nuevos):
        def texto(titulo) -> Version:
            return Version.objects.get(titulo=titulo)

        autora, editora, jefe = nuevos["autora"], nuevos["editora"], nuevos["jefe"]
        borrador = services.enviar(texto("borrador"), por=autora)
        services.validar(borrador, por=editora)
        services.validar(texto("en_validacion"), por=editora)
        for titulo in ("borrador", "en_validacion", "por_autorizar"):
            version = texto(titulo)
            services.autorizar_y_publicar(version, por=jefe, huella=version.huella())
        services.publicar(texto("autorizada"), por=editora)
        services.publicar_programadas(timezone.now() + UN_DIA * 2)
        urgente = texto("urgente")
        services.autorizar_urgente(urgente, por=nuevos["alcaldesa"], huella=urgente.huella())
        services.nueva_version(texto("devuelta").publicacion, por=autora)

        abiertas = Version.objects.abiertas()
        assert {version.estado for version in abiertas} == {"borrador"}
        assert not Version.objects.urgentes_sin_autorizar().exists()

    def test_two_pairs_of_eyes_still_hold(self, con_trabajo, nuevos):
        borrador = services.enviar(Version.objects.get(titulo="borrador"), por=nuevos["jefe"])
        services.validar(borrador, por=nuevos["editora"])
        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(borrador, por=nuevos["jefe"], huella=borrador.huella())

    def test_who_left_no_longer_acts(self, con_trabajo, nuevos):
        with pytest.raises(SinPermiso):
            services.validar(Version.objects.get(titulo="en_validacion"), por=con_trabajo.editor)


class TestRadicados:
    @pytest.fixture
    def atendida(self, casa):
        casa = crear_casa_de_ventanilla(casa)
        radicado = dar_paso(
            "asignar", radicar(), por=casa.secretaria, dependencia=casa.planeacion, cargo=casa.cargo_autor
        )
        self.radicado = dar_paso("aceptar", radicado, por=casa.autora)
        return casa

    def test_are_at_who_comes_to_the_post(self, atendida):
        casa = atendida
        quien = casa.cargo_autor
        [sale] = Titularidad.objects.vigentes().filter(cargo=quien).select_related("persona", "cargo")
        [entrega] = relevar([Cambio(sale, nueva("Ana"))], hasta=AYER, acto=ACTO)

        [parte] = [parte for parte in entrega.herencias if parte.que == "Radicados sin terminar"]
        assert parte.tareas == [self.radicado.asiento.numero]
        assert parte.quienes == (f"Ana Nueva, {quien}",)
        type(self.radicado).objects.filter(pk=self.radicado.pk).update(vence_interno=HOY)
        por_responder = tareas(hoy_en(quien))["Radicados por responder: vencidos o por vencer"]
        assert any(self.radicado.asiento.numero in tarea for tarea in por_responder)

    def test_are_of_the_head_of_the_office_when_nobody_comes(self, atendida):
        [entrega] = ensayar([Cambio(tenencia(atendida.autora))], hasta=AYER, acto=ACTO)
        [parte] = [parte for parte in entrega.herencias if parte.que == "Radicados sin terminar"]
        assert parte.quienes == ("jefe, Secretario de Planeación",)

    def test_with_nobody_are_a_reason_to_refuse(self, atendida):
        Titularidad.objects.exclude(cargo=atendida.cargo_autor).update(hasta=AYER - UN_DIA)
        sale = tenencia(atendida.autora)
        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(sale)], hasta=AYER, acto=ACTO)
        assert "radicados sin terminar (1)" in rechazo.value.razones[sale.pk]


class TestThePage:
    def datos(self, *cambios, hasta=None, **otros) -> dict[str, str]:
        """What the browser sends: of each pair, the person that leaves and what was written beside."""
        datos = {"hasta": (hasta or AYER).isoformat(), "acto": ACTO}
        for persona, escrito in cambios:
            pk = tenencia(persona).pk
            datos |= {f"cargo-{pk}-{campo}": valor for campo, valor in ({"sale": "on"} | escrito).items()}
        return datos | otros

    NUEVA = {"nombre": "Ana", "apellidos": "Rojas", "correo": "ana@ejemplo.gov.co", "calidad": "titular"}

    @pytest.mark.parametrize("quien", ["autora", "editor", "jefe", "alcalde"])
    def test_is_not_for_other_offices(self, casa, client, quien):
        client.force_login(getattr(casa, quien))
        assert client.get(PAGINA).status_code == 403
        assert client.post(PAGINA, self.datos((casa.jefe, {}), hacer="1")).status_code == 403
        assert tenencia(casa.jefe).hasta is None

    def test_without_a_session_it_asks_to_enter(self, casa, client):
        assert client.get(PAGINA).status_code == 302

    def test_another_method(self, casa, client):
        client.force_login(casa.secretaria)
        assert client.put(PAGINA).status_code == 405

    def test_is_reached_from_the_list(self, casa, client):
        client.force_login(casa.secretaria)
        lista = client.get(reverse("admin:portal_titularidad_changelist")).content.decode()
        assert f'href="{PAGINA}"' in lista

    def test_heads_are_marked_and_the_day_is_the_last_of_the_government(self, casa, client):
        cambiar_de_gobierno(casa.canal, ayer=HOY + UN_DIA * 30)
        client.force_login(casa.secretaria)
        respuesta = client.get(PAGINA)
        marcadas = {f.titularidad.persona.username for f in respuesta.context["filas"] if f["sale"].value()}

        assert marcadas == {"jefe", "secretaria", "alcalde", "tesorero"}
        assert respuesta.context["form"]["hasta"].value() == HOY + UN_DIA * 30

    def test_first_it_is_seen(self, con_trabajo, client):
        casa = con_trabajo
        client.force_login(casa.secretaria)
        pagina = client.post(PAGINA, self.datos((casa.alcalde, self.NUEVA))).content.decode()

        assert "Así quedaría. Todavía no se ha hecho" in pagina
        assert "con el usuario «ana.rojas»" in pagina
        assert "Por autorizar (1)" in pagina
        assert 'name="hacer"' in pagina
        assert tenencia(casa.alcalde).hasta is None

    def test_then_it_is_done_once(self, con_trabajo, client):
        casa = con_trabajo
        client.force_login(casa.secretaria)
        datos = self.datos((casa.alcalde, self.NUEVA), (casa.jefe, {"entra": casa.tesorero.pk}), hacer="1")
        respuesta = client.post(PAGINA, datos, follow=True).content.decode()

        assert "2 titularidades terminan el" in respuesta
        assert "Ana Rojas entra con el usuario «ana.rojas»" in respuesta
        assert hoy_en(casa.cargo_alcalde).email == "ana@ejemplo.gov.co"
        assert hoy_en(casa.cargo_jefe) == casa.tesorero
        otra_vez = client.post(PAGINA, datos, follow=True).content.decode()
        assert "Ese relevo ya se hizo" in otra_vez
        assert Usuario.objects.filter(first_name="Ana").count() == 1

    def test_with_somebody_alone_there_is_no_button(self, casa, client):
        crear_version(casa, "borrador")
        otra = crear_usuario("otra", is_superuser=True)
        Titularidad.objects.exclude(persona=casa.autora).update(hasta=AYER - UN_DIA)
        client.force_login(otra)
        pagina = client.post(PAGINA, self.datos((casa.autora, {}))).content.decode()
        assert "Algo quedaría sin nadie" in pagina
        assert 'name="hacer"' not in pagina

        respuesta = client.post(PAGINA, self.datos((casa.autora, {}), hacer="1"))
        assert respuesta.status_code == 422
        assert "Quedaría sin nadie que lo siga" in respuesta.content.decode()
        assert tenencia(casa.autora).hasta is None

    @pytest.mark.parametrize(
        ("escrito", "dice"),
        [
            ({"nombre": "Ana"}, "con él se firman los actos"),
            ({"correo": "ana@ejemplo.gov.co"}, "con él se firman los actos"),
            ({"nombre": "Ana", "apellidos": "Rojas", "correo": "ana"}, "Escriba el correo completo"),
            ({"calidad": "rey"}, "calidad"),
            ({"entra": "999999"}, "Elija a una persona de la lista"),
        ],
    )
    def test_what_is_wrong_is_said_and_stays(self, casa, client, escrito, dice):
        client.force_login(casa.secretaria)
        respuesta = client.post(PAGINA, self.datos((casa.alcalde, escrito), hacer="1"))
        pagina = respuesta.content.decode()

        assert respuesta.status_code == 422
        assert dice in pagina
        assert f'value="{ACTO}"' in pagina
        for campo, valor in escrito.items():
            if campo in {"nombre", "correo"}:
                assert f'value="{valor}"' in pagina
        assert tenencia(casa.alcalde).hasta is None

    def test_both_a_person_of_the_list_and_a_new_one(self, casa, client):
        client.force_login(casa.secretaria)
        datos = self.datos((casa.alcalde, self.NUEVA | {"entra": casa.tesorero.pk}), hacer="1")
        assert "no las dos" in client.post(PAGINA, datos).content.decode()

    def test_who_leaves_does_not_come(self, casa, client):
        client.force_login(casa.secretaria)
        datos = self.datos((casa.alcalde, {"entra": casa.alcalde.pk}), hacer="1")
        assert "Es quien sale" in client.post(PAGINA, datos).content.decode()

    @pytest.mark.parametrize("hasta", ["", "31/31/2027", "9999-12-31"])
    def test_a_day_that_is_not(self, casa, client, hasta):
        client.force_login(casa.secretaria)
        respuesta = client.post(PAGINA, self.datos((casa.alcalde, {}), hacer="1") | {"hasta": hasta})
        assert respuesta.status_code == 422

    def test_nobody_marked(self, casa, client):
        client.force_login(casa.secretaria)
        respuesta = client.post(PAGINA, {"hasta": AYER.isoformat(), "acto": ACTO, "hacer": "1"})
        assert respuesta.status_code == 422
        assert "Marque al menos un cargo" in respuesta.content.decode()

    @pytest.mark.parametrize("clave", ["cargo-999999999-sale", "cargo-x-sale", "cargo-1e9-sale"])
    def test_a_tenure_that_is_not(self, casa, client, clave):
        client.force_login(casa.secretaria)
        datos = {"hasta": AYER.isoformat(), "acto": ACTO, "hacer": "1", clave: "on"}
        assert client.post(PAGINA, datos).status_code == 422
