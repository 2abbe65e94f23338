"""Who sees what in the admin. Posts decide, never ticked permissions."""

from portal.models import Cargo


def dirige_secretaria_general(usuario) -> bool:
    """Whether one of the person's posts is the head of Secretaría General. One query a request."""
    if not hasattr(usuario, "_dirige_secretaria_general"):
        usuario._dirige_secretaria_general = (
            Cargo.objects.ejercidos_por(usuario)
            .filter(es_jefatura=True, dependencia__es_secretaria_general=True)
            .exists()
        )
    return usuario._dirige_secretaria_general


def organiza(usuario) -> bool:
    """Whether the person keeps the organisation: Secretaría General, or whoever administers the site."""
    return usuario.is_active and (usuario.is_superuser or dirige_secretaria_general(usuario))


class SoloOrganizacion:
    """Mixin of ModelAdmin: for Secretaría General and the administrator; nothing is deleted in bulk."""

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


class SoloLectura(SoloOrganizacion):
    """Mixin of ModelAdmin: what only the system writes."""

    def has_add_permission(self, request, *args):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


class SoloAdministrador(SoloOrganizacion):
    """Mixin of ModelAdmin: people and their access."""

    def has_module_permission(self, request):
        return request.user.is_superuser

    def has_view_permission(self, request, obj=None):
        return request.user.is_superuser

    has_add_permission = has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False  # who left is closed with «activo», so that what they signed keeps its name
