from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from seguimiento.models import DocumentoDeEmpalme, Empalme, Fase, Indicador, InformeSemanal


class PaginasSitemap(Sitemap):
    def items(self):
        return ("gobierno_en_linea", "plan_de_accion", "empalmes_publicos", "informes", "uso")

    def location(self, item):
        return reverse(f"seguimiento:{item}")


class FasesSitemap(Sitemap):
    def items(self):
        return Fase.objects.order_by("pk")


class IndicadoresSitemap(Sitemap):
    def items(self):
        return Indicador.objects.del_plan_vigente().order_by("pk")


class InformesSitemap(Sitemap):
    """The weekly reports that anybody may read."""

    limit = 5000

    def items(self):
        return InformeSemanal.objects.publicos().defer("datos").order_by("pk")


class EmpalmesSitemap(Sitemap):
    """Each handover, and its documents that anybody may read."""

    def items(self):
        documentos = DocumentoDeEmpalme.objects.publicos().select_related("empalme__saliente").defer("datos")
        return [*Empalme.objects.select_related("saliente").order_by("pk"), *documentos.order_by("pk")]


SITEMAPS: dict[str, type[Sitemap]] = {
    "gobierno-en-linea": PaginasSitemap,
    "fases": FasesSitemap,
    "indicadores": IndicadoresSitemap,
    "informes-semanales": InformesSitemap,
    "empalmes": EmpalmesSitemap,
}
