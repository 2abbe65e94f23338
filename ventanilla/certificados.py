"""The certificate of an online trámite: a text with what was answered, frozen when it is signed."""

import re
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.formats import date_format

from portal.calendario import sumar_meses
from portal.flujo import CondicionIncumplida
from portal.models import Cargo, Usuario
from tramites.models import HojaDeVida
from ventanilla.models import Proyecto, Radicado, Salida
from ventanilla.salidas import expedir

_HUECO = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def valores_de(proyecto: Proyecto) -> dict[str, str]:
    """What may be written between braces in the text of the certificate: code → words."""
    radicado = proyecto.radicado
    persona = getattr(radicado, "peticionario", None)
    valores = {
        "numero": radicado.numero,
        "fecha": date_format(timezone.localdate(), r"j \d\e F \d\e Y"),
        "nombre": persona.nombre if persona else "",
        "documento": f"{persona.documento_tipo} {persona.documento}".strip() if persona else "",
    }
    for campo in radicado.formulario.campos.all():
        de_quien = proyecto.datos if campo.responde == campo.Responde.OFICINA else radicado.respuestas
        valores[campo.codigo] = str(de_quien.get(campo.codigo, ""))
    return valores


def huecos(texto: str) -> list[str]:
    """The codes that the text expects, in order."""
    return _HUECO.findall(texto)


def rellenar(texto: str, valores: dict[str, str]) -> str:
    """The text with each code between braces replaced. Nothing in it is run, and what is not a code stays."""
    return _HUECO.sub(lambda hueco: valores.get(hueco[1], hueco[0]), texto)


def vigente_hasta(hoja: HojaDeVida | None, desde: date) -> date | None:
    """The last day on which the result holds, as the hoja de vida says it; None when it does not expire."""
    if hoja is None or not hoja.vigencia_cantidad:
        return None
    if hoja.vigencia_unidad == HojaDeVida.Vigencia.DIAS:
        return desde + timedelta(days=hoja.vigencia_cantidad)
    meses = hoja.vigencia_cantidad * (12 if hoja.vigencia_unidad == HojaDeVida.Vigencia.ANIOS else 1)
    return sumar_meses(desde, meses)


def expedir_certificado(proyecto: Proyecto, *, por: Usuario, cargo: Cargo, en: datetime) -> Salida:
    """Freeze it, number it and give it its code.

    Raises CondicionIncumplida when the trámite gives none or something that its text needs is missing.
    """
    radicado: Radicado = proyecto.radicado
    formulario = radicado.formulario
    if formulario is None or not formulario.expide_certificado:
        raise CondicionIncumplida("Este trámite no expide certificado.")
    valores = valores_de(proyecto)
    if faltan := [codigo for codigo in huecos(formulario.certificado_texto) if not valores.get(codigo)]:
        raise CondicionIncumplida(f"Al certificado le falta: {', '.join(faltan)}.")
    etiquetas = {campo.codigo: campo.etiqueta for campo in formulario.campos.all()}
    return expedir(
        radicado,
        Salida.Clase.CERTIFICADO,
        titulo=formulario.certificado_titulo,
        texto=rellenar(formulario.certificado_texto, valores),
        datos=[[etiqueta, valores[codigo]] for codigo, etiqueta in etiquetas.items() if valores.get(codigo)],
        vigente_hasta=vigente_hasta(radicado.hoja, timezone.localdate(en)),
        por=por,
        cargo=cargo,
        en=en,
    )
