"""A few weeks of readers for the demonstration, and the evaluation of how the site was used."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from portal import services
from portal.audiencia.busquedas import guardar, no_hace_falta
from portal.audiencia.contador import Contador, Visto
from portal.models import Adjunto, BusquedaSinResultado, Publicacion, Usuario, Visita
from portal.services import YaSeCreo
from seguimiento.evaluacion_de_uso import Lapso, lapsos, preparar
from seguimiento.uso import contado_desde

DIAS = 120
#: Pages and how often each is read on a usual day.
PAGINAS = {"/": 14, "/tramites/": 9, "/buscar/": 5, "/agenda/": 3, "/pqrsd/": 2, "/dependencias/": 2}
#: What nobody finds, and in how many hours it was looked for.
BUSQUEDAS = {"horario de la biblioteca": 12, "subsidio de gas": 5, "notaria": 11}
AJENA = "notaria", "En el municipio no hay notaría: la más cercana está en Cúcuta."


def leer(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """A line for each thing that was not there. Once there are old visits, nothing is made."""
    hoy = timezone.localdate(ahora)
    if Visita.objects.filter(dia__lt=hoy - timedelta(days=7)).exists():
        return
    _visitar(hoy)
    yield f"Visitas de {DIAS} días"
    _buscar(ahora)
    palabras, porque = AJENA
    ajena = BusquedaSinResultado.objects.get(texto=palabras)
    no_hace_falta(ajena.pk, porque=porque, por=personas["secretaria"], en=ahora)
    yield f"{len(BUSQUEDAS)} búsquedas sin resultado"
    posibles = lapsos(hoy, contado_desde())
    terminado = next(lapso for lapso in posibles if lapso.trimestre and lapso.periodo.terminado(hoy))
    yield _evaluar(terminado, personas, ahora)


def _visitar(hoy) -> None:
    """As the counter of a process would have added them."""
    azar, contador = random.Random(hoy.toordinal()), Contador()  # noqa: S311 -- figures for a picture
    textos = Publicacion.objects.publicadas().recientes_primero().select_related("canal")[:8]
    paginas = PAGINAS | {texto.get_absolute_url(): 1 + n % 3 for n, texto in enumerate(textos)}
    adjuntos = Adjunto.objects.filter(version__publicacion__in=Publicacion.objects.visibles())
    descargas = [adjunto.get_absolute_url() for adjunto in adjuntos if not adjunto.es_imagen][:3]
    for antes in range(1, DIAS):
        dia = hoy - timedelta(days=antes)
        parte = 0.4 if dia.isoweekday() > 5 else 1.0
        for ruta, veces in paginas.items():
            for _ in range(round(veces * parte * azar.uniform(0.4, 1.8))):
                contador.sumar(Visto(ruta, dia))
            if azar.random() < 0.4:
                contador.sumar(Visto(ruta, dia, robot=True))
        if descargas and azar.random() < 0.3:
            contador.sumar(Visto(azar.choice(descargas), dia, Visita.Que.DESCARGA))
    contador.escribir()


def _buscar(ahora: datetime) -> None:
    for texto, veces in BUSQUEDAS.items():
        for antes in range(veces):
            guardar([texto], en=ahora - timedelta(hours=2 * (veces - antes)))


def _evaluar(lapso: Lapso, personas: dict[str, Usuario], ahora: datetime) -> str:
    """The evaluation of the last quarter, taken to the public by the people who may."""
    with transaction.atomic():
        try:
            version = preparar(lapso, por=personas["secretaria"], en=ahora)
        except YaSeCreo as hecha:
            return str(hecha.version)
        version = services.enviar(version, por=personas["secretaria"], confirmo=True, en=ahora)
        services.validar(version, por=personas["editor"], en=ahora)
        version.refresh_from_db()
        services.autorizar_y_publicar(version, por=personas["alcalde"], huella=version.huella(), en=ahora)
    return str(version)
