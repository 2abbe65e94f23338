"""Who sees and who keeps the trámites in the admin. Posts decide, never ticked permissions."""

from django.db.models import Exists, OuterRef, Q, Subquery

from portal.admin.permisos import organiza
from portal.models import Asignacion, Canal, Cargo, Dependencia
from tramites.models.tramite import CANAL

Funcion = Asignacion.Funcion


def actua_en_tramites(usuario) -> bool:
    """Whether some post of the person acts on trámites, or they administer the site. One query a request."""
    if not hasattr(usuario, "_actua_en_tramites"):
        en_la_matriz = Q(asignaciones__canal__slug=CANAL)
        cargos = Cargo.objects.ejercidos_por(usuario).filter(Q(es_jefatura=True) | en_la_matriz)
        usuario._actua_en_tramites = usuario.is_active and (usuario.is_superuser or cargos.exists())
    return usuario._actua_en_tramites


def dependencias_que_escribe(usuario):
    """The offices whose trámites the person writes."""
    canal = Canal.objects.filter(slug=CANAL).values("pk")[:1]
    cargos = Cargo.objects.ejercidos_por(usuario).con_funcion(
        Funcion.AUTOR, canal=Subquery(canal), dependencia=OuterRef("pk")
    )
    return Dependencia.objects.filter(Exists(cargos), activa=True)


def escribe_en_alguna(usuario) -> bool:
    """Whether the person writes trámites of any office. One query a request."""
    if not hasattr(usuario, "_escribe_en_alguna"):
        usuario._escribe_en_alguna = dependencias_que_escribe(usuario).exists()
    return usuario._escribe_en_alguna


def lleva_el_catalogo(usuario) -> bool:
    """Whether the person keeps what hojas de vida choose from: by the matrix, or with the organisation."""
    if not hasattr(usuario, "_lleva_el_catalogo"):
        en_la_matriz = Cargo.objects.ejercidos_por(usuario).filter(
            asignaciones__canal__slug=CANAL, asignaciones__funcion__in=[Funcion.AUTOR, Funcion.EDITOR]
        )
        usuario._lleva_el_catalogo = organiza(usuario) or en_la_matriz.exists()
    return usuario._lleva_el_catalogo
