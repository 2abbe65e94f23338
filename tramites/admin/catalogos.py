"""What hojas de vida choose from, and what is done to make trámites simpler."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from portal.admin.permisos import SoloOrganizacion, organiza
from portal.admin.sitio import sitio_admin
from portal.forms.comunes import FechaInput
from portal.models import Asignacion, Dependencia
from tramites.admin.permisos import dependencias_que_escribe, escribe_en_alguna, lleva_el_catalogo
from tramites.models import (
    Accion,
    Audiencia,
    HojaDeVida,
    PuntoDeAtencion,
    Racionalizacion,
    SituacionDeVida,
    Tematica,
    Tramite,
    TramiteEnSituacion,
    ValorDeReferencia,
)


class DelCatalogo(SoloOrganizacion):
    """Mixin of ModelAdmin: for whoever keeps the organisation and for the authorised user of the SUIT."""

    def puede(self, request, obj=None) -> bool:
        return lleva_el_catalogo(request.user)

    def se_usa(self, obj) -> bool:
        """Whether some hoja de vida names it: without it, what was approved would say something else."""
        return False

    def has_module_permission(self, request):
        return self.puede(request)

    def has_view_permission(self, request, obj=None):
        return self.puede(request)

    def has_add_permission(self, request, *args):
        return self.puede(request)

    def has_change_permission(self, request, obj=None):
        return self.puede(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.puede(request, obj) and obj is not None and not self.se_usa(obj)


class ConDireccionFija(DelCatalogo):
    """Mixin: everybody has the address in their links, and what was approved is known by it."""

    def get_readonly_fields(self, request, obj=None):
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("nombre",)}


class ConHistoria(SimpleHistoryAdmin):
    object_history_template = "admin/historia.html"


@admin.register(Tematica, site=sitio_admin)
class TematicaAdmin(ConDireccionFija, admin.ModelAdmin):
    list_display = ("nombre",)

    def se_usa(self, obj) -> bool:
        return obj.hojas.exists()


@admin.register(Audiencia, site=sitio_admin)
class AudienciaAdmin(ConDireccionFija, admin.ModelAdmin):
    list_display = ("nombre", "grupo", "orden")
    list_select_related = ("grupo",)

    def se_usa(self, obj) -> bool:
        return (
            obj.dentro.exists()
            or HojaDeVida.objects.filter(audiencias=obj).exists()
            or Accion.objects.filter(audiencias=obj).exists()
        )

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """There are two levels, as in the SUIT form."""
        kwargs["queryset"] = Audiencia.objects.filter(grupo=None)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class TramiteEnSituacionInline(DelCatalogo, admin.StackedInline):
    """Its trámites in order. A plain list of names: it needs no JavaScript."""

    model = TramiteEnSituacion
    extra = 2
    fields = ("orden", "tramite")

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        campo = super().formfield_for_foreignkey(db_field, request, **kwargs)
        # Read once and not for each row.
        campo.choices = [("", "Elija…"), *((t.pk, str(t)) for t in Tramite.objects.identificados())]
        return campo

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        campo = super().formfield_for_dbfield(db_field, request, **kwargs)
        campo.widget = getattr(campo.widget, "widget", campo.widget)  # without links to other windows
        return campo


@admin.register(SituacionDeVida, site=sitio_admin)
class SituacionDeVidaAdmin(ConDireccionFija, ConHistoria):
    list_display = ("nombre", "descripcion", "orden")
    search_fields = ("nombre",)
    inlines = (TramiteEnSituacionInline,)
    fields = ("nombre", "slug", "descripcion", "orden")


@admin.register(PuntoDeAtencion, site=sitio_admin)
class PuntoDeAtencionAdmin(DelCatalogo, ConHistoria):
    """Each office keeps its own. One that closes is marked so: hojas de vida go on naming it."""

    list_display = ("nombre", "dependencia", "horario", "activo")
    list_select_related = ("dependencia",)
    list_filter = ("activo",)
    search_fields = ("nombre",)

    def puede(self, request, obj=None) -> bool:
        if super().puede(request):
            return True
        if obj is None:
            return escribe_en_alguna(request.user)
        return dependencias_que_escribe(request.user).filter(pk=obj.dependencia_id).exists()

    def se_usa(self, obj) -> bool:
        return obj.hojas.exists()

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if not lleva_el_catalogo(request.user):
            kwargs["queryset"] = dependencias_que_escribe(request.user)
        else:
            kwargs["queryset"] = Dependencia.objects.filter(activa=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(ValorDeReferencia, site=sitio_admin)
class ValorDeReferenciaAdmin(DelCatalogo, ConHistoria):
    list_display = ("unidad", "anio", "pesos", "norma", "por_cotejar")
    list_filter = ("unidad", "por_cotejar")


@admin.register(Racionalizacion, site=sitio_admin)
class RacionalizacionAdmin(DelCatalogo, ConHistoria):
    """Whoever writes the trámites of an office keeps what is done to make them simpler."""

    list_display = ("tramite", "clase", "antes", "despues", "fin", "avance", "publica")
    list_select_related = ("tramite",)
    list_filter = ("clase", "publica")
    search_fields = ("tramite__nombre", "antes", "despues")
    date_hierarchy = "fin"

    def puede(self, request, obj=None) -> bool:
        if organiza(request.user):
            return True
        if obj is None:
            return escribe_en_alguna(request.user)
        return self._los_que_escribe(request).filter(pk=obj.tramite_id).exists()

    @staticmethod
    def _los_que_escribe(request):
        return Tramite.objects.que_puede(request.user, Asignacion.Funcion.AUTOR)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "tramite" and not organiza(request.user):
            kwargs["queryset"] = self._los_que_escribe(request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in {"inicio", "fin"}:
            kwargs["widget"] = FechaInput()
        return super().formfield_for_dbfield(db_field, request, **kwargs)
