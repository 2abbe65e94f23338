"""The answer while it is prepared: who writes it, its standard texts, its files, and two people at once."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from portal.archivos import ArchivoRevisado
from portal.flujo import EstadoInadecuado, SinPermiso
from portal.models import Usuario
from ventanilla.acceso import como, tramitan
from ventanilla.anexos import exigir_que_quepan, guardar_anexo
from ventanilla.certificados import rellenar
from ventanilla.models import Proyecto, Radicado, RespuestaTipo

#: What a standard text may have between braces.
DATOS_DE_TEXTO = ("nombre", "numero", "fecha", "asunto", "dependencia")


class ProyectoCambio(Exception):
    """Somebody else saved the answer after this person read it. `actual` is what they left."""

    def __init__(self, actual: Proyecto) -> None:
        self.actual = actual


def puede_escribir(usuario: Usuario, radicado: Radicado, en: datetime | None = None) -> bool:
    """Whether the person may write the answer now: whoever handles it, while it is being handled."""
    if radicado.estado != Radicado.Estado.EN_TRAMITE:
        return False
    return como(usuario, tramitan(radicado), en) is not None


@transaction.atomic
def guardar(
    radicado: Radicado,
    *,
    revision: int,
    por: Usuario,
    archivos: Iterable[ArchivoRevisado] = (),
    quitar: Iterable[int] = (),
    en: datetime | None = None,
    **campos: Any,
) -> Proyecto:
    """Save the answer over the `revision` that was read; 0 when there was none.

    `campos` are those of Proyecto; `quitar`, the files to take out. Raises SinPermiso, EstadoInadecuado,
    ValidationError by field, or ProyectoCambio when somebody saved in between.
    """
    radicado = Radicado.objects.select_for_update(of=("self",)).get(pk=radicado.pk)
    if radicado.estado != Radicado.Estado.EN_TRAMITE:
        raise EstadoInadecuado("La respuesta se escribe mientras el radicado está en trámite.")
    if not puede_escribir(por, radicado, en):
        raise SinPermiso("La respuesta la escribe quien tramita el radicado.")
    actual = Proyecto.objects.filter(radicado=radicado).first()
    if actual and actual.revision != revision:
        raise ProyectoCambio(actual)
    proyecto = actual or Proyecto(radicado=radicado)
    for campo, valor in campos.items():
        setattr(proyecto, campo, valor)
    proyecto.revision, proyecto.proyectado_por = revision + 1, por
    proyecto.proyectado_en = en or timezone.now()
    proyecto.clean_fields(exclude=["radicado"])
    proyecto.save()
    for anexo in proyecto.anexos.filter(pk__in=quitar):
        transaction.on_commit(partial(anexo.archivo.storage.delete, str(anexo.archivo.name)))
        anexo.delete()
    archivos = list(archivos)
    exigir_que_quepan(proyecto.anexos.all(), archivos)
    for archivo in archivos:
        guardar_anexo(archivo, radicado=radicado, proyecto=proyecto, subido_por=por)
    return proyecto


# --- The standard texts --------------------------------------------------------------------------
def textos_tipo(radicado: Radicado):
    """Those in use for its kind, and those that serve for all."""
    de_todas = RespuestaTipo.objects.filter(activa=True, clases=None)
    return (RespuestaTipo.objects.filter(activa=True, clases=radicado.clase) | de_todas).distinct()


def redactar(tipo: RespuestaTipo, radicado: Radicado, en: datetime | None = None) -> str:
    """The standard text with the data of this radicado. What is not a known code stays as it is."""
    persona = getattr(radicado, "peticionario", None)
    return rellenar(
        tipo.texto,
        {
            "nombre": persona.nombre if persona else "ciudadana o ciudadano",
            "numero": radicado.numero,
            "fecha": date_format(timezone.localdate(en), r"j \d\e F \d\e Y"),
            "asunto": radicado.asunto,
            "dependencia": str(radicado.dependencia or ""),
        },
    )
