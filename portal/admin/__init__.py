from portal.admin import correos, organizacion, publicaciones, textos, usuarios  # they register themselves
from portal.admin.sitio import sitio_admin

__all__ = ["correos", "organizacion", "publicaciones", "sitio_admin", "textos", "usuarios"]
