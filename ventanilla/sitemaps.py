from django.contrib.sitemaps import Sitemap
from django.urls import reverse


class VentanillaSitemap(Sitemap):
    """The doors: to file, to follow, to verify, and the figures. Nothing of what was filed."""

    def items(self):
        return ["pqrsd", "consulta", "verificar_buscar", "cifras"]

    def location(self, item):
        return reverse(f"ventanilla:{item}")


SITEMAPS: dict[str, type[Sitemap]] = {"ventanilla": VentanillaSitemap}
