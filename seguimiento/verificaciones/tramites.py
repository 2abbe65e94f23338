"""Rules on the inventory of trámites and their hojas de vida."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from django.db.models import Exists, F, OuterRef, Q

from seguimiento.models import Criterio
from seguimiento.parametros import Positivo
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import (
    SE_NOMBRAN,
    Veredicto,
    contar,
    cumple,
    falla,
    nombrar,
    nombre_de_tramite,
)
from tramites.models import Accion, Racionalizacion, SituacionDeVida, Tramite


@regla("tramites-publicados")
def tramites_publicados(
    criterio: Criterio, en: datetime, *, tipos: Sequence[Literal["tramite", "opa", "consulta"]] = ()
) -> Veredicto:
    """Todo lo identificado en el inventario tiene su hoja de vida publicada."""
    inventario = Tramite.objects.identificados(en).select_related("dependencia")
    inventario = inventario.filter(tipo__in=tipos) if tipos else inventario.del_suit()
    return contar(
        "Trámites con hoja de vida publicada",
        inventario,
        inventario.exclude(pk__in=inventario.publicados(en).values("pk")),
        nombre_de_tramite,
        "El inventario de trámites está vacío.",
        "Complete la hoja de vida de cada trámite que falta, envíela y publíquela.",
    )


#: For each thing that may be asked: who must have it, who lacks it, how it is said and what to do.
_DATOS_DE_TRAMITE: dict[str, tuple[bool, Q | Exists, str, str]] = {
    "numero-suit": (
        False,
        Q(numero_suit=None),
        "Trámites con número del SUIT",
        "Inscriba el trámite en el SUIT y escriba aquí el número que le asignan.",
    ),
    "decision": (
        False,
        Q(automatizacion=Tramite.Automatizacion.POR_DECIDIR),
        "Trámites con la decisión de automatizarlos o no",
        "Registre en cada trámite si se va a hacer en línea, y por qué.",
    ),
    "tiempo": (
        True,
        Q(hoja_publica__tiempo_inmediato=False, hoja_publica__tiempo_cantidad=None),
        "Trámites publicados con su tiempo de respuesta",
        "Escriba en la hoja de vida cuánto tarda la respuesta.",
    ),
    "ficha-completa": (
        True,
        Q(hoja_publica__llenos__lt=F("hoja_publica__exigidos")) | ~Q(por_confirmar={}),
        "Trámites publicados con la hoja de vida completa y confirmada",
        "Complete la hoja de vida y confirme los datos marcados «por confirmar».",
    ),
    "formularios": (
        True,
        Exists(
            Accion.objects.filter(
                momento__hoja=OuterRef("hoja_publica"), tipo=Accion.Tipo.FORMULARIO, enlace=""
            )
        ),
        "Trámites publicados con la dirección de cada formulario que piden",
        "Escriba en la hoja de vida dónde se descarga el formulario.",
    ),
}


@regla("tramites-con")
def tramites_con(
    criterio: Criterio,
    en: datetime,
    *,
    dato: Literal["numero-suit", "decision", "tiempo", "ficha-completa", "formularios"],
) -> Veredicto:
    """Cada trámite del inventario, o cada uno publicado, tiene ese dato."""
    de_lo_publico, sin, que, arreglo = _DATOS_DE_TRAMITE[dato]
    todos = Tramite.objects.del_suit().identificados(en).select_related("dependencia")
    todos = todos.publicos() if de_lo_publico else todos
    vacio = "No hay trámites publicados." if de_lo_publico else "El inventario de trámites está vacío."
    return contar(que, todos, todos.filter(sin), nombre_de_tramite, vacio, arreglo)


@regla("tramites-automatizados")
def tramites_automatizados(criterio: Criterio, en: datetime) -> Veredicto:
    """Lo que se decidió hacer en línea, en todo o en parte, ya se hace así."""
    Decision = Tramite.Automatizacion
    por_hacer = Tramite.objects.del_suit().identificados(en).select_related("dependencia")
    por_hacer = por_hacer.filter(automatizacion__in=[Decision.TOTAL, Decision.PARCIAL])
    ya = Q(hoja_publica__grado="total") | Q(hoja_publica__grado="parcial", automatizacion=Decision.PARCIAL)
    return contar(
        "Trámites por automatizar que ya se hacen en línea",
        por_hacer,
        por_hacer.exclude(pk__in=por_hacer.filter(ya).values("pk")),
        nombre_de_tramite,
        "No se ha decidido automatizar ningún trámite.",
        "Ponga el trámite en línea como se decidió y actualice su hoja de vida.",
    )


@regla("racionalizaciones")
def racionalizaciones(criterio: Criterio, en: datetime, *, minimo: Positivo = 1) -> Veredicto:
    """Hay acciones públicas de racionalización de trámites."""
    acciones = Racionalizacion.objects.filter(publica=True).select_related("tramite__dependencia")
    cuantas = acciones.count()
    if cuantas >= minimo:
        cuales = nombrar((nombre_de_tramite(a.tramite) for a in acciones[:SE_NOMBRAN]), cuantas)
        return cumple(f"Hay {cuantas} acciones de racionalización: {cuales}.")
    return falla(
        f"Hay {cuantas} acciones de racionalización publicadas de {minimo} que se piden.",
        "Registre qué trámite se simplifica: cómo era, cómo queda, para cuándo y quién responde.",
        en_parte=bool(cuantas),
    )


@regla("situaciones-con-tramites")
def situaciones_con_tramites(criterio: Criterio, en: datetime, *, minimo: Positivo = 1) -> Veredicto:
    """Hay situaciones de vida que llevan a trámites publicados."""
    publicos = Tramite.objects.publicos().filter(en_situaciones__situacion=OuterRef("pk"))
    situaciones = SituacionDeVida.objects.filter(Exists(publicos))
    cuantas = situaciones.count()
    if cuantas >= minimo:
        return cumple(f"Hay {cuantas}: {nombrar((f'«{s}»' for s in situaciones[:SE_NOMBRAN]), cuantas)}.")
    return falla(
        f"Hay {cuantas} situaciones de vida con trámites publicados de {minimo} que se piden.",
        "Publique los trámites de las situaciones de vida, o póngalos en ellas.",
        en_parte=bool(cuantas),
    )
