"""Rules on how the alcaldía is organised: its data, offices, channels and committee."""

from collections.abc import Sequence
from datetime import datetime
from functools import reduce
from operator import or_
from typing import Literal

from django.db.models import Exists, OuterRef, Q

from conectividad.mes import Mes
from conectividad.models import CierreMensual, Enlace
from portal.models import Asignacion, Canal, Dependencia, Municipio, Publicacion, Titularidad
from seguimiento.models import Criterio, Miembro
from seguimiento.paginas import Pagina, lector
from seguimiento.parametros import UnCampo, UnCanal
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import Veredicto, contar, cumple, falla, nombrar


@regla("municipio-tiene")
def municipio_tiene(
    criterio: Criterio, en: datetime, *, campos: Sequence[UnCampo], contiene: str = ""
) -> Veredicto:
    """Los datos del municipio están escritos, alguien los confirmó y la portada los muestra.

    With `contiene`, each must have it: «+57» of a telephone, «.gov.co» of an address.
    """
    municipio = Municipio.objects.first() or Municipio()
    portada = lector().leer("/")
    reparos = [r for campo in campos if (r := _reparo_del_dato(municipio, campo, contiene, portada))]
    nombres = nombrar(_nombre_del_campo(campo) for campo in campos)
    if not reparos:
        return cumple(f"La portada muestra: {nombres}.")
    solo_falta_confirmar = all(reparo.endswith("por confirmar") for reparo in reparos)
    return falla(
        f"Datos del municipio: {nombrar(reparos)}.",
        "Confírmelo en los datos del municipio."
        if solo_falta_confirmar
        else f"Escriba y confirme: {nombres}.",
        en_parte=solo_falta_confirmar or len(reparos) < len(campos),
    )


def _nombre_del_campo(campo: str) -> str:
    return str(getattr(Municipio._meta.get_field(campo), "verbose_name", campo))


def _reparo_del_dato(municipio: Municipio, campo: str, contiene: str, portada: Pagina) -> str:
    """What is wrong with that field, or ""."""
    nombre, valor = _nombre_del_campo(campo), getattr(municipio, campo)
    if not valor:
        return f"falta {nombre}"
    if contiene not in str(valor):
        return f"{nombre} ({valor}) no tiene «{contiene}»"
    if campo == "escudo":
        imagenes = {imagen.get("src") for imagen in portada.partes.imagenes}
        return "" if "/escudo/" in imagenes else f"la portada no muestra {nombre}"
    if " ".join(str(valor).split()) not in portada.texto():
        return f"la portada no muestra {nombre}"
    return f"{nombre} por confirmar" if campo in municipio.por_confirmar else ""


@regla("dependencias-tienen")
def dependencias_tienen(
    criterio: Criterio,
    en: datetime,
    *,
    datos: Sequence[Literal["persona", "correo", "telefono", "direccion", "horario", "descripcion"]],
    canales: Sequence[UnCanal] = (),
) -> Veredicto:
    """Cada dependencia activa, o las que responden por lo publicado en unos canales, tiene datos propios."""
    todas = Dependencia.objects.filter(activa=True)
    if canales:
        suyas = Publicacion.objects.publicadas().filter(canal__slug__in=canales)
        todas = todas.filter(pk__in=suyas.values("dependencia"))
    ocupados = Titularidad.objects.vigentes(en).filter(cargo__dependencia=OuterRef("pk"), cargo__activo=True)
    falta = {"persona": ~Exists(ocupados)}
    sin = reduce(or_, (falta[dato] if dato in falta else Q(**{dato: ""}) for dato in datos))
    nombres = {"telefono": "teléfono", "direccion": "dirección", "descripcion": "descripción"}
    que = nombrar(nombres.get(dato, dato) for dato in datos)
    return contar(
        f"Dependencias con {que}",
        todas,
        todas.filter(sin),
        lambda dependencia: f"«{dependencia}»",
        "Ninguna dependencia responde por publicaciones de esos canales."
        if canales
        else "No hay dependencias.",
        f"Complete en cada dependencia: {que}.",
    )


@regla("canales-con-responsable")
def canales_con_responsable(criterio: Criterio, en: datetime) -> Veredicto:
    """Cada canal público tiene quién lo escriba y quién lo autorice, con una persona en el cargo hoy."""

    def ocupado(funcion: str) -> Exists:
        asignadas = Asignacion.objects.filter(canal=OuterRef("pk"), funcion=funcion, cargo__activo=True)
        vigentes = Titularidad.objects.vigentes(en).filter(persona__is_active=True)
        return Exists(asignadas.filter(cargo__in=vigentes.values("cargo")))

    publicos = Canal.objects.publicos().select_related("dependencia")
    con_textos = publicos.exclude(tipos=[])  # the others write themselves
    return contar(
        "Canales con quien escribe y quien autoriza",
        con_textos,
        con_textos.exclude(ocupado(Asignacion.Funcion.AUTOR), ocupado(Asignacion.Funcion.AUTORIZA)),
        lambda canal: f"«{canal.nombre}» ({canal.dependencia})",
        "No hay canales públicos.",
        "Asigne un cargo en la matriz de actualización, o registre quién lo ocupa.",
    )


@regla("comite-con")
def comite_con(
    criterio: Criterio, en: datetime, *, representan: Sequence[Literal["alcaldia", "concejo", "comunidad"]]
) -> Veredicto:
    """El comité del plan vigente tiene miembros de cada parte."""
    miembros = Miembro.objects.filter(plan__vigente=True, representa__in=representan)
    hay = set(miembros.values_list("representa", flat=True))
    faltan = [Miembro.Representa(parte).label.lower() for parte in representan if parte not in hay]
    if not faltan:
        return cumple(f"En el comité están {nombrar(m.cargo_firmado for m in miembros)}.")
    quienes = nombrar(faltan)
    return falla(
        f"El comité del plan vigente no tiene a nadie por: {quienes}.",
        f"Registre en el plan a quien representa a: {quienes}.",
        en_parte=bool(hay),
    )


@regla("conectividad-cerrada")
def conectividad_cerrada(criterio: Criterio, en: datetime) -> Veredicto:
    """El mes anterior de cada enlace a internet está contado, cerrado y firmado.

    The plan's sixth action, «Registro de inconvenientes de conectividad».
    """
    mes = Mes.de(en).anterior
    enlaces = Enlace.objects.activos()
    cerrados = CierreMensual.objects.filter(enlace=OuterRef("pk"), anio=mes.anio, mes=mes.mes)
    return contar(
        f"Cierre de {mes} firmado",
        enlaces,
        enlaces.exclude(Exists(cerrados)),
        str,
        "No hay enlaces a internet registrados.",
        f"Cierre y firme {mes} en la bitácora de conectividad.",
    )
