"""The desk of the bulletin: what it says, whom it would reach, how each would get it, and the decision.

Nobody reads an address here. Whoever heads Secretaría General sees what little tells one from another.
"""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from participacion.boletin import decision, envio
from participacion.boletin.novedades import por_temas, sin_autorizar, vigentes
from participacion.forms.suscripciones import AprobarForm, NoEnviarForm
from participacion.models import Boletin, Suscripcion
from participacion.suscripciones import RECHAZOS_SEGUIDOS
from portal.alcance import alcance_de
from portal.correo import enmascarar
from portal.escritorio import del_escritorio, marco
from portal.flujo import TransicionRechazada
from portal.periodos import Periodo
from portal.sitio import sitio_de

#: Weeks that are listed, and masked addresses in a page.
SEMANAS, POR_PAGINA = 26, 50
#: In what an official sees, instead of the link that opens the subscription of somebody.
ENLACE_PROPIO = "(aquí va el enlace propio de cada persona)"
Estado = Boletin.Estado


_de_quien_decide = del_escritorio(decision.decide)


@require_safe
@_de_quien_decide
def boletines(request):
    """The weeks there are, and how many asked for news."""
    en_curso = Periodo.semana_de(timezone.localdate())
    contexto = {
        "boletines": Boletin.objects.defer("datos").select_related("decidido_por")[:SEMANAS],
        "en_curso": en_curso,
        "por_confirmar": Suscripcion.objects.filter(estado=Suscripcion.Estado.POR_CONFIRMAR).count(),
        **Suscripcion.objects.activas().aggregate(
            activas=Count("pk", filter=Q(detenida_en=None)),
            detenidas=Count("pk", filter=~Q(detenida_en=None)),
        ),
        "RECHAZOS_SEGUIDOS": RECHAZOS_SEGUIDOS,
    }
    return _pagina(request, "participacion/boletines_escritorio.html", "Boletín de la semana", contexto)


@require_http_methods(["GET", "HEAD", "POST"])
@_de_quien_decide
def boletin(request, anio, semana):
    """Read it whole, and approve it or say why it is not sent. What was typed is never lost."""
    fila = get_object_or_404(Boletin.objects.select_related("decidido_por"), anio=anio, semana=semana)
    no_enviar, estado, rechazo = NoEnviarForm(), 200, ""
    if request.method == "POST":
        form = AprobarForm(request.POST) if "aprobar" in request.POST else NoEnviarForm(request.POST)
        estado = 422
        if form.is_valid():
            try:
                return _decidir(request, fila, form)
            except TransicionRechazada as motivo:
                estado, rechazo = 409, str(motivo)
                fila.refresh_from_db()
        if isinstance(form, NoEnviarForm):
            no_enviar = form
    novedades = vigentes(fila.datos["novedades"])
    contexto = {
        "boletin": fila,
        "semana": fila.periodo,
        "por_decidir": fila.estado == Estado.PREPARADO,
        "temas": por_temas(novedades),
        "retiradas": len(fila.datos["novedades"]) - len(novedades),
        "sin_autorizar": sin_autorizar(novedades),
        "reparto": envio.reparto(novedades),
        "aprobar": AprobarForm(initial={"leido": decision.huella_vigente(fila)}),
        "form": no_enviar,
        "rechazo": rechazo,
        "pagina": _enmascaradas(request, novedades),
    }
    return _pagina(
        request,
        "participacion/boletin_escritorio.html",
        f"Boletín de la {contexto['semana'].nombre}",
        contexto,
        estado,
    )


def _decidir(request, fila: Boletin, form) -> HttpResponse:
    if isinstance(form, AprobarForm):
        decision.aprobar(fila, por=request.user, **form.cleaned_data)
        messages.success(request, "Aprobó el boletín. Los correos salen en los próximos minutos.")
    else:
        decision.no_enviar(fila, por=request.user, **form.cleaned_data)
        messages.success(request, "El boletín no se envía. Su página sigue en el sitio.")
    return redirect("participacion:escritorio_boletin", fila.anio, fila.semana)


def _enmascaradas(request, novedades):
    """Whom it would reach, for whoever heads Secretaría General; None for the rest."""
    if not alcance_de(request.user).dirige_secretaria_general:
        return None
    suyas = envio.interesadas(novedades).order_by("pk").prefetch_related("canales", "dependencias")
    pagina = Paginator(suyas, POR_PAGINA).get_page(request.GET.get("pagina"))
    pagina.object_list = [
        {"pk": suya.pk, "correo": enmascarar(suya.correo), "pidio": envio.lo_que_pidio(suya)}
        for suya in pagina.object_list
    ]
    return pagina


@require_safe
@_de_quien_decide
def correo(request, anio, semana, pk=None):
    """The message as one of them gets it; without `pk`, as whoever asked for everything does."""
    fila = get_object_or_404(Boletin, anio=anio, semana=semana)
    novedades = vigentes(fila.datos["novedades"])
    suya = Suscripcion(todo=True)
    if pk is not None:
        if not alcance_de(request.user).dirige_secretaria_general:
            raise Http404
        suya = get_object_or_404(Suscripcion.objects.activas(), pk=pk)
    suyas = envio.lo_suyo(novedades, suya)
    municipio = sitio_de(request).municipio
    contexto = {
        "boletin": fila,
        "asunto": envio.asunto_de(fila, municipio),
        "para": enmascarar(suya.correo) if pk else "",
        "texto": envio.texto_del_correo(
            fila,
            suyas,
            municipio,
            pidio=envio.lo_que_pidio(suya),
            preferencias=ENLACE_PROPIO,
            salir=ENLACE_PROPIO,
        )
        if suyas
        else "",
    }
    return _pagina(request, "participacion/boletin_correo.html", "Así llega el correo", contexto)


def _pagina(request, plantilla: str, titulo: str, contexto: dict, estado: int = 200) -> HttpResponse:
    return render(request, plantilla, marco(request, titulo, **contexto), status=estado)
