"""The links of our texts to other sites, to be looked at: a rutina asks whether they answer."""

from django.contrib import admin
from django.db.models import Prefetch
from django.utils.html import format_html_join

from portal.admin.permisos import SoloLectura
from portal.admin.sitio import sitio_admin
from portal.models import EnlaceExterno, Version
from portal.models.version import ABIERTAS

#: Texts named beside each link.
TEXTOS = 5


@admin.register(EnlaceExterno, site=sitio_admin)
class EnlaceExternoAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("url", "estado", "revisado_en", "detalle", "en_que_textos")
    list_filter = ("estado",)
    search_fields = ("url", "versiones__titulo")
    list_per_page = 50
    fields = ("url", "estado", "revisado_en", "fallas", "detalle", "en_que_textos")
    readonly_fields = fields

    def get_queryset(self, request):
        vivas = Version.objects.filter(estado__in=[*ABIERTAS, Version.Estado.PUBLICADA]).only("titulo")
        return super().get_queryset(request).prefetch_related(Prefetch("versiones", vivas, to_attr="vivas"))

    @admin.display(description="en qué textos")
    def en_que_textos(self, enlace):
        """The open and the public texts that link to it, each with its page."""
        textos = [(f"{texto.get_absolute_url()}?ver=1", texto) for texto in enlace.vivas[:TEXTOS]]
        lista = format_html_join(", ", '<a href="{}">{}</a>', textos) or "ninguno hoy"
        sobran = len(enlace.vivas) - TEXTOS
        return format_html_join("", "{}{}", [(lista, f" y {sobran} más")]) if sobran > 0 else lista
