"""The lines and their contracts in the admin: for Secretaría General and whoever administers the site.

Cuts and closings are only read here: what is said of them is said in the log.
"""

from django import forms
from django.contrib import admin
from django.db import models
from django.urls import reverse
from django.utils.html import format_html
from simple_history.admin import SimpleHistoryAdmin

from conectividad.mes import Mes
from conectividad.models import CierreMensual, Enlace, Incidente, Objetivo
from portal.admin.permisos import SoloLectura, SoloOrganizacion
from portal.admin.sitio import sitio_admin


class ObjetivoEnLinea(SoloOrganizacion, admin.StackedInline):
    model = Objetivo
    extra = 0


@admin.register(Enlace, site=sitio_admin)
class EnlaceAdmin(SoloOrganizacion, SimpleHistoryAdmin):
    object_history_template = "admin/historia.html"
    list_display = ("nombre", "lugar", "proveedor", "horas", "activo", "por_confirmar")
    list_filter = ("activo", "por_confirmar")
    search_fields = ("nombre", "lugar", "proveedor", "contrato")
    prepopulated_fields = {"slug": ["nombre"]}
    formfield_overrides = {models.ManyToManyField: {"widget": forms.CheckboxSelectMultiple}}
    inlines = (ObjetivoEnLinea,)
    fieldsets = (
        ("Enlace", {"fields": ("nombre", "slug", "lugar", "dependencias", "activo", "orden")}),
        (
            "Proveedor y contrato",
            {
                "fields": (
                    *("proveedor", "telefono_soporte", "contrato", "contrato_desde", "contrato_hasta"),
                    *("bajada_mbps", "subida_mbps", "tarifa", "por_confirmar"),
                )
            },
        ),
        (
            "Lo que promete",
            {"fields": ("disponibilidad", "descuento", "descuento_por_punto", "clausula")},
        ),
        ("Cómo se cuenta", {"fields": ("horas", "fallas_para_abrir", "aciertos_para_cerrar")}),
    )

    def has_delete_permission(self, request, obj=None):
        """A line is not erased: it stops being active, and its cuts stay."""
        return False


@admin.register(Incidente, site=sitio_admin)
class IncidenteAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("__str__", "fin", "causa", "planeado", "anulado_en", "en_la_bitacora")
    list_select_related = ("enlace",)
    list_filter = ("enlace", "causa", "planeado")
    search_fields = ("descripcion", "ticket")
    date_hierarchy = "inicio"

    @admin.display(description="en la bitácora")
    def en_la_bitacora(self, incidente):
        return format_html('<a href="{}">Ver {}</a>', incidente.get_absolute_url(), str(incidente).lower())


@admin.register(CierreMensual, site=sitio_admin)
class CierreMensualAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("__str__", "firma", "firmado_en", "la_cuenta")
    list_select_related = ("enlace",)
    list_filter = ("enlace", "anio")

    @admin.display(description="la cuenta")
    def la_cuenta(self, cierre):
        ruta = reverse("conectividad:panel_mes", args=[cierre.enlace.slug, Mes(cierre.anio, cierre.mes)])
        return format_html('<a href="{}">Ver la cuenta de {}</a>', ruta, cierre)
