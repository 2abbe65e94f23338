"""The certificate of an online trámite: a text with what was answered, frozen when it is signed.

It is plain text, in paragraphs: nothing of it is run or taken for HTML, here or where it is shown.
"""

import re
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from portal.calendario import sumar_meses
from portal.fechas import en_letras
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Cargo, Usuario
from tramites.models import HojaDeVida
from ventanilla.acceso import como, firman
from ventanilla.correos import escribir
from ventanilla.models import Actuacion, Campo, Proyecto, Radicado, Salida, Sentido
from ventanilla.salidas import expedir

_HUECO = re.compile(r"\{([a-z][a-z0-9_]*)\}")
#: Codes of what every request has: code → what it is.
DE_TODOS = {
    "numero": "número del radicado",
    "fecha": "fecha en que se expide",
    "nombre": "nombre de quien lo pide",
    "documento": "documento de quien lo pide",
}


def valores_de(proyecto: Proyecto, en: datetime) -> dict[str, str]:
    """What may be written between braces in the text of the certificate: code → words."""
    radicado = proyecto.radicado
    persona = getattr(radicado, "peticionario", None)
    valores = {
        "numero": radicado.numero,
        "fecha": en_letras(timezone.localdate(en)),
        "nombre": persona.nombre if persona else "",
        "documento": f"{persona.documento_tipo} {persona.documento}".strip() if persona else "",
    }
    for campo in Campo.objects.filter(formulario=radicado.formulario_id):
        de_quien = proyecto.datos if campo.responde == Campo.Responde.OFICINA else radicado.respuestas
        valores[campo.codigo] = str(de_quien.get(campo.codigo, "")).strip()
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

    Raises CondicionIncumplida when the trámite gives none, the answer denies it, or something that its text
    needs is missing.
    """
    radicado: Radicado = proyecto.radicado
    formulario = radicado.formulario
    if formulario is None or not formulario.expide_certificado:
        raise CondicionIncumplida("Este trámite no expide certificado.")
    if proyecto.sentido == Sentido.NEGADA:
        raise CondicionIncumplida("La respuesta niega lo pedido: no puede llevar el certificado.")
    valores = valores_de(proyecto, en)
    etiquetas = DE_TODOS | {campo.codigo: campo.etiqueta for campo in formulario.campos.all()}
    faltan = [codigo for codigo in huecos(formulario.certificado_texto) if not valores.get(codigo)]
    if faltan:
        nombres = ", ".join(f"«{etiquetas.get(codigo, codigo)}»" for codigo in dict.fromkeys(faltan))
        raise CondicionIncumplida(f"Al certificado le falta: {nombres}.")
    return expedir(
        radicado,
        Salida.Clase.CERTIFICADO,
        titulo=formulario.certificado_titulo,
        texto=rellenar(formulario.certificado_texto, valores),
        datos=[
            [etiquetas[codigo], valores[codigo]]
            for codigo in etiquetas
            if codigo not in DE_TODOS and valores.get(codigo)
        ],
        vigente_hasta=vigente_hasta(radicado.hoja, timezone.localdate(en)),
        por=por,
        cargo=cargo,
        en=en,
    )


@transaction.atomic
def anular(salida: Salida, *, motivo: str, por: Usuario, en: datetime | None = None) -> Salida:
    """It stays, with its number, and whoever verifies it reads that it is not valid and why.

    Raises CondicionIncumplida when it is no certificate or has no reason, SinPermiso when `por` does not
    sign for that office, or EstadoInadecuado when it was annulled already.
    """
    en, motivo = en or timezone.now(), " ".join(motivo.split())
    salida = Salida.objects.select_for_update(of=("self",)).verificables().get(pk=salida.pk)
    if salida.clase != Salida.Clase.CERTIFICADO:
        raise CondicionIncumplida("Solo se anulan certificados: lo demás queda como se envió.")
    cargo = como(por, firman(salida.radicado), en)
    if cargo is None:
        raise SinPermiso("Lo anula quien dirige la dependencia o la Secretaría General.")
    if salida.anulada_en:
        raise EstadoInadecuado("Este certificado ya se anuló.")
    if not motivo or len(motivo) > 300:
        raise CondicionIncumplida("Escriba por qué se anula, en 300 letras o menos.")
    salida.anulada_en, salida.anulada_por, salida.anulada_razon = en, por, motivo
    salida.save(update_fields=["anulada_en", "anulada_por", "anulada_razon"])
    radicado = salida.radicado
    Actuacion.objects.create(
        radicado=radicado,
        accion="anular_certificado",
        etiqueta="Certificado anulado",
        de=radicado.estado,
        a=radicado.estado,
        detalle=f"{salida}. {motivo}",
        por=por,
        cargo=cargo,
        en=en,
    )
    escribir(
        radicado,
        "anulado",
        asunto=f"Se anuló su certificado {salida.numero}",
        clave=f"anulado:{salida.clave}",
        salida=salida,
    )
    return salida
