"""The desk of whoever keeps the forms of online trámites: prepare, ask, see it as people do, put in use."""

from itertools import groupby

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from portal.admin.permisos import SoloOrganizacion
from portal.admin.sitio import sitio_admin
from portal.flujo import Contexto, TransicionRechazada
from portal.models import Asignacion
from tramites.admin.formularios import LineasField
from tramites.admin.permisos import actua_en_tramites, escribe_en_alguna
from tramites.flujo import escribe
from tramites.models import HojaDeVida, Tramite
from ventanilla import formularios
from ventanilla.certificados import DE_TODOS, rellenar
from ventanilla.forms.campos import FormularioDeCampos, formulario_de
from ventanilla.models import Campo, Formulario

Estado = Formulario.Estado
DICEN = {
    "poner": "El formulario ya está en uso: la página del trámite lleva a él.",
    "quitar": "El trámite ya no se hace en línea. Quien lo había empezado puede terminarlo.",
}


class PrepararForm(forms.Form):
    """Of which trámite: those that the person writes and still exist."""

    tramite = forms.ModelChoiceField(
        Tramite.objects.none(), label="Trámite", empty_label="Elija un trámite", help_text="Uno de los suyos."
    )

    def __init__(self, *args, usuario, **kwargs):
        super().__init__(*args, **kwargs)
        suyos = Tramite.objects.que_puede(usuario, Asignacion.Funcion.AUTOR).identificados()
        self.fields["tramite"].queryset = suyos.order_by("nombre")


class CampoForm(forms.ModelForm):
    opciones = LineasField(
        label="Opciones",
        largo=100,
        required=False,
        help_text="Una por línea. Solo si se elige una opción.",
    )

    class Meta:
        model = Campo
        fields = (
            *("orden", "paso", "etiqueta", "codigo", "ayuda", "tipo", "responde", "obligatorio"),
            *("opciones", "minimo", "maximo", "si_campo", "si_valor"),
        )
        help_texts = {
            "codigo": "Nombre corto para el certificado. Por ejemplo: direccion_predio.",
            "minimo": "De un número, el menor; de un texto, las letras; de una fecha, el año.",
            "maximo": "Igual que el mínimo.",
        }


class CampoInline(SoloOrganizacion, admin.StackedInline):
    """The questions. What may be done with them is what may be done with their form."""

    model = Campo
    form = CampoForm
    extra = 1
    fields = (
        ("orden", "paso"),
        ("etiqueta", "codigo"),
        "ayuda",
        ("tipo", "responde", "obligatorio"),
        "opciones",
        ("minimo", "maximo"),
        ("si_campo", "si_valor"),
    )

    def has_view_permission(self, request, obj=None):
        return actua_en_tramites(request.user)

    def has_change_permission(self, request, obj=None):
        return obj is not None and se_escribe(request, obj)

    has_add_permission = has_delete_permission = has_change_permission


def lo_escribe(request, tramite: Tramite) -> bool:
    return not escribe(tramite, Contexto(request.user, timezone.now()))


def se_escribe(request, formulario: Formulario) -> bool:
    """Whether this person may change it: a draft of a trámite that they write."""
    return formulario.estado == Estado.BORRADOR and lo_escribe(request, formulario.tramite)


@admin.register(Formulario, site=sitio_admin)
class FormularioAdmin(SoloOrganizacion, admin.ModelAdmin):
    """Everybody whose posts act on trámites sees them; whoever writes the hoja de vida writes its form."""

    list_display = ("tramite", "numero", "estado", "vigente_desde", "puesto_por")
    list_filter = ("estado",)
    list_select_related = ("tramite", "puesto_por")
    search_fields = ("tramite__nombre", "tramite__codigo")
    inlines = (CampoInline,)
    fields = ("antes_de_empezar", "certificado_titulo", "certificado_texto")
    change_form_template = "admin/ventanilla/formulario/formulario.html"

    # --- Who may --------------------------------------------------------------------------------
    def has_module_permission(self, request):
        return actua_en_tramites(request.user)

    def has_view_permission(self, request, obj=None):
        return actua_en_tramites(request.user)

    def has_add_permission(self, request, *args):
        return escribe_en_alguna(request.user)

    def has_change_permission(self, request, obj=None):
        return obj is not None and se_escribe(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Only a draft with another version before it: the first one came with the site."""
        return obj is not None and obj.numero > 1 and se_escribe(request, obj)

    def formulario_o_404(self, request, pk: int) -> Formulario:
        if not self.has_view_permission(request):
            raise PermissionDenied
        formulario = Formulario.objects.select_related("tramite__dependencia").filter(pk=pk).first()
        if formulario is None:
            raise Http404
        return formulario

    def changelist_view(self, request, extra_context=None):
        return super().changelist_view(request, {"title": "Formularios en línea"} | (extra_context or {}))

    # --- Addresses ------------------------------------------------------------------------------
    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/vista/", vista(never_cache(self.vista)), name="ventanilla_formulario_vista"),
            path("<int:pk>/<slug:paso>/dar/", vista(self.dar_paso), name="ventanilla_formulario_paso"),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """A draft of the form of a trámite: the one there is, a copy of the last version, or blank."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = PrepararForm(
            request.POST if request.method == "POST" else None, usuario=request.user, label_suffix=""
        )
        if request.method == "POST" and form.is_valid():
            try:
                formulario = formularios.preparar(form.cleaned_data["tramite"], por=request.user)
                return redirect("admin:ventanilla_formulario_change", formulario.pk)
            except TransicionRechazada as rechazo:
                form.add_error("tramite", str(rechazo))
        contexto = self.admin_site.each_context(request) | {
            "title": "Preparar un formulario en línea",
            "opts": self.opts,
            "form": form,
        }
        plantilla = "admin/ventanilla/formulario/preparar.html"
        return TemplateResponse(request, plantilla, contexto, status=422 if form.errors else 200)

    # --- Writing it -----------------------------------------------------------------------------
    def render_change_form(self, request, context, obj=None, **kwargs):
        tramite = obj.tramite
        context |= {
            "title": str(obj),
            "subtitle": None,
            "faltas": formularios.por_que_no(obj, tramite) if obj.estado == Estado.BORRADOR else [],
            "versiones": list(tramite.formularios.select_related("puesto_por")),
            "pasos": self._pasos(request, obj),
            "codigos": DE_TODOS.items(),
            "se_escribe": se_escribe(request, obj),
        }
        return super().render_change_form(request, context, obj=obj, **kwargs)

    @staticmethod
    def _pasos(request, formulario: Formulario) -> list[tuple[str, str]]:
        """The steps this person may take with it now: name and label."""
        if not lo_escribe(request, formulario.tramite):
            return []
        if formulario.estado == Estado.BORRADOR:
            return [("poner", "Poner en uso")]
        pasos = [("preparar", "Preparar otra versión")]
        if formulario.estado == Estado.VIGENTE:
            pasos.append(("quitar", "Quitarlo: que no se haga en línea"))
        return pasos

    def save_model(self, request, obj, form, change):
        """From now on it is of a person, and loading the data again does not touch it."""
        obj.creado_por = obj.creado_por or request.user
        super().save_model(request, obj, form, change)

    # --- Steps ----------------------------------------------------------------------------------
    def dar_paso(self, request, pk: int, paso: str):
        return require_POST(self._dar_paso)(request, pk, paso)

    def _dar_paso(self, request, pk: int, paso: str):
        formulario = self.formulario_o_404(request, pk)
        if not lo_escribe(request, formulario.tramite):
            raise PermissionDenied
        try:
            if paso == "preparar":
                formulario = formularios.preparar(formulario.tramite, por=request.user)
            elif paso == "poner":
                formularios.poner_en_uso(formulario, por=request.user)
            elif paso == "quitar":
                formularios.quitar(formulario, por=request.user)
            else:
                raise Http404
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
        else:
            if dicho := DICEN.get(paso):
                self.log_change(request, formulario, dicho)
                messages.success(request, dicho)
        return redirect("admin:ventanilla_formulario_change", formulario.pk)

    def vista(self, request, pk: int):
        return require_safe(self._vista)(request, pk)

    def _vista(self, request, pk: int):
        """Each page as the person reads it, what the office answers, and the certificate that comes out."""
        formulario = self.formulario_o_404(request, pk)
        campos = list(formulario.campos.all())
        de_la_persona = [campo for campo in campos if campo.responde == Campo.Responde.PERSONA]
        hoja = HojaDeVida.objects.enteras().filter(pk=formulario.tramite.hoja_publica_id).first()
        en_uso = formulario.estado != Estado.BORRADOR
        requisitos = formulario.requisitos if en_uso else hoja and formularios.requisitos_de(hoja)
        etiquetas = DE_TODOS | {campo.codigo: campo.etiqueta for campo in campos}
        contexto = {
            "formulario": formulario,
            "paginas": _paginas(de_la_persona),
            "requisitos": requisitos,
            "de_la_oficina": [campo for campo in campos if campo not in de_la_persona],
            "certificado": rellenar(
                formulario.certificado_texto, {codigo: f"[{que}]" for codigo, que in etiquetas.items()}
            ),
        }
        return TemplateResponse(request, "admin/ventanilla/formulario/vista.html", contexto)


def _paginas(campos: list[Campo]) -> list[tuple[str, FormularioDeCampos, list[str]]]:
    """Each page with its questions and its files, which are uploaded one by one."""
    paginas = []
    for n, (paso, grupo) in enumerate(groupby(campos, key=lambda campo: campo.paso)):
        suyos = list(grupo)
        archivos = [campo.etiqueta for campo in suyos if campo.tipo == Campo.Tipo.ARCHIVO]
        paginas.append((paso, formulario_de(suyos, auto_id=f"id_{n}_%s", label_suffix=""), archivos))
    return paginas


sitio_admin.CON_BOTON.add("Formulario")
sitio_admin.botones.append(("Trámites en línea", "admin:ventanilla_formulario_changelist", actua_en_tramites))
