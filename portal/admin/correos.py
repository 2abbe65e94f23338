"""The outbox, to be looked at: the system writes it and the rutina `despachar` empties it."""

from django.contrib import admin

from portal.admin.permisos import SoloLectura
from portal.admin.sitio import sitio_admin
from portal.models import Correo


@admin.register(Correo, site=sitio_admin)
class CorreoAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("asunto", "para", "estado", "intentos", "intentar_desde", "enviado_en", "error")
    list_filter = ("estado",)
    search_fields = ("para", "asunto")
    date_hierarchy = "creado_en"
    list_per_page = 50
