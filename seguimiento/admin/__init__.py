from portal.admin.sitio import sitio_admin
from seguimiento.admin import campanas, criterios, empalme, informes, plan  # they register themselves
from seguimiento.panel import mirada_de

__all__ = ["campanas", "criterios", "empalme", "informes", "plan"]

sitio_admin.botones += [
    ("Panel", "seguimiento:panel", lambda usuario: mirada_de(usuario).ve_el_panel),
    ("Criterios", "seguimiento:criterios", lambda usuario: bool(mirada_de(usuario).suyas)),
]
