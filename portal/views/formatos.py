"""The same content for machines: calendar and robots."""

from datetime import timedelta

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from icalendar import Calendar, Event

from portal.models import Publicacion
from portal.saneado import solo_texto
from portal.sitio import sitio_de


@require_safe
def agenda_ics(request):
    """Events from three months ago on, as RFC 5545."""
    municipio = sitio_de(request).municipio
    calendario = Calendar()
    calendario.add("prodid", f"-//Alcaldia de {municipio.nombre}//Agenda//ES")
    calendario.add("version", "2.0")
    calendario.add("x-wr-calname", f"Agenda de {municipio.nombre}")
    desde = timezone.now() - timedelta(days=90)
    for publicacion in (
        Publicacion.objects.eventos(desde=desde)
        .select_related("canal", "version_publica")
        .order_by("version_publica__evento_inicio")
    ):
        version = publicacion.version_publica
        evento = Event()
        evento.add("uid", f"publicacion-{publicacion.pk}@{request.get_host()}")
        evento.add("dtstamp", publicacion.actualizada_en)
        evento.add("dtstart", version.evento_inicio)
        evento.add("dtend", version.evento_fin)
        evento.add("summary", version.titulo)
        evento.add("description", version.resumen or solo_texto(version.cuerpo)[:500])
        evento.add("location", version.lugar)
        evento.add("url", request.build_absolute_uri(publicacion.get_absolute_url()))
        calendario.add_component(evento)
    return HttpResponse(calendario.to_ical(), content_type="text/calendar; charset=utf-8")


@require_safe
def robots(request):
    lineas = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /panel/",
        "Disallow: /buscar/",
        f"Sitemap: {request.build_absolute_uri('/sitemap.xml')}",
    ]
    return HttpResponse("\n".join(lineas) + "\n", content_type="text/plain; charset=utf-8")
