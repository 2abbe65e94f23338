"""Radicados through the real services, in the small alcaldía of `tests.builders`."""

from datetime import date, datetime
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from portal.models import Jornada, Titularidad, Usuario
from tests.builders import asignar, crear_alcaldia, crear_canal, crear_cargo, crear_usuario
from ventanilla import importacion, services
from ventanilla.flujo import dar_paso
from ventanilla.models import Anexo, ClaseDeRadicado, Proyecto, Radicado, TextoDeConsentimiento

_serie = count(1)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"
PERSONA = {
    "nombre": "Ana Rojas Peña",
    "documento_tipo": "CC",
    "documento": "1090123456",
    "respuesta": "correo",
    "correo": "ana.rojas@ejemplo.co",
    "telefono": "3001234567",
}


def cargar_reglas() -> None:
    """The kinds, the terms and the consent of `datos/`: tests count what the product counts."""
    for carga in importacion.CARGAS:
        texto = (Path(settings.BASE_DIR) / "datos" / carga.archivo).read_text(encoding="utf-8-sig")
        carga.desde(texto)


def crear_casa_de_ventanilla(casa: SimpleNamespace | None = None) -> SimpleNamespace:
    """The small alcaldía, or that one, with its counter: `radicadora` attends it, `jefe` heads Planeación.

    Of Planeación, `auxiliar` holds a post that heads nothing. Attention is from 8 to 12 and from 14 to 18.
    """
    casa = casa or crear_alcaldia()
    cargar_reglas()
    casa.canal_pqrsd = crear_canal(casa.general, nombre="Quejas y reclamos", slug="quejas-y-reclamos")
    casa.cargo_ventanilla = crear_cargo(casa.general, "Auxiliar de ventanilla")
    asignar(casa.canal_pqrsd, autor=casa.cargo_ventanilla)
    casa.radicadora = crear_usuario("radicadora", casa.cargo_ventanilla)
    casa.auxiliar = casa.autora
    casa.hacienda = casa.tesorero.titularidades.get().cargo.dependencia
    for dia in range(1, 6):
        for desde, hasta in (("08:00", "12:00"), ("14:00", "18:00")):
            Jornada.objects.get_or_create(dia=dia, desde=desde, hasta=hasta)
    # Cases are counted on dates of 2026, whatever the day of the tests.
    Titularidad.objects.update(desde=date(2020, 1, 1))
    return casa


def clase(codigo: str) -> ClaseDeRadicado:
    return ClaseDeRadicado.objects.get(codigo=codigo)


def radicar(codigo: str = "peticion-de-interes-general", **campos) -> Radicado:
    """Something filed on the web by Ana; `persona=None` for no name."""
    n = next(_serie)
    valores = {
        "clave": uuid4(),
        "clase": clase(codigo),
        "asunto": f"Luces del parque {n}",
        "texto": "Pido que arreglen las luces del parque principal.",
        "persona": dict(PERSONA),
        "consentimiento": TextoDeConsentimiento.objects.first(),
    }
    return services.radicar(**valores | campos)


def llevar(casa: SimpleNamespace, radicado: Radicado, hasta: str, *, en: datetime | None = None) -> Radicado:
    """Take it to that state by the people of Planeación, through the real flow."""
    camino = ["radicado", "asignado", "en_tramite", "por_firmar", "respondido"]
    pasos = camino[camino.index(radicado.estado) + 1 :]
    for estado in pasos[: pasos.index(hasta) + 1] if hasta in pasos else pasos[:2]:
        if estado == "asignado":
            radicado = dar_paso(
                "asignar", radicado, por=casa.secretaria, dependencia=casa.planeacion, cargo=None, en=en
            )
        elif estado == "en_tramite":
            radicado = dar_paso("aceptar", radicado, por=casa.jefe, en=en)
        elif estado == "por_firmar":
            escribir_respuesta(radicado, por=casa.jefe)
            radicado = dar_paso("enviar_a_firma", radicado, por=casa.jefe, en=en)
        elif estado == "respondido":
            if radicado.clase.doble_firma:
                radicado = dar_paso("firmar_primero", radicado, por=casa.jefe, en=en)
                radicado = dar_paso("firmar", radicado, por=casa.secretaria, en=en)
            else:
                radicado = dar_paso("firmar", radicado, por=casa.jefe, en=en)
    if hasta == "requiere_completar":
        radicado = dar_paso("requerir", radicado, por=casa.jefe, falta="La dirección del parque.", en=en)
    return radicado


def escribir_respuesta(radicado: Radicado, *, por: Usuario, texto: str = "", **campos) -> Proyecto:
    valores = {"texto": texto or "Las luces se arreglan el lunes.", "proyectado_por": por}
    return Proyecto.objects.update_or_create(radicado=radicado, defaults=valores | campos)[0]


def crear_anexo(*, nombre: str = "recibo.pdf", contenido: bytes = PDF, **de) -> Anexo:
    """A file of a borrador, radicado or mensaje, as it is kept."""
    import hashlib

    return Anexo.objects.create(
        nombre=nombre,
        formato=nombre.rpartition(".")[2].upper(),
        archivo=SimpleUploadedFile(nombre, contenido),
        tamano=len(contenido),
        sha256=hashlib.sha256(contenido).hexdigest(),
        **de,
    )
