"""The steps of a radicado, from the counter to its closing: one table, run by `portal.flujo`.

Who asks, signs or transfers is asked again here on the locked row. A step that tells the person something
goes out with a number of the book (`ventanilla.salidas`), in the same transaction.
"""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.fechas import en_letras
from portal.flujo import Contexto, Flujo, SinPermiso, Transicion
from portal.models import Cargo, Dependencia, Usuario
from ventanilla import terminos
from ventanilla.acceso import como, firman, reparten, tramitan
from ventanilla.certificados import expedir_certificado
from ventanilla.models import Actuacion, Proyecto, Radicado, Salida, Termino
from ventanilla.models.radicado import ABIERTOS, CORREN
from ventanilla.salidas import expedir, firma_de

Estado = Radicado.Estado
# The functions of the table get the row as `portal.flujo` gives it, as Any: its state says what it has.
#: Steps that only the office reads in the line of time.
INTERNOS = {
    *("asignar", "aceptar", "devolver", "reasignar", "enviar_a_firma", "devolver_proyecto"),
    *("firmar_primero", "pedir_anulacion", "negar_anulacion"),
}

#: As the line of time tells it, once it was done.
HECHO = {
    "asignar": "Asignado",
    "reasignar": "Reasignado",
    "aceptar": "Aceptado por la dependencia",
    "devolver": "Devuelto a la ventanilla",
    "requerir": "Se pidió completar",
    "completar": "La persona completó",
    "dar_mas_tiempo": "Se dio más tiempo para completar",
    "prorrogar": "Término prorrogado",
    "enviar_a_firma": "Enviado a firma",
    "devolver_proyecto": "Devuelto para corregir",
    "firmar_primero": "Primera firma",
    "firmar": "Respuesta enviada",
    "trasladar": "Trasladado a otra entidad",
    "declarar_desistido": "Archivado por desistimiento",
    "desistir": "La persona desistió",
    "cerrar": "Cerrado",
    "reabrir": "Reabierto",
    "pedir_anulacion": "Se pidió anularlo",
    "negar_anulacion": "No se anuló",
    "anular": "Anulado",
    "recalcular": "Término contado otra vez",
    "reclasificar": "Cambió de clase",
}


# --- Who -----------------------------------------------------------------------------------------
def _reparte(radicado: Any, contexto: Contexto) -> str:
    if contexto.por is None:  # what goes to the office of its trámite or kind
        return ""
    cargos = reparten() if radicado.dependencia_id is None else _de_quien_lo_tiene(radicado)
    puede = como(contexto.por, cargos, contexto.en)
    return "" if puede else "Lo reparten la ventanilla y la Secretaría General."


def _de_quien_lo_tiene(radicado: Radicado):
    return Cargo.objects.filter(Q(pk__in=reparten().values("pk")) | Q(pk__in=firman(radicado).values("pk")))


def _tramita(radicado: Any, contexto: Contexto) -> str:
    if contexto.por and como(contexto.por, tramitan(radicado), contexto.en):
        return ""
    return "Lo tramita el cargo al que se asignó o quien dirige su dependencia."


def _reparte_o_tramita(radicado: Any, contexto: Contexto) -> str:
    if contexto.por is None:
        return "Falta quién."
    return _reparte(radicado, contexto) and _tramita(radicado, contexto)


def _firma(radicado: Any, contexto: Contexto) -> str:
    if contexto.por is None or not como(contexto.por, firman(radicado), contexto.en):
        return "Lo firma quien dirige la dependencia o la Secretaría General."
    return ""


def _segunda_firma(radicado: Any, contexto: Contexto) -> str:
    if rechazo := _firma(radicado, contexto):
        return rechazo
    if Proyecto.objects.filter(radicado=radicado, primera_firma_por=contexto.por).exists():
        return "La segunda firma es de otra persona."
    return ""


def _la_persona(radicado: Any, contexto: Contexto) -> str:
    """Whoever filed, with their code, or the counter for them."""
    if contexto.datos.get("de_la_persona"):
        return ""
    if contexto.por and como(contexto.por, reparten(), contexto.en):
        return ""
    return _tramita(radicado, contexto)


def _otra_que_pidio_anular(radicado: Any, contexto: Contexto) -> str:
    if contexto.por is None or not como(contexto.por, _de_quien_lo_tiene(radicado), contexto.en):
        return "La anulación la decide la ventanilla, la jefatura o la Secretaría General."
    if radicado.anulacion_pedida_por_id == contexto.por.pk:
        return "La anulación la decide otra persona, no quien la pidió."
    return ""


def _sistema(radicado: Any, contexto: Contexto) -> str:
    return "" if contexto.por is None else "Este paso lo da el sistema."


# --- What it needs -------------------------------------------------------------------------------
def _con_dependencia(radicado: Any, contexto: Contexto) -> str:
    dependencia: Dependencia | None = contexto.datos.get("dependencia")
    cargo: Cargo | None = contexto.datos.get("cargo")
    if dependencia is None or not dependencia.activa:
        return "Diga a qué dependencia se asigna."
    if cargo is not None and (cargo.dependencia_id != dependencia.pk or not cargo.activo):
        return "Ese cargo no es de la dependencia."
    return ""


def _a_tiempo_de_requerir(radicado: Any, contexto: Contexto) -> str:
    if not contexto.datos.get("falta", "").strip():
        return "Escriba qué falta, para que la persona lo entienda."
    if timezone.localdate(contexto.en) > radicado.vence:  # a term that ended has nothing left to stop
        return f"El término venció el {en_letras(radicado.vence)}. Responda con lo que hay."
    limite = terminos.limite_para_requerir(radicado)
    if timezone.localdate(contexto.en) > limite and radicado.reabierto_en is None:
        return f"El plazo para pedir que complete venció el {en_letras(limite)}. Responda con lo que hay."
    return ""


def _prorrogable(radicado: Any, contexto: Contexto) -> str:
    hasta: date | None = contexto.datos.get("hasta")
    tope = terminos.tope_de_prorroga(radicado)
    if tope is None:
        return "Este término no se prorroga, o ya se prorrogó una vez."
    if timezone.localdate(contexto.en) > radicado.vence:
        return "El término ya venció: la prórroga se avisa antes."
    if hasta is None or hasta <= radicado.vence or hasta > tope:
        return (
            f"La nueva fecha va después del {en_letras(radicado.vence)} y a más tardar el {en_letras(tope)}."
        )
    if not DiasHabiles().es_habil(hasta):
        return "La nueva fecha es un día hábil."
    return ""


def _con_proyecto(radicado: Any, contexto: Contexto) -> str:
    proyecto = Proyecto.objects.filter(radicado=radicado).first()
    if proyecto is None or not proyecto.texto.strip():
        return "Escriba primero la respuesta."
    if "revision" in contexto.datos and contexto.datos["revision"] != proyecto.revision:
        return "La respuesta cambió después de que usted la abrió: léala de nuevo."
    if radicado.anulacion_pedida_por_id:
        return "Se pidió anularlo: decídase eso primero."
    pendientes = radicado.subcasos.filter(estado="pedido").count()
    if pendientes:
        return f"Falta lo que se pidió a otras dependencias: {pendientes}."
    return ""


def _trasladable(radicado: Any, contexto: Contexto) -> str:
    datos = contexto.datos
    if not datos.get("entidad", "").strip() or not datos.get("texto", "").strip():
        return "Diga a qué entidad se traslada y qué se le dice a la persona."
    return ""


def _paso_el_mes(radicado: Any, contexto: Contexto) -> str:
    if timezone.localdate(contexto.en) <= radicado.completar_hasta:
        return f"La persona puede completar hasta el {en_letras(radicado.completar_hasta)}."
    return ""


def _con_que_reabrir(radicado: Any, contexto: Contexto) -> str:
    limite = reabre_hasta(radicado)
    if timezone.localdate(contexto.en) > limite:
        return f"Se podía reabrir hasta el {en_letras(limite)}. Presente una solicitud nueva."
    return ""


def _vencido_para_reabrir(radicado: Any, contexto: Contexto) -> str:
    if contexto.datos.get("conforme") or timezone.localdate(contexto.en) > reabre_hasta(radicado):
        return ""
    return f"La persona puede decir hasta el {en_letras(reabre_hasta(radicado))} si quedó conforme."


def _otra_fecha(radicado: Any, contexto: Contexto) -> str:
    if terminos.con_el_calendario_de_hoy(radicado) is None:
        return "Con el calendario de hoy da la misma fecha."
    return ""


def _otra_clase(radicado: Any, contexto: Contexto) -> str:
    clase = contexto.datos.get("clase")
    if clase is None or clase.pk == radicado.clase_id:
        return "Elija la clase que le corresponde."
    if radicado.anonimo and not clase.admite_anonima:
        return "Esa clase se presenta con nombre, y este radicado no lo tiene."
    return ""


def reabre_hasta(radicado: Radicado, habiles: DiasHabiles | None = None) -> date:
    """Until when a person who is not satisfied may reopen it."""
    respondido = timezone.localdate(radicado.respondido_en)
    return (habiles or DiasHabiles()).sumar(respondido, terminos.PARA_REABRIR)


# --- What it does --------------------------------------------------------------------------------
def _asignar(radicado: Any, contexto: Contexto) -> None:
    radicado.dependencia = contexto.datos["dependencia"]
    radicado.asignado_a = contexto.datos.get("cargo")
    contexto.datos["detalle"] = f"A {radicado.asignado_a or radicado.dependencia}."


def _devolver(radicado: Any, contexto: Contexto) -> None:
    contexto.datos["detalle"] = f"La devolvió {radicado.dependencia}. {contexto.motivo}"
    radicado.dependencia = radicado.asignado_a = None


def _requerir(radicado: Any, contexto: Contexto) -> None:
    habiles = DiasHabiles()
    hoy = timezone.localdate(contexto.en)
    anterior = terminos.en_vigor(radicado)
    hasta = terminos.para_completar(radicado, hoy, habiles)
    quedan = terminos.dias_que_quedan(anterior, hoy, habiles)
    radicado.suspendido_en, radicado.completar_hasta = contexto.en, hasta
    unidad = "días calendario" if anterior.unidad == terminos.CALENDARIO else "días hábiles"
    Termino.objects.create(
        radicado=radicado,
        clase=Termino.Clase.SUSPENSION,
        desde=hoy,
        dias=quedan,
        unidad=anterior.unidad,
        vence=hasta,
        vence_interno=hasta,
        explicacion=f"La persona completa a más tardar el {en_letras(hasta)}. Mientras tanto el término no "
        f"corre: le quedan {quedan} {unidad}, que siguen desde el día siguiente al que complete.",
        base_legal=terminos.base_para_completar(radicado),
        por=contexto.por,
        en=contexto.en,
    )
    falta = contexto.datos["falta"].strip()
    _expedir(
        radicado,
        contexto,
        Salida.Clase.REQUERIMIENTO,
        "Falta algo para poder responderle",
        f"Para resolver su solicitud nos falta:\n\n{falta}\n\nPuede completarla hasta el {en_letras(hasta)}, "
        "con su número de radicado y su código. Si necesita más tiempo, pídalo antes de esa fecha. Si no la "
        "completa, se entenderá que desiste de ella, y podrá presentarla de nuevo.",
    )
    contexto.datos["detalle"] = falta


def _completar(radicado: Any, contexto: Contexto) -> None:
    habiles = DiasHabiles()
    suspension = radicado.terminos.filter(clase=Termino.Clase.SUSPENSION).order_by("-en", "-pk")[:1].get()
    desde = terminos.recibido(contexto.en, habiles)
    plazo = terminos.contar(
        desde,
        suspension.dias,
        suspension.unidad,
        base_legal=terminos.base_para_completar(radicado),
        habiles=habiles,
    )
    radicado.suspendido_en = radicado.completar_hasta = None
    _poner_termino(radicado, contexto, Termino.Clase.REANUDACION, plazo)


def _dar_mas_tiempo(radicado: Any, contexto: Contexto) -> None:
    """Another month, if the person asks before the first one ends (art. 17)."""
    radicado.completar_hasta = terminos.para_completar(radicado, radicado.completar_hasta)
    contexto.datos["detalle"] = f"La persona completa a más tardar el {en_letras(radicado.completar_hasta)}."


def _pidio_a_tiempo(radicado: Any, contexto: Contexto) -> str:
    if timezone.localdate(contexto.en) > radicado.completar_hasta:
        return f"El plazo para completar terminó el {en_letras(radicado.completar_hasta)}."
    if terminos.es_de_datos(radicado):
        return "En un reclamo de datos personales la ley da dos meses, sin más (Ley 1581 de 2012, art. 15)."
    if radicado.actuaciones.filter(accion="dar_mas_tiempo", en__gte=radicado.suspendido_en).exists():
        return "Ya se dio más tiempo una vez."
    return ""


def _prorrogar(radicado: Any, contexto: Contexto) -> None:
    habiles = DiasHabiles()
    anterior = terminos.sin_prorroga(radicado)
    antes = radicado.vence
    base = terminos.base_de_prorroga(radicado.clase)
    plazo = terminos.hasta_el(anterior.desde, contexto.datos["hasta"], base, habiles)
    _poner_termino(radicado, contexto, Termino.Clase.PRORROGA, plazo)
    contexto.datos["detalle"] = f"Nueva fecha: {en_letras(plazo.vence)}. {contexto.motivo}"
    _expedir(
        radicado,
        contexto,
        Salida.Clase.PRORROGA,
        "Necesitamos más tiempo para responderle",
        f"Su solicitud debía responderse a más tardar el {en_letras(antes)}. No es posible por esta razón:"
        f"\n\n{contexto.motivo}\n\nLe responderemos a más tardar el {en_letras(plazo.vence)}.",
    )


def _firmar_primero(radicado: Any, contexto: Contexto) -> None:
    proyecto = radicado.proyecto
    proyecto.primera_firma_por = contexto.por
    proyecto.primera_firma_cargo = como(contexto.por, firman(radicado), contexto.en)
    proyecto.primera_firma_en = contexto.en
    proyecto.save(update_fields=["primera_firma_por", "primera_firma_cargo", "primera_firma_en"])


def _firmar(radicado: Any, contexto: Contexto) -> None:
    """The answer goes out, and with it the certificate it carries."""
    proyecto = radicado.proyecto
    primero = proyecto.primera_firma_por
    segunda = firma_de(primero, proyecto.primera_firma_cargo) if primero else ""
    radicado.respondido_en = contexto.en
    cargo = _con_que_cargo(contexto, firman(radicado))
    if proyecto.con_certificado:
        expedir_certificado(proyecto, por=contexto.por, cargo=cargo, en=contexto.en)
    salida = expedir(
        radicado,
        Salida.Clase.RESPUESTA,
        titulo="Respuesta a su solicitud",
        texto=proyecto.texto,
        sentido=proyecto.sentido,
        segunda_firma=segunda,
        por=contexto.por,
        cargo=cargo,
        en=contexto.en,
    )
    proyecto.anexos.update(salida=salida, radicado=radicado)
    proyecto.delete()
    contexto.datos["detalle"] = f"Salió con el número {salida.numero}."


def _quitar_firma(radicado: Any, contexto: Contexto) -> None:
    Proyecto.objects.filter(radicado=radicado).update(
        primera_firma_por=None, primera_firma_cargo=None, primera_firma_en=None
    )


def _trasladar(radicado: Any, contexto: Contexto) -> None:
    radicado.entidad_de_traslado = contexto.datos["entidad"].strip()
    radicado.cerrado_en = contexto.en
    _expedir(
        radicado,
        contexto,
        Salida.Clase.TRASLADO,
        "Enviamos su solicitud a la entidad que puede resolverla",
        f"Su solicitud le corresponde a: {radicado.entidad_de_traslado}. Se la enviamos hoy, y esta es la "
        f"copia para usted (Ley 1437 de 2011, art. 21).\n\n{contexto.datos['texto'].strip()}",
    )
    contexto.datos["detalle"] = f"A {radicado.entidad_de_traslado}."


def _declarar_desistido(radicado: Any, contexto: Contexto) -> None:
    limite = radicado.completar_hasta
    radicado.suspendido_en = radicado.completar_hasta = None
    radicado.cerrado_en = contexto.en
    _expedir(
        radicado,
        contexto,
        Salida.Clase.DESISTIMIENTO,
        "Archivamos su solicitud porque no se completó",
        f"Le pedimos completar su solicitud hasta el {en_letras(limite)} y no recibimos lo que faltaba. Por "
        f"eso se entiende que desiste de ella y se archiva ({terminos.base_para_completar(radicado)}).\n\n"
        f"{contexto.motivo}\n\nContra esta decisión procede el recurso de reposición. Puede presentar su "
        "solicitud de nuevo cuando quiera.",
    )


def _desistir(radicado: Any, contexto: Contexto) -> None:
    radicado.suspendido_en = radicado.completar_hasta = None
    radicado.cerrado_en = contexto.en


def _cerrar(radicado: Any, contexto: Contexto) -> None:
    radicado.cerrado_en = contexto.en


def _reabrir(radicado: Any, contexto: Contexto) -> None:
    radicado.reabierto_en, radicado.cerrado_en, radicado.respondido_en = contexto.en, None, None
    dias, unidad = terminos.dias_de_su_clase(radicado)
    plazo = terminos.contar(
        terminos.recibido(contexto.en),
        dias,
        unidad,
        base_legal="Compromiso de esta ventanilla: no es un término legal",
    )
    _poner_termino(radicado, contexto, Termino.Clase.REAPERTURA, plazo)


def _pedir_anulacion(radicado: Any, contexto: Contexto) -> None:
    radicado.anulacion_pedida_por, radicado.anulacion_razon = contexto.por, contexto.motivo[:500]


def _negar_anulacion(radicado: Any, contexto: Contexto) -> None:
    radicado.anulacion_pedida_por, radicado.anulacion_razon = None, ""


def _anular(radicado: Any, contexto: Contexto) -> None:
    radicado.anulado_por, radicado.cerrado_en = contexto.por, contexto.en
    radicado.suspendido_en = radicado.completar_hasta = None
    contexto.datos["detalle"] = f"La pidió {radicado.anulacion_pedida_por}: {radicado.anulacion_razon}"


def _recalcular(radicado: Any, contexto: Contexto) -> None:
    plazo: Any = terminos.con_el_calendario_de_hoy(radicado)  # its condition asked for one
    antes = radicado.vence
    _poner_termino(radicado, contexto, Termino.Clase.RECALCULO, plazo)
    _avisar_nueva_fecha(radicado, contexto, antes)


def _reclasificar(radicado: Any, contexto: Contexto) -> None:
    antes, anterior = radicado.vence, radicado.clase
    radicado.clase = contexto.datos["clase"]
    plazo = terminos.de_otra_clase(radicado, radicado.clase)
    _poner_termino(radicado, contexto, Termino.Clase.RECALCULO, plazo)
    contexto.datos["detalle"] = f"De «{anterior}» a «{radicado.clase}». {contexto.motivo}"
    if plazo.vence != antes:
        _avisar_nueva_fecha(radicado, contexto, antes)


def _avisar_nueva_fecha(radicado: Any, contexto: Contexto, antes: date) -> None:
    _expedir(
        radicado,
        contexto,
        Salida.Clase.RECALCULO,
        "Cambió la fecha en que le responderemos",
        f"Le habíamos dicho que le responderíamos a más tardar el {en_letras(antes)}. La nueva fecha es el "
        f"{en_letras(radicado.vence)}, por esta razón:\n\n{contexto.motivo}",
    )


def _poner_termino(radicado: Any, contexto: Contexto, clase: str, plazo: terminos.Plazo) -> None:
    radicado.vence, radicado.vence_interno = plazo.vence, plazo.vence_interno
    Termino.objects.create(
        radicado=radicado,
        clase=clase,
        motivo=contexto.motivo,
        por=contexto.por,
        en=contexto.en,
        **plazo.como_termino(),
    )


def _expedir(radicado: Any, contexto: Contexto, clase: str, titulo: str, texto: str) -> Salida:
    cargos = Cargo.objects.filter(
        Q(pk__in=reparten().values("pk"))
        | Q(pk__in=tramitan(radicado).values("pk"))
        | Q(pk__in=firman(radicado).values("pk"))
    )
    cargo = _con_que_cargo(contexto, cargos)
    return expedir(radicado, clase, titulo=titulo, texto=texto, por=contexto.por, cargo=cargo, en=contexto.en)


def _con_que_cargo(contexto: Contexto, cargos: QuerySet[Cargo]) -> Cargo:
    """The post with which it is signed. Raises SinPermiso: nothing goes out without one."""
    if cargo := como(contexto.por, cargos, contexto.en):
        return cargo
    raise SinPermiso("Lo que sale lo firma un cargo de la alcaldía.")


def _anotar(radicado: Radicado, transicion: Transicion, anterior: str, contexto: Contexto) -> None:
    cargo = None
    if contexto.por is not None:
        cargo = Cargo.objects.ejercidos_por(contexto.por, contexto.en).order_by("-es_jefatura", "pk").first()
    Actuacion.objects.create(
        radicado=radicado,
        accion=transicion.nombre,
        etiqueta=HECHO[transicion.nombre],
        de=anterior,
        a=radicado.estado,
        detalle=contexto.datos.get("detalle") or contexto.motivo,
        por=contexto.por,
        cargo=cargo,
        de_la_persona=bool(contexto.datos.get("de_la_persona")),
        publica=transicion.nombre not in INTERNOS,
        en=contexto.en,
    )


def _pide_anulacion(radicado: Radicado) -> bool:
    return radicado.anulacion_pedida_por_id is not None


def _sin_primera_firma(radicado: Radicado) -> bool:
    return radicado.clase.doble_firma and not _ya_firmo_alguien(radicado)


def _ya_firmo_alguien(radicado: Radicado) -> bool:
    return Proyecto.objects.filter(radicado=radicado, primera_firma_por__isnull=False).exists()


TRANSICIONES = (
    Transicion(
        "asignar", "Asignar", (Estado.RADICADO,), Estado.ASIGNADO, _reparte, _con_dependencia, _asignar
    ),
    Transicion(
        "reasignar",
        "Reasignar",
        (Estado.ASIGNADO, Estado.EN_TRAMITE),
        Estado.ASIGNADO,
        _reparte,
        _con_dependencia,
        _asignar,
        pide_motivo=True,
    ),
    Transicion("aceptar", "Aceptar", (Estado.ASIGNADO,), Estado.EN_TRAMITE, _tramita),
    Transicion(
        "devolver",
        "Devolver a la ventanilla",
        (Estado.ASIGNADO,),
        Estado.RADICADO,
        _tramita,
        efecto=_devolver,
        pide_motivo=True,
    ),
    Transicion(
        "requerir",
        "Pedir que complete",
        (Estado.EN_TRAMITE,),
        Estado.REQUIERE_COMPLETAR,
        _tramita,
        _a_tiempo_de_requerir,
        _requerir,
    ),
    Transicion(
        "completar",
        "Completado",
        (Estado.REQUIERE_COMPLETAR,),
        Estado.EN_TRAMITE,
        _la_persona,
        efecto=_completar,
    ),
    Transicion(
        "dar_mas_tiempo",
        "Más tiempo para completar",
        (Estado.REQUIERE_COMPLETAR,),
        "",
        _la_persona,
        _pidio_a_tiempo,
        _dar_mas_tiempo,
    ),
    Transicion(
        "prorrogar",
        "Prorrogar el término",
        (Estado.ASIGNADO, Estado.EN_TRAMITE, Estado.POR_FIRMAR),
        "",
        _firma,
        _prorrogable,
        _prorrogar,
        pide_motivo=True,
    ),
    Transicion(
        "enviar_a_firma",
        "Enviar a firma",
        (Estado.EN_TRAMITE,),
        Estado.POR_FIRMAR,
        _tramita,
        _con_proyecto,
    ),
    Transicion(
        "devolver_proyecto",
        "Devolver para corregir",
        (Estado.POR_FIRMAR,),
        Estado.EN_TRAMITE,
        _firma,
        efecto=_quitar_firma,
        pide_motivo=True,
    ),
    Transicion(
        "firmar_primero",
        "Dar la primera firma",
        (Estado.POR_FIRMAR,),
        "",
        _firma,
        _con_proyecto,
        _firmar_primero,
        aplica=_sin_primera_firma,
    ),
    Transicion(
        "firmar",
        "Firmar y enviar la respuesta",
        (Estado.POR_FIRMAR,),
        Estado.RESPONDIDO,
        _segunda_firma,
        _con_proyecto,
        _firmar,
        aplica=lambda radicado: not _sin_primera_firma(radicado),
    ),
    Transicion(
        "trasladar",
        "Trasladar a otra entidad",
        (Estado.RADICADO, Estado.ASIGNADO, Estado.EN_TRAMITE),
        Estado.TRASLADADO,
        _reparte_o_tramita,
        _trasladable,
        _trasladar,
    ),
    Transicion(
        "declarar_desistido",
        "Declarar el desistimiento",
        (Estado.REQUIERE_COMPLETAR,),
        Estado.DESISTIDO,
        _firma,
        _paso_el_mes,
        _declarar_desistido,
        pide_motivo=True,
    ),
    Transicion("desistir", "La persona desiste", ABIERTOS, Estado.DESISTIDO, _la_persona, efecto=_desistir),
    Transicion(
        "cerrar",
        "Cerrar",
        (Estado.RESPONDIDO,),
        Estado.CERRADO,
        _sistema,
        _vencido_para_reabrir,
        _cerrar,
    ),
    Transicion(
        "reabrir",
        "Reabrir",
        (Estado.RESPONDIDO,),
        Estado.EN_TRAMITE,
        _la_persona,
        _con_que_reabrir,
        _reabrir,
        pide_motivo=True,
        aplica=lambda radicado: radicado.reabierto_en is None,
    ),
    Transicion(
        "pedir_anulacion",
        "Pedir que se anule",
        ABIERTOS,
        "",
        _reparte_o_tramita,
        efecto=_pedir_anulacion,
        pide_motivo=True,
        aplica=lambda radicado: not _pide_anulacion(radicado),
    ),
    Transicion(
        "negar_anulacion",
        "No anular",
        ABIERTOS,
        "",
        _otra_que_pidio_anular,
        efecto=_negar_anulacion,
        pide_motivo=True,
        aplica=_pide_anulacion,
    ),
    Transicion(
        "anular",
        "Anular",
        ABIERTOS,
        Estado.ANULADO,
        _otra_que_pidio_anular,
        efecto=_anular,
        aplica=_pide_anulacion,
    ),
    Transicion(
        "recalcular",
        "Volver a contar el término",
        CORREN,
        "",
        _firma,
        _otra_fecha,
        _recalcular,
        pide_motivo=True,
    ),
    Transicion(
        "reclasificar",
        "Cambiar la clase",
        (Estado.RADICADO, Estado.ASIGNADO, Estado.EN_TRAMITE),
        "",
        _reparte_o_tramita,
        _otra_clase,
        _reclasificar,
        pide_motivo=True,
        aplica=lambda radicado: radicado.tramite_id is None,
    ),
)

FLUJO = Flujo(
    Radicado,
    TRANSICIONES,
    _anotar,
    intocables=("asiento", "clave", "asunto", "texto", "respuestas", "codigo_sha256", "consentimiento"),
)


def dar_paso(
    nombre: str,
    radicado: Radicado,
    *,
    por: Usuario | None,
    motivo: str = "",
    en: datetime | None = None,
    **datos: Any,
) -> Radicado:
    """Take that step. Raises TransicionRechazada, with the reason, and then nothing has changed."""
    return FLUJO.ejecutar(nombre, radicado, por=por, en=en, motivo=motivo, **datos)
