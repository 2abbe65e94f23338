"""What a tenure that ends leaves in surveys and consultations. They belong to their channel: others go on."""

from django.db.models import Q

from participacion.models import Consulta
from participacion.services import CANALES
from portal.alcance import alcanzan
from portal.models import Asignacion, Cargo, Titularidad
from portal.redaccion.relevo import Espera

Funcion = Asignacion.Funcion
Estado = Consulta.Estado


def consultas_de(titularidad: Titularidad) -> list[Espera]:
    """The drafts, what it may authorise and the outcomes owed in the channels of that post. Two queries."""
    suyos = alcanzan(Cargo.objects.filter(pk=titularidad.cargo_id))
    yo = titularidad.persona_id
    consultas = Consulta.objects.filter(canal__slug__in=CANALES).exclude(estado=Estado.DESCARTADA)
    deben = Consulta.objects.sin_resultado().values("pk")
    esperan = (
        Q(estado=Estado.BORRADOR, canal__in=suyos[Funcion.AUTOR])
        | Q(estado=Estado.POR_AUTORIZAR, canal__in=suyos[Funcion.AUTORIZA])
        & ~(Q(enviada_por=yo) | Q(editada_por=yo))
        | Q(pk__in=deben, canal__in=suyos[Funcion.AUTOR])
    )
    return [_espera(consulta, yo) for consulta in consultas.filter(esperan).order_by("cierra_en", "pk")]


def _espera(consulta: Consulta, yo: int) -> Espera:
    if consulta.estado == Estado.POR_AUTORIZAR:
        manos = frozenset({consulta.enviada_por_id, consulta.editada_por_id})
        return _en_su_canal("Consultas por autorizar", consulta, Funcion.AUTORIZA, manos)
    if consulta.estado != Estado.BORRADOR:
        return _en_su_canal("Resultados por publicar", consulta, Funcion.AUTOR)
    ajena = yo not in {consulta.creada_por_id, consulta.editada_por_id, consulta.enviada_por_id}
    return _en_su_canal("Consultas sin enviar", consulta, Funcion.AUTOR, ajena=ajena)


def _en_su_canal(que: str, consulta: Consulta, funcion: str, vedados=frozenset(), ajena=False) -> Espera:
    return Espera(que, str(consulta), consulta.dependencia_id, consulta.canal_id, funcion, vedados, ajena)
