from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import SuspiciousOperation, ValidationError

from portal import bandeja
from portal.models import Asignacion, Canal


class EntrarForm(AdminAuthenticationForm):
    """A user name longer than any is refused before anybody looks for it or writes it down."""

    def clean_username(self):
        if len(self.cleaned_data["username"]) > 150:
            raise ValidationError("Ese nombre de usuario es demasiado largo.")
        return self.cleaned_data["username"]


class SitioAdmin(AdminSite):
    """The admin of the house: its front page is what waits for whoever entered."""

    site_header = "Portal municipal"
    site_title = "Portal municipal"
    index_title = "Su bandeja"
    index_template = "admin/bandeja.html"
    enable_nav_sidebar = False
    login_form = EntrarForm

    def admin_view(self, view, cacheable=False):
        """A null byte is never honest input and PostgreSQL cannot store it: 400 before anybody reads it."""

        @wraps(view)
        def sin_nulos(request, *args, **kwargs):
            for enviado in (request.GET, request.POST):
                if any("\x00" in valor for lista in enviado.lists() for valor in lista[1]):
                    raise SuspiciousOperation("A null byte in what was sent.")
            return view(request, *args, **kwargs)

        return super().admin_view(sin_nulos, cacheable)

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
