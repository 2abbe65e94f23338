from portal.admin.sitio import sitio_admin
from tramites.admin import catalogos, tramites  # they register themselves
from tramites.admin.permisos import actua_en_tramites

__all__ = ["catalogos", "tramites"]

sitio_admin.CON_BOTON.add("Tramite")
sitio_admin.botones.append(("Trámites", "admin:tramites_tramite_changelist", actua_en_tramites))
