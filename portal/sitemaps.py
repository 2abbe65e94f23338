from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from portal.models import Canal, Dependencia, Publicacion

PAGINAS = ("inicio", "canales", "dependencias", "directorio", "agenda", "mapa", "politicas")


class PaginasSitemap(Sitemap):
    def items(self):
        return PAGINAS

    def location(self, item):
        return reverse(f"portal:{item}")


class CanalesSitemap(Sitemap):
    def items(self):
        return Canal.objects.publicos().filter(ruta="").order_by("pk")


class DependenciasSitemap(Sitemap):
    def items(self):
        return Dependencia.objects.filter(activa=True).order_by("pk")


class PublicacionesSitemap(Sitemap):
    limit = 5000

    def items(self):
        return Publicacion.objects.publicadas().select_related("canal").order_by("pk")

    def lastmod(self, item):
        return item.actualizada_en


#: By section. Other apps add theirs in their `ready()`.
SITEMAPS: dict[str, type[Sitemap]] = {
    "paginas": PaginasSitemap,
    "canales": CanalesSitemap,
    "dependencias": DependenciasSitemap,
    "publicaciones": PublicacionesSitemap,
}
