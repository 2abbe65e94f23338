from collections.abc import Callable
from functools import wraps

from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm
from django.core.exceptions import SuspiciousOperation, ValidationError
from django.shortcuts import redirect
from django.urls import URLPattern, reverse
from django.utils import timezone
from django.utils.http import urlencode

from portal import ayuda, bandeja
from portal.admin.sesion_terminada import lo_escrito, sesion_terminada
from portal.alcance import alcance_de
from portal.models import Asignacion, Usuario
from portal.redaccion.avisos import correo_detenido


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
    password_change_template = "admin/contrasena.html"  # noqa: S105 -- a template
    password_change_done_template = "admin/contrasena_cambiada.html"  # noqa: S105
    logout_template = "admin/salio.html"
    enable_nav_sidebar = False
    login_form = EntrarForm
    #: They have a button of their own in the bandeja. Later apps add theirs.
    CON_BOTON = {"Version", "Publicacion"}
    #: Those buttons of later apps: label, name of the address, and who sees it.
    botones: list[tuple[str, str, Callable[[Usuario], bool]]] = []
    #: Screens that are of no table: each module adds its own.
    rutas: list[URLPattern] = []

    def get_urls(self):
        return [*self.rutas, *super().get_urls()]

    def each_context(self, request):
        """With the two ways to be helped with the screen that is open."""
        pantalla = urlencode({"pantalla": request.path})
        return super().each_context(request) | {
            "ayuda_de_la_pantalla": ayuda.direccion(ayuda.pagina_de(request.resolver_match)),
            "pedir_ayuda": f"{reverse('admin:soporte_pedir')}?{pantalla}",
        }

    def admin_view(self, view, cacheable=False):
        """What every view of the admin does first.

        A null byte is never honest input and PostgreSQL cannot store it: 400 before anybody reads it. What
        is sent when the session already ended comes back to be copied.
        """

        @wraps(view)
        def sin_nulos(request, *args, **kwargs):
            for enviado in (request.GET, request.POST):
                if any("\x00" in valor for lista in enviado.lists() for valor in lista[1]):
                    raise SuspiciousOperation("A null byte in what was sent.")
            return view(request, *args, **kwargs)

        vista = super().admin_view(sin_nulos, cacheable)

        @wraps(vista)
        def con_lo_escrito(request, *args, **kwargs):
            if not self.has_permission(request) and lo_escrito(request):
                return sesion_terminada(request, self)
            return vista(request, *args, **kwargs)

        return con_lo_escrito

    def index(self, request, extra_context=None):
        en = timezone.now()
        alcance = alcance_de(request.user, en)
        grupos = bandeja.grupos_de(request.user, en)
        contexto = {
            "grupos": grupos,
            "pendientes": sum(grupo.total for grupo in grupos if grupo.espera),
            "puede_escribir": bool(alcance.canales[Asignacion.Funcion.AUTOR]),
            "botones": [(rotulo, reverse(url)) for rotulo, url, ve in self.botones if ve(request.user)],
            "sin_cargo": not alcance.puestos,
            "correo": correo_detenido(en),
        }
        return super().index(request, contexto | (extra_context or {}))

    def app_index(self, request, app_label, extra_context=None):
        """There is one front page."""
        return redirect("admin:index")

    def get_app_list(self, request, app_label=None):
        aplicaciones = super().get_app_list(request, app_label)
        for aplicacion in aplicaciones:
            aplicacion["models"] = [
                modelo for modelo in aplicacion["models"] if modelo["object_name"] not in self.CON_BOTON
            ]
        return [aplicacion for aplicacion in aplicaciones if aplicacion["models"]]


sitio_admin = SitioAdmin()
