"""What the alcaldía issued, as a sheet to print or keep: for the person who follows it and who handles it."""

from base64 import b64encode
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.contrib import messages
from django.contrib.staticfiles import finders
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from portal.escritorio import marco
from portal.flujo import TransicionRechazada
from portal.pdf import dibujar, hay_pdf
from portal.sitio import sitio_de
from ventanilla import certificados, sesion
from ventanilla.acceso import como, firman, visibles
from ventanilla.forms.verificacion import AnularForm
from ventanilla.models import Salida
from ventanilla.views.escritorio.acceso import (
    anotar_lectura,
    del_escritorio,
    radicado_o_404,
    se_lee,
)

INDICE = "noindex, nofollow"


@never_cache
@require_safe
def documento(request, numero):
    return _hoja(request, _contexto(request, numero))


@never_cache
@require_safe
def documento_pdf(request, numero):
    """The same sheet; where this machine cannot draw it, the page says so with a 404."""
    contexto = _contexto(request, numero)
    if not hay_pdf():
        return _hoja(request, contexto | {"sin_pdf": True}, status=404)
    estilo = Path(finders.find("css/documento.css")).read_text()
    contexto |= {"estilo": estilo, "escudo": _escudo_dentro(request)}
    html = render_to_string("ventanilla/documento.html", contexto, request)
    return HttpResponse(
        dibujar(html),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{numero}.pdf"', "X-Robots-Tag": INDICE},
    )


@del_escritorio
@require_http_methods(["GET", "HEAD", "POST"])
def anular(request, numero):
    """Whoever signs for the office says, with a reason, that a certificate is no longer valid."""
    salida = _salida_o_404(numero)
    radicado = radicado_o_404(request, salida.radicado.numero, f"El documento {numero}")
    if salida.clase != Salida.Clase.CERTIFICADO:
        raise Http404
    if not como(request.user, firman(radicado)):
        raise PermissionDenied
    form = AnularForm(request.POST if request.method == "POST" else None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        try:
            certificados.anular(salida, motivo=form.cleaned_data["motivo"], por=request.user)
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
        else:
            messages.success(request, f"El certificado {numero} quedó anulado. Le avisamos a la persona.")
            return redirect(radicado)
    contexto = marco(request, f"Anular el certificado {numero}", form=form, salida=salida, radicado=radicado)
    return render(request, "ventanilla/documento_anular.html", contexto, status=422 if form.errors else 200)


def _hoja(request, contexto: dict[str, Any], status: int = 200) -> HttpResponse:
    respuesta = render(request, "ventanilla/documento.html", contexto, status=status)
    respuesta.headers["X-Robots-Tag"] = INDICE
    return respuesta


def _salida_o_404(numero: str) -> Salida:
    salidas = Salida.objects.con_numero(numero)
    salida = salidas.select_related("radicado__clase", "radicado__peticionario").first()
    if salida is None:
        raise Http404
    return salida


def _contexto(request, numero: str) -> dict[str, Any]:
    salida = _salida_o_404(numero)
    verificar = settings.PORTAL_URL + salida.get_absolute_url()
    return {
        "salida": salida,
        "radicado": salida.radicado,
        "persona": getattr(salida.radicado, "peticionario", None),
        "vencido": bool(salida.vigente_hasta and salida.vigente_hasta < timezone.localdate()),
        "verificar": verificar,
        "qr": _qr(verificar),
        "escudo": reverse("portal:escudo") if sitio_de(request).municipio.escudo else "",
        "anexos": [anexo.nombre for anexo in salida.anexos.all()],
        "volver": _volver_a(request, salida),
        "puede_anular": _puede_anular(request, salida),
        "hay_pdf": hay_pdf(),
    }


def _volver_a(request, salida: Salida) -> str:
    """The page from which this reader may see it. Raises Http404 when there is none."""
    radicado = salida.radicado
    if sesion.abierto(request, radicado.numero):
        return reverse("ventanilla:seguimiento", args=[radicado.numero])
    de_la_casa = request.user.is_authenticated and request.user.is_staff
    if not de_la_casa or not visibles(request.user).filter(pk=radicado.pk).exists():
        raise Http404
    if not se_lee(request.user, radicado):
        raise Http404
    if radicado.clase.reservada:
        anotar_lectura(radicado, request.user, f"El documento {salida.numero}")
    return radicado.get_absolute_url()


def _puede_anular(request, salida: Salida) -> bool:
    if salida.clase != Salida.Clase.CERTIFICADO or salida.anulada_en or not request.user.is_staff:
        return False
    return como(request.user, firman(salida.radicado)) is not None


def _escudo_dentro(request) -> str:
    """The shield of the municipality as an address that carries it; empty when it has uploaded none."""
    archivo = sitio_de(request).municipio.escudo
    if not archivo or not archivo.storage.exists(archivo.name):
        return ""
    with archivo.open("rb") as abierto:
        return f"data:image/webp;base64,{b64encode(abierto.read()).decode()}"


def _qr(direccion: str) -> SafeString:
    dibujo = segno.make(direccion, error="m").svg_inline(omitsize=True, title=f"Código QR de {direccion}")
    return mark_safe(dibujo)  # noqa: S308 -- drawn by segno, which escapes the title
