"""What the desk forgets because it says nothing any more. A rutina runs it."""

from datetime import datetime, timedelta

from portal.models import BorradorAnterior, Presencia, Version

UN_DIA, TRES_MESES = timedelta(days=1), timedelta(days=90)


def olvidar(en: datetime) -> str:
    """Erase who had a text open on another day, and the earlier savings of texts long out of their author."""
    presencias, _detalle = Presencia.objects.filter(en__lt=en - UN_DIA).delete()
    cerrados = BorradorAnterior.objects.filter(en__lt=en - TRES_MESES).exclude(
        version__estado=Version.Estado.BORRADOR
    )
    borradores, _detalle = cerrados.delete()
    return f"Presencias olvidadas: {presencias}. Borradores anteriores olvidados: {borradores}."
