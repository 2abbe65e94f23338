from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from tramites.catalogo import con_tramites
from tramites.models import Tramite


class PaginasSitemap(Sitemap):
    def items(self):
        return ("tramites", "situaciones", "avance", "racionalizacion")

    def location(self, item):
        return reverse(f"tramites:{item}")


class TramitesSitemap(Sitemap):
    limit = 5000

    def items(self):
        return Tramite.objects.publicos().order_by("pk")

    def lastmod(self, item):
        return item.publicado_en


class SituacionesSitemap(Sitemap):
    def items(self):
        return con_tramites().order_by("pk")


SITEMAPS: dict[str, type[Sitemap]] = {
    "catalogo": PaginasSitemap,
    "tramites": TramitesSitemap,
    "situaciones": SituacionesSitemap,
}
