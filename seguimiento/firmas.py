"""How what Secretaría General signs is signed, and how its text goes on to whoever validates it."""

from datetime import datetime
from typing import Any

from portal import services
from portal.flujo import CondicionIncumplida, Contexto, SinPermiso
from portal.models import Canal, Cargo, Publicacion, Usuario
from portal.models.canal import Tipo
from seguimiento.models.acto import ActoFirmado


def firma_de(usuario: Usuario, cargo: Cargo) -> str:
    """How somebody signs, kept as text: people and posts change their names."""
    return f"{usuario}, {cargo} ({cargo.dependencia})"


def cargo_que_firma(usuario: Usuario, en: datetime | None = None) -> Cargo | None:
    """The post by which this person heads Secretaría General, if any."""
    return (
        Cargo.objects.ejercidos_por(usuario, en)
        .que_dirigen_secretaria_general()
        .select_related("dependencia")
        .first()
    )


class FirmaDeSecretariaGeneral:
    """How one kind of act is signed: by whom, having read what, and what the signature leaves on it.

    `acto` names it in the words of who cannot sign it; `cambio` says what somebody wrote meanwhile.
    """

    def __init__(self, acto: str, cambio: str):
        self.rechazo = f"{acto} lo firma quien dirige la Secretaría General."
        self.cambio = cambio

    def quien(self, acto: ActoFirmado, contexto: Contexto) -> str:
        """Why that person does not sign, or ""."""
        return "" if contexto.por and cargo_que_firma(contexto.por, contexto.en) else self.rechazo

    def lo_que_leyo(self, acto: ActoFirmado, contexto: Contexto) -> str:
        """Why what was read (`leido`) is not what would be signed, or ""."""
        if not acto.integro():
            return "Lo guardado no coincide con su huella. Avise a quien administra el sitio."
        return "" if contexto.datos.get("leido") == acto.huella_leida() else self.cambio

    def estampar(self, acto: ActoFirmado, contexto: Contexto) -> None:
        """Who signs it, as what and when, and the hash of all that the signature covers.

        Raises SinPermiso when the person no longer heads Secretaría General.
        """
        cargo = cargo_que_firma(contexto.por, contexto.en) if contexto.por else None
        if cargo is None:
            raise SinPermiso(self.rechazo)
        acto.firmado_por, acto.firmado_como, acto.firmado_en = contexto.por, cargo, contexto.en
        acto.firma = firma_de(contexto.por, cargo)
        acto.huella_firmada = acto.huella_a_firmar()


def enviar_a_publicar(contexto: Contexto, *, canal: str, que: str, texto: dict[str, Any]) -> Publicacion:
    """The publication of what was signed, its text already sent: who signs has read it.

    Raises CondicionIncumplida when that channel is not open, SinPermiso when the person does not write there.
    """
    abierto = Canal.objects.filter(slug=canal, activo=True).first()
    if abierto is None:
        raise CondicionIncumplida(f"No hay un canal abierto «{canal}» donde publicar {que}.")
    version = services.crear_publicacion(
        canal=abierto, tipo=Tipo.DOCUMENTO, por=contexto.por, en=contexto.en, **texto
    )
    services.enviar(version, por=contexto.por, confirmo=True, en=contexto.en)
    return version.publicacion
