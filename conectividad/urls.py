from django.urls import path, register_converter

from conectividad.mes import Mes
from conectividad.views import archivos, bitacora, incidente, meses, publico, registro

app_name = "conectividad"


class MesEnLaDireccion:
    """`2026-11`. What is not a month is not found."""

    regex = r"[0-9]{4}-[0-9]{2}"

    def to_python(self, value: str) -> Mes:
        return Mes.leer(value)

    def to_url(self, value: Mes) -> str:
        return value.clave


register_converter(MesEnLaDireccion, "mes")

PANEL = "panel/conectividad/"

urlpatterns = [
    path("conectividad/", publico.conectividad, name="conectividad"),
    path("conectividad/<slug:slug>/", publico.enlace, name="enlace"),
    path("conectividad/<slug:slug>/<mes:mes>/", publico.mes, name="mes"),
    path(PANEL, bitacora.bitacora, name="bitacora"),
    path(f"{PANEL}bitacora.<slug:formato>", archivos.bitacora, name="bitacora_archivo"),
    path(f"{PANEL}nuevo/", registro.nuevo, name="nuevo"),
    path(f"{PANEL}cortes/<int:pk>/", incidente.incidente, name="incidente"),
    path(f"{PANEL}cortes/<int:pk>/volvio/", incidente.volvio, name="volvio"),
    path(f"{PANEL}cortes/<int:pk>/accion/", incidente.accion, name="accion"),
    path(f"{PANEL}cortes/<int:pk>/corregir/", incidente.corregir, name="corregir"),
    path(f"{PANEL}cortes/<int:pk>/anular/", incidente.anular, name="anular"),
    path(f"{PANEL}<slug:slug>/anios/", meses.anios, name="anios"),
    path(f"{PANEL}<slug:slug>/<mes:mes>/", meses.mes, name="panel_mes"),
    path(f"{PANEL}<slug:slug>/<mes:mes>/mes.<slug:formato>", archivos.mes, name="mes_archivo"),
    path(f"{PANEL}<slug:slug>/<mes:mes>/cerrar/", meses.cerrar, name="cerrar"),
    path(f"{PANEL}<slug:slug>/<mes:mes>/reclamo/", meses.reclamo, name="reclamo"),
    path(f"{PANEL}<slug:slug>/<mes:mes>/reclamo.pdf", archivos.reclamo, name="reclamo_pdf"),
]
