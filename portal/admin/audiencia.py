"""What people looked for and did not find: turned into a synonym, or left with the reason."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse

from portal.admin.permisos import SoloLectura
from portal.admin.sitio import sitio_admin
from portal.audiencia.busquedas import convertir, las_atiende, no_hace_falta
from portal.flujo import CondicionIncumplida, EstadoInadecuado
from portal.forms.comunes import LineaDeTexto
from portal.models import BusquedaSinResultado


class SinonimoForm(forms.Form):
    equivalente = LineaDeTexto(
        label="Cómo lo dice el sitio",
        max_length=60,
        help_text="Quien busque lo uno encontrará también lo otro. Por ejemplo: impuesto predial.",
    )

    def hacer(self, pk: int, por) -> str:
        return convertir(pk, por=por, **self.cleaned_data).respuesta


class NoHaceFaltaForm(forms.Form):
    porque = LineaDeTexto(
        label="No hace falta, porque…",
        max_length=150,
        help_text="Por ejemplo: es de otro municipio, o ya se publicó lo que buscaban.",
    )

    def hacer(self, pk: int, por) -> str:
        return no_hace_falta(pk, por=por, **self.cleaned_data).respuesta


FORMULARIOS: dict[str, tuple[str, type[SinonimoForm] | type[NoHaceFaltaForm]]] = {
    "sinonimo": ("Convertir en sinónimo", SinonimoForm),
    "no-hace-falta": ("Dejarlo así", NoHaceFaltaForm),
}


class SituacionFilter(admin.SimpleListFilter):
    title, parameter_name = "situación", "situacion"

    def lookups(self, request, model_admin):
        return [("por-atender", "Por atender"), ("atendidas", "Atendidas")]

    def queryset(self, request, queryset):
        if self.value() not in {"por-atender", "atendidas"}:
            return queryset
        return queryset.filter(atendida_en__isnull=self.value() == "por-atender")


@admin.register(BusquedaSinResultado, site=sitio_admin)
class BusquedaSinResultadoAdmin(SoloLectura, admin.ModelAdmin):
    list_display = ("texto", "veces", "primera", "ultima", "situacion")
    list_filter = (SituacionFilter,)
    search_fields = ("texto",)
    list_per_page = 50
    list_select_related = ("atendida_por",)

    def has_module_permission(self, request):
        return las_atiende(request.user)

    def has_view_permission(self, request, obj=None):
        return las_atiende(request.user)

    def changelist_view(self, request, extra_context=None):
        titulo = {"title": "Lo que la gente busca y no encuentra"}
        return super().changelist_view(request, titulo | (extra_context or {}))

    @admin.display(description="situación")
    def situacion(self, busqueda):
        return busqueda.respuesta or "Por atender"

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """What is known of it, and the two ways to attend it. What was typed is never lost."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        busqueda = self.get_object(request, object_id)
        if busqueda is None:
            raise Http404
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        pasos = self._pasos(request)
        estado = 200
        if request.method == "POST":
            if self._atender(request, busqueda, pasos):
                return redirect("admin:portal_busquedasinresultado_changelist")
            estado = 422
        contexto = {
            **self.admin_site.each_context(request),
            "title": f"«{busqueda.texto}»",
            "opts": self.opts,
            "busqueda": busqueda,
            "pasos": pasos,
        }
        return TemplateResponse(request, "admin/portal/busqueda.html", contexto, status=estado)

    @staticmethod
    def _pasos(request) -> list[dict]:
        """Each way, with its form: the one that was sent keeps what it was sent with."""
        pedida = request.POST.get("paso", "")
        return [
            {"clave": clave, "etiqueta": etiqueta, "form": clase(request.POST if clave == pedida else None)}
            for clave, (etiqueta, clase) in FORMULARIOS.items()
        ]

    @staticmethod
    def _atender(request, busqueda, pasos) -> bool:
        """Whether it was attended, now or before."""
        form = next((paso["form"] for paso in pasos if paso["form"].is_bound), None)
        if form is None or not form.is_valid():
            return False
        try:
            respuesta = form.hacer(busqueda.pk, request.user)
        except EstadoInadecuado as rechazo:
            messages.warning(request, str(rechazo))
        except CondicionIncumplida as rechazo:
            form.add_error(next(iter(form.fields)), str(rechazo))
            return False
        else:
            messages.success(request, f"«{busqueda.texto}»: {respuesta}")
        return True
