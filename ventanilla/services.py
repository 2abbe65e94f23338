"""Filing, and what the person does afterwards. The steps of the office are in `ventanilla.flujo`."""

import zlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado
from portal.huella import huella_de
from portal.models import Dependencia, Usuario
from tramites.models import Tramite
from ventanilla import terminos
from ventanilla.codigos import codigo_de_seguimiento, huella_del_codigo
from ventanilla.correos import escribir
from ventanilla.flujo import dar_paso
from ventanilla.models import (
    Actuacion,
    Anexo,
    Asiento,
    Borrador,
    ClaseDeRadicado,
    Formulario,
    Mensaje,
    Peticionario,
    Radicado,
    Salida,
    Termino,
    TextoDeConsentimiento,
    Valoracion,
)

#: Files of one radicado and what they weigh in all.
ANEXOS_MAXIMOS, PESO_MAXIMO = 10, 40 * 1024 * 1024


@transaction.atomic
def radicar(
    *,
    clave: UUID,
    clase: ClaseDeRadicado,
    asunto: str,
    texto: str,
    persona: dict[str, Any] | None,
    medio: str = Radicado.Medio.WEB,
    anexos: Iterable[Anexo] = (),
    tramite: Tramite | None = None,
    formulario: Formulario | None = None,
    respuestas: dict[str, Any] | None = None,
    consentimiento: TextoDeConsentimiento | None = None,
    consentido_en: datetime | None = None,
    registrado_por: Usuario | None = None,
    borrador: Borrador | None = None,
    en: datetime | None = None,
) -> Radicado:
    """File it: number, moment, term and receipt, all or nothing. The same `clave` again returns the same one.

    `persona` is the fields of Peticionario, or None when it comes without name. Raises ValidationError by
    field when something is missing or is not possible.
    """
    en = en or timezone.now()
    _una_vez(clave)
    if ya_radicado := Radicado.objects.enteros().filter(clave=clave).first():
        return ya_radicado
    anexos = list(anexos)
    _exigir_lo_debido(clase, persona, anexos)
    hoja = tramite.hoja_publica if tramite else None
    plazo = terminos.inicial(clase, en, hoja)
    radicado = Radicado(
        clave=clave,
        clase=clase,
        tramite=tramite,
        hoja=hoja,
        formulario=formulario,
        medio=medio,
        asunto=asunto,
        texto=texto,
        respuestas=respuestas or {},
        anonimo=persona is None,
        codigo_sha256=huella_del_codigo(codigo_de_seguimiento(clave), clave),
        consentimiento=consentimiento,
        consentido_en=consentido_en,
        registrado_por=registrado_por,
        dependencia=_a_cargo(clase, tramite),
        vence=plazo.vence,
        vence_interno=plazo.vence_interno,
    )
    radicado.clean_fields(exclude=["asiento"])
    peticionario = Peticionario(**persona) if persona is not None else None
    if peticionario is not None:
        peticionario.clean_fields(exclude=["radicado"])
        peticionario.validate_constraints(exclude=["radicado"])
    huella = huella_de(contenido_de(radicado, peticionario, anexos))
    # Last of all that may fail: the counter stays locked until this commits.
    radicado.asiento = Asiento.abrir(Asiento.Sentido.ENTRADA, huella, en)
    radicado.save()
    if peticionario is not None:
        peticionario.radicado = radicado
        peticionario.save()
    Anexo.objects.filter(pk__in=[anexo.pk for anexo in anexos]).update(radicado=radicado)
    Termino.objects.create(
        radicado=radicado, clase=Termino.Clase.INICIAL, en=en, por=registrado_por, **plazo.como_termino()
    )
    Actuacion.objects.create(
        radicado=radicado,
        accion="radicar",
        etiqueta="Radicado",
        a=Radicado.Estado.RADICADO,
        detalle=f"Recibido {radicado.get_medio_display().lower()}.",
        por=registrado_por,
        de_la_persona=registrado_por is None,
        en=en,
    )
    if radicado.dependencia is not None:
        dar_paso("asignar", radicado, por=None, en=en, dependencia=radicado.dependencia)
        radicado.estado = Radicado.Estado.ASIGNADO
    if borrador is not None:
        Borrador.objects.filter(pk=borrador.pk).update(radicado=radicado, cambiado_en=en)
    escribir(
        radicado,
        "acuse",
        asunto=f"Recibimos su solicitud: radicado {radicado.numero}",
        clave=f"acuse:{clave}",
        codigo=codigo_de_seguimiento(clave),
        termino=plazo,
    )
    return radicado


def _una_vez(clave: UUID) -> None:
    """Wait for whoever is sending the same thing: two taps are two requests at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [zlib.crc32(f"radicar:{clave}".encode())])


def _exigir_lo_debido(clase: ClaseDeRadicado, persona: dict[str, Any] | None, anexos: list[Anexo]) -> None:
    if persona is None and not clase.admite_anonima:
        raise ValidationError({"persona": f"«{clase}» se presenta con nombre."})
    if len(anexos) > ANEXOS_MAXIMOS:
        raise ValidationError({"anexos": f"Adjunte como máximo {ANEXOS_MAXIMOS} archivos."})
    if sum(anexo.tamano for anexo in anexos) > PESO_MAXIMO:
        raise ValidationError({"anexos": "Los archivos pesan en total más de 40 MB."})


def _a_cargo(clase: ClaseDeRadicado, tramite: Tramite | None) -> Dependencia | None:
    """The office that gets it: that of the trámite or that of the kind. None: the counter gives it."""
    dependencia = tramite.dependencia if tramite else clase.dependencia
    return dependencia if dependencia and dependencia.activa else None


def contenido_de(
    radicado: Radicado, peticionario: Peticionario | None, anexos: Iterable[Anexo]
) -> dict[str, Any]:
    """What came in, as plain values: what the hash of its line in the book covers."""
    campos = [
        campo.name for campo in Peticionario._meta.concrete_fields if campo.name not in {"id", "radicado"}
    ]
    return {
        "clave": str(radicado.clave),
        "clase": radicado.clase.codigo,
        "tramite": radicado.tramite.codigo if radicado.tramite else "",
        "asunto": radicado.asunto,
        "texto": radicado.texto,
        "respuestas": radicado.respuestas,
        "persona": {campo: getattr(peticionario, campo) for campo in campos} if peticionario else None,
        "anexos": sorted([anexo.requisito, anexo.nombre, anexo.sha256] for anexo in anexos),
    }


# --- What the person does later ------------------------------------------------------------------
@transaction.atomic
def enviar_mensaje(
    radicado: Radicado,
    *,
    clave: UUID,
    texto: str,
    por: Usuario | None = None,
    anexos: Iterable[Anexo] = (),
    en: datetime | None = None,
) -> Mensaje:
    """A message of the person (`por` None) or of the office. The same `clave` again returns the same one.

    Raises EstadoInadecuado when it is annulled or was purged, or ValidationError when it says nothing.
    """
    en = en or timezone.now()
    _una_vez(clave)
    if ya_enviado := Mensaje.objects.filter(clave=clave).first():
        if ya_enviado.radicado_id != radicado.pk:
            raise ValidationError("Abra otra vez la página para enviar el mensaje.")
        return ya_enviado
    if radicado.estado == Radicado.Estado.ANULADO:
        raise EstadoInadecuado("Este radicado se anuló: ya no recibe mensajes.")
    if radicado.depurado_en is not None:  # what is written now would never be erased
        raise EstadoInadecuado("Este radicado terminó hace años. Presente una solicitud nueva.")
    mensaje = Mensaje(
        radicado=radicado, clave=clave, texto=texto.strip(), de_la_persona=por is None, por=por, en=en
    )
    mensaje.clean_fields(exclude=["por"])
    mensaje.save()
    anexos = list(anexos)
    Anexo.objects.filter(pk__in=[anexo.pk for anexo in anexos]).update(radicado=radicado, mensaje=mensaje)
    Actuacion.objects.create(
        radicado=radicado,
        accion="mensaje",
        etiqueta="Mensaje de quien radicó" if por is None else "Mensaje de la alcaldía",
        de=radicado.estado,
        a=radicado.estado,
        por=por,
        de_la_persona=por is None,
        en=en,
    )
    if por is not None:
        escribir(
            radicado,
            "mensaje",
            asunto=f"Tiene un mensaje sobre su radicado {radicado.numero}",
            clave=f"mensaje:{clave}",
            mensaje=mensaje,
        )
    return mensaje


@transaction.atomic
def valorar(
    salida: Salida, *, puntos: int, resuelto: bool, comentario: str = "", en: datetime | None = None
) -> Valoracion:
    """What the person says of an answer, once. Raises CondicionIncumplida when it was said already."""
    Salida.objects.select_for_update().get(pk=salida.pk)
    if Valoracion.objects.filter(salida=salida).exists():
        raise CondicionIncumplida("Usted ya dijo qué le pareció esta respuesta. Gracias.")
    valoracion = Valoracion(
        salida=salida,
        puntos=puntos,
        resuelto=resuelto,
        comentario=comentario.strip(),
        en=en or timezone.now(),
    )
    valoracion.full_clean()
    valoracion.save()
    return valoracion
