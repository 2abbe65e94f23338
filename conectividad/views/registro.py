"""The quick entry: from a phone, in thirty seconds, with or without a line."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from conectividad import services
from conectividad.forms import CorteForm
from conectividad.views.acceso import de_la_bitacora, del_escritorio, exigir_que_anote, pide_json
from portal.flujo import TransicionRechazada


@require_http_methods(["GET", "HEAD", "POST"])
@de_la_bitacora
def nuevo(request):
    """The form; what it sends is registered once, however many times it arrives with the same key."""
    exigir_que_anote(request.user)
    form = CorteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            incidente = services.registrar(por=request.user, **form.para_registrar())
        except ValidationError as error:
            agregar_errores(form, error)
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
        else:
            return _anotado(request, incidente)
    if request.method == "POST" and pide_json(request):
        return JsonResponse({"errores": _errores(form)}, status=422)
    contexto = del_escritorio(request, "Anotar un corte", form=form)
    return render(request, "conectividad/nuevo.html", contexto, status=422 if form.errors else 200)


def _anotado(request, incidente):
    if pide_json(request):
        return JsonResponse({"url": incidente.get_absolute_url(), "texto": str(incidente)})
    messages.success(request, "El corte quedó anotado.")
    return redirect(incidente)


def _errores(form) -> dict[str, list[str]]:
    """What is wrong, by the name people read."""
    return {
        str(form.fields[campo].label) if campo in form.fields else "": list(lista)
        for campo, lista in form.errors.items()
    }


def agregar_errores(form, error: ValidationError) -> None:
    """What a service refused, beside the field of the form that said it, or over all of them."""
    por_campo = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for campo, mensajes in por_campo.items():
        for mensaje in mensajes:
            form.add_error(campo if campo in form.fields else None, mensaje)
