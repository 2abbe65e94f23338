"""Comments on what is consulted: received, moderated with a recorded reason and answered by theme."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Prefetch, Q, QuerySet
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString

from participacion.models import Aporte, Consulta, PasoDeAporte, TemaDeAportes
from portal.alcance import alcance_de
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Asignacion, Canal, Usuario

Estado = Aporte.Estado
Funcion = Asignacion.Funcion


class NoEstaAbierta(CondicionIncumplida):
    """The consulta takes no comments now."""


class YaEnviado(EstadoInadecuado):
    """That form already brought another comment."""


# --- What is read of them ------------------------------------------------------------------------
@dataclass(frozen=True)
class Cifras:
    """How many comments there are: of those not published, only how many for each reason."""

    publicados: int
    por_revisar: int
    no_publicados: tuple[tuple[str, int], ...]

    @property
    def sin_publicar(self) -> int:
        return sum(cuantos for _motivo, cuantos in self.no_publicados)

    @property
    def total(self) -> int:
        return self.publicados + self.por_revisar + self.sin_publicar


def cifras(consulta: Consulta) -> Cifras:
    """One query."""
    filas = consulta.aportes.order_by("motivo").values_list("estado", "motivo").annotate(n=Count("pk"))
    por = {(estado, motivo): n for estado, motivo, n in filas}
    return Cifras(
        publicados=por.get((Estado.PUBLICADO, ""), 0),
        por_revisar=por.get((Estado.POR_REVISAR, ""), 0),
        no_publicados=tuple(
            (motivo.label, por[Estado.NO_PUBLICADO, motivo.value])
            for motivo in Aporte.Motivo
            if (Estado.NO_PUBLICADO, motivo.value) in por
        ),
    )


def publicados(consulta: Consulta) -> QuerySet[Aporte]:
    return consulta.aportes.filter(estado=Estado.PUBLICADO).select_related("tema").order_by("dia", "pk")


def respondidos(consulta: Consulta) -> QuerySet[TemaDeAportes]:
    """The themes that have an answer, with `cuantos` comments published under each."""
    cuantos = Count("aportes", filter=Q(aportes__estado=Estado.PUBLICADO))
    return consulta.temas.exclude(se_acoge="").annotate(cuantos=cuantos)


def con_resultado(consulta: Consulta) -> bool:
    """Whether the public can read its outcome, and with it the answers."""
    return Consulta.objects.con_resultado().filter(pk=consulta.pk).exists()


def para_el_resultado(consulta: Consulta) -> SafeString | str:
    """What the draft of the outcome says of the comments, with the tags that any text may have."""
    if not consulta.recibe_aportes:
        return ""
    contexto = {"consulta": consulta, "cifras": cifras(consulta), "temas": respondidos(consulta)}
    return render_to_string("participacion/aportes_resultado.html", contexto)


def filas_publicas(consulta: Consulta) -> tuple[list[str], list[list[str]]]:
    """The columns and rows of what anybody may download."""
    columnas = ["día", "sobre qué parte", "aporte", "nombre", "se recibió en papel o de palabra", "tema"]
    filas = [
        [
            aporte.dia.isoformat(),
            aporte.parte,
            aporte.texto,
            aporte.nombre,
            "sí" if aporte.en_papel else "no",
            str(aporte.tema or ""),
        ]
        for aporte in publicados(consulta)
    ]
    return columnas, filas


# --- What people send ----------------------------------------------------------------------------
@transaction.atomic
def recibir(
    consulta: Consulta, *, clave: UUID, parte: str, texto: str, nombre: str, en: datetime | None = None
) -> Aporte:
    """Keep a comment; the same one of the same form is kept once. Raises NoEstaAbierta or YaEnviado."""
    en = en or timezone.now()
    if not (consulta.recibe_aportes and Consulta.objects.abiertas(en).filter(pk=consulta.pk).exists()):
        raise NoEstaAbierta("Ya no se reciben aportes sobre este texto.")
    dicho = {"consulta": consulta, "parte": parte, "texto": texto, "nombre": nombre, "en_papel": False}
    return _guardar(clave, dicho, timezone.localdate(en))[0]


def _guardar(clave: UUID, dicho: dict, dia: date) -> tuple[Aporte, bool]:
    aporte, nuevo = Aporte.objects.get_or_create(id=clave, defaults=dicho | {"dia": dia})
    if any(getattr(aporte, campo) != valor for campo, valor in dicho.items()):
        raise YaEnviado("Con este formulario ya recibimos otro aporte. Si este es uno más, envíelo otra vez.")
    return aporte, nuevo


@transaction.atomic
def ingresar(
    consulta: Consulta,
    *,
    clave: UUID,
    parte: str,
    texto: str,
    nombre: str,
    dia: date,
    por: Usuario,
    en: datetime | None = None,
) -> Aporte:
    """Enter one received on paper or by word on `dia`, while it was open.

    Raises SinPermiso, CondicionIncumplida or YaEnviado.
    """
    en = en or timezone.now()
    exigir_que_modere(consulta, por, en)
    exigir_sin_resultado(consulta)
    if not consulta.recibe_aportes or consulta.estado not in Consulta.PUBLICAS:
        raise NoEstaAbierta("Esta consulta no recibe aportes.")
    abre, cierra = timezone.localdate(consulta.abre_en), timezone.localdate(consulta.termina_en)
    if not abre <= dia <= min(cierra, timezone.localdate(en)):
        raise CondicionIncumplida("El día debe estar entre la apertura y el cierre, y no ser futuro.")
    dicho = {"consulta": consulta, "parte": parte, "texto": texto, "nombre": nombre, "en_papel": True}
    aporte, nuevo = _guardar(clave, dicho, dia)
    if nuevo:
        PasoDeAporte.objects.create(aporte=aporte, a=aporte.estado, explicacion="Lo digitó.", por=por, en=en)
    return aporte


# --- The desk ------------------------------------------------------------------------------------
def entra(usuario: Usuario) -> bool:
    """Who writes or validates in some channel, or heads an office that has one."""
    return usuario.is_active and usuario.is_staff and bool(alcance_de(usuario).canales[Funcion.AUTOR])


def moderables(usuario: Usuario) -> QuerySet[Consulta]:
    """The public consultas with comments of the channels where the person writes or validates."""
    return (
        Consulta.objects.publicas()
        .filter(
            canal__in=alcance_de(usuario).canales[Funcion.AUTOR],
            clase__in=[Consulta.Clase.PROYECTO, Consulta.Clase.CONSULTA],
        )
        .select_related("canal", "dependencia")
    )


def exigir_que_modere(consulta: Consulta, por: Usuario, en: datetime | None = None) -> None:
    """Raise SinPermiso unless some of their posts writes or validates in its channel."""
    if not Canal.objects.que_puede(por, Funcion.AUTOR, en).filter(pk=consulta.canal_id).exists():
        raise SinPermiso("Los aportes los revisa quien escribe o valida en el canal de la consulta.")


def exigir_sin_resultado(consulta: Consulta) -> None:
    """Raise CondicionIncumplida once the outcome, which says them all, is being written or is public."""
    resultado = Consulta.objects.select_related("resultado").get(pk=consulta.pk).resultado
    if resultado and (resultado.version_publica_id or resultado.version_abierta()):
        raise CondicionIncumplida(
            "El resultado ya se está escribiendo o ya se publicó: los aportes y sus respuestas no cambian."
        )


@transaction.atomic
def moderar(
    aporte: Aporte,
    *,
    a: str,
    motivo: str = "",
    explicacion: str = "",
    por: Usuario,
    en: datetime | None = None,
) -> Aporte:
    """Publish it, or not, with its reason; a decision that changes says why, and all are kept.

    Raises SinPermiso, CondicionIncumplida or EstadoInadecuado, and then nothing has changed.
    """
    en = en or timezone.now()
    fila = Aporte.objects.select_for_update(of=("self",)).select_related("consulta").get(pk=aporte.pk)
    exigir_que_modere(fila.consulta, por, en)
    explicacion = explicacion.strip()
    if a == Estado.PUBLICADO:
        motivo = ""
    elif a != Estado.NO_PUBLICADO or motivo not in Aporte.Motivo.values:
        raise CondicionIncumplida("Elija por qué no se publica.")
    if (a, motivo) == (fila.estado, fila.motivo):
        raise EstadoInadecuado("Esa decisión ya está tomada.")
    if not explicacion and (a == Estado.NO_PUBLICADO or fila.estado != Estado.POR_REVISAR):
        raise CondicionIncumplida("Explique la decisión.")
    fila.estado, fila.motivo, fila.explicacion = a, motivo, explicacion
    fila.moderado_por, fila.moderado_en = por, en
    fila.save(update_fields=["estado", "motivo", "explicacion", "moderado_por", "moderado_en"])
    PasoDeAporte.objects.create(aporte=fila, a=a, motivo=motivo, explicacion=explicacion, por=por, en=en)
    return fila


@transaction.atomic
def agrupar(aporte: Aporte, tema: TemaDeAportes | None, *, por: Usuario) -> None:
    """Put it under a theme of its consulta, or under none. Raises SinPermiso or CondicionIncumplida."""
    consulta = _para_cambiar(aporte.consulta_id, por)
    if tema and tema.consulta_id != consulta.pk:
        raise CondicionIncumplida("Ese tema es de otra consulta.")
    Aporte.objects.filter(pk=aporte.pk).update(tema=tema)


@transaction.atomic
def crear_tema(consulta: Consulta, nombre: str, *, por: Usuario) -> TemaDeAportes:
    """A theme; the one that there is, when it has that name. Raises SinPermiso or CondicionIncumplida."""
    _para_cambiar(consulta.pk, por)
    orden = consulta.temas.count() + 1
    return TemaDeAportes.objects.get_or_create(consulta=consulta, nombre=nombre, defaults={"orden": orden})[0]


@transaction.atomic
def responder_tema(tema: TemaDeAportes, *, se_acoge: str, respuesta: str, por: Usuario) -> TemaDeAportes:
    """What was decided about a theme, and why. Raises SinPermiso or CondicionIncumplida."""
    _para_cambiar(tema.consulta_id, por)
    if not se_acoge or not respuesta.strip():
        raise CondicionIncumplida("Diga qué se decidió y por qué.")
    fila = TemaDeAportes.objects.select_for_update().get(pk=tema.pk)
    fila.se_acoge, fila.respuesta = se_acoge, respuesta.strip()
    fila.save(update_fields=["se_acoge", "respuesta"])
    return fila


def _para_cambiar(pk: int, por: Usuario) -> Consulta:
    """The consulta, locked: its outcome is not begun meanwhile."""
    consulta = Consulta.objects.select_for_update(of=("self",)).get(pk=pk)
    exigir_que_modere(consulta, por)
    exigir_sin_resultado(consulta)
    return consulta


def con_historia(consulta: Consulta) -> QuerySet[Aporte]:
    """Its comments with every decision about each, the ones to review first."""
    pasos = Prefetch("pasos", PasoDeAporte.objects.select_related("por"))
    return consulta.aportes.select_related("tema", "moderado_por").prefetch_related(pasos)
