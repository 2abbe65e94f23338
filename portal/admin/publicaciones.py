"""What is live: to update it, say that it is still in force, move it or withdraw it."""

from django.contrib import admin, messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html

from portal import gobierno, services
from portal.admin import calendario
from portal.admin.formularios import PasoForm
from portal.admin.permisos import dirige_secretaria_general
from portal.admin.sitio import sitio_admin
from portal.alcance import alcance_de
from portal.flujo import TransicionRechazada
from portal.models import Asignacion, Canal, Publicacion

Funcion = Asignacion.Funcion
#: What can be done to a publication: label, and the functions of the posts that do it (none: only
#: the head of Secretaría General).
ACCIONES = {
    "nueva_version": ("Cambiar el texto", (Funcion.AUTOR,)),
    "ratificar_vigencia": ("Revisado: sigue vigente", (Funcion.AUTOR, Funcion.AUTORIZA)),
    "cambiar_direccion": ("Cambiar la dirección", (Funcion.EDITOR,)),
    "retirar": ("Retirar del sitio", (Funcion.AUTORIZA,)),
    "fijar_ruta": ("Darle una dirección fija", ()),
    "rotular": ("Decir de qué gobierno es", ()),
}


def _dia(momento) -> str:
    """«22/11/2026»: in a list the hour says nothing."""
    return date_format(timezone.localtime(momento), "SHORT_DATE_FORMAT")


@admin.register(Publicacion, site=sitio_admin)
class PublicacionAdmin(admin.ModelAdmin):
    list_display = ("titulo", "canal", "tipo", "cambio", "revision", "situacion", "en_el_sitio")
    list_select_related = ("canal", "version_publica")
    show_facets = admin.ShowFacets.NEVER
    list_filter = ("tipo", ("canal", admin.RelatedOnlyFieldListFilter))
    search_fields = ("version_publica__titulo", "slug")
    list_per_page = 50

    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_add_permission(self, request):
        return False

    has_delete_permission = has_change_permission = lambda self, request, obj=None: False

    def get_queryset(self, request):
        """Only what has been public: what has not is among the texts."""
        publicaciones = super().get_queryset(request).filter(version_publica__isnull=False)
        if request.user.is_superuser:
            return publicaciones
        return publicaciones.filter(canal__in=Canal.objects.donde_actua(request.user).values("pk"))

    @admin.display(description="título", ordering="version_publica__titulo")
    def titulo(self, publicacion):
        return str(publicacion)

    @admin.display(description="último cambio", ordering="actualizada_en")
    def cambio(self, publicacion):
        return _dia(publicacion.actualizada_en)

    @admin.display(description="última revisión", ordering="revisada_en")
    def revision(self, publicacion):
        return _dia(publicacion.revisada_en)

    @admin.display(description="en el sitio")
    def en_el_sitio(self, publicacion):
        return format_html(
            '<a href="{}">Ver en el sitio<span class="oculto">: {}</span></a>',
            publicacion.get_absolute_url(),
            publicacion,
        )

    @admin.display(description="situación")
    def situacion(self, publicacion):
        if publicacion.retirada_en:
            return f"Retirada: {publicacion.get_retirada_clase_display().lower()}"
        if publicacion.version_publica.urgente_sin_autorizar:
            return "Urgente, sin autorizar"
        return "Publicada"

    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("calendario/", vista(calendario.mes), name="portal_calendario"),
            path("calendario.ics", vista(calendario.ics), name="portal_calendario_ics"),
            path("<int:pk>/accion/<slug:nombre>/", vista(self.accion), name="portal_publicacion_accion"),
            *super().get_urls(),
        ]

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Lo publicado"} | (extra_context or {}))

    def change_view(self, request, object_id, form_url="", extra_context=None):
        publicacion = self.get_object(request, object_id)
        if publicacion is None:
            raise Http404
        return self.ficha(request, publicacion)

    def ficha(self, request, publicacion: Publicacion, rechazado=None, status=200):
        """Its state, its texts and what this person may do with it."""
        acciones = []
        for nombre, (etiqueta, funciones) in ACCIONES.items():
            if funciones and not self._puede(request, publicacion, funciones):
                continue
            if not funciones and not dirige_secretaria_general(request.user):
                continue
            if publicacion.retirada_en and nombre not in {"nueva_version", "rotular"}:
                continue
            form = PasoForm(nombre=nombre, initial=PasoForm.de_la_publicacion(publicacion))
            if rechazado is not None and rechazado.nombre == nombre:
                form = rechazado
            acciones.append((nombre, etiqueta, form))
        contexto = self.admin_site.each_context(request) | {
            "title": str(publicacion),
            "opts": self.opts,
            "publicacion": publicacion,
            "acciones": acciones,
            "de_otro_gobierno": gobierno.terminado(publicacion),
            "textos": publicacion.versiones.select_related("editada_por", "autorizacion").order_by("-numero"),
            "actividad": publicacion.actualizaciones.select_related("por")[:20],
        }
        return TemplateResponse(request, "admin/portal/publicacion/ficha.html", contexto, status=status)

    @staticmethod
    def _puede(request, publicacion: Publicacion, funciones) -> bool:
        return gobierno.sigue(alcance_de(request.user), publicacion, *funciones) and any(
            Canal.objects.que_puede(request.user, funcion).filter(pk=publicacion.canal_id).exists()
            for funcion in funciones
        )

    def accion(self, request, pk: int, nombre: str):
        """Do one of `ACCIONES`. Only by POST; what was typed stays when it is refused."""
        publicacion = self.get_queryset(request).filter(pk=pk).first()
        if publicacion is None or nombre not in ACCIONES:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = PasoForm(request.POST, nombre=nombre)
        if not form.is_valid():
            return self.ficha(request, publicacion, form, status=422)
        try:
            resultado = getattr(services, nombre)(publicacion, por=request.user, **form.datos())
        except services.YaHayTextoEnCamino as rechazo:
            messages.info(request, str(rechazo))
            return redirect(rechazo.version.get_absolute_url())
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
            return self.ficha(request, publicacion, form, status=409)
        if nombre == "nueva_version":
            return redirect(resultado.get_absolute_url())
        messages.success(request, f"Listo: «{ACCIONES[nombre][0]}».")
        return redirect("admin:portal_publicacion_change", publicacion.pk)
