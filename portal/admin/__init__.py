from portal.admin import (  # they register themselves
    audiencia,
    ayuda,
    claves,
    correos,
    enlaces,
    organizacion,
    periodos,
    publicaciones,
    soporte,
    textos,
    usuarios,
)
from portal.admin.sitio import sitio_admin

__all__ = [
    "audiencia",
    "ayuda",
    "claves",
    "correos",
    "enlaces",
    "organizacion",
    "periodos",
    "publicaciones",
    "sitio_admin",
    "soporte",
    "textos",
    "usuarios",
]
