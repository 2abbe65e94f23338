"""Seats of the committee without an account: the councillor and the voice of the community.

Secretaría General hands a link to whoever sits there today. It ends by itself, can be revoked, and of its
secret only the hash is kept: who reads the database cannot use it.
"""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.huella import huella_de
from portal.models import Usuario
from portal.secretos import huella_del_secreto, nuevo_secreto
from seguimiento.firmas import cargo_que_firma
from seguimiento.models import EnlaceDelComite, InformeSemanal, Miembro, ObservacionDeMiembro, UsoDeEnlace

DIAS, DIAS_MAXIMOS = 30, 180


@transaction.atomic
def crear_enlace(
    miembro: Miembro, *, persona: str, dias: int, por: Usuario, en: datetime | None = None
) -> tuple[EnlaceDelComite, str]:
    """A link for that seat and its secret, which nobody can see again. The one it had stops working.

    Raises SinPermiso unless `por` heads Secretaría General, CondicionIncumplida for other than 1 to 180 days.
    """
    en = en or timezone.now()
    _exigir_secretaria(por, en)
    if not 1 <= dias <= DIAS_MAXIMOS:
        raise CondicionIncumplida(f"Un enlace vale de 1 a {DIAS_MAXIMOS} días.")
    miembro = Miembro.objects.select_for_update().get(pk=miembro.pk)
    miembro.enlaces.vigentes(en).update(revocado_en=en, revocado_por=por)
    secreto, huella = nuevo_secreto()
    enlace = EnlaceDelComite.objects.create(
        miembro=miembro,
        persona=persona,
        huella=huella,
        creado_por=por,
        creado_en=en,
        vence_en=en + timedelta(days=dias),
    )
    return enlace, secreto


def revocar(enlace: EnlaceDelComite, *, por: Usuario, en: datetime | None = None) -> None:
    """It opens nothing from now on. Raises SinPermiso, or EstadoInadecuado when it did not open already."""
    en = en or timezone.now()
    _exigir_secretaria(por, en)
    vivos = EnlaceDelComite.objects.vigentes(en).filter(pk=enlace.pk)
    if not vivos.update(revocado_en=en, revocado_por=por):
        raise EstadoInadecuado("Ese enlace ya no servía.")


def _exigir_secretaria(usuario: Usuario, en: datetime) -> None:
    if cargo_que_firma(usuario, en) is None:
        raise SinPermiso("Los enlaces del comité los da quien dirige la Secretaría General.")


def abrir(secreto: str, *, en: datetime | None = None) -> EnlaceDelComite | None:
    """The link of that secret, counted as used; None when it is wrong, ended or revoked, all the same."""
    en = en or timezone.now()
    enlace = (
        EnlaceDelComite.objects.vigentes(en)
        .filter(huella=huella_del_secreto(secreto))
        .select_related("miembro__plan")
        .first()
    )
    if enlace:
        _contar_uso(enlace, en)
    return enlace


def _contar_uso(enlace: EnlaceDelComite, en: datetime) -> None:
    hoy = UsoDeEnlace.objects.filter(enlace=enlace, dia=timezone.localdate(en))
    if not hoy.update(veces=F("veces") + 1, ultima_en=en):
        _uso, nuevo = UsoDeEnlace.objects.get_or_create(
            enlace=enlace, dia=timezone.localdate(en), defaults={"veces": 1, "ultima_en": en}
        )
        if not nuevo:  # two readings at once made the row of the day
            hoy.update(veces=F("veces") + 1, ultima_en=en)


def observar(
    enlace: EnlaceDelComite, informe: InformeSemanal, *, texto: str, en: datetime | None = None
) -> ObservacionDeMiembro:
    """What the member observes of a week, signed with the name of the link, once.

    Raises EstadoInadecuado when they already did, SinPermiso when the link no longer opens.
    """
    en = en or timezone.now()
    if not enlace.vigente(en):
        raise SinPermiso("Ese enlace ya no sirve.")
    contenido = {
        "informe": informe.numero,
        "huella": informe.huella,
        "texto": texto.strip(),
        "firma": str(enlace),
        "en": en.isoformat(),
    }
    try:
        with transaction.atomic():
            return ObservacionDeMiembro.objects.create(
                informe=informe,
                miembro=enlace.miembro,
                enlace=enlace,
                texto=contenido["texto"],
                firma=contenido["firma"],
                en=en,
                huella=huella_de(contenido),
            )
    except IntegrityError as error:
        raise EstadoInadecuado("Usted ya dejó su observación de esta semana.") from error
