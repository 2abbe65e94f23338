from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from portal.audiencia.busquedas import normalizar
from portal.audiencia.contador import CONTADOR, Visto
from portal.audiencia.robots import es_robot
from portal.middleware import es_pagina_publica
from portal.models import Adjunto, Visita

#: Pages with a form, that anybody may read: `app:name`. Other apps add theirs in their `ready()`.
CON_FORMULARIO: set[str] = set()
#: What a secret is called in an address. Such pages are never kept, and so are not public either.
SECRETOS = {"secreto", "token", "firma"}
LARGO_DE_LA_RUTA = 300  # of `Visita.ruta`
LARGO_DE_LA_SESION = 32


class Audiencia:
    """Count what was read. Inside of what turns a page into a 304, which is a reading too.

    It stands outside of the sessions: whoever entered is known by a cookie that came, later and elsewhere.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "GET" and not _por_adelantado(request):
            que, ruta = _leido(request, response)
            if ruta and len(ruta) <= LARGO_DE_LA_RUTA:
                robot = es_robot(request.headers.get("User-Agent", ""))
                CONTADOR.sumar(Visto(ruta, timezone.localdate(), que, robot, _sesion(request)))
        return response


def es_descarga(request, adjunto: Adjunto) -> None:
    """Count the answer, if it is a good one, as the download of that file: under its own address.

    Pictures are part of the pages that show them.
    """
    if not adjunto.es_imagen:
        request.descarga = adjunto.get_absolute_url()


def contar_busqueda(request, texto: str) -> None:
    """Count a search that found nothing, once its words can be of nobody in particular."""
    de_persona = request.method == "GET" and not es_robot(request.headers.get("User-Agent", ""))
    if de_persona and (palabras := normalizar(texto)):
        CONTADOR.sumar_busqueda(palabras)


def _leido(request, response) -> tuple[str, str]:
    """What was taken, and its address; "" when nothing that counts was."""
    if descarga := getattr(request, "descarga", ""):
        return Visita.Que.DESCARGA, descarga if response.status_code in {200, 304} else ""
    return Visita.Que.PAGINA, _direccion(request) if _es_de_cualquiera(request, response) else ""


def _es_de_cualquiera(request, response) -> bool:
    """A page of the public site, or its last copy when the database does not answer."""
    if response.status_code != 200 or not response.headers.get("Content-Type", "").startswith("text/html"):
        return False
    if getattr(request, "sin_base", False):
        return True
    ruta = request.resolver_match
    if ruta is None or SECRETOS & ruta.captured_kwargs.keys():
        return False
    return es_pagina_publica(request, response) or ruta.view_name in CON_FORMULARIO


def _direccion(request) -> str:
    """The address, as we write it: `/informes-semanales/02026/7/` also answers, and would be another one."""
    ruta = request.resolver_match
    return reverse(ruta.view_name, kwargs=ruta.captured_kwargs) if ruta.captured_kwargs else request.path


def _sesion(request) -> str:
    """The session that the browser says to have, if it looks like one of ours."""
    clave = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    return clave if len(clave) == LARGO_DE_LA_SESION and clave.isalnum() else ""


def _por_adelantado(request) -> bool:
    """The browser asks for it in case somebody goes there: nobody has read it yet."""
    return "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
