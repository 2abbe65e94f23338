"""Two hojas de vida side by side: what stayed, what changed, what came and what went."""

import pytest

from tests.tramites.builders import crear_tramite
from tramites.comparacion import comparar, emparejar, leer, palabra_por_palabra
from tramites.flujo import dar_paso
from tramites.hojas import agregar_accion, agregar_fundamento, agregar_momento, editar_hoja, mover
from tramites.models import HojaDeVida


def entera(hoja) -> HojaDeVida:
    return HojaDeVida.objects.enteras().get(pk=hoja.pk)


@pytest.fixture
def dos(casa):
    """The hoja in force and a draft that starts as it is."""
    tramite = dar_paso("actualizar", crear_tramite(casa), por=casa.suit)
    return tramite.hoja_vigente(), tramite.hoja_abierta()


def cambiar(casa, hoja, **campos):
    with editar_hoja(hoja, por=casa.suit) as fila:
        for campo, valor in campos.items():
            setattr(fila, campo, valor)


def diferencias(dos) -> list[tuple[str, str, str]]:
    antes, ahora = dos
    return [(d.donde, d.antes, d.ahora) for d in comparar(entera(antes), entera(ahora))]


class TestFields:
    def test_a_copy_differs_in_nothing(self, dos):
        assert diferencias(dos) == []

    @pytest.mark.parametrize(
        "campos, esperada",
        [
            (
                {"descripcion": "Certifica el estrato de un predio."},
                (
                    "En qué consiste",
                    "Dice a qué estrato pertenece un predio.",
                    "Certifica el estrato de un predio.",
                ),
            ),
            ({"tiempo_cantidad": 8}, ("Tiempo de respuesta", "5 días hábiles", "8 días hábiles")),
            (
                {"vigencia_unidad": "meses", "vigencia_cantidad": 6},
                ("El resultado vence", "no vence", "6 meses"),
            ),
            (
                {"medios_entrega": ["web"]},
                ("Cómo se recibe el resultado", "en persona, por correo electrónico", "por este sitio"),
            ),
            ({"grado": "total"}, ("Grado en línea", "Presencial", "Totalmente en línea")),
            (
                {"fecha_cualquiera": False, "fecha_limites": "En enero"},
                ("En qué fechas se puede hacer", "cualquier fecha", "En enero"),
            ),
            (
                {"palabras_clave": [], "no_aplica": {"palabras_clave": "Nadie lo llama de otro modo"}},
                (
                    "También se conoce como",
                    "papel del estrato",
                    "No aplica: Nadie lo llama de otro modo",
                ),
            ),
            ({"nota_de_cambio": "Más rápido"}, ("Qué cambió", "", "Más rápido")),
        ],
    )
    def test_a_field_is_told_as_people_read_it(self, casa, dos, campos, esperada):
        cambiar(casa, dos[1], **campos)

        assert diferencias(dos) == [esperada]

    def test_offices_points_and_audiences_are_told_by_name(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            hoja.dependencia = casa.hacienda
            hoja.puntos.clear()
            hoja.audiencias.set([casa.ciudadano])

        assert diferencias(dos) == [
            ("Dependencia responsable", "Planeación", "Hacienda"),
            ("Puntos de atención", "Ventanilla de Planeación", ""),
            ("A quién va dirigido", "Ciudadano; Organizaciones", "Ciudadano"),
        ]


class TestParts:
    def test_a_norm_that_changes_is_one_and_not_two(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            norma = hoja.fundamentos.get()
            norma.articulos = "102"
            norma.save()

        cambiadas = diferencias(dos)

        assert cambiadas[0][0] == "Norma «Ley 142 de 1994, art. 102»: norma"
        # Each action that it supports says so too.
        assert {d[0].rpartition(": ")[2] for d in cambiadas[1:]} == {"norma que lo exige"}

    def test_a_new_norm_and_one_that_went(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            hoja.fundamentos.all().delete()
            agregar_fundamento(hoja, tipo="resolucion", numero="1519", anio=2020)

        primeras = diferencias(dos)[:2]

        assert {d[0] for d in primeras} == {"Norma: se agrega", "Norma: se quita"}

    def test_an_action_that_is_worded_better_is_compared_word_by_word(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            accion = hoja.acciones()[0]
            accion.descripcion = "Recibo reciente de un servicio público"
            accion.save()

        [(donde, antes, ahora)] = diferencias(dos)

        assert donde == "Acción «Recibo reciente de un servicio público»: descripción"
        assert (antes, ahora) == (
            "Recibo de un servicio público",
            "Recibo reciente de un servicio público",
        )

    def test_an_action_that_comes_and_one_that_goes(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            hoja.acciones()[0].delete()
            momento = hoja.momentos.first()
            agregar_accion(momento, tipo="condicion", descripcion="Estar a paz y salvo")

        hechas = diferencias(dos)

        assert [d[0] for d in hechas] == ["Acción: se quita", "Acción: se agrega"]
        assert "Recibo de un servicio público" in hechas[0][1] and hechas[0][2] == ""
        assert "Estar a paz y salvo" in hechas[1][2] and hechas[1][1] == ""

    def test_an_action_that_goes_to_another_momento(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            accion = hoja.acciones()[0]
            accion.momento = hoja.momentos.last()
            accion.orden = 9
            accion.save()

        assert diferencias(dos) == [
            (
                "Acción «Recibo de un servicio público»: momento",
                "Reunir los documentos",
                "Radicar la solicitud",
            )
        ]

    def test_actions_in_another_order(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            mover(hoja.acciones()[0], 1)

        [(donde, antes, ahora)] = diferencias(dos)

        assert donde == "Acción: orden en «Reunir los documentos»"
        assert antes.startswith("Recibo") and ahora.startswith("Certificado")

    def test_momentos_in_another_order_and_a_new_one(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            mover(hoja.momentos.first(), 1)
            agregar_momento(hoja, "Recoger el certificado")

        assert [d[0] for d in diferencias(dos)] == ["Momento: se agrega", "Momento: orden"]

    def test_a_renamed_momento_is_not_a_move_of_its_actions(self, casa, dos):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            momento = hoja.momentos.first()
            momento.descripcion = "Reunir todos los documentos"
            momento.save()

        assert [d[0] for d in diferencias(dos)] == ["Momento «Reunir todos los documentos»: qué se hace"]

    @pytest.mark.parametrize(
        "campos, etiqueta, ahora",
        [
            ({"formula": "1 UVT"}, "fórmula", "1 UVT"),
            ({"entidad_recaudadora": "", "no_aplica": {"entidad_recaudadora": "Se paga en línea"}},
             "entidad que recauda", "No aplica: Se paga en línea"),
            ({"es_excepcion": True, "excepcion_cuando": "Si es urgente"}, "excepción", "sí. Si es urgente"),
            ({"cuenta_numero": "123", "cuenta_tipo": "ahorros"}, "cuenta", "ahorros · 123"),
        ],
    )  # fmt: skip
    def test_what_an_action_says(self, casa, dos, campos, etiqueta, ahora):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            pago = hoja.pagos()[0]
            for campo, valor in campos.items():
                setattr(pago, campo, valor)
            pago.save()

        [(donde, _antes, nuevo)] = diferencias(dos)

        assert (donde, nuevo) == (f"Acción «Valor del certificado»: {etiqueta}", ahora)


class TestWords:
    def test_words_are_told_apart(self):
        trozos = palabra_por_palabra("tarda 15 días hábiles", "tarda 8 días")

        assert [(t.clase, t.texto) for t in trozos] == [
            ("igual", "tarda"),
            ("quitado", "15"),
            ("agregado", "8"),
            ("igual", "días"),
            ("quitado", "hábiles"),
        ]

    def test_from_nothing_and_to_nothing(self):
        assert [t.clase for t in palabra_por_palabra("", "algo nuevo")] == ["agregado"]
        assert [t.clase for t in palabra_por_palabra("algo viejo", "")] == ["quitado"]

    def test_pairs_keep_the_place_of_what_went(self):
        assert emparejar(["a" * 9, "b" * 9, "c" * 9], ["c" * 9, "z" * 9], str) == [
            ("a" * 9, None),
            ("b" * 9, None),
            ("c" * 9, "c" * 9),
            (None, "z" * 9),
        ]


class TestReading:
    def test_it_reads_in_the_order_of_the_form_and_leaves_out_what_is_empty(self, casa):
        tramite = crear_tramite(casa)

        secciones = leer(entera(tramite.hoja_vigente()))

        assert [s.clave for s in secciones] == [
            *("descripcion", "fundamento", "ejecucion", "dirigido", "necesita", "seguimiento")
        ]
        assert all(valor for s in secciones for _etiqueta, valor in s.campos)

    def test_a_reason_is_read_where_the_value_would_be(self, casa):
        tramite = crear_tramite(casa, "en_creacion")
        cambiar(casa, tramite.hoja_abierta(), no_aplica={"fundamentos": "Lo manda la costumbre"})

        [fundamento] = [s for s in leer(entera(tramite.hoja_abierta())) if s.clave == "fundamento"]

        assert fundamento.campos == [("Fundamento legal", "No aplica: Lo manda la costumbre")]

    @pytest.mark.parametrize("veces", [1, 12])
    def test_comparing_costs_no_query_beyond_reading_both(self, casa, dos, veces, django_assert_num_queries):
        with editar_hoja(dos[1], por=casa.suit) as hoja:
            for n in range(veces):
                momento = agregar_momento(hoja, f"Momento {n}")
                agregar_accion(momento, tipo="documento", descripcion=f"Documento {n}")
        antes, ahora = entera(dos[0]), entera(dos[1])

        with django_assert_num_queries(0):
            comparar(antes, ahora)
