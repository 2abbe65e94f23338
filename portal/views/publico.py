"""What the citizen reads. Every page costs a constant number of queries."""

from django.core.paginator import Paginator
from django.db.models import F, Prefetch
from django.http import Http404, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.models import (
    Autorizacion,
    Canal,
    Cargo,
    Dependencia,
    DireccionAnterior,
    Publicacion,
    Titularidad,
    Version,
)
from portal.models.canal import Tipo
from portal.models.version import FUE_PUBLICA
from portal.sitio import sitio_de

POR_PAGINA = 20
#: Kinds that are news by themselves; the rest is found in its channel.
NOVEDADES = (Tipo.NOTICIA, Tipo.DOCUMENTO, Tipo.PAGINA, Tipo.ALBUM)


def _pagina(request, consulta, por_pagina=POR_PAGINA):
    return Paginator(consulta, por_pagina).get_page(request.GET.get("pagina"))


@require_safe
def inicio(request):
    ahora = timezone.now()
    publicadas = Publicacion.objects.publicadas()
    return render(
        request,
        "portal/inicio.html",
        {
            "novedades": publicadas.filter(tipo__in=NOVEDADES).recientes_primero().para_tarjetas()[:6],
            "eventos": Publicacion.objects.eventos(desde=ahora)
            .order_by("version_publica__evento_inicio")
            .para_tarjetas()[:4],
        },
    )


@require_safe
def canales(request):
    return render(request, "portal/canales.html")


@require_safe
def responsables(request):
    """The update matrix, published: the annex that the plan of 2008 announced."""
    asignaciones = (
        Canal.objects.publicos().select_related("dependencia").prefetch_related("asignaciones__cargo")
    )
    return render(request, "portal/responsables.html", {"canales": asignaciones})


def _canal_o_404(request, slug: str) -> Canal:
    try:
        return sitio_de(request).canales[slug]
    except KeyError:
        raise Http404 from None


#: Channels that show everything on one page, each with the order in which it is read.
ENTEROS: dict[str, str] = {
    Canal.Listado.PREGUNTAS: "pk",
    Canal.Listado.GLOSARIO: "version_publica__titulo__unaccent",
    Canal.Listado.ENLACES: "version_publica__titulo__unaccent",
}


@require_safe
def canal(request, slug):
    canal = _canal_o_404(request, slug)
    if canal.ruta:
        return HttpResponsePermanentRedirect(canal.ruta)
    publicaciones = canal.publicaciones.publicadas().select_related("canal", "dependencia", "version_publica")
    if orden := ENTEROS.get(canal.listado):
        pagina = _pagina(request, publicaciones.order_by(orden), 500)
    else:
        if canal.listado == Canal.Listado.DOCUMENTOS:
            fecha = F("version_publica__norma_fecha").desc(nulls_last=True)
            publicaciones = publicaciones.order_by(fecha, "-actualizada_en", "-pk")
        else:
            publicaciones = publicaciones.recientes_primero()
        pagina = _pagina(request, publicaciones.defer("version_publica__cuerpo"))
    hijos = [hijo for hijo in sitio_de(request).canales.values() if hijo.padre_id == canal.pk]
    return render(
        request,
        f"portal/canal_{canal.listado}.html",
        {"canal": canal, "pagina": pagina, "hijos": hijos},
    )


_PARA_LEER = (
    "canal",
    "dependencia",
    "version_publica__enviada_como",
    "version_publica__autorizacion__cargo",
    "unificada_con__canal",
)


@require_safe
def publicacion(request, canal, slug):
    """A publication at its address; an address it had leads to the one it has."""
    canal = _canal_o_404(request, canal)
    hallada = (
        canal.publicaciones.filter(slug=slug, version_publica__isnull=False)
        .select_related(*_PARA_LEER)
        .first()
    )
    if hallada is None:
        anterior = get_object_or_404(
            DireccionAnterior.objects.select_related("publicacion__canal"), canal=canal, slug=slug
        )
        return HttpResponsePermanentRedirect(anterior.publicacion.get_absolute_url())
    if hallada.ruta_fija:
        return HttpResponsePermanentRedirect(hallada.ruta_fija)
    return leer(request, hallada)


@require_safe
def ruta_fija(request, _slug=""):
    """The pages that the law or the plan ask for at a known place: /soporte/, /politicas/…"""
    return leer(request, get_object_or_404(publicaciones_de_ruta_fija(), ruta_fija=request.path))


def publicaciones_de_ruta_fija():
    """Those that are or were public at an address of their own."""
    return Publicacion.objects.filter(
        version_publica__isnull=False, canal__publico=True, canal__activo=True, ruta_fija__isnull=False
    ).select_related(*_PARA_LEER)


def leer(request, publicacion: Publicacion):
    """The page of what is or was public: its text, a notice of withdrawal or the way to another."""
    if publicacion.retirada_clase == Publicacion.Retiro.UNIFICADA:
        return HttpResponsePermanentRedirect(publicacion.unificada_con.get_absolute_url())
    if publicacion.retirada_clase == Publicacion.Retiro.ERROR:
        return render(request, "portal/publicacion_retirada.html", {"publicacion": publicacion}, status=410)
    return render(request, "portal/publicacion.html", contexto_de(publicacion, publicacion.version_publica))


def contexto_de(publicacion: Publicacion, version: Version) -> dict[str, object]:
    """All that `portal/publicacion.html` shows of that text."""
    adjuntos = list(version.adjuntos_con_rendiciones())
    return {
        "publicacion": publicacion,
        "version": version,
        "autorizacion": getattr(version, "autorizacion", None),
        "imagenes": [adjunto for adjunto in adjuntos if adjunto.es_imagen],
        "documentos": [adjunto for adjunto in adjuntos if not adjunto.es_imagen],
    }


@require_safe
def politicas(request):
    paginas = Publicacion.objects.publicadas().filter(ruta_fija__startswith="/politicas/")
    return render(
        request,
        "portal/politicas.html",
        {"paginas": paginas.para_tarjetas().order_by("version_publica__titulo__unaccent")},
    )


@require_safe
def autorizacion(request, numero):
    """The act, printable. Public once its text was; before that, only for whoever may enter."""
    anio, consecutivo = numero.split("-")
    acto = get_object_or_404(
        Autorizacion.objects.select_related(
            "version__publicacion__canal",
            "version__publicacion__dependencia",
            "version__enviada_como",
            "cargo__dependencia",
            "persona",
        ),
        anio=anio,
        consecutivo=consecutivo,
    )
    version = acto.version
    a_la_vista = Publicacion.objects.visibles().filter(pk=version.publicacion_id).exists()
    es_suya = Version.objects.legibles_por(request.user).filter(pk=version.pk).exists()
    if version.estado not in FUE_PUBLICA and not es_suya:
        raise Http404
    # What was withdrawn by error or hidden leaves its act, without its title nor its files.
    return render(request, "portal/autorizacion.html", {"acto": acto, "legible": a_la_vista or es_suya})


# --- The alcaldía -------------------------------------------------------------------------------
def _con_titulares():
    vigentes = Titularidad.objects.vigentes().select_related("persona")
    return Prefetch(
        "cargos",
        Cargo.objects.filter(activo=True).prefetch_related(
            Prefetch("titularidades", vigentes, to_attr="vigentes")
        ),
        to_attr="cargos_activos",
    )


@require_safe
def dependencias(request):
    return render(request, "portal/dependencias.html")


@require_safe
def directorio(request):
    todas = Dependencia.objects.filter(activa=True).prefetch_related(_con_titulares())
    return render(request, "portal/directorio.html", {"dependencias": todas})


@require_safe
def dependencia(request, slug):
    hallada = get_object_or_404(
        Dependencia.objects.filter(activa=True).prefetch_related(_con_titulares()), slug=slug
    )
    sitio = sitio_de(request)
    return render(
        request,
        "portal/dependencia.html",
        {
            "dependencia": hallada,
            "superior": next((d for d in sitio.dependencias.values() if d.pk == hallada.padre_id), None),
            "canales": [c for c in sitio.canales.values() if c.dependencia_id == hallada.pk],
        },
    )


@require_safe
def agenda(request):
    """What is coming, soonest first; or with `?pasados=1` what was, latest first."""
    ahora = timezone.now()
    pasados = bool(request.GET.get("pasados"))
    if pasados:
        eventos = (
            Publicacion.objects.eventos()
            .filter(version_publica__evento_fin__lt=ahora)
            .order_by("-version_publica__evento_inicio")
        )
    else:
        eventos = Publicacion.objects.eventos(desde=ahora).order_by("version_publica__evento_inicio")
    return render(
        request,
        "portal/agenda.html",
        {"pagina": _pagina(request, eventos.para_tarjetas()), "pasados": pasados},
    )


@require_safe
def mapa(request):
    return render(request, "portal/mapa.html")
