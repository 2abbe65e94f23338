"""Comparing two texts of a publication, reading all that happened to it, and bringing an earlier text back.

Who may read a text may read this of it; to bring one back, a post must write in the channel.
"""

from functools import partial

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from portal import gobierno, services
from portal.alcance import alcance_de
from portal.flujo import TransicionRechazada
from portal.hojas_de_calculo import TablaRechazada, a_csv, a_xlsx
from portal.models import Asignacion, Canal, Version
from portal.redaccion.comparacion import comparar, linea_de_tiempo

COLUMNAS = ("Fecha", "Hora", "Texto n.º", "Qué pasó", "Quién", "Cargo", "Por qué", "Huella (SHA-256)")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def rutas(admin) -> list[URLPattern]:
    """The addresses of a text under that ModelAdmin."""

    def vista(funcion, decorador):
        return admin.admin_site.admin_view(decorador(partial(funcion, admin)))

    return [
        path("<int:pk>/comparar/", vista(pagina, require_safe), name="portal_version_comparar"),
        path("<int:pk>/restaurar/", vista(restaurar, require_POST), name="portal_version_restaurar"),
        path("<int:pk>/historia-completa/", vista(historia, require_safe), name="portal_version_historia"),
        path(
            "<int:pk>/historia-completa.csv", vista(en_csv, require_safe), name="portal_version_historia_csv"
        ),
        path(
            "<int:pk>/historia-completa.xlsx",
            vista(en_xlsx, require_safe),
            name="portal_version_historia_xlsx",
        ),
    ]


def contexto(request, version: Version) -> dict[str, object]:
    """What the page of a text needs of here: whether there is another to compare it with. One query."""
    otros = Version.objects.filter(publicacion=version.publicacion_id).exclude(pk=version.pk)
    return {"hay_otros_textos": otros.exists()}


def _leer(admin, request, pk: int) -> tuple[Version, list[Version]]:
    """The text and all those of its publication, by number. Raises Http404 when they may not read it."""
    version = admin.get_queryset(request).filter(pk=pk).first()
    if version is None:
        raise Http404
    textos = list(admin.get_queryset(request).filter(publicacion=version.publicacion_id).order_by("numero"))
    return version, textos


def _pedido(clave: str, textos: list[Version]) -> Version:
    """The one of `textos` whose key was asked for. Raises Http404."""
    for texto in textos:
        if str(texto.pk) == clave:
            return texto
    raise Http404


def _por_omision(version: Version, textos: list[Version]) -> Version | None:
    """What to compare it with: what the public reads; or the one before, or after, when it is that one."""
    otros = [texto for texto in textos if texto.pk != version.pk]
    publica = [texto for texto in otros if texto.pk == version.publicacion.version_publica_id]
    anteriores = [texto for texto in otros if texto.numero < version.numero]
    candidatos = publica or anteriores or otros[:1]
    return candidatos[-1] if candidatos else None


def restaurables(request, textos: list[Version]) -> list[Version]:
    """Those that this person may bring back: sent, and older than the latest that was not discarded."""
    vivos = [texto for texto in textos if texto.estado != Version.Estado.DESCARTADA]
    canales = Canal.objects.que_puede(request.user, Asignacion.Funcion.AUTOR)
    if not vivos or not canales.filter(pk=vivos[0].publicacion.canal_id).exists():
        return []
    if not gobierno.sigue(alcance_de(request.user), vivos[0].publicacion, Asignacion.Funcion.AUTOR):
        return []
    return [texto for texto in textos if texto.enviada_en and texto.numero < vivos[-1].numero]


def pagina(admin, request, pk: int):
    """The text of `?con=` (what the public reads, unless asked) beside this one. Only what changed."""
    version, textos = _leer(admin, request, pk)
    con = request.GET.get("con", "")
    antes = _pedido(con, textos) if con else _por_omision(version, textos)
    if elegido := request.GET.get("texto"):
        direccion = reverse("admin:portal_version_comparar", args=[_pedido(elegido, textos).pk])
        return redirect(f"{direccion}?con={antes.pk}" if antes else direccion)
    campos = comparar(antes, version) if antes else []
    todo = "todo" in request.GET
    datos = admin.admin_site.each_context(request) | {
        "title": f"Comparar: {version}",
        "opts": admin.opts,
        "version": version,
        "antes": antes,
        "textos": textos,
        "campos": [campo for campo in campos if todo or campo.cambio],
        "iguales": [campo.rotulo for campo in campos if not campo.cambio],
        "todo": todo,
        "restaurables": [texto for texto in restaurables(request, textos) if texto in {antes, version}],
    }
    return TemplateResponse(request, "admin/portal/version/comparar.html", datos)


def restaurar(admin, request, pk: int):
    """Bring an earlier text back as a new draft; one that is already open is offered instead."""
    version, _textos = _leer(admin, request, pk)
    try:
        nueva = services.restaurar(version, por=request.user)
    except services.YaHayTextoEnCamino as rechazo:
        messages.info(request, str(rechazo))
        return redirect(rechazo.version.get_absolute_url())
    except TransicionRechazada as rechazo:
        messages.error(request, str(rechazo))
        return admin.revisar(request, version, status=409)
    messages.success(
        request,
        f"Este borrador nuevo dice lo que decía el texto n.º {version.numero}. Todavía no se ha enviado.",
    )
    return redirect(nueva.get_absolute_url())


def historia(admin, request, pk: int):
    """Every step of every text of the publication, in one line."""
    version, textos = _leer(admin, request, pk)
    datos = admin.admin_site.each_context(request) | {
        "title": f"Historia completa: {version}",
        "opts": admin.opts,
        "version": version,
        "publicacion": version.publicacion,
        "momentos": linea_de_tiempo(version.publicacion),
        "restaurables": restaurables(request, textos),
    }
    return TemplateResponse(request, "admin/portal/version/comparar_historia.html", datos)


def en_csv(admin, request, pk: int):
    version, _textos = _leer(admin, request, pk)
    return _descarga("\ufeff" + a_csv(COLUMNAS, _filas(version)), "text/csv; charset=utf-8", version, "csv")


def en_xlsx(admin, request, pk: int):
    version, _textos = _leer(admin, request, pk)
    try:
        libro = a_xlsx("Historia", COLUMNAS, _filas(version))
    except TablaRechazada as rechazo:
        messages.error(request, str(rechazo))
        return redirect("admin:portal_version_historia", version.pk)
    return _descarga(libro, _XLSX, version, "xlsx")


def _descarga(contenido: str | bytes, tipo: str, version: Version, extension: str) -> HttpResponse:
    nombre = f"historia-{version.publicacion.slug}.{extension}"
    cabeceras = {"Content-Disposition": f'attachment; filename="{nombre}"'}
    return HttpResponse(contenido, content_type=tipo, headers=cabeceras)


def _filas(version: Version) -> list[list[str]]:
    filas = []
    for momento in linea_de_tiempo(version.publicacion):
        en = timezone.localtime(momento.en)
        numero = str(momento.texto or "")
        quien = (momento.que, momento.quien, momento.cargo, momento.porque, momento.huella)
        filas.append([f"{en:%d/%m/%Y}", f"{en:%H:%M}", numero, *quien])
    return filas
