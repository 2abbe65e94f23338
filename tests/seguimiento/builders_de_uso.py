"""Visits, searches, opinions and surveys, without reading any page."""

from datetime import date, datetime, timedelta
from itertools import count
from types import SimpleNamespace

from django.utils import timezone

from participacion.models import Consulta, OpinionDePagina
from portal.models import BusquedaSinResultado, Visita
from tests.builders import crear_publicada

_serie = count(1)


def visitar(ruta: str, dia: date, veces: int = 1, *, que: str = "pagina", quien: str = "persona") -> None:
    Visita.objects.create(ruta=ruta, dia=dia, que=que, quien=quien, veces=veces)


def usar_el_sitio(dia: date, *, archivo: str = "/archivos/1/x.pdf") -> None:
    """Something in each of the figures of how the site was used."""
    visitar("/tramites/", dia, 40)
    visitar("/", dia, 3)
    visitar("/tramites/", dia, 900, quien="robot")
    visitar("/tramites/", dia, 17, quien="personal")
    visitar(archivo, dia, 6, que="descarga")
    BusquedaSinResultado.objects.create(texto="horario de la biblioteca", veces=12, primera=dia, ultima=dia)
    OpinionDePagina.objects.create(ruta="/tramites/", dia=dia, si=9, no=2)


def crear_consulta(casa: SimpleNamespace, *, abre: datetime, cierra: datetime, **campos) -> Consulta:
    """An authorised survey, from one moment to the other."""
    n = next(_serie)
    valores = {
        "clase": Consulta.Clase.ENCUESTA,
        "titulo": f"Encuesta {n}",
        "slug": f"encuesta-de-uso-{n}",
        "resumen": "Para mejorar la plaza.",
        "canal": casa.canal,
        "dependencia": casa.planeacion,
        "estado": Consulta.Estado.AUTORIZADA,
        "abre_en": abre,
        "cierra_en": cierra,
        "resultado_hasta": timezone.localdate(cierra) + timedelta(days=30),
        "creada_por": casa.autora,
        "editada_por": casa.autora,
        "enviada_por": casa.autora,
        "autorizada_por": casa.alcalde,
        "autorizada_como": casa.cargo_alcalde,
        "autorizada_en": abre - timedelta(days=1),
        "huella": "a" * 64,
    }
    return Consulta.objects.create(**valores | campos)


def publicar_resultado(casa: SimpleNamespace, consulta: Consulta, en: datetime | None = None) -> Consulta:
    """Its outcome, before the public."""
    consulta.resultado = crear_publicada(casa, titulo=f"Resultado de {consulta}", en=en)
    consulta.save(update_fields=["resultado"])
    return consulta
