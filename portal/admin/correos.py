"""The outbox, to be looked at: the system writes it and the rutina `despachar` empties it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.urls import path
from django.utils import timezone

from portal.admin.permisos import SoloLectura, organiza
from portal.admin.sitio import sitio_admin
from portal.correo import SIN_DESTINATARIO, de_familias, destinatario_a_la_vista, es_reservado
from portal.models import Correo
from portal.redaccion import avisos


@admin.register(Correo, site=sitio_admin)
class CorreoAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("asunto", "para_quien", "estado", "intentos", "intentar_desde", "enviado_en", "error")
    list_filter = ("estado", "creado_en")
    search_fields = ("para", "asunto")
    date_hierarchy = "creado_en"
    list_per_page = 50
    actions = ("volver_a_intentar",)
    change_form_template = "admin/portal/correo/change_form.html"

    def get_fields(self, request, obj=None):
        """Without the text that is only for who gets it: to administer the site opens no radicado."""
        campos = [campo for campo in super().get_fields(request, obj) if campo != "para_quien"]
        if not obj or not es_reservado(obj):
            return campos
        callados = {"texto", "cabeceras"}
        return [{"para": "para_quien"}.get(campo, campo) for campo in campos if campo not in callados]

    def get_readonly_fields(self, request, obj=None):
        return (*super().get_readonly_fields(request, obj), "para_quien")

    @admin.display(description="para")
    def para_quien(self, correo):
        return destinatario_a_la_vista(correo)

    def get_search_results(self, request, queryset, search_term):
        """To look for an address must not tell whether it is on a list."""
        halladas, repite = super().get_search_results(request, queryset, search_term)
        if search_term and SIN_DESTINATARIO:
            halladas = halladas.filter(Q(clave=None) | ~de_familias(SIN_DESTINATARIO))
        return halladas, repite

    def get_urls(self):
        vista = self.admin_site.admin_view(self.reintentar)
        return [path("<int:pk>/reintentar/", vista, name="portal_correo_reintentar"), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Correos"} | (extra_context or {}))

    def get_actions(self, request):
        return {"volver_a_intentar": self.get_action("volver_a_intentar")} if organiza(request.user) else {}

    @admin.action(description="Volver a intentar los que no se pudieron enviar")
    def volver_a_intentar(self, request, queryset):
        self._decir(request, avisos.reintentar(queryset, timezone.now()))

    def reintentar(self, request, pk: int):
        """Put back in the outbox one message that was given up. Only by POST."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        correos = Correo.objects.filter(pk=pk)
        if not correos.exists():
            raise Http404
        self._decir(request, avisos.reintentar(correos, timezone.now()))
        return redirect("admin:portal_correo_change", pk)

    @staticmethod
    def _decir(request, cuantos: int) -> None:
        if not cuantos:
            messages.info(request, "Nada que reintentar: solo se reintenta lo que no se pudo enviar.")
            return
        que = "Vuelve a intentarse 1 correo" if cuantos == 1 else f"Vuelven a intentarse {cuantos} correos"
        messages.success(request, f"{que}.")
