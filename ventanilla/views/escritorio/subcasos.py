"""To ask another unit for its part of the answer, and to give it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from portal.escritorio import marco
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from ventanilla import subcasos
from ventanilla.acceso import visibles
from ventanilla.forms.escritorio import RespuestaDeSubcasoForm, SubcasoForm
from ventanilla.models import Subcaso
from ventanilla.views.escritorio.acceso import (
    anotar_lectura,
    del_escritorio,
    radicado_o_404,
    se_lee,
    sumar_errores,
)
from ventanilla.views.escritorio.radicado import pagina


@require_POST
@del_escritorio
def pedir_subcaso(request, numero):
    radicado = radicado_o_404(request, numero)
    if not subcasos.puede_pedir(request.user, radicado):
        raise PermissionDenied
    form = SubcasoForm(request.POST, auto_id="subcaso_%s")
    if form.is_valid():
        try:
            subcaso = subcasos.pedir(radicado, por=request.user, **form.cleaned_data)
        except ValidationError as error:
            sumar_errores(form, error)
        except (EstadoInadecuado, SinPermiso) as rechazo:
            form.add_error(None, str(rechazo))
        else:
            messages.success(request, f"Se pidió a {subcaso.dependencia}.")
            return redirect(radicado)
    return pagina(request, radicado, status=422, subcaso=form)


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio
def subcaso(request, pk):
    """What is asked of a unit. Whoever handles the radicado reads it; the head of the unit answers."""
    suyos = Subcaso.objects.filter(pk=pk, radicado__in=visibles(request.user).values("pk"))
    hallado = suyos.select_related(
        "dependencia", "pedido_por", "respondido_por", "radicado__asiento", "radicado__clase"
    ).first()
    if hallado is None:
        raise Http404
    responde = subcasos.puede_responder(request.user, hallado)
    entero = se_lee(request.user, hallado.radicado)
    if not (responde or entero):
        raise Http404
    if hallado.radicado.clase.reservada:
        anotar_lectura(hallado.radicado, request.user, f"Lo pedido a {hallado.dependencia}"[:200])
    form = RespuestaDeSubcasoForm(request.POST or None)
    if request.method == "POST":
        if not responde:
            raise PermissionDenied
        return _contestar(request, hallado, form, entero)
    return _pagina(request, hallado, form, responde, entero)


def _contestar(request, hallado: Subcaso, form: RespuestaDeSubcasoForm, entero: bool):
    status = 422
    if form.is_valid():
        texto = form.cleaned_data["respuesta"]
        try:
            if request.POST.get("accion") == "devolver":
                subcasos.devolver(hallado, motivo=texto, por=request.user)
            else:
                subcasos.responder(hallado, respuesta=texto, por=request.user)
        except (EstadoInadecuado, CondicionIncumplida) as rechazo:
            if _es_lo_mismo(hallado, texto, request.user):
                messages.info(request, "Ya estaba enviado: no se repitió.")
                return redirect("ventanilla:subcaso", hallado.pk)
            form.add_error(None, str(rechazo))
            status = 409
        except SinPermiso as rechazo:
            raise PermissionDenied(str(rechazo)) from rechazo
        else:
            messages.success(request, "Quedó enviado a quien lo pidió.")
            return redirect("ventanilla:subcaso", hallado.pk)
    return _pagina(request, hallado, form, True, entero, status=status)


def _es_lo_mismo(hallado: Subcaso, texto: str, usuario) -> bool:
    """Whether it is the second tap of who already sent that."""
    hallado.refresh_from_db()
    return hallado.respondido_por == usuario and hallado.respuesta == texto.strip()


def _pagina(request, hallado: Subcaso, form, responde: bool, entero: bool, *, status: int = 200):
    contexto = marco(
        request,
        f"Se pide a {hallado.dependencia}",
        subcaso=hallado,
        radicado=hallado.radicado,
        form=form,
        responde=responde and (hallado.estado == Subcaso.Estado.PEDIDO and hallado.radicado.abierto),
        entero=entero,
    )
    return render(request, "ventanilla/escritorio/subcaso.html", contexto, status=status)
