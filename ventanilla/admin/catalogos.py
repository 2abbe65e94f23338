"""The catalogues of the ventanilla in the admin, for Secretaría General and whoever administers the site.

What the law says is changed here, with its history. Registers are only read, and say nothing of what came in.
"""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from simple_history.admin import SimpleHistoryAdmin

from portal.admin.permisos import SoloLectura, SoloOrganizacion
from portal.admin.sitio import sitio_admin
from ventanilla.certificados import huecos
from ventanilla.models import (
    ClaseDeRadicado,
    Depuracion,
    LecturaReservada,
    PlazoDeActuacion,
    RespuestaTipo,
    TextoDeConsentimiento,
)
from ventanilla.proyectos import DATOS_DE_TEXTO


class DelCatalogo(SoloOrganizacion, SimpleHistoryAdmin):
    """With its history, and without erasing what some radicado uses."""

    object_history_template = "admin/historia.html"

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """The code is how the rules and the data name it: it does not change."""
        return ("codigo",) if obj and hasattr(obj, "codigo") else ()


@admin.register(ClaseDeRadicado, site=sitio_admin)
class ClaseDeRadicadoAdmin(DelCatalogo):
    list_display = (
        "nombre",
        "dias",
        "firmeza",
        "dependencia",
        "publica",
        "reservada",
        "doble_firma",
        "activa",
    )
    list_select_related = ("dependencia",)
    list_filter = ("activa", "publica", "firmeza")
    search_fields = ("nombre", "codigo")
    fieldsets = (
        ("Qué es", {"fields": ("codigo", "nombre", "descripcion", "ejemplo", "activa", "publica", "orden")}),
        (
            "El término",
            {"fields": ("dias", "prorroga", "prorroga_dias", "base_legal", "firmeza", "fuente")},
        ),
        (
            "Cómo se tramita",
            {
                "fields": (
                    *("dependencia", "admite_anonima", "reservada"),
                    *("doble_firma", "conservar_anios"),
                )
            },
        ),
    )


@admin.register(PlazoDeActuacion, site=sitio_admin)
class PlazoDeActuacionAdmin(DelCatalogo):
    list_display = ("nombre", "dias", "firmeza", "base_legal")
    fields = ("codigo", "nombre", "descripcion", "dias", "base_legal", "firmeza", "fuente")

    def has_add_permission(self, request, *args):
        """Each one is read by a rule: another one would be read by none."""
        return False


class RespuestaTipoForm(forms.ModelForm):
    def clean_texto(self) -> str:
        texto = self.cleaned_data["texto"]
        if ajenos := [f"{{{codigo}}}" for codigo in huecos(texto) if codigo not in DATOS_DE_TEXTO]:
            raise ValidationError(f"No sabemos con qué reemplazar: {', '.join(ajenos)}.")
        return texto


@admin.register(RespuestaTipo, site=sitio_admin)
class RespuestaTipoAdmin(DelCatalogo):
    form = RespuestaTipoForm
    list_display = ("nombre", "activa")
    list_filter = ("activa",)
    search_fields = ("nombre", "texto")
    fields = ("nombre", "clases", "texto", "activa")

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        return super().formfield_for_manytomany(
            db_field, request, **kwargs | {"widget": forms.CheckboxSelectMultiple}
        )


@admin.register(TextoDeConsentimiento, site=sitio_admin)
class TextoDeConsentimientoAdmin(SoloOrganizacion, admin.ModelAdmin):
    """Each version stays as people accepted it: a new text is another row."""

    list_display = ("__str__",)
    fields = ("texto", "rige_desde")

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(LecturaReservada, site=sitio_admin)
class LecturaReservadaAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("en", "usuario", "numero", "que")
    list_select_related = ("usuario", "radicado__asiento")
    list_filter = ("usuario",)
    date_hierarchy = "en"
    fields = ("en", "usuario", "numero", "que")

    @admin.display(description="radicado")
    def numero(self, lectura):
        """Its number, and not its subject."""
        return lectura.radicado.numero


@admin.register(Depuracion, site=sitio_admin)
class DepuracionAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("en", "numero", "que", "regla", "anexos", "por")
    list_select_related = ("por",)
    date_hierarchy = "en"
