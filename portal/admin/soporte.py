"""The support table, and the book where officials ask for help with a screen and are answered."""

from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.http import require_http_methods, require_safe

from portal import ayuda, claves, soporte
from portal.admin.permisos import SoloOrganizacion
from portal.admin.sitio import sitio_admin
from portal.forms.comunes import Parrafos
from portal.hojas_de_calculo import csv_para_bajar
from portal.models import ProcedimientoDeSoporte, SolicitudDeSoporte

POR_PAGINA = 30


@admin.register(ProcedimientoDeSoporte, site=sitio_admin)
class ProcedimientoDeSoporteAdmin(SoloOrganizacion, admin.ModelAdmin):
    """What is done today. What was signed in 2008 is history: nobody writes it, and its rows stay."""

    list_display = ("problema", "asistencia", "orden")
    fields = (
        *("orden", "problema", "procedimiento", "asistencia"),
        *("procedimiento_firmado", "asistencia_firmada", "fuente"),
    )

    def get_readonly_fields(self, request, obj=None):
        firmados = ("procedimiento_firmado", "asistencia_firmada")
        return ("problema", *firmados, "fuente") if obj and obj.procedimiento_firmado else firmados

    def has_delete_permission(self, request, obj=None):
        return super().has_delete_permission(request) and not (obj and obj.procedimiento_firmado)


# --- The book -------------------------------------------------------------------------------------
class PedirForm(forms.Form):
    clave = forms.UUIDField(widget=forms.HiddenInput)
    pantalla = forms.CharField(max_length=300, required=False, widget=forms.HiddenInput)
    problema = Parrafos(
        label="Qué pasó",
        max_length=2000,
        help_text="Qué quería hacer y qué vio. No escriba contraseñas ni datos personales de nadie.",
    )


class ResponderForm(forms.Form):
    respuesta = Parrafos(label="Respuesta", max_length=2000, filas=5)


@require_safe
def solicitudes(request):
    """One's own; to whoever answers, also those that wait and the figures of the months."""
    responde = soporte.responde(request.user)
    propias = SolicitudDeSoporte.objects.filter(por=request.user)
    esperan = SolicitudDeSoporte.objects.filter(respondida_en=None).select_related("por")
    contexto = sitio_admin.each_context(request) | {
        "title": "Soporte",
        "propias": Paginator(propias, POR_PAGINA).get_page(request.GET.get("pagina")),
        "responde": responde,
        "esperan": esperan.order_by("pedida_en", "pk") if responde else (),
        "cifras": soporte.cifras() if responde else [],
        "decide_claves": claves.decide(request.user),
    }
    return TemplateResponse(request, "admin/soporte.html", contexto)


@require_safe
def cifras(request):
    if not soporte.responde(request.user):
        raise PermissionDenied
    return csv_para_bajar("soporte.csv", soporte.COLUMNAS_DE_CIFRAS, soporte.cifras_en_filas())


@require_http_methods(["GET", "HEAD", "POST"])
def pedir(request):
    """The form, with the screen it was opened from; what it sends is written once."""
    pantalla = soporte.solo_el_camino(request.GET.get("pantalla", ""))
    enviado = request.POST if request.method == "POST" else None
    form = PedirForm(enviado, initial={"clave": uuid4(), "pantalla": pantalla})
    if form.is_valid():
        try:
            solicitud = soporte.pedir(por=request.user, **form.cleaned_data)
        except ValidationError as rechazo:
            form.add_error(None, " ".join(rechazo.messages))
        else:
            messages.success(request, f"Quedó anotada con el número {solicitud.numero}.")
            return redirect("admin:soporte_solicitud", solicitud.pk)
    pantalla = soporte.solo_el_camino(form["pantalla"].value() or "")
    contexto = sitio_admin.each_context(request) | {
        "title": "Pedir ayuda",
        "form": form,
        "pantalla": pantalla,
        "de_que_trata": ayuda.titulo_de(pantalla) if pantalla else "",
    }
    return TemplateResponse(request, "admin/soporte_pedir.html", contexto, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def solicitud(request, pk: int):
    """A request with its answer; whoever answers has the form while it has none."""
    hallada = get_object_or_404(soporte.visibles_para(request.user), pk=pk)
    responde = soporte.responde(request.user)
    if request.method == "POST" and not responde:
        raise PermissionDenied
    form = ResponderForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            soporte.responder(hallada, por=request.user, texto=form.cleaned_data["respuesta"])
            messages.success(request, f"Se respondió la solicitud {hallada.numero}.")
            return redirect("admin:soporte_solicitud", pk)
        except soporte.YaRespondida as aviso:
            form.add_error(None, f"{' '.join(aviso.messages)} Lo que usted escribió no se guardó.")
            hallada.refresh_from_db()
    contexto = sitio_admin.each_context(request) | {
        "title": f"Solicitud de soporte {hallada.numero}",
        "solicitud": hallada,
        "form": form,
        "puede_responder": responde and (form.is_bound or not hallada.respondida_en),
        "de_que_trata": ayuda.titulo_de(hallada.pantalla) if hallada.pantalla else "",
    }
    return TemplateResponse(
        request, "admin/soporte_solicitud.html", contexto, status=422 if form.errors else 200
    )


sitio_admin.rutas += [
    path("soporte/", sitio_admin.admin_view(solicitudes), name="soporte"),
    path("soporte/pedir/", sitio_admin.admin_view(pedir), name="soporte_pedir"),
    path("soporte/cifras.csv", sitio_admin.admin_view(cifras), name="soporte_cifras"),
    path("soporte/<int:pk>/", sitio_admin.admin_view(solicitud), name="soporte_solicitud"),
]
