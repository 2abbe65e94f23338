"""Files that came: kept once they passed, and only as many as fit."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from portal.archivos import ArchivoRevisado
from ventanilla.models import Anexo
from ventanilla.services import ANEXOS_MAXIMOS, PESO_MAXIMO


def guardar_anexo(archivo: ArchivoRevisado, **de_que: Any) -> Anexo:
    """Keep a file that passed `portal.archivos.revisar`; `de_que` says of what and by whom."""
    anexo = Anexo.de(archivo, **de_que)
    anexo.save()
    return anexo


def exigir_que_quepan(hay: QuerySet[Anexo], nuevos: Iterable[ArchivoRevisado]) -> None:
    """Raises ValidationError when, with those that there are, they are too many or weigh too much."""
    pesos = [*hay.values_list("tamano", flat=True), *(len(archivo.contenido) for archivo in nuevos)]
    if len(pesos) > ANEXOS_MAXIMOS or sum(pesos) > PESO_MAXIMO:
        raise ValidationError(
            {"archivos": f"Adjunte como máximo {ANEXOS_MAXIMOS} archivos, de 40 MB en total."}
        )
