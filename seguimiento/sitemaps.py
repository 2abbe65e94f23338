from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from seguimiento.models import Fase, Indicador


class PaginasSitemap(Sitemap):
    def items(self):
        return ("gobierno_en_linea", "plan_de_accion", "empalmes_publicos")

    def location(self, item):
        return reverse(f"seguimiento:{item}")


class FasesSitemap(Sitemap):
    def items(self):
        return Fase.objects.order_by("pk")


class IndicadoresSitemap(Sitemap):
    def items(self):
        return Indicador.objects.del_plan_vigente().order_by("pk")


SITEMAPS: dict[str, type[Sitemap]] = {
    "gobierno-en-linea": PaginasSitemap,
    "fases": FasesSitemap,
    "indicadores": IndicadoresSitemap,
}
