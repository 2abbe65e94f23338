"""Whoever leaves a post leaves no survey, outcome nor draft with nobody."""

from datetime import timedelta

import pytest

from participacion import services
from participacion.flujo import dar_paso
from portal import bandeja
from portal.models import Titularidad, Usuario
from portal.redaccion.relevo_masivo import Cambio, RelevoImposible, ensayar, relevar
from tests.builders import crear_version
from tests.participacion.builders import crear_cerrada, crear_consulta
from tests.portal.builders_gobierno import AYER

ACTO = "Acta de posesión 001"
UN_DIA = timedelta(days=1)


def tenencia(persona) -> Titularidad:
    return persona.titularidades.select_related("persona", "cargo__dependencia").get()


def nueva(nombre: str) -> Usuario:
    return Usuario(first_name=nombre, last_name="Nueva")


def que_dejan(entregas) -> dict[str, list[str]]:
    return {parte.que: parte.tareas for entrega in entregas for parte in entrega.herencias}


def tareas(persona) -> dict[str, set[str]]:
    grupos = bandeja.grupos_de(Usuario.objects.get(pk=persona.pk))
    return {grupo.titulo: {tarea.titulo for tarea in grupo.tareas} for grupo in grupos}


class TestBeforeItIsDone:
    def test_what_each_leaves_is_told(self, participa):
        casa = participa
        crear_consulta(casa, "borrador", titulo="Sin enviar")
        crear_consulta(casa, "por_autorizar", titulo="Espera")
        crear_consulta(casa, titulo="Abierta")
        crear_consulta(casa, "descartada", titulo="Descartada")
        crear_cerrada(casa, titulo="Debe")

        cambios = [
            Cambio(tenencia(casa.promotora), nueva("Ana")),
            Cambio(tenencia(casa.alcalde), nueva("Eva")),
        ]
        dejan = que_dejan(ensayar(cambios, hasta=AYER, acto=ACTO))

        assert dejan["Consultas sin enviar"] == ["Sin enviar"]
        assert dejan["Consultas por autorizar"] == ["Espera"]
        assert dejan["Resultados por publicar"] == ["Debe"]

    def test_the_draft_of_who_left_before_is_not_forgotten_by_the_last_one(self, participa):
        casa = participa
        crear_consulta(casa, "borrador", titulo="A medias")
        Titularidad.objects.exclude(persona=casa.secretaria).update(hasta=AYER - UN_DIA)

        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(tenencia(casa.secretaria))], hasta=AYER, acto=ACTO)
        assert "consultas sin enviar (1)" in rechazo.value.razones[tenencia(casa.secretaria).pk]
        [entrega] = relevar([Cambio(tenencia(casa.secretaria), nueva("Ana"))], hasta=AYER, acto=ACTO)
        assert entrega.herencias == []

    def test_one_that_nobody_else_could_authorise_is_a_reason_to_refuse(self, participa):
        """Whoever sent it comes to the only post that authorises it."""
        casa = participa
        crear_consulta(casa, "por_autorizar")
        Titularidad.objects.exclude(persona__in=[casa.alcalde, casa.promotora]).update(hasta=AYER - UN_DIA)
        alcalde = tenencia(casa.alcalde)

        with pytest.raises(RelevoImposible) as rechazo:
            relevar([Cambio(alcalde, casa.promotora)], hasta=AYER, acto=ACTO)
        assert "consultas por autorizar (1)" in rechazo.value.razones[alcalde.pk]
        relevar([Cambio(alcalde, nueva("Ana"))], hasta=AYER, acto=ACTO)


class TestAfterwards:
    @pytest.fixture
    def ana(self, participa):
        """Who comes to the post that writes."""
        casa = participa
        devuelta = crear_consulta(casa, "por_autorizar", titulo="Devuelta")
        dar_paso("devolver", devuelta, por=casa.alcalde, motivo="Falta una opción.")
        crear_cerrada(casa, titulo="Debe", resultado_hasta=AYER + UN_DIA * 9)
        [entrega] = relevar([Cambio(tenencia(casa.promotora), nueva("Ana"))], hasta=AYER, acto=ACTO)
        return entrega.entra.persona

    def test_the_bandeja_of_who_came_asks_for_it(self, participa, ana):
        suyas = tareas(ana)
        assert suyas["Consultas que dejó a medias quien ya no está"] == {"Devuelta"}
        assert suyas["Resultados por publicar"] == {"Debe"}

    def test_and_it_goes_on_by_her_hands(self, participa, ana):
        consulta = services.Consulta.objects.get(titulo="Devuelta")
        dar_paso("enviar", consulta, por=ana)
        assert tareas(participa.alcalde)["Consultas por autorizar"] == {"Devuelta"}
        assert "Consultas que dejó a medias quien ya no está" not in tareas(ana)

    def test_while_who_began_it_writes_there_it_is_of_nobody_else(self, participa):
        casa = participa
        crear_consulta(casa, "borrador")
        crear_version(casa, "borrador")
        for quien in (casa.promotora, casa.secretaria, casa.jefe):
            assert not [titulo for titulo in tareas(quien) if "a medias" in titulo]
