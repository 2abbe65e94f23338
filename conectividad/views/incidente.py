"""A cut: its timeline, and what may still be said of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from conectividad import services
from conectividad.forms import AccionForm, AnularForm, CorregirForm, VolvioForm
from conectividad.models import Incidente
from conectividad.permisos import puede_anotar, puede_corregir
from conectividad.views.acceso import de_la_bitacora, del_escritorio, exigir_que_anote
from conectividad.views.registro import agregar_errores
from portal.flujo import TransicionRechazada

#: What a correction may change, in the order in which it is told.
CAMPOS = (
    *("inicio", "fin", "alcance", "peso", "causa", "planeado"),
    *("ticket", "descripcion", "reportado_por"),
)
#: Less than this between writing it down and receiving it is the time the network takes.
TARDANZA = timedelta(minutes=2)


@dataclass(frozen=True)
class Hecho:
    """Something that happened to a cut or to what is said of it."""

    en: datetime
    titulo: str
    quien: str = ""
    detalle: str = ""
    cambios: tuple[tuple[str, Any, Any], ...] = ()


# --- Reading ------------------------------------------------------------------------------------
@require_safe
@de_la_bitacora
def incidente(request, pk):
    return _pagina(request, _incidente_o_404(pk))


def _incidente_o_404(pk: int) -> Incidente:
    """With all that its page reads, in a constant number of queries."""
    hallado = (
        Incidente.objects.filter(pk=pk)
        .select_related("enlace", "registrado_por", "anulado_por")
        .prefetch_related("dependencias", "acciones__por")
        .first()
    )
    if hallado is None:
        raise Http404
    return hallado


def _pagina(request, incidente: Incidente, **enviados):
    """The page, with the form of `enviados` as it was sent. Answers 422 when there is one."""
    anota = incidente.anulado_en is None and puede_anotar(request.user)
    corrige = anota and puede_corregir(request.user, incidente)
    forms = {
        "volvio": VolvioForm(auto_id="volvio_%s") if anota and incidente.abierto else None,
        "accion": AccionForm(auto_id="accion_%s") if anota else None,
        "corregir": CorregirForm(auto_id="corregir_%s", incidente=incidente) if corrige else None,
        "anular": AnularForm(auto_id="anular_%s") if corrige else None,
    }
    contexto = del_escritorio(
        request,
        str(incidente),
        incidente=incidente,
        hechos=sorted(_hechos(incidente), key=lambda hecho: hecho.en),
        forms={nombre: form for nombre, form in (forms | enviados).items() if form},
        enviado=next(iter(enviados.values()), None),
    )
    return render(request, "conectividad/incidente.html", contexto, status=422 if enviados else 200)


def _hechos(incidente: Incidente) -> Iterator[Hecho]:
    quien = str(incidente.registrado_por or "El sondeo automático")
    yield Hecho(incidente.inicio, "Se cayó", detalle=incidente.get_alcance_display())
    if incidente.registrado_en - incidente.anotado_en > TARDANZA:
        yield Hecho(incidente.anotado_en, "Se anotó, sin conexión", quien)
        yield Hecho(incidente.registrado_en, "Llegó al portal lo anotado")
    else:
        yield Hecho(incidente.registrado_en, "Se anotó", quien)
    for accion in incidente.acciones.all():
        autor = accion.quien or str(accion.por or "El sondeo automático")
        yield Hecho(accion.en, "Acción" if accion.por_id else "Aviso", autor, accion.texto)
    yield from _correcciones(incidente)
    if incidente.fin:
        yield Hecho(incidente.fin, "Volvió")
    if incidente.anulado_en:
        yield Hecho(incidente.anulado_en, "Se anuló", str(incidente.anulado_por), incidente.anulado_razon)


def _correcciones(incidente: Incidente) -> Iterator[Hecho]:
    """Each change of what was said, with what it said before. Two queries whatever their number."""
    filas = list(incidente.history.select_related("history_user").order_by("history_date", "history_id"))
    for antes, ahora in pairwise(filas):
        cambios = tuple(
            (campo.verbose_name, _dicho(antes, campo.name), _dicho(ahora, campo.name))
            for campo in map(Incidente._meta.get_field, CAMPOS)
            if getattr(antes, campo.name) != getattr(ahora, campo.name)
        )
        if not cambios and not ahora.history_change_reason:
            continue
        solo_volvio = [c for c in CAMPOS if getattr(antes, c) != getattr(ahora, c)] == [
            "fin"
        ] and antes.fin is None
        titulo = "Se dijo que volvió" if solo_volvio else "Se corrigió"
        autor = str(ahora.history_user or "El sondeo automático")
        yield Hecho(ahora.history_date, titulo, autor, ahora.history_change_reason or "", cambios)


def _dicho(fila, campo: str) -> Any:
    """What the field says, for people; a moment stays a moment."""
    valor = getattr(fila, campo)
    if campo in {"alcance", "causa"}:
        return getattr(fila, f"get_{campo}_display")()
    if isinstance(valor, bool):
        return "sí" if valor else "no"
    return timezone.localtime(valor) if isinstance(valor, datetime) else valor


# --- What may be said of it ---------------------------------------------------------------------
def _decir(request, pk: int, nombre: str, hacer, hecho: str, clase, **del_form):
    """Run `hacer(incidente, datos)` with what the form says, or show the page with what is wrong."""
    incidente = _incidente_o_404(pk)
    exigir_que_anote(request.user)
    form = clase(request.POST, auto_id=f"{nombre}_%s", **del_form)
    if not form.is_valid():
        return _pagina(request, incidente, **{nombre: form})
    try:
        hacer(incidente, form)
    except ValidationError as error:
        agregar_errores(form, error)
        return _pagina(request, incidente, **{nombre: form})
    except TransicionRechazada as rechazo:
        messages.error(request, str(rechazo))
    else:
        messages.success(request, hecho)
    return redirect(incidente)


@require_POST
@de_la_bitacora
def volvio(request, pk):
    return _decir(
        request,
        pk,
        "volvio",
        lambda incidente, form: services.terminar(incidente, por=request.user, **form.cleaned_data),
        "Quedó anotado que volvió.",
        VolvioForm,
    )


@require_POST
@de_la_bitacora
def accion(request, pk):
    return _decir(
        request,
        pk,
        "accion",
        lambda incidente, form: services.agregar_accion(incidente, por=request.user, **form.cleaned_data),
        "La acción quedó anotada.",
        AccionForm,
    )


@require_POST
@de_la_bitacora
def corregir(request, pk):
    return _decir(
        request,
        pk,
        "corregir",
        lambda incidente, form: services.corregir(
            incidente, cambios=form.cambios(), razon=form.cleaned_data["razon"], por=request.user
        ),
        "La corrección quedó anotada, con su razón.",
        CorregirForm,
        incidente=_incidente_o_404(pk),
    )


@require_POST
@de_la_bitacora
def anular(request, pk):
    return _decir(
        request,
        pk,
        "anular",
        lambda incidente, form: services.anular(incidente, por=request.user, **form.cleaned_data),
        "El corte quedó anulado: ya no cuenta.",
        AnularForm,
    )
