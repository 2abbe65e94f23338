"""How the cost of the desk and of the figures grows with the book: `make bench`. Asserts nothing of time.

At 200 radicados, at 20 000 and again at 200; a tenth of them open.
"""

from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.utils import timezone

from tests.medidas.reloj import medir, tabla
from tests.ventanilla.builders import clase, crear_casa_de_ventanilla, radicar
from ventanilla.models import Asiento, Radicado, Termino

POCOS, MUCHOS = 200, 20_000


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_medidas(client, capsys):
    casa = crear_casa_de_ventanilla()
    client.force_login(casa.secretaria)
    rondas = []
    for cuantos in (POCOS, MUCHOS, POCOS):
        _vaciar()
        uno = radicar()
        llenar(casa, cuantos)
        rutas = {
            "radicados": "/panel/radicados/",
            "radicados, todos": "/panel/radicados/?estado=cerrado",
            "un radicado": uno.get_absolute_url(),
            "informe": "/panel/radicados/informe/",
            "cifras públicas": "/radicados/cifras/",
            "bandeja": "/admin/",
        }
        rondas.append(medir(client, rutas))
    with capsys.disabled():
        print(tabla(POCOS, MUCHOS, *rondas))


def llenar(casa: SimpleNamespace, cuantos: int) -> None:
    """That many radicados of Planeación over two years, each with its term: nine in ten are closed."""
    ahora = timezone.now()
    peticion = clase("peticion-de-interes-general")
    momentos = [ahora - timedelta(days=730 * n / cuantos) for n in range(1, cuantos + 1)]
    asientos = Asiento.objects.bulk_create(
        (
            Asiento(anio=en.year - 10, consecutivo=n, sentido="E", en=en, huella="0" * 64)
            for n, en in enumerate(momentos, 1)
        ),
        batch_size=2000,
    )
    radicados = Radicado.objects.bulk_create(
        (_radicado(casa, peticion, asiento, n) for n, asiento in enumerate(asientos)), batch_size=2000
    )
    Termino.objects.bulk_create(
        (
            Termino(
                radicado=radicado,
                clase="inicial",
                desde=radicado.vence - timedelta(days=21),
                dias=15,
                vence=radicado.vence,
                vence_interno=radicado.vence_interno,
                explicacion="Para medir.",
                en=radicado.asiento.en,
            )
            for radicado in radicados
        ),
        batch_size=2000,
    )


def _radicado(casa, peticion, asiento: Asiento, n: int) -> Radicado:
    abierto = n % 10 == 0
    vence = (asiento.en + timedelta(days=21)).date()
    return Radicado(
        asiento=asiento,
        clave=uuid4(),
        clase=peticion,
        estado="en_tramite" if abierto else "cerrado",
        asunto=f"Solicitud {n}",
        anonimo=True,
        codigo_sha256="0" * 64,
        dependencia=casa.planeacion,
        vence=vence,
        vence_interno=vence - timedelta(days=4),
        respondido_en=None if abierto else asiento.en + timedelta(days=9),
        cerrado_en=None if abierto else asiento.en + timedelta(days=20),
    )


@transaction.atomic
def _vaciar() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE ventanilla_asiento CASCADE")
        cursor.execute("DELETE FROM portal_consecutivo WHERE serie = 'radicados'")
