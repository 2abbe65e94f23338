"""To ask for news by mail, confirm it, change it and leave. No cookies: what opens each page is its link."""

from datetime import timedelta
from functools import wraps

from django.core.signing import BadSignature, SignatureExpired
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from participacion import suscripciones as servicio
from participacion.forms.suscripciones import EleccionForm, SuscribirForm
from participacion.models import Suscripcion
from participacion.views.anonimos import sin_sesion
from portal import freno
from portal.correo import enmascarar
from portal.direccion import direccion_de
from portal.secretos import reservado
from portal.sin_base import sin_perder_lo_escrito
from portal.sitio import sitio_de

#: By address, in ten minutes. Wide: a whole village may leave by one.
PEDIR_MAXIMO, CADA = 20, timedelta(minutes=10)
MUCHOS = (
    "Desde su conexión llegaron muchas suscripciones en pocos minutos. Lo que escribió sigue aquí: espere "
    "diez minutos y envíelo otra vez."
)
Estado = Suscripcion.Estado


@never_cache
@sin_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def suscribirse(request):
    """What can be received, and where to. What is answered says nothing of who is already here."""
    sitio = sitio_de(request)
    form = SuscribirForm(request.POST if request.method == "POST" else None, sitio=sitio)
    consentimiento = servicio.texto_de_consentimiento(sitio.municipio)
    estado = 200
    if request.method == "POST":
        estado = 422
        if form.is_valid() and not freno.intentar(
            "suscribirse", direccion_de(request), maximo=PEDIR_MAXIMO, cada=CADA
        ):
            form.add_error(None, MUCHOS)
            estado = 429
        elif form.is_valid():
            servicio.pedir(form.cleaned_data["correo"], form.eleccion(), consentimiento=consentimiento)
            return redirect("participacion:suscripcion_pedida")
    contexto = {"form": form, "consentimiento": consentimiento}
    return render(request, "participacion/suscripciones.html", contexto, status=estado)


def en_participa(request) -> str:
    """What the hub of participation shows of this."""
    return render_to_string("participacion/suscripciones_en_participa.html")


@require_safe
def pedida(request):
    """The same for everybody: the mailbox knows the rest."""
    return render(request, "participacion/suscripcion_pedida.html")


@reservado
@sin_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def confirmar(request, firma):
    """A page with a button: what reads mail before people do follows links, and presses nothing."""
    try:
        pk = servicio.hallar_para_confirmar(firma)
    except SignatureExpired:
        return _ya_no(request)
    except BadSignature:
        raise Http404 from None
    suya = servicio.confirmar(pk) if request.method == "POST" else _vivas().filter(pk=pk).first()
    return _su_pagina(request, "participacion/suscripcion_confirmar.html", suya) if suya else _ya_no(request)


def _de_su_enlace(vista):
    """Decorator: gives the view the number that the link says. 404 when the link is not ours."""

    @reservado
    @wraps(vista)
    def con_numero(request, firma):
        try:
            pk = servicio.hallar(firma)
        except BadSignature:
            raise Http404 from None
        return vista(request, pk)

    return con_numero


@_de_su_enlace
@sin_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def preferencias(request, pk):
    """What it is told of, to change it, and the way out."""
    suya = _vivas().filter(pk=pk, estado=Estado.ACTIVA).first()
    if suya is None:
        return _ya_no(request)
    form = EleccionForm(
        request.POST if request.method == "POST" else None,
        sitio=sitio_de(request),
        initial={
            "todo": suya.todo,
            "secciones": suya.secciones,
            "canales": [canal.slug for canal in suya.canales.all()],
            "dependencias": [dependencia.slug for dependencia in suya.dependencias.all()],
        },
    )
    guardado = request.method == "POST" and form.is_valid()
    if guardado:
        servicio.cambiar(pk, form.eleccion())
    return _su_pagina(
        request,
        "participacion/suscripcion.html",
        suya,
        estado=422 if form.errors else 200,
        form=form,
        guardado=guardado,
    )


@_de_su_enlace
@csrf_exempt  # RFC 8058: mail programs press it for the person, without cookies nor a page of ours
@sin_perder_lo_escrito
@require_http_methods(["GET", "HEAD", "POST"])
def salir(request, pk):
    """A page with a button; by POST it is done, and done again it is the same."""
    if request.method == "POST":
        servicio.salir(pk)
    suya = _vivas().filter(pk=pk).first()
    if suya is None:
        return render(request, "participacion/suscripcion_salida.html")
    return _su_pagina(request, "participacion/suscripcion_salir.html", suya)


def _vivas():
    return Suscripcion.objects.exclude(estado=Estado.RETIRADA).prefetch_related("canales", "dependencias")


def _su_pagina(request, plantilla: str, suya: Suscripcion, estado: int = 200, **contexto) -> HttpResponse:
    """A page about one subscription, which never shows its whole address: links are forwarded."""
    contexto |= {
        "suya": suya,
        "activa": suya.estado == Estado.ACTIVA,
        "correo": enmascarar(suya.correo),
        "firma": servicio.firma_de(suya),
    }
    return render(request, plantilla, contexto, status=estado)


def _ya_no(request) -> HttpResponse:
    """What the link was for is over: it left, or nobody confirmed in time."""
    return render(request, "participacion/suscripcion_cerrada.html", status=410)
