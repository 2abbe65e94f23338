from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from participacion.models import Consulta
from participacion.temas import publicos


class BoletinSitemap(Sitemap):
    """The news of the week and how to get them by mail."""

    def items(self):
        return ["boletin_ultimo", "suscripciones"]

    def location(self, item):
        return reverse(f"participacion:{item}")


class ParticipaSitemap(Sitemap):
    """What is asked now and what was asked."""

    limit = 5000

    def items(self):
        return [None, *Consulta.objects.publicas().order_by("pk")]

    def location(self, item):
        return item.get_absolute_url() if item else reverse("participacion:participa")


class TemasSitemap(Sitemap):
    """The topics that people propose."""

    limit = 5000

    def items(self):
        return [None, *publicos()]

    def location(self, item):
        return reverse("participacion:tema", args=[item.slug]) if item else reverse("participacion:temas")


SITEMAPS: dict[str, type[Sitemap]] = {
    "boletin": BoletinSitemap,
    "participa": ParticipaSitemap,
    "temas": TemasSitemap,
}
