"""A text as the citizen will see it, and the secret links with which people without an account read it."""

from functools import partial

from csp.constants import SELF
from csp.decorators import csp_replace
from django import forms
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST, require_safe

from portal.flujo import TransicionRechazada
from portal.models import EnlaceDeLectura, Version
from portal.models.version import ABIERTAS, FUE_PUBLICA
from portal.redaccion import lectura
from portal.views.lectura import como_se_vera


class LectorForm(forms.Form):
    """Who will read, and for how long."""

    para = forms.CharField(
        label="Para quién",
        max_length=EnlaceDeLectura._meta.get_field("para").max_length,
        help_text=EnlaceDeLectura._meta.get_field("para").help_text,
        error_messages={"required": "Escriba para quién es el enlace."},
    )
    dias = forms.IntegerField(
        label="Días que sirve", min_value=1, max_value=lectura.DIAS_MAXIMOS, initial=lectura.DIAS
    )


def rutas(admin) -> list[URLPattern]:
    """The addresses of a text under that ModelAdmin. Only the preview may be framed, and only by the site."""

    def vista(funcion, *decoradores):
        ligada = partial(funcion, admin)
        for decorador in decoradores:
            ligada = decorador(ligada)
        return admin.admin_site.admin_view(ligada)

    en_marco = (require_safe, csp_replace({"frame-ancestors": [SELF]}), xframe_options_sameorigin)
    con_marco = (require_safe, csp_replace({"frame-src": [SELF]}))
    return [
        path("<int:pk>/vista-previa/", vista(previa, *en_marco), name="portal_version_vista_previa"),
        path("<int:pk>/vista-previa/anchos/", vista(anchos, *con_marco), name="portal_version_anchos"),
        path("<int:pk>/lectores/", vista(dar_enlace, require_POST), name="portal_version_lectores"),
        path(
            "<int:pk>/lectores/<int:enlace>/revocar/",
            vista(revocar, require_POST),
            name="portal_version_revocar_lectura",
        ),
    ]


def contexto(request, version: Version) -> dict[str, object]:
    """The links of a text with their remarks; the form to give one, to whoever may. Five queries at most."""
    enlaces = list(
        version.enlaces_de_lectura.select_related("creado_por", "revocado_por").prefetch_related(
            "observaciones"
        )
    )
    huella = version.huella() if any(enlace.observaciones.all() for enlace in enlaces) else ""
    for enlace in enlaces:
        enlace.version = version
        enlace.abre = enlace.vigente()
        enlace.dichas = list(enlace.observaciones.all())
        for dicha in enlace.dichas:
            dicha.de_antes = dicha.huella != huella
    puede = version.estado in ABIERTAS and lectura.puede_dar_enlaces(request.user, version)
    return {"lectores": enlaces, "lector_form": LectorForm(auto_id="lector-%s") if puede else None}


def _version(admin, request, pk: int) -> Version:
    """The text, with all that its public page shows. Raises Http404 when they may not read it."""
    legibles = admin.get_queryset(request).select_related(
        "publicacion__canal__dependencia",
        "publicacion__dependencia",
        "publicacion__unificada_con__canal",
        "enviada_como",
        "autorizacion__cargo",
    )
    version = legibles.filter(pk=pk).first()
    if version is None:
        raise Http404
    return version


def previa(admin, request, pk: int):
    """The very page that the public will see, with a notice."""
    version = _version(admin, request, pk)
    datos = como_se_vera(version) | {"sin_publicar": version.estado not in FUE_PUBLICA}
    respuesta = render(request, "admin/portal/version/vista_previa.html", datos)
    respuesta.headers["X-Robots-Tag"] = "noindex, nofollow"
    return respuesta


def anchos(admin, request, pk: int):
    """The preview in a frame, as wide as a phone or as a computer."""
    version = _version(admin, request, pk)
    datos = admin.admin_site.each_context(request) | {
        "title": f"Cómo quedará: {version}",
        "opts": admin.opts,
        "version": version,
    }
    return TemplateResponse(request, "admin/portal/version/vista_previa_anchos.html", datos)


def dar_enlace(admin, request, pk: int):
    """A new link. Its address is shown once, on the answer to the form."""
    version = _version(admin, request, pk)
    form = LectorForm(request.POST, auto_id="lector-%s")
    if not form.is_valid():
        return _pagina_del_enlace(admin, request, version, status=422, lector_form=form)
    try:
        enlace, secreto = lectura.crear_enlace(version, por=request.user, **form.cleaned_data)
    except TransicionRechazada as rechazo:
        form.add_error(None, str(rechazo))
        return _pagina_del_enlace(admin, request, version, status=409, lector_form=form)
    return _pagina_del_enlace(
        admin,
        request,
        version,
        enlace=enlace,
        direccion=request.build_absolute_uri(reverse("portal:lectura", args=[secreto])),
        hasta=date_format(timezone.localtime(enlace.vence_en), r"j \d\e F").lower(),
    )


def _pagina_del_enlace(admin, request, version: Version, *, status=200, **datos):
    datos |= admin.admin_site.each_context(request) | {
        "title": "Pedir la opinión de alguien de afuera",
        "opts": admin.opts,
        "version": version,
    }
    return TemplateResponse(request, "admin/portal/version/vista_previa_enlace.html", datos, status=status)


def revocar(admin, request, pk: int, enlace: int):
    """It opens nothing from now on."""
    version = _version(admin, request, pk)
    suyo = version.enlaces_de_lectura.filter(pk=enlace).first()
    if suyo is None:
        raise Http404
    try:
        lectura.revocar(suyo, por=request.user)
    except TransicionRechazada as rechazo:
        messages.error(request, str(rechazo))
        return admin.revisar(request, version, status=409)
    messages.success(request, f"El enlace de {suyo.para} ya no abre nada.")
    return redirect(f"{version.get_absolute_url()}?ver=1")
