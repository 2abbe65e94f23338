from django.urls import path

from seguimiento.views import comite, criterios, empalme, informes, panel, publico, uso

app_name = "seguimiento"

urlpatterns = [
    path("gobierno-en-linea/", publico.gobierno_en_linea, name="gobierno_en_linea"),
    path("gobierno-en-linea/plan-de-accion/", publico.plan_de_accion, name="plan_de_accion"),
    path("gobierno-en-linea/plan-de-accion/<slug:codigo>/", publico.indicador, name="indicador"),
    path("gobierno-en-linea/evidencias/<int:pk>/", publico.evidencia, name="evidencia"),
    path("gobierno-en-linea/empalme/", empalme.empalmes_publicos, name="empalmes_publicos"),
    path("gobierno-en-linea/empalme/<slug:slug>/", empalme.empalme_publico, name="empalme_publico"),
    path(
        "gobierno-en-linea/empalme/<slug:slug>/<int:anio>-<int:consecutivo>/",
        empalme.documento_publico,
        name="documento_de_empalme",
    ),
    path(
        "gobierno-en-linea/empalme/<slug:slug>/<int:anio>-<int:consecutivo>/documento.<slug:formato>",
        empalme.archivo_publico,
        name="documento_de_empalme_archivo",
    ),
    path("gobierno-en-linea/uso/", uso.uso, name="uso"),
    path("gobierno-en-linea/uso.csv", uso.uso_csv, name="uso_csv"),
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
    path("panel/uso/", uso.evaluar_uso, name="evaluar_uso"),
    path("panel/criterios/", criterios.criterios, name="criterios"),
    path("panel/criterios/<str:codigo>/", criterios.criterio, name="criterio"),
    path("panel/empalme/", empalme.empalmes, name="empalmes"),
    path("panel/empalme/<slug:slug>/", empalme.empalme, name="empalme"),
    path("panel/empalme/<slug:slug>/actividades/<int:pk>/", empalme.actividad, name="empalme_actividad"),
    path("panel/empalme/<slug:slug>/entrantes/<int:pk>/", empalme.entrante, name="empalme_entrante"),
    path(
        "panel/empalme/<slug:slug>/documento/<int:anio>-<int:consecutivo>/",
        empalme.documento,
        name="empalme_documento",
    ),
    path(
        "panel/empalme/<slug:slug>/documento/<int:anio>-<int:consecutivo>/documento.<slug:formato>",
        empalme.archivo,
        name="empalme_archivo",
    ),
    path("panel/comite/", comite.enlaces, name="enlaces_del_comite"),
    path("panel/comite/<int:pk>/revocar/", comite.revocar_enlace, name="revocar_enlace"),
    path("comite/<str:secreto>/", comite.asiento, name="asiento"),
    path("comite/<str:secreto>/informe/", comite.informe_del_comite, name="informe_del_comite"),
]
