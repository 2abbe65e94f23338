"""Who sees what in the admin. Posts decide, never ticked permissions."""

from django import forms
from django.contrib import admin
from django.db.models import SlugField

from portal.alcance import alcance_de
from portal.models import Asignacion


def dirige_secretaria_general(usuario) -> bool:
    """Whether one of the person's posts is the head of Secretaría General. One query a request."""
    return alcance_de(usuario).dirige_secretaria_general


def organiza(usuario) -> bool:
    """Whether the person keeps the organisation: Secretaría General, or whoever administers the site."""
    return usuario.is_active and (usuario.is_superuser or dirige_secretaria_general(usuario))


def autoriza_en_algun_canal(usuario) -> bool:
    """Whether one of the person's posts authorises anywhere. Two queries a request."""
    return bool(alcance_de(usuario).canales[Asignacion.Funcion.AUTORIZA])


class OrdenField(forms.IntegerField):
    """A place in a list. Nobody needs to think of it: empty is zero."""

    def to_python(self, value):
        return super().to_python(value) or 0

    def has_changed(self, initial, data):
        return super().has_changed(initial or 0, data)


class SoloOrganizacion:
    """Mixin of ModelAdmin: for Secretaría General and the administrator; nothing is deleted in bulk."""

    show_facets = admin.ShowFacets.NEVER

    def has_module_permission(self, request):
        return organiza(request.user)

    def has_view_permission(self, request, obj=None):
        return organiza(request.user)

    def has_add_permission(self, request, *args):
        return organiza(request.user)

    def has_change_permission(self, request, obj=None):
        return organiza(request.user)

    def has_delete_permission(self, request, obj=None):
        return organiza(request.user)

    def get_actions(self, request):
        return {}

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name == "orden":
            kwargs |= {"form_class": OrdenField, "required": False}
        if isinstance(db_field, SlugField):
            kwargs |= {
                "error_messages": {"invalid": "Use solo letras sin tilde, números y guiones, sin espacios."}
            }
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class SoloLectura(SoloOrganizacion):
    """Mixin of ModelAdmin: what only the system writes."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
