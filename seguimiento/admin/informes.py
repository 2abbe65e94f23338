"""The weekly reports and what is said of them, to be looked at: they are written on the panel."""

from django.contrib import admin

from portal.admin.permisos import SoloLectura
from portal.admin.sitio import sitio_admin
from seguimiento.models import (
    EnlaceDelComite,
    InformeSemanal,
    NotaDeCorreccion,
    ObservacionADependencia,
    ObservacionDeMiembro,
)


@admin.register(InformeSemanal, site=sitio_admin)
class InformeSemanalAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("numero", "periodo", "estado", "congelado_en", "firma", "firmado_en")
    list_filter = ("estado", "anio")
    list_per_page = 53
    exclude = ("datos", "consecutivo", "firmado_por", "firmado_como")

    def get_queryset(self, request):
        return super().get_queryset(request).defer("datos")


@admin.register(NotaDeCorreccion, site=sitio_admin)
class NotaDeCorreccionAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("numero", "informe", "texto", "firma", "en")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("informe").defer("informe__datos")


@admin.register(ObservacionADependencia, site=sitio_admin)
class ObservacionADependenciaAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("dependencia", "texto", "en", "respuesta", "respondida_en")
    list_filter = (("dependencia", admin.RelatedOnlyFieldListFilter),)
    list_select_related = ("dependencia",)
    exclude = ("por", "respondida_por")


@admin.register(ObservacionDeMiembro, site=sitio_admin)
class ObservacionDeMiembroAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("firma", "informe", "texto", "en")

    def get_queryset(self, request):
        return super().get_queryset(request).select_related("informe").defer("informe__datos")


@admin.register(EnlaceDelComite, site=sitio_admin)
class EnlaceDelComiteAdmin(SoloLectura, admin.ModelAdmin):
    """They are given and revoked on the panel, where the secret is shown once."""

    list_display = ("persona", "miembro", "creado_en", "vence_en", "revocado_en")
    list_select_related = ("miembro",)
    exclude = ("huella",)
