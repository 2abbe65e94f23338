from django.urls import path

from participacion.views import (
    aportes,
    boletin,
    consultas,
    escritorio,
    escritorio_aportes,
    escritorio_boletin,
    opinion,
    papel,
    suscripciones,
    temas,
)

app_name = "participacion"

urlpatterns: list = [
    # The desk of surveys and consultations
    path("panel/participacion/", escritorio.lista, name="escritorio"),
    path("panel/participacion/nueva/", escritorio.nueva, name="escritorio_nueva"),
    path("panel/participacion/<int:pk>/", escritorio.consulta, name="escritorio_consulta"),
    path("panel/participacion/<int:pk>/editar/", escritorio.editar, name="escritorio_editar"),
    path("panel/participacion/<int:pk>/previa/", escritorio.previa, name="escritorio_previa"),
    path("panel/participacion/<int:pk>/pasos/<slug:nombre>/", escritorio.paso, name="escritorio_paso"),
    path("panel/participacion/<int:pk>/resultado/", escritorio.resultado, name="escritorio_resultado"),
    path("panel/participacion/<int:pk>/respuestas/", escritorio.respuestas, name="escritorio_respuestas"),
    path(
        "panel/participacion/<int:pk>/respuestas.csv",
        escritorio.respuestas_csv,
        name="escritorio_respuestas_csv",
    ),
    path("panel/participacion/<int:pk>/hojas/imprimir/", papel.imprimir, name="hojas_imprimir"),
    path("panel/participacion/<int:pk>/hojas/papel/", papel.papel, name="hojas_papel"),
    path("panel/participacion/<int:pk>/hojas/papel.pdf", papel.papel_pdf, name="hojas_pdf"),
    path("panel/participacion/<int:pk>/hojas/buscar/", papel.buscar_hoja, name="hoja_buscar"),
    path("panel/participacion/<int:pk>/hojas/<int:numero>/", papel.hoja, name="hoja"),
    path("panel/participacion/<int:pk>/hojas/<int:numero>/anular/", papel.anular_hoja, name="hoja_anular"),
    path("panel/participacion/<int:pk>/codigos/", papel.tanda_de_codigos, name="codigos"),
    # Comments on a consulta
    path("participa/<slug:slug>/aportes/", aportes.lista, name="aportes"),
    path("participa/<slug:slug>/aportes/recibido/", aportes.recibido, name="aporte_recibido"),
    path("participa/<slug:slug>/aportes.csv", aportes.descargar, name="aportes_csv"),
    path("panel/aportes/", escritorio_aportes.consultas, name="aportes_panel"),
    path("panel/aportes/uno/<uuid:pk>/", escritorio_aportes.moderar, name="aporte_moderar"),
    path("panel/aportes/<slug:slug>/", escritorio_aportes.consulta, name="aportes_de"),
    path("panel/aportes/<slug:slug>/papel/", escritorio_aportes.de_papel, name="aporte_de_papel"),
    path("panel/aportes/<slug:slug>/temas/<int:pk>/", escritorio_aportes.tema, name="aportes_tema"),
    # Topics of interest
    path("participa/temas/", temas.lista, name="temas"),
    path("participa/temas/proponer/", temas.proponer, name="proponer_tema"),
    path("participa/temas/propuesto/", temas.propuesto, name="tema_propuesto"),
    path("participa/temas/<slug:slug>/", temas.tema, name="tema"),
    path("participa/temas/<slug:slug>/apoyar/", temas.apoyar, name="apoyar_tema"),
    path("panel/temas/", temas.panel, name="temas_panel"),
    path("panel/temas/<int:pk>/", temas.revisar, name="tema_revisar"),
    # «¿Le fue útil esta página?»
    path("opinion/", opinion.opinion, name="opinion"),
    path("opinion/gracias/", opinion.gracias, name="opinion_gracias"),
    path("opinion/por-que/", opinion.por_que, name="opinion_por_que"),
    path("panel/opiniones/", opinion.lista, name="opiniones"),
    path("panel/opiniones/<uuid:pk>/", opinion.atender, name="opinion_atender"),
    # Subscriptions: what opens each page is its signed link
    path("suscripciones/", suscripciones.suscribirse, name="suscripciones"),
    path("suscripciones/revise-su-correo/", suscripciones.pedida, name="suscripcion_pedida"),
    path("suscripciones/<str:firma>/", suscripciones.preferencias, name="suscripcion"),
    path("suscripciones/<str:firma>/confirmar/", suscripciones.confirmar, name="confirmar_suscripcion"),
    path("suscripciones/<str:firma>/salir/", suscripciones.salir, name="salir_de_la_suscripcion"),
    # The bulletin of the week
    path("b/<int:pk>/", boletin.corta, name="corta"),
    path("boletin/", boletin.ultimo, name="boletin_ultimo"),
    path("boletin/<int:anio>/<int:semana>.txt", boletin.texto, name="boletin_txt"),
    path("boletin/<int:anio>/<int:semana>/", boletin.boletin, name="boletin"),
    path("boletin/<int:anio>/<int:semana>/hoja/", boletin.hoja, name="boletin_hoja"),
    path("panel/boletin/", escritorio_boletin.boletines, name="escritorio_boletines"),
    path("panel/boletin/<int:anio>/<int:semana>/", escritorio_boletin.boletin, name="escritorio_boletin"),
    path(
        "panel/boletin/<int:anio>/<int:semana>/correo/", escritorio_boletin.correo, name="previa_del_boletin"
    ),
    path(
        "panel/boletin/<int:anio>/<int:semana>/correo/<int:pk>/",
        escritorio_boletin.correo,
        name="previa_del_boletin_de",
    ),
    # Surveys and consultations: last, their addresses take any word
    path("participa/", consultas.participa, name="participa"),
    path("encuestas/", consultas.encuestas, name="encuestas"),
    path("encuestas/<slug:slug>/", consultas.consulta, {"encuesta": True}, name="encuesta"),
    path("encuestas/<slug:slug>/gracias/", consultas.gracias, {"encuesta": True}, name="encuesta_gracias"),
    path(
        "encuestas/<slug:slug>/resultados/",
        consultas.ver_resultados,
        {"encuesta": True},
        name="encuesta_resultados",
    ),
    path(
        "encuestas/<slug:slug>/resultados.csv",
        consultas.resultados_csv,
        {"encuesta": True},
        name="encuesta_resultados_csv",
    ),
    path("participa/<slug:slug>/", consultas.consulta, name="consulta"),
    path("participa/<slug:slug>/gracias/", consultas.gracias, name="consulta_gracias"),
    path("participa/<slug:slug>/resultados/", consultas.ver_resultados, name="consulta_resultados"),
    path("participa/<slug:slug>/resultados.csv", consultas.resultados_csv, name="consulta_resultados_csv"),
]
