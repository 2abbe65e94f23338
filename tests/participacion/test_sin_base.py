"""PostgreSQL is gone while somebody sends: everything comes back, and sent again it counts once."""

from collections import defaultdict

import html5lib
import pytest
from django.db import connection
from django.utils import timezone

from participacion import opiniones, suscripciones, temas
from participacion.models import (
    Aporte,
    Eleccion,
    MotivoDeOpinion,
    OpinionDePagina,
    Suscripcion,
    TemaDeInteres,
)
from tests.participacion.builders import TODAS, crear_casa_de_participacion, crear_consulta, enviado
from tests.participacion.builders_aportes import enviado as aporte
from tests.participacion.builders_suscripciones import datos, suscribir
from tests.participacion.test_opinion import por_que
from tests.participacion.test_temas import propuesta

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)
RESPUESTAS = {
    "una": "Sí",
    "varias": ["Noticias", "Agenda"],
    "escala": 4,
    "texto": "Más fotos\ndel <b>río</b>",
    "orden": ["Agua", "Vías", "Parque"],
}


def encuesta(casa):
    consulta = crear_consulta(casa, preguntas=TODAS)
    return consulta.get_absolute_url(), enviado(consulta, **RESPUESTAS), Eleccion.objects.count, 8


def comentario(casa):
    consulta = crear_consulta(casa, clase="proyecto", canal=casa.en_linea, texto="Artículo 1.")
    return f"{consulta.get_absolute_url()}aportes/", aporte(), Aporte.objects.count, 1


def tema_nuevo(casa):
    return (
        "/participa/temas/proponer/",
        propuesta(),
        TemaDeInteres.objects.filter(estado="por_revisar").count,
        1,
    )


def apoyo(casa):
    revisado = {"estado": "abierto", "moderado_por": casa.alcalde, "moderado_en": timezone.now()}
    plaza = TemaDeInteres.objects.create(titulo="Plaza", slug="plaza", **revisado)
    ficha = {"ficha": temas.nueva_ficha()}
    return "/participa/temas/plaza/apoyar/", ficha, lambda: TemaDeInteres.objects.get(pk=plaza.pk).apoyos, 1


def suscripcion(casa):
    elegido = datos(todo="", secciones=["normas", "participacion"], canales=[casa.encuestas.slug])
    return "/suscripciones/", elegido, Suscripcion.objects.filter(correo="ana@ejemplo.co").count, 1


def de_su_enlace(correo: str, resto: str = "") -> str:
    return f"/suscripciones/{suscripciones.firma_de(suscribir(correo))}/{resto}"


def preferencias(casa):
    def cuantas() -> int:
        return len(Suscripcion.objects.get(correo="luz@ejemplo.co").secciones)

    return de_su_enlace("luz@ejemplo.co"), {"secciones": ["normas", "participacion"]}, cuantas, 2


def salida(casa):
    return (
        de_su_enlace("eva@ejemplo.co", "salir/"),
        {},
        Suscripcion.objects.filter(estado="retirada").count,
        1,
    )


def opinion(casa):
    dicho = {"ruta": opiniones.firmar_ruta("/agenda/"), "util": "no"}
    return "/opinion/", dicho, OpinionDePagina.objects.filter(no=1).count, 1


def razon(casa):
    return "/opinion/por-que/", por_que(), MotivoDeOpinion.objects.count, 1


#: Those that a brake keeps from being repeated, with the table that counts them.
CON_FRENO = [(opinion, "participacion_opiniondepagina"), (apoyo, "participacion_temadeinteres")]
TODOS = [encuesta, comentario, tema_nuevo, apoyo, suscripcion, preferencias, salida, opinion, razon]


def lo_devuelto(pagina) -> tuple[str, dict[str, list[str]]]:
    """Where the form of that page sends, and what it sends, as a browser reads them."""
    documento = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(pagina.text)
    [formulario] = documento.iterfind(".//main/form")
    campos = defaultdict(list)
    for campo in formulario.iter("textarea"):
        campos[campo.get("name")].append(campo.text or "")
    return formulario.get("action"), campos


def test_everything_comes_back_and_sent_again_it_counts_once(client, caida):
    caer, volver = caida
    casa = crear_casa_de_participacion()
    casos = [caso(casa) for caso in TODOS]
    antes = [cuantas() for _ruta, _dicho, cuantas, _completas in casos]
    caer()

    paginas = [client.post(ruta, dicho) for ruta, dicho, _cuantas, _completas in casos]

    volver()
    assert [cuantas() for _ruta, _dicho, cuantas, _completas in casos] == antes
    for pagina, (ruta, dicho, cuantas, completas) in zip(paginas, casos, strict=True):
        assert pagina.status_code == 503, ruta
        assert "todavía no se guardó" in pagina.text
        assert "no-store" in pagina.headers["Cache-Control"]
        assert pagina.headers["Retry-After"]
        assert not pagina.cookies
        listas = {campo: valor if isinstance(valor, list) else [valor] for campo, valor in dicho.items()}
        accion, devuelto = lo_devuelto(pagina)
        assert (accion, devuelto) == (
            ruta,
            {campo: [str(v) for v in suyos] for campo, suyos in listas.items()},
        )
        for _vez in range(2):
            assert client.post(accion, devuelto).status_code in {200, 302}
            assert cuantas() == completas, ruta


def test_only_what_was_written_is_in_sight(client, caida):
    caer, _volver = caida
    ruta, dicho, _cuantas, _completas = encuesta(crear_casa_de_participacion())
    caer()

    texto = client.post(ruta, dicho).text

    assert "Más fotos<br>del &lt;b&gt;río&lt;/b&gt;" in texto
    assert texto.count("<blockquote") == 1


def test_an_address_that_is_a_secret_is_told_to_nobody_and_reading_fails_as_always(client, caida):
    caer, _volver = caida
    crear_casa_de_participacion()
    ruta = de_su_enlace("luz@ejemplo.co")
    caer()

    for una in (ruta, f"{ruta}salir/"):
        assert client.post(una).headers["Referrer-Policy"] == "strict-origin"
    leida = client.get(ruta)
    assert leida.status_code == 503
    assert "El sitio está en pausa" in leida.text


def test_what_was_half_counted_can_be_sent_again(client, caida):
    """The line to PostgreSQL is cut between what keeps it from being repeated and what is counted."""
    _caer, volver = caida
    casa = crear_casa_de_participacion()
    casos = [(caso(casa), tabla) for caso, tabla in CON_FRENO]

    for (ruta, dicho, cuantas, completas), tabla in casos:

        def cortar(ejecutar, sql, *resto, tabla=tabla):
            if tabla in sql and not sql.startswith("SELECT"):
                connection.connection.close()
            return ejecutar(sql, *resto)

        with connection.execute_wrapper(cortar):
            pagina = client.post(ruta, dicho)
        volver()

        assert pagina.status_code == 503
        assert client.post(ruta, dicho).status_code == 302
        assert cuantas() == completas
