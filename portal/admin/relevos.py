"""Closing a tenure with its eyes open, and giving a post to somebody for a time."""

import re
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
from django.utils.html import format_html

from portal.forms.comunes import FechaInput, anio_posible
from portal.models import Cargo, PeriodoDeGobierno, Titularidad, Usuario
from portal.redaccion import relevo, relevo_masivo


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
    hasta = forms.DateField(label="Último día en el cargo", widget=FechaInput, validators=[anio_posible])
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
        return hasta


class RelevoForm(forms.Form):
    hasta = forms.DateField(label="Último día de quienes salen", widget=FechaInput, validators=[anio_posible])
    acto = forms.CharField(
        label="Acto administrativo",
        max_length=80,
        help_text="Por ejemplo: Decreto 001 de 2028 o acta de posesión del 1 de enero.",
    )


class CambioForm(forms.Form):
    """A post of the list: whether its holder leaves, and who comes."""

    sale = forms.BooleanField(label="Deja el cargo ese día", required=False)
    entra = _persona(
        label="Quién entra",
        required=False,
        empty_label="Nadie por ahora, o una persona nueva",
        error_messages={"invalid_choice": "Elija a una persona de la lista."},
    )
    nombre = forms.CharField(label="Nombres", max_length=150, required=False)
    apellidos = forms.CharField(label="Apellidos", max_length=150, required=False)
    correo = forms.EmailField(
        label="Correo",
        required=False,
        error_messages={"invalid": "Escriba el correo completo, por ejemplo: ana@ejemplo.gov.co."},
        help_text="Con él escribe su contraseña la primera vez. Sin correo, se la restablecen dos personas.",
    )
    calidad = forms.ChoiceField(label="Entra como", choices=Titularidad.Calidad, required=False)

    def __init__(self, datos=None, *, titularidad: Titularidad):
        inicial = {"sale": titularidad.cargo.es_jefatura, "calidad": titularidad.calidad}
        super().__init__(datos, prefix=f"cargo-{titularidad.pk}", initial=inicial)
        self.titularidad = titularidad

    @property
    def de_la_nueva(self) -> list[forms.BoundField]:
        return [self[campo] for campo in ("nombre", "apellidos", "correo")]

    def clean(self):
        datos = super().clean() or {}
        if not datos.get("sale"):
            return datos
        nueva = [campo for campo in ("nombre", "apellidos", "correo") if datos.get(campo)]
        if datos.get("entra") and nueva:
            self.add_error("entra", "Elija a una persona de la lista o escriba una nueva, no las dos.")
        elif datos.get("entra") == self.titularidad.persona and datos.get("entra"):
            self.add_error("entra", "Es quien sale. Si sigue en el cargo, quite la marca de arriba.")
        for campo in ("nombre", "apellidos"):
            if nueva and not datos.get(campo):
                self.add_error(campo, "Escríbalo: con él se firman los actos.")
        return datos


def _cambios(filas: list[CambioForm]) -> list[relevo_masivo.Cambio]:
    """Those of the marked posts. Who is written the same in two of them is one new person."""
    nuevas: dict[tuple[str, ...], Usuario] = {}

    def quien_entra(datos) -> Usuario | None:
        if datos["entra"] or not datos["nombre"]:
            return datos["entra"]
        escrita = (datos["nombre"], datos["apellidos"], datos["correo"].lower())
        nombre, apellidos, correo = escrita
        return nuevas.setdefault(escrita, Usuario(first_name=nombre, last_name=apellidos, email=correo))

    return [
        relevo_masivo.Cambio(
            fila.titularidad,
            quien_entra(fila.cleaned_data),
            fila.cleaned_data["calidad"] or Titularidad.Calidad.TITULAR,
        )
        for fila in filas
        if fila.cleaned_data["sale"]
    ]


def _fecha_pedida(escrita: str) -> date | None:
    """The date of the address, when it is one: to look at another day."""
    try:
        return forms.DateField(validators=[anio_posible]).clean(escrita)
    except ValidationError:
        return None


def _fin_del_gobierno() -> date:
    """The last day of the one that governs today; today when nobody wrote it."""
    periodo = PeriodoDeGobierno.objects.del_dia()
    return periodo.hasta if periodo and periodo.hasta else timezone.localdate()


class Relevos:
    """Mixin of the ModelAdmin of Titularidad."""

    admin_site: Any
    model: Any
    has_change_permission: Any
    change_form_template = "admin/portal/titularidad/change_form.html"
    change_list_template = "admin/portal/titularidad/change_list.html"

    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/cerrar/", vista(self.cerrar), name="portal_titularidad_cerrar"),
            path("relevo/", vista(self.relevo), name="portal_titularidad_relevo"),
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

    # --- A whole administration -----------------------------------------------------------------
    def relevo(self, request):
        """Who leaves and who comes; what each one leaves and to whom; and then, all at once."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD", "POST"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        form = RelevoForm(request.POST or None, initial={"hasta": _fin_del_gobierno()})
        filas = [CambioForm(request.POST or None, titularidad=t) for t in self._tenencias(request)]
        bien = all([form.is_valid(), *(fila.is_valid() for fila in filas)])
        if bien and not any(fila.cleaned_data["sale"] for fila in filas):
            form.add_error(None, "Marque al menos un cargo.")
        elif bien and (respuesta := self._relevar(request, form, filas)):
            return respuesta
        return self._pagina_de_relevo(request, form, filas)

    @staticmethod
    def _tenencias(request) -> list[Titularidad]:
        """Those in force and, of what was sent, those that have ended since: the second time is told."""
        enviadas = [
            int(campo.split("-")[1])
            for campo in request.POST
            if re.fullmatch(r"cargo-[0-9]{1,9}-sale", campo)
        ]
        cuales = Titularidad.objects.en_ejercicio() | Titularidad.objects.filter(pk__in=enviadas)
        orden = ("cargo__dependencia__orden", "cargo__dependencia__nombre", "cargo__orden", "cargo__nombre")
        return list(cuales.select_related("persona", "cargo__dependencia").order_by(*orden, "calidad", "pk"))

    def _relevar(self, request, form: RelevoForm, filas: list[CambioForm]):
        """Do it, or show what it would do; None when it was refused, with the reasons in the forms."""
        try:
            if "hacer" not in request.POST:
                entregas = relevo_masivo.ensayar(_cambios(filas), **form.cleaned_data)
                return self._pagina_de_relevo(request, form, filas, entregas)
            entregas = relevo_masivo.relevar(_cambios(filas), **form.cleaned_data)
        except relevo.YaEstabaCerrada as aviso:
            messages.info(request, str(aviso))
        except relevo_masivo.RelevoImposible as rechazo:
            form.add_error(None, str(rechazo))
            for fila in filas:
                if razon := rechazo.razones.get(fila.titularidad.pk):
                    fila.add_error(None, razon)
            return None
        else:
            self._decir(request, entregas, form.cleaned_data["hasta"])
        return redirect("admin:index")

    @staticmethod
    def _decir(request, entregas: list[relevo_masivo.Entrega], hasta: date) -> None:
        cuantas = (
            "Una titularidad termina" if len(entregas) == 1 else f"{len(entregas)} titularidades terminan"
        )
        messages.success(request, f"{cuantas} el {hasta:%d/%m/%Y}. Lo pendiente pasa a quienes siguen.")
        nuevas = {e.entra.persona for e in entregas if e.es_nueva and e.entra}
        for persona in sorted(nuevas, key=str):
            aviso = '{} entra con el usuario «{}». Escribe su contraseña en <a href="{}">esta página</a>.'
            enlace = format_html(aviso, persona, persona.username, reverse("admin:password_reset"))
            messages.success(request, enlace)

    def _pagina_de_relevo(self, request, form: RelevoForm, filas: list[CambioForm], entregas=()):
        hay_errores = any(f.errors for f in (form, *filas))
        contexto = self.admin_site.each_context(request) | {
            "title": "Relevo de la administración",
            "opts": self.model._meta,
            "form": form,
            "filas": filas,
            "entregas": entregas,
            "errores": hay_errores,
            "alguno_sin_nadie": any(entrega.sin_nadie for entrega in entregas),
        }
        return TemplateResponse(
            request, "admin/portal/titularidad/relevo.html", contexto, status=422 if hay_errores else 200
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
