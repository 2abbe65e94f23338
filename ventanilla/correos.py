"""What is written to the person who filed. Whoever filed without name gets nothing: they have their code.

A message that cannot be written never stops a step: it is logged, without the address.
"""

import logging

from django.conf import settings
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse

from portal.correo import RESERVADOS, encolar
from portal.models import Municipio
from ventanilla.models import Radicado, Salida

registro = logging.getLogger(__name__)
#: What is written to people: with the code of the receipt, or the link of a draft, anybody would be them.
RESERVADOS.update({"acuse", "salida", "mensaje", "anulado", "enlace"})


def escribir(radicado: Radicado, plantilla: str, *, asunto: str, clave: str, **contexto) -> None:
    """Leave in the outbox what `templates/ventanilla/correo_<plantilla>.txt` says, once for that `clave`."""
    persona = getattr(radicado, "peticionario", None)
    if persona is None or not persona.correo:
        return
    texto = render_to_string(
        f"ventanilla/correo_{plantilla}.txt",
        contexto
        | {
            "radicado": radicado,
            "persona": persona.nombre,
            "consulta": settings.PORTAL_URL + reverse("ventanilla:consulta"),
            "portal": settings.PORTAL_URL,
            "municipio": Municipio.objects.first(),
        },
    )
    try:
        encolar(para=persona.correo, asunto=asunto[:200], texto=texto, clave=clave)
    except ValidationError:
        registro.warning("No se pudo escribir el correo «%s» del radicado %s.", plantilla, radicado.numero)


def avisar_salida(salida: Salida) -> None:
    """Tell the person that there is an answer, and what it says."""
    escribir(
        salida.radicado,
        "salida",
        asunto=f"{salida.titulo}: radicado {salida.radicado.numero}",
        clave=f"salida:{salida.clave}",
        salida=salida,
        verificar=settings.PORTAL_URL + salida.get_absolute_url(),
    )
