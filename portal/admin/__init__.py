from portal.admin import (  # they register themselves
    correos,
    enlaces,
    organizacion,
    publicaciones,
    textos,
    usuarios,
)
from portal.admin.sitio import sitio_admin

__all__ = ["correos", "enlaces", "organizacion", "publicaciones", "sitio_admin", "textos", "usuarios"]
