"""What waits for one person about connectivity: cuts that go on, cuts nobody acted on, months to sign."""

from datetime import datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse

from conectividad.mes import Mes
from conectividad.models import Accion, CierreMensual, Enlace, Incidente
from conectividad.permisos import puede_anotar
from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, momento, sencilla
from portal.models import Usuario


def de_conectividad(usuario: Usuario, en: datetime) -> list[Rama]:
    """Whoever does not log is asked nothing."""
    ramas = []
    if puede_anotar(usuario):
        ramas += [cortes_abiertos(), cortes_sin_accion(en)]
    if alcance_de(usuario).dirige_secretaria_general:
        ramas.append(meses_por_cerrar(en))
    return ramas


def cortes_abiertos() -> Rama:
    """Those that nobody said whether they ended, oldest first."""
    return Rama(
        "Cortes de internet sin terminar",
        _cortes(Incidente.objects.abiertos()),
        lambda corte: Tarea(
            f"{corte.de_texto}: ¿ya volvió?",
            f"Se cayó el {momento(corte.de_cuando)}",
            reverse("conectividad:incidente", args=[corte.de_clave]),
        ),
        todas=reverse("conectividad:bitacora"),
    )


def cortes_sin_accion(en: datetime) -> Rama:
    """Those of this month and the last one of which nobody wrote what was done."""
    mes = Mes.de(en)
    alguna = Accion.objects.de_personas().filter(incidente=OuterRef("pk"))
    cortes = Incidente.objects.entre(mes.anterior.inicio, mes.fin).filter(~Exists(alguna), planeado=False)
    return Rama(
        "Cortes de internet sin ninguna acción",
        _cortes(cortes),
        lambda corte: Tarea(
            f"{corte.de_texto}: ¿qué se hizo?",
            f"Corte del {momento(corte.de_cuando)}",
            reverse("conectividad:incidente", args=[corte.de_clave]),
        ),
        todas=reverse("conectividad:bitacora"),
    )


def meses_por_cerrar(en: datetime) -> Rama:
    """The last month of each line in use, until it is signed."""
    mes = Mes.de(en).anterior
    cerrado = CierreMensual.objects.filter(enlace=OuterRef("pk"), anio=mes.anio, mes=mes.mes)
    enlaces = Enlace.objects.activos().filter(~Exists(cerrado)).order_by("orden", "nombre", "pk")
    return Rama(
        "Meses de conectividad por cerrar",
        sencilla(enlaces, texto="nombre", clave="slug"),
        lambda enlace: Tarea(
            f"{enlace.de_texto}, {mes}",
            "Revise la cuenta y firme el cierre.",
            reverse("conectividad:panel_mes", args=[enlace.de_clave, mes]),
        ),
    )


def _cortes(cortes: QuerySet[Incidente]) -> QuerySet:
    return sencilla(cortes.order_by("inicio", "pk"), texto="enlace__nombre", cuando="inicio")
