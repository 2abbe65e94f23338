"""Topics that people want the alcaldía to talk about: proposed, reviewed, supported and answered.

Supports are an indication, not a vote. What keeps one from giving many is what surveys have: a form that is
good once, a mark in the browser and a wide limit by address. Nothing of who gives them is kept.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_urlsafe

from django.core import signing
from django.db import transaction
from django.db.models import Case, F, IntegerField, QuerySet, Value, When
from django.utils import timezone
from django.utils.text import slugify

from participacion.models import Consulta, TemaDeInteres
from participacion.respuestas import hay_calma
from participacion.services import EN_LINEA
from portal import freno
from portal.alcance import alcance_de
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Asignacion, Canal, Usuario

#: The channel whose matrix says who reviews topics.
CANAL = EN_LINEA
Estado = TemaDeInteres.Estado
Funcion = Asignacion.Funcion
#: How long a form is good, and how long the browser that supported a topic is remembered, by itself.
CADA = timedelta(days=30)
YA_NO = "Este tema ya no recibe apoyos."
MUCHOS = "Desde su conexión llegaron muchos apoyos a este tema en poco tiempo."
#: Addresses under /participa/temas/ that are not of a topic.
_RESERVADAS = {"proponer", "propuesto"}
_firma = signing.TimestampSigner(salt="participacion.apoyo")


class Demasiados(EstadoInadecuado):
    """Too many supports of that topic came from one address in a short time."""


def publicos() -> QuerySet[TemaDeInteres]:
    """What anybody reads, the ones that take supports first and the most supported on top."""
    responde = Case(
        When(estado=Estado.RESPONDIDO, then=Value(1)), default=Value(0), output_field=IntegerField()
    )
    return (
        TemaDeInteres.objects.filter(estado__in=[Estado.ABIERTO, Estado.RESPONDIDO])
        .annotate(ya=responde)
        .order_by("ya", "-apoyos", "-propuesto_el", "pk")
    )


# --- What people do ------------------------------------------------------------------------------
def proponer(titulo: str, explicacion: str) -> tuple[TemaDeInteres, bool]:
    """The topic of that title, and whether it is new: the same one is proposed once."""
    slug = slugify(titulo)[:120] or f"tema-{sha256(titulo.encode()).hexdigest()[:10]}"
    if slug in _RESERVADAS:
        slug = f"{slug}-tema"
    return TemaDeInteres.objects.get_or_create(
        slug=slug, defaults={"titulo": titulo, "explicacion": explicacion}
    )


def nueva_ficha() -> str:
    """What makes a button good once for each topic, signed by us."""
    return _firma.sign(token_urlsafe(8))


def es_ficha(ficha: str) -> bool:
    try:
        return bool(_firma.unsign(ficha, max_age=CADA))
    except signing.BadSignature:
        return False


def apoyar(tema: TemaDeInteres, *, ficha: str, direccion: str, en: datetime | None = None) -> None:
    """Count one support; the same form (`ficha`) gives one. Raises EstadoInadecuado or Demasiados."""
    en = en or timezone.now()
    que = f"apoyo {tema.pk}"
    if tema.estado != Estado.ABIERTO:
        raise EstadoInadecuado(YA_NO)
    if not hay_calma(que, direccion, en=en):
        raise Demasiados(MUCHOS)
    with transaction.atomic():  # a form is not spent unless its support is counted
        if not freno.intentar(f"{que} ficha", ficha, maximo=1, cada=CADA, en=en):
            return
        abierto = TemaDeInteres.objects.filter(pk=tema.pk, estado=Estado.ABIERTO)
        if not abierto.update(apoyos=F("apoyos") + 1):
            raise EstadoInadecuado(YA_NO)


# --- The desk ------------------------------------------------------------------------------------
def entra(usuario: Usuario) -> bool:
    """Who writes or validates in the channel of participation, or heads its office or Secretaría General."""
    suyos = Canal.objects.filter(slug=CANAL, pk__in=alcance_de(usuario).canales[Funcion.AUTOR])
    return usuario.is_active and usuario.is_staff and suyos.exists()


def decidir(
    tema: TemaDeInteres, *, a: str, motivo: str = "", por: Usuario, en: datetime | None = None
) -> TemaDeInteres:
    """Publish a topic, or not with its reason. Raises SinPermiso, CondicionIncumplida or EstadoInadecuado."""
    if a not in {Estado.ABIERTO, Estado.NO_PUBLICADO}:
        raise CondicionIncumplida("Diga si se publica.")
    if a == Estado.NO_PUBLICADO and not motivo.strip():
        raise CondicionIncumplida("Escriba por qué no se publica.")
    motivo = motivo.strip() if a == Estado.NO_PUBLICADO else ""
    de = {Estado.POR_REVISAR, Estado.ABIERTO, Estado.NO_PUBLICADO} - {Estado(a)}
    return _pasar(tema, de, por, en, estado=a, motivo=motivo)


def responder(
    tema: TemaDeInteres,
    *,
    respuesta: str,
    consulta: Consulta | None = None,
    por: Usuario,
    en: datetime | None = None,
) -> TemaDeInteres:
    """What the alcaldía answers, perhaps with a consulta. Raises as `decidir`."""
    if not respuesta.strip():
        raise CondicionIncumplida("Escriba la respuesta.")
    dicho = {"estado": Estado.RESPONDIDO, "respuesta": respuesta.strip(), "consulta": consulta}
    return _pasar(tema, {Estado.ABIERTO}, por, en, **dicho)


@transaction.atomic
def _pasar(tema: TemaDeInteres, de: set, por: Usuario, en: datetime | None, **campos) -> TemaDeInteres:
    """Change those fields of the locked row, if it is in one of those states and the person may."""
    en = en or timezone.now()
    if not Canal.objects.que_puede(por, Funcion.AUTOR, en).filter(slug=CANAL).exists():
        raise SinPermiso("Los temas los revisa quien escribe o valida en el canal de participación.")
    fila = TemaDeInteres.objects.select_for_update(of=("self",)).get(pk=tema.pk)
    if fila.estado not in de:
        raise EstadoInadecuado(f"Ya se hizo o no viene al caso: está «{fila.get_estado_display().lower()}».")
    for campo, valor in (campos | {"moderado_por": por, "moderado_en": en}).items():
        setattr(fila, campo, valor)
    fila.save(update_fields=[*campos, "moderado_por", "moderado_en"])
    return fila
