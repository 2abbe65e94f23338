"""The content of a hoja de vida as plain values, `HojaDeVida.contenido()`, put back into a draft."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError

from portal.busqueda import sin_tildes
from portal.flujo import CondicionIncumplida
from portal.models import Dependencia, Usuario
from tramites.flujo import dar_paso
from tramites.hojas import PROPIO_DEL_CAMBIO, editar_hoja
from tramites.models import (
    Accion,
    Audiencia,
    Fundamento,
    HojaDeVida,
    Momento,
    PuntoDeAtencion,
    Tematica,
    Tramite,
)

#: Fields of `contenido()` that are rows of other tables.
_APARTE = ("tematica", "dependencia")
#: Fields of an acción that people find by their name.
_CON_SITIO = ("formula", "forma_de_calculo")
#: What is checked elsewhere: to ask the database for each one of each row would cost as much as writing.
_ENLACES = ("tramite", "tematica", "dependencia", "hoja", "momento", "fundamento")


#: The step that opens a draft, from each state that has none to be changed.
_PARA_ESCRIBIR = {
    Tramite.Estado.SIN_GESTION: "empezar",
    Tramite.Estado.INSCRITO: "actualizar",
    Tramite.Estado.APROBADO: "actualizar",
    Tramite.Estado.NEGADO: "corregir",
}


class ContenidoInvalido(Exception):
    """A field that a hoja de vida does not take. `campo` is its name; the text is for people, in Spanish."""

    def __init__(self, campo: str, razon: str) -> None:
        super().__init__(razon)
        self.campo = campo


class Catalogos:
    """What hojas de vida choose from, read once."""

    @cached_property
    def dependencias(self) -> dict[str, Dependencia]:
        """By name, and by address."""
        todas = list(Dependencia.objects.all())
        return {d.slug: d for d in todas} | {sin_tildes(d.nombre): d for d in todas}

    @cached_property
    def tematicas(self) -> dict[str, Tematica]:
        return {tematica.nombre: tematica for tematica in Tematica.objects.all()}

    @cached_property
    def audiencias(self) -> dict[str, Audiencia]:
        """By address, in the order in which they are shown."""
        return {audiencia.slug: audiencia for audiencia in Audiencia.objects.all()}

    @cached_property
    def puntos(self) -> dict[str, PuntoDeAtencion]:
        return {p.nombre: p for p in PuntoDeAtencion.objects.select_related("dependencia")}


def contenido_vacio() -> dict[str, Any]:
    """What a hoja de vida says before anybody writes in it."""
    vacia = HojaDeVida()
    campos = {campo: getattr(vacia, campo) for campo in HojaDeVida.CONTENIDO if campo not in _APARTE}
    partes: dict[str, list] = {"puntos": [], "audiencias": [], "fundamentos": [], "momentos": []}
    return campos | {"tematica": "", "dependencia": ""} | partes


def escribir_en_borrador(
    tramite: Tramite,
    hoja: HojaDeVida | None,
    contenido: dict[str, Any],
    *,
    por: Usuario,
    catalogos: Catalogos,
) -> None:
    """Put `contenido`, which comes from `hoja`, in the draft of the trámite, opening one by the flow.

    Raises ContenidoInvalido, or TransicionRechazada: no right to it, not a moment to change it, or somebody
    saved the draft since `hoja` was read.
    """
    if hoja is not None and hoja.editable and tramite.en_escritura:
        borrador, revision = hoja, hoja.revision
    else:
        paso = _PARA_ESCRIBIR.get(Tramite.Estado(tramite.estado))
        if paso is None:
            estado = tramite.get_estado_display().lower()
            raise CondicionIncumplida(f"Está en el estado «{estado}» y no admite cambios.")
        borrador, revision = dar_paso(paso, tramite, por=por).hoja_abierta(), None
        propios = set(PROPIO_DEL_CAMBIO) & contenido.keys()
        contenido = contenido | {campo: getattr(borrador, campo) for campo in propios}
    with editar_hoja(borrador, por=por, revision=revision) as fila:
        poner_contenido(fila, contenido, catalogos)


def poner_contenido(hoja: HojaDeVida, contenido: dict[str, Any], catalogos: Catalogos) -> None:
    """Save in the draft `hoja` what `contenido` says. Raises ContenidoInvalido, on the field that is wrong.

    What a person does it goes inside `editar_hoja`; the parts are written only when they changed.
    """
    antes = hoja.contenido() if hoja.pk else contenido_vacio()
    for campo in HojaDeVida.CONTENIDO:
        if campo not in _APARTE:
            setattr(hoja, campo, contenido[campo])
    hoja.tematica = _elegir(catalogos.tematicas, contenido["tematica"], "tematica", "clase temática")
    dependencia = sin_tildes(contenido["dependencia"])
    hoja.dependencia = _elegir(catalogos.dependencias, dependencia, "dependencia", "dependencia")
    if hoja.dependencia is None:
        raise ContenidoInvalido("dependencia", "no puede estar vacía.")
    puntos = [_elegir(catalogos.puntos, p, "puntos", "punto de atención") for p in contenido["puntos"]]
    audiencias = _audiencias(contenido["audiencias"], catalogos)
    _exigir(hoja)
    hoja.save()
    hoja.puntos.set(puntos)
    hoja.audiencias.set(audiencias)
    partes = ("fundamentos", "momentos")
    if any(contenido[parte] != antes[parte] for parte in partes):
        _poner_partes(hoja, contenido, catalogos)


def _elegir(filas: dict[str, Any], clave: str, campo: str, que: str) -> Any:
    if not clave:
        return None
    if clave not in filas:
        raise ContenidoInvalido(campo, f"no hay {que} «{clave}».")
    return filas[clave]


def _audiencias(slugs: list[str], catalogos: Catalogos) -> list[Audiencia]:
    return [_elegir(catalogos.audiencias, slug, "audiencias", "audiencia") for slug in slugs]


def _exigir(fila: Any, donde: str = "") -> None:
    """Raise ContenidoInvalido when the model does not take the values."""
    campos = {campo.name for campo in fila._meta.concrete_fields}
    try:
        fila.clean_fields(exclude={*_ENLACES, "no_aplica"} & campos)
        if isinstance(fila, HojaDeVida):
            fila.clean()
    except ValidationError as error:
        campo, mensajes = next(iter(error.message_dict.items()))
        raise ContenidoInvalido(campo, f"{donde}{' '.join(mensajes)}") from error


def _poner_partes(hoja: HojaDeVida, contenido: dict[str, Any], catalogos: Catalogos) -> None:
    """Write the norms, momentos and acciones anew: one query a table, however many there are."""
    hoja.fundamentos.all().delete()
    hoja.momentos.all().delete()
    normas = [Fundamento(hoja=hoja, orden=n, **norma) for n, norma in enumerate(contenido["fundamentos"])]
    for n, norma in enumerate(normas, 1):
        _exigir_parte(norma, "fundamentos", f"norma {n}: ")
    momentos = [
        Momento(hoja=hoja, orden=n, descripcion=momento["descripcion"])
        for n, momento in enumerate(contenido["momentos"])
    ]
    for n, momento in enumerate(momentos, 1):
        _exigir_parte(momento, "momentos", f"paso {n}: ")
    Fundamento.objects.bulk_create(normas)
    Momento.objects.bulk_create(momentos)
    citadas = {str(norma): norma for norma in reversed(normas)}
    acciones, publicos = [], []
    for m, (momento, dicho) in enumerate(zip(momentos, contenido["momentos"], strict=True), 1):
        for orden, dicha in enumerate(dicho["acciones"]):
            accion = Accion(
                momento=momento,
                orden=orden,
                fundamento=citadas.get(dicha["fundamento"]),
                **{campo: dicha[campo] for campo in Accion.CAMPOS},
            )
            _exigir_parte(accion, "acciones", f"acción {orden + 1} del paso {m}: ")
            acciones.append(accion)
            publicos.append(_audiencias(dicha["audiencias"], catalogos))
    Accion.objects.bulk_create(acciones)
    Accion.audiencias.through.objects.bulk_create(
        Accion.audiencias.through(accion=accion, audiencia=audiencia)
        for accion, audiencias in zip(acciones, publicos, strict=True)
        for audiencia in audiencias
    )


def _exigir_parte(fila: Any, parte: str, donde: str) -> None:
    """As `_exigir`, telling the part rather than its field, but for those that have a place of their own."""
    try:
        _exigir(fila, donde)
    except ContenidoInvalido as error:
        campo = error.campo if error.campo in _CON_SITIO else parte
        raise ContenidoInvalido(campo, str(error)) from error
