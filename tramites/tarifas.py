"""What the units of the tariffs are worth today."""

from decimal import Decimal

from django.utils import timezone

from tramites.models import ValorDeReferencia


def valores_vigentes(anio: int | None = None) -> dict[str, Decimal]:
    """Pesos of each unit in that year (this one by default); one without value yet is left out."""
    anio = anio or timezone.localdate().year
    filas = ValorDeReferencia.objects.filter(anio=anio)
    return dict(filas.values_list("unidad", "pesos"))
