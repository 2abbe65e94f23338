"""Who sees and who keeps the trámites in the admin. Posts decide, never ticked permissions."""

from django.db.models import Exists, OuterRef, Subquery

from portal.admin.permisos import organiza
from portal.alcance import alcance_de
from portal.models import Asignacion, Canal, Cargo, Dependencia
from tramites.models.tramite import CANAL

Funcion = Asignacion.Funcion
#: What the matrix calls whoever writes: who edits may also write.
ESCRIBEN = frozenset({Funcion.AUTOR, Funcion.EDITOR})


def actua_en_tramites(usuario) -> bool:
    """Whether some post of the person acts on trámites, or they administer the site. One query a request."""
    if not usuario.is_active:
        return False
    alcance = alcance_de(usuario)
    return bool(usuario.is_superuser or alcance.dirige or alcance.funciones_en(CANAL))


def dependencias_que_escribe(usuario):
    """The offices whose trámites the person writes."""
    canal = Canal.objects.filter(slug=CANAL).values("pk")[:1]
    cargos = Cargo.objects.ejercidos_por(usuario).con_funcion(
        Funcion.AUTOR, canal=Subquery(canal), dependencia=OuterRef("pk")
    )
    return Dependencia.objects.filter(Exists(cargos), activa=True)


def escribe_en_alguna(usuario) -> bool:
    """Whether some post of the person may write trámites; of which offices, `dependencias_que_escribe`."""
    alcance = alcance_de(usuario)
    return bool(alcance.dirige or alcance.funciones_en(CANAL) & ESCRIBEN)


def lleva_el_catalogo(usuario) -> bool:
    """Whether the person keeps what hojas de vida choose from: by the matrix, or with the organisation."""
    return organiza(usuario) or bool(alcance_de(usuario).funciones_en(CANAL) & ESCRIBEN)
