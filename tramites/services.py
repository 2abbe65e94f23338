"""What people do with the inventory. The steps are in `tramites.flujo`; writing, in `tramites.hojas`."""

import zlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify

from portal.flujo import CondicionIncumplida, Contexto, SinPermiso
from portal.models import Actualizacion, Asignacion, Dependencia, Edicion, Usuario
from portal.nombres import libre
from tramites.flujo import contar, escribe
from tramites.models import LecturaDiaria, PasoDeTramite, Tramite
from tramites.models.tramite import exigir_sin_circulo

#: Addresses under /tramites/ that belong to the site itself.
SLUGS_RESERVADOS = {"avance", "racionalizacion"}


def slug_libre(nombre: str) -> str:
    """An address nobody has yet, made from the name."""
    base = slugify(nombre)[:100].strip("-") or "tramite"
    ocupados = SLUGS_RESERVADOS | set(
        Tramite.objects.filter(slug__startswith=base).values_list("slug", flat=True)
    )
    return libre(base, ocupados)


@transaction.atomic
def crear_tramite(
    *,
    codigo: str,
    nombre: str,
    tipo: str,
    dependencia: Dependencia,
    por: Usuario | None,
    en: datetime | None = None,
    **campos,
) -> Tramite:
    """Put a trámite in the inventory, without hoja de vida yet.

    Raises ValidationError, or SinPermiso when `por` does not keep those of that office. Without `por`
    it is `cargar_datos` that does it.
    """
    en = en or timezone.now()
    _de_a_uno()
    tramite = Tramite(
        codigo=codigo,
        nombre=nombre,
        tipo=tipo,
        dependencia=dependencia,
        slug=slug_libre(nombre),
        identificado_en=en,
        **campos,
    )
    if por is not None and (rechazo := escribe(tramite, Contexto(por, en))):
        raise SinPermiso(rechazo)
    tramite.full_clean(exclude=["hoja_publica"])
    tramite.save()
    PasoDeTramite.anotar(tramite, "identificar", "Identificar", por=por, en=en)
    return tramite


def _de_a_uno() -> None:
    """Wait for whoever is identifying another one: two at once would be given the same address or code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(b"identificar-tramite")])


@transaction.atomic
def confirmar_dato(tramite: Tramite, *, parte: str, por: Usuario, en: datetime | None = None) -> Tramite:
    """A person answers for a part that came without confirmation, and its warning goes.

    Raises SinPermiso, or CondicionIncumplida when it was confirmed already.
    """
    en = en or timezone.now()
    tramite = Tramite.objects.select_for_update(of=("self",)).get(pk=tramite.pk)
    if rechazo := escribe(tramite, Contexto(por, en)):
        raise SinPermiso(rechazo)
    if parte not in tramite.por_confirmar:
        raise CondicionIncumplida("Ese dato ya estaba confirmado.")
    nota = tramite.por_confirmar.pop(parte)
    tramite.save(update_fields=["por_confirmar"])
    PasoDeTramite.anotar(
        tramite, "confirmar", "Confirmar un dato", de=tramite.estado, por=por, en=en, motivo=nota
    )
    Edicion.avanzar()
    return tramite


@transaction.atomic
def ratificar_vigencia(tramite: Tramite, *, por: Usuario, en: datetime | None = None) -> Tramite:
    """«Revisado: sigue vigente»: activity, distinct from an edit.

    Raises SinPermiso, or CondicionIncumplida when it is not public or was already reviewed that day.
    """
    en = en or timezone.now()
    tramite = Tramite.objects.select_for_update(of=("self",)).get(pk=tramite.pk)
    contexto = Contexto(por, en)
    if rechazo := escribe(tramite, contexto):
        raise SinPermiso(rechazo)
    if tramite.hoja_publica_id is None:
        raise CondicionIncumplida("Solo se ratifica lo que está publicado.")
    if tramite.revisado_en and timezone.localdate(tramite.revisado_en) == timezone.localdate(en):
        raise CondicionIncumplida("La vigencia de este trámite ya se revisó hoy.")
    tramite.revisado_en = en
    tramite.save(update_fields=["revisado_en"])
    contar(Actualizacion.Clase.RATIFICACION, tramite, contexto)
    return tramite


@transaction.atomic
def fijar_previos(tramite: Tramite, previos, *, por: Usuario, en: datetime | None = None) -> None:
    """Say which trámites go before this one.

    Raises SinPermiso, or ValidationError when they make a circle.
    """
    if rechazo := escribe(tramite, Contexto(por, en or timezone.now())):
        raise SinPermiso(rechazo)
    # Two people could close a circle from both ends at once.
    list(Tramite.objects.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if tramite in previos:
        raise ValidationError("Un trámite no va antes de sí mismo.")
    exigir_sin_circulo(tramite, previos)
    tramite.previos.set(previos)
    Edicion.avanzar()


def contar_lectura(tramite: Tramite, dia=None) -> None:
    """Add one to the readings of the day. Says nothing of who read."""
    dia = dia or timezone.localdate()
    if not LecturaDiaria.objects.filter(tramite=tramite, dia=dia).update(veces=F("veces") + 1):
        fila, nueva = LecturaDiaria.objects.get_or_create(tramite=tramite, dia=dia, defaults={"veces": 1})
        if not nueva:  # another reader opened the day at the same moment
            LecturaDiaria.objects.filter(pk=fila.pk).update(veces=F("veces") + 1)


def escribe_algun_tramite(usuario: Usuario) -> bool:
    """Whether the person keeps hojas de vida of any office."""
    return Tramite.objects.que_puede(usuario, Asignacion.Funcion.AUTOR).exists()
