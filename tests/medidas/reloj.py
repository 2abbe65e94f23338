"""How long addresses take, side by side at two sizes."""

import statistics
import time

from django.db import connection

VECES, DE_CALENTAMIENTO = 40, 3


def medir(client, rutas: dict[str, str]) -> dict[str, float]:
    """Median milliseconds of each address, all of them in turn so that a bad moment touches every one."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    tiempos: dict[str, list[float]] = {nombre: [] for nombre in rutas}
    for vuelta in range(VECES + DE_CALENTAMIENTO):
        for nombre, ruta in rutas.items():
            reloj = time.perf_counter()
            respuesta = client.get(ruta)
            if vuelta >= DE_CALENTAMIENTO:
                tiempos[nombre].append((time.perf_counter() - reloj) * 1000)
            assert respuesta.status_code == 200, ruta
    return {nombre: statistics.median(valores) for nombre, valores in tiempos.items()}


def tabla(pocas: int, muchas: int, antes: dict, grande: dict, despues: dict) -> str:
    """The ratio of each address, and beside it how much the machine changed between the two small rounds."""
    filas = [f"\n\n{'Página':32}{pocas:>10}{muchas:>10}{pocas:>10}   razón (deriva)"]
    for nombre, corto in antes.items():
        chico = statistics.mean([corto, despues[nombre]])
        filas.append(
            f"{nombre:32}{corto:>8.1f}ms{grande[nombre]:>8.1f}ms{despues[nombre]:>8.1f}ms"
            f"   {grande[nombre] / chico:.2f} ({despues[nombre] / corto:.2f})"
        )
    return "\n".join(filas)
