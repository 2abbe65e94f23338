"""Two texts of a publication side by side, and all that ever happened to it in one line of time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from portal.flujo_editorial import ENVIOS
from portal.models import (
    Actualizacion,
    Adjunto,
    Autorizacion,
    EnlaceDeLectura,
    ObservacionDeLector,
    Paso,
    Publicacion,
    Version,
)
from portal.redaccion.diferencias import (
    BloqueComparado,
    cambio_entero,
    comparar_cuerpos,
    comparar_palabras,
)
from portal.saneado import CuerpoField, LineaField, solo_texto

VACIO = "(vacío)"
#: What is told of a file when it changed, in this order.
_DEL_ADJUNTO = ("titulo", "alt", "orden", "foco")
#: Steps that leave an act.
AUTORIZAN = ("autorizar", "autorizar_urgente")
#: States to which a step takes a text when what the public reads changes.
CAMBIAN_EL_SITIO = (Version.Estado.PUBLICADA, Version.Estado.RETIRADA)


# --- Two texts ----------------------------------------------------------------------------------
@dataclass(frozen=True)
class CampoComparado:
    """A field on both sides, as people read it. `bloques` tells the change; `aviso` how it was compared."""

    nombre: str
    rotulo: str
    antes: str
    despues: str
    cambio: bool
    bloques: list[BloqueComparado] = field(default_factory=list)
    aviso: str = ""

    @property
    def diferencia(self) -> SafeString:
        """The change as HTML, without the names of its blocks."""
        return format_html_join(" ", "{}", ([bloque.html] for bloque in self.bloques))

    @property
    def tramos(self) -> list[tuple[bool, list[BloqueComparado]]]:
        """Runs of blocks that changed, or that did not: the page folds the latter."""
        grupos = groupby(self.bloques, lambda bloque: bool(bloque.cambio))
        return [(cambio, list(bloques)) for cambio, bloques in grupos]


def comparar(antes: Version, despues: Version) -> list[CampoComparado]:
    """Every field of both texts that one of them has, and their files. Two queries."""
    campos = comparar_datos(
        {campo: getattr(antes, campo) for campo in Version.CONTENIDO},
        {campo: getattr(despues, campo) for campo in Version.CONTENIDO},
    )
    archivos = comparar_adjuntos(list(antes.adjuntos.all()), list(despues.adjuntos.all()))
    return campos + ([archivos] if archivos.bloques else [])


def comparar_datos(antes: Mapping[str, Any], despues: Mapping[str, Any]) -> list[CampoComparado]:
    """The same for values that are in no row yet: those of `Version.CONTENIDO` that both sides have."""
    comparados = [
        _comparar_campo(Version._meta.get_field(campo), antes[campo], despues[campo])
        for campo in Version.CONTENIDO
        if campo in antes and campo in despues
    ]
    return [campo for campo in comparados if campo.antes or campo.despues]


def _comparar_campo(campo: Any, viejo: Any, nuevo: Any) -> CampoComparado:
    if isinstance(campo, CuerpoField):
        viejo, nuevo = campo.to_python(viejo or ""), campo.to_python(nuevo or "")
        bloques, aviso = comparar_cuerpos(viejo, nuevo)
        return _campo(campo, solo_texto(viejo), solo_texto(nuevo), viejo != nuevo, bloques, aviso)
    antes, despues = _legible(campo, viejo), _legible(campo, nuevo)
    comparar_valor = comparar_palabras if isinstance(campo, LineaField) else cambio_entero
    cambio = antes != despues
    html = comparar_valor(antes, despues) if cambio else format_html_join("", "{}", [[despues]])
    return _campo(campo, antes, despues, cambio, [BloqueComparado("cambiado" if cambio else "", "", html)])


def _campo(campo: Any, antes, despues, cambio, bloques, aviso="") -> CampoComparado:
    rotulo = str(campo.verbose_name).capitalize()
    return CampoComparado(campo.name, rotulo, antes, despues, cambio, bloques, aviso)


def _legible(campo: Any, valor: Any) -> str:
    """The value as people read it; what could not be understood, as it was typed."""
    if isinstance(campo, models.BooleanField):
        return "Sí" if valor in {True, "on", "True"} else ""
    if isinstance(valor, datetime):
        return date_format(timezone.localtime(valor), r"j \d\e F \d\e Y, H:i").lower()
    if isinstance(valor, date):
        return date_format(valor, r"j \d\e F \d\e Y").lower()
    return str(dict(campo.flatchoices).get(valor, valor) or "")


def comparar_adjuntos(antes: list[Adjunto], despues: list[Adjunto]) -> CampoComparado:
    """The files: which came, which went, and what changed of those that stayed.

    One is the same by its content (SHA-256); or else, with another content, by its title.
    """
    libres = list(antes)
    parejas: list[tuple[Adjunto | None, Adjunto]] = []
    for nuevo in despues:
        viejo = next((v for v in libres if v.sha256 == nuevo.sha256), None)
        parejas.append((viejo, nuevo))
        if viejo:
            libres.remove(viejo)
    for n, (viejo, nuevo) in enumerate(parejas):
        if viejo is None and (otro := next((v for v in libres if v.titulo == nuevo.titulo), None)):
            parejas[n] = (otro, nuevo)
            libres.remove(otro)
    bloques = [_comparar_adjunto(viejo, nuevo) for viejo, nuevo in parejas]
    bloques += [
        BloqueComparado("quitado", _clase_de(viejo), cambio_entero(_descrito(viejo), "")) for viejo in libres
    ]
    cambio = any(bloque.cambio for bloque in bloques)
    listas = ["; ".join(_descrito(adjunto) for adjunto in lado) for lado in (antes, despues)]
    return CampoComparado("adjuntos", "Archivos e imágenes", listas[0], listas[1], cambio, bloques)


def _clase_de(adjunto: Adjunto) -> str:
    return "Imagen" if adjunto.es_imagen else "Archivo"


def _descrito(adjunto: Adjunto) -> str:
    return f"{adjunto.titulo} ({adjunto.nombre}, {adjunto.peso})"


def _comparar_adjunto(viejo: Adjunto | None, nuevo: Adjunto) -> BloqueComparado:
    descrito = _descrito(nuevo)
    if viejo is None:
        return BloqueComparado("agregado", _clase_de(nuevo), cambio_entero("", descrito))
    notas = []
    if viejo.sha256 != nuevo.sha256:
        notas.append(
            f"Es otro archivo: antes {viejo.nombre} ({viejo.peso}), ahora {nuevo.nombre} ({nuevo.peso})."
        )
    elif viejo.nombre != nuevo.nombre:
        notas.append(f"El archivo se llamaba {viejo.nombre} y ahora se llama {nuevo.nombre}.")
    for campo in map(Adjunto._meta.get_field, _DEL_ADJUNTO):
        eran, son = (_legible(campo, getattr(adjunto, campo.name)) for adjunto in (viejo, nuevo))
        if eran != son:
            rotulo = str(campo.verbose_name).capitalize()  # type: ignore[union-attr]
            notas.append(f"{rotulo}: antes «{eran or VACIO}», ahora «{son or VACIO}».")
    html = format_html_join("", "{}", [[descrito]])
    return BloqueComparado("cambiado" if notas else "", _clase_de(nuevo), html, tuple(notas))


# --- All that happened --------------------------------------------------------------------------
@dataclass(frozen=True)
class Momento:
    """Something that happened to the publication: when, what, who (with post where it is known) and why."""

    en: datetime
    que: str
    quien: str
    cargo: str = ""
    texto: int | None = None
    porque: str = ""
    huella: str = ""


def linea_de_tiempo(publicacion: Publicacion) -> list[Momento]:
    """From first to last. Four queries, whatever the publication went through."""
    actualizaciones = publicacion.actualizaciones.select_related("por", "version")
    sueltas = {(fila.version_id, fila.en): fila for fila in actualizaciones}
    momentos = [
        *_pasos(publicacion, sueltas),
        *_enlaces(publicacion),
        *_observaciones(publicacion),
    ]
    for fila in sueltas.values():
        numero = fila.version.numero if fila.version else None
        momentos.append(Momento(fila.en, fila.get_clase_display(), _quien(fila.por), texto=numero))
    return sorted(momentos, key=lambda momento: momento.en)


def _quien(persona) -> str:
    return str(persona) if persona else "El sistema"


def _pasos(
    publicacion: Publicacion, actualizaciones: dict[tuple[int | None, datetime], Actualizacion]
) -> list[Momento]:
    """The steps of every text. Those that changed the site take what was counted out of `actualizaciones`."""
    pasos = Paso.objects.filter(version__publicacion=publicacion).select_related(
        "por", "version__enviada_como", "version__autorizacion__cargo"
    )
    momentos = []
    for paso in pasos:
        sale = paso.a in CAMBIAN_EL_SITIO and paso.de != paso.a
        contada = actualizaciones.pop((paso.version_id, paso.en), None) if sale else None
        acto = _acto_de(paso)
        detalles = [
            paso.motivo.rstrip("."),
            f"Autorización {acto}" if acto else "",
            f"Para el público: {contada.get_clase_display().lower()}" if contada else "",
        ]
        momentos.append(
            Momento(
                paso.en,
                paso.etiqueta,
                _quien(paso.por),
                cargo=_cargo_de(paso, acto),
                texto=paso.version.numero,
                porque=". ".join(filter(None, detalles)),
                huella=paso.huella,
            )
        )
    return momentos


def _acto_de(paso: Paso) -> Autorizacion | None:
    acto = getattr(paso.version, "autorizacion", None)
    return acto if acto and paso.accion in AUTORIZAN and acto.en == paso.en else None


def _cargo_de(paso: Paso, acto: Autorizacion | None) -> str:
    """The post by which they acted, where it was written down: who authorises, and who last sent the text."""
    if acto:
        return str(acto.cargo)
    envia = paso.accion in ENVIOS and paso.en == paso.version.enviada_en
    return str(paso.version.enviada_como or "") if envia else ""


def _enlaces(publicacion: Publicacion) -> list[Momento]:
    enlaces = EnlaceDeLectura.objects.filter(version__publicacion=publicacion)
    momentos = []
    for enlace in enlaces.select_related("version", "creado_por", "revocado_por"):
        numero = enlace.version.numero
        hasta = date_format(timezone.localtime(enlace.vence_en), r"j \d\e F \d\e Y").lower()
        porque = f"Para {enlace.para}, hasta el {hasta}"
        momentos.append(
            Momento(
                enlace.creado_en,
                "Dar un enlace de lectura",
                str(enlace.creado_por),
                texto=numero,
                porque=porque,
            )
        )
        if enlace.revocado_en:
            momentos.append(
                Momento(
                    enlace.revocado_en,
                    "Revocar un enlace de lectura",
                    str(enlace.revocado_por),
                    texto=numero,
                    porque=f"El de {enlace.para}",
                )
            )
    return momentos


def _observaciones(publicacion: Publicacion) -> list[Momento]:
    dichas = ObservacionDeLector.objects.filter(enlace__version__publicacion=publicacion)
    return [
        Momento(
            dicha.en,
            "Observación de un lector",
            f"{dicha.firma} (por el enlace de {dicha.enlace.para})",
            texto=dicha.enlace.version.numero,
            porque=dicha.texto,
            huella=dicha.huella,
        )
        for dicha in dichas.select_related("enlace__version")
    ]
