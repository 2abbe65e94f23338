"""What a draft said each time it was saved: to be read, and brought back by whoever writes it."""

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from portal import services
from portal.flujo import TransicionRechazada
from portal.models import Version
from portal.redaccion.comparacion import comparar_datos


def rutas(admin):
    """The addresses of the earlier savings of a draft, for the VersionAdmin."""

    def _version_o_404(request, pk: int) -> Version:
        version = admin.get_queryset(request).filter(pk=pk).first()
        if version is None:
            raise Http404
        return version

    def anteriores(request, pk: int):
        """Each earlier saving, beside what the draft says now."""
        version = _version_o_404(request, pk)
        hoy = {campo: getattr(version, campo) for campo in Version.CONTENIDO}
        guardados = [
            (anterior, [campo for campo in comparar_datos(anterior.como_datos(), hoy) if campo.cambio])
            for anterior in version.anteriores.select_related("editada_por")
        ]
        contexto = admin.admin_site.each_context(request) | {
            "title": "Guardados anteriores",
            "opts": admin.opts,
            "version": version,
            "guardados": guardados,
            "editable": admin.has_change_permission(request, version),
        }
        return TemplateResponse(request, "admin/portal/version/anteriores.html", contexto)

    def traer(request, pk: int, anterior: int):
        """The draft says again what it said then. What it says now is kept too."""
        version = _version_o_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        guardado = version.anteriores.filter(pk=anterior).first()
        if guardado is None:
            raise Http404
        try:
            services.guardar_borrador(
                version, por=request.user, revision=version.revision, **guardado.como_datos()
            )
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
            return redirect("admin:portal_version_anteriores", version.pk)
        messages.success(request, "El borrador volvió a decir lo de antes. Lo que decía también se conserva.")
        return redirect(version.get_absolute_url())

    vista = admin.admin_site.admin_view
    return [
        path("<int:pk>/anteriores/", vista(anteriores), name="portal_version_anteriores"),
        path("<int:pk>/anteriores/<int:anterior>/traer/", vista(traer), name="portal_version_traer"),
    ]
