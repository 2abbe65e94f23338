from django.urls import path

from tramites.views import datos, publico

app_name = "tramites"

urlpatterns = [
    path("tramites/", publico.tramites, name="tramites"),
    path("tramites.json", datos.todos, name="todos_json"),
    path("tramites/avance/", publico.avance, name="avance"),
    path("tramites/racionalizacion/", publico.racionalizacion, name="racionalizacion"),
    path("tramites/<slug:slug>.json", datos.tramite, name="tramite_json"),
    path("tramites/<slug:slug>/", publico.tramite, name="tramite"),
    path("tramites/<slug:slug>/cartel/", publico.cartel, name="cartel"),
    path("situaciones/", publico.situaciones, name="situaciones"),
    path("situaciones/<slug:slug>/", publico.situacion, name="situacion"),
    path("t/<slug:palabra>/", publico.corta, name="corta"),
]
