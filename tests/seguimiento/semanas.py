"""The plan, and weeks with their reports, through the real services.

Tests that use it live on a Monday: see the fixture `lunes`.
"""

from decimal import Decimal
from types import SimpleNamespace

from portal import services
from portal.models import Version
from portal.periodos import Periodo
from seguimiento.informes import congelar, firmar
from seguimiento.models import Indicador, InformeSemanal, Medicion, Miembro, Plan
from tests.builders import asignar, crear_canal, en_fecha
from tests.seguimiento.builders_del_plan import crear_indicador, crear_plan

#: The Monday on which the tests live, and the week that ended the day before. Its Monday was a holiday.
LUNES = "2026-11-23"
SEMANA = Periodo.semana(2026, 47)


def crear_veces(**campos) -> Indicador:
    """The indicator of the updates of each week, whose goal is one."""
    valores = {"meta": 1, "unidad": "veces", "meta_firmada": "Mínimo 1 vez a la semana"}
    return crear_indicador("actualizaciones-por-semana", **valores | campos)


def crear_miembro(**campos) -> Miembro:
    plan = Plan.objects.vigente() or crear_plan()
    valores = {"nombre": "Juan Pérez", "cargo_firmado": "Concejal", "representa": "concejo"}
    return Miembro.objects.create(plan=plan, **valores | campos)


def crear_medicion(indicador: Indicador, periodo: Periodo, valor, **campos) -> Medicion:
    """What was measured of a week, without measuring it."""
    valor = None if valor is None else Decimal(valor)
    return Medicion.objects.create(
        indicador=indicador,
        desde=periodo.desde,
        hasta=periodo.hasta,
        numerador=valor or 0,
        denominador=None if indicador.unidad == "veces" else 100,
        valor=valor,
        regla_version=indicador.regla.version,
        **campos,
    )


def crear_canal_de_informes(casa: SimpleNamespace):
    """The channel where reports are published: the editor validates, the mayor authorises."""
    casa.canal_gel = crear_canal(
        casa.general, nombre="Gobierno en línea", slug="gobierno-en-linea", edad_maxima_dias=7
    )
    asignar(casa.canal_gel, editor=casa.cargo_editor, autoriza=casa.cargo_alcalde)
    return casa.canal_gel


def crear_informe(periodo: Periodo = SEMANA, **campos) -> InformeSemanal:
    """The report of that week as the rutina makes it."""
    return congelar(periodo, **campos)[0]


def crear_firmado(casa: SimpleNamespace, periodo: Periodo = SEMANA, **campos) -> InformeSemanal:
    """A report signed by Secretaría General, whose text waits to be validated."""
    informe = crear_informe(periodo)
    return firmar(informe, por=casa.secretaria, leido=informe.huella_leida(), **campos)


def publicar_texto(casa: SimpleNamespace, informe: InformeSemanal) -> Version:
    """Take the text that is on its way to the public, by the people who may."""
    version = Version.objects.get(publicacion=informe.publicacion, estado=Version.Estado.EN_VALIDACION)
    services.validar(version, por=casa.editor)
    version.refresh_from_db()
    return services.autorizar_y_publicar(version, por=casa.alcalde, huella=version.huella())


def crear_publicado(casa: SimpleNamespace, periodo: Periodo = SEMANA) -> InformeSemanal:
    """A report that anybody may read."""
    informe = crear_firmado(casa, periodo)
    publicar_texto(casa, informe)
    return InformeSemanal.objects.get(pk=informe.pk)


def el(dia: str, hora: int = 10):
    """A moment of November 2026: `el("18")`; or of the day that is said whole."""
    return en_fecha(dia if "-" in dia else f"2026-11-{dia}", hora)
