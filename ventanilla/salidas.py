"""What goes out: numbered in the book, kept as sent, told to the person."""

from datetime import UTC, date, datetime
from uuid import UUID

from portal.huella import huella_de
from portal.models import Cargo, Usuario
from ventanilla.codigos import codigo_de_documento
from ventanilla.correos import avisar_salida
from ventanilla.models import Asiento, Radicado, Salida


def firma_de(persona: Usuario, cargo: Cargo) -> str:
    """«Ana Rojas, Secretaria de Planeación (Secretaría de Planeación)», as it is today."""
    return f"{persona.get_full_name() or persona.get_username()}, {cargo} ({cargo.dependencia})"


def huella_de_salida(salida: Salida) -> str:
    """SHA-256 of what it says, in hexadecimal: what anybody can compare with the copy they hold."""
    return huella_de(
        {
            "radicado": salida.radicado.numero,
            "clase": salida.clase,
            "titulo": salida.titulo,
            "texto": salida.texto,
            "datos": salida.datos,
            "firma": salida.firma,
            "segunda_firma": salida.segunda_firma,
            "en": salida.en.astimezone(UTC).isoformat(),
            "vigente_hasta": salida.vigente_hasta.isoformat() if salida.vigente_hasta else "",
        }
    )


def expedir(
    radicado: Radicado,
    clase: str,
    *,
    titulo: str,
    texto: str,
    por: Usuario,
    cargo: Cargo,
    en: datetime,
    clave: UUID | None = None,
    sentido: str = "",
    datos: list[list[str]] | None = None,
    segunda_firma: str = "",
    vigente_hasta: date | None = None,
) -> Salida:
    """Number it, keep it as it is sent and leave the message to the person in the outbox.

    Inside the transaction of the step that sends it: it takes the counter of the book.
    """
    salida = Salida(
        radicado=radicado,
        clase=clase,
        sentido=sentido,
        titulo=titulo,
        texto=texto,
        datos=datos or [],
        codigo=codigo_de_documento(),
        persona=por,
        cargo=cargo,
        firma=firma_de(por, cargo),
        segunda_firma=segunda_firma,
        en=en,
        vigente_hasta=vigente_hasta,
        medio=medio_de(radicado),
    )
    if clave:
        salida.clave = clave
    salida.huella = huella_de_salida(salida)
    salida.clean_fields(exclude=["asiento"])
    salida.asiento = Asiento.abrir(Asiento.Sentido.SALIDA, salida.huella, en)
    salida.save()
    avisar_salida(salida)
    return salida


def medio_de(radicado: Radicado) -> str:
    """How the person chose to be answered; those without name, by their code."""
    persona = getattr(radicado, "peticionario", None)
    return persona.respuesta if persona else "codigo"
