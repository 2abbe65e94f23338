from django.contrib.sitemaps.views import sitemap
from django.urls import path, register_converter

from portal.feeds import CanalFeed, NovedadesFeed
from portal.sitemaps import SITEMAPS
from portal.views import archivos, busqueda, calendario, formatos, lectura, publico, salud, soporte

app_name = "portal"


class NumeroDeActo:
    """`2026-0012`: year and number of an act."""

    regex = r"[0-9]{4}-[0-9]{4,6}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(NumeroDeActo, "numero")

urlpatterns = [
    path("", publico.inicio, name="inicio"),
    path("canales/", publico.canales, name="canales"),
    path("canales/responsables/", publico.responsables, name="responsables"),
    path("canales/<slug:slug>/", publico.canal, name="canal"),
    path("canales/<slug:slug>/rss/", CanalFeed(), name="canal_rss"),
    path("canales/<slug:canal>/<slug:slug>/", publico.publicacion, name="publicacion"),
    path("dependencias/", publico.dependencias, name="dependencias"),
    path("dependencias/directorio/", publico.directorio, name="directorio"),
    path("dependencias/<slug:slug>/", publico.dependencia, name="dependencia"),
    path("agenda/", publico.agenda, name="agenda"),
    path("agenda.ics", formatos.agenda_ics, name="agenda_ics"),
    path("calendario/<str:token>.ics", calendario.privado, name="calendario_privado"),
    path("buscar/", busqueda.buscar, name="buscar"),
    path("mapa-del-sitio/", publico.mapa, name="mapa"),
    path("sitemap.xml", sitemap, {"sitemaps": SITEMAPS}, name="sitemap"),
    path("robots.txt", formatos.robots, name="robots"),
    path("rss/", NovedadesFeed(), name="rss"),
    path("soporte/", soporte.tabla, name="soporte"),
    path("politicas/", publico.politicas, name="politicas"),
    path("politicas/<slug:_slug>/", publico.ruta_fija, name="politica"),
    path("autorizaciones/<numero:numero>/", publico.autorizacion, name="autorizacion"),
    path("archivos/<int:pk>/miniatura/", archivos.miniatura, name="miniatura"),
    path("archivos/<int:pk>/<slug:clase>-<int:ancho>.webp", archivos.rendicion, name="rendicion"),
    path("archivos/<int:pk>/<str:nombre>", archivos.archivo, name="archivo"),
    path("lectura/<str:secreto>/", lectura.lectura, name="lectura"),
    path("lectura/<str:secreto>/archivos/<int:pk>/<path:resto>", lectura.archivo, name="lectura_archivo"),
    path("escudo/", archivos.escudo, name="escudo"),
    path("salud/", salud.salud, name="salud"),
]
