"""What the person thought of the answer: once for each, and it closes what was solved."""

import pytest

from tests.ventanilla.builders import escribir_respuesta, llevar, radicar
from tests.ventanilla.test_seguimiento import abrir, pagina_de, url_de  # noqa: F401
from ventanilla.flujo import dar_paso
from ventanilla.models import Radicado, Valoracion


def test_whoever_was_answered_well_closes_it(abrir, ventanilla):  # noqa: F811
    radicado = llevar(ventanilla, radicar(), "respondido")
    navegador = abrir(radicado)

    datos = {"puntos": "5", "resuelto": "si", "comentario": "Muy rápido."}
    respuesta = navegador.post(url_de(radicado, "valorar"), datos, follow=True)

    valoracion = Valoracion.objects.get()
    assert (valoracion.puntos, valoracion.resuelto, valoracion.comentario) == (5, True, "Muy rápido.")
    radicado = Radicado.objects.get()
    assert radicado.estado == "cerrado" and radicado.cerrado_en is not None
    assert "Gracias." in respuesta.text and "<h1>Terminó</h1>" in respuesta.text
    assert "¿Qué le pareció la respuesta?" not in respuesta.text


def test_whoever_was_not_may_still_reopen(abrir, ventanilla):  # noqa: F811
    radicado = llevar(ventanilla, radicar(), "respondido")
    navegador = abrir(radicado)
    navegador.post(url_de(radicado, "valorar"), {"puntos": "1", "resuelto": "no"})

    assert Radicado.objects.get().estado == "respondido"
    assert "¿No quedó conforme?" in navegador.get(pagina_de(radicado)).text


def test_once_for_each_answer(abrir, ventanilla):  # noqa: F811
    radicado = llevar(ventanilla, radicar(), "respondido")
    navegador = abrir(radicado)
    navegador.post(url_de(radicado, "valorar"), {"puntos": "2", "resuelto": "no"})

    otra_vez = navegador.post(url_de(radicado, "valorar"), {"puntos": "5", "resuelto": "si"})

    assert otra_vez.status_code == 422 and "Usted ya dijo" in otra_vez.text
    assert Radicado.objects.get().estado == "respondido"
    radicado = dar_paso("reabrir", radicado, por=None, de_la_persona=True, motivo="Siguen dañadas.")
    escribir_respuesta(radicado, por=ventanilla.jefe, texto="Ya quedaron.")
    radicado = dar_paso("enviar_a_firma", radicado, por=ventanilla.jefe)
    dar_paso("firmar", radicado, por=ventanilla.jefe)
    assert navegador.post(url_de(radicado, "valorar"), {"puntos": "4", "resuelto": "si"}).status_code == 302
    assert [v.puntos for v in Valoracion.objects.order_by("pk")] == [2, 4]


@pytest.mark.parametrize(
    "datos",
    [
        {},
        {"puntos": "9", "resuelto": "si", "comentario": "Bien"},
        {"puntos": "5", "resuelto": "quizás", "comentario": "Bien"},
        {"puntos": "5", "resuelto": "si", "comentario": "x" * 2001},
    ],
)
def test_badly_filled_says_it_and_loses_nothing(abrir, ventanilla, datos):  # noqa: F811
    radicado = llevar(ventanilla, radicar(), "respondido")

    respuesta = abrir(radicado).post(url_de(radicado, "valorar"), datos)

    assert respuesta.status_code == 422 and datos.get("comentario", "") in respuesta.text
    assert not Valoracion.objects.exists()


def test_one_closed_by_the_system_may_still_be_judged(abrir, ventanilla):  # noqa: F811
    from tests.builders import en_fecha

    radicado = llevar(ventanilla, radicar(en=en_fecha("2026-03-02")), "respondido", en=en_fecha("2026-03-03"))
    dar_paso("cerrar", radicado, por=None, en=en_fecha("2026-04-03"))

    assert (
        abrir(radicado).post(url_de(radicado, "valorar"), {"puntos": "3", "resuelto": "si"}).status_code
        == 302
    )
    assert Radicado.objects.get().estado == "cerrado"
