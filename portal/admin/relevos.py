"""Closing a tenure with its eyes open, and giving a post to somebody for a time."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone

from portal.admin.formularios import FechaInput
from portal.models import Cargo, Titularidad, Usuario
from portal.redaccion import relevo

#: Years from this one on are typing errors.
ANIO_IMPOSIBLE = 2200


def _persona(**opciones) -> forms.ModelChoiceField:
    activas = Usuario.objects.filter(is_active=True, is_staff=True).order_by("first_name", "username")
    return forms.ModelChoiceField(activas, **opciones)


class EncargoForm(forms.Form):
    persona = _persona(label="Persona", empty_label="Elija una persona")
    desde = forms.DateField(widget=FechaInput)
    hasta = forms.DateField(widget=FechaInput, help_text="Último día inclusive.")
    acto = forms.CharField(
        label="Acto administrativo",
        max_length=200,
        help_text="Por ejemplo: Decreto de encargo 031 de 2026.",
    )


class CierreForm(forms.Form):
    hasta = forms.DateField(label="Último día en el cargo", widget=FechaInput)
    acto = forms.CharField(
        label="Acto administrativo",
        max_length=80,
        help_text="Por ejemplo: Resolución 118 de 2026, por la que se acepta la renuncia.",
    )
    encargado = _persona(
        label="Persona encargada desde el día siguiente (opcional)", required=False, empty_label="Nadie"
    )
    encargo_hasta = forms.DateField(
        label="Encargo hasta (opcional)",
        widget=FechaInput,
        required=False,
        help_text="Último día inclusive. Vacío: hasta nueva orden.",
    )

    def __init__(self, *args, titularidad: Titularidad, **kwargs):
        super().__init__(*args, **kwargs)
        self.titularidad = titularidad
        encargado: Any = self.fields["encargado"]
        encargado.queryset = encargado.queryset.exclude(pk=titularidad.persona_id)

    def clean_hasta(self):
        hasta = self.cleaned_data["hasta"]
        if hasta < self.titularidad.desde:
            raise ValidationError(f"Empezó en el cargo el {self.titularidad.desde:%d/%m/%Y}.")
        if hasta.year >= ANIO_IMPOSIBLE:
            raise ValidationError("Revise el año.")
        return hasta


def _fecha_pedida(escrita: str) -> date | None:
    """The date of the address, when it is one: to look at another day."""
    try:
        fecha = forms.DateField().clean(escrita)
    except ValidationError:
        return None
    return fecha if fecha.year < ANIO_IMPOSIBLE else None


class Relevos:
    """Mixin of the ModelAdmin of Titularidad."""

    admin_site: Any
    model: Any
    has_change_permission: Any
    change_form_template = "admin/portal/titularidad/change_form.html"

    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/cerrar/", vista(self.cerrar), name="portal_titularidad_cerrar"),
            path("encargo/<int:cargo>/", vista(self.encargo), name="portal_titularidad_encargo"),
            *super().get_urls(),
        ]

    def cerrar(self, request, pk: int):
        """What waits by that post and who goes on with it; then, the end of the tenure."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        con_su_cargo = Titularidad.objects.select_related("persona", "cargo__dependencia")
        titularidad = get_object_or_404(con_su_cargo, pk=pk)
        hasta = _fecha_pedida(request.GET.get("hasta", "")) or timezone.localdate()
        form = CierreForm(request.POST or None, titularidad=titularidad, initial={"hasta": hasta})
        if form.is_valid() and (respuesta := self._cerrar(request, titularidad, form)):
            return respuesta
        if form.is_bound:
            hasta = form.cleaned_data.get("hasta") or hasta
        return self._pagina_de_cierre(request, titularidad, form, hasta)

    @staticmethod
    def _cerrar(request, titularidad: Titularidad, form: CierreForm):
        """Close it and say so; None when it could not be, with the reason in the form."""
        try:
            cerrada = relevo.cerrar(titularidad, **form.cleaned_data)
        except relevo.YaEstabaCerrada as aviso:
            messages.info(request, str(aviso))
        except relevo.SinRelevo as rechazo:
            form.add_error("encargado", str(rechazo))
            return None
        except ValidationError as error:
            form.add_error(None, " ".join(error.messages))
            return None
        else:
            aviso = f"{cerrada.persona} termina como {cerrada.cargo} el {cerrada.hasta:%d/%m/%Y}."
            messages.success(request, aviso)
        return redirect("admin:portal_titularidad_changelist")

    def _pagina_de_cierre(self, request, titularidad: Titularidad, form: CierreForm, hasta: date):
        herencias = relevo.herencia(titularidad, hasta)
        contexto = self.admin_site.each_context(request) | {
            "title": f"Cerrar la titularidad de {titularidad.persona}",
            "opts": self.model._meta,
            "original": titularidad,
            "form": form,
            "hasta": hasta,
            "herencias": herencias,
            "sin_nadie": any(parte.sin_nadie for parte in herencias),
        }
        return TemplateResponse(
            request, "admin/portal/titularidad/cerrar.html", contexto, status=422 if form.errors else 200
        )

    def encargo(self, request, cargo: int):
        """A person more in the post for a time: vacations, a leave. Its titular keeps it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        objeto = get_object_or_404(Cargo.objects.select_related("dependencia"), pk=cargo)
        form = EncargoForm(request.POST or None, initial={"desde": timezone.localdate()})
        if form.is_valid():
            try:
                encargo = relevo.encargar(objeto, **form.cleaned_data)
            except ValidationError as error:
                form.add_error(None, " ".join(error.messages))
            else:
                aviso = f"{encargo.persona} queda encargada del cargo {objeto} del {encargo.desde:%d/%m/%Y}"
                messages.success(request, f"{aviso} al {encargo.hasta:%d/%m/%Y}.")
                return redirect(f"{reverse('admin:portal_matriz')}")
        contexto = self.admin_site.each_context(request) | {
            "title": f"Registrar un encargo: {objeto}",
            "opts": self.model._meta,
            "cargo": objeto,
            "hoy": Titularidad.objects.vigentes().filter(cargo=objeto).select_related("persona"),
            "form": form,
        }
        return TemplateResponse(
            request, "admin/portal/titularidad/encargo.html", contexto, status=422 if form.errors else 200
        )
