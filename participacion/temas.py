"""Topics that people want the alcaldía to talk about: proposed, reviewed, supported and answered.

Supports are an indication, not a vote: what keeps one from giving many is a brake that forgets in 30 days.
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
from participacion.services import EN_LINEA
from portal import freno
from portal.alcance import alcance_de
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Asignacion, Canal, Usuario

#: The channel whose matrix says who reviews topics.
CANAL = EN_LINEA
Estado = TemaDeInteres.Estado
Funcion = Asignacion.Funcion
#: One for each topic and browser in 30 days; by address, these: a whole village may leave by one.
CADA, POR_DIRECCION = timedelta(days=30), 40
#: Addresses under /participa/temas/ that are not of a topic.
_RESERVADAS = {"proponer", "propuesto"}
_firma = signing.TimestampSigner(salt="participacion.apoyo")


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


def apoyar(
    tema: TemaDeInteres, *, ficha: str, direccion: str, navegador: str, en: datetime | None = None
) -> bool:
    """Count one support; False, and nothing counted, when it was given already. Raises EstadoInadecuado.

    Of who gives it nothing is kept: `portal.freno` forgets it in 30 days.
    """
    en = en or timezone.now()
    if tema.estado != Estado.ABIERTO:
        raise EstadoInadecuado("Este tema ya no recibe apoyos.")
    que = f"apoyo {tema.pk}"
    frenos = [
        (f"{que} ficha", ficha, 1),
        (que, f"{direccion} {navegador}", 1),
        (que, direccion, POR_DIRECCION),
    ]
    if not all(freno.intentar(de_que, de, maximo=n, cada=CADA, en=en) for de_que, de, n in frenos):
        return False
    abierto = TemaDeInteres.objects.filter(pk=tema.pk, estado=Estado.ABIERTO)
    return bool(abierto.update(apoyos=F("apoyos") + 1))


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
