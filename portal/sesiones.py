from datetime import datetime

from django.contrib.sessions.models import Session


def borrar_vencidas(en: datetime) -> str:
    """Delete sessions that no longer open anything; returns how many, in Spanish."""
    borradas, _por_modelo = Session.objects.filter(expire_date__lt=en).delete()
    return f"Sesiones borradas: {borradas}."
