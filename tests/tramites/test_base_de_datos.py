"""What PostgreSQL itself guarantees of a hoja de vida, whoever asks and by whatever door."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from tests.builders import crear_titularidad
from tests.tramites.builders import crear_tramite, escribir
from tramites.flujo import dar_paso
from tramites.models import HojaDeVida, Tramite

ENVIADAS = ["enviado", "en_correccion", "en_evaluacion", "inscrito", "negado", "suprimido"]
#: Every column of content, with a value that it has not.
CONTENIDO = {
    "nombre": "'x'",
    "nombre_estandarizado": "'x'",
    "palabras_clave": "'{x}'",
    "tematica_id": "NULL",
    "dependencia_id": "(SELECT id FROM portal_dependencia WHERE nombre = 'Hacienda')",
    "descripcion": "'x'",
    "resultado": "'x'",
    "vigencia_unidad": "''",
    "vigencia_cantidad": "NULL, vigencia_unidad = ''",
    "medios_entrega": "'{web}'",
    "tiempo_inmediato": "true, tiempo_cantidad = NULL",
    "tiempo_cantidad": "99",
    "tiempo_unidad": "'calendario'",
    "tiempo_observaciones": "'x'",
    "fecha_cualquiera": "NULL",
    "fecha_limites": "'x'",
    "fecha_calendario": "'https://x.co'",
    "grado": "'total'",
    "url_en_linea": "'https://x.co'",
    "url_manual": "'https://x.co'",
    "seguimiento": "'{web}'",
    "seguimiento_detalle": "'x'",
    "informacion_adicional": "'x'",
    "no_aplica": """'{"puntos": "x"}'""",
    "acto_soporte": "'x'",
    "acto_soporte_archivo": "'x.pdf'",
    "acto_soporte_sha256": "'x'",
    "nota_de_cambio": "'x'",
    "numero": "77",
    "editada_por_id": "NULL",
}
#: What is left, for the record of the other columns: they tell of the hoja and are not its content.
NO_ES_CONTENIDO = {
    *("id", "tramite_id", "estado", "revision", "exigidos", "llenos", "creada_en", "editada_en"),
    *("enviada_por_id", "enviada_en", "enviada_como_id", "estructurales", "huella_aprobada"),
    *("aprobada_por_id", "aprobada_en", "aprobada_como_id"),
    *("inscrita_en", "publicada_en", "despublicada_en"),
}
PARTES = {
    "fundamento": "hoja_id = {hoja}",
    "momento": "hoja_id = {hoja}",
    "hojadevida_puntos": "hojadevida_id = {hoja}",
    "hojadevida_audiencias": "hojadevida_id = {hoja}",
    "accion": "momento_id IN (SELECT id FROM tramites_momento WHERE hoja_id = {hoja})",
    "accion_audiencias": (
        "accion_id IN (SELECT a.id FROM tramites_accion a "
        "JOIN tramites_momento m ON m.id = a.momento_id WHERE m.hoja_id = {hoja})"
    ),
}
CAMBIAN = {
    "fundamento": "numero = '999'",
    "momento": "descripcion = 'x'",
    "hojadevida_puntos": "puntodeatencion_id = puntodeatencion_id",
    "hojadevida_audiencias": "audiencia_id = audiencia_id",
    "accion": "descripcion = 'x'",
    "accion_audiencias": "audiencia_id = audiencia_id",
}


def sql(texto: str) -> int:
    """Run it and say how many rows it touched."""
    with connection.cursor() as cursor, transaction.atomic():
        cursor.execute(texto)
        return cursor.rowcount


@pytest.fixture
def enviada(casa):
    """The first hoja de vida, sent, of a trámite in that state."""

    def crear(estado="inscrito") -> HojaDeVida:
        return crear_tramite(casa, estado).hojas.get(numero=1)

    return crear


# --- What was sent does not change --------------------------------------------------------------
def test_every_column_is_either_content_or_known_not_to_be():
    columnas = {campo.column for campo in HojaDeVida._meta.concrete_fields}

    assert columnas == set(CONTENIDO) | NO_ES_CONTENIDO
    assert {*HojaDeVida.CONTENIDO} <= {columna.removesuffix("_id") for columna in CONTENIDO}


@pytest.mark.parametrize("columna", CONTENIDO)
def test_no_column_of_a_sent_hoja_changes(enviada, columna):
    hoja = enviada()

    with pytest.raises(IntegrityError, match="enviada no cambia"):
        sql(f"UPDATE tramites_hojadevida SET {columna} = {CONTENIDO[columna]} WHERE id = {hoja.pk}")


def test_it_does_not_go_to_another_tramite(enviada, casa):
    otro = crear_tramite(casa, "sin_gestion")

    with pytest.raises(IntegrityError, match="enviada no cambia"):
        sql(f"UPDATE tramites_hojadevida SET tramite_id = {otro.pk} WHERE id = {enviada().pk}")


@pytest.mark.parametrize("estado", ENVIADAS)
def test_in_no_state_after_sending_it(enviada, estado):
    with pytest.raises(IntegrityError, match="enviada no cambia"):
        sql(f"UPDATE tramites_hojadevida SET resultado = 'x' WHERE id = {enviada(estado).pk}")


@pytest.mark.parametrize("estado", ["en_creacion", "inscrito"])
def test_no_hoja_is_ever_deleted_not_even_a_draft(casa, estado):
    crear_tramite(casa, estado)

    with pytest.raises(IntegrityError, match="no se borran"):
        sql("DELETE FROM tramites_hojadevida")


@pytest.mark.parametrize("parte", PARTES)
@pytest.mark.parametrize("orden", ["UPDATE", "DELETE"])
def test_no_part_of_a_sent_hoja_changes_or_goes(enviada, parte, orden):
    cuales = PARTES[parte].format(hoja=enviada().pk)
    tabla = f"tramites_{parte}"
    que = f"UPDATE {tabla} SET {CAMBIAN[parte]}" if orden == "UPDATE" else f"DELETE FROM {tabla}"

    with pytest.raises(IntegrityError, match="enviada no cambian"):
        sql(f"{que} WHERE {cuales}")


@pytest.mark.parametrize("parte", PARTES)
def test_no_part_is_added_to_a_sent_hoja(enviada, casa, parte):
    """A copy of a row it already has, whatever its table."""
    cuales = PARTES[parte].format(hoja=enviada().pk)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(column_name, ', ') FROM information_schema.columns "
            "WHERE table_name = %s AND column_name <> 'id'",
            [f"tramites_{parte}"],
        )
        [columnas] = cursor.fetchone()

    with pytest.raises(IntegrityError, match="enviada no cambian"):
        sql(
            f"INSERT INTO tramites_{parte} ({columnas}) "
            f"SELECT {columnas} FROM tramites_{parte} WHERE {cuales} LIMIT 1"
        )


@pytest.mark.parametrize("parte", ["fundamento", "momento", "accion"])
@pytest.mark.parametrize("hacia", ["sent", "draft"])
def test_no_part_passes_from_one_hoja_to_another(enviada, casa, parte, hacia):
    vieja = enviada()
    dar_paso("actualizar", vieja.tramite, por=casa.suit)
    abierta = vieja.tramite.hoja_abierta()
    de, a = (vieja, abierta) if hacia == "draft" else (abierta, vieja)
    columna, valor = ("hoja_id", a.pk) if parte != "accion" else ("momento_id", a.momentos.first().pk)

    with pytest.raises(IntegrityError, match=r"enviada no cambian|su misma hoja"):
        sql(f"UPDATE tramites_{parte} SET {columna} = {valor} WHERE {PARTES[parte].format(hoja=de.pk)}")


def test_a_draft_and_its_parts_do_change(casa):
    hoja = crear_tramite(casa, "en_correccion").hoja_abierta()

    assert sql(f"UPDATE tramites_hojadevida SET resultado = 'x' WHERE id = {hoja.pk}") == 1
    for parte, cuales in PARTES.items():
        assert sql(f"UPDATE tramites_{parte} SET {CAMBIAN[parte]} WHERE {cuales.format(hoja=hoja.pk)}") > 0
    for parte in ("accion_audiencias", "accion", "momento", "fundamento", "hojadevida_puntos"):
        assert sql(f"DELETE FROM tramites_{parte} WHERE {PARTES[parte].format(hoja=hoja.pk)}") > 0


def test_an_action_names_a_norm_of_its_own_hoja(casa):
    ajena = crear_tramite(casa, "inscrito").hojas.get().fundamentos.get()
    hoja = crear_tramite(casa, "en_correccion").hoja_abierta()

    with pytest.raises(IntegrityError, match="su misma hoja"):
        sql(
            f"UPDATE tramites_accion SET fundamento_id = {ajena.pk} "
            f"WHERE {PARTES['accion'].format(hoja=hoja.pk)}"
        )


# --- Its way is one, and what was said of it stays ----------------------------------------------
CAMINO = {
    "borrador": {"enviada", "descartada"},
    "enviada": {"devuelta", "aprobada", "descartada"},
    "aprobada": {"devuelta", "negada"},
    "devuelta": set(),
    "negada": set(),
    "descartada": set(),
}
#: State of a trámite whose hoja number `numero` is in that state.
DONDE = {
    "borrador": ("en_creacion", 1),
    "enviada": ("enviado", 1),
    "aprobada": ("inscrito", 1),
    "devuelta": ("en_correccion", 1),
    "negada": ("negado", 1),
}


@pytest.mark.parametrize("de", DONDE)
def test_a_hoja_only_goes_forward(casa, de):
    estado, numero = DONDE[de]
    hoja = crear_tramite(casa, estado).hojas.get(numero=numero)
    cargo, ahora = casa.cargo_alcalde.pk, "now()"
    valores = (
        f"enviada_por_id = {casa.suit.pk}, enviada_en = {ahora}, enviada_como_id = {cargo}"
        if de == "borrador"
        else f"aprobada_por_id = {casa.alcalde.pk}, aprobada_en = {ahora}, aprobada_como_id = {cargo}"
        if de == "enviada"
        else "revision = 7"
    )

    for a in HojaDeVida.Estado.values:
        if a in CAMINO[de] | {de}:
            with transaction.atomic():
                assert sql(f"UPDATE tramites_hojadevida SET estado = '{a}', {valores} WHERE id = {hoja.pk}")
                transaction.set_rollback(True)
        else:
            with pytest.raises(IntegrityError, match=r"no pasa a|no cambia"):
                sql(f"UPDATE tramites_hojadevida SET estado = '{a}', {valores} WHERE id = {hoja.pk}")


@pytest.mark.parametrize(
    "cambio",
    [
        "enviada_por_id = NULL",
        "enviada_en = now()",
        "enviada_como_id = NULL",
        "estructurales = '{x}'",
        "aprobada_por_id = enviada_por_id",
        "aprobada_en = now()",
        "aprobada_como_id = NULL",
        "huella_aprobada = 'x'",
    ],
)
def test_who_sent_and_approved_it_and_what_they_read_stays(enviada, cambio):
    with pytest.raises(IntegrityError, match="no cambian"):
        sql(f"UPDATE tramites_hojadevida SET {cambio} WHERE id = {enviada().pk}")


@pytest.mark.parametrize("tabla", ["pasodetramite", "mediciondehoja"])
@pytest.mark.parametrize("orden", ["UPDATE {} SET id = id", "DELETE FROM {}"])
def test_steps_and_figures_are_only_added(casa, tabla, orden):
    crear_tramite(casa, "inscrito")

    with pytest.raises(IntegrityError, match="solo se agregan"):
        sql(orden.format(f"tramites_{tabla}"))


# --- Two pairs of eyes, in a CHECK --------------------------------------------------------------
@pytest.mark.parametrize("quien", ["who sent it", "who edited it last", "nobody"])
def test_nobody_approves_their_own_work_by_sql(casa, quien):
    tramite = crear_tramite(casa, "en_correccion")
    escribir(tramite, por=casa.jefe, resultado="Editado por el jefe")
    dar_paso("enviar", tramite, por=casa.suit)
    persona = {"who sent it": casa.suit.pk, "who edited it last": casa.jefe.pk, "nobody": "NULL"}[quien]

    with pytest.raises(IntegrityError, match="hoja_aprobada_por_otra_persona"):
        sql(
            "UPDATE tramites_hojadevida SET estado = 'aprobada', aprobada_en = now(), "
            f"aprobada_por_id = {persona}, aprobada_como_id = {casa.cargo_alcalde.pk} "
            "WHERE estado = 'enviada'"
        )


def test_two_posts_of_one_person_are_the_same_person_by_sql(casa):
    crear_titularidad(casa.suit, casa.cargo_alcalde, calidad="encargado")
    crear_tramite(casa, "enviado")

    with pytest.raises(IntegrityError, match="hoja_aprobada_por_otra_persona"):
        sql(
            "UPDATE tramites_hojadevida SET estado = 'aprobada', aprobada_en = now(), "
            f"aprobada_por_id = enviada_por_id, aprobada_como_id = {casa.cargo_alcalde.pk}"
        )


def test_what_only_the_csv_wrote_is_approved_by_who_did_not_send_it(casa):
    """`cargar_datos` writes without a person: then nobody else has edited it."""
    tramite = crear_tramite(casa, "en_correccion")
    HojaDeVida.objects.filter(pk=tramite.hoja_abierta().pk).update(editada_por=None)
    dar_paso("enviar", tramite, por=casa.suit)
    huella = HojaDeVida.objects.enteras().get(pk=tramite.hoja_abierta().pk).huella()

    assert dar_paso("remitir", tramite, por=casa.jefe, huella=huella).estado == "en_evaluacion"


# --- What is never true of a trámite ------------------------------------------------------------
@pytest.mark.parametrize(
    ("estado", "cambio", "regla"),
    [
        ("inscrito", "estado = 'de_paseo'", "tramite_estado_conocido"),
        ("en_evaluacion", "estado = 'inscrito'", "tramite_inscrito_con_numero"),
        ("inscrito", "numero_suit = NULL", "tramite_inscrito_con_numero"),
        ("inscrito", "inscrito_en = NULL", "tramite_inscrito_con_numero"),
        ("inscrito", "numero_suit = 'T123'", "tramite_numero_suit_con_cifras"),
        ("inscrito", "numero_suit = '٣'", "tramite_numero_suit_con_cifras"),
        ("inscrito", "numero_suit = '012'", "tramite_numero_suit_con_cifras"),
        ("inscrito", "numero_suit = ''", "tramite_numero_suit_con_cifras"),
        ("inscrito", "estado = 'suprimido'", "tramite_suprimido_con_fecha"),
        ("inscrito", "suprimido_en = now()", "tramite_suprimido_con_fecha"),
        ("suprimido", "suprimido_en = NULL", "tramite_suprimido_con_fecha"),
        (
            "suprimido",
            "hoja_publica_id = (SELECT min(id) FROM tramites_hojadevida)",
            "tramite_suprimido_con_fecha",
        ),
    ],
)
def test_impossible_tramites(casa, estado, cambio, regla):
    tramite = crear_tramite(casa, estado)

    with pytest.raises(IntegrityError, match=regla):
        sql(f"UPDATE tramites_tramite SET {cambio} WHERE id = {tramite.pk}")


@pytest.mark.parametrize(
    ("cambio", "regla"),
    [
        ("estado = 'perdida'", "no pasa a|hoja_estado_conocido"),
        ("estado = 'enviada'", "hoja_enviada_dice_por_quien"),
        ("publicada_en = now()", "hoja_publica_aprobada"),
        ("tiempo_inmediato = true", "hoja_tiempo_inmediato_o_contado"),
        ("vigencia_cantidad = 3", "hoja_vigencia_con_cantidad"),
        ("vigencia_unidad = 'meses'", "hoja_vigencia_con_cantidad"),
        ("numero = 1", "hoja_numero_unico"),
    ],
)
def test_impossible_hojas(casa, cambio, regla):
    hoja = crear_tramite(casa, "en_correccion").hoja_abierta()

    with pytest.raises(IntegrityError, match=regla):
        sql(f"UPDATE tramites_hojadevida SET {cambio} WHERE id = {hoja.pk}")


def test_one_hoja_before_the_public_at_a_time(casa):
    tramite = crear_tramite(casa, "inscrito", publicado=True)
    dar_paso("actualizar", tramite, por=casa.suit)
    dar_paso("enviar", tramite, por=casa.suit)
    huella = HojaDeVida.objects.enteras().get(pk=tramite.hoja_abierta().pk).huella()
    dar_paso("aprobar_cambio", tramite, por=casa.jefe, huella=huella)

    with pytest.raises(IntegrityError, match="una_sola_hoja_publica"), transaction.atomic():
        tramite.hojas.update(publicada_en=timezone.now())


def test_two_tramites_never_have_the_same_number(casa):
    crear_tramite(casa, "inscrito")
    crear_tramite(casa, "inscrito")

    with pytest.raises(IntegrityError, match="numero_suit"), transaction.atomic():
        Tramite.objects.update(numero_suit="5")


def test_only_a_payment_has_a_price(casa):
    hoja = crear_tramite(casa, "en_correccion").hoja_abierta()

    with pytest.raises(IntegrityError, match="accion_solo_un_pago_tiene_valor"):
        sql(f"UPDATE tramites_accion SET formula = '1' WHERE {PARTES['accion'].format(hoja=hoja.pk)}")
