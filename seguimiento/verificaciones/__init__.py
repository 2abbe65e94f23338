"""The rules that prove a criterion on what the portal has today: content, organisation and its own pages.

`(criterio, en, **parametros) → Veredicto`. A rule that cannot look raises, and then nothing is said to be
met. When what a rule computes changes, its version grows.
"""

import logging
from datetime import datetime

from django.db import transaction

from seguimiento.models import Criterio
from seguimiento.paginas import NoSePudoMirar
from seguimiento.parametros import ParametroInvalido, exigir_parametros
from seguimiento.registro import REGLAS
from seguimiento.verificaciones import (
    alcaldia,
    participacion,
    publicado,
    seguridad,
    sitio,
    tramites,
    ventanilla,
)
from seguimiento.verificaciones.veredicto import Veredicto

__all__ = [
    "Veredicto",
    "alcaldia",
    "aplicar",
    "participacion",
    "publicado",
    "seguridad",
    "sitio",
    "tramites",
    "ventanilla",
]

registro = logging.getLogger(__name__)


def aplicar(criterio: Criterio, en: datetime) -> Veredicto:
    """What the rule of the criterion finds. When it cannot look, «sin evaluar» and why, never «cumple»."""
    sin_evaluar = Criterio.Resultado.SIN_EVALUAR
    regla = REGLAS.get(criterio.regla)
    if regla is None:
        return Veredicto(sin_evaluar, f"Ya no hay una regla «{criterio.regla}».")
    try:
        with transaction.atomic():  # what fails inside must not break what comes after
            exigir_parametros(regla, criterio.parametros)  # a channel may have gone since
            return regla(criterio, en, **criterio.parametros)
    except (NoSePudoMirar, ParametroInvalido) as razon:
        registro.warning("%s: no se pudo mirar. %s", criterio.codigo, razon)
        return Veredicto(sin_evaluar, f"No se pudo mirar. {razon}")
    except Exception as error:  # whatever it is, the other criteria are still to be looked at
        registro.exception("%s: falló la regla «%s»", criterio.codigo, criterio.regla)
        detalle = f"No se pudo mirar: la regla «{criterio.regla}» falló ({type(error).__name__})."
        return Veredicto(sin_evaluar, detalle)
