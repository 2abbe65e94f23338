"""A text that is not public yet, on the page that the citizen will see; and, by a secret link, remarks."""

import re
from uuid import uuid4

from django import forms
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.flujo import TransicionRechazada
from portal.models import EnlaceDeLectura, Version
from portal.models.version import FUE_PUBLICA
from portal.redaccion import lectura as enlaces
from portal.secretos import reservado
from portal.views.publico import contexto_de


class ObservacionForm(forms.Form):
    """A signed remark. `huella` is that of what was read; `clave` tells a second sending of the same."""

    clave = forms.UUIDField(widget=forms.HiddenInput)
    huella = forms.CharField(max_length=64, widget=forms.HiddenInput)
    texto = forms.CharField(
        label="Su observación",
        max_length=enlaces.LARGO_DE_OBSERVACION,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="Por ejemplo: falta decir a qué hora empieza.",
        error_messages={"required": "Escriba su observación."},
    )
    firma = forms.CharField(
        label="Su nombre y apellidos",
        max_length=enlaces.LARGO_DE_FIRMA,
        error_messages={"required": "Escriba su nombre: con él firma su observación."},
    )

    def con_lo_de_ahora(self, huella: str) -> None:
        """Once the change is on the screen, what will be sent next is about what is read now."""
        self.data = self.data.copy()
        self.data["huella"] = huella


def como_se_vera(version: Version) -> dict[str, object]:
    """The context of its public page as if it were published at its hour, or now. Nothing is saved."""
    publicacion = version.publicacion
    if version.estado not in FUE_PUBLICA:
        sale = version.programada_para or timezone.now()
        menor = version.cambio_menor and publicacion.version_publica_id and not publicacion.retirada_en
        publicacion.publicada_en = publicacion.publicada_en or sale
        if not menor:
            publicacion.actualizada_en = publicacion.revisada_en = sale
        publicacion.retirada_en, publicacion.retirada_clase = None, ""
    return contexto_de(publicacion, version)


# --- By a secret link ---------------------------------------------------------------------------
@reservado
@require_http_methods(["GET", "HEAD", "POST"])
def lectura(request, secreto):
    """The text as it will be read, and a form for signed remarks. A link that is dead in any way: 404."""
    enlace = enlaces.abrir(secreto) if request.method == "GET" else enlaces.hallar(secreto)
    if enlace is None:
        return _cerrada(request)
    huella, estado = enlace.version.huella(), 200
    form = ObservacionForm(request.POST or None, initial={"clave": uuid4(), "huella": huella})
    if request.method == "POST":
        estado = 422
        if form.is_valid():
            try:
                enlaces.observar(enlace, **form.cleaned_data)
            except TransicionRechazada as rechazo:
                if (enlace := enlaces.hallar(secreto)) is None:
                    return _cerrada(request)
                form.add_error(None, str(rechazo))
                form.con_lo_de_ahora(enlace.version.huella())
                estado = 409
            else:
                return redirect(f"{request.path}?recibida=1#observaciones")
    return _pagina(request, secreto, enlace, form, estado)


def _cerrada(request) -> HttpResponse:
    return render(request, "portal/lectura_cerrada.html", status=404)


def _pagina(
    request, secreto: str, enlace: EnlaceDeLectura, form: ObservacionForm, estado: int
) -> HttpResponse:
    contexto = como_se_vera(enlace.version) | {
        "enlace": enlace,
        "form": form,
        "observaciones": enlace.observaciones.all(),
        "recibida": "recibida" in request.GET,
    }
    pagina = render_to_string("portal/lectura.html", contexto, request)
    adjuntos = [*contexto["imagenes"], *contexto["documentos"]]
    return HttpResponse(_con_archivos_prestados(pagina, secreto, [a.pk for a in adjuntos]), status=estado)


def _con_archivos_prestados(pagina: str, secreto: str, adjuntos: list[int]) -> str:
    """The page with the addresses of those files under that of the link, in whatever attribute they are."""
    if not adjuntos:
        return pagina
    base = reverse("portal:lectura", args=[secreto])
    suyos = "|".join(map(str, adjuntos))
    return re.sub(rf'(?<=[" ])/(?=archivos/(?:{suyos})/)', base, pagina)


@reservado
@require_safe
def archivo(request, secreto, pk, resto):
    """A file of the text, as `portal.views.archivos` delivers it. Raises Http404 for any other."""
    enlace = enlaces.hallar(secreto)
    if enlace is None or not enlace.version.adjuntos.filter(pk=pk).exists():
        raise Http404
    try:
        vista, args, kwargs = resolve(f"/archivos/{pk}/{resto}")
    except Resolver404 as error:
        raise Http404 from error
    request.texto_prestado = enlace.version_id
    return vista(request, *args, **kwargs)
