"""The organisation in the admin: for Secretaría General and whoever administers the site."""

from django import forms
from django.contrib import admin
from django.urls import reverse
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin

from portal.admin.formularios import ArchivoActual
from portal.admin.matriz import Matriz
from portal.admin.permisos import SoloLectura, SoloOrganizacion, organiza
from portal.admin.relevos import Relevos
from portal.admin.sitio import sitio_admin
from portal.archivos import revisar
from portal.models import (
    Actualizacion,
    Asignacion,
    Autorizacion,
    Canal,
    Cargo,
    Dependencia,
    DiaNoHabil,
    EjecucionDeRutina,
    Jornada,
    Municipio,
    Sinonimo,
    Titularidad,
)
from portal.models.canal import Tipo


class ConHistoria(SoloOrganizacion, SimpleHistoryAdmin):
    """A table that people audit."""

    object_history_template = "admin/historia.html"


class MunicipioForm(forms.ModelForm):
    por_confirmar = forms.MultipleChoiceField(
        label="Datos por confirmar",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="El público los ve marcados como datos de demostración.",
    )

    class Meta:
        model = Municipio
        fields = (
            *("nombre", "departamento", "divipola", "nombre_entidad", "nit", "direccion"),
            *("codigo_postal", "horario", "telefono", "linea_gratuita", "linea_anticorrupcion"),
            *("correo", "correo_judicial", "presentacion", "lema", "escudo", "por_confirmar"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.escudo:
            self.initial["escudo"] = ArchivoActual("el escudo que hoy se ve", reverse("portal:escudo"))
        self.fields["por_confirmar"].choices = [
            (campo.name, capfirst(campo.verbose_name))
            for campo in Municipio._meta.fields
            if campo.name not in {"id", "por_confirmar", "lema", "escudo"}
        ]

    def clean_escudo(self):
        """The shield as a small WebP, checked like any other image. None: it stays as it is."""
        if "escudo" not in self.changed_data:
            return None
        subido = self.cleaned_data["escudo"]
        if not subido:
            return subido
        revisado = revisar(subido)
        if not revisado.miniatura:
            raise forms.ValidationError("El escudo debe ser una imagen PNG, WebP o JPG.")
        return revisado.miniatura_a_guardar()


@admin.register(Municipio, site=sitio_admin)
class MunicipioAdmin(ConHistoria):
    form = MunicipioForm
    fieldsets = (
        ("Nombre", {"fields": ("nombre", "departamento", "divipola", "nombre_entidad", "nit")}),
        (
            "Atención",
            {
                "fields": (
                    "direccion",
                    "codigo_postal",
                    "horario",
                    "telefono",
                    "linea_gratuita",
                    "linea_anticorrupcion",
                    "correo",
                    "correo_judicial",
                )
            },
        ),
        ("Presentación", {"fields": ("presentacion", "lema", "escudo")}),
        ("Qué falta confirmar", {"fields": ("por_confirmar",)}),
    )

    def has_add_permission(self, request, *args):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Dependencia, site=sitio_admin)
class DependenciaAdmin(ConHistoria):
    list_display = ("nombre", "padre", "telefono", "activa")
    list_select_related = ("padre",)
    list_filter = ("activa",)
    search_fields = ("nombre",)
    autocomplete_fields = ("padre",)
    prepopulated_fields = {"slug": ("nombre",)}
    fieldsets = (
        (None, {"fields": ("nombre", "slug", "padre", "descripcion")}),
        ("Atención", {"fields": ("direccion", "telefono", "correo", "horario")}),
        ("Orden", {"fields": ("es_secretaria_general", "activa", "orden", "fuente")}),
    )


class TitularidadInline(admin.TabularInline):
    model = Titularidad
    extra = 0
    autocomplete_fields = ("persona",)
    fields = ("persona", "calidad", "desde", "hasta", "acto")

    def has_view_permission(self, request, obj=None):
        return True

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Cargo, site=sitio_admin)
class CargoAdmin(ConHistoria):
    list_display = ("nombre", "dependencia", "es_jefatura", "activo")
    list_select_related = ("dependencia",)
    list_filter = ("dependencia", "activo")
    search_fields = ("nombre", "dependencia__nombre")
    autocomplete_fields = ("dependencia",)
    prepopulated_fields = {"codigo": ("nombre",)}
    inlines = (TitularidadInline,)


@admin.register(Titularidad, site=sitio_admin)
class TitularidadAdmin(Relevos, ConHistoria):
    list_display = ("cargo", "persona", "calidad", "desde", "hasta")
    list_select_related = ("cargo", "persona")
    list_filter = ("calidad", "cargo__dependencia")
    search_fields = ("persona__first_name", "persona__username", "cargo__nombre")
    autocomplete_fields = ("persona", "cargo")
    date_hierarchy = "desde"


class CanalForm(forms.ModelForm):
    tipos = forms.MultipleChoiceField(
        label="Tipos de publicación que recibe",
        choices=Tipo.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Canal
        fields = (
            *("nombre", "numero", "slug", "padre", "descripcion", "seccion", "tipos", "listado"),
            *("ruta", "dependencia", "edad_maxima_dias", "frecuencia", "base_legal"),
            *("retiro_automatico_dias", "fase", "politico", "publico", "activo", "orden", "fuente"),
        )


@admin.register(Canal, site=sitio_admin)
class CanalAdmin(ConHistoria):
    form = CanalForm
    list_display = ("nombre", "dependencia", "seccion", "edad_maxima_dias", "fase", "activo")
    list_select_related = ("dependencia",)
    list_filter = ("dependencia", "seccion", "fase", "politico", "activo")
    search_fields = ("nombre", "descripcion")
    autocomplete_fields = ("padre", "dependencia")
    prepopulated_fields = {"slug": ("nombre",)}

    def get_readonly_fields(self, request, obj=None):
        """The address of a channel is fixed once it exists: everybody has it in their links."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else self.prepopulated_fields

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Asignacion, site=sitio_admin)
class AsignacionAdmin(Matriz, ConHistoria):
    """The update matrix: on one screen, row by row, or whole as CSV."""

    list_display = ("canal", "cargo", "funcion")
    list_select_related = ("canal", "cargo")
    list_filter = ("funcion", "canal__dependencia")
    search_fields = ("canal__nombre", "cargo__nombre")
    autocomplete_fields = ("canal", "cargo")
    change_list_template = "admin/portal/asignacion/change_list.html"


sitio_admin.botones.append(("Matriz de actualización", "admin:portal_matriz", organiza))


@admin.register(DiaNoHabil, site=sitio_admin)
class DiaNoHabilAdmin(SoloOrganizacion, admin.ModelAdmin):
    list_display = ("fecha", "motivo", "acto")
    date_hierarchy = "fecha"


@admin.register(Jornada, site=sitio_admin)
class JornadaAdmin(ConHistoria):
    list_display = ("__str__", "rige_desde", "rige_hasta")
    list_filter = ("dia",)


@admin.register(Sinonimo, site=sitio_admin)
class SinonimoAdmin(ConHistoria):
    list_display = ("termino", "equivalente")
    search_fields = ("termino", "equivalente")


@admin.register(EjecucionDeRutina, site=sitio_admin)
class EjecucionDeRutinaAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("rutina", "inicio", "duracion_ms", "bien", "resultado")
    list_filter = ("rutina", "bien")


@admin.register(Autorizacion, site=sitio_admin)
class AutorizacionAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("numero", "version", "persona", "cargo", "en", "posterior")
    list_select_related = ("version", "persona", "cargo")
    list_filter = ("anio", "cargo")
    search_fields = ("version__titulo", "huella")
    date_hierarchy = "en"

    @admin.display(description="número")
    def numero(self, acto):
        return acto.numero


@admin.register(Actualizacion, site=sitio_admin)
class ActualizacionAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("en", "clase", "canal", "dependencia", "descripcion", "por", "urgente")
    list_select_related = ("canal", "dependencia", "por")
    list_filter = ("clase", "dependencia", "canal")
    date_hierarchy = "en"
