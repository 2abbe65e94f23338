"""Two hojas de vida side by side: field by field, norm by norm and action by action, in plain Spanish."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, TypeVar

from django.utils.formats import date_format

from tramites.estructural import tiempo_legible, vigencia_legible
from tramites.models import Accion, Fundamento, HojaDeVida, Momento

T = TypeVar("T")
#: How alike two parts must be to be told as one that changed, and not as one removed and another added.
PARECIDO = 0.6

#: The sections of the SUIT form, in its order.
SECCIONES = {
    "descripcion": "Descripción",
    "fundamento": "Fundamento legal",
    "ejecucion": "Información de ejecución",
    "dirigido": "Dirigido a",
    "necesita": "Qué se necesita",
    "seguimiento": "Medio de seguimiento",
    "adicional": "Información adicional",
    "cambio": "Sobre este cambio",
}
Medio = HojaDeVida.Medio


def _medios(codigos: Sequence[str]) -> str:
    return ", ".join(str(Medio(codigo).label).lower() for codigo in codigos)


def _nombres(objetos: Any) -> str:
    return "; ".join(str(objeto) for objeto in objetos)


def _fechas(hoja: HojaDeVida) -> str:
    if hoja.fecha_cualquiera:
        return "cualquier fecha"
    return " ".join(filter(None, [hoja.fecha_limites, hoja.fecha_calendario]))


#: Section → label and how it reads. The key is the name under which `no_aplica` keeps its reason.
_CAMPOS: dict[str, dict[str, tuple[str, Callable[[HojaDeVida], str]]]] = {
    "descripcion": {
        "nombre": ("Nombre", lambda hoja: hoja.nombre),
        "nombre_estandarizado": ("Nombre estandarizado", lambda hoja: hoja.nombre_estandarizado),
        "palabras_clave": ("También se conoce como", lambda hoja: "; ".join(hoja.palabras_clave)),
        "tematica": ("Clase temática", lambda hoja: str(hoja.tematica or "")),
        "dependencia": ("Dependencia responsable", lambda hoja: str(hoja.dependencia)),
        "descripcion": ("En qué consiste", lambda hoja: hoja.descripcion),
        "resultado": ("Qué se obtiene", lambda hoja: hoja.resultado),
        "vigencia_unidad": ("El resultado vence", vigencia_legible),
        "medios_entrega": ("Cómo se recibe el resultado", lambda hoja: _medios(hoja.medios_entrega)),
    },
    "ejecucion": {
        "tiempo": ("Tiempo de respuesta", tiempo_legible),
        "tiempo_observaciones": ("Observaciones del tiempo", lambda hoja: hoja.tiempo_observaciones),
        "fecha_cualquiera": ("En qué fechas se puede hacer", _fechas),
        "puntos": ("Puntos de atención", lambda hoja: _nombres(hoja.puntos.all())),
        "grado": ("Grado en línea", lambda hoja: hoja.get_grado_display()),
        "url_en_linea": ("Dirección para hacerlo en línea", lambda hoja: hoja.url_en_linea),
        "url_manual": ("Dirección del manual", lambda hoja: hoja.url_manual),
    },
    "dirigido": {"audiencias": ("A quién va dirigido", lambda hoja: _nombres(hoja.audiencias.all()))},
    "seguimiento": {
        "seguimiento": ("Cómo se le hace seguimiento", lambda hoja: _medios(hoja.seguimiento)),
        "seguimiento_detalle": ("Detalle del seguimiento", lambda hoja: hoja.seguimiento_detalle),
    },
    "adicional": {
        "informacion_adicional": ("Información adicional", lambda hoja: hoja.informacion_adicional)
    },
    "cambio": {
        "nota_de_cambio": ("Qué cambió", lambda hoja: hoja.nota_de_cambio),
        "acto_soporte": ("Acto que soporta el cambio", lambda hoja: hoja.acto_soporte),
        "acto_soporte_archivo": ("Archivo del acto", lambda hoja: hoja.acto_soporte_sha256),
    },
}


@dataclass(frozen=True)
class Trozo:
    """Some words that stayed («igual»), went («quitado») or came («agregado»)."""

    clase: str
    texto: str


@dataclass(frozen=True)
class Diferencia:
    """What one hoja says somewhere and the other one does not."""

    seccion: str
    donde: str
    antes: str
    ahora: str

    @property
    def trozos(self) -> list[Trozo]:
        return palabra_por_palabra(self.antes, self.ahora)


@dataclass
class Seccion:
    """A section as it is read: its fields with something to say, and its parts."""

    clave: str
    titulo: str
    campos: list[tuple[str, str]] = field(default_factory=list)
    fundamentos: list[Fundamento] = field(default_factory=list)
    momentos: list[tuple[Momento, list[tuple[Accion, list[tuple[str, str]]]]]] = field(default_factory=list)


# --- How each thing reads -----------------------------------------------------------------------
def _con_razon(valor: str, razon: str | None) -> str:
    return valor or (f"No aplica: {razon}" if razon else "")


def _campos_de(hoja: HojaDeVida, seccion: str) -> Iterator[tuple[str, str]]:
    for clave, (etiqueta, leer) in _CAMPOS.get(seccion, {}).items():
        yield etiqueta, _con_razon(leer(hoja), hoja.no_aplica.get(clave))
    if seccion == "fundamento" and not hoja.fundamentos.all():
        yield "Fundamento legal", _con_razon("", hoja.no_aplica.get("fundamentos"))


def campos_de_norma(norma: Fundamento) -> dict[str, str]:
    hasta = norma.vigente_hasta
    return {
        "norma": str(norma),
        "dirección": norma.enlace,
        "vigente hasta": date_format(hasta) if hasta else "",
    }


def campos_de_accion(accion: Accion) -> dict[str, str]:
    """All that the action says, by its label; what it leaves empty is empty."""
    razones = accion.no_aplica
    copias = [f"originales: {accion.originales}"] if accion.originales else []
    copias += [f"copias: {accion.copias}"] if accion.copias else []
    cuenta = [accion.cuenta_tipo, accion.cuenta_numero, accion.cuenta_nombre]
    excepcion = f"sí. {accion.excepcion_cuando}".strip() if accion.es_excepcion else ""
    return {
        "clase": accion.get_tipo_display(),
        "descripción": accion.descripcion,
        "anotación": accion.nota,
        "originales y copias": ", ".join(copias),
        "solo para": _nombres(accion.audiencias.all()),
        "excepción": excepcion,
        "norma que lo exige": _con_razon(str(accion.fundamento or ""), razones.get("fundamento")),
        "tipo de valor": accion.get_valor_tipo_display(),
        "fórmula": _con_razon(accion.formula, razones.get("formula")),
        "cómo se calcula": accion.forma_de_calculo,
        "entidad que recauda": _con_razon(accion.entidad_recaudadora, razones.get("entidad_recaudadora")),
        "cuenta": " · ".join(filter(None, cuenta)),
        "código de recaudo": accion.codigo_recaudo,
        "dirección de internet": _con_razon(accion.enlace, razones.get("enlace")),
        "canal de atención": accion.get_canal_display(),
    }


def leer(hoja: HojaDeVida) -> list[Seccion]:
    """The hoja, read with `enteras()`, in the order of the SUIT form. What is empty is left out."""
    secciones = []
    for clave, titulo in SECCIONES.items():
        seccion = Seccion(clave, titulo, [par for par in _campos_de(hoja, clave) if par[1]])
        if clave == "fundamento":
            seccion.fundamentos = list(hoja.fundamentos.all())
        if clave == "necesita":
            seccion.momentos = [
                (momento, [(accion, _detalles(accion)) for accion in momento.acciones.all()])
                for momento in hoja.momentos.all()
            ]
        secciones.append(seccion)
    return [s for s in secciones if s.campos or s.fundamentos or s.momentos]


def _detalles(accion: Accion) -> list[tuple[str, str]]:
    """What is told of an action below its kind and description."""
    campos = campos_de_accion(accion)
    return [par for par in campos.items() if par[1] and par[0] not in {"clase", "descripción"}]


# --- What changed -------------------------------------------------------------------------------
def comparar(antes: HojaDeVida, ahora: HojaDeVida) -> list[Diferencia]:
    """All that differs, in the order of the form. Both must come from `enteras()`."""
    return [diferencia for clave in SECCIONES for diferencia in _de_la_seccion(clave, antes, ahora)]


def _de_la_seccion(clave: str, antes: HojaDeVida, ahora: HojaDeVida) -> Iterator[Diferencia]:
    viejos, nuevos = dict(_campos_de(antes, clave)), dict(_campos_de(ahora, clave))
    for etiqueta in viejos | nuevos:
        viejo, nuevo = viejos.get(etiqueta, ""), nuevos.get(etiqueta, "")
        if viejo != nuevo:
            yield Diferencia(clave, etiqueta, viejo, nuevo)
    if clave == "fundamento":
        normas = list(antes.fundamentos.all()), list(ahora.fundamentos.all())
        yield from _de_las_partes(clave, "Norma", *normas, campos_de_norma)
    if clave == "necesita":
        yield from _de_los_momentos(list(antes.momentos.all()), list(ahora.momentos.all()))


def _de_los_momentos(antes: list[Momento], ahora: list[Momento]) -> Iterator[Diferencia]:
    """Actions are looked for in every momento: one may have gone from a momento to another."""
    yield from _de_las_partes("necesita", "Momento", antes, ahora, lambda m: {"qué se hace": str(m)})
    rotulos: dict[int, str] = {}
    for viejo, nuevo in emparejar(antes, ahora, str):
        for momento in filter(None, (viejo, nuevo)):
            rotulos[momento.pk] = str(nuevo or viejo)

    def campos(accion: Accion) -> dict[str, str]:
        return campos_de_accion(accion) | {"momento": rotulos[accion.momento_id]}

    viejas, nuevas = ([a for m in momentos for a in m.acciones.all()] for momentos in (antes, ahora))
    yield from _de_las_partes("necesita", "Acción", viejas, nuevas, campos)


def _de_las_partes(
    seccion: str, que: str, viejas: list[T], nuevas: list[T], campos: Callable[[T], dict[str, str]]
) -> Iterator[Diferencia]:
    """What changed in each part, which came or went and, last, whether they are in another order."""
    pares = emparejar(viejas, nuevas, str)
    for vieja, nueva in pares:
        antes = campos(vieja) if vieja is not None else {}
        ahora = campos(nueva) if nueva is not None else {}
        if not (antes and ahora):
            verbo = "se agrega" if ahora else "se quita"
            yield Diferencia(seccion, f"{que}: {verbo}", _de_corrido(antes), _de_corrido(ahora))
            continue
        for etiqueta in antes:
            if antes[etiqueta] != ahora[etiqueta]:
                yield Diferencia(seccion, f"{que} «{nueva}»: {etiqueta}", antes[etiqueta], ahora[etiqueta])
    yield from _del_orden(seccion, que, [par for par in pares if None not in par], viejas, campos)


def _del_orden(seccion: str, que: str, pares: list, viejas: list, campos: Callable) -> Iterator[Diferencia]:
    """Parts that stayed in the same momento, if they are now in another order."""
    quietas = defaultdict(list)
    for vieja, nueva in pares:
        donde = campos(nueva).get("momento")
        if donde == campos(vieja).get("momento"):
            quietas[donde].append(vieja)
    for donde, ahora in quietas.items():
        antes = sorted(ahora, key=viejas.index)
        if antes != ahora:
            titulo = f"{que}: orden" + (f" en «{donde}»" if donde else "")
            yield Diferencia(seccion, titulo, _nombres(antes), _nombres(ahora))


def _de_corrido(campos: dict[str, str]) -> str:
    return "; ".join(f"{etiqueta}: {valor}" for etiqueta, valor in campos.items() if valor)


def emparejar(viejas: list[T], nuevas: list[T], texto: Callable[[T], str]) -> list[tuple[T | None, T | None]]:
    """Each part with the one it comes from: the same text first, then the most alike.

    In the order of the new ones, each one that went after what came before it; None where there is no other.
    """
    libres, origen = set(range(len(viejas))), {}
    for n, nueva in enumerate(nuevas):
        igual = next((v for v in sorted(libres) if texto(viejas[v]) == texto(nueva)), None)
        if igual is not None:
            origen[n] = igual
            libres.remove(igual)
    huerfanas = [n for n in range(len(nuevas)) if n not in origen]
    cercanas = sorted(
        (-_parecido(texto(viejas[v]), texto(nuevas[n])), n, v) for v in libres for n in huerfanas
    )
    for menos_parecido, n, v in cercanas:
        if v in libres and n not in origen and -menos_parecido >= PARECIDO:
            origen[n] = v
            libres.remove(v)
    pares: list[tuple[T | None, T | None]] = []
    ultima = -1
    for n, nueva in enumerate(nuevas):
        if n not in origen:
            pares.append((None, nueva))
            continue
        pares += [(viejas[ida], None) for ida in sorted(libres) if ultima < ida < origen[n]]
        libres -= set(range(ultima + 1, origen[n]))
        ultima = max(ultima, origen[n])
        pares.append((viejas[origen[n]], nueva))
    return pares + [(viejas[ida], None) for ida in sorted(libres)]


def _parecido(uno: str, otro: str) -> float:
    comparador = SequenceMatcher(None, uno, otro, autojunk=False)
    return comparador.ratio() if comparador.quick_ratio() >= PARECIDO else 0.0


def palabra_por_palabra(antes: str, ahora: str) -> list[Trozo]:
    """Both texts as one, told apart word by word."""
    viejas, nuevas = antes.split(), ahora.split()
    trozos = []
    for que, i, j, k, m in SequenceMatcher(None, viejas, nuevas, autojunk=False).get_opcodes():
        if que == "equal":
            trozos.append(Trozo("igual", " ".join(nuevas[k:m])))
            continue
        if i < j:
            trozos.append(Trozo("quitado", " ".join(viejas[i:j])))
        if k < m:
            trozos.append(Trozo("agregado", " ".join(nuevas[k:m])))
    return trozos
