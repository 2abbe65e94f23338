"""The handover: its desk, and what anybody reads of it."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.escritorio import con_sesion
from portal.flujo import SinPermiso, TransicionRechazada
from portal.pdf import hay_pdf
from seguimiento.empalme import documento as servicio
from seguimiento.empalme import proceso
from seguimiento.empalme.archivos import a_pdf, a_zip, contexto_de
from seguimiento.empalme.formularios import (
    ActaForm,
    ActividadForm,
    EmpalmeForm,
    EntranteForm,
    FirmaForm,
    ObservacionForm,
    VentanaForm,
)
from seguimiento.models import ActividadDeEmpalme, DocumentoDeEmpalme, Empalme
from seguimiento.panel import Mirada, mirada_de

LEER_Y_ESCRIBIR = ["GET", "HEAD", "POST"]
#: Of what was sent to the desk: 200 was not sent, 422 is wrong, 409 came too late.
BIEN, MAL, TARDE = 200, 422, 409


# --- What anybody reads ---------------------------------------------------------------------------
def _empalmes():
    """Newest first, with how many take part today."""
    vinculados = Count(
        "funcionarios", filter=Q(funcionarios__vinculado_en__lte=timezone.localdate()), distinct=True
    )
    return Empalme.objects.select_related("saliente", "entrante").annotate(
        entrantes=Count("funcionarios", distinct=True), vinculados=vinculados
    )


@require_safe
def empalmes_publicos(request):
    return render(request, "seguimiento/empalmes_publicos.html", {"empalmes": _empalmes()})


@require_safe
def empalme_publico(request, slug):
    empalme = get_object_or_404(Empalme.objects.select_related("saliente", "entrante"), saliente__slug=slug)
    actividades = empalme.actividades.select_related("responsable").annotate(asistieron=Count("asistencia"))
    documentos = empalme.documentos.publicos().select_related("publicacion__canal").defer("datos")
    contexto = {
        "empalme": empalme,
        "actividades": actividades,
        "vinculados": proceso.vinculados(empalme),
        "documentos": documentos,
    }
    return render(request, "seguimiento/empalme_publico.html", contexto)


def _publico(slug: str, anio: int, consecutivo: int) -> DocumentoDeEmpalme:
    return get_object_or_404(
        DocumentoDeEmpalme.objects.publicos().select_related("empalme__saliente", "publicacion__canal"),
        **_cual(slug, anio, consecutivo),
    )


def _cual(slug: str, anio: int, consecutivo: int) -> dict[str, Any]:
    return {"empalme__saliente__slug": slug, "anio": anio, "consecutivo": consecutivo}


@require_safe
def documento_publico(request, slug, anio, consecutivo):
    documento = _publico(slug, anio, consecutivo)
    contexto = contexto_de(documento, entero=False) | {"hay_pdf": hay_pdf()}
    return render(request, "seguimiento/empalme_documento_publico.html", contexto)


@require_safe
def archivo_publico(request, slug, anio, consecutivo, formato):
    return _archivo(_publico(slug, anio, consecutivo), formato, entero=False)


def _archivo(documento: DocumentoDeEmpalme, formato: str, *, entero: bool) -> HttpResponse:
    """As PDF or ZIP. Where this machine cannot make a PDF, 404: the page prints the same and offers none."""
    hacer: dict[str, tuple[Callable[..., bytes], str]] = {
        "pdf": (a_pdf, "application/pdf"),
        "zip": (a_zip, "application/zip"),
    }
    if formato not in hacer or (formato == "pdf" and not hay_pdf()):
        raise Http404
    dibujar, tipo = hacer[formato]
    nombre = f"documento-de-empalme-{documento.numero}{'-completo' if entero else ''}.{formato}"
    return HttpResponse(
        dibujar(documento, entero=entero),
        content_type=tipo,
        headers={"Content-Disposition": f'attachment; filename="{nombre}"'},
    )


# --- The desk: who, and how what is sent is told -----------------------------------------------------
def _mirada(request, empalme: Empalme | None = None) -> Mirada:
    """Of whoever may read the desk, or that handover. Raises PermissionDenied for the rest."""
    mirada = mirada_de(request.user)
    if not proceso.puede_leer(request.user, mirada, empalme):
        raise PermissionDenied
    return mirada


def _mirada_de_quien_lleva(request, empalme: Empalme | None = None) -> Mirada:
    """Likewise; and only who heads Secretaría General sends anything."""
    mirada = _mirada(request, empalme)
    if request.method == "POST" and not mirada.es_secretaria:
        raise PermissionDenied
    return mirada


def _empalme(slug: str) -> Empalme:
    return get_object_or_404(Empalme.objects.select_related("saliente", "entrante"), saliente__slug=slug)


class Mesa:
    """The forms of a page of the desk, by name; `recibir` takes in the one that was sent, named in `que`."""

    def __init__(self, request, formularios: dict[str, Callable[..., Any]]):
        self.request, self.fabricas = request, formularios
        self.formularios = {que: fabrica(prefix=que) for que, fabrica in formularios.items()}
        self.estado, self.enviado = BIEN, ""

    def recibir(self, hacer: dict[str, Callable[[dict[str, Any]], str]]) -> bool:
        """Whether it was done. If not, it is on the page with the reason, as it was typed.

        Raises PermissionDenied for who may not, Http404 for what is no form of the page.
        """
        self.enviado = self.request.POST.get("que", "")
        if self.enviado not in self.fabricas or self.enviado not in hacer:
            raise Http404
        form = self.fabricas[self.enviado](self.request.POST, prefix=self.enviado)
        self.formularios[self.enviado] = form
        if not form.is_valid():
            self.estado = MAL
            return False
        try:
            hecho = hacer[self.enviado](form.cleaned_data)
        except SinPermiso as rechazo:
            raise PermissionDenied(str(rechazo)) from rechazo
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            self.estado = TARDE
            return False
        except ValidationError as error:
            _anotar(form, error)
            self.estado = MAL
            return False
        messages.success(self.request, hecho)
        return True

    @property
    def form(self) -> forms.Form | None:
        """The one that was sent and is to be put right."""
        return self.formularios.get(self.enviado)


def _anotar(form: forms.Form, error: ValidationError) -> None:
    """What the model says, beside its field when the form has it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for campo, errores in error.error_dict.items():
        form.add_error(campo if campo in form.fields and campo != NON_FIELD_ERRORS else None, errores)


# --- The desk: its pages ---------------------------------------------------------------------------
@con_sesion
@require_http_methods(LEER_Y_ESCRIBIR)
def empalmes(request):
    """All of them; who heads Secretaría General begins another."""
    mirada = _mirada_de_quien_lleva(request)
    mesa = Mesa(request, {"convocar": EmpalmeForm})

    def convocar(datos) -> str:
        nonlocal nuevo
        nuevo = proceso.convocar(por=request.user, **datos)
        return "El empalme quedó convocado. Ahora programe sus actividades."

    nuevo: Empalme | None = None
    if request.method == "POST" and mesa.recibir({"convocar": convocar}) and nuevo:
        return redirect("seguimiento:empalme", nuevo.saliente.slug)
    contexto = {"mirada": mirada, "empalmes": _empalmes(), "mesa": mesa}
    return render(request, "seguimiento/empalmes.html", contexto, status=mesa.estado)


@con_sesion
@require_http_methods(LEER_Y_ESCRIBIR)
def empalme(request, slug):
    """One of them: its activities, who comes in, its document."""
    este = _empalme(slug)
    mirada = _mirada_de_quien_lleva(request, este)
    mesa = Mesa(
        request,
        {
            "programar": ActividadForm,
            "entrante": lambda *args, **kwargs: EntranteForm(*args, empalme=este, **kwargs),
            "armar": forms.Form,
            "cambiar": lambda *args, **kwargs: VentanaForm(*args, instance=este, **kwargs),
        },
    )
    hacer = {
        "programar": lambda datos: _dicho(
            proceso.programar(este, por=request.user, **datos), "La actividad quedó programada."
        ),
        "entrante": lambda datos: _dicho(
            proceso.agregar_entrante(este, por=request.user, **datos), "El funcionario quedó registrado."
        ),
        "armar": lambda datos: _armado(*servicio.armar(este, por=request.user)),
        "cambiar": lambda datos: _dicho(
            proceso.cambiar(este, por=request.user, **datos), "Las fechas y el acto quedaron guardados."
        ),
    }
    if request.method == "POST" and mesa.recibir(hacer):
        return redirect("seguimiento:empalme", slug)
    contexto = {
        "mirada": mirada,
        "empalme": este,
        "mesa": mesa,
        "hoy": timezone.localdate(),
        "actividades": este.actividades.select_related("responsable"),
        "funcionarios": este.funcionarios.select_related("cargo", "actividad"),
        "vinculados": proceso.vinculados(este),
        "documentos": este.documentos.select_related("empalme__saliente").defer("datos"),
    }
    return render(request, "seguimiento/empalme.html", contexto, status=mesa.estado)


def _dicho(_hecho: Any, palabras: str) -> str:
    return palabras


def _armado(documento: DocumentoDeEmpalme, nuevo: bool) -> str:
    if nuevo:
        numero = documento.numero
        return f"Se armó el documento {numero}. Léalo, y que los dos equipos escriban sus observaciones."
    return f"Nada cambió desde el documento {documento.numero}: sigue siendo el mismo."


@con_sesion
@require_http_methods(LEER_Y_ESCRIBIR)
def actividad(request, slug, pk):
    """One activity: its minutes when it was done; before, its date and the form of its minutes."""
    este = _empalme(slug)
    mirada = _mirada_de_quien_lleva(request, este)
    una = get_object_or_404(ActividadDeEmpalme.objects.select_related("responsable"), pk=pk, empalme=este)
    una.empalme = este
    mesa = Mesa(
        request,
        {
            "acta": lambda *args, **kwargs: ActaForm(*args, actividad=una, **kwargs),
            "cambiar": lambda *args, **kwargs: ActividadForm(*args, instance=una, **kwargs),
            "quitar": forms.Form,
        },
    )
    hacer = {
        "acta": lambda datos: _con_acta(proceso.registrar_acta(una, por=request.user, **datos)),
        "cambiar": lambda datos: _dicho(
            proceso.reprogramar(una, por=request.user, **datos), "La actividad quedó cambiada."
        ),
        "quitar": lambda datos: _dicho(proceso.quitar(una, por=request.user), "La actividad se quitó."),
    }
    if request.method == "POST" and mesa.recibir(hacer):
        if mesa.enviado == "quitar":
            return redirect("seguimiento:empalme", slug)
        return redirect("seguimiento:empalme_actividad", slug, pk)
    contexto = {
        "mirada": mirada,
        "empalme": este,
        "actividad": una,
        "mesa": mesa,
        "asistencia": list(una.asistencia.all()),
        "integra": bool(una.acta_huella) and una.huella_del_acta() == una.acta_huella,
    }
    return render(request, "seguimiento/empalme_actividad.html", contexto, status=mesa.estado)


def _con_acta(una: ActividadDeEmpalme) -> str:
    vinculados = una.vinculados.count()
    tambien = f" Quedaron vinculados {vinculados} de quienes asistieron." if vinculados else ""
    return f"El acta quedó registrada y ya no cambia.{tambien}"


@con_sesion
@require_http_methods(LEER_Y_ESCRIBIR)
def entrante(request, slug, pk):
    """An official who comes in: link them, or correct what was written."""
    este = _empalme(slug)
    mirada = _mirada_de_quien_lleva(request, este)
    uno = get_object_or_404(este.funcionarios.select_related("cargo"), pk=pk)
    mesa = Mesa(
        request,
        {"cambiar": lambda *args, **kwargs: EntranteForm(*args, empalme=este, instance=uno, **kwargs)},
    )
    hacer = {
        "cambiar": lambda datos: _dicho(
            proceso.cambiar_entrante(uno, por=request.user, **datos), f"Quedó guardado: {datos['nombre']}."
        )
    }
    if request.method == "POST" and mesa.recibir(hacer):
        return redirect("seguimiento:empalme", slug)
    contexto = {"mirada": mirada, "empalme": este, "entrante": uno, "mesa": mesa}
    return render(request, "seguimiento/empalme_entrante.html", contexto, status=mesa.estado)


# --- The desk: the document --------------------------------------------------------------------------
def _documento(slug: str, anio: int, consecutivo: int) -> DocumentoDeEmpalme:
    return get_object_or_404(
        DocumentoDeEmpalme.objects.select_related(
            "empalme__saliente", "empalme__entrante", "publicacion__canal"
        ),
        **_cual(slug, anio, consecutivo),
    )


@con_sesion
@require_http_methods(LEER_Y_ESCRIBIR)
def documento(request, slug, anio, consecutivo):
    """Read it whole, observe it by a team, sign it. What was typed is never lost."""
    este = _documento(slug, anio, consecutivo)
    mirada = _mirada(request, este.empalme)
    equipos = servicio.equipos_de(request.user, este.empalme)
    mesa = Mesa(
        request,
        {
            "observar": lambda *args, **kwargs: ObservacionForm(*args, equipos=equipos, **kwargs),
            "firmar": lambda *args, **kwargs: FirmaForm(
                *args, initial={"leido": este.huella_leida()}, **kwargs
            ),
        },
    )
    hacer = {
        "observar": lambda datos: _dicho(
            servicio.observar(este, por=request.user, **datos), "La observación quedó escrita con su firma."
        ),
        "firmar": lambda datos: _firmado(servicio.firmar(este, por=request.user, leido=datos["leido"])),
    }
    if request.method == "POST":
        _exigir(request.POST.get("que"), mirada, equipos)
        if mesa.recibir(hacer):
            return redirect(este.url_en_el_panel())
        if mesa.estado == TARDE and isinstance(mesa.form, FirmaForm):
            mesa.form.con_lo_de_ahora(este)
    contexto = contexto_de(este, entero=True) | {
        "mirada": mirada,
        "empalme": este.empalme,
        "mesa": mesa,
        "equipos": equipos,
        "hay_pdf": hay_pdf(),
        "publico": DocumentoDeEmpalme.objects.publicos().filter(pk=este.pk).exists(),
    }
    return render(request, "seguimiento/empalme_documento.html", contexto, status=mesa.estado)


def _exigir(que: str | None, mirada: Mirada, equipos: list[str]) -> None:
    """Raises PermissionDenied before what was typed is even looked at."""
    if (que == "firmar" and not mirada.es_secretaria) or (que == "observar" and not equipos):
        raise PermissionDenied


def _firmado(documento: DocumentoDeEmpalme) -> str:
    return (
        f"Firmó el documento {documento.numero}. Su texto espera a quien valida; "
        "el público lo lee cuando otra persona lo autorice."
    )


@con_sesion
@require_safe
def archivo(request, slug, anio, consecutivo, formato):
    """The whole document as PDF or ZIP, for both teams."""
    este = _documento(slug, anio, consecutivo)
    _mirada(request, este.empalme)
    return _archivo(este, formato, entero=True)
