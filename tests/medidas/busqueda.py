"""How the cost of pages grows with the site: `make bench`. Prints ratios, asserts nothing of time.

Each address is read many times at 200, at 20 000 and again at 200 publications, in the test database, so
that the machine's mood shows as the difference between the two small rounds.
"""

import random

import pytest
from django.db import connection
from django.utils import timezone

from portal.busqueda import interpretar
from portal.models import (
    Autorizacion,
    EntradaDeBusqueda,
    Paso,
    Publicacion,
    Version,
)
from tests.builders import crear_alcaldia
from tests.medidas.reloj import medir, tabla

POCAS, MUCHAS = 200, 20_000
RUTAS = {
    "búsqueda, palabra rara": "/buscar/?q=estratificacion",
    "búsqueda, palabra media": "/buscar/?q=acueducto",
    "búsqueda, palabra de todas": "/buscar/?q=municipio",
    "búsqueda, dos palabras": "/buscar/?q=corte+acueducto",
    "búsqueda, con filtros": "/buscar/?q=acueducto&tipo=noticia&canal=programas-y-proyectos",
    "búsqueda, sin resultados": "/buscar/?q=acuedusto",
    "inicio": "/",
    "canal": "/canales/programas-y-proyectos/",
    "RSS": "/rss/",
}
PALABRAS = [
    *("agua", "alcaldía", "barrio", "calle", "campo", "censo", "cierre", "comunidad", "contrato"),
    *("corte", "cultura", "deporte", "documento", "educación", "empleo", "escuela", "familia"),
    *("feria", "horario", "impuesto", "jornada", "licencia", "mercado", "niñez", "obra", "parque"),
    *("pago", "plan", "predial", "presupuesto", "programa", "proyecto", "puente", "recibo"),
    *("reunión", "río", "salud", "seguridad", "semana", "servicio", "subsidio", "taller"),
    *("tarifa", "trámite", "vacuna", "vereda", "vía", "vivienda"),
]


def llenar(casa, hasta: int, azar: random.Random) -> None:
    """Publications as the flow leaves them, in bulk: one in 500 says a rare word, one in 20 a usual one."""
    ahora = timezone.now()
    desde = Publicacion.objects.count()
    publicaciones = Publicacion.objects.bulk_create(
        Publicacion(
            canal=casa.canal,
            tipo="noticia",
            slug=f"texto-{n}",
            dependencia=casa.planeacion,
            creada_por=casa.autora,
            publicada_en=ahora,
            actualizada_en=ahora - timezone.timedelta(minutes=n),
            revisada_en=ahora,
        )
        for n in range(desde, hasta)
    )
    versiones = Version.objects.bulk_create(
        (
            Version(
                publicacion=publicacion,
                estado="publicada",
                titulo=" ".join(azar.sample(PALABRAS, 6)).capitalize(),
                resumen=" ".join(azar.sample(PALABRAS, 12)).capitalize(),
                cuerpo=f"<p>El municipio informa: {_cuerpo(azar)}</p>",
                creada_por=casa.autora,
                editada_por=casa.autora,
                enviada_por=casa.autora,
                enviada_en=ahora,
                enviada_como=casa.cargo_autor,
                autorizada_en=ahora,
                publicada_en=ahora,
            )
            for publicacion in publicaciones
        ),
        batch_size=2000,
    )
    for publicacion, version in zip(publicaciones, versiones, strict=True):
        publicacion.version_publica = version
    Publicacion.objects.bulk_update(publicaciones, ["version_publica"], batch_size=2000)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO portal_entradadebusqueda
                (clase, objeto, tipo, titulo, resumen, texto, url, canal_id, dependencia_id, fecha,
                 vector, vector_titulo)
            SELECT 'publicacion', p.id, p.tipo, v.titulo, v.resumen, v.cuerpo, '/x/' || p.id, p.canal_id,
                p.dependencia_id, p.actualizada_en,
                setweight(to_tsvector('spanish', v.titulo), 'A')
                || setweight(to_tsvector('espanol_sin_tildes', v.titulo), 'A')
                || setweight(to_tsvector('spanish', v.resumen || ' ' || v.cuerpo), 'C')
                || setweight(to_tsvector('espanol_sin_tildes', v.resumen || ' ' || v.cuerpo), 'C'),
                setweight(to_tsvector('spanish', v.titulo), 'A')
                || setweight(to_tsvector('espanol_sin_tildes', v.titulo), 'A')
            FROM portal_publicacion p JOIN portal_version v ON v.id = p.version_publica_id
            ON CONFLICT DO NOTHING
            """
        )
        cursor.execute(
            "INSERT INTO portal_vocablo (palabra) SELECT unnest(%s::text[]) ON CONFLICT DO NOTHING",
            [[*PALABRAS, "acueducto", "municipio", "estratificacion"]],
        )


def _cuerpo(azar: random.Random) -> str:
    palabras = azar.choices(PALABRAS, k=220)
    if azar.random() < 1 / 500:
        palabras.append("estratificación")
    if azar.random() < 1 / 20:
        palabras.append("acueducto")
    return " ".join(palabras)


def vaciar(hasta: int) -> None:
    """Leave the first `hasta`, as if the site had never grown."""
    sobran = Publicacion.objects.order_by("pk").values("pk")[hasta:]
    ids = [fila["pk"] for fila in sobran]
    EntradaDeBusqueda.objects.filter(objeto__in=ids).delete()
    Publicacion.objects.filter(pk__in=ids).update(version_publica=None)
    for modelo in (Paso, Autorizacion):
        assert not modelo.objects.exists()
    Version.objects.filter(publicacion__in=ids)._raw_delete("default")
    Publicacion.objects.filter(pk__in=ids)._raw_delete("default")


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_medidas(client, capsys):
    azar = random.Random(2026)
    casa = crear_alcaldia()
    llenar(casa, POCAS, azar)
    rutas = RUTAS | {"publicación": Publicacion.objects.order_by("pk").first().get_absolute_url()}
    antes = medir(client, rutas)
    llenar(casa, MUCHAS, azar)
    grande = medir(client, rutas)
    with connection.cursor() as cursor:
        sql, valores = (
            EntradaDeBusqueda.objects.filter(vector=interpretar("estratificacion"))
            .order_by("-fecha")
            .values("pk")[:150]
            .query.sql_with_params()
        )
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF) {sql}", valores)
        plan = "\n".join(fila[0] for fila in cursor.fetchall())
    vaciar(POCAS)
    despues = medir(client, rutas)

    with capsys.disabled():
        print(tabla(POCAS, MUCHAS, antes, grande, despues))
        print(f"\n«estratificacion» entre {MUCHAS}:\n{plan}\n")
