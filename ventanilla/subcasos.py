"""A part of the answer asked to another unit: answered or returned once, and kept in the line of time."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format

from portal.calendario import DiasHabiles
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Cargo, Dependencia, Usuario
from ventanilla.acceso import como, tramitan
from ventanilla.models import Actuacion, Radicado, Subcaso
from ventanilla.models.radicado import CORREN

Estado = Subcaso.Estado


def puede_pedir(usuario: Usuario, radicado: Radicado, en: datetime | None = None) -> bool:
    """Whether the person may ask another unit: whoever handles it, while its term runs in the office."""
    if radicado.estado not in CORREN or radicado.dependencia_id is None:
        return False
    return como(usuario, tramitan(radicado), en) is not None


def puede_responder(usuario: Usuario, subcaso: Subcaso, en: datetime | None = None) -> bool:
    """Whether the person answers for that unit: its head, or that of Secretaría General."""
    return como(usuario, Cargo.objects.que_dirigen(subcaso.dependencia_id), en) is not None


@transaction.atomic
def pedir(
    radicado: Radicado,
    *,
    dependencia: Dependencia,
    pregunta: str,
    vence: date,
    por: Usuario,
    en: datetime | None = None,
) -> Subcaso:
    """Ask that unit until `vence`, a working day not after the legal one of the radicado.

    Raises SinPermiso, EstadoInadecuado, or ValidationError by field.
    """
    en = en or timezone.now()
    radicado = Radicado.objects.select_for_update(of=("self",)).get(pk=radicado.pk)
    if radicado.estado not in CORREN or radicado.dependencia_id is None:
        raise EstadoInadecuado("Se pide a otra dependencia mientras el radicado está en trámite.")
    if not puede_pedir(por, radicado, en):
        raise SinPermiso("Lo pide quien tramita el radicado.")
    if dependencia.pk == radicado.dependencia_id or not dependencia.activa:
        raise ValidationError({"dependencia": "Elija otra dependencia, que esté activa."})
    _exigir_fecha(radicado, vence, timezone.localdate(en))
    subcaso = Subcaso(
        radicado=radicado,
        dependencia=dependencia,
        pregunta=pregunta.strip(),
        vence=vence,
        pedido_por=por,
        pedido_en=en,
    )
    subcaso.full_clean()
    subcaso.save()
    _anotar(subcaso, "pedir_subcaso", f"Se pidió a {dependencia}", subcaso.pregunta, por, en)
    return subcaso


def _exigir_fecha(radicado: Radicado, vence: date, hoy: date) -> None:
    if vence < hoy or not DiasHabiles().es_habil(vence):
        raise ValidationError({"vence": "Escriba un día hábil, de hoy en adelante."})
    if vence >= radicado.vence > hoy:
        limite = date_format(radicado.vence, r"j \d\e F \d\e Y")
        raise ValidationError({"vence": f"El radicado vence el {limite}: pida la respuesta para antes."})


def responder(subcaso: Subcaso, *, respuesta: str, por: Usuario, en: datetime | None = None) -> Subcaso:
    """What the unit says. Raises SinPermiso, EstadoInadecuado or CondicionIncumplida."""
    return _contestar(subcaso, Estado.RESPONDIDO, "responder_subcaso", "Respondió", respuesta, por, en)


def devolver(subcaso: Subcaso, *, motivo: str, por: Usuario, en: datetime | None = None) -> Subcaso:
    """It is not of that unit. Raises SinPermiso, EstadoInadecuado or CondicionIncumplida."""
    return _contestar(
        subcaso, Estado.DEVUELTO, "devolver_subcaso", "Devolvió lo que se le pidió", motivo, por, en
    )


@transaction.atomic
def _contestar(
    subcaso: Subcaso,
    estado: str,
    accion: str,
    que: str,
    texto: str,
    por: Usuario,
    en: datetime | None,
) -> Subcaso:
    en = en or timezone.now()
    # The radicado first, as every step of its flow does.
    radicado = Radicado.objects.select_for_update(of=("self",)).get(pk=subcaso.radicado_id)
    subcaso = Subcaso.objects.select_for_update(of=("self",)).get(pk=subcaso.pk)
    if not puede_responder(por, subcaso, en):
        raise SinPermiso("Lo responde quien dirige esa dependencia.")
    if subcaso.estado != Estado.PEDIDO:
        raise EstadoInadecuado(f"Ya se contestó: {subcaso.get_estado_display().lower()}.")
    if not radicado.abierto:
        raise EstadoInadecuado(f"El radicado ya no espera: está {radicado.get_estado_display().lower()}.")
    if not texto.strip():
        raise CondicionIncumplida("Escriba la respuesta.")
    subcaso.estado, subcaso.respuesta = estado, texto.strip()
    subcaso.respondido_por, subcaso.respondido_en = por, en
    subcaso.full_clean()
    subcaso.save()
    _anotar(subcaso, accion, f"{que} {subcaso.dependencia}", subcaso.respuesta, por, en)
    return subcaso


def _anotar(subcaso: Subcaso, accion: str, etiqueta: str, detalle: str, por: Usuario, en: datetime) -> None:
    """In the line of time of the radicado, only for the office."""
    estado = subcaso.radicado.estado
    cargo = Cargo.objects.ejercidos_por(por, en).order_by("-es_jefatura", "pk").first()
    Actuacion.objects.create(
        radicado=subcaso.radicado,
        accion=accion,
        etiqueta=etiqueta[:100],
        de=estado,
        a=estado,
        detalle=detalle,
        por=por,
        cargo=cargo,
        publica=False,
        en=en,
    )
