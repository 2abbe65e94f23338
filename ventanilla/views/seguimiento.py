"""Following: the person who has the number and the code reads where it is, writes and answers.

Nothing secret is in an address: the pair opens the radicado in this browser, for half an hour at a time.
"""

from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import freno
from portal.calendario import DiasHabiles
from portal.direccion import direccion_de
from portal.flujo import CondicionIncumplida, TransicionRechazada
from ventanilla import sesion
from ventanilla.anexos import guardar_anexo
from ventanilla.codigos import es_su_codigo
from ventanilla.flujo import dar_paso
from ventanilla.forms.seguimiento import FORMS, ConsultaForm, form_de, numero_normalizado
from ventanilla.formularios import respuestas_de
from ventanilla.models import Mensaje, Radicado, Salida
from ventanilla.services import enviar_mensaje, valorar
from ventanilla.situacion import acciones_de, fecha_de, hechos_de, situacion_de
from ventanilla.terminos import entrega_por_aceptacion
from ventanilla.views.archivos import entregar

#: Wrong codes that a number admits, and those that come from one address.
POR_NUMERO = {"maximo": 5, "cada": timedelta(minutes=15)}
POR_DIRECCION = {"maximo": 30, "cada": timedelta(minutes=10)}
#: What one radicado admits from the person in an hour.
MENSAJES = {"maximo": 20, "cada": timedelta(hours=1)}
#: Against which a code is compared when there is no such radicado, so that it takes as long.
NINGUNO = (UUID(int=0), "0" * 64)
NO_COINCIDEN = "Ese número y ese código no van juntos. Revíselos: los dos están en su acuse de recibo."
INDICE = "noindex, nofollow"


# --- Opening it ----------------------------------------------------------------------------------
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def consulta(request):
    """Number and code. Which of the two was wrong is never said."""
    if request.method != "POST":
        numero = numero_normalizado(request.GET.get("numero", ""))
        return _pedir_codigo(request, ConsultaForm(initial={"numero": numero}, label_suffix=""))
    form = ConsultaForm(request.POST, label_suffix="")
    if not form.is_valid():
        return _pedir_codigo(request, form, status=422)
    numero = form.cleaned_data["numero"]
    if not _puede_intentar(request, numero):
        return _pedir_codigo(request, form, status=429, frenado=True)
    radicado = _el_de(numero, form.cleaned_data["codigo"])
    if radicado is None:
        form.add_error(None, NO_COINCIDEN)
        return _pedir_codigo(request, form, status=422)
    _devolver_intento(request, numero)
    sesion.abrir(request, radicado)
    if texto := form.cleaned_data["texto"]:
        return _pagina(request, radicado, status=200, mensaje=form_de("mensaje", initial={"texto": texto}))
    return redirect("ventanilla:seguimiento", numero)


def _pedir_codigo(request, form, *, status: int = 200, **contexto):
    respuesta = render(request, "ventanilla/consulta.html", {"form": form, **contexto}, status=status)
    if request.GET or status != 200:
        respuesta.headers["X-Robots-Tag"] = INDICE
    return respuesta


def _puede_intentar(request, numero: str) -> bool:
    """Count the try before looking, so that tries at the same moment do not slip by."""
    por_numero = freno.intentar("consulta", numero, **POR_NUMERO)
    por_direccion = freno.intentar("consulta-desde", direccion_de(request), **POR_DIRECCION)
    return por_numero and por_direccion


def _devolver_intento(request, numero: str) -> None:
    """Only wrong tries count."""
    freno.devolver("consulta", numero, cada=POR_NUMERO["cada"])
    freno.devolver("consulta-desde", direccion_de(request), cada=POR_DIRECCION["cada"])


def _el_de(numero: str, codigo: str) -> Radicado | None:
    radicado = Radicado.objects.enteros().con_numero(numero).first()
    clave, guardado = (radicado.clave, radicado.codigo_sha256) if radicado else NINGUNO
    coincide = es_su_codigo(codigo, clave, guardado)
    return radicado if coincide else None


def _de_quien_lo_abrio(vista):
    """Give the view the Radicado of that number if this browser opened it, or ask for its code."""

    @never_cache
    @wraps(vista)
    def guardada(request, numero, **kwargs):
        radicado = sesion.abierto(request, numero)
        if radicado is not None:
            respuesta = vista(request, radicado, **kwargs)
        elif request.method == "POST":
            respuesta = _pedir_de_nuevo(request, numero)
        else:
            respuesta = redirect(f"{reverse('ventanilla:consulta')}?numero={numero}")
        respuesta.headers["X-Robots-Tag"] = INDICE
        return respuesta

    return guardada


def _pedir_de_nuevo(request, numero: str):
    """What was being written when the page closed by itself waits, in the page, for the code."""
    escrito = "\n\n".join(
        valor for campo in ("texto", "motivo", "comentario") if (valor := request.POST.get(campo, "").strip())
    )
    form = ConsultaForm(initial={"numero": numero, "texto": escrito[:5000]}, label_suffix="")
    return _pedir_codigo(request, form, status=403, escrito=escrito[:5000], se_cerro=True)


# --- Its page ------------------------------------------------------------------------------------
@_de_quien_lo_abrio
@require_safe
def seguimiento(request, radicado):
    return _pagina(request, radicado, status=200)


def _pagina(request, radicado: Radicado, *, status: int, **enviados):
    """The page, with the forms of `enviados` as they were sent."""
    hoy, habiles = timezone.localdate(), DiasHabiles()
    salidas = list(radicado.salidas.select_related("asiento", "valoracion").prefetch_related("anexos"))
    respuesta = next((salida for salida in reversed(salidas) if salida.clase == Salida.Clase.RESPUESTA), None)
    acciones = acciones_de(radicado, respuesta, hoy, habiles)
    enviado = next(iter(enviados.values()), None)
    contexto = {
        "radicado": radicado,
        "situacion": situacion_de(radicado, hoy, habiles),
        "fecha": fecha_de(radicado, hoy),
        "entrega": entrega_por_aceptacion(radicado, hoy, habiles),
        "forms": {accion: enviados.get(accion) or form_de(accion) for accion in acciones},
        "enviado": enviado if status == 422 else None,
        "salidas": salidas,
        "respuesta": respuesta,
        "mensajes": radicado.mensajes.prefetch_related("anexos"),
        "hechos": hechos_de(radicado),
        "respuestas": respuestas_de(radicado),
        "anexos": _propios(radicado),
        "inactividad": int(sesion.INACTIVIDAD.total_seconds() // 60),
    }
    return render(request, "ventanilla/seguimiento.html", contexto, status=status)


def _propios(radicado: Radicado):
    """What came with it, whoever typed it in."""
    al_radicar = Q(subido_por=None) | Q(subido_en__lte=radicado.radicado_en)
    return radicado.anexos.filter(al_radicar, mensaje=None, salida=None, proyecto=None)


@_de_quien_lo_abrio
@require_safe
def anexo(request, radicado, pk):
    """A file that the person sent or was sent; never one of an answer that nobody has signed."""
    suyo = Q(subido_por=None) | Q(subido_en__lte=radicado.radicado_en)
    enviado = Q(mensaje__isnull=False) | Q(salida__isnull=False)
    anexo = get_object_or_404(radicado.anexos.filter(suyo | enviado, proyecto=None), pk=pk)
    return entregar(anexo)


@never_cache
@require_POST
def salir(request, numero):
    """Forget it in this browser."""
    sesion.cerrar(request, numero)
    messages.success(request, f"Cerró el radicado {numero} en este teléfono o computador.")
    return redirect("ventanilla:consulta")


# --- What may be done ----------------------------------------------------------------------------
@require_POST
@_de_quien_lo_abrio
def actuar(request, radicado, accion):
    """Do it and come back to the page, which says it; or the page again with what is wrong."""
    if accion not in FORMS:
        raise Http404
    form = form_de(accion, request.POST, request.FILES)
    if not form.is_valid():
        return _pagina(request, radicado, status=422, **{accion: form})
    try:
        with transaction.atomic():
            # Two taps are two requests at once: one after the other.
            Radicado.objects.select_for_update(of=("self",)).get(pk=radicado.pk)
            hecho = _ACTOS[accion](radicado, form.cleaned_data)
    except (TransicionRechazada, ValidationError) as rechazo:
        razon = str(rechazo) if isinstance(rechazo, TransicionRechazada) else " ".join(rechazo.messages)
        form.add_error(None, razon)
        return _pagina(request, Radicado.objects.enteros().get(pk=radicado.pk), status=422, **{accion: form})
    messages.success(request, hecho)
    return redirect("ventanilla:seguimiento", radicado.numero)


def _mandar(radicado: Radicado, datos: dict[str, Any]) -> bool:
    """The message with its files, once for its key. Returns whether it is new."""
    clave = datos["clave"]
    if Mensaje.objects.filter(clave=clave).exclude(radicado=radicado).exists():
        clave = uuid4()
    nuevo = not radicado.mensajes.filter(clave=clave).exists()
    if nuevo and not freno.intentar("mensaje", radicado.numero, **MENSAJES):
        raise CondicionIncumplida(
            "Envió muchos mensajes en poco tiempo. Espere una hora, o llame a la alcaldía."
        )
    mensaje = enviar_mensaje(radicado, clave=clave, texto=datos["texto"])
    if not mensaje.anexos.exists():
        for revisado in datos["archivos"]:
            guardar_anexo(revisado, radicado=radicado, mensaje=mensaje)
    return nuevo


def _mensaje(radicado: Radicado, datos: dict[str, Any]) -> str:
    _mandar(radicado, datos)
    return "Enviamos su mensaje. La respuesta aparecerá en esta página."


def _completar(radicado: Radicado, datos: dict[str, Any]) -> str:
    if _mandar(radicado, datos):
        dar_paso("completar", radicado, por=None, de_la_persona=True)
    return "Recibimos lo que faltaba. Volvemos a trabajar en su solicitud."


def _mas_tiempo(radicado: Radicado, datos: dict[str, Any]) -> str:
    dar_paso("dar_mas_tiempo", radicado, por=None, de_la_persona=True)
    return "Tiene más tiempo para completarla. La nueva fecha está en esta página."


def _desistir(radicado: Radicado, datos: dict[str, Any]) -> str:
    dar_paso("desistir", radicado, por=None, de_la_persona=True, motivo=datos["motivo"])
    return "Usted desistió de este radicado."


def _reabrir(radicado: Radicado, datos: dict[str, Any]) -> str:
    dar_paso("reabrir", radicado, por=None, de_la_persona=True, motivo=datos["motivo"])
    return "La vamos a revisar de nuevo. La nueva fecha está en esta página."


def _valorar(radicado: Radicado, datos: dict[str, Any]) -> str:
    """Whoever says that it was solved closes it."""
    respuesta = radicado.salidas.respuestas().order_by("-en", "-pk").first()
    if respuesta is None or radicado.abierto:
        raise CondicionIncumplida("Todavía no hay una respuesta que calificar.")
    valorar(respuesta, **datos)
    if datos["resuelto"] and radicado.estado == Radicado.Estado.RESPONDIDO:
        dar_paso("cerrar", radicado, por=None, conforme=True, de_la_persona=True)
    return "Gracias. Lo que nos dijo quedó registrado."


_ACTOS = {
    "mensaje": _mensaje,
    "completar": _completar,
    "mas-tiempo": _mas_tiempo,
    "desistir": _desistir,
    "reabrir": _reabrir,
    "valorar": _valorar,
}
