"""Where a request comes from, for what counts how often somebody tries."""

from django.conf import settings


def direccion_de(request) -> str:
    """The address it comes from, as the outermost of our proxies saw it; "" when nothing says it.

    Each proxy adds on the right the one it saw; what is further to the left anybody could have written.
    """
    vistas = [parte.strip() for parte in request.headers.get("X-Forwarded-For", "").split(",")]
    if settings.PROXIES and len(vistas) >= settings.PROXIES and vistas[-settings.PROXIES]:
        return vistas[-settings.PROXIES]
    return request.META.get("REMOTE_ADDR", "")
