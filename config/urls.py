"""All addresses. Each app brings its own."""

from django.urls import include, path

from portal.admin import sitio_admin

urlpatterns = [
    path("admin/", sitio_admin.urls),
    path("", include("seguimiento.urls")),
    path("", include("ventanilla.urls")),
    path("", include("tramites.urls")),
    path("", include("participacion.urls")),
    path("", include("conectividad.urls")),
    path("", include("portal.urls")),
]

handler400 = "portal.views.errores.solicitud_incorrecta"
handler403 = "portal.views.errores.prohibido"
handler404 = "portal.views.errores.no_encontrado"
handler500 = "portal.views.errores.falla"
