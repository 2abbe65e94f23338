"""The inventory of trámites, and the desk of whoever keeps their hojas de vida."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F, FloatField
from django.db.models.functions import Cast, NullIf
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from portal.admin.sitio import sitio_admin
from portal.flujo import Contexto
from portal.models import Edicion
from tramites import avance, services
from tramites.admin.escritura import Escritura
from tramites.admin.formularios import TramiteForm
from tramites.admin.intercambio import Intercambio
from tramites.admin.permisos import actua_en_tramites, dependencias_que_escribe, escribe_en_alguna
from tramites.admin.recorrido import Recorrido
from tramites.admin.tabla import FILTROS, buscar, con_su_hoja
from tramites.completitud import grado, porcentaje
from tramites.en_linea import con_recepcion
from tramites.flujo import escribe
from tramites.models import Tramite


@admin.register(Tramite, site=sitio_admin)
class TramiteAdmin(Recorrido, Escritura, Intercambio, SimpleHistoryAdmin):
    """Everybody whose posts act on trámites sees all of them; the flow says who writes and who approves."""

    list_display = (
        *("codigo", "nombre", "dependencia", "estado", "completitud"),
        *("en_el_sitio", "pendientes", "numero_suit"),
    )
    list_display_links = ("nombre",)
    list_select_related = ("dependencia",)
    list_filter = FILTROS
    list_per_page = 100
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("nombre",)
    ordering = ("codigo",)
    object_history_template = "admin/historia.html"

    # --- Who may --------------------------------------------------------------------------------
    def has_module_permission(self, request):
        return actua_en_tramites(request.user)

    def has_view_permission(self, request, obj=None):
        return actua_en_tramites(request.user)

    def has_add_permission(self, request):
        return escribe_en_alguna(request.user)

    has_change_permission = has_delete_permission = lambda self, request, obj=None: False

    def get_actions(self, request):
        return {}

    def tramite_o_404(self, request, pk: int) -> Tramite:
        """The trámite, for whoever sees the table. Raises PermissionDenied or Http404."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        tramites = con_recepcion(Tramite.objects.select_related("dependencia", "hoja_publica"))
        tramite = tramites.filter(pk=pk).first()
        if tramite is None:
            raise Http404
        return tramite

    @staticmethod
    def escribe(request, tramite: Tramite) -> bool:
        return not escribe(tramite, Contexto(request.user, timezone.now()))

    # --- The table ------------------------------------------------------------------------------
    def get_queryset(self, request):
        return con_su_hoja(super().get_queryset(request))

    def get_search_results(self, request, queryset, search_term):
        return buscar(queryset, search_term), False

    def changelist_view(self, request, extra_context=None):
        contexto = {
            "title": "Trámites",
            "avance": avance.medir(timezone.now()),
            "importa": escribe_en_alguna(request.user),
        }
        return super().changelist_view(request, contexto | (extra_context or {}))

    @admin.display(
        description="completa",
        ordering=Cast(F("llenos"), FloatField()) / NullIf(F("exigidos"), 0),
    )
    def completitud(self, tramite):
        if not tramite.exigidos:
            return "Sin hoja de vida"
        medida = tramite.llenos, tramite.exigidos
        return f"{porcentaje(*medida)} % · {grado(*medida).label.lower()}"

    @admin.display(description="en el sitio", ordering="publicado_en")
    def en_el_sitio(self, tramite):
        if tramite.hoja_publica_id is None:
            return "No"
        dia = date_format(timezone.localtime(tramite.publicado_en), "SHORT_DATE_FORMAT")
        return format_html(
            '<a href="{}">Sí<span class="oculto">, ver {} en el sitio</span></a>, {}{}',
            tramite.get_absolute_url(),
            tramite,
            dia,
            ". Se hace en línea" if tramite.se_recibe else "",
        )

    @admin.display(description="por confirmar")
    def pendientes(self, tramite):
        return len(tramite.por_confirmar) or "—"

    # --- Addresses ------------------------------------------------------------------------------
    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/datos/", vista(self.datos), name="tramites_tramite_datos"),
            *self.urls_de_recorrido(),
            *self.urls_de_escritura(),
            *self.urls_de_intercambio(),
            *super().get_urls(),
        ]

    def change_view(self, request, object_id, form_url="", extra_context=None):
        tramite = self.tramite_o_404(request, int(object_id) if object_id.isdecimal() else 0)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET"])
        return self.ficha(request, tramite)

    # --- The inventory --------------------------------------------------------------------------
    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = TramiteForm(
            request.POST if request.method == "POST" else None,
            dependencias=dependencias_que_escribe(request.user),
        )
        if request.method == "POST" and form.is_valid() and (nuevo := self._identificar(request, form)):
            messages.success(request, f"«{nuevo}» ya está en el inventario. Ahora empiece su hoja de vida.")
            return redirect("admin:tramites_tramite_change", nuevo.pk)
        return self._datos(request, form, "Agregar un trámite al inventario")

    @staticmethod
    def _identificar(request, form: TramiteForm) -> Tramite | None:
        """The new trámite; None when somebody took its code meanwhile, and then the form says so."""
        campos = dict(form.cleaned_data)
        previos = list(campos.pop("previos"))
        try:
            with transaction.atomic():
                tramite = services.crear_tramite(por=request.user, **campos)
                services.fijar_previos(tramite, previos, por=request.user)
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return None
        return tramite

    def datos(self, request, pk: int):
        """What the inventory says of it: the short word, the decision on automation, what goes before."""
        tramite = self.tramite_o_404(request, pk)
        if not self.escribe(request, tramite):
            raise PermissionDenied
        titulo = f"Datos de {tramite.codigo}"
        form = TramiteForm(
            request.POST if request.method == "POST" else None,
            instance=tramite,
            dependencias=dependencias_que_escribe(request.user),
        )
        if request.method == "POST" and form.is_valid() and self._guardar_datos(request, form):
            messages.success(request, "Los datos del trámite quedaron guardados.")
            return redirect("admin:tramites_tramite_change", pk)
        return self._datos(request, form, titulo)

    @staticmethod
    @transaction.atomic
    def _guardar_datos(request, form: TramiteForm) -> bool:
        """Whether it was saved: what goes before it may make a circle, and then the form says so."""
        try:
            services.fijar_previos(form.instance, list(form.cleaned_data["previos"]), por=request.user)
        except ValidationError as error:
            form.add_error("previos", error)
            return False
        # Locked by now with all the others: only what this form is about is written over it.
        fila = Tramite.objects.get(pk=form.instance.pk)
        for campo in set(form.fields) - {"previos"}:
            if campo not in form.DEL_INVENTARIO or fila.estado == Tramite.Estado.SIN_GESTION:
                setattr(fila, campo, form.cleaned_data[campo])
        fila.save()
        Edicion.avanzar()
        return True

    def _datos(self, request, form: TramiteForm, titulo: str):
        contexto: dict[str, Any] = self.admin_site.each_context(request) | {
            "title": titulo,
            "opts": self.opts,
            "form": form,
            "tramite": form.instance if form.instance.pk else None,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/tramites/tramite/datos.html", contexto, status=status)
