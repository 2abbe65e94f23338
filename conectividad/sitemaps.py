from django.contrib.sitemaps import Sitemap
from django.urls import reverse

from conectividad.models import Enlace


class EnlacesSitemap(Sitemap):
    """The state of the lines, and each of them."""

    def items(self):
        return [None, *Enlace.objects.activos()]

    def location(self, item):
        return item.get_absolute_url() if item else reverse("conectividad:conectividad")


SITEMAPS: dict[str, type[Sitemap]] = {"conectividad": EnlacesSitemap}
