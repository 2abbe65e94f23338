from django.contrib.admin import AdminSite

from portal import bandeja
from portal.models import Asignacion, Canal


class SitioAdmin(AdminSite):
    """The admin of the house: its front page is what waits for whoever entered."""

    site_header = "Portal municipal"
    site_title = "Portal municipal"
    index_title = "Su bandeja"
    index_template = "admin/bandeja.html"
    enable_nav_sidebar = False

    def index(self, request, extra_context=None):
        grupos = bandeja.grupos_de(request.user)
        puede_escribir = Canal.objects.que_puede(request.user, Asignacion.Funcion.AUTOR).exists()
        contexto = {
            "grupos": grupos,
            "pendientes": sum(len(grupo.tareas) for grupo in grupos),
            "puede_escribir": puede_escribir,
        }
        return super().index(request, contexto | (extra_context or {}))


sitio_admin = SitioAdmin()
