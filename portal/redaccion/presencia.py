"""Who else has a draft open. Said by the page itself while it is open; nobody is locked out by it."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import date_format

from portal.models import Presencia, Usuario, Version


def llegar(version: Version, usuario: Usuario, en: datetime | None = None) -> None:
    """`usuario` has it open at the moment `en` (now by default)."""
    Presencia.objects.update_or_create(
        version=version, usuario=usuario, defaults={"en": en or timezone.now()}
    )


def salir(version: Version, usuario: Usuario) -> None:
    Presencia.objects.filter(version=version, usuario=usuario).delete()


def otros(version: Version, usuario: Usuario, en: datetime | None = None) -> str:
    """«También lo tiene abierto Ana Rojas.», or "" when nobody else does."""
    nombres = [str(presencia.usuario) for presencia in version.presencias.de_otros(usuario, en)]
    if not nombres:
        return ""
    *varios, ultimo = nombres
    lista = f"{', '.join(varios)} y {ultimo}" if varios else ultimo
    return f"También lo {'tienen' if varios else 'tiene'} abierto {lista}."


def novedad(version: Version, revision: int) -> str:
    """What happened to the draft since `revision`, or "" when nothing did."""
    if not version.editable:
        return f"Este texto ya está «{version.get_estado_display().lower()}»: no se puede cambiar."
    if version.revision == revision:
        return ""
    hora = date_format(timezone.localtime(version.editada_en), "g:i a")
    return (
        f"{version.editada_por} guardó cambios a las {hora}. Siga escribiendo sin miedo: "
        "al guardar verá los dos textos y nada se pierde."
    )
