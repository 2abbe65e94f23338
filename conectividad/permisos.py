"""Who may write in the log. Posts decide: to administer the site gives no right here."""

from conectividad.models import CierreMensual, Incidente
from portal.admin.permisos import dirige_secretaria_general
from portal.alcance import alcance_de
from portal.models import Cargo


def puede_anotar(usuario) -> bool:
    """Whoever holds a post of Secretaría General or heads any office. One query a request."""
    puestos = alcance_de(usuario).puestos
    return any(puesto.es_jefatura or puesto.de_secretaria_general for puesto in puestos)


def puede_corregir(usuario, incidente: Incidente) -> bool:
    """Who logged it, while none of its months is closed; the head of Secretaría General, always."""
    if dirige_secretaria_general(usuario):
        return True
    es_suyo = incidente.registrado_por_id is not None and incidente.registrado_por_id == usuario.pk
    return (
        es_suyo
        and puede_anotar(usuario)
        and not CierreMensual.objects.que_tocan(incidente.enlace_id, incidente.inicio, incidente.fin).exists()
    )


def puede_cerrar(usuario) -> Cargo | None:
    """The post with which the person signs the closing of a month: the head of Secretaría General."""
    return Cargo.objects.ejercidos_por(usuario).que_dirigen_secretaria_general().first()
