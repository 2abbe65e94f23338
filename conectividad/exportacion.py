"""The log and a month going out as tables, for LibreOffice or Excel."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone

from conectividad.mes import CuentaDelMes
from conectividad.minutos import UN_MINUTO
from conectividad.models import Incidente
from portal.hojas_de_calculo import a_csv, a_libro

DE_LA_BITACORA = (
    *("Enlace", "Se cayó", "Volvió", "Minutos", "Cómo estaba", "Se perdió (%)", "Causa", "Anunciado"),
    *("Dependencias", "Reporte al proveedor", "Qué pasó", "Quién avisó", "Acciones"),
    *("Lo anotó", "Anotado el", "Recibido el", "Anulado el", "Por qué se anuló"),
)
DEL_DIA = (
    *("Fecha", "Minutos que cuentan", "Minutos perdidos", "Porcentaje"),
    *("Minutos anunciados", "Minutos sin datos", "Cortes"),
)
DEL_CORTE = ("Desde", "Hasta", "Minutos", "Minutos que cuentan", "Cómo estaba", "Causa", "Anunciado")


def bitacora_en_csv(incidentes: Iterable[Incidente]) -> str:
    """Those cuts with all that was said of them; `acciones` and `dependencias` must be prefetched."""
    return _csv(DE_LA_BITACORA, map(_del_incidente, incidentes))


def bitacora_en_xlsx(incidentes: Iterable[Incidente]) -> bytes:
    """The same as a workbook. Raises portal.hojas_de_calculo.TablaRechazada when a cell does not fit."""
    return a_libro([("Cortes", DE_LA_BITACORA, map(_del_incidente, incidentes))])


def mes_en_csv(cuenta: CuentaDelMes) -> str:
    """Day by day."""
    return _csv(DEL_DIA, _dias(cuenta))


def mes_en_xlsx(cuenta: CuentaDelMes) -> bytes:
    """Three sheets: how it was counted, day by day, and its cuts."""
    return a_libro(
        [
            ("Cómo se contó", ("Paso", "Cuánto"), cuenta.pasos()),
            ("Por día", DEL_DIA, _dias(cuenta)),
            ("Cortes", DEL_CORTE, _cortes(cuenta)),
        ]
    )


def _csv(columnas: tuple[str, ...], filas: Iterable[list[Any]]) -> str:
    """With the mark of order that tells Excel it is in UTF-8."""
    return "\ufeff" + a_csv(columnas, ([_texto(valor) for valor in fila] for fila in filas))


def _texto(valor: Any) -> str:
    return str(valor).replace(".", ",") if isinstance(valor, Decimal) else str(valor)


def _momento(cuando: datetime | None) -> str:
    return f"{timezone.localtime(cuando):%Y-%m-%d %H:%M}" if cuando else ""


def _si(valor: bool) -> str:
    return "sí" if valor else "no"


def _del_incidente(incidente: Incidente) -> list[Any]:
    duracion = (incidente.fin - incidente.inicio) // UN_MINUTO if incidente.fin else "sigue"
    acciones = "\n".join(f"{_momento(accion.en)}: {accion.texto}" for accion in incidente.acciones.all())
    return [
        *(str(incidente.enlace), _momento(incidente.inicio), _momento(incidente.fin), duracion),
        *(incidente.get_alcance_display(), incidente.peso, incidente.get_causa_display()),
        *(_si(incidente.planeado), ", ".join(str(d) for d in incidente.dependencias.all())),
        *(incidente.ticket, incidente.descripcion, incidente.reportado_por, acciones),
        *(str(incidente.registrado_por or "Sondeo automático"), _momento(incidente.anotado_en)),
        *(_momento(incidente.registrado_en), _momento(incidente.anulado_en), incidente.anulado_razon),
    ]


def _dias(cuenta: CuentaDelMes) -> Iterator[list[Any]]:
    for dia in cuenta.dias:
        yield [
            *(f"{dia.fecha:%Y-%m-%d}", dia.minutos_que_cuentan, dia.minutos_ponderados),
            "" if dia.porcentaje is None else dia.porcentaje,
            *(dia.minutos_planeados, dia.minutos_sin_datos, len(dia.incidentes)),
        ]


def _cortes(cuenta: CuentaDelMes) -> Iterator[list[Any]]:
    for corte in cuenta.incidentes:
        incidente = corte.incidente
        yield [
            *(_momento(corte.desde), _momento(corte.hasta), corte.minutos, corte.cuenta),
            *(incidente.get_alcance_display(), incidente.get_causa_display(), _si(incidente.planeado)),
        ]
