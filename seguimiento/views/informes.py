"""The weekly report: read by anybody once it is published; signed and corrected by Secretaría General."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from portal.escritorio import con_sesion
from portal.flujo import TransicionRechazada
from portal.pdf import hay_pdf
from seguimiento import informes as servicio
from seguimiento.formatos import a_pdf, a_xlsx, contexto_de
from seguimiento.formularios import FirmaForm, NotaForm
from seguimiento.models import InformeSemanal
from seguimiento.panel import Mirada, mirada_de

POR_PAGINA = 53  # a year
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def informes(request):
    """Those that are published, the newest first."""
    publicos = InformeSemanal.objects.publicos().para_listar()
    pagina = Paginator(publicos, POR_PAGINA).get_page(request.GET.get("pagina"))
    return render(request, "seguimiento/informes.html", {"pagina": pagina})


def _legible(request, anio: int, semana: int) -> tuple[InformeSemanal, bool]:
    """The report, and whether it is public. Before it is, only whoever sees the panel may read it.

    The session is not looked at when it is public, so that its page is the same for everybody.
    """
    de_la_semana = InformeSemanal.objects.filter(anio=anio, semana=semana).select_related(
        "publicacion__canal"
    )
    if informe := de_la_semana.publicos().first():
        return informe, True
    if not (request.user.is_authenticated and mirada_de(request.user).ve_el_panel):
        raise Http404
    return get_object_or_404(de_la_semana), False


@require_safe
def informe(request, anio, semana):
    informe, publico = _legible(request, anio, semana)
    return render(
        request,
        "seguimiento/informe.html",
        {**contexto_de(informe), "publico": publico, "hay_pdf": hay_pdf()},
    )


@require_safe
def pdf(request, anio, semana):
    """The PDF; where this machine cannot make one, the page with a notice: it prints the same."""
    informe, publico = _legible(request, anio, semana)
    if not hay_pdf():
        contexto = {**contexto_de(informe), "publico": publico, "sin_pdf": True}
        return render(request, "seguimiento/informe.html", contexto, status=503)
    return _archivo(a_pdf(informe), "application/pdf", informe, "pdf")


@require_safe
def xlsx(request, anio, semana):
    informe, _publico = _legible(request, anio, semana)
    return _archivo(a_xlsx(informe), XLSX, informe, "xlsx")


def _archivo(contenido: bytes, tipo: str, informe: InformeSemanal, extension: str) -> HttpResponse:
    nombre = f"informe-semanal-{informe.periodo.clave}.{extension}"
    return HttpResponse(
        contenido,
        content_type=tipo,
        headers={"Content-Disposition": f'attachment; filename="{nombre}"'},
    )


# --- Secretaría General -------------------------------------------------------------------------
def _de_secretaria(request, anio: int, semana: int) -> tuple[InformeSemanal, Mirada]:
    mirada = mirada_de(request.user)
    if not mirada.es_secretaria:
        raise PermissionDenied
    return get_object_or_404(InformeSemanal, anio=anio, semana=semana), mirada


@con_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def firmar(request, anio, semana):
    """Read it whole, write what is observed, and sign it. What was typed is never lost."""
    informe, mirada = _de_secretaria(request, anio, semana)
    form = FirmaForm(request.POST or None, initial={"leido": informe.huella_leida()})
    estado = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            servicio.firmar(informe, por=request.user, **form.cleaned_data)
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            form.con_lo_de_ahora(informe)
            estado = 409
        else:
            messages.success(
                request,
                f"Firmó el informe {informe.numero}. Su texto espera a quien valida; "
                "el público lo lee cuando otra persona lo autorice.",
            )
            return redirect("seguimiento:panel")
    return render(
        request,
        "seguimiento/informe_firmar.html",
        {**contexto_de(informe), "mirada": mirada, "form": form},
        status=estado,
    )


@con_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def corregir(request, anio, semana):
    """A numbered note to a signed report."""
    informe, mirada = _de_secretaria(request, anio, semana)
    form = NotaForm(request.POST or None)
    estado = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            nota = servicio.corregir(informe, por=request.user, texto=form.cleaned_data["texto"])
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            estado = 409
        else:
            messages.success(
                request,
                f"Quedó la nota {nota.numero}. El público la lee cuando otra persona autorice su texto.",
            )
            return redirect(informe)
    return render(
        request,
        "seguimiento/informe_corregir.html",
        {
            "mirada": mirada,
            "informe": informe,
            "form": form,
            "notas": informe.notas.select_related("version"),
        },
        status=estado,
    )
