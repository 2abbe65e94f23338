from django.urls import path, register_converter

from ventanilla.converters import NumeroDeRadicado
from ventanilla.views import cifras, documentos, escritorio, informe, radicar, seguimiento, verificar

register_converter(NumeroDeRadicado, "radicado")

app_name = "ventanilla"

urlpatterns = [
    # To file
    path("pqrsd/", radicar.pqrsd, name="pqrsd"),
    path("tramites/<slug:slug>/solicitar/", radicar.solicitar, name="solicitar"),
    path("radicar/continuar/", radicar.continuar, name="continuar"),
    path("radicar/<str:secreto>/", radicar.borrador, name="borrador"),
    path("radicar/<str:secreto>/progreso/", radicar.progreso, name="progreso"),
    path("radicar/<str:secreto>/acuse/", radicar.acuse, name="acuse"),
    path("radicar/<str:secreto>/acuse.pdf", radicar.acuse_pdf, name="acuse_pdf"),
    path("radicar/<str:secreto>/anexos/<int:pk>/quitar/", radicar.quitar_anexo, name="quitar_anexo"),
    path("radicar/<str:secreto>/<slug:paso>/", radicar.paso, name="paso"),
    # To follow
    path("radicados/consulta/", seguimiento.consulta, name="consulta"),
    path("radicados/cifras/", cifras.cifras, name="cifras"),
    path("radicados/cifras.csv", cifras.cifras_csv, name="cifras_csv"),
    path("radicados/<radicado:numero>/", seguimiento.seguimiento, name="seguimiento"),
    path("radicados/<radicado:numero>/salir/", seguimiento.salir, name="salir"),
    path("radicados/<radicado:numero>/anexos/<int:pk>/", seguimiento.anexo, name="anexo_de_la_persona"),
    path("radicados/<radicado:numero>/<slug:accion>/", seguimiento.actuar, name="actuar"),
    # What the alcaldía issued
    path("documentos/<radicado:numero>/", documentos.documento, name="documento"),
    path("documentos/<radicado:numero>.pdf", documentos.documento_pdf, name="documento_pdf"),
    path("documentos/<radicado:numero>/anular/", documentos.anular, name="anular_documento"),
    path("verificar/", verificar.buscar, name="verificar_buscar"),
    path("verificar/<str:codigo>/", verificar.verificar, name="verificar"),
    # The desk
    path("panel/radicados/", escritorio.radicados, name="radicados"),
    path("panel/radicados/nuevo/", escritorio.nuevo, name="nuevo"),
    path("panel/radicados/informe/", informe.informe, name="informe"),
    path("panel/radicados/informe.csv", informe.informe_csv, name="informe_csv"),
    path("panel/radicados/subcasos/<int:pk>/", escritorio.subcaso, name="subcaso"),
    path("panel/radicados/<radicado:numero>/", escritorio.radicado, name="radicado"),
    path("panel/radicados/<radicado:numero>/pasos/<slug:paso>/", escritorio.dar_paso, name="dar_paso"),
    path("panel/radicados/<radicado:numero>/respuesta/", escritorio.proyecto, name="proyecto"),
    path("panel/radicados/<radicado:numero>/mensajes/", escritorio.mensaje, name="mensaje"),
    path("panel/radicados/<radicado:numero>/subcasos/", escritorio.pedir_subcaso, name="pedir_subcaso"),
    path("panel/radicados/<radicado:numero>/anexos/<int:pk>/", escritorio.anexo, name="anexo"),
]
