"""The handovers, to be looked at: they are written at their desk, on the panel."""

from django.contrib import admin

from portal.admin.permisos import SoloLectura
from portal.admin.sitio import sitio_admin
from seguimiento.models import ActividadDeEmpalme, DocumentoDeEmpalme, Empalme, FuncionarioEntrante


@admin.register(Empalme, site=sitio_admin)
class EmpalmeAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("saliente", "entrante", "desde", "hasta", "acto")
    list_select_related = ("saliente", "entrante")


@admin.register(ActividadDeEmpalme, site=sitio_admin)
class ActividadDeEmpalmeAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("titulo", "clase", "responsable", "fecha", "hecha_en")
    list_filter = ("clase",)
    list_select_related = ("responsable",)
    readonly_fields = ("acta_huella",)


@admin.register(FuncionarioEntrante, site=sitio_admin)
class FuncionarioEntranteAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("nombre", "cargo", "vinculado_en", "vinculo")
    list_filter = ("vinculo",)
    list_select_related = ("cargo",)


@admin.register(DocumentoDeEmpalme, site=sitio_admin)
class DocumentoDeEmpalmeAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("numero", "empalme", "estado", "congelado_en", "firma", "firmado_en")
    list_filter = ("estado",)
    list_select_related = ("empalme__saliente", "empalme__entrante")
    exclude = ("datos", "consecutivo", "firmado_por", "firmado_como")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("datos")
