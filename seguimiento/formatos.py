"""The weekly report on paper and in a spreadsheet: the same tables that the page shows."""

from decimal import Decimal
from typing import Any

from django.core.cache import cache as memoria
from django.template.loader import render_to_string
from django.utils import timezone

from portal.hojas_de_calculo import a_libro
from portal.pdf import dibujar
from seguimiento.informes import notas_publicas
from seguimiento.models import InformeSemanal
from seguimiento.tablas import Tabla, tablas_de

_DIA = 24 * 60 * 60


def contexto_de(informe: InformeSemanal) -> dict[str, Any]:
    """What the templates of a report read, all of it as it was frozen."""
    return {
        "informe": informe,
        "datos": informe.datos,
        "tablas": tablas_de(informe),
        "dicho": list(informe.por_dependencia.order_by("dependencia")),
        "notas": list(notas_publicas(informe)),
    }


# --- PDF ----------------------------------------------------------------------------------------
def a_pdf(informe: InformeSemanal) -> bytes:
    """The report as a tagged PDF. What it is made of does not change, so it is kept."""
    contexto = contexto_de(informe)
    clave = f"informe:{informe.pk}:{informe.huella_leida()}:{informe.huella_firmada}:{len(contexto['notas'])}"
    if not (hecho := memoria.get(clave)):
        hecho = dibujar(render_to_string("seguimiento/informe_impreso.html", contexto | {"acto": informe}))
        memoria.set(clave, hecho, _DIA)
    return hecho


# --- Spreadsheet --------------------------------------------------------------------------------
def a_xlsx(informe: InformeSemanal) -> bytes:
    """A sheet for each table, and before them one that says of which week and who signed."""
    contexto = contexto_de(informe)
    hojas = [_portada(informe, contexto), *map(_hoja, contexto["tablas"])]
    return a_libro(hojas, creado=informe.congelado_en)


def _portada(informe: InformeSemanal, contexto: dict[str, Any]) -> tuple:
    datos = informe.datos
    filas = [
        ["Informe semanal", informe.numero],
        ["Entidad", datos["entidad"]],
        ["Semana", str(informe.periodo)],
        ["Cifras cerradas", f"{timezone.localtime(informe.congelado_en):%d/%m/%Y %H:%M}"],
        ["En resumen", " ".join(datos["titular"])],
        *(["Explicación", explicacion] for explicacion in datos["explicaciones"]),
        ["Observaciones de Secretaría General", informe.observaciones],
        ["Firma", informe.firma or "Sin firmar"],
        ["Huella de las cifras (SHA-256)", informe.huella],
        ["Huella firmada (SHA-256)", informe.huella_firmada],
        *(["Lo dice una dependencia", f"{dicho.texto} — {dicho.firma}"] for dicho in contexto["dicho"]),
        *(
            [f"Nota de corrección {nota.numero}", f"{nota.texto} — {nota.firma}"]
            for nota in contexto["notas"]
        ),
    ]
    return "Informe", ("Dato", "Valor"), filas


def _hoja(tabla: Tabla) -> tuple:
    """Links and charts go as their words. An empty table says so."""
    filas = [
        [celda if isinstance(celda, int | Decimal) else str(celda) for celda in fila] for fila in tabla.filas
    ]
    return tabla.clave.replace("-", " ").capitalize(), tabla.columnas, filas or [[tabla.nada]]
