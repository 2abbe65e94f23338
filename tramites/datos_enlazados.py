"""A trámite as search engines read it: `GovernmentService` of schema.org.

What nobody has confirmed is left out: here there is nowhere to say that it is not certain.
"""

from typing import Any

from django.conf import settings

from portal.models import Municipio
from tramites.ficha import Ficha
from tramites.models import PuntoDeAtencion


def servicio(ficha: Ficha, municipio: Municipio) -> dict[str, Any]:
    """JSON-LD of the trámite, without its address, which depends on who serves it."""
    hoja, dudas = ficha.hoja, ficha.tramite.por_confirmar
    entidad = {"@type": "GovernmentOrganization", "name": municipio.nombre_entidad}
    oficina = {"@type": "GovernmentOffice", "name": hoja.dependencia.nombre, "parentOrganization": entidad}
    return _sin_vacios(
        {
            "@context": "https://schema.org",
            "@type": "GovernmentService",
            "name": hoja.nombre,
            "alternateName": hoja.palabras_clave,
            "description": hoja.descripcion,
            "serviceType": hoja.tematica.nombre if hoja.tematica else "",
            "identifier": ficha.tramite.numero_suit if ficha.tramite.inscrito_en else "",
            "provider": entidad if "dependencia" in dudas else oficina,
            "areaServed": {"@type": "AdministrativeArea", "name": municipio.nombre},
            "audience": [{"@type": "Audience", "audienceType": a.nombre} for a in hoja.audiencias.all()],
            "serviceOutput": {"@type": "Thing", "name": hoja.resultado} if hoja.resultado else None,
            "availableChannel": _canales(ficha, municipio),
            "offers": _gratis() if hoja.gratuito and "costo" not in dudas else None,
        }
    )


def _canales(ficha: Ficha, municipio: Municipio) -> list[dict[str, Any]]:
    canales = [_presencial(punto, municipio) for punto in ficha.puntos]
    propia = f"{settings.PORTAL_URL}{ficha.se_solicita_en}" if ficha.se_solicita_en else ""
    if en_linea := propia or ficha.hoja.url_en_linea:
        canales.append({"@type": "ServiceChannel", "serviceUrl": en_linea})
    return canales


def _presencial(punto: PuntoDeAtencion, municipio: Municipio) -> dict[str, Any]:
    def de(campo: str) -> str:
        """What the place says, or its office, or the municipality when somebody confirmed it."""
        del_municipio = "" if campo in municipio.por_confirmar else getattr(municipio, campo)
        return getattr(punto, campo) or getattr(punto.dependencia, campo) or del_municipio

    lugar = {"@type": "Place", "name": punto.nombre, "address": de("direccion"), "telephone": de("telefono")}
    return {"@type": "ServiceChannel", "availableLanguage": "es", "serviceLocation": _sin_vacios(lugar)}


def _gratis() -> dict[str, str]:
    return {"@type": "Offer", "price": "0", "priceCurrency": "COP"}


def _sin_vacios(datos: dict[str, Any]) -> dict[str, Any]:
    return {clave: valor for clave, valor in datos.items() if valor}
