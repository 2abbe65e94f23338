"""What the public reads of a trámite, for machines. The names of the fields are a promise: see
docs/datos-de-tramites.md, which tells each of them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.urls import reverse

from portal.models import Municipio
from portal.sitio import Sitio
from tramites.ficha import Ficha, Pago
from tramites.models import Accion, Audiencia, Fundamento, HojaDeVida, PuntoDeAtencion, Tramite

LICENCIA = {
    "nombre": "Datos abiertos: uso libre, citando la fuente",
    "norma": "Ley 1712 de 2014",
}


class Direcciones:
    """Whole addresses of the site that serves the data."""

    def __init__(self, raiz: str) -> None:
        self.raiz = raiz.rstrip("/")

    def __call__(self, ruta: str) -> str:
        return f"{self.raiz}{ruta}"

    def datos(self, tramite: Tramite) -> str:
        return self(reverse("tramites:tramite_json", args=[tramite.slug]))


def procedencia(sitio: Sitio, url: Direcciones) -> dict[str, Any]:
    """Who publishes the data, under what terms and how fresh they are."""
    municipio = sitio.municipio
    return {
        "fuente": {
            "entidad": municipio.nombre_entidad,
            "municipio": municipio.nombre,
            "departamento": municipio.departamento,
            "divipola": municipio.divipola,
            "url": url(reverse("tramites:tramites")),
        },
        "licencia": LICENCIA,
        "actualizado_en": sitio.actualizado_en,
    }


def para_el_listado() -> QuerySet[Tramite]:
    """The public trámites, with all that `resumen` reads, in two queries."""
    pagos = Accion.objects.filter(momento__hoja=OuterRef("hoja_publica"), tipo=Accion.Tipo.PAGO)
    return (
        Tramite.objects.publicos()
        .select_related("hoja_publica__tematica", "hoja_publica__dependencia")
        .prefetch_related(Prefetch("hoja_publica__audiencias", Audiencia.objects.select_related("grupo")))
        .annotate(con_costo=Exists(pagos))
        .order_by("codigo")
    )


def resumen(tramite: Tramite, hoja: HojaDeVida, *, gratuito: bool, url: Direcciones) -> dict[str, Any]:
    """A trámite as the list tells it; the first fields of its own page."""
    return {
        "codigo": tramite.codigo,
        "numero_suit": tramite.numero_suit if tramite.inscrito_en else None,
        "nombre": hoja.nombre,
        "tipo": tramite.tipo,
        "descripcion": hoja.descripcion,
        "tambien_se_conoce_como": hoja.palabras_clave,
        "clase_tematica": hoja.tematica.nombre if hoja.tematica else None,
        "dependencia": {
            "nombre": hoja.dependencia.nombre,
            "url": url(hoja.dependencia.get_absolute_url()),
        },
        "dirigido_a": [_audiencia(audiencia) for audiencia in hoja.audiencias.all()],
        "gratuito": gratuito,
        "tiempo": {
            "inmediato": hoja.tiempo_inmediato,
            "cantidad": hoja.tiempo_cantidad,
            "unidad": hoja.tiempo_unidad if hoja.tiempo_cantidad else None,
            "observaciones": hoja.tiempo_observaciones,
        },
        "grado_en_linea": hoja.grado or None,
        "publicado_en": tramite.publicado_en,
        "revisado_en": tramite.revisado_en,
        "por_confirmar": sorted(tramite.por_confirmar),
        "url": url(tramite.get_absolute_url()),
        "url_corta": url(reverse("tramites:corta", args=[tramite.palabra])) if tramite.palabra else None,
        "datos": url.datos(tramite),
    }


def detalle(ficha: Ficha, municipio: Municipio, url: Direcciones) -> dict[str, Any]:
    """All that the page of the trámite says."""
    tramite, hoja = ficha.tramite, ficha.hoja
    return resumen(tramite, hoja, gratuito=hoja.gratuito, url=url) | {
        "nombre_estandarizado": hoja.nombre_estandarizado,
        "resultado": hoja.resultado,
        "vigencia": {"cantidad": hoja.vigencia_cantidad, "unidad": hoja.vigencia_unidad or None},
        "medios_de_entrega": hoja.medios_entrega,
        "fechas": {
            "cualquiera": hoja.fecha_cualquiera,
            "limites": hoja.fecha_limites,
            "calendario": hoja.fecha_calendario or None,
        },
        "en_linea": url(ficha.se_solicita_en) if ficha.se_solicita_en else hoja.url_en_linea or None,
        "manual": hoja.url_manual or None,
        "puntos_de_atencion": [_punto(punto, municipio) for punto in ficha.puntos],
        "momentos": [
            {
                "orden": orden,
                "descripcion": paso.momento.descripcion,
                "acciones": _acciones(paso.acciones, {pago.accion.pk: pago for pago in ficha.pagos}),
            }
            for orden, paso in enumerate(ficha.pasos, 1)
        ],
        "seguimiento": {"medios": hoja.seguimiento, "detalle": hoja.seguimiento_detalle},
        "informacion_adicional": hoja.informacion_adicional,
        "no_aplica": hoja.no_aplica,
        "fundamento_legal": [_norma(norma) for norma in hoja.fundamentos.all()],
        "antes_van": [
            {"codigo": previo.codigo, "nombre": previo.nombre, "datos": url.datos(previo)}
            for previo in ficha.previos
        ],
        "situaciones_de_vida": [
            {"nombre": situacion.nombre, "url": url(situacion.get_absolute_url())}
            for situacion in ficha.situaciones
        ],
        "racionalizacion": [
            {
                "clase": accion.clase,
                "antes": accion.antes,
                "despues": accion.despues,
                "beneficio": accion.beneficio,
                "inicio": accion.inicio,
                "fin": accion.fin,
                "avance": accion.avance,
            }
            for accion in ficha.racionalizaciones
        ],
        "hoja_de_vida": {
            "numero": hoja.numero,
            "aprobada_en": hoja.aprobada_en,
            "huella": hoja.huella_aprobada,
            "que_cambio": hoja.nota_de_cambio,
        },
    }


def _audiencia(audiencia: Audiencia) -> dict[str, Any]:
    grupo = audiencia.grupo.nombre if audiencia.grupo else None
    return {"slug": audiencia.slug, "nombre": audiencia.nombre, "grupo": grupo}


def _punto(punto: PuntoDeAtencion, municipio: Municipio) -> dict[str, Any]:
    """The place; what it does not say is its office's, or the municipality's if somebody confirmed it."""

    def de(campo: str) -> str | None:
        del_municipio = None if campo in municipio.por_confirmar else getattr(municipio, campo)
        return getattr(punto, campo) or getattr(punto.dependencia, campo) or del_municipio

    return {
        "nombre": punto.nombre,
        "dependencia": punto.dependencia.nombre,
        "direccion": de("direccion"),
        "telefono": de("telefono"),
        "horario": de("horario"),
        "latitud": punto.latitud and float(punto.latitud),
        "longitud": punto.longitud and float(punto.longitud),
    }


def _acciones(acciones: Iterable[Accion], pagos: dict[int, Pago]) -> list[dict[str, Any]]:
    return [
        {
            "tipo": accion.tipo,
            "descripcion": accion.descripcion,
            "nota": accion.nota,
            "solo_para": [audiencia.nombre for audiencia in accion.audiencias.all()],
            "excepcion": accion.excepcion_cuando if accion.es_excepcion else None,
            "fundamento": str(accion.fundamento) if accion.fundamento else None,
            "originales": accion.originales or None,
            "copias": accion.copias or None,
            "enlace": accion.enlace or None,
            "canal": accion.canal or None,
            "pago": _pago(pagos[accion.pk]) if accion.pk in pagos else None,
            "no_aplica": accion.no_aplica,
        }
        for accion in acciones
    ]


def _pago(pago: Pago) -> dict[str, Any]:
    accion = pago.accion
    return {
        "tipo_de_valor": accion.valor_tipo or None,
        "formula": accion.formula or None,
        "como_se_calcula": accion.forma_de_calculo,
        "pesos_este_anio": None if pago.pesos is None else round(float(pago.pesos), 2),
        "valor_de_referencia": [str(valor) for valor in pago.valores],
        "por_cotejar": pago.por_cotejar,
        "entidad_recaudadora": accion.entidad_recaudadora,
        "cuenta": {
            "tipo": accion.cuenta_tipo,
            "numero": accion.cuenta_numero,
            "nombre": accion.cuenta_nombre,
            "codigo_de_recaudo": accion.codigo_recaudo,
        },
    }


def _norma(norma: Fundamento) -> dict[str, Any]:
    return {
        "texto": str(norma),
        "tipo": norma.tipo,
        "numero": norma.numero,
        "anio": norma.anio,
        "nombre": norma.nombre,
        "articulos": norma.articulos,
        "enlace": norma.enlace or None,
        "vigente_hasta": norma.vigente_hasta,
    }
