"""The seats of the committee: the links that Secretaría General gives, and what they open."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.escritorio import con_sesion
from portal.flujo import TransicionRechazada
from portal.periodos import Periodo
from portal.secretos import reservado
from seguimiento import comite
from seguimiento.formatos import contexto_de
from seguimiento.formularios import EnlaceForm, ObservacionForm
from seguimiento.models import EnlaceDelComite, InformeSemanal, UsoDeEnlace
from seguimiento.panel import Mirada, figuras, mirada_de, semanas_con_informe

ENLACES = 50


# --- What a link opens --------------------------------------------------------------------------
def con_su_enlace(vista):
    """The page that a secret opens, with its link: wrong, ended or revoked, the answer is one."""

    @reservado
    @wraps(vista)
    def abierta(request, secreto, *args, **kwargs):
        enlace = comite.abrir(secreto)
        if enlace is None:
            return render(request, "seguimiento/comite_cerrado.html", status=404)
        return vista(request, secreto, enlace, *args, **kwargs)

    return abierta


def _pedido(request) -> tuple[list[InformeSemanal], InformeSemanal | None]:
    """The reports there are, and the one of `?semana=`, or else the last."""
    todos = semanas_con_informe()
    try:
        pedida = Periodo.leer_semana(request.GET.get("semana", ""))
    except ValueError:
        pedida = None
    elegido = next((i for i in todos if i.periodo == pedida), todos[0] if todos else None)
    return todos, elegido and InformeSemanal.objects.get(pk=elegido.pk)


@con_su_enlace
@require_http_methods(["GET", "HEAD", "POST"])
def asiento(request, secreto, enlace):
    """The panel as a member reads it, and one signed observation a week."""
    todos, informe = _pedido(request)
    form = ObservacionForm(request.POST or None, firma=str(enlace))
    estado = 422 if form.errors else 200
    if request.method == "POST" and informe and form.is_valid():
        try:
            comite.observar(enlace, informe, texto=form.cleaned_data["texto"])
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            estado = 409
        else:
            return redirect(f"{request.path}?semana={informe.periodo.clave}#observaciones")
    del_comite = list(informe.del_comite.all()) if informe else []
    return render(
        request,
        "seguimiento/comite.html",
        {
            "enlace": enlace,
            "secreto": secreto,
            "informes": todos,
            "informe": informe,
            "datos": informe and informe.datos,
            "figuras": figuras(informe.datos) if informe else [],
            "del_comite": del_comite,
            "ya_observo": any(dicha.miembro_id == enlace.miembro_id for dicha in del_comite),
            "form": form,
        },
        status=estado,
    )


@con_su_enlace
@require_safe
def informe_del_comite(request, secreto, enlace):
    """The whole report, also before it is published: the rows behind every figure."""
    _todos, informe = _pedido(request)
    if informe is None:
        return redirect("seguimiento:asiento", secreto)
    return render(request, "seguimiento/comite_informe.html", {**contexto_de(informe), "secreto": secreto})


# --- Secretaría General -------------------------------------------------------------------------
def _secretaria(request) -> Mirada:
    """What whoever heads Secretaría General sees. Raises PermissionDenied for the rest."""
    mirada = mirada_de(request.user)
    if not mirada.es_secretaria:
        raise PermissionDenied
    return mirada


@con_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def enlaces(request):
    """The links there are and how they are used. A new one is shown once, on the answer to its form."""
    mirada = _secretaria(request)
    form, nuevo = EnlaceForm(request.POST or None), None
    estado = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            enlace, secreto = comite.crear_enlace(por=request.user, **form.cleaned_data)
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            estado = 409
        else:
            direccion = request.build_absolute_uri(reverse("seguimiento:asiento", args=[secreto]))
            nuevo, form = {"enlace": enlace, "direccion": direccion}, EnlaceForm()
    usos = Prefetch("usos", UsoDeEnlace.objects.order_by("-dia"))
    return render(
        request,
        "seguimiento/comite_enlaces.html",
        {
            "mirada": mirada,
            "form": form,
            "nuevo": nuevo,
            "enlaces": EnlaceDelComite.objects.select_related("miembro").prefetch_related(usos)[:ENLACES],
            "ahora": timezone.now(),
        },
        status=estado,
    )


@con_sesion
@require_POST
def revocar_enlace(request, pk):
    _secretaria(request)
    enlace = get_object_or_404(EnlaceDelComite.objects.select_related("miembro"), pk=pk)
    try:
        comite.revocar(enlace, por=request.user)
    except TransicionRechazada as rechazo:
        messages.warning(request, str(rechazo))
    else:
        messages.success(request, f"El enlace de {enlace.persona} ya no abre nada.")
    return redirect("seguimiento:enlaces_del_comite")
