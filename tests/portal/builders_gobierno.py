"""Governments around today, so that no test depends on the day on which it runs."""

from datetime import date, timedelta

from django.utils import timezone

from portal.models import Canal, PeriodoDeGobierno, Publicacion

HOY = timezone.localdate()
#: The last day of the government that left.
AYER = HOY - timedelta(days=1)


def crear_periodo(desde: date, hasta: date | None, nombre: str = "", **campos) -> PeriodoDeGobierno:
    nombre = nombre or f"Administración {desde:%Y}-{hasta or desde:%Y}"
    slug = nombre.removeprefix("Administración ").replace(" ", "-")
    periodo = PeriodoDeGobierno(nombre=nombre, slug=slug, desde=desde, hasta=hasta, **campos)
    periodo.full_clean()
    periodo.save()
    return periodo


def cambiar_de_gobierno(canal: Canal, *, ayer: date = AYER) -> tuple[PeriodoDeGobierno, PeriodoDeGobierno]:
    """The one that left on that day and the one that governs; the channel speaks of their management."""
    Canal.objects.filter(pk=canal.pk).update(politico=True)
    canal.refresh_from_db()
    saliente = crear_periodo(ayer - timedelta(days=700), ayer, "Administración saliente")
    entrante = crear_periodo(ayer + timedelta(days=1), None, "Administración entrante")
    return saliente, entrante


def llevar_al_periodo_anterior(*publicaciones: Publicacion, dias: int = 10) -> None:
    """As if they had begun, and been published, that many days ago."""
    antes = timezone.now() - timedelta(days=dias)
    for publicacion in publicaciones:
        campos = {"creada_en": antes}
        if publicacion.publicada_en:
            campos["publicada_en"] = antes
        Publicacion.objects.filter(pk=publicacion.pk).update(**campos)
        publicacion.refresh_from_db()
