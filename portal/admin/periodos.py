"""The periods of government in the admin. Secretaría General keeps them: they decide who edits what."""

from django.contrib import admin

from portal.admin.organizacion import ConHistoria
from portal.admin.permisos import dirige_secretaria_general
from portal.admin.sitio import sitio_admin
from portal.models import PeriodoDeGobierno


@admin.register(PeriodoDeGobierno, site=sitio_admin)
class PeriodoDeGobiernoAdmin(ConHistoria):
    list_display = ("nombre", "gobernante", "desde", "hasta")
    fields = ("nombre", "slug", "gobernante", "desde", "hasta", "fuente")
    date_hierarchy = "desde"

    def has_add_permission(self, request, *args):
        return request.user.is_active and dirige_secretaria_general(request.user)

    def has_change_permission(self, request, obj=None):
        return self.has_add_permission(request)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_readonly_fields(self, request, obj=None):
        """Its address is fixed once it exists: pages and documents are linked by it."""
        return ("slug",) if obj else ()

    def get_prepopulated_fields(self, request, obj=None):
        return {} if obj else {"slug": ("nombre",)}
