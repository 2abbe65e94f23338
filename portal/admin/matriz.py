"""The update matrix on one screen: channels × cargo × función, who holds each post and what is wrong."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.http import urlencode

from portal import importacion
from portal.models import Actualizacion, Asignacion, Canal, Cargo, Dependencia, Titularidad
from portal.redaccion import relevo
from portal.templatetags.portal import peso

Funcion = Asignacion.Funcion
#: What nobody can do when a function has no holder, as its cell says it.
_VERBOS = {Funcion.AUTOR: "escribir", Funcion.EDITOR: "validar", Funcion.AUTORIZA: "autorizar"}


# --- What the screen says -----------------------------------------------------------------------
@dataclass(frozen=True)
class Puesto:
    """A post in a cell, and who holds it today."""

    asignacion: Asignacion
    titularidades: list[Titularidad]


@dataclass(frozen=True)
class Celda:
    """A function in a channel. `problema` says in words why nobody may count on it; else it is empty."""

    funcion: str
    rotulo: str
    puestos: list[Puesto]
    problema: str


@dataclass(frozen=True)
class FilaDeCanal:
    canal: Any
    celdas: list[Celda]
    dias: int | None
    problemas: list[str]

    @property
    def vencido(self) -> bool:
        maximo = self.canal.edad_maxima_dias
        return maximo is not None and (self.dias is None or self.dias >= maximo)

    @property
    def hay_problema(self) -> bool:
        return bool(self.problemas or any(celda.problema for celda in self.celdas))


def filas(en: datetime, dependencia: Dependencia | None = None) -> list[FilaDeCanal]:
    """A row for each open channel, or for those of an office. Four queries."""
    quienes = relevo.responsables(en)
    asignados: dict[tuple[int, str], list[Asignacion]] = defaultdict(list)
    for asignacion in Asignacion.objects.select_related("cargo").order_by("cargo__orden", "cargo__nombre"):
        asignados[asignacion.canal_id, asignacion.funcion].append(asignacion)
    ultimas = dict(
        Actualizacion.objects.filter(clase__in=Actualizacion.RENUEVAN)
        .order_by()
        .values_list("canal")
        .annotate(ultima=Max("en"))
    )
    return [
        _fila(canal, quienes, asignados, ultimas.get(canal.pk), en)
        for canal in quienes.canales.values()
        if dependencia is None or canal.dependencia_id == dependencia.pk
    ]


def _fila(canal: Any, quienes, asignados, ultima: datetime | None, en: datetime) -> FilaDeCanal:
    canal.ultima = ultima
    celdas = [_celda(canal, funcion, asignados[canal.pk, funcion], quienes) for funcion in Funcion.values]
    dias = (en - ultima).days if ultima else None
    return FilaDeCanal(canal, celdas, dias, _problemas(canal, quienes))


def _celda(canal: Canal, funcion: str, asignaciones: list[Asignacion], quienes) -> Celda:
    puestos = [Puesto(a, quienes.de_cargo.get(a.cargo_id, [])) for a in asignaciones]
    return Celda(funcion, Funcion(funcion).label, puestos, _huerfana(canal, funcion, puestos, quienes))


def _huerfana(canal: Canal, funcion: str, puestos: list[Puesto], quienes) -> str:
    """Why nobody of the channel can do it, in words; "" when somebody can.

    The head of the responsible office counts, as the rule says. That only Secretaría General is left is also
    said: it may do everything everywhere, and a channel that nobody else keeps is kept by nobody.
    """
    pueden = quienes.pueden[canal.pk, funcion]
    if not pueden:
        return f"Nadie puede {_VERBOS[Funcion(funcion)]} hoy"
    if any(puesto.titularidades for puesto in puestos):
        return ""
    if any(relevo.es_del_canal(titularidad, canal) for titularidad in pueden):
        return ""
    return f"Solo queda la Secretaría General para {_VERBOS[Funcion(funcion)]}"


def _problemas(canal: Canal, quienes) -> list[str]:
    autoriza = quienes.personas(canal.pk, Funcion.AUTORIZA)
    if len(autoriza) == 1 and quienes.personas(canal.pk, Funcion.AUTOR) == autoriza:
        return ["La misma persona escribe y autoriza, y no hay otra: nada se podrá autorizar"]
    return []


# --- The forms ----------------------------------------------------------------------------------
class FiltroForm(forms.Form):
    dependencia = forms.ModelChoiceField(
        Dependencia.objects.filter(activa=True), required=False, empty_label="Todas"
    )
    problemas = forms.BooleanField(label="Solo con problemas", required=False)

    def en_direccion(self) -> dict[str, Any]:
        """What of it goes in the address, to come back to the same screen."""
        elegido = self.cleaned_data if self.is_valid() else {}
        dependencia = elegido.get("dependencia")
        return ({"dependencia": dependencia.pk} if dependencia else {}) | (
            {"problemas": "on"} if elegido.get("problemas") else {}
        )


class FuncionForm(forms.Form):
    cargo = forms.ModelChoiceField(Cargo.objects.filter(activo=True), empty_label=None)
    funcion = forms.ChoiceField(label="Función", choices=Funcion.choices)


class ImportarMatrizForm(forms.Form):
    MAXIMO = 1024 * 1024  # the whole matrix of a town is 20 kB

    archivo = forms.FileField(
        label="Archivo CSV", help_text="Con las columnas canal, cargo y funcion. Máximo 1 MB."
    )
    completa = forms.BooleanField(label="Quitar las asignaciones que no estén en el archivo", required=False)

    def clean_archivo(self):
        """Its text, all of it or nothing."""
        archivo = self.cleaned_data["archivo"]
        if archivo.size > self.MAXIMO:
            raise forms.ValidationError(f"El archivo pesa {peso(archivo.size)}; el máximo es 1 MB.")
        try:
            return archivo.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError(
                "El archivo no está en UTF-8. Guárdelo como «CSV UTF-8» y súbalo de nuevo."
            ) from None


class ConfirmarMatrizForm(forms.Form):
    """The file as it was read, so that what is confirmed is what was shown."""

    contenido = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=ImportarMatrizForm.MAXIMO)
    nombre = forms.CharField(widget=forms.HiddenInput, max_length=200)
    completa = forms.BooleanField(widget=forms.HiddenInput, required=False)


@dataclass(frozen=True)
class Cambios:
    """What an import would do to the matrix, each change as people read it."""

    agrega: list[str]
    quita: list[str]

    def __bool__(self) -> bool:
        return bool(self.agrega or self.quita)


def prever(contenido: str, *, nombre: str, completa: bool) -> Cambios:
    """What the import of that file would change. Changes nothing. Raises FilaRechazada."""
    with transaction.atomic():
        antes = _toda()
        importacion.importar_matriz(contenido, nombre=nombre, completa=completa)
        despues = _toda()
        transaction.set_rollback(True)
    return Cambios(
        [despues[clave] for clave in despues.keys() - antes.keys()],
        [antes[clave] for clave in antes.keys() - despues.keys()],
    )


def _toda() -> dict[tuple[int, int, str], str]:
    asignaciones = Asignacion.objects.select_related("canal", "cargo")
    return {(a.canal_id, a.cargo_id, a.funcion): str(a) for a in asignaciones}


# --- The screen ---------------------------------------------------------------------------------
class Matriz:
    """Mixin of the ModelAdmin of Asignacion: the screen, its small forms, and the file in and out."""

    admin_site: Any
    model: Any
    has_view_permission: Any
    has_change_permission: Any

    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("matriz/", vista(self.matriz), name="portal_matriz"),
            path("matriz/<int:canal>/<slug:accion>/", vista(self.cambiar), name="portal_matriz_cambiar"),
            path("exportar/", vista(self.exportar), name="portal_asignacion_exportar"),
            path("importar/", vista(self.importar), name="portal_asignacion_importar"),
            *super().get_urls(),
        ]

    def matriz(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        filtro = FiltroForm(request.GET)
        editar = request.GET.get("editar", "")
        elegido = filtro.cleaned_data if filtro.is_valid() else {}
        todas = filas(timezone.now(), elegido.get("dependencia"))
        visibles = [
            fila for fila in todas if fila.hay_problema or fila.vencido or not elegido.get("problemas")
        ]
        contexto = self._contexto(request, "Matriz de actualización") | {
            "filtro": filtro,
            "volver": filtro.en_direccion(),
            "filas": visibles,
            "canales": len(todas),
            "con_problema": sum(fila.hay_problema for fila in todas),
            "editar": int(editar) if editar.isdecimal() and len(editar) < 20 else None,
            "funcion_form": FuncionForm() if editar else None,
        }
        return TemplateResponse(request, "admin/portal/asignacion/matriz.html", contexto)

    def cambiar(self, request, canal: int, accion: str):
        """Give a function of the channel to a post, or take it away. What is already so is left so."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if accion not in {"poner", "quitar"}:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        objeto = get_object_or_404(Canal, pk=canal)
        form = FuncionForm(request.POST)
        if accion == "quitar":
            form.fields["cargo"].queryset = Cargo.objects.all()
        if form.is_valid():
            hacer = _poner if accion == "poner" else _quitar
            messages.success(request, hacer(objeto, **form.cleaned_data))
        else:
            messages.error(request, "Elija un cargo y una función de las listas. No se cambió nada.")
        volver = FiltroForm(request.POST).en_direccion() | {"editar": canal}
        return redirect(f"{reverse('admin:portal_matriz')}?{urlencode(volver)}#canal-{canal}")

    def exportar(self, request):
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponse(
            "\ufeff" + importacion.matriz_en_csv(),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="matriz-de-actualizacion.csv"'},
        )

    def importar(self, request):
        """First what the file would change; then, confirmed, the change."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        if "confirmar" in request.POST:
            return self._importar_lo_visto(request)
        form = ImportarMatrizForm(request.POST or None, request.FILES or None)
        contexto = self._contexto(request, "Importar la matriz de actualización") | {"form": form}
        if request.method == "POST" and form.is_valid():
            leido = {
                "contenido": form.cleaned_data["archivo"],
                "nombre": request.FILES["archivo"].name,
                "completa": form.cleaned_data["completa"],
            }
            try:
                contexto |= {"cambios": prever(**leido), "confirmar": ConfirmarMatrizForm(initial=leido)}
            except importacion.FilaRechazada as rechazo:
                form.add_error("archivo", f"{rechazo} No se cambió nada.")
        return TemplateResponse(request, "admin/portal/asignacion/importar.html", contexto)

    @staticmethod
    def _importar_lo_visto(request):
        form = ConfirmarMatrizForm(request.POST)
        if not form.is_valid():
            messages.error(request, "Suba el archivo de nuevo. No se cambió nada.")
            return redirect("admin:portal_asignacion_importar")
        try:
            cuenta = importacion.importar_matriz(**form.cleaned_data)
        except importacion.FilaRechazada as rechazo:
            messages.error(request, f"{rechazo} No se cambió nada.")
            return redirect("admin:portal_asignacion_importar")
        messages.success(request, f"Matriz importada: {cuenta}.")
        return redirect("admin:portal_matriz")

    def _contexto(self, request, titulo: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {"title": titulo, "opts": self.model._meta}


def _poner(canal: Canal, cargo: Cargo, funcion: str) -> str:
    _asignacion, nueva = Asignacion.objects.get_or_create(canal=canal, cargo=cargo, funcion=funcion)
    verbo = Funcion(funcion).label.lower()
    return f"{cargo} {verbo} en «{canal}»." if nueva else f"{cargo} ya tenía esa función en «{canal}»."


def _quitar(canal: Canal, cargo: Cargo, funcion: str) -> str:
    asignacion = Asignacion.objects.filter(canal=canal, cargo=cargo, funcion=funcion).first()
    if asignacion is None:
        return f"{cargo} ya no tenía esa función en «{canal}»."
    asignacion.delete()
    return f"{cargo} ya no {Funcion(funcion).label.lower()} en «{canal}»."
