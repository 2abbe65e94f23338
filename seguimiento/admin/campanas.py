"""Campaigns in the admin: of Secretaría General, and of the posts that answer for the action of the plan."""

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q
from simple_history.admin import SimpleHistoryAdmin

from portal.admin.permisos import dirige_secretaria_general
from portal.admin.sitio import sitio_admin
from portal.alcance import MARCAS, alcance_de
from portal.models import Publicacion, Usuario
from seguimiento.models import AccionDelPlan, Actividad, Campana

#: The mark of a post that answers for an action of the plan being followed.
RESPONDE_DEL_PLAN = "responde_del_plan"


def acciones_de(usuario: Usuario):
    """The actions of the plan being followed for which one of their posts answers; of its head, all."""
    acciones = AccionDelPlan.objects.filter(plan__vigente=True)
    if dirige_secretaria_general(usuario):
        return acciones
    puestos = [puesto.cargo for puesto in alcance_de(usuario).puestos]
    responde = AccionDelPlan.cargos.through.objects.filter(acciondelplan=OuterRef("pk"), cargo__in=puestos)
    return acciones.filter(Exists(responde))


def hace_campanas(usuario: Usuario) -> bool:
    """Whether the person records any. Their posts say it, without a query more."""
    alcance = alcance_de(usuario)
    return usuario.is_active and (alcance.dirige_secretaria_general or alcance.tiene(RESPONDE_DEL_PLAN))


def _responde_del_plan(_usuario: Usuario) -> Exists:
    return Exists(
        AccionDelPlan.cargos.through.objects.filter(cargo=OuterRef("pk"), acciondelplan__plan__vigente=True)
    )


class CampanaForm(forms.ModelForm):
    #: Who has it open, given by the admin.
    usuario: Usuario

    class Meta:
        model = Campana
        fields = (
            *("nombre", "que", "donde", "desde", "hasta", "alcance", "como_se_conto"),
            *("actividad", "publicacion", "enlace"),
        )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if actividad := self.fields.get("actividad"):
            suyas = Actividad.objects.filter(accion__in=acciones_de(self.usuario))
            actividad.queryset = suyas.order_by("accion__orden", "orden", "pk")
            actividad.required = not dirige_secretaria_general(self.usuario)
        if publicacion := self.fields.get("publicacion"):
            ya = Q(pk=self.instance.publicacion_id)
            visibles = Publicacion.objects.publicadas().values("pk")
            publicacion.queryset = Publicacion.objects.filter(Q(pk__in=visibles) | ya)


@admin.register(Campana, site=sitio_admin)
class CampanaAdmin(SimpleHistoryAdmin):
    """What was done to make the site known. The public reads it under its activity of the plan."""

    form = CampanaForm
    object_history_template = "admin/historia.html"
    list_display = ("nombre", "donde", "desde", "hasta", "alcance", "actividad")
    list_select_related = ("actividad",)
    search_fields = ("nombre", "donde")
    date_hierarchy = "desde"
    autocomplete_fields = ("publicacion",)
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("nombre", "que", "donde", "desde", "hasta")}),
        ("A cuántas personas llegó", {"fields": ("alcance", "como_se_conto")}),
        ("Dónde se ve", {"fields": ("actividad", "publicacion", "enlace")}),
    )

    def has_module_permission(self, request):
        return hace_campanas(request.user)

    def has_add_permission(self, request):
        return hace_campanas(request.user)

    def has_view_permission(self, request, obj=None):
        """Of one, whether its activity is of an action of theirs; without activity, Secretaría General."""
        if obj is None or dirige_secretaria_general(request.user):
            return hace_campanas(request.user)
        return bool(
            obj.actividad_id and acciones_de(request.user).filter(actividades=obj.actividad_id).exists()
        )

    has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False  # the public read it: what was wrong is corrected, and its history says so

    def get_queryset(self, request):
        campanas = super().get_queryset(request)
        if dirige_secretaria_general(request.user):
            return campanas
        return campanas.filter(actividad__accion__in=acciones_de(request.user))

    def get_actions(self, request):
        return {}

    def get_form(self, request, obj=None, change=False, **kwargs):
        formulario = super().get_form(request, obj, change=change, **kwargs)
        return type("CampanaDeForm", (formulario,), {"usuario": request.user})

    def save_model(self, request, obj, form, change):
        if not change:
            obj.registrada_por = request.user
        super().save_model(request, obj, form, change)


MARCAS[RESPONDE_DEL_PLAN] = _responde_del_plan
sitio_admin.botones.append(("Campañas", "admin:seguimiento_campana_changelist", hace_campanas))
