"""How often something may be tried, without keeping who tried: a keyed hash that dies with its window.

What is counted is never linked to what was filed. Everybody in the alcaldía, and many in a village, leave by
one public address: limits by address are wide, and say kindly which other way there is.
"""

from datetime import UTC, datetime, timedelta

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.crypto import salted_hmac

from portal.models import Freno


def intentar(que: str, de: str, *, maximo: int, cada: timedelta, en: datetime | None = None) -> bool:
    """Count one more try of `que` by `de`; False when that window has had more than `maximo`.

    One statement, so that tries at the same moment are all counted.
    """
    en = en or timezone.now()
    clave, ventana = _clave(que, de, cada, en)
    with connection.cursor() as cursor:
        # What somebody else is counting or erasing is left to them: nobody waits here.
        cursor.execute(
            "DELETE FROM portal_freno WHERE id IN "
            "(SELECT id FROM portal_freno WHERE vence < %s FOR UPDATE SKIP LOCKED)",
            [en],
        )
        cursor.execute(
            "INSERT INTO portal_freno (clave, ventana, vence, veces) VALUES (%s, %s, %s, 1) "
            "ON CONFLICT (clave, ventana) DO UPDATE SET veces = portal_freno.veces + 1 RETURNING veces",
            [clave, ventana, ventana + cada],
        )
        return cursor.fetchone()[0] <= maximo


def devolver(que: str, de: str, *, cada: timedelta, en: datetime | None = None) -> None:
    """Take back one try, which was counted before knowing that it was a good one."""
    clave, ventana = _clave(que, de, cada, en or timezone.now())
    Freno.objects.filter(clave=clave, ventana=ventana, veces__gt=0).update(veces=F("veces") - 1)


def frenado(que: str, de: str, *, maximo: int, cada: timedelta, en: datetime | None = None) -> bool:
    """Whether that window is spent already, without counting."""
    clave, ventana = _clave(que, de, cada, en or timezone.now())
    return Freno.objects.filter(clave=clave, ventana=ventana, veces__gte=maximo).exists()


def _clave(que: str, de: str, cada: timedelta, en: datetime) -> tuple[str, datetime]:
    """The hash is another one in each window: nobody is followed from one to the next."""
    segundos = int(cada.total_seconds())
    ventana = datetime.fromtimestamp(int(en.timestamp()) // segundos * segundos, UTC)
    texto = f"{que}|{de}|{ventana.isoformat()}"
    return salted_hmac("portal.freno", texto, algorithm="sha256").hexdigest(), ventana
