"""The desk of criteria: what was found of each, its evidence, and what people decide of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.escritorio import con_sesion
from portal.flujo import SinPermiso, TransicionRechazada
from seguimiento import evaluacion
from seguimiento.mesa_de_criterios import AfirmacionForm, EvidenciaForm, ExcepcionForm, FiltroForm, RazonForm
from seguimiento.models import Criterio
from seguimiento.panel import Mirada, mirada_de
from seguimiento.registro import REGLAS

POR_PAGINA, EVALUACIONES = 50, 30


def _mirada(request) -> Mirada:
    """Of whoever holds a post. Raises PermissionDenied for the rest."""
    mirada = mirada_de(request.user)
    if not mirada.suyas:
        raise PermissionDenied
    return mirada


@con_sesion
@require_safe
def criterios(request):
    """All of them, or what was asked; those of the person's offices when nothing was."""
    mirada = _mirada(request)
    form = FiltroForm(request.GET)
    todos = Criterio.objects.select_related("fase__marco", "dependencia")
    solo_suyos = not request.GET and not mirada.es_secretaria
    if solo_suyos:
        todos = todos.filter(dependencia__in=mirada.suyas)
    pagina = Paginator(form.filtrar(todos), POR_PAGINA).get_page(request.GET.get("pagina"))
    contexto = {"mirada": mirada, "form": form, "pagina": pagina, "solo_suyos": solo_suyos}
    return render(request, "seguimiento/criterios.html", contexto)


@con_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def criterio(request, codigo):
    """One of them, with everything that the person may do with it."""
    mirada = _mirada(request)
    hallado = get_object_or_404(
        Criterio.objects.select_related("fase__marco", "dependencia", "canal").prefetch_related(
            "evidencias__por", "equivale_a__otro__fase__marco", "equivale_de__criterio__fase__marco"
        ),
        codigo=codigo,
    )
    mesa = Mesa(request, hallado)
    if request.method == "POST" and mesa.recibir():
        return redirect(request.path)
    return render(
        request,
        "seguimiento/criterio.html",
        {
            "mirada": mirada,
            "criterio": hallado,
            "regla": REGLAS.get(hallado.regla),
            "evaluaciones": hallado.evaluaciones.select_related("por")[:EVALUACIONES],
            "puede": evaluacion.puede_responder(hallado, request.user),
            "decidido": hallado.base in {Criterio.Base.PERSONA, Criterio.Base.EXCEPCION},
            "mesa": mesa,
        },
        status=mesa.estado,
    )


@dataclass
class Mesa:
    """The forms of a criterion; `recibir` takes in the one that was sent, named in `que`."""

    request: object
    criterio: Criterio
    formularios: dict[str, forms.Form] = field(init=False)
    estado: int = 200

    CLASES = {
        "verificar": forms.Form,
        "evidencia": EvidenciaForm,
        "afirmar": AfirmacionForm,
        "exceptuar": ExcepcionForm,
        "no_aplica": RazonForm,
        "reabrir": RazonForm,
    }

    def __post_init__(self):
        self.formularios = {que: clase(prefix=que) for que, clase in self.CLASES.items()}

    def recibir(self) -> bool:
        """False when it could not be done; then it is on the page, with the reason, to be put right."""
        que = self.request.POST.get("que", "")
        if que not in self.CLASES:
            raise Http404
        form = self.CLASES[que](self.request.POST, self.request.FILES, prefix=que)
        self.formularios[que] = form
        if not form.is_valid():
            self.estado = 422
            return False
        try:
            hecho = _HACER[que](self.criterio, self.request.user, form.cleaned_data)
        except SinPermiso as rechazo:
            raise PermissionDenied(str(rechazo)) from rechazo
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            self.estado = 409
            return False
        except ValidationError as error:
            form.add_error(None, error)
            self.estado = 422
            return False
        messages.success(self.request, hecho)
        return True


# --- What each form does, and how it is told ----------------------------------------------------
def _verificar(criterio: Criterio, por, datos) -> str:
    if not evaluacion.puede_responder(criterio, por):
        raise SinPermiso(f"Por este criterio responde {criterio.dependencia}.")
    cambio = evaluacion.verificar(criterio)
    que = criterio.get_resultado_display().lower()
    return f"Se volvió a mirar: ahora está «{que}»." if cambio else f"Se volvió a mirar: sigue «{que}»."


def _evidencia(criterio: Criterio, por, datos) -> str:
    evidencia = evaluacion.agregar_evidencia(criterio, por=por, **datos)
    otros = evidencia.criterios.exclude(pk=criterio.pk).count()
    tambien = f" Sirve también para {otros} de otros marcos." if otros else ""
    return f"La evidencia quedó agregada.{tambien} Ahora puede afirmar el criterio."


def _afirmar(criterio: Criterio, por, datos) -> str:
    evaluacion.afirmar(criterio, por=por, resultado=datos["resultado"], razon=datos["razon"])
    return "Lo que afirmó quedó escrito con su nombre, y el público lo lee."


def _exceptuar(criterio: Criterio, por, datos) -> str:
    evaluacion.exceptuar(criterio, por=por, razon=datos["razon"], hasta=datos["hasta"])
    return "La excepción quedó escrita. Vence sola ese día, o antes si el criterio se cumple."


def _no_aplica(criterio: Criterio, por, datos) -> str:
    evaluacion.declarar_no_aplica(criterio, por=por, razon=datos["razon"])
    return "El criterio salió de los porcentajes. El público lee la razón."


def _reabrir(criterio: Criterio, por, datos) -> str:
    evaluacion.reabrir(criterio, por=por, razon=datos["razon"])
    return "El criterio quedó sin evaluar, hasta que lo mire su regla o alguien lo afirme."


_HACER: dict[str, Callable[[Criterio, object, dict], str]] = {
    "verificar": _verificar,
    "evidencia": _evidencia,
    "afirmar": _afirmar,
    "exceptuar": _exceptuar,
    "no_aplica": _no_aplica,
    "reabrir": _reabrir,
}
