"""The catalogue of criteria, to put it right; what is found of each is written on the desk of criteria."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError

from portal.admin.permisos import SoloOrganizacion
from portal.admin.sitio import sitio_admin
from seguimiento.models import Criterio, Equivalencia, Fase, Marco
from seguimiento.registro import REGLAS


class Catalogo(SoloOrganizacion, admin.ModelAdmin):
    """What the marcos ask is loaded from their files: here it is corrected, never erased."""

    def has_add_permission(self, request, *args):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Marco, site=sitio_admin)
class MarcoAdmin(Catalogo):
    list_display = ("nombre", "norma")
    fields = ("nombre", "norma", "advertencia")


@admin.register(Fase, site=sitio_admin)
class FaseAdmin(Catalogo):
    list_display = ("nombre", "marco", "plazo_territorial", "plazo_nacional", "peso")
    list_select_related = ("marco",)
    list_filter = ("marco",)
    fields = ("nombre", "descripcion", "plazo_territorial", "plazo_nacional", "peso")


class CriterioForm(forms.ModelForm):
    regla = forms.ChoiceField(label="Regla que lo comprueba", required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "regla" in self.fields:
            reglas = [(nombre, f"{nombre}: {regla.que}") for nombre, regla in sorted(REGLAS.items())]
            self.fields["regla"].choices = [("", "Ninguna: lo afirma una persona"), *reglas]

    def clean(self):
        datos = super().clean()
        otros = Criterio.objects.que_cuentan().filter(fase=self.instance.fase).exclude(pk=self.instance.pk)
        if datos.get("peso") == 0 and not otros.filter(peso__gt=0).exists():
            raise ValidationError(
                {"peso": "Los pesos de la fase sumarían cero y no tendría porcentaje: deje 1 o más."}
            )
        return datos


@admin.register(Criterio, site=sitio_admin)
class CriterioAdmin(Catalogo):
    form = CriterioForm
    list_display = ("codigo", "nombre", "fase", "dependencia", "firmeza", "peso", "resultado")
    list_select_related = ("fase", "dependencia")
    list_filter = ("fase", "firmeza", "resultado", ("dependencia", admin.RelatedOnlyFieldListFilter))
    search_fields = ("codigo", "nombre")
    readonly_fields = ("codigo", "fase")
    fieldsets = (
        ("Qué se pide", {"fields": ("codigo", "fase", "grupo", "nombre", "descripcion")}),
        ("Qué tan firme es", {"fields": ("fuente", "firmeza", "obligatoriedad", "aplica", "peso")}),
        ("Quién responde", {"fields": ("dependencia", "canal")}),
        (
            "Cómo se comprueba",
            {"fields": ("regla", "parametros", "como_se_comprueba", "evidencia_sugerida")},
        ),
    )


@admin.register(Equivalencia, site=sitio_admin)
class EquivalenciaAdmin(SoloOrganizacion, admin.ModelAdmin):
    list_display = ("criterio", "otro", "nota")
    list_select_related = ("criterio", "otro")
    search_fields = ("criterio__codigo", "criterio__nombre", "otro__codigo", "otro__nombre")
    autocomplete_fields = ("criterio", "otro")
