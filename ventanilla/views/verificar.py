"""Whether a document is of the alcaldía, for anybody who holds it. It never says what the document says."""

import logging
from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from portal import freno
from portal.direccion import direccion_de
from ventanilla.codigos import normalizado
from ventanilla.forms.verificacion import VerificarForm
from ventanilla.models import Salida
from ventanilla.salidas import huella_de_salida

registro = logging.getLogger(__name__)

#: Codes that do not exist, from one address. Wide: a notary checks many, and a village leaves by one.
POR_DIRECCION = {"maximo": 60, "cada": timedelta(minutes=10)}


@never_cache
@require_safe
def buscar(request):
    """The code, as it is typed from the sheet."""
    if "codigo" not in request.GET:
        return _pagina(request, VerificarForm(label_suffix=""), status=200)
    form = VerificarForm(request.GET, label_suffix="")
    if not form.is_valid():
        return _pagina(request, form, status=422)
    return redirect("ventanilla:verificar", form.cleaned_data["codigo"])


@never_cache
@require_safe
def verificar(request, codigo):
    """What is known of the document with that code. One that is not possible looks like one that is not."""
    desde = direccion_de(request)
    form = VerificarForm(initial={"codigo": codigo[:40]}, label_suffix="")
    if not freno.intentar("verificar", desde, **POR_DIRECCION):
        return _pagina(request, form, status=429, frenado=True)
    salida = _la_de(codigo)
    if salida is None:
        return _pagina(request, form, status=404, no_existe=True)
    freno.devolver("verificar", desde, cada=POR_DIRECCION["cada"])
    persona = None if salida.radicado.clase.reservada else getattr(salida.radicado, "peticionario", None)
    return _pagina(
        request,
        VerificarForm(label_suffix=""),
        status=200,
        salida=salida,
        dictamen=dictamen_de(salida),
        persona=persona,
    )


def _la_de(codigo: str) -> Salida | None:
    salidas = Salida.objects.verificables().select_related("radicado__clase", "radicado__peticionario")
    return salidas.filter(codigo=normalizado(codigo)).first() if len(codigo) <= 40 else None


def dictamen_de(salida: Salida) -> str:
    """«alterado», «anulado», «vencido», «vigente» or, of what does not expire nor certifies, «autentico»."""
    if huella_de_salida(salida) != salida.huella:
        registro.error("La salida %s no dice lo que se firmó.", salida.numero)
        return "alterado"
    if salida.anulada_en:
        return "anulado"
    if salida.vigente_hasta and salida.vigente_hasta < timezone.localdate():
        return "vencido"
    return "vigente" if salida.clase == Salida.Clase.CERTIFICADO else "autentico"


def _pagina(request, form: VerificarForm, *, status: int, **contexto) -> HttpResponse:
    respuesta = render(request, "ventanilla/verificar.html", {"form": form, **contexto}, status=status)
    if request.resolver_match.url_name == "verificar" or status != 200:
        respuesta.headers["X-Robots-Tag"] = "noindex, nofollow"
    return respuesta
