"""Secret links with which somebody without an account reads a text on its way and remarks on it.

Of the secret only the hash is kept. A link ends by itself, can be revoked, and dies when its text is no
longer on its way: published, returned or discarded.
"""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.flujo_editorial import bloquear_publicacion
from portal.models import Canal, EnlaceDeLectura, ObservacionDeLector, Usuario, Version
from portal.redaccion import avisos
from portal.saneado import sin_controles
from portal.secretos import huella_del_secreto, nuevo_secreto

DIAS, DIAS_MAXIMOS = 7, 30
#: Remarks a link takes: enough for any reader, few for who wants to fill the disk.
OBSERVACIONES_MAXIMAS = 20
LARGO_DE_OBSERVACION = ObservacionDeLector._meta.get_field("texto").max_length or 0
LARGO_DE_FIRMA = ObservacionDeLector._meta.get_field("firma").max_length or 0


class TextoCambiado(CondicionIncumplida):
    """What the reader read is not what the text says now."""

    def __init__(self) -> None:
        super().__init__(
            "El texto cambió mientras usted lo leía. Lo que escribió sigue aquí: lea el texto de nuevo "
            "y envíe su observación si todavía viene al caso."
        )


def puede_dar_enlaces(usuario: Usuario, version: Version, en: datetime | None = None) -> bool:
    """Whether one of the person's posts acts in the channel. To administer the site is not enough."""
    return Canal.objects.donde_actua(usuario, en).filter(pk=version.publicacion.canal_id).exists()


def _exigir_que_actue(usuario: Usuario, version: Version, en: datetime) -> None:
    if not puede_dar_enlaces(usuario, version, en):
        raise SinPermiso(f"Ninguno de sus cargos actúa en el canal «{version.publicacion.canal}».")


@transaction.atomic
def crear_enlace(
    version: Version, *, para: str, dias: int = DIAS, por: Usuario, en: datetime | None = None
) -> tuple[EnlaceDeLectura, str]:
    """A link for that reader and its secret, which nobody can see again.

    Raises SinPermiso, or CondicionIncumplida for other than 1 to 30 days, for nobody, or for a text that is
    no longer on its way.
    """
    en = en or timezone.now()
    bloquear_publicacion(version.publicacion_id)
    actual = Version.objects.select_related("publicacion__canal").get(pk=version.pk)
    _exigir_que_actue(por, actual, en)
    para = " ".join(sin_controles(para).split())
    if not para:
        raise CondicionIncumplida("Escriba para quién es el enlace.")
    if not 1 <= dias <= DIAS_MAXIMOS:
        raise CondicionIncumplida(f"Un enlace vale de 1 a {DIAS_MAXIMOS} días.")
    if not Version.objects.abiertas().filter(pk=actual.pk).exists():
        raise CondicionIncumplida(
            f"Solo se da a leer un texto en camino: este está «{actual.get_estado_display().lower()}»."
        )
    secreto, huella = nuevo_secreto()
    enlace = EnlaceDeLectura.objects.create(
        version=actual,
        para=para,
        secreto_sha256=huella,
        creado_por=por,
        creado_en=en,
        vence_en=en + timedelta(days=dias),
    )
    return enlace, secreto


@transaction.atomic
def revocar(enlace: EnlaceDeLectura, *, por: Usuario, en: datetime | None = None) -> None:
    """It opens nothing from now on. Raises SinPermiso, or EstadoInadecuado when it did not open already."""
    en = en or timezone.now()
    _exigir_que_actue(por, enlace.version, en)
    if not EnlaceDeLectura.objects.vigentes(en).filter(pk=enlace.pk).update(revocado_en=en, revocado_por=por):
        raise EstadoInadecuado("Ese enlace ya no servía.")


def hallar(secreto: str, en: datetime | None = None) -> EnlaceDeLectura | None:
    """The link of that secret, with its text; None when it is wrong, ended, revoked or dead, all the same."""
    return (
        EnlaceDeLectura.objects.vigentes(en)
        .filter(secreto_sha256=huella_del_secreto(secreto))
        .select_related(
            "version__publicacion__canal", "version__publicacion__dependencia", "version__enviada_como"
        )
        .first()
    )


def abrir(secreto: str, en: datetime | None = None) -> EnlaceDeLectura | None:
    """As `hallar`, and the reading is counted."""
    en = en or timezone.now()
    if enlace := hallar(secreto, en):
        suyo = EnlaceDeLectura.objects.filter(pk=enlace.pk)
        suyo.update(lecturas=F("lecturas") + 1, ultima_lectura=en)
    return enlace


@transaction.atomic
def observar(
    enlace: EnlaceDeLectura,
    *,
    clave: UUID,
    texto: str,
    firma: str,
    huella: str,
    en: datetime | None = None,
) -> ObservacionDeLector:
    """What the reader remarks, signed with their name; sent twice (`clave`), it is the same remark.

    `huella` is that of the text they read. Raises EstadoInadecuado when the link no longer opens,
    TextoCambiado, or CondicionIncumplida when it is empty, too long or one too many.
    """
    en = en or timezone.now()
    bloquear_publicacion(enlace.version.publicacion_id)
    enlace = EnlaceDeLectura.objects.select_related("version__publicacion__canal").get(pk=enlace.pk)
    if not enlace.vigente(en):
        raise EstadoInadecuado("Este enlace ya no sirve.")
    if repetida := ObservacionDeLector.objects.filter(clave=clave).first():
        if repetida.enlace_id == enlace.pk:
            return repetida
        raise CondicionIncumplida("Abra de nuevo el enlace y vuelva a enviar su observación.")
    texto, firma = sin_controles(texto).strip(), " ".join(sin_controles(firma).split())
    _exigir_completa(texto, firma)
    if enlace.observaciones.count() >= OBSERVACIONES_MAXIMAS:
        raise CondicionIncumplida(f"Por este enlace ya se dejaron {OBSERVACIONES_MAXIMAS} observaciones.")
    if huella != enlace.version.huella():
        raise TextoCambiado
    observacion = ObservacionDeLector.objects.create(
        enlace=enlace, clave=clave, firma=firma, texto=texto, en=en, huella=huella
    )
    avisos.observacion(observacion)
    return observacion


def _exigir_completa(texto: str, firma: str) -> None:
    if not texto or not firma:
        raise CondicionIncumplida("Escriba su observación y su nombre.")
    if len(texto) > LARGO_DE_OBSERVACION or len(firma) > LARGO_DE_FIRMA:
        raise CondicionIncumplida(f"Escriba hasta {LARGO_DE_OBSERVACION} letras.")
