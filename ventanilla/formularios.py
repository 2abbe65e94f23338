"""The forms of online trámites: how a version is prepared, put in use and withdrawn.

Whoever writes the hoja de vida of a trámite keeps its form. A version in use never changes: drafts of people
keep theirs, and a change is another version.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone

from portal.flujo import CondicionIncumplida, Contexto, EstadoInadecuado, SinPermiso
from portal.models import Actualizacion, Usuario
from tramites.flujo import contar, escribe
from tramites.models import Accion, HojaDeVida, Tramite
from ventanilla.certificados import DE_TODOS, huecos
from ventanilla.models import Campo, Formulario, Radicado

Estado = Formulario.Estado
#: What a new version takes from the one before.
COPIA = ("antes_de_empezar", "certificado_titulo", "certificado_texto")


# --- What is in use ------------------------------------------------------------------------------
def en_linea() -> QuerySet[Formulario]:
    """Forms in use whose trámite is before the public: those that a person may fill in now."""
    return Formulario.objects.vigentes().filter(tramite__hoja_publica__isnull=False)


def formulario_en_uso(tramite: Tramite) -> Formulario | None:
    """The form that a person fills in today, always with the requisitos of the hoja the public reads."""
    formulario = en_linea().filter(tramite=tramite).select_related("tramite").first()
    if formulario is None or formulario.hoja_id == formulario.tramite.hoja_publica_id:
        return formulario
    return _con_la_hoja_de_hoy(formulario.tramite)


def respuestas_de(radicado: Radicado) -> list[tuple[str, Any]]:
    """Each question of its form and what the person answered, in order. At most two queries."""
    if radicado.formulario is None:
        return []
    campos = radicado.formulario.campos.all()
    return [(c.etiqueta, radicado.respuestas[c.codigo]) for c in campos if c.codigo in radicado.respuestas]


@transaction.atomic
def _con_la_hoja_de_hoy(tramite: Tramite) -> Formulario | None:
    """With what that hoja asks for; if it asks for something else, in a new version with the same questions.

    Made once, however many people arrive at the same time.
    """
    tramite = _bloqueado(tramite)
    anterior = en_linea().filter(tramite=tramite).first()
    if anterior is None or anterior.hoja_id == tramite.hoja_publica_id:
        return anterior
    if anterior.requisitos == requisitos_de(_hoja_entera(tramite)):
        anterior.hoja_id = tramite.hoja_publica_id
        anterior.save(update_fields=["hoja"])
        return anterior
    with _apartado_el_borrador(tramite, anterior):
        nuevo = copiar(anterior, por=anterior.creado_por)
        _poner(nuevo, tramite, por=anterior.puesto_por, en=timezone.now())
    return nuevo


@contextmanager
def _apartado_el_borrador(tramite: Tramite, anterior: Formulario) -> Iterator[None]:
    """Questions are only written in a draft, and there is one at most: somebody's stands aside meanwhile."""
    suyos = list(tramite.formularios.filter(estado=Estado.BORRADOR).values_list("pk", flat=True))
    apartado = Formulario.objects.filter(pk__in=suyos)
    apartado.update(estado=Estado.REEMPLAZADO, hoja=anterior.hoja_id, vigente_desde=anterior.vigente_desde)
    yield
    apartado.update(estado=Estado.BORRADOR, hoja=None, vigente_desde=None)


def requisitos_de(hoja: HojaDeVida) -> list[dict[str, Any]]:
    """The documents that the hoja asks for, in order: the list of what is uploaded.

    Only what everybody must bring is demanded; the rest says `cuando`. `clave` has a dash, so it is never
    the code of a question.
    """
    documentos = [accion for accion in hoja.acciones() if accion.tipo == Accion.Tipo.DOCUMENTO]
    return [_requisito(n, accion) for n, accion in enumerate(documentos, 1)]


def _requisito(n: int, accion: Accion) -> dict[str, Any]:
    audiencias = [audiencia.nombre for audiencia in accion.audiencias.all()]
    cuando = accion.excepcion_cuando if accion.es_excepcion else ""
    if audiencias:
        cuando = f"{cuando}. Solo para: {', '.join(audiencias)}".removeprefix(". ")
    return {
        "clave": f"requisito-{n}",
        "descripcion": accion.descripcion or "Documento",
        "nota": accion.nota,
        "obligatorio": not accion.es_excepcion and not audiencias,
        "cuando": cuando,
        "audiencias": audiencias,
    }


# --- What whoever writes the trámite does --------------------------------------------------------
@transaction.atomic
def preparar(tramite: Tramite, *, por: Usuario, en: datetime | None = None) -> Formulario:
    """A draft to write in: with what the last version says, or blank. The one there is, if there is one.

    Raises SinPermiso, or CondicionIncumplida when the trámite was suppressed.
    """
    tramite = _bloqueado(tramite)
    _exigir_que_escriba(tramite, por, en)
    if tramite.estado == Tramite.Estado.SUPRIMIDO:
        raise CondicionIncumplida("El trámite se suprimió: ya no se hace, tampoco en línea.")
    if borrador := tramite.formularios.filter(estado=Estado.BORRADOR).first():
        return borrador
    anterior = tramite.formularios.order_by("-numero").first()
    if anterior:
        return copiar(anterior, por=por)
    return Formulario.objects.create(tramite=tramite, creado_por=por)


def copiar(anterior: Formulario, *, por: Usuario | None) -> Formulario:
    """A draft of the next version, with the same texts and questions. Under the lock of the trámite."""
    ultimo = Formulario.objects.filter(tramite=anterior.tramite_id).aggregate(n=Max("numero"))["n"]
    nuevo = Formulario.objects.create(
        tramite_id=anterior.tramite_id,
        numero=ultimo + 1,
        creado_por=por,
        **{campo: getattr(anterior, campo) for campo in COPIA},
    )
    campos = list(anterior.campos.all())
    for campo in campos:
        campo.pk, campo.formulario = None, nuevo
    Campo.objects.bulk_create(campos)
    return nuevo


@transaction.atomic
def poner_en_uso(formulario: Formulario, *, por: Usuario, en: datetime | None = None) -> Formulario:
    """From now on people fill in this version; the one before goes on only for drafts already begun.

    Raises EstadoInadecuado when it is not a draft, SinPermiso, or CondicionIncumplida with all it lacks.
    """
    en = en or timezone.now()
    tramite = _bloqueado(formulario.tramite)
    formulario = Formulario.objects.select_for_update(of=("self",)).get(pk=formulario.pk)
    if formulario.estado != Estado.BORRADOR:
        raise EstadoInadecuado(f"Este formulario ya no está en preparación: {_estado(formulario)}.")
    _exigir_que_escriba(tramite, por, en)
    if faltas := por_que_no(formulario, tramite):
        raise CondicionIncumplida(" ".join(faltas))
    _poner(formulario, tramite, por=por, en=en)
    contar(Actualizacion.Clase.MODIFICACION, tramite, Contexto(por, en))
    return formulario


@transaction.atomic
def quitar(formulario: Formulario, *, por: Usuario, en: datetime | None = None) -> Formulario:
    """The trámite is no longer done in line. Drafts already begun may be finished.

    Raises EstadoInadecuado when it was not in use, or SinPermiso.
    """
    en = en or timezone.now()
    tramite = _bloqueado(formulario.tramite)
    formulario = Formulario.objects.select_for_update(of=("self",)).get(pk=formulario.pk)
    if formulario.estado != Estado.VIGENTE:
        raise EstadoInadecuado(f"Este formulario no está en uso: {_estado(formulario)}.")
    _exigir_que_escriba(tramite, por, en)
    formulario.estado = Estado.REEMPLAZADO
    formulario.save(update_fields=["estado"])
    contar(Actualizacion.Clase.MODIFICACION, tramite, Contexto(por, en))
    return formulario


def por_que_no(formulario: Formulario, tramite: Tramite) -> list[str]:
    """What keeps it from being put in use, in Spanish. Empty when nothing does."""
    faltas = []
    hoja = _hoja_entera(tramite) if tramite.hoja_publica_id else None
    if hoja is None:
        faltas.append("El trámite no está publicado: publique primero su hoja de vida.")
    campos = list(formulario.campos.all())
    if not campos and not (hoja and requisitos_de(hoja)):
        faltas.append("No pregunta nada ni pide documentos: escriba al menos una pregunta.")
    return faltas + faltas_de_lo_escrito(formulario, campos)


def faltas_de_lo_escrito(formulario: Formulario, campos: list[Campo]) -> list[str]:
    """What is wrong in its questions and in the text of its certificate, whatever the trámite."""
    faltas = []
    for lugar, campo in enumerate(campos):
        faltas += _faltas_de_la_pregunta(campo, {anterior.codigo: anterior for anterior in campos[:lugar]})
    return faltas + _faltas_del_certificado(formulario, {campo.codigo: campo for campo in campos})


def _faltas_de_la_pregunta(campo: Campo, anteriores: dict[str, Campo]) -> list[str]:
    if campo.codigo in DE_TODOS:
        return [f"«{campo}»: el código «{campo.codigo}» ya es un dato de toda solicitud. Elija otro."]
    if not campo.si_campo:
        return []
    de = anteriores.get(campo.si_campo)
    if de is None:
        return [f"«{campo}» depende de «{campo.si_campo}», y antes de ella no hay pregunta con ese código."]
    if de.tipo == Campo.Tipo.OPCION and campo.si_valor not in de.opciones:
        return [f"«{campo}» se pregunta si «{de}» es «{campo.si_valor}», que no es una de sus opciones."]
    if de.responde != campo.responde:
        return [f"«{campo}» depende de «{de}», que la responde otra persona."]
    return []


def _faltas_del_certificado(formulario: Formulario, campos: dict[str, Campo]) -> list[str]:
    """Each code of its text is a question that is always answered: if not, nobody could sign it."""
    faltas = []
    for codigo in dict.fromkeys(huecos(formulario.certificado_texto)):
        campo = campos.get(codigo)
        if codigo in DE_TODOS:
            continue
        if campo is None:
            faltas.append(f"El texto del certificado usa {{{codigo}}}, y no hay pregunta con ese código.")
        elif campo.tipo == Campo.Tipo.ARCHIVO:
            faltas.append(f"El texto del certificado usa {{{codigo}}}, que es un archivo.")
        elif campo.si_campo or not campo.obligatorio:
            faltas.append(f"El texto del certificado usa {{{codigo}}}, que no siempre se responde.")
    return faltas


# --- Under the lock of the trámite ---------------------------------------------------------------
def _bloqueado(tramite: Tramite) -> Tramite:
    """The locked row: versions of its form are made and put in use by one person at a time."""
    return Tramite.objects.select_for_update(of=("self",)).get(pk=tramite.pk)


def _exigir_que_escriba(tramite: Tramite, por: Usuario, en: datetime | None) -> None:
    if rechazo := escribe(tramite, Contexto(por, en or timezone.now())):
        raise SinPermiso(rechazo)


def _hoja_entera(tramite: Tramite) -> HojaDeVida:
    """The one that the public reads, with its parts."""
    return HojaDeVida.objects.enteras().get(pk=tramite.hoja_publica_id)


def _poner(formulario: Formulario, tramite: Tramite, *, por: Usuario | None, en: datetime) -> None:
    tramite.formularios.filter(estado=Estado.VIGENTE).update(estado=Estado.REEMPLAZADO)
    hoja = _hoja_entera(tramite)
    formulario.estado, formulario.hoja, formulario.requisitos = Estado.VIGENTE, hoja, requisitos_de(hoja)
    formulario.vigente_desde, formulario.puesto_por = en, por
    formulario.save(update_fields=["estado", "hoja", "requisitos", "vigente_desde", "puesto_por"])


def _estado(formulario: Formulario) -> str:
    return formulario.get_estado_display().lower()
