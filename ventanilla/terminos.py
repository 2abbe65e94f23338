"""When each thing is due, and why: the terms of Ley 1437 de 2011, arts. 13 a 33 (Ley 1755 de 2015).

Everything here only counts. What is counted is kept in `Termino`, with its explanation, and nothing that was
notified moves without another row.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format

from portal.calendario import UN_DIA, DiasHabiles, cierra_a_las, sumar_meses
from portal.fechas import con_su_dia
from tramites.models import HojaDeVida
from ventanilla.models import ClaseDeRadicado, PlazoDeActuacion, Radicado, Termino

HABIL, CALENDARIO = "habil", "calendario"
#: Without a term of its own, a trámite follows the general one (Ley 1437 de 2011, art. 14).
GENERAL = 15
#: Working days late after which something is very late. A rule of this office, not of the law.
MUY_VENCIDO = 10
#: Working days after an answer in which a person who is not satisfied may reopen. A rule of this office.
PARA_REABRIR = 10
#: Codes of PlazoDeActuacion.
TRASLADO, REQUERIMIENTO = "traslado-por-competencia", "requerimiento-por-peticion-incompleta"
TRASLADO_DE_DATOS = "traslado-de-reclamo-de-datos"
REQUERIMIENTO_DE_DATOS = "requerimiento-por-reclamo-de-datos-incompleto"
RECLAMO_DE_DATOS = "reclamo-de-datos-personales"
ENTREGA = "entrega-por-aceptacion-tacita"
#: Kinds that are taken as granted when they are not answered in time (art. 14, num. 1).
SE_ENTIENDEN_ACEPTADAS = {
    *("solicitud-de-acceso-a-informacion-publica", "solicitud-de-documentos-o-copias"),
    "solicitud-de-informacion-con-identidad-reservada",
}


@dataclass(frozen=True)
class Plazo:
    """So many days after `desde`, which itself does not count."""

    desde: date
    dias: int
    unidad: str
    vence: date
    vence_interno: date
    no_contados: tuple[tuple[date, str], ...]
    explicacion: str
    base_legal: str = ""

    def como_termino(self) -> dict[str, Any]:
        """As the fields of Termino hold it."""
        return {
            "desde": self.desde,
            "dias": self.dias,
            "unidad": self.unidad,
            "vence": self.vence,
            "vence_interno": self.vence_interno,
            "no_contados": [[dia.isoformat(), razon] for dia, razon in self.no_contados],
            "explicacion": self.explicacion,
            "base_legal": self.base_legal,
        }


def recibido(momento: datetime, habiles: DiasHabiles | None = None) -> date:
    """The working day on which something counts as received: after hours or on a holiday, the next one."""
    habiles = habiles or DiasHabiles()
    local = timezone.localtime(momento)
    dia = local.date()
    if not habiles.es_habil(dia):
        return habiles.siguiente(dia)
    cierra = cierra_a_las(dia)
    return habiles.sumar(dia, 1) if cierra and local.time() > cierra else dia


def contar(
    desde: date, dias: int, unidad: str = HABIL, *, base_legal: str = "", habiles: DiasHabiles | None = None
) -> Plazo:
    """So many days after `desde`. In calendar days, if the last is a day off, until the next working day."""
    habiles = habiles or DiasHabiles()
    if unidad == CALENDARIO:
        vence = habiles.siguiente(desde + timedelta(days=dias))
        interno = desde + timedelta(days=dias * 4 // 5)
        cerrados = [
            (dia, razon)
            for dia, razon in habiles.cierres(desde + timedelta(days=dias), vence).items()
            if dia < vence
        ]
    else:
        vence = habiles.sumar(desde, dias)
        interno = habiles.sumar(desde, max(1, dias - max(1, dias // 5)) if dias else 0)
        cerrados = list(habiles.cierres(desde + UN_DIA, vence).items())
    return Plazo(
        desde,
        dias,
        unidad,
        vence,
        min(interno, vence),
        tuple(cerrados),
        _explicar(desde, dias, unidad, vence, cerrados, habiles),
        base_legal,
    )


def _explicar(
    desde: date,
    dias: int,
    unidad: str,
    vence: date,
    cerrados: list[tuple[date, str]],
    habiles: DiasHabiles,
) -> str:
    """«15 días hábiles desde el 3 de julio; no se cuentan … 13 y 20 de julio» and when it ends."""
    if not dias:
        return f"Se responde el mismo día: {con_su_dia(vence)}."
    if unidad == CALENDARIO:
        cuantos = "1 día calendario" if dias == 1 else f"{dias} días calendario"
        texto = f"{cuantos} desde el {_corto(desde + UN_DIA)}"
        if vence != desde + timedelta(days=dias):
            texto += "; terminan en un día que no es hábil, y por eso pasan al siguiente"
    else:
        cuantos = "1 día hábil" if dias == 1 else f"{dias} días hábiles"
        otros = f", domingos ni estos días: {_lista([dia for dia, _razon in cerrados])}" if cerrados else ""
        texto = f"{cuantos} desde el {_corto(habiles.sumar(desde, 1))}; no se cuentan sábados"
        texto += otros or " ni domingos"
    return f"{texto}. Vence el {con_su_dia(vence)}."


def _corto(dia: date) -> str:
    """«3 de julio»."""
    return date_format(dia, r"j \d\e F")


def _lista(dias: list[date]) -> str:
    """«13 y 20 de julio, 7 de agosto»: each month said once."""
    meses: dict[tuple[int, int], list[date]] = {}
    for dia in dias:
        meses.setdefault((dia.year, dia.month), []).append(dia)
    partes = [
        f"{_en_serie([str(dia.day) for dia in del_mes])} de {date_format(del_mes[0], 'F')}"
        for del_mes in meses.values()
    ]
    return ", ".join(partes)


def _en_serie(partes: list[str]) -> str:
    return partes[0] if len(partes) == 1 else f"{', '.join(partes[:-1])} y {partes[-1]}"


# --- The terms of a radicado ---------------------------------------------------------------------
def inicial(
    clase: ClaseDeRadicado,
    radicado_en: datetime,
    hoja: HojaDeVida | None = None,
    habiles: DiasHabiles | None = None,
) -> Plazo:
    """The term that begins when it is filed, by its kind or by its hoja de vida."""
    habiles = habiles or DiasHabiles()
    desde = recibido(radicado_en, habiles)
    dias, unidad, base = clase.dias or GENERAL, HABIL, clase.base_legal
    if clase.es_de_tramite:
        base = "Ley 1437 de 2011, art. 14: el término general, porque la hoja de vida no dice otro"
    if clase.es_de_tramite and hoja is not None:
        if hoja.tiempo_inmediato:
            dias, base = 1, "Hoja de vida del trámite: se obtiene de inmediato"
        elif hoja.tiempo_cantidad:
            dias, unidad = hoja.tiempo_cantidad, hoja.tiempo_unidad or HABIL
            base = clase.base_legal
    plazo = contar(desde, dias, unidad, base_legal=base, habiles=habiles)
    return _con_recibo(plazo, radicado_en)


def _con_recibo(plazo: Plazo, momento: datetime) -> Plazo:
    """Say it when the day on which it counts as received is not the one on which it arrived."""
    if plazo.desde == timezone.localdate(momento):
        return plazo
    recibo = (
        f"Llegó fuera del horario de atención, y por eso se cuenta como recibido el "
        f"{con_su_dia(plazo.desde)} (regla de esta ventanilla). "
    )
    return Plazo(**{**plazo.__dict__, "explicacion": recibo + plazo.explicacion})


def en_vigor(radicado: Radicado) -> Termino:
    """The last term that was counted."""
    return radicado.terminos.order_by("-en", "-pk")[:1].get()


def sin_prorroga(radicado: Radicado) -> Termino:
    """The term before any extension."""
    terminos = radicado.terminos.exclude(clase__in=[Termino.Clase.PRORROGA, Termino.Clase.SUSPENSION])
    return terminos.order_by("-en", "-pk")[:1].get()


def tope_de_prorroga(radicado: Radicado, habiles: DiasHabiles | None = None) -> date | None:
    """The last date to which it may be extended; None when it cannot be (art. 14, parágrafo).

    At most as many days again as the term had; in personal data, those of Ley 1581 de 2012 (arts. 14 y 15).
    """
    clase = radicado.clase
    if clase.prorroga == ClaseDeRadicado.Prorroga.NO:
        return None
    if radicado.terminos.filter(clase=Termino.Clase.PRORROGA).exists():
        return None
    habiles = habiles or DiasHabiles()
    base = sin_prorroga(radicado)
    if clase.prorroga == ClaseDeRadicado.Prorroga.DIAS:
        return habiles.sumar(base.vence, clase.prorroga_dias or 0)
    dias, _unidad = dias_de_su_clase(radicado)
    if base.unidad == CALENDARIO:
        return habiles.siguiente(base.vence + timedelta(days=dias))
    return habiles.sumar(base.vence, dias)


def dias_de_su_clase(radicado: Radicado) -> tuple[int, str]:
    """How many days it has by its kind, and which: those of its first term, unless its kind changed since."""
    if radicado.actuaciones.filter(accion="reclasificar").exists():
        return radicado.clase.dias or GENERAL, HABIL
    primero = radicado.terminos.order_by("en", "pk")[:1].get()
    return primero.dias, primero.unidad


def de_otra_clase(radicado: Radicado, clase: ClaseDeRadicado, habiles: DiasHabiles | None = None) -> Plazo:
    """The term in force if it had been of that kind: what stopped it, or began it again, still counts."""
    habiles = habiles or DiasHabiles()
    plazo, quedan = inicial(clase, radicado.radicado_en, radicado.hoja, habiles), 0
    for termino in radicado.terminos.order_by("en", "pk"):
        if termino.clase == Termino.Clase.SUSPENSION:
            quedan = dias_que_quedan(plazo, termino.desde, habiles)
            continue
        if termino.clase == Termino.Clase.REAPERTURA:
            quedan = clase.dias or GENERAL
        elif termino.clase != Termino.Clase.REANUDACION:
            continue
        plazo = contar(termino.desde, quedan, plazo.unidad, base_legal=termino.base_legal, habiles=habiles)
    return plazo


def base_de_prorroga(clase: ClaseDeRadicado) -> str:
    """The rule that lets it be extended."""
    con_dias = clase.prorroga == ClaseDeRadicado.Prorroga.DIAS
    return clase.base_legal if con_dias else "Ley 1437 de 2011, art. 14, parágrafo"


def hasta_el(desde: date, vence: date, base_legal: str, habiles: DiasHabiles | None = None) -> Plazo:
    """The term of an extension: so many working days after `desde` as there are to `vence`."""
    habiles = habiles or DiasHabiles()
    return contar(desde, habiles.entre(desde, vence), base_legal=base_legal, habiles=habiles)


def dias_que_quedan(termino: Termino | Plazo, hasta: date, habiles: DiasHabiles | None = None) -> int:
    """Days of the term not spent yet on that day, at least one."""
    habiles = habiles or DiasHabiles()
    pasados = (
        (hasta - termino.desde).days if termino.unidad == CALENDARIO else habiles.entre(termino.desde, hasta)
    )
    return max(1, termino.dias - max(0, pasados))


def limite_para_requerir(radicado: Radicado, habiles: DiasHabiles | None = None) -> date:
    """Until when what is missing may be asked for (art. 17; in personal data, Ley 1581, art. 15)."""
    codigo = REQUERIMIENTO_DE_DATOS if es_de_datos(radicado) else REQUERIMIENTO
    return _desde_el_recibo(radicado, codigo, habiles)


def limite_para_trasladar(radicado: Radicado, habiles: DiasHabiles | None = None) -> date:
    """Until when it must be sent to whom it belongs (art. 21; in personal data, Ley 1581, art. 15)."""
    return _desde_el_recibo(radicado, TRASLADO_DE_DATOS if es_de_datos(radicado) else TRASLADO, habiles)


def _desde_el_recibo(radicado: Radicado, codigo: str, habiles: DiasHabiles | None) -> date:
    habiles = habiles or DiasHabiles()
    dias = PlazoDeActuacion.objects.values_list("dias", flat=True).get(codigo=codigo)
    return habiles.sumar(recibido(radicado.radicado_en, habiles), dias)


def entrega_por_aceptacion(radicado: Radicado, hoy: date, habiles: DiasHabiles | None = None) -> date | None:
    """Until when copies must be handed over once the silence of the office granted them (art. 14, num. 1).

    None for other kinds, and while it is still in time.
    """
    if radicado.clase.codigo not in SE_ENTIENDEN_ACEPTADAS or not radicado.corre or hoy <= radicado.vence:
        return None
    dias = PlazoDeActuacion.objects.values_list("dias", flat=True).get(codigo=ENTREGA)
    return (habiles or DiasHabiles()).sumar(radicado.vence, dias)


def para_completar(radicado: Radicado, desde: date, habiles: DiasHabiles | None = None) -> date:
    """Until when the person may complete: a month (art. 17), two in personal data (Ley 1581, art. 15)."""
    meses = 2 if es_de_datos(radicado) else 1
    return (habiles or DiasHabiles()).siguiente(sumar_meses(desde, meses))


def base_para_completar(radicado: Radicado) -> str:
    """The rule by which what is missing is asked for, and by which it is given up."""
    if es_de_datos(radicado):
        return "Ley 1581 de 2012, art. 15, num. 1"
    return "Ley 1437 de 2011, art. 17, sustituido por Ley 1755 de 2015"


def es_de_datos(radicado: Radicado) -> bool:
    """Whether it is a claim about personal data, which follows Ley 1581 de 2012."""
    return radicado.clase.codigo == RECLAMO_DE_DATOS


def con_el_calendario_de_hoy(radicado: Radicado, habiles: DiasHabiles | None = None) -> Plazo | None:
    """The term in force counted again, when the calendar of today gives another date; else None."""
    if not radicado.corre:
        return None
    termino = en_vigor(radicado)
    plazo = contar(
        termino.desde, termino.dias, termino.unidad, base_legal=termino.base_legal, habiles=habiles
    )
    return plazo if plazo.vence != termino.vence else None


# --- What people read of it ----------------------------------------------------------------------
@dataclass(frozen=True)
class Semaforo:
    """`nivel` names a colour, `texto` says it in words; `dias` are working days left, negative when late."""

    nivel: str
    texto: str
    dias: int = 0


def semaforo(radicado: Radicado, hoy: date, habiles: DiasHabiles) -> Semaforo:
    """How its term stands that day."""
    if radicado.completar_hasta and radicado.estado == Radicado.Estado.REQUIERE_COMPLETAR:
        return Semaforo("espera", f"Espera a la persona hasta el {_corto(radicado.completar_hasta)}")
    if not radicado.corre:
        return Semaforo("terminado", radicado.get_estado_display())
    dias = habiles.entre(hoy, radicado.vence)
    if dias < 0:
        nivel = "muy-vencido" if -dias > MUY_VENCIDO else "vencido"
        return Semaforo(nivel, f"Venció hace {_dias(-dias)}", dias)
    if hoy > radicado.vence:  # only days off since then
        return Semaforo("vencido", "Venció", 0)
    if dias == 0:
        return Semaforo("por-vencer", "Vence hoy")
    nivel = "por-vencer" if hoy >= radicado.vence_interno else "a-tiempo"
    return Semaforo(nivel, f"Faltan {_dias(dias)}" if dias > 1 else "Falta 1 día hábil", dias)


def _dias(dias: int) -> str:
    return "1 día hábil" if dias == 1 else f"{dias} días hábiles"
