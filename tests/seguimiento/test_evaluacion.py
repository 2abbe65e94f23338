"""What is found of a criterion in time, by its rule or by people, and the percentages of any moment."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal import services
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.models import Edicion
from seguimiento.avance import Parte
from seguimiento.evaluacion import (
    afirmar,
    agregar_evidencia,
    declarar_no_aplica,
    exceptuar,
    puede_responder,
    reabrir,
    verificar,
)
from seguimiento.models import Criterio, Equivalencia, Evaluacion, Evidencia, Fase
from seguimiento.registro import REGLAS, Registrada
from seguimiento.verificaciones import Veredicto
from tests.builders import crear_publicada, crear_titularidad, crear_usuario, crear_version, en_fecha
from tests.seguimiento.builders import crear_criterio, crear_fase, crear_marco, evaluar
from tests.tramites.builders import crear_tramite

DIA = timedelta(days=1)
HOY = timezone.localdate
REGLA = ("hay-publicaciones",)
EN_PROYECTOS = {"parametros": {"canales": ["programas-y-proyectos"]}}


def historia(criterio) -> list[tuple[str, str]]:
    """Its evaluations, the oldest first."""
    return list(criterio.evaluaciones.order_by("pk").values_list("resultado", "base"))


@pytest.fixture
def por_regla(casa):
    """Met while «Programas y proyectos» has something published."""
    return crear_criterio(*REGLA, **EN_PROYECTOS)


@pytest.fixture
def por_personas(casa):
    """Of Planeación, without rule."""
    return crear_criterio(dependencia=casa.planeacion, canal=casa.canal)


@pytest.fixture
def publicacion(casa):
    return crear_publicada(casa, titulo="El plan de obras")


def dar_evidencia(criterio, por, enlace="/canales/programas-y-proyectos/", **campos):
    return agregar_evidencia(criterio, por=por, titulo="Los proyectos", enlace=enlace, **campos)


def retirar(casa, publicacion, clase="error"):
    services.retirar(publicacion, por=casa.jefe, clase=clase, motivo="No iba.")


# --- By rule ------------------------------------------------------------------------------------
class TestByRule:
    def test_withdrawing_the_only_publication_fails_it_and_another_restores_it(
        self, casa, por_regla, publicacion
    ):
        avances = []
        verificar(por_regla)
        avances.append(por_regla.fase.criterios.avance().porcentaje)
        retirar(casa, publicacion)
        verificar(por_regla)
        avances.append(por_regla.fase.criterios.avance().porcentaje)
        crear_publicada(casa)
        verificar(por_regla)
        avances.append(por_regla.fase.criterios.avance().porcentaje)

        assert avances == [100, 0, 100]
        assert historia(por_regla) == [("cumple", "regla"), ("no_cumple", "regla"), ("cumple", "regla")]

    def test_the_same_found_twice_is_one_row_and_is_looked_at_again(self, por_regla, publicacion):
        ayer = timezone.now() - DIA
        assert verificar(por_regla, en=ayer)
        edicion = Edicion.actual()

        assert not verificar(por_regla)

        assert por_regla.evaluaciones.count() == 1
        assert por_regla.evaluado_en > ayer
        assert Edicion.actual() == edicion

    def test_another_detail_is_another_row_and_another_edición(self, casa, por_regla, publicacion):
        verificar(por_regla)
        retirar(casa, publicacion)
        crear_publicada(casa, titulo="Otra")
        edicion = Edicion.actual()

        assert verificar(por_regla)

        assert historia(por_regla) == [("cumple", "regla")] * 2
        assert Edicion.actual() > edicion

    def test_the_row_keeps_the_version_of_the_rule_and_nobody(self, por_regla):
        verificar(por_regla)

        evaluacion = por_regla.evaluaciones.get()
        assert (evaluacion.regla_version, evaluacion.por) == (1, None)
        assert evaluacion.arreglo.startswith("Publique en «Programas y proyectos»")

    def test_verifying_is_not_editing(self, por_regla):
        verificar(por_regla)

        assert por_regla.history.count() == 1

    def test_what_was_found_is_never_changed_nor_erased(self, por_regla):
        verificar(por_regla)

        for borrar in (Evaluacion.objects.all().delete, lambda: Evaluacion.objects.update(detalle="Otro")):
            with pytest.raises(IntegrityError, match="solo se agregan"), transaction.atomic():
                borrar()

    def test_a_criterion_that_nobody_can_prove_stays_unevaluated(self, por_personas):
        verificar(por_personas)

        assert por_personas.resultado == "sin_evaluar"
        assert not por_personas.evaluaciones.exists()


# --- Evidence -----------------------------------------------------------------------------------
class TestEvidence:
    @pytest.mark.parametrize("quien", ["secretaria", "jefe", "autora"])
    def test_those_who_answer_for_it_give_evidence(self, casa, por_personas, publicacion, quien):
        edicion = Edicion.actual()

        evidencia = dar_evidencia(por_personas, getattr(casa, quien))

        assert (evidencia.enlace, evidencia.fecha) == ("/canales/programas-y-proyectos/", HOY())
        assert list(por_personas.evidencias.all()) == [evidencia]
        assert por_personas.resultado == "sin_evaluar"  # it affirms nothing by itself
        assert Edicion.actual() > edicion

    @pytest.mark.parametrize("quien", ["tesorero", "alcalde", "admin", "sin-cargo", "vencida", "inactiva"])
    def test_nobody_else_does(self, casa, por_personas, publicacion, quien):
        vencida, inactiva = crear_usuario("vencida"), crear_usuario("inactiva", is_active=False)
        crear_titularidad(vencida, casa.cargo_autor, calidad="encargado", hasta=HOY() - DIA)
        crear_titularidad(inactiva, casa.cargo_autor, calidad="encargado")
        otros = {"vencida": vencida, "inactiva": inactiva, "sin-cargo": crear_usuario("sin-cargo")}
        persona = otros.get(quien) or getattr(casa, quien)

        with pytest.raises(SinPermiso, match="responde Planeación"):
            dar_evidencia(por_personas, persona)
        assert not puede_responder(por_personas, persona)

    def test_who_writes_elsewhere_does_not_answer_for_what_has_no_channel(self, casa):
        de_la_secretaria = crear_criterio()

        assert puede_responder(de_la_secretaria, casa.secretaria)
        assert not puede_responder(de_la_secretaria, casa.autora)
        assert not puede_responder(de_la_secretaria, casa.jefe)

    @pytest.mark.parametrize("clase", ["error", "sin_vigencia"])
    def test_what_was_withdrawn_is_refused(self, casa, por_personas, publicacion, clase):
        retirar(casa, publicacion, clase)

        with pytest.raises(ValidationError) as rechazo:
            dar_evidencia(por_personas, casa.jefe, publicacion.get_absolute_url())

        assert rechazo.value.message_dict == {"enlace": [f"Esa publicación se retiró el {HOY():%d/%m/%Y}."]}
        assert not Evidencia.objects.exists()

    def test_so_is_a_fixed_address_whose_page_was_withdrawn(self, casa, por_personas, publicacion):
        publicacion.ruta_fija = "/politicas/obras/"
        publicacion.save()
        dar_evidencia(por_personas, casa.jefe, "/politicas/obras/")
        retirar(casa, publicacion, "sin_vigencia")

        with pytest.raises(ValidationError, match="se retiró"):
            dar_evidencia(por_personas, casa.jefe, "/politicas/obras/")

    @pytest.mark.parametrize(
        ("enlace", "mensaje"),
        [
            ("/no-hay/", "Nadie puede ver hoy la página /no-hay/."),
            ("/admin/", "Nadie puede ver hoy la página /admin/."),
            ("https://testserver/no-hay/", "Nadie puede ver hoy la página /no-hay/."),
            ("javascript:alert(1)", "Escriba una dirección de este sitio"),
            ("//otro.com/a", "Escriba una dirección de este sitio"),
            ("una captura", "Escriba una dirección de este sitio"),
        ],
    )
    def test_a_link_that_nobody_can_see_is_refused(self, casa, por_personas, enlace, mensaje, settings):
        settings.ALLOWED_HOSTS = ["testserver"]

        with pytest.raises(ValidationError) as rechazo:
            dar_evidencia(por_personas, casa.jefe, enlace)

        assert mensaje in rechazo.value.message_dict["enlace"][0]

    def test_a_trámite_that_is_not_public_is_refused_and_one_that_is_serves(self, casa, por_personas):
        borrador, publico = crear_tramite(casa, "en_creacion"), crear_tramite(casa, publicado=True)

        with pytest.raises(ValidationError, match="Nadie puede ver hoy"):
            dar_evidencia(por_personas, casa.jefe, borrador.get_absolute_url())
        assert dar_evidencia(por_personas, casa.jefe, publico.get_absolute_url())

    def test_a_page_of_another_site_is_believed(self, casa, por_personas):
        evidencia = dar_evidencia(por_personas, casa.jefe, "https://www.suit.gov.co/x?y=1")
        afirmar(por_personas, por=casa.jefe)
        verificar(por_personas)

        assert evidencia.enlace == "https://www.suit.gov.co/x?y=1"
        assert por_personas.resultado == "cumple"

    def test_our_own_address_is_kept_without_the_name_of_the_site(self, casa, por_personas, settings):
        settings.ALLOWED_HOSTS = ["alcaldia.gov.co"]

        assert dar_evidencia(por_personas, casa.jefe, " https://alcaldia.gov.co/rss/ ").enlace == "/rss/"

    def test_a_file_is_checked_by_its_content_and_kept_with_its_hash(self, casa, por_personas, adjunto_pdf):
        evidencia = dar_evidencia(por_personas, casa.jefe, enlace="", archivo=adjunto_pdf)

        assert (evidencia.archivo_nombre, len(evidencia.archivo_sha256)) == ("plano.pdf", 64)
        programa = SimpleUploadedFile("plano.pdf", b"MZ\x90\x00 esto es un programa")
        with pytest.raises(ValidationError) as rechazo:
            dar_evidencia(por_personas, casa.jefe, enlace="", archivo=programa)
        assert list(rechazo.value.message_dict) == ["archivo"]

    @pytest.mark.parametrize(
        ("campos", "campo", "mensaje"),
        [
            ({"enlace": ""}, "__all__", "Diga qué página lo muestra"),
            ({"fecha": HOY() + DIA}, "fecha", "fecha futura"),
            ({"vence_en": HOY() - DIA}, "vence_en", "ya pasó"),
        ],
    )
    def test_impossible_evidence_is_refused_beside_its_field(
        self, casa, por_personas, publicacion, campos, campo, mensaje
    ):
        with pytest.raises(ValidationError) as rechazo:
            dar_evidencia(por_personas, casa.jefe, **campos)

        assert mensaje in rechazo.value.message_dict[campo][0]

    def test_it_serves_those_that_ask_for_the_same_and_affirms_none(self, casa, por_personas, publicacion):
        gemelo, ajeno = crear_criterio(), crear_criterio()
        Equivalencia.objects.create(criterio=gemelo, otro=por_personas)

        evidencia = dar_evidencia(por_personas, casa.jefe)
        afirmar(por_personas, por=casa.jefe)

        assert set(evidencia.criterios.all()) == {por_personas, gemelo}
        gemelo.refresh_from_db()
        assert gemelo.resultado == "sin_evaluar"
        assert afirmar(gemelo, por=casa.secretaria).resultado == "cumple"
        assert not ajeno.evidencias.exists()


# --- By people ----------------------------------------------------------------------------------
class TestAffirming:
    def test_with_evidence_a_person_affirms_it(self, casa, por_personas, publicacion):
        dar_evidencia(por_personas, casa.autora)

        hallado = afirmar(por_personas, por=casa.autora)

        assert (hallado.resultado, hallado.base) == ("cumple", "persona")
        assert hallado.detalle == "Se muestra en «Los proyectos»."
        assert por_personas.evaluaciones.get().por == casa.autora

    def test_without_evidence_it_cannot(self, casa, por_personas):
        with pytest.raises(CondicionIncumplida, match="agregue una evidencia"):
            afirmar(por_personas, por=casa.jefe)
        assert not por_personas.evaluaciones.exists()

    def test_nor_with_one_that_is_no_longer_there(self, casa, por_personas, publicacion):
        dar_evidencia(por_personas, casa.jefe, publicacion.get_absolute_url())
        retirar(casa, publicacion)

        with pytest.raises(CondicionIncumplida, match="agregue una evidencia"):
            afirmar(por_personas, por=casa.jefe)

    def test_that_it_is_not_met_needs_no_evidence_but_says_what_is_lacking(self, casa, por_personas):
        with pytest.raises(CondicionIncumplida, match="Escriba la razón"):
            afirmar(por_personas, por=casa.jefe, resultado="no_cumple", razon="  ")

        hallado = afirmar(por_personas, por=casa.jefe, resultado="no_cumple", razon="No hay pasarela.")
        verificar(por_personas)

        assert (hallado.resultado, hallado.detalle) == ("no_cumple", "No hay pasarela.")
        assert por_personas.resultado == "no_cumple"

    def test_in_part_needs_both(self, casa, por_personas, publicacion):
        with pytest.raises(CondicionIncumplida, match="agregue una evidencia"):
            afirmar(por_personas, por=casa.jefe, resultado="parcial", razon="Falta el audio.")
        dar_evidencia(por_personas, casa.jefe)

        assert afirmar(por_personas, por=casa.jefe, resultado="parcial", razon="Falta el audio.").pk

    @pytest.mark.parametrize("resultado", ["no_aplica", "sin_evaluar", "quizás"])
    def test_other_results_are_not_affirmed(self, casa, por_personas, resultado):
        with pytest.raises(CondicionIncumplida, match="Diga si se cumple"):
            afirmar(por_personas, por=casa.secretaria, resultado=resultado, razon="Porque sí.")

    def test_who_does_not_answer_for_it_does_not_affirm(self, casa, por_personas, publicacion):
        dar_evidencia(por_personas, casa.jefe)

        for persona in (casa.tesorero, casa.admin, casa.alcalde):
            with pytest.raises(SinPermiso):
                afirmar(por_personas, por=persona)

    def test_affirming_again_is_another_act(self, casa, por_personas, publicacion):
        dar_evidencia(por_personas, casa.jefe)
        afirmar(por_personas, por=casa.jefe)
        afirmar(por_personas, por=casa.secretaria)

        assert list(por_personas.evaluaciones.order_by("pk").values_list("por", flat=True)) == [
            casa.jefe.pk,
            casa.secretaria.pk,
        ]

    def test_withdrawing_the_evidence_reopens_it_at_the_next_verification(
        self, casa, por_personas, publicacion
    ):
        evidencia = dar_evidencia(por_personas, casa.jefe, publicacion.get_absolute_url())
        afirmar(por_personas, por=casa.jefe)
        retirar(casa, publicacion, "sin_vigencia")

        verificar(por_personas)

        evidencia.refresh_from_db()
        assert (por_personas.resultado, por_personas.base) == ("sin_evaluar", "")
        assert f"«Los proyectos»: Esa publicación se retiró el {HOY():%d/%m/%Y}." in por_personas.detalle
        assert por_personas.arreglo == "Agregue una evidencia que se pueda ver hoy y vuelva a afirmarlo."
        assert evidencia.invalida

    def test_while_one_evidence_is_there_it_stands(self, casa, por_personas, publicacion):
        dar_evidencia(por_personas, casa.jefe, publicacion.get_absolute_url())
        dar_evidencia(por_personas, casa.jefe, "/rss/")
        afirmar(por_personas, por=casa.jefe)
        retirar(casa, publicacion)

        verificar(por_personas)

        assert por_personas.resultado == "cumple"
        assert por_personas.evaluaciones.count() == 1

    def test_evidence_lapses_on_its_day(self, casa, por_personas, publicacion):
        dar_evidencia(por_personas, casa.jefe, vence_en=HOY() + 5 * DIA)
        afirmar(por_personas, por=casa.jefe)

        verificar(por_personas, en=timezone.now() + 5 * DIA)
        assert por_personas.resultado == "cumple"
        verificar(por_personas, en=timezone.now() + 6 * DIA)

        assert (por_personas.resultado, "Valía hasta el" in por_personas.detalle) == ("sin_evaluar", True)

    def test_a_file_that_is_no_longer_the_one_given_is_not_evidence(self, casa, por_personas, adjunto_pdf):
        evidencia = dar_evidencia(por_personas, casa.jefe, enlace="", archivo=adjunto_pdf)
        afirmar(por_personas, por=casa.jefe)
        with evidencia.archivo.storage.open(evidencia.archivo.name, "wb") as abierto:
            abierto.write(b"otra cosa")

        verificar(por_personas)

        assert "ya no es el que se subió" in por_personas.detalle
        evidencia.archivo.storage.delete(evidencia.archivo.name)
        verificar(por_personas)
        assert por_personas.resultado == "sin_evaluar"


class TestRuleAndPeople:
    def test_what_the_rule_denies_is_not_affirmed(self, casa, por_regla):
        agregar_evidencia(por_regla, por=casa.secretaria, titulo="Novedades", enlace="/rss/")

        with pytest.raises(CondicionIncumplida, match=r"La regla encuentra otra cosa\. En «Programas"):
            afirmar(por_regla, por=casa.secretaria)

    def test_what_the_rule_proves_needs_no_affirming(self, casa, por_regla, publicacion):
        with pytest.raises(CondicionIncumplida, match="ya prueba que se cumple"):
            afirmar(por_regla, por=casa.secretaria)

    @pytest.fixture
    def afirmado(self, casa):
        """Affirmed while its rule could not look: there was nothing to search for."""
        criterio = crear_criterio("buscador-encuentra")
        agregar_evidencia(criterio, por=casa.secretaria, titulo="El buscador", enlace="/buscar/")
        return afirmar(criterio, por=casa.secretaria)

    def test_while_the_rule_cannot_look_what_was_affirmed_stands(self, afirmado):
        verificar(afirmado)

        assert (afirmado.resultado, afirmado.base) == ("cumple", "persona")

    def test_a_rule_that_passes_proves_it(self, casa, afirmado, publicacion):
        verificar(afirmado)

        assert historia(afirmado) == [("cumple", "persona"), ("cumple", "regla")]

    def test_a_rule_that_fails_reopens_it(self, casa, afirmado):
        Criterio.objects.filter(pk=afirmado.pk).update(regla=REGLA[0], **EN_PROYECTOS)
        afirmado.refresh_from_db()

        verificar(afirmado)

        assert historia(afirmado) == [("cumple", "persona"), ("no_cumple", "regla")]


class TestExceptions:
    def test_it_counts_as_met_until_its_last_day_and_then_lapses(self, casa, por_personas):
        hasta = HOY() + 10 * DIA
        hallado = exceptuar(por_personas, por=casa.secretaria, razon="Sin  contrato.", hasta=hasta)
        assert (hallado.resultado, hallado.base, hallado.detalle) == ("cumple", "excepcion", "")
        assert por_personas.evaluaciones.get().razon == "Sin contrato."

        verificar(por_personas, en=timezone.now() + 10 * DIA)
        assert por_personas.base == "excepcion"
        verificar(por_personas, en=timezone.now() + 11 * DIA)

        assert historia(por_personas) == [("cumple", "excepcion"), ("sin_evaluar", "regla")]
        assert por_personas.detalle == f"La excepción venció el {hasta:%d/%m/%Y}."
        assert por_personas.vence_en is None

    def test_its_rule_ends_it_before_when_it_passes_and_not_when_it_fails(self, casa, por_regla):
        exceptuar(por_regla, por=casa.secretaria, razon="Obra parada.", hasta=HOY() + DIA)
        verificar(por_regla)
        assert por_regla.base == "excepcion"

        crear_publicada(casa)
        verificar(por_regla)

        assert (por_regla.resultado, por_regla.base, por_regla.vence_en) == ("cumple", "regla", None)

    def test_when_it_lapses_the_rule_says(self, casa, por_regla):
        exceptuar(por_regla, por=casa.secretaria, razon="Obra parada.", hasta=HOY())

        verificar(por_regla, en=timezone.now() + DIA)

        assert historia(por_regla) == [("cumple", "excepcion"), ("no_cumple", "regla")]

    @pytest.mark.parametrize("dias", [-1, 366, 4000])
    def test_its_last_day_is_within_a_year(self, casa, por_personas, dias):
        with pytest.raises(CondicionIncumplida, match="a un año o menos"):
            exceptuar(por_personas, por=casa.secretaria, razon="Obra.", hasta=HOY() + dias * DIA)

    @pytest.mark.parametrize("dias", [0, 365])
    def test_today_and_in_a_year_are_within(self, casa, por_personas, dias):
        assert exceptuar(por_personas, por=casa.secretaria, razon="Obra.", hasta=HOY() + dias * DIA).pk


class TestDoesNotApply:
    def test_it_is_out_of_the_percentages_with_its_reason_and_no_rule_undoes_it(self, casa, por_regla):
        hallado = declarar_no_aplica(por_regla, por=casa.secretaria, razon="No hay proyectos.")
        verificar(por_regla)

        assert (hallado.resultado, por_regla.evaluaciones.get().razon) == ("no_aplica", "No hay proyectos.")
        assert historia(por_regla) == [("no_aplica", "persona")]
        assert por_regla.fase.criterios.avance().aplicables == 0

    def test_it_can_be_reopened_and_the_rule_looks_again(self, casa, por_regla):
        declarar_no_aplica(por_regla, por=casa.secretaria, razon="No hay proyectos.")
        reabrir(por_regla, por=casa.secretaria, razon="Ya los hay.")
        verificar(por_regla)

        assert historia(por_regla) == [
            ("no_aplica", "persona"),
            ("sin_evaluar", "persona"),
            ("no_cumple", "regla"),
        ]

    def test_what_nobody_decided_is_not_reopened(self, casa, por_regla, por_personas):
        verificar(por_regla)

        for criterio in (por_regla, por_personas):
            with pytest.raises(CondicionIncumplida, match="Nadie ha decidido"):
                reabrir(criterio, por=casa.secretaria, razon="Porque sí.")

    def test_what_is_decided_while_the_rule_looks_stands(self, casa, por_regla, monkeypatch):
        def regla_lenta(criterio, en):
            """Looks while somebody decides."""
            declarar_no_aplica(criterio, por=casa.secretaria, razon="No hay proyectos.")
            return Veredicto("no_cumple", "No hay.")

        monkeypatch.setitem(REGLAS, por_regla.regla, Registrada(por_regla.regla, 1, regla_lenta, ""))
        por_regla.parametros = {}

        verificar(por_regla)

        assert historia(por_regla) == [("no_aplica", "persona")]


DECISIONES = {
    "exceptuar": lambda c, por, razon="Obra.": exceptuar(c, por=por, razon=razon, hasta=HOY()),
    "no aplica": lambda c, por, razon="Obra.": declarar_no_aplica(c, por=por, razon=razon),
    "reabrir": lambda c, por, razon="Obra.": reabrir(c, por=por, razon=razon),
}


@pytest.mark.parametrize("decision", DECISIONES.values(), ids=DECISIONES)
class TestOnlySecretariaGeneral:
    @pytest.mark.parametrize("quien", ["jefe", "autora", "alcalde", "admin", "editor"])
    def test_nobody_else_decides_it(self, casa, por_personas, decision, quien):
        with pytest.raises(SinPermiso, match="jefatura de Secretaría General"):
            decision(por_personas, getattr(casa, quien))
        assert not por_personas.evaluaciones.exists()

    def test_nor_the_head_whose_user_is_off(self, casa, por_personas, decision):
        casa.secretaria.is_active = False
        casa.secretaria.save()

        with pytest.raises(SinPermiso):
            decision(por_personas, casa.secretaria)

    @pytest.mark.parametrize("razon", ["", "   ", "a" * 501])
    def test_it_needs_a_reason_that_fits(self, casa, por_personas, decision, razon):
        with pytest.raises(CondicionIncumplida, match="razón"):
            decision(por_personas, casa.secretaria, razon)


@pytest.mark.parametrize(
    "campos",
    [
        {"resultado": "no_aplica", "base": "persona"},
        {"resultado": "cumple", "base": "excepcion", "vence_en": HOY()},
        {"resultado": "cumple", "base": "excepcion", "razon": "Obra."},
        {"resultado": "cumple", "base": "persona", "por": None},
        {"resultado": "cumple", "base": "regla"},
    ],
    ids=[
        "no aplica without reason",
        "exception without reason",
        "without date",
        "nobody",
        "rule by somebody",
    ],
)
def test_postgresql_refuses_impossible_evaluations(casa, por_personas, campos):
    with pytest.raises(IntegrityError):
        Evaluacion.objects.create(**{"criterio": por_personas, "por": casa.jefe} | campos)


# --- Percentages, at any moment -----------------------------------------------------------------
ENERO, MARZO, MAYO = en_fecha("2026-01-15"), en_fecha("2026-03-15"), en_fecha("2026-05-15")


@pytest.fixture
def fase(casa):
    """Eight criteria that in May are one of each, of which three are met; and a commitment of the plan."""
    fase = crear_fase()
    jefe = {"por": casa.jefe}
    mundo = [
        ("cumple", "regla", {}),
        ("cumple", "persona", jefe),
        ("cumple", "excepcion", jefe | {"razon": "Obra.", "vence_en": MAYO.date()}),
        ("parcial", "regla", {}),
        ("no_cumple", "regla", {}),
        ("no_aplica", "persona", jefe | {"razon": "No hay."}),
        ("sin_evaluar", "regla", {}),
    ]
    for resultado, base, campos in mundo:
        criterio = crear_criterio(fase=fase)
        evaluar(criterio, "no_cumple", en=ENERO)
        evaluar(criterio, resultado, base=base, en=MARZO, **campos)
    crear_criterio(fase=fase)
    evaluar(crear_criterio(fase=fase, es_compromiso=True), "cumple", en=ENERO)
    return fase


class TestProgress:
    def test_met_of_applicable_with_its_split_and_what_nobody_evaluated_apart(self, fase):
        avance = fase.criterios.avance(MAYO)

        assert dict(avance.cuantos) == {
            Parte.PROBADO: 1,
            Parte.AFIRMADO: 1,
            Parte.EXCEPCION: 1,
            Parte.PARCIAL: 1,
            Parte.NO_CUMPLE: 1,
            Parte.NO_APLICA: 1,
            Parte.SIN_EVALUAR: 2,
        }
        assert (avance.cumplidos, avance.aplicables, avance.porcentaje) == (3, 7, 42)

    @pytest.mark.parametrize(
        ("momento", "cumplidos", "sin_evaluar"),
        [
            (ENERO - DIA, 0, 8),
            (ENERO, 0, 1),
            (MARZO - DIA, 0, 1),
            (MARZO, 3, 2),
            (MAYO, 3, 2),
            (MAYO + DIA, 2, 3),  # the exception lapsed, and nobody has verified since
        ],
    )
    def test_at_any_past_moment(self, fase, momento, cumplidos, sin_evaluar):
        avance = fase.criterios.avance(momento)

        assert (avance.cumplidos, avance.cuantos[Parte.SIN_EVALUAR]) == (cumplidos, sin_evaluar)
        assert fase.criterios.historia([momento]) == [avance]

    def test_the_history_is_the_same_told_at_once(self, fase):
        momentos = [ENERO - DIA, ENERO, MARZO, MAYO, MAYO + DIA, timezone.now()]

        assert fase.criterios.historia(momentos) == [fase.criterios.avance(momento) for momento in momentos]

    def test_the_state_of_each_one(self, fase):
        estados = dict(fase.criterios.que_cuentan().en(MAYO + DIA).values_list("codigo", "resultado_en"))
        bases = fase.criterios.en(MAYO).filter(resultado_en="cumple").values_list("base_en", flat=True)

        assert sorted(estados.values()) == [
            *("cumple", "cumple", "no_aplica", "no_cumple", "parcial"),
            *("sin_evaluar", "sin_evaluar", "sin_evaluar"),
        ]
        assert sorted(bases) == ["excepcion", "persona", "regla", "regla"]

    def test_two_evaluations_at_the_same_moment_the_last_one_counts(self, casa):
        criterio = crear_criterio()
        evaluar(criterio, "cumple", en=ENERO)
        evaluar(criterio, "no_cumple", en=ENERO)

        assert criterio.fase.criterios.en(ENERO).get().resultado_en == "no_cumple"
        assert criterio.fase.criterios.historia([ENERO])[0].cumplidos == 0

    def test_by_weight(self, casa):
        fase = crear_fase()
        evaluar(crear_criterio(fase=fase, peso=3), "cumple")
        evaluar(crear_criterio(fase=fase, peso=1), "no_cumple")
        evaluar(crear_criterio(fase=fase, peso=0), "no_cumple")

        avance = fase.criterios.avance()

        assert (avance.porcentaje, avance.cumplidos, avance.aplicables) == (75, 1, 3)

    def test_100_is_only_said_when_nothing_is_missing(self, casa):
        fase = crear_fase()
        for _ in range(199):
            evaluar(crear_criterio(fase=fase), "cumple")
        ultimo = crear_criterio(fase=fase)
        assert fase.criterios.avance().porcentaje == 99

        evaluar(ultimo, "cumple")

        assert fase.criterios.avance().porcentaje == 100
        assert fase.criterios.avance().completo

    def test_of_nothing_there_is_no_percentage(self, casa):
        fase = crear_fase()
        assert fase.criterios.avance().porcentaje is None

        evaluar(crear_criterio(fase=fase), "no_aplica", base="persona", por=casa.jefe, razon="No hay.")

        assert fase.criterios.avance().porcentaje is None
        assert not fase.criterios.avance().completo

    def test_by_phase_group_and_office(self, casa):
        una, otra = crear_fase(), crear_fase()
        evaluar(crear_criterio(fase=una, grupo="A", dependencia=casa.planeacion), "cumple")
        evaluar(crear_criterio(fase=una, grupo="B", dependencia=casa.hacienda), "no_cumple")
        evaluar(crear_criterio(fase=otra, grupo="A", dependencia=casa.hacienda), "cumple")

        def porcentajes(campo):
            return {clave: avance.porcentaje for clave, avance in Criterio.objects.avance_por(campo).items()}

        assert porcentajes("fase") == {una.pk: 50, otra.pk: 100}
        assert porcentajes("grupo") == {"A": 100, "B": 0}
        assert porcentajes("dependencia") == {casa.planeacion.pk: 100, casa.hacienda.pk: 50}

    def test_of_a_marco_by_the_weight_of_its_phases(self, casa):
        marco = crear_marco()
        pesada, ligera = crear_fase(marco, peso=3), crear_fase(marco, peso=1)
        crear_fase(marco, peso=5)  # where nothing applies
        assert marco.porcentaje() is None
        evaluar(crear_criterio(fase=pesada), "cumple")
        evaluar(crear_criterio(fase=ligera), "no_cumple")

        assert marco.porcentaje() == 75
        assert marco.porcentaje(timezone.now() - DIA) == 0

    @pytest.mark.parametrize("cuantos", [1, 15])
    def test_it_costs_the_same_however_many_criteria_and_evaluations(self, casa, cuantos):
        fase = crear_fase()
        for _ in range(cuantos):
            criterio = crear_criterio(fase=fase)
            for n in range(cuantos):
                evaluar(criterio, "cumple", en=ENERO + n * DIA)
        momentos = [ENERO + n * DIA for n in range(cuantos)]

        with CaptureQueriesContext(connection) as consultas:
            fase.criterios.avance(MARZO)
            Criterio.objects.avance_por("grupo", MARZO)
            fase.criterios.historia(momentos)
            list(fase.criterios.en(MARZO))
        assert len(consultas) == 1 + 1 + 2 + 1


class TestDueDates:
    PLAZO = HOY()

    @pytest.mark.parametrize(
        ("resultado", "dia", "estado"),
        [
            ("no_cumple", PLAZO, "por_vencer"),
            ("no_cumple", PLAZO + DIA, "vencida"),
            ("parcial", PLAZO + DIA, "vencida"),
            ("cumple", PLAZO + DIA, "cumplida"),
            ("cumple", PLAZO, "cumplida"),
        ],
    )
    def test_of_the_territorial_order(self, casa, resultado, dia, estado):
        fase = crear_fase(plazo_territorial=self.PLAZO, plazo_nacional=self.PLAZO - 300 * DIA)
        evaluar(crear_criterio(fase=fase), resultado)

        assert fase.estado(fase.criterios.avance(), dia) == estado

    def test_a_municipality_is_not_the_nation(self, casa):
        fase = crear_fase(plazo_territorial=self.PLAZO, plazo_nacional=self.PLAZO - DIA)
        crear_criterio(fase=fase)
        avance = fase.criterios.avance()

        assert fase.estado(avance) == "por_vencer"
        assert fase.estado(avance, orden=Fase.Orden.NACIONAL) == "vencida"

    def test_without_a_known_date(self, casa):
        fase = crear_fase()
        criterio = crear_criterio(fase=fase)
        assert fase.estado(fase.criterios.avance()) == "sin_plazo"

        evaluar(criterio, "cumple")

        assert fase.estado(fase.criterios.avance()) == "cumplida"


def test_a_criterion_knows_what_asks_for_the_same_in_both_directions(casa):
    uno, otro, tercero = crear_criterio(), crear_criterio(), crear_criterio()
    Equivalencia.objects.create(criterio=uno, otro=otro)
    Equivalencia.objects.create(criterio=tercero, otro=uno)

    assert uno.equivalentes == [otro, tercero]
    assert (otro.equivalentes, tercero.equivalentes) == ([uno], [uno])
    with pytest.raises(ValidationError, match="no equivale a sí mismo"):
        Equivalencia(criterio=uno, otro=uno).full_clean()


def test_unpublished_texts_serve_nobody_as_evidence(casa, por_personas):
    publicacion = crear_version(casa, "autorizada").publicacion

    with pytest.raises(ValidationError, match="Nadie puede ver hoy"):
        dar_evidencia(por_personas, casa.jefe, publicacion.get_absolute_url())
