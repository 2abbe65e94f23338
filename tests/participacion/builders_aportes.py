"""Consultas that take comments, and comments on them, built directly: only what each test needs said."""

from datetime import timedelta
from itertools import count
from types import SimpleNamespace
from uuid import uuid4

from django.utils import timezone

from participacion import aportes
from participacion.models import Aporte, Consulta
from portal.forms.comunes import sello
from tests.builders import crear_publicada

_serie = count(1)


def crear_consulta(casa: SimpleNamespace, *, abierta: bool = True, **campos) -> Consulta:
    """A draft norm that anybody can read; closed yesterday when it is not open."""
    n, ahora = next(_serie), timezone.now()
    cierra_en = ahora + timedelta(days=10 if abierta else -1)
    valores = {
        "clase": Consulta.Clase.PROYECTO,
        "titulo": f"Proyecto de decreto {n}",
        "slug": f"proyecto-{n}",
        "resumen": "Para ordenar la plaza.",
        "texto": "Artículo 1. La plaza abre a las 5 a. m.",
        "canal": casa.canal,
        "dependencia": casa.planeacion,
        "estado": Consulta.Estado.AUTORIZADA,
        "abre_en": ahora - timedelta(days=20),
        "cierra_en": cierra_en,
        "resultado_hasta": timezone.localdate(cierra_en) + timedelta(days=30),
        "creada_por": casa.autora,
        "editada_por": casa.autora,
        "enviada_por": casa.autora,
        "autorizada_por": casa.alcalde,
        "autorizada_como": casa.cargo_alcalde,
        "autorizada_en": ahora - timedelta(days=21),
        "huella": "a" * 64,
    }
    return Consulta.objects.create(**valores | campos)


def crear_aporte(casa: SimpleNamespace, consulta: Consulta, estado: str = "por_revisar", **campos) -> Aporte:
    """A comment taken to that state by who may."""
    valores = {"texto": f"Aporte {next(_serie)}", "consulta": consulta}
    aporte = Aporte.objects.create(**valores | {k: v for k, v in campos.items() if k != "motivo"})
    if estado == "por_revisar":
        return aporte
    motivo = {} if estado == "publicado" else {"motivo": campos.get("motivo", "ajeno"), "explicacion": "No."}
    return aportes.moderar(aporte, a=estado, por=casa.editor, **motivo)


def publicar_resultado(casa: SimpleNamespace, consulta: Consulta) -> None:
    consulta.resultado = crear_publicada(casa, titulo="Resultado")
    consulta.save(update_fields=["resultado"])


def enviado(**cambios) -> dict[str, object]:
    """What a person sends from the form of a comment."""
    datos = {
        "clave": uuid4(),
        "parte": "artículo 1",
        "texto": "Que abra a las 4 a. m.",
        "nombre": "",
        "visto": sello(timezone.now() - timedelta(minutes=1)),
    }
    return datos | cambios
