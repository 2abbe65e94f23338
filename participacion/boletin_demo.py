"""For the demonstration: some who asked for news, a bulletin that was sent and one that waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from participacion import suscripciones
from participacion.boletin import decision, envio
from participacion.models import Boletin, Suscripcion
from portal.models import Canal, Dependencia, Municipio, Usuario
from portal.periodos import Periodo

#: Addresses of nobody, and what each asked for. The last one has not confirmed.
QUIENES: dict[str, dict[str, Any]] = {
    "emisora": {"todo": True},
    "junta.del.centro": {"secciones": ["actualidad", "participacion"]},
    "tienda.de.la.esquina": {"secciones": ["servicios"], "dependencias": ["secretaria-de-planeacion"]},
    "vereda": {"todo": True},
    "vecina.del.puerto": {"canales": ["noticias"]},
    "sin.confirmar": {"todo": True},
}


@transaction.atomic
def repartir(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """A line for what was made. Once there is any subscription or bulletin, nothing is."""
    if Suscripcion.objects.exists() or Boletin.objects.exists():
        return
    _suscribir(ahora)
    ultima = Periodo.semana_de(timezone.localdate(ahora)).anterior
    decision.preparar(ultima.inicio + timedelta(hours=7))
    enviado = Boletin.objects.get()
    if enviado.estado == Boletin.Estado.PREPARADO:
        en = ultima.inicio + timedelta(hours=9)
        leido = decision.huella_vigente(enviado)
        decision.aprobar(enviado, por=personas["secretaria"], leido=leido, en=en)
        envio.enviar(en)
    decision.preparar(min(ahora, ultima.fin + timedelta(hours=7)))
    yield f"{len(QUIENES)} suscripciones; boletines de la {ultima.anterior.nombre} y de la {ultima.nombre}"


def _suscribir(ahora: datetime) -> None:
    en = ahora - timedelta(days=30)
    consentimiento = suscripciones.texto_de_consentimiento(Municipio.objects.first() or Municipio())
    for nombre, elige in QUIENES.items():
        eleccion = suscripciones.Eleccion(
            elige.get("todo", False),
            elige.get("secciones", []),
            list(Canal.objects.filter(slug__in=elige.get("canales", []))),
            list(Dependencia.objects.filter(slug__in=elige.get("dependencias", []))),
        )
        correo = f"{nombre}@ciudadania.example"
        confirma = nombre != "sin.confirmar"
        pedida = en if confirma else ahora
        suscripciones.pedir(correo, eleccion, consentimiento=consentimiento, en=pedida)
        if confirma:
            suya = Suscripcion.objects.get(correo=correo)
            suscripciones.confirmar(suya.pk, en + timedelta(minutes=12))
