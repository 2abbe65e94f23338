"""The cuts of a moment or of a stretch, for the rooms above: what was scheduled or fell due during one."""

from datetime import datetime, timedelta

from conectividad.models import Incidente


def en(momento: datetime) -> list[Incidente]:
    """Cuts of any line that were going on at that moment, first the one that began first. One query."""
    return entre(momento, momento + timedelta(microseconds=1))


def entre(desde: datetime, hasta: datetime) -> list[Incidente]:
    """Cuts of any line with some moment between both, the second one not included. One query."""
    cortes = Incidente.objects.entre(desde, hasta).select_related("enlace")
    return list(cortes.order_by("inicio", "pk"))
