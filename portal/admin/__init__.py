from portal.admin import organizacion, publicaciones, textos  # they register themselves
from portal.admin.sitio import sitio_admin

__all__ = ["organizacion", "publicaciones", "sitio_admin", "textos"]
