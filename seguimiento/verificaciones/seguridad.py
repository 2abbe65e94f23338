"""Rules on how the site is set up and answers."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings

from seguimiento.models import Criterio
from seguimiento.paginas import anfitrion, lector
from seguimiento.parametros import Positivo
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import Veredicto, cumple, falla, nombrar


@regla("dominio-termina-en")
def dominio_termina_en(criterio: Criterio, en: datetime, *, sufijo: str) -> Veredicto:
    """El nombre con que se configuró el sitio termina como se pide."""
    if anfitrion().endswith(sufijo):
        return cumple(f"El sitio se configuró como {anfitrion()}.")
    return falla(
        f"El sitio se configuró como {anfitrion()}, que no termina en {sufijo}.",
        "Pida el dominio al .gov.co y dígalo en la configuración (ALLOWED_HOSTS).",
    )


@regla("cabeceras")
def cabeceras(criterio: Criterio, en: datetime, *, nombres: Sequence[str]) -> Veredicto:
    """Las respuestas llevan esas cabeceras de seguridad."""
    presentes = {nombre.casefold() for nombre in lector().leer("/").cabeceras}
    faltan = [nombre for nombre in nombres if nombre.casefold() not in presentes]
    if not faltan:
        return cumple(f"La portada responde con las {len(nombres)} cabeceras.")
    return falla(
        f"La portada responde sin: {nombrar(faltan)}.",
        "Avise a quien administra el sitio: se ponen en su configuración (PORTAL_HTTPS, CSP).",
        en_parte=len(faltan) < len(nombres),
    )


@regla("cookies-protegidas")
def cookies_protegidas(criterio: Criterio, en: datetime) -> Veredicto:
    """Las cookies de sesión y de formularios llevan Secure y HttpOnly."""
    ajustes = (
        *("SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY"),
        *("CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY"),
    )
    faltan = [ajuste for ajuste in ajustes if not getattr(settings, ajuste)]
    if not faltan:
        return cumple("Las cookies de sesión y de formularios llevan Secure y HttpOnly.")
    return falla(
        f"La configuración no protege las cookies: {nombrar(faltan)}.",
        "Sirva el sitio por HTTPS (PORTAL_HTTPS=1).",
        en_parte=len(faltan) < len(ajustes),
    )


@regla("ingreso-limitado")
def ingreso_limitado(criterio: Criterio, en: datetime, *, intentos: Positivo = 10) -> Veredicto:
    """El ingreso se bloquea tras unos intentos fallidos."""
    activo = (
        getattr(settings, "AXES_ENABLED", True) and "axes.middleware.AxesMiddleware" in settings.MIDDLEWARE
    )
    if activo and intentos >= settings.AXES_FAILURE_LIMIT:
        return cumple(f"El ingreso se bloquea tras {settings.AXES_FAILURE_LIMIT} intentos fallidos.")
    return falla(
        "El ingreso no limita los intentos fallidos.", "Active el límite de intentos en la configuración."
    )


@regla("metodos-rechazados")
def metodos_rechazados(criterio: Criterio, en: datetime, *, metodos: Sequence[str]) -> Veredicto:
    """El sitio rechaza los métodos HTTP que no usa."""
    aceptados = [metodo for metodo in metodos if lector().leer("/", metodo).estado < 400]
    if not aceptados:
        return cumple(f"El sitio rechaza {nombrar(metodos)}.")
    return falla(f"El sitio acepta {nombrar(aceptados)}.", "Avise a quien administra el sitio.")


@regla("errores-genericos")
def errores_genericos(criterio: Criterio, en: datetime) -> Veredicto:
    """Una dirección que no existe responde 404 sin revelar nada de adentro."""
    perdida = lector().leer("/esta-pagina-no-existe/")
    texto = perdida.texto().casefold()
    delata = [huella for huella in ("traceback", "exception", "django", "urlconf") if huella in texto]
    if perdida.estado == 404 and not delata and not settings.DEBUG:
        return cumple("Una dirección que no existe responde con una página propia, sin datos internos.")
    return falla(
        f"Una dirección que no existe responde {perdida.estado} y deja ver: {nombrar(delata or ['DEBUG'])}.",
        "Quite el modo de depuración (DEBUG) de la configuración.",
    )
