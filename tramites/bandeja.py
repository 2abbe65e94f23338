"""What waits for one person about trámites: to approve, to correct, to publish, to complete, to confirm."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.bandeja import LINEAS, Grupo, Tarea
from portal.models import Asignacion, Cargo, Usuario
from tramites.completitud import Punto, medir
from tramites.flujo import PUBLICABLES
from tramites.models import HojaDeVida, PasoDeTramite, Tramite
from tramites.models.tramite import CANAL

Estado = Tramite.Estado
Funcion = Asignacion.Funcion
#: Gaps that a line names; the rest are counted.
NOMBRADOS = 3


def hojas_por_aprobar(usuario: Usuario, en: datetime) -> Grupo:
    """What was sent and somebody else wrote: oldest first."""
    ajenas = (
        HojaDeVida.objects.filter(
            estado=HojaDeVida.Estado.ENVIADA,
            tramite__in=Tramite.objects.que_puede(usuario, Funcion.AUTORIZA, en).values("pk"),
        )
        .exclude(Q(enviada_por=usuario) | Q(editada_por=usuario))
        .select_related("tramite__dependencia", "enviada_por")
        .order_by("enviada_en")
    )

    def detalle(hoja: HojaDeVida) -> str:
        cambio = " · modificación estructural" if hoja.estructurales else ""
        return f"{hoja.tramite.dependencia} · {hoja.enviada_por}, {_momento(hoja.enviada_en)}{cambio}"

    return Grupo("Hojas de vida por aprobar", _tareas_de_hojas(ajenas, detalle))


def hojas_por_corregir(usuario: Usuario, en: datetime) -> Grupo:
    """What came back, with the reason in full."""
    vuelta = PasoDeTramite.objects.filter(
        tramite=OuterRef("pk"), accion__in=["devolver", "recoger", "negar"]
    ).order_by("-en", "-pk")
    tramites = (
        _propios(usuario, en)
        .filter(estado=Estado.EN_CORRECCION)
        .annotate(motivo=Subquery(vuelta.values("motivo")[:1]), volvio_en=Subquery(vuelta.values("en")[:1]))
        .order_by("volvio_en")
    )
    return Grupo("Hojas de vida por corregir", _tareas(tramites, lambda t: f"Motivo: {t.motivo}"))


def hojas_por_enviar(usuario: Usuario, en: datetime) -> Grupo:
    """Written to the end and forgotten: nothing missing, and nobody has sent them."""
    hojas = (
        HojaDeVida.objects.filter(
            estado=HojaDeVida.Estado.BORRADOR,
            llenos=F("exigidos"),
            exigidos__gt=0,
            tramite__estado__in=[Estado.EN_CREACION, Estado.EN_ACTUALIZACION],
            tramite__in=_propios(usuario, en).values("pk"),
        )
        .select_related("tramite__dependencia")
        .order_by("editada_en")
    )
    return Grupo(
        "Hojas de vida completas, sin enviar",
        _tareas_de_hojas(
            hojas, lambda h: f"{h.tramite.dependencia} · último cambio, {_momento(h.editada_en)}"
        ),
    )


def hojas_por_publicar(usuario: Usuario, en: datetime) -> Grupo:
    """Approved and never yet before the public. What was withdrawn was so on purpose."""
    aprobada = HojaDeVida.objects.publicables().filter(tramite=OuterRef("pk"))
    publica = HojaDeVida.objects.filter(tramite=OuterRef("pk"), publicada_en__isnull=False)
    tramites = (
        _propios(usuario, en)
        .filter(estado__in=PUBLICABLES)
        .annotate(
            aprobada=Subquery(aprobada.order_by("-numero").values("numero")[:1]),
            aprobada_en=Subquery(aprobada.order_by("-numero").values("aprobada_en")[:1]),
            publica=Subquery(publica.order_by("-numero").values("numero")[:1]),
        )
        .filter(Q(publica=None, aprobada__isnull=False) | Q(aprobada__gt=F("publica")))
        .order_by("aprobada_en")
    )
    return Grupo(
        "Hojas de vida aprobadas, listas para publicar",
        _tareas(tramites, lambda t: f"{t.dependencia} · aprobada el {_momento(t.aprobada_en)}"),
    )


def hojas_con_vacios(usuario: Usuario, en: datetime) -> Grupo:
    """A line for each trámite whose hoja lacks something, worst first, naming the first gaps."""
    posterior = HojaDeVida.objects.filter(tramite=OuterRef("tramite"), numero__gt=OuterRef("numero")).exclude(
        estado=HojaDeVida.Estado.DESCARTADA
    )
    hojas = (
        HojaDeVida.objects.enteras()
        .filter(~Exists(posterior), llenos__lt=F("exigidos"), tramite__in=_propios(usuario, en).values("pk"))
        .exclude(estado=HojaDeVida.Estado.DESCARTADA)
        .exclude(tramite__estado__in=[Estado.NEGADO, Estado.SUPRIMIDO])
        .order_by(F("llenos") - F("exigidos"), "tramite__nombre")
    )
    dia = timezone.localdate(en)
    tareas = _tareas_de_hojas(hojas, lambda hoja: primeros(medir(hoja, dia).vacios))
    sin_hoja = _propios(usuario, en).filter(estado=Estado.SIN_GESTION).count()
    if sin_hoja:
        tareas.append(
            Tarea(
                f"Sin hoja de vida: {sin_hoja} {'trámite' if sin_hoja == 1 else 'trámites'}",
                "Todavía nadie la ha empezado.",
                _tabla(estado__exact=Estado.SIN_GESTION),
            )
        )
    return Grupo("Hojas de vida por completar", tareas)


def datos_por_confirmar(usuario: Usuario, en: datetime) -> Grupo:
    """One line with how many there are: nobody has answered for them yet."""
    tramites = _propios(usuario, en).exclude(por_confirmar={}).exclude(estado=Estado.SUPRIMIDO)
    cuantos = tramites.count()
    if not cuantos:
        return Grupo("Datos por confirmar")
    titulo = f"{cuantos} {'trámite tiene' if cuantos == 1 else 'trámites tienen'} datos por confirmar"
    detalle = "El público los ve con una marca hasta que alguien responda por ellos."
    return Grupo("Datos por confirmar", [Tarea(titulo, detalle, _tabla(por_confirmar="si"))], espera=False)


def en_el_dafp(usuario: Usuario, en: datetime) -> Grupo:
    """What the DAFP has: its answer is recorded here when it comes."""
    remision = PasoDeTramite.objects.filter(tramite=OuterRef("pk"), accion="remitir").order_by("-en", "-pk")
    tramites = (
        _propios(usuario, en)
        .filter(estado=Estado.EN_EVALUACION)
        .annotate(remitido_en=Subquery(remision.values("en")[:1]))
        .order_by("remitido_en")
    )
    return Grupo(
        "En evaluación del DAFP",
        _tareas(tramites, lambda t: f"{t.dependencia} · remitido el {_momento(t.remitido_en)}"),
        espera=False,
    )


# --- Pieces -------------------------------------------------------------------------------------
def _propios(usuario: Usuario, en: datetime) -> QuerySet[Tramite]:
    """Those that the person's own posts write: by the matrix, or as head of their office.

    Being head of Secretaría General opens every trámite, but does not make each one a daily task.
    """
    cargos = Cargo.objects.ejercidos_por(usuario, en).filter(
        Q(
            asignaciones__canal__slug=CANAL,
            asignaciones__funcion=Funcion.AUTOR,
        )
        | Q(es_jefatura=True, dependencia=OuterRef("dependencia"))
    )
    return Tramite.objects.filter(Exists(cargos)).select_related("dependencia")


def primeros(vacios: Iterable[Punto]) -> str:
    """«Falta el tiempo de respuesta. Falta el punto de atención. Y 4 más.»"""
    faltas = [punto.falta for punto in vacios]
    de_mas = len(faltas) - NOMBRADOS
    return " ".join([*faltas[:NOMBRADOS], *([f"Y {de_mas} más."] if de_mas > 0 else [])])


def _tareas(tramites: QuerySet[Tramite], detalle: Callable[..., str]) -> list[Tarea]:
    return [Tarea(str(tramite), detalle(tramite), _pagina(tramite.pk)) for tramite in tramites[:LINEAS]]


def _tareas_de_hojas(hojas: QuerySet[HojaDeVida], detalle: Callable[[HojaDeVida], str]) -> list[Tarea]:
    return [Tarea(hoja.nombre, detalle(hoja), _pagina(hoja.tramite_id)) for hoja in hojas[:LINEAS]]


def _pagina(pk: int) -> str:
    return reverse("admin:tramites_tramite_change", args=[pk])


def _tabla(**filtro: str) -> str:
    [(campo, valor)] = filtro.items()
    return f"{reverse('admin:tramites_tramite_changelist')}?{campo}={valor}"


def _momento(cuando: datetime | None) -> str:
    """«18 de noviembre, 9:02 a. m.»"""
    return date_format(timezone.localtime(cuando), r"j \d\e F, g:i a")
