from django.urls import path

from seguimiento.views import comite, criterios, informes, panel, publico

app_name = "seguimiento"

urlpatterns = [
    path("gobierno-en-linea/", publico.gobierno_en_linea, name="gobierno_en_linea"),
    path("gobierno-en-linea/plan-de-accion/", publico.plan_de_accion, name="plan_de_accion"),
    path("gobierno-en-linea/plan-de-accion/<slug:codigo>/", publico.indicador, name="indicador"),
    path("gobierno-en-linea/evidencias/<int:pk>/", publico.evidencia, name="evidencia"),
    path("gobierno-en-linea/<slug:slug>/", publico.fase, name="fase"),
    path("informes-semanales/", informes.informes, name="informes"),
    path("informes-semanales/<int:anio>/<int:semana>/", informes.informe, name="informe"),
    path("informes-semanales/<int:anio>/<int:semana>/informe.pdf", informes.pdf, name="informe_pdf"),
    path("informes-semanales/<int:anio>/<int:semana>/informe.xlsx", informes.xlsx, name="informe_xlsx"),
    path("panel/", panel.panel, name="panel"),
    path(
        "panel/dependencias/<slug:slug>/", panel.seguimiento_de_dependencia, name="seguimiento_de_dependencia"
    ),
    path("panel/informes/<int:anio>/<int:semana>/firmar/", informes.firmar, name="firmar_informe"),
    path("panel/informes/<int:anio>/<int:semana>/corregir/", informes.corregir, name="corregir_informe"),
    path("panel/criterios/", criterios.criterios, name="criterios"),
    path("panel/criterios/<str:codigo>/", criterios.criterio, name="criterio"),
    path("panel/comite/", comite.enlaces, name="enlaces_del_comite"),
    path("panel/comite/<int:pk>/revocar/", comite.revocar_enlace, name="revocar_enlace"),
    path("comite/<str:secreto>/", comite.asiento, name="asiento"),
    path("comite/<str:secreto>/informe/", comite.informe_del_comite, name="informe_del_comite"),
]
