"""The plan in the admin: what was signed is read, what is done of it and how it is read today is written."""

from django import forms
from django.contrib import admin

from portal.admin.organizacion import ConHistoria
from portal.admin.permisos import SoloLectura, SoloOrganizacion, dirige_secretaria_general
from portal.admin.sitio import sitio_admin
from seguimiento.indicadores import APORTADOS
from seguimiento.models import AccionDelPlan, Actividad, DatoAportado, Indicador, Medicion, Miembro, Plan
from seguimiento.registro import INDICADORES


class Firmado(ConHistoria):
    """What was signed is written once, with the plan; only what `abiertos` names changes afterwards."""

    abiertos: tuple[str, ...] = ()

    def get_readonly_fields(self, request, obj=None):
        campos = [campo for _titulo, grupo in self.fieldsets for campo in grupo["fields"]]
        return [campo for campo in campos if campo not in self.abiertos] if obj else ()

    def has_delete_permission(self, request, obj=None):
        return False


class MiembroInline(admin.TabularInline):
    model = Miembro
    extra = 0
    fields = ("orden", "nombre", "cargo_firmado", "representa", "cargo")
    autocomplete_fields = ("cargo",)

    def get_readonly_fields(self, request, obj=None):
        return ("orden", "nombre", "cargo_firmado", "representa") if obj else ()

    def has_view_permission(self, request, obj=None):
        return True

    has_change_permission = has_view_permission

    def has_add_permission(self, request, obj=None):
        return obj is None

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Plan, site=sitio_admin)
class PlanAdmin(Firmado):
    abiertos = ("vigente", "acto", "hasta")
    list_display = ("nombre", "firmado_en", "vigente")
    fieldsets = (
        (None, {"fields": ("nombre", "codigo", "firmado_en", "desde", "hasta", "acto", "vigente", "fuente")}),
        (
            "El texto firmado",
            {"fields": ("marco_legal", "vision", "objetivo", "objetivos", "marco_de_accion")},
        ),
    )
    inlines = (MiembroInline,)


@admin.register(AccionDelPlan, site=sitio_admin)
class AccionDelPlanAdmin(Firmado):
    abiertos = ("cargos", "nota")
    list_display = ("texto", "plan", "tiempos", "es_recomendacion")
    list_select_related = ("plan",)
    list_filter = ("plan", "es_recomendacion")
    search_fields = ("texto",)
    autocomplete_fields = ("cargos",)
    fieldsets = (
        (
            "El texto firmado",
            {
                "fields": (
                    *("plan", "codigo", "orden", "texto", "beneficio", "responsables", "recursos", "tiempos"),
                    "es_recomendacion",
                )
            },
        ),
        ("Hoy", {"fields": ("cargos", "nota")}),
    )


@admin.register(Actividad, site=sitio_admin)
class ActividadAdmin(Firmado):
    abiertos = ("cargos", "inicio", "fin", "estado", "cumplida_en", "nota", "enlace", "consultas")
    list_display = ("texto", "accion", "estado", "fin", "cumplida_en")
    list_select_related = ("accion",)
    list_filter = ("estado", "accion")
    search_fields = ("texto",)
    autocomplete_fields = ("cargos",)
    filter_horizontal = ("consultas",)
    fieldsets = (
        (None, {"fields": ("accion", "orden", "texto")}),
        ("Quién y cuándo", {"fields": ("cargos", "inicio", "fin")}),
        ("Qué se ha hecho", {"fields": ("estado", "cumplida_en", "nota", "enlace", "consultas")}),
    )


class IndicadorForm(forms.ModelForm):
    funcion = forms.ChoiceField(label="Función que lo calcula")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "funcion" in self.fields:
            self.fields["funcion"].choices = [
                (nombre, f"{nombre}: {funcion.que}") for nombre, funcion in sorted(INDICADORES.items())
            ]


@admin.register(Indicador, site=sitio_admin)
class IndicadorAdmin(Firmado):
    form = IndicadorForm
    abiertos = (
        *("meta", "sentido", "unidad", "lectura", "decision", "literal"),
        *("funcion", "parametros"),
    )
    list_display = ("texto", "meta_firmada", "meta", "sentido", "literal")
    list_filter = ("accion",)
    search_fields = ("texto", "codigo")
    fieldsets = (
        (
            "El texto firmado",
            {"fields": ("accion", "codigo", "orden", "texto", "meta_firmada", "lectura_de")},
        ),
        (
            "Cómo se lee",
            {"fields": ("meta", "sentido", "unidad", "literal", "lectura", "decision")},
        ),
        ("Cómo se calcula", {"fields": ("funcion", "parametros")}),
    )


@admin.register(Medicion, site=sitio_admin)
class MedicionAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("indicador", "dependencia", "desde", "hasta", "valor", "regla_version", "en")
    list_select_related = ("indicador", "dependencia")
    list_filter = ("indicador", "dependencia")
    date_hierarchy = "hasta"


class DatoAportadoForm(forms.ModelForm):
    funcion = forms.ChoiceField(
        label="Indicador", choices=[(nombre, INDICADORES[nombre].que) for nombre in APORTADOS]
    )


@admin.register(DatoAportado, site=sitio_admin)
class DatoAportadoAdmin(SoloOrganizacion, admin.ModelAdmin):
    """What Secretaría General knows and no part of the portal does. A correction is another figure."""

    form = DatoAportadoForm
    list_display = ("funcion", "desde", "hasta", "numerador", "denominador", "soporte", "por", "en")
    list_select_related = ("por",)
    list_filter = ("funcion",)
    fields = ("funcion", "desde", "hasta", "numerador", "denominador", "soporte")

    def has_add_permission(self, request, *args):
        return request.user.is_active and dirige_secretaria_general(request.user)

    def has_change_permission(self, request, obj=None):
        return False

    has_delete_permission = has_change_permission

    def save_model(self, request, obj, form, change):
        obj.por = request.user
        super().save_model(request, obj, form, change)
