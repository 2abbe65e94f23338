"""Writing a hoja de vida: who saves, what a copy carries, what is measured, how its parts are moved."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.flujo import CondicionIncumplida, SinPermiso
from portal.models import EjecucionDeRutina
from portal.rutinas import correr, registro
from tests.builders import en_fecha
from tests.tramites.builders import crear_tramite, escribir, llenar_hoja, llevar
from tramites import completitud
from tramites.flujo import dar_paso
from tramites.hojas import (
    OtroGuardoAntes,
    agregar_accion,
    agregar_fundamento,
    agregar_momento,
    copiar_hoja,
    editar_hoja,
    mover,
    volver_a_medir,
)
from tramites.models import Accion, Audiencia, Fundamento, HojaDeVida, MedicionDeHoja, Momento, Tramite


def entera(hoja) -> HojaDeVida:
    return HojaDeVida.objects.enteras().get(pk=hoja.pk)


# --- Saving -------------------------------------------------------------------------------------
class TestSaving:
    def test_what_is_set_is_saved_with_who_and_when(self, casa):
        tramite, en = crear_tramite(casa, "en_creacion"), en_fecha("2026-03-02")

        with editar_hoja(tramite.hoja_abierta(), por=casa.jefe, revision=0, en=en) as hoja:
            hoja.descripcion = "Para esto."

        guardada = tramite.hoja_abierta()
        assert (guardada.descripcion, guardada.revision) == ("Para esto.", 1)
        assert (guardada.editada_por, guardada.editada_en) == (casa.jefe, en)

    def test_who_saves_without_changing_anything_wrote_nothing(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        antes = tramite.hoja_abierta()

        escribir(tramite, por=casa.jefe)

        despues = tramite.hoja_abierta()
        assert (despues.editada_por, despues.editada_en) == (antes.editada_por, antes.editada_en)
        assert despues.revision == antes.revision + 1

    @pytest.mark.parametrize("parte", ["fundamento", "momento", "accion", "puntos", "audiencias"])
    def test_changing_a_part_is_writing_too(self, casa, parte):
        tramite = crear_tramite(casa, "en_correccion")
        with editar_hoja(tramite.hoja_abierta(), por=casa.jefe) as hoja:
            if parte == "fundamento":
                agregar_fundamento(hoja, tipo="ley", numero="962", anio=2005)
            elif parte == "momento":
                agregar_momento(hoja, "Esperar")
            elif parte == "accion":
                agregar_accion(hoja.momentos.first(), tipo="condicion", descripcion="Vivir en el municipio")
            else:
                getattr(hoja, parte).clear()

        assert tramite.hoja_abierta().editada_por == casa.jefe

    def test_it_is_refused_to_who_saw_an_older_one_and_says_who_was_first(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        abierta = tramite.hoja_abierta()
        escribir(tramite, por=casa.jefe, resultado="Del jefe")

        with (
            pytest.raises(OtroGuardoAntes, match="jefe guardó cambios") as rechazo,
            editar_hoja(abierta, por=casa.suit, revision=abierta.revision) as hoja,
        ):
            hoja.resultado = "De la usuaria del SUIT"

        assert rechazo.value.hoja.resultado == tramite.hoja_abierta().resultado == "Del jefe"

    def test_what_fails_halfway_leaves_nothing(self, casa):
        tramite = crear_tramite(casa, "en_creacion")

        with pytest.raises(ZeroDivisionError), editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            agregar_momento(hoja, "Reunir los documentos")
            hoja.resultado = 1 / 0

        abierta = tramite.hoja_abierta()
        assert (abierta.revision, abierta.momentos.count()) == (0, 0)

    @pytest.mark.parametrize("estado", ["enviado", "en_evaluacion", "inscrito", "negado", "suprimido"])
    def test_what_is_not_a_draft_is_not_written(self, casa, estado):
        tramite = crear_tramite(casa, estado)
        hoja = tramite.hojas.order_by("-numero").first()

        with (
            pytest.raises(CondicionIncumplida, match="ya no es un borrador"),
            editar_hoja(hoja, por=casa.suit),
        ):
            pytest.fail("no debía abrirse")

    def test_what_the_load_left_is_not_written_before_it_is_started(self, casa):
        tramite = crear_tramite(casa, "sin_gestion")
        cargada = copiar_hoja(tramite, None, por=None, en=timezone.now())

        with pytest.raises(CondicionIncumplida, match="Primero empiece"):
            escribir(tramite, por=casa.suit, resultado="Un certificado")
        dar_paso("empezar", tramite, por=casa.suit)
        escribir(tramite, por=casa.suit, resultado="Un certificado")

        assert (tramite.hojas.get(), tramite.hojas.get().resultado) == (cargada, "Un certificado")

    def test_every_kind_of_person_and_only_who_keeps_them_writes(self, casa, gente):
        abierta = crear_tramite(casa, "en_creacion").hoja_abierta()

        escriben = set()
        for quien, persona in gente.items():
            try:
                with editar_hoja(abierta, por=persona):
                    escriben.add(quien)
            except SinPermiso:
                pass

        assert escriben == {"suit", "corrector", "jefe", "secretaria"}

    def test_the_office_that_counts_is_the_one_the_tramite_still_has(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        escribir(tramite, por=casa.suit, dependencia=casa.hacienda)

        with pytest.raises(SinPermiso):
            escribir(tramite, por=casa.tesorero, resultado="Ya es mío")
        escribir(tramite, por=casa.jefe, resultado="Todavía es de Planeación")


# --- Copying ------------------------------------------------------------------------------------
class TestCopying:
    def test_the_copy_says_the_same_and_shares_no_part(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        base = entera(tramite.hoja_vigente())

        dar_paso("actualizar", tramite, por=casa.suit)

        copia = entera(tramite.hoja_abierta())
        assert copia.contenido() == base.contenido()
        assert (copia.numero, copia.estado, copia.revision) == (base.numero + 1, "borrador", 0)
        for modelo, camino in ((Fundamento, "hoja"), (Momento, "hoja"), (Accion, "momento__hoja")):
            de_base = set(modelo.objects.filter(**{camino: base}).values_list("pk", flat=True))
            de_copia = set(modelo.objects.filter(**{camino: copia}).values_list("pk", flat=True))
            assert len(de_copia) == len(de_base) > 0
            assert not de_copia & de_base
        norma = copia.fundamentos.get()
        assert {a.fundamento for a in copia.acciones() if a.es_requisito} == {norma}

    def test_the_two_percentages_say_the_same_too(self, casa):
        tramite = crear_tramite(casa, "inscrito", hoja={"palabras_clave": ["el papel", "estrato"]})
        base = tramite.hoja_vigente()

        dar_paso("actualizar", tramite, por=casa.suit)

        abierta = tramite.hoja_abierta()
        assert (abierta.llenos, abierta.exigidos) == (base.llenos, base.exigidos)

    def test_changing_the_copy_changes_nothing_of_its_base(self, casa):
        tramite = crear_tramite(casa, "inscrito", publicado=True)
        antes = entera(tramite.hoja_publica).contenido()
        dar_paso("actualizar", tramite, por=casa.suit)

        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hoja.momentos.all().delete()
            hoja.fundamentos.all().delete()
            hoja.audiencias.clear()
            hoja.puntos.clear()
            hoja.palabras_clave.append("otra")

        assert entera(tramite.hoja_publica).contenido() == antes

    def test_the_first_one_brings_the_name_and_office_of_the_inventory(self, casa):
        tramite = crear_tramite(casa, "en_creacion", nombre="Permiso de rifa", dependencia=casa.hacienda)

        abierta = tramite.hoja_abierta()

        assert (abierta.nombre, abierta.dependencia, abierta.numero) == ("Permiso de rifa", casa.hacienda, 1)

    def test_a_discarded_draft_is_not_where_the_next_one_starts(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        escribir(tramite, por=casa.suit, resultado="Descartado")
        dar_paso("descartar", tramite, por=casa.suit)

        dar_paso("actualizar", tramite, por=casa.suit)

        assert tramite.hoja_abierta().resultado == "Certificado de estratificación"


# --- Measuring ----------------------------------------------------------------------------------
def ultima_medida(tramite):
    fila = MedicionDeHoja.objects.filter(tramite=tramite).order_by("-en", "-pk").first()
    return fila.llenos, fila.exigidos


class TestMeasuring:
    def test_a_row_for_each_change_of_the_figures_and_none_more(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        assert tramite.mediciones.count() == 1

        escribir(tramite, por=casa.suit, resultado="Un certificado")
        assert tramite.mediciones.count() == 2

        escribir(tramite, por=casa.suit, resultado="Otro certificado")
        assert tramite.mediciones.count() == 2

    def test_an_incomplete_draft_that_is_discarded_leaves_the_tramite_complete_again(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        escribir(tramite, por=casa.suit, resultado="")
        assert not Tramite.objects.completos().exists()

        dar_paso("descartar", tramite, por=casa.suit)

        assert Tramite.objects.completos().get() == tramite
        volver_a_medir(timezone.now())
        assert Tramite.objects.completos().get() == tramite

    def test_a_norm_that_lapses_is_a_gap_from_that_night_on(self, casa):
        en = en_fecha("2026-03-02")
        tramite = crear_tramite(casa, "en_creacion", en=en)
        llenar_hoja(casa, tramite, en=en)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit, en=en) as hoja:
            hoja.fundamentos.update(vigente_hasta=date(2026, 3, 10))
        llevar(tramite, "enviar", "remitir", "inscribir", por=casa.suit, aprueba=casa.jefe, en=en)
        completa = ultima_medida(tramite)
        assert completa[0] == completa[1]

        correr(registro["medir-hojas-de-vida"], en=en_fecha("2026-03-10"))
        assert ultima_medida(tramite) == completa
        correr(registro["medir-hojas-de-vida"], en=en_fecha("2026-03-11"))

        assert ultima_medida(tramite) == (completa[0] - 1, completa[1])
        assert tramite.mediciones.order_by("-en").first().en == en_fecha("2026-03-11")
        assert not Tramite.objects.completos(en_fecha("2026-03-12")).exists()
        assert Tramite.objects.completos(en_fecha("2026-03-09")).get() == tramite
        vacios = completitud.medir(entera(tramite.hoja_vigente()), date(2026, 3, 11)).vacios
        assert [p.falta for p in vacios] == [
            "La norma 1 (Ley 142 de 1994, art. 101) dejó de regir el 10/03/2026."
        ]

    def test_the_rutina_says_how_many_changed_and_runs_twice_without_writing_again(self, casa):
        crear_tramite(casa, "inscrito")
        crear_tramite(casa, "sin_gestion")
        crear_tramite(casa, "suprimido")
        filas = MedicionDeHoja.objects.count()

        for _ in range(2):
            ejecucion = correr(registro["medir-hojas-de-vida"], aunque_no_toque=True)
            assert (ejecucion.bien, ejecucion.resultado) == (True, "Hojas de vida medidas; cambiaron 0.")

        assert MedicionDeHoja.objects.count() == filas
        assert EjecucionDeRutina.objects.count() == 2

    def test_a_change_returned_by_the_dafp_and_discarded_is_not_what_is_measured(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        inscrita = tramite.hoja_vigente()
        dar_paso("actualizar", tramite, por=casa.suit)
        escribir(tramite, por=casa.suit, tiempo_cantidad=30, acto_soporte="Acuerdo 5")

        pasos = ("enviar", "remitir", "devolver", "descartar")
        llevar(tramite, *pasos, por=casa.suit, aprueba=casa.secretaria)

        assert tramite.hoja_en_uso() == tramite.hoja_vigente() == inscrita

    def test_a_change_denied_by_the_dafp_is_no_longer_what_is_measured(self, casa):
        tramite = crear_tramite(casa, "inscrito")
        dar_paso("actualizar", tramite, por=casa.suit)
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            norma = agregar_fundamento(hoja, tipo="ley", numero="1", anio=2026)
            agregar_accion(hoja.momentos.first(), tipo="documento", descripcion="Nuevo", fundamento=norma)
            hoja.acto_soporte = "Acuerdo 5"
        antes = tramite.hoja_vigente().exigidos
        llevar(tramite, "enviar", "remitir", por=casa.suit, aprueba=casa.jefe)
        assert ultima_medida(tramite)[1] > antes

        llevar(tramite, "negar_cambio", por=casa.suit, aprueba=casa.jefe)

        assert ultima_medida(tramite)[1] == antes


PARTES = st.sampled_from(["fundamento", "momento", "accion", "quitar", "mover", "audiencia", "punto"])
CAMPOS = st.fixed_dictionaries(
    {},
    optional={
        "descripcion": st.sampled_from(["", "  ", "Para algo."]),
        "resultado": st.sampled_from(["", "Un certificado"]),
        "palabras_clave": st.lists(st.sampled_from(["estrato", "papel"]), max_size=2),
        "grado": st.sampled_from(["", "presencial", "parcial", "total"]),
        "url_en_linea": st.sampled_from(["", "https://ejemplo.gov.co/"]),
        "fecha_cualquiera": st.sampled_from([None, True, False]),
        "fecha_limites": st.sampled_from(["", "En enero"]),
        "tiempo_cantidad": st.sampled_from([None, 1, 30]),
        "seguimiento": st.lists(st.sampled_from(["web", "correo"]), max_size=2, unique=True),
        "no_aplica": st.dictionaries(
            st.sampled_from([*completitud.ADMITEN_RAZON, "nombre", "momentos", "grado"]),
            st.sampled_from(["", " ", "No hace falta."]),
            max_size=4,
        ),
    },
)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ediciones=st.lists(st.tuples(CAMPOS, PARTES, st.booleans()), min_size=1, max_size=4))
def test_after_any_edit_what_is_kept_is_what_is_computed(casa, ediciones):
    punto = transaction.savepoint()
    tramite = crear_tramite(casa, "en_creacion")
    for campos, parte, llena in ediciones:
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            for campo, valor in campos.items():
                setattr(hoja, campo, valor)
            _cambiar_partes(casa, hoja, parte, llena)

        guardada = entera(tramite.hoja_abierta())
        medida = completitud.medir(guardada)
        assert (guardada.llenos, guardada.exigidos) == (medida.llenos, medida.exigidos)
        assert ultima_medida(tramite) == (medida.llenos, medida.exigidos)
        assert (medida.porcentaje == 100) == (not medida.vacios) == guardada.completa
        assert Tramite.objects.completos().filter(pk=tramite.pk).exists() == guardada.completa
    transaction.savepoint_rollback(punto)


def _cambiar_partes(casa, hoja, parte, llena):
    momento = hoja.momentos.last() or agregar_momento(hoja, "Reunir" if llena else "")
    if parte == "fundamento":
        agregar_fundamento(hoja, tipo="ley", numero="1" if llena else "", anio=2020)
    elif parte == "accion":
        tipo = "pago" if llena else "formulario"
        agregar_accion(
            momento, tipo=tipo, descripcion="Algo" if llena else "", formula="3 UVT" if llena else ""
        )
    elif parte == "quitar":
        momento.delete()
    elif parte == "mover":
        mover(momento, -1 if llena else 1)
    elif parte == "audiencia":
        hoja.audiencias.set([casa.ciudadano] if llena else [])
    elif parte == "punto":
        hoja.puntos.set([casa.punto] if llena else [])


# --- The order of parts -------------------------------------------------------------------------
class TestMoving:
    def momentos(self, hoja):
        return [momento.descripcion for momento in hoja.momentos.all()]

    @pytest.mark.parametrize(
        ("cual", "lugares", "queda"),
        [
            (0, 1, "BACD"),
            (3, -1, "ABDC"),
            (0, -1, "ABCD"),
            (3, 1, "ABCD"),
            (0, 99, "BCDA"),
            (3, -99, "DABC"),
            (1, 0, "ABCD"),
            (1, 2, "ACDB"),
        ],
    )
    def test_a_momento_goes_where_it_is_told_and_no_further_than_the_ends(self, casa, cual, lugares, queda):
        abierta = crear_tramite(casa, "en_creacion").hoja_abierta()
        with editar_hoja(abierta, por=casa.suit) as hoja:
            momentos = [agregar_momento(hoja, letra) for letra in "ABCD"]
            mover(momentos[cual], lugares)

        assert "".join(self.momentos(abierta)) == queda

    def test_after_taking_one_away_the_next_goes_to_the_end(self, casa):
        abierta = crear_tramite(casa, "en_creacion").hoja_abierta()
        with editar_hoja(abierta, por=casa.suit) as hoja:
            momentos = [agregar_momento(hoja, letra) for letra in "ABC"]
            momentos[0].delete()
            agregar_momento(hoja, "D")
            mover(momentos[1], 1)

        assert "".join(self.momentos(abierta)) == "CBD"

    def test_actions_move_inside_their_momento_and_norms_inside_their_hoja(self, casa):
        tramite = crear_tramite(casa, "en_correccion")
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            agregar_fundamento(hoja, tipo="ley", numero="962", anio=2005)
            mover(hoja.fundamentos.last(), -5)
            mover(hoja.momentos.first().acciones.first(), 5)

        hoja = entera(tramite.hoja_abierta())
        assert [norma.numero for norma in hoja.fundamentos.all()] == ["962", "142"]
        assert [str(accion) for accion in hoja.acciones()][:2] == [
            "Certificado de existencia y representación legal",
            "Recibo de un servicio público",
        ]


def test_what_an_audience_must_do(casa):
    tramite = crear_tramite(casa, "inscrito")
    hoja = entera(tramite.hoja_vigente())

    de_ciudadano = [str(accion) for accion in hoja.acciones() if accion.es_para(casa.ciudadano)]

    assert "Certificado de existencia y representación legal" not in de_ciudadano
    assert len(de_ciudadano) == len(hoja.acciones()) - 1


def test_the_whole_hoja_is_read_in_the_same_number_of_queries_however_large(casa, django_assert_num_queries):
    tramite = crear_tramite(casa, "en_correccion")
    for veces in (1, 12):
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            for n in range(veces):
                norma = agregar_fundamento(hoja, tipo="ley", numero=str(n + 1), anio=2020)
                momento = agregar_momento(hoja, f"Momento {n}")
                for _ in range(3):
                    agregar_accion(
                        momento, [casa.ciudadano], tipo="documento", descripcion="X", fundamento=norma
                    )
        with django_assert_num_queries(8):
            hoja = entera(tramite.hoja_abierta())
            completitud.medir(hoja)
            hoja.huella()


def test_the_hash_tells_any_change_of_any_part(casa):
    tramite = crear_tramite(casa, "en_correccion")
    vistas = {entera(tramite.hoja_abierta()).huella()}
    otra = Audiencia.objects.create(nombre="Extranjeros", slug="extranjeros")

    def cambiar(hacer):
        with editar_hoja(tramite.hoja_abierta(), por=casa.suit) as hoja:
            hacer(hoja)
        vistas.add(entera(tramite.hoja_abierta()).huella())

    cambios = [
        lambda hoja: hoja.audiencias.add(otra),
        lambda hoja: hoja.puntos.clear(),
        lambda hoja: setattr(hoja, "tematica", None),
        lambda hoja: setattr(hoja, "no_aplica", {"puntos": "Se hace por teléfono."}),
        lambda hoja: hoja.fundamentos.update(articulos="102"),
        lambda hoja: hoja.fundamentos.update(vigente_hasta=date(2099, 1, 1)),
        lambda hoja: hoja.momentos.filter(orden=0).update(descripcion="Juntar"),
        lambda hoja: mover(hoja.momentos.first(), 1),
        lambda hoja: mover(hoja.momentos.get(descripcion="Juntar").acciones.first(), 1),
        lambda hoja: hoja.momentos.first().acciones.get().audiencias.add(otra),
        lambda hoja: hoja.momentos.first().acciones.update(fundamento=None),
        lambda hoja: hoja.momentos.first().acciones.update(es_excepcion=True),
        lambda hoja: setattr(hoja, "acto_soporte_sha256", "b" * 64),
    ]
    for cambio in cambios:
        cambiar(cambio)

    assert len(vistas) == len(cambios) + 1


def test_the_database_keeps_one_open_hoja(casa):
    abierta = crear_tramite(casa, "en_creacion").hoja_abierta()
    abierta.pk, abierta.numero, abierta._state.adding = None, 2, True

    with pytest.raises(IntegrityError, match="una_sola_hoja_abierta"), transaction.atomic():
        abierta.save()


def test_a_year_from_now_the_right_to_write_is_asked_then(casa):
    abierta = crear_tramite(casa, "en_creacion").hoja_abierta()
    casa.suit.titularidades.update(hasta=timezone.localdate())

    en = timezone.now() + timedelta(days=365)
    with pytest.raises(SinPermiso), editar_hoja(abierta, por=casa.suit, en=en):
        pytest.fail("no debía abrirse")
