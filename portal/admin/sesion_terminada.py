"""The session ended while somebody was writing: what they typed is shown, and nothing of it is lost."""

from django.template.response import TemplateResponse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

#: What is not text of theirs, or must not be shown.
_AJENO = (
    "csrf",
    "password",
    "_FORMS",
    "-id",
    "-version",
    "clave",
    "revision",
    "intento",
    "huella",
    "action",
    "leido",
)


def lo_escrito(request) -> list[tuple[str, str]]:
    """What was typed, by the name of its field, as people read it."""
    return [
        (nombre.replace("_", " ").capitalize(), valor)
        for nombre, valores in request.POST.lists()
        for valor in valores
        if valor.strip() and not nombre.startswith("_") and not any(ajeno in nombre for ajeno in _AJENO)
    ]


@never_cache
def sesion_terminada(request, admin_site):
    """The page that a form sent without a session answers with."""
    contexto = admin_site.each_context(request) | {
        "title": "Su sesión terminó",
        "escrito": lo_escrito(request),
        "entrar": f"{admin_site.name}:login",
        "vuelta": urlencode({"next": request.get_full_path()}),
    }
    return TemplateResponse(request, "admin/sesion_terminada.html", contexto, status=401)
