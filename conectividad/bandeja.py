"""What waits for one person about connectivity: cuts that go on, cuts nobody acted on, months to sign."""

from datetime import datetime

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from conectividad.mes import Mes
from conectividad.models import Accion, CierreMensual, Enlace, Incidente
from conectividad.permisos import puede_anotar, puede_cerrar
from portal.bandeja import LINEAS, Grupo, Tarea
from portal.models import Usuario


def _momento(cuando: datetime) -> str:
    """«18 de noviembre, 9:02 a. m.»"""
    return date_format(timezone.localtime(cuando), r"j \d\e F, g:i a")


def cortes_abiertos(usuario: Usuario, en: datetime) -> Grupo:
    """Those that nobody said whether they ended, oldest first."""
    if not puede_anotar(usuario):
        return Grupo("")
    abiertos = Incidente.objects.abiertos().select_related("enlace").order_by("inicio")[:LINEAS]
    return Grupo(
        "Cortes de internet sin terminar",
        [
            Tarea(
                f"{corte.enlace}: ¿ya volvió?",
                f"Se cayó el {_momento(corte.inicio)}",
                corte.get_absolute_url(),
            )
            for corte in abiertos
        ],
    )


def cortes_sin_accion(usuario: Usuario, en: datetime) -> Grupo:
    """Those of this month and the last one of which nobody wrote what was done."""
    if not puede_anotar(usuario):
        return Grupo("")
    mes = Mes.de(en)
    alguna = Accion.objects.filter(incidente=OuterRef("pk"))
    cortes = (
        Incidente.objects.entre(mes.anterior.inicio, mes.fin)
        .filter(~Exists(alguna), planeado=False)
        .select_related("enlace")
        .order_by("inicio")[:LINEAS]
    )
    return Grupo(
        "Cortes de internet sin ninguna acción",
        [
            Tarea(
                f"{corte.enlace}: ¿qué se hizo?",
                f"Corte del {_momento(corte.inicio)}",
                corte.get_absolute_url(),
            )
            for corte in cortes
        ],
    )


def meses_por_cerrar(usuario: Usuario, en: datetime) -> Grupo:
    """The last month of each line in use, until it is signed."""
    if puede_cerrar(usuario) is None:
        return Grupo("")
    mes = Mes.de(en).anterior
    cerrado = CierreMensual.objects.filter(enlace=OuterRef("pk"), anio=mes.anio, mes=mes.mes)
    return Grupo(
        "Meses de conectividad por cerrar",
        [
            Tarea(
                f"{enlace}, {mes}",
                "Revise la cuenta y firme el cierre.",
                reverse("conectividad:panel_mes", args=[enlace.slug, mes]),
            )
            for enlace in Enlace.objects.activos().filter(~Exists(cerrado))[:LINEAS]
        ],
    )
