from datetime import datetime

from django.contrib.syndication.views import Feed
from django.http import Http404
from django.utils import timezone

from portal import gobierno
from portal.models import Canal, Publicacion
from portal.saneado import solo_texto
from portal.sitio import Sitio, sitio_de

ENTRADAS = 30


class NovedadesFeed(Feed):
    """RSS of the whole site."""

    link = "/"

    def get_object(self, request):
        return sitio_de(request)

    def title(self, sitio: Sitio) -> str:
        return f"Alcaldía de {sitio.municipio.nombre}: novedades"

    def description(self, sitio: Sitio) -> str:
        return f"Lo último que publicó la alcaldía de {sitio.municipio.nombre}."

    def items(self, _objeto):
        return self._ultimas(Publicacion.objects.publicadas())

    def _ultimas(self, publicaciones):
        enteras = publicaciones.recientes_primero().select_related("canal", "dependencia", "version_publica")
        ultimas, sitio = list(enteras[:ENTRADAS]), Sitio()
        for item in ultimas:
            item.anterior = gobierno.anterior(item, lambda: sitio.periodos, timezone.localdate())
        return ultimas

    def item_title(self, item: Publicacion) -> str:
        return item.version_publica.titulo

    def item_description(self, item: Publicacion) -> str:
        version = item.version_publica
        return version.resumen or solo_texto(version.cuerpo)[:300]

    def item_pubdate(self, item: Publicacion) -> datetime | None:
        return item.publicada_en

    def item_updateddate(self, item: Publicacion) -> datetime | None:
        return item.actualizada_en

    def item_author_name(self, item: Publicacion) -> str:
        return item.dependencia.nombre

    def item_categories(self, item: Publicacion) -> list[str]:
        """Its channel and, when it is of a government that ended, whose it is."""
        return [item.canal.nombre, *([f"De la {item.anterior}"] if item.anterior else [])]


class CanalFeed(NovedadesFeed):
    """RSS of one channel."""

    def get_object(self, request, slug):
        try:
            return sitio_de(request).canales[slug]
        except KeyError:
            raise Http404 from None

    def title(self, canal: Canal) -> str:
        return canal.nombre

    def link(self, canal: Canal) -> str:
        return canal.get_absolute_url()

    def description(self, canal: Canal) -> str:
        return canal.descripcion

    def items(self, canal: Canal):
        return self._ultimas(canal.publicaciones.publicadas())
