"""The catalogue out to a spreadsheet and back, and official fichas in: always into drafts."""

from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.html import format_html, format_html_join

from portal.flujo import TransicionRechazada
from portal.hojas_de_calculo import TablaRechazada
from portal.importacion import FilaRechazada
from portal.models import Asignacion
from tramites.admin.permisos import escribe_en_alguna
from tramites.exportacion import en_csv, en_xlsx
from tramites.importacion import importar_catalogo
from tramites.models import Tramite
from tramites.suit import LARGO_MAXIMO, FichaRechazada, importar_ficha

#: How the table leaves and its content type. The mark of order tells Excel that the CSV is in UTF-8.
FORMATOS: dict[str, tuple[Callable[[QuerySet[Tramite]], str | bytes], str]] = {
    "csv": (lambda tramites: "\ufeff" + en_csv(tramites), "text/csv; charset=utf-8"),
    "xlsx": (en_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


class CatalogoForm(forms.Form):
    archivo = forms.FileField(
        label="Archivo", help_text="El mismo que se descarga de la tabla, en CSV o en Excel (XLSX)."
    )


class FichaForm(forms.Form):
    """The JSON of an official ficha, pasted or in a file, and the trámite it is of."""

    tramite = forms.ModelChoiceField(
        Tramite.objects.none(), label="Trámite", required=False, empty_label="El que nombra la ficha"
    )
    texto = forms.CharField(
        label="Texto de la ficha",
        required=False,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="En formato JSON, como lo entrega el visor del SUIT. O suba el archivo.",
    )
    archivo = forms.FileField(label="Archivo JSON", required=False)

    def __init__(self, *args, tramites, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["tramite"].queryset = tramites

    def clean_archivo(self) -> str:
        """Its text."""
        archivo = self.cleaned_data["archivo"]
        if not archivo:
            return ""
        if archivo.size > LARGO_MAXIMO:
            raise forms.ValidationError("El archivo es demasiado grande para ser una ficha.")
        try:
            return archivo.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            raise forms.ValidationError("El archivo no está en UTF-8.") from None

    def clean(self):
        datos = super().clean()
        if not self.errors and bool(datos["texto"]) == bool(datos["archivo"]):
            self.add_error("texto", "Pegue el texto de la ficha o suba el archivo: una de las dos cosas.")
        return datos


def _enviado(request) -> tuple:
    """What binds a form: nothing while it is only being opened."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


class Intercambio:
    """Mixin of TramiteAdmin: downloads and imports."""

    def urls_de_intercambio(self):
        vista = self.admin_site.admin_view
        return [
            path("exportar/<slug:formato>/", vista(self.exportar), name="tramites_tramite_exportar"),
            path("importar/", vista(self.importar), name="tramites_tramite_importar"),
            path("importar-ficha/", vista(self.importar_ficha), name="tramites_tramite_importar_ficha"),
        ]

    def exportar(self, request, formato: str):
        """The trámites that the table shows with the filters of the address."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        try:
            elegidos = self.get_changelist_instance(request).get_queryset(request)
        except IncorrectLookupParameters:
            return redirect("admin:tramites_tramite_changelist")
        tramites = Tramite.objects.filter(pk__in=elegidos.values("pk"))
        if formato not in FORMATOS:
            raise Http404
        escribir, tipo = FORMATOS[formato]
        return HttpResponse(
            escribir(tramites),
            content_type=tipo,
            headers={"Content-Disposition": f'attachment; filename="tramites.{formato}"'},
        )

    def importar(self, request):
        """A downloaded catalogue that comes back: what changed goes to drafts, all or nothing."""
        if not escribe_en_alguna(request.user):
            raise PermissionDenied
        form = CatalogoForm(*_enviado(request))
        if request.method == "POST" and form.is_valid():
            try:
                cuenta = importar_catalogo(form.cleaned_data["archivo"], por=request.user)
            except (FilaRechazada, TablaRechazada, TransicionRechazada) as rechazo:
                form.add_error("archivo", f"{rechazo} No se cambió nada.")
            else:
                messages.success(request, f"Archivo leído: {cuenta}. Los cambios están en borradores.")
                return redirect("admin:tramites_tramite_changelist")
        ayuda = (
            "Lo que cambió respecto de lo que hay pasa a un borrador de cada trámite. Nada se publica. "
            "Si una fila tiene un error, no cambia nada."
        )
        return self._formulario(request, form, "Importar el catálogo", ayuda)

    def importar_ficha(self, request):
        """A ficha of the official visor into the draft of its trámite, with what was left out told."""
        if not escribe_en_alguna(request.user):
            raise PermissionDenied
        propios = Tramite.objects.que_puede(request.user, Asignacion.Funcion.AUTOR)
        elegido = request.GET.get("tramite", "")
        form = FichaForm(
            *_enviado(request),
            tramites=propios,
            initial={"tramite": elegido if elegido.isdecimal() else None},
        )
        if request.method == "POST" and form.is_valid():
            datos = form.cleaned_data
            try:
                importada = importar_ficha(
                    datos["texto"] or datos["archivo"], por=request.user, tramite=datos["tramite"]
                )
            except (FichaRechazada, TransicionRechazada) as rechazo:
                form.add_error("texto", f"{rechazo} No se cambió nada.")
            else:
                self._contar(request, importada)
                return redirect("admin:tramites_tramite_hoja", importada.tramite.pk)
        ayuda = "La ficha pasa a un borrador. Nada se publica, y el número del SUIT se escribe al inscribir."
        return self._formulario(request, form, "Importar una ficha del SUIT", ayuda)

    @staticmethod
    def _contar(request, importada) -> None:
        messages.success(request, f"La ficha quedó en el borrador de «{importada.tramite}». Revísela.")
        if importada.avisos:
            avisos = format_html_join("", "<li>{}</li>", ((aviso,) for aviso in importada.avisos))
            messages.warning(request, format_html("No se tomó todo:<ul>{}</ul>", avisos))

    def _formulario(self, request, form, titulo: str, ayuda: str):
        contexto = self.admin_site.each_context(request) | {
            "title": titulo,
            "opts": self.opts,
            "form": form,
            "ayuda": ayuda,
        }
        status = 422 if form.errors else 200
        return TemplateResponse(request, "admin/tramites/tramite/importar.html", contexto, status=status)
