"""What a person does to file: one page each thing, that works without JavaScript."""

from datetime import timedelta
from functools import wraps
from pathlib import Path

import segno
from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal import freno
from portal.direccion import direccion_de
from portal.pdf import dibujar, hay_pdf
from portal.secretos import reservado
from portal.sin_base import sin_perder_lo_escrito
from tramites.ficha import Ficha
from tramites.models import Tramite
from ventanilla import borradores
from ventanilla.codigos import codigo_de_seguimiento, es_su_codigo
from ventanilla.forms import (
    ConsentimientoForm,
    ContinuarForm,
    EnlaceForm,
    InicioForm,
    SolicitudForm,
)
from ventanilla.formularios import formulario_en_uso
from ventanilla.models import Borrador, ClaseDeRadicado, TextoDeConsentimiento
from ventanilla.models.clase import DE_TRAMITE
from ventanilla.pasos import ANEXOS, DOCUMENTOS, EXCUSAS, PREGUNTAS, QUE_PIDE, REVISAR, Paso, Recorrido

#: By address, in ten minutes. Wide: a whole village may leave by one.
EMPEZAR_MAXIMO, RADICAR_MAXIMO, CADA = 20, 10, timedelta(minutes=10)
#: The same words, from wherever they come, in an hour.
MISMO_TEXTO_MAXIMO, CADA_TEXTO = 3, timedelta(hours=1)
#: Links by mail for one draft in an hour.
ENLACES_MAXIMOS = 3
MUCHOS = (
    "Desde su conexión llegaron muchas solicitudes en pocos minutos. Lo que escribió sigue aquí: espere diez "
    "minutos y envíelo otra vez, o use otro de nuestros canales."
)
REPETIDO = (
    "Este mismo texto ya se radicó varias veces en la última hora. Si es suyo, ya lo recibimos: no hace "
    "falta enviarlo de nuevo. Si es otra cosa, cuéntela con sus palabras o use otro de nuestros canales."
)


# --- What every page shares ----------------------------------------------------------------------
def del_borrador(vista):
    """Decorator of the pages of a draft: gives it to the view, or says kindly why there is none."""

    @reservado
    @sin_perder_lo_escrito
    @wraps(vista)
    def con_borrador(request, secreto, **kwargs):
        try:
            borrador = borradores.hallar(secreto)
        except borradores.BorradorVencido:
            return _cerrado(request, "vencido", 410)
        if borrador is None:
            return _cerrado(request, "desconocido", 404)
        try:
            return vista(request, borrador, secreto=secreto, **kwargs)
        except borradores.YaRadicado:
            return redirect("ventanilla:acuse", secreto)

    return con_borrador


def _sin_radicar(vista):
    """Decorator: the address of what was filed leads to its receipt."""

    @wraps(vista)
    def antes_de_radicar(request, borrador, **kwargs):
        if borrador.radicado_id:
            raise borradores.YaRadicado
        return vista(request, borrador, **kwargs)

    return antes_de_radicar


def _enviado(request):
    """What a form is filled with: None when nothing was sent yet."""
    return request.POST if request.method == "POST" else None


def _cerrado(request, por_que: str, estado: int) -> HttpResponse:
    return render(request, "ventanilla/cerrado.html", {"por_que": por_que}, status=estado)


def _frenado_al_empezar(request) -> bool:
    de = direccion_de(request)
    return not freno.intentar("empezar", de, maximo=EMPEZAR_MAXIMO, cada=CADA)


def _consentimiento() -> TextoDeConsentimiento | None:
    """The text in force; None before the municipality loads one."""
    try:
        return TextoDeConsentimiento.vigente()
    except TextoDeConsentimiento.DoesNotExist:
        return None


# --- To begin ------------------------------------------------------------------------------------
@never_cache
@sin_perder_lo_escrito
@require_http_methods(["GET", "HEAD", "POST"])
def pqrsd(request):
    """What may be filed, its term, the other channels, and the first questions."""
    clases = {clase.codigo: clase for clase in ClaseDeRadicado.objects.para_radicar()}
    texto = _consentimiento()
    if not clases or texto is None:
        return render(request, "ventanilla/pqrsd.html", {"clases": clases})
    form = InicioForm(_enviado(request), clases=clases, initial={"clase": request.GET.get("clase")})
    contexto = {"form": form, "consentimiento": texto, "clases": clases}
    if request.method != "POST":
        return render(request, "ventanilla/pqrsd.html", _con_opciones(contexto))
    if not form.is_valid():
        return render(request, "ventanilla/pqrsd.html", _con_opciones(contexto), status=422)
    if _frenado_al_empezar(request):
        form.add_error(None, MUCHOS)
        return render(request, "ventanilla/pqrsd.html", _con_opciones(contexto), status=429)
    anonimo = form.cleaned_data["nombre"] == InicioForm.SIN
    _borrador, secreto = borradores.empezar(
        clase=clases[form.cleaned_data["clase"]],
        anonimo=anonimo,
        consentimiento=None if anonimo else texto,
    )
    return redirect("ventanilla:paso", secreto, QUE_PIDE)


def _con_opciones(contexto: dict) -> dict:
    """Each radio button of the kinds, with the kind."""
    opciones = zip(contexto["form"]["clase"], contexto["clases"].values(), strict=True)
    return contexto | {"opciones": list(opciones)}


@never_cache
@sin_perder_lo_escrito
@require_http_methods(["GET", "HEAD", "POST"])
def solicitar(request, slug):
    """What to have at hand for an online trámite, and the way in. 404 when it is not done here."""
    tramite = get_object_or_404(Tramite.objects.publicos().select_related("hoja_publica"), slug=slug)
    formulario, texto = formulario_en_uso(tramite), _consentimiento()
    clase = ClaseDeRadicado.objects.filter(codigo=DE_TRAMITE, activa=True).first()
    if formulario is None or texto is None or clase is None:
        return render(
            request, "ventanilla/cerrado.html", {"por_que": "sin formulario", "tramite": tramite}, status=404
        )
    form = SolicitudForm(_enviado(request))
    estado = 200
    if request.method == "POST":
        estado = 422
        if form.is_valid() and _frenado_al_empezar(request):
            form.add_error(None, MUCHOS)
            estado = 429
        elif form.is_valid():
            _borrador, secreto = borradores.empezar(clase=clase, formulario=formulario, consentimiento=texto)
            return redirect("ventanilla:borrador", secreto)
    contexto = {
        "form": form,
        "tramite": tramite,
        "formulario": formulario,
        "consentimiento": texto,
        "ficha": Ficha(tramite),
    }
    return render(request, "ventanilla/solicitar.html", contexto, status=estado)


@never_cache
@sin_perder_lo_escrito
@require_http_methods(["GET", "HEAD", "POST"])
def continuar(request):
    """To go on with what was begun, by its link or by the file that was downloaded."""
    form = ContinuarForm(_enviado(request), request.FILES)
    estado = 200
    if request.method == "POST":
        estado = 422
        if form.is_valid() and _frenado_al_empezar(request):
            form.add_error(None, MUCHOS)
            estado = 429
        elif form.is_valid() and (secreto := _secreto_de(form)):
            return redirect("ventanilla:borrador", secreto)
    return render(request, "ventanilla/continuar.html", {"form": form}, status=estado)


def _secreto_de(form: ContinuarForm) -> str:
    """The secret of the draft to go on with; "" with the reason in the form."""
    enlace, archivo = form.cleaned_data["enlace"], form.cleaned_data["archivo"]
    if enlace:
        secreto = enlace.strip().partition("/radicar/")[2].partition("/")[0]
        try:
            if secreto and borradores.hallar(secreto):
                return secreto
            form.add_error("enlace", "Ese enlace no lleva a ninguna solicitud. Cópielo completo.")
        except borradores.BorradorVencido:
            form.add_error("enlace", "Ese enlace sirvió 15 días y ya venció. Empiece una solicitud nueva.")
        return ""
    try:
        contenido = archivo.read(borradores.AVANCE_MAXIMO + 1)
        return borradores.desde_avance(contenido)[1]
    except borradores.AvanceRechazado as rechazo:
        form.add_error("archivo", str(rechazo))
    return ""


# --- The draft -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@del_borrador
@_sin_radicar
def borrador(request, borrador, secreto):
    """Go on where it was left. What is sent here is where to mail the link."""
    if request.method == "POST":
        return _enviar_enlace(request, borrador, secreto)
    return redirect("ventanilla:paso", secreto, Recorrido(borrador).pendiente.slug)


def _enviar_enlace(request, borrador: Borrador, secreto: str) -> HttpResponse:
    """Mail the link, unless it goes without name: a mailbox would say whose it is."""
    if borrador.anonimo:
        raise Http404
    form = EnlaceForm(request.POST)
    enviado, estado = "", 422
    if form.is_valid():
        de = direccion_de(request)
        if not freno.intentar(
            "enlace", str(borrador.clave), maximo=ENLACES_MAXIMOS, cada=CADA_TEXTO
        ) or not freno.intentar("enlaces", de, maximo=RADICAR_MAXIMO, cada=CADA):
            form.add_error("correo", "Ya enviamos varios enlaces. Revise su correo, también el no deseado.")
            estado = 429
        else:
            enviado, estado = form.cleaned_data["correo"], 200
            enlace = settings.PORTAL_URL + reverse("ventanilla:borrador", args=[secreto])
            borradores.enviar_enlace(borrador, enlace, enviado)
    contexto = _contexto(request, borrador, secreto, None)
    return render(
        request, "ventanilla/enlace.html", contexto | {"form": form, "enviado": enviado}, status=estado
    )


@require_safe
@del_borrador
@_sin_radicar
def progreso(request, borrador, secreto):
    """The file to go on from another place."""
    return HttpResponse(
        borradores.avance_de(borrador),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="avance-de-su-solicitud.json"'},
    )


def _contexto(request, borrador: Borrador, secreto: str, paso: Paso | None, recorrido=None) -> dict:
    """What every page of the draft shows."""
    recorrido = recorrido or Recorrido(borrador)
    pasos = recorrido.pasos
    return {
        "borrador": borrador,
        "secreto": secreto,
        "recorrido": recorrido,
        "paso": paso,
        # The first page, before the draft, is also a step.
        "numero": pasos.index(paso) + 2 if paso in pasos else None,
        "total": len(pasos) + 1,
        "anterior": recorrido.antes_de(paso) if paso else recorrido.pendiente,
        "enlace": request.build_absolute_uri(reverse("ventanilla:borrador", args=[secreto])),
        "volver": request.GET.get("volver") == REVISAR,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@del_borrador
@_sin_radicar
def paso(request, borrador, secreto, paso):
    """One page of the way; what it is about decides how it is answered."""
    recorrido = Recorrido(borrador)
    este = recorrido.paso(paso)
    if este is None:
        if paso.startswith(f"{PREGUNTAS}-"):  # another answer made it not apply
            return redirect("ventanilla:borrador", secreto)
        raise Http404
    vista = {ANEXOS: _anexos, DOCUMENTOS: _documentos, REVISAR: _revisar}.get(este.slug, _preguntas)
    return vista(request, borrador, secreto, este, recorrido)


def _ir_a(request, secreto: str, recorrido: Recorrido, paso: Paso) -> HttpResponse:
    """After `paso`: on, or back to the last page for whoever came from it to change something."""
    destino = recorrido.despues_de(paso).slug
    if request.GET.get("volver") == REVISAR:
        destino = REVISAR
    return redirect("ventanilla:paso", secreto, destino)


def _preguntas(request, borrador, secreto, paso, recorrido) -> HttpResponse:
    form = recorrido.formulario(paso, _enviado(request))
    if request.method == "POST" and form.is_valid():
        _guardar(borrador, paso, form)
        if "adjuntar" in request.POST:
            return redirect("ventanilla:paso", secreto, ANEXOS)
        return _ir_a(request, secreto, Recorrido(borrador), paso)
    contexto = _contexto(request, borrador, secreto, paso, recorrido) | {"form": form}
    return render(request, "ventanilla/paso.html", contexto, status=422 if form.errors else 200)


def _guardar(borrador: Borrador, paso: Paso, form) -> None:
    if paso.campos:
        suyos = tuple(campo.codigo for campo in paso.campos)
        borradores.guardar(borrador, PREGUNTAS, form.respuestas(), quitar=suyos)
    else:
        borradores.guardar(
            borrador, paso.slug, form.guardado() if hasattr(form, "guardado") else form.cleaned_data
        )


def _anexos(request, borrador, secreto, paso, recorrido) -> HttpResponse:
    """One file a request, so that a cut line loses only the one that was on its way."""
    error = ""
    if request.method == "POST":
        error = _subir(request, borrador, "")
        if not error:
            return redirect(_direccion(request, secreto, paso))
    contexto = _contexto(request, borrador, secreto, paso, recorrido)
    contexto |= {"error": error, "siguiente": recorrido.despues_de(paso)}
    if paso not in recorrido.pasos:
        contexto["siguiente"] = next(p for p in recorrido.pasos if p.slug != QUE_PIDE)
        contexto["anterior"] = recorrido.pasos[0]
    return render(request, "ventanilla/paso_anexos.html", contexto, status=422 if error else 200)


def _documentos(request, borrador, secreto, paso, recorrido) -> HttpResponse:
    """The requisitos of the trámite: a form to upload for each one."""
    error, cual = "", request.POST.get("requisito", "")
    if request.method == "POST":
        documento = next((d for d in recorrido.documentos if d.clave == cual), None)
        if documento is None:
            raise Http404
        if "excusa" in request.POST:
            _excusar(borrador, documento, request.POST["excusa"])
        else:
            error = _subir(request, borrador, documento.clave)
        if not error:
            return redirect(f"{_direccion(request, secreto, paso)}#{documento.clave}")
    contexto = _contexto(request, borrador, secreto, paso, recorrido)
    contexto |= {"error": error, "cual": cual, "siguiente": recorrido.despues_de(paso), "excusas": EXCUSAS}
    return render(request, "ventanilla/paso_documentos.html", contexto, status=422 if error else 200)


def _direccion(request, secreto: str, paso: Paso) -> str:
    volver = f"?volver={REVISAR}" if request.GET.get("volver") == REVISAR else ""
    return reverse("ventanilla:paso", args=[secreto, paso.slug]) + volver


def _excusar(borrador: Borrador, documento, excusa: str) -> None:
    """Keep why an optional document does not come; "" takes it back. Raises Http404 for anything else."""
    if not documento.cuando or excusa not in {"", *EXCUSAS}:
        raise Http404
    nueva = {documento.clave: excusa} if excusa else {}
    borradores.guardar(borrador, DOCUMENTOS, nueva, quitar=(documento.clave,))


def _subir(request, borrador: Borrador, requisito: str) -> str:
    """Keep the file that came. What is wrong with it, in Spanish, or ""."""
    enviados = request.FILES.getlist("archivo")
    if len(enviados) != 1:
        return "Elija un archivo a la vez." if enviados else "Elija primero el archivo."
    try:
        borradores.agregar_anexo(borrador, enviados[0], requisito)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


@require_POST
@del_borrador
@_sin_radicar
def quitar_anexo(request, borrador, secreto, pk):
    """Take a file away. Of one that is gone already, or is not of this draft, nothing happens."""
    borradores.quitar_anexo(borrador, pk)
    slug = ANEXOS if borrador.formulario_id is None else DOCUMENTOS
    return redirect(_direccion(request, secreto, Paso(slug, "")))


# --- To file it ----------------------------------------------------------------------------------
def _revisar(request, borrador, secreto, paso, recorrido) -> HttpResponse:
    """Everything, with what is missing; and the button that files it."""
    consentir = ConsentimientoForm(_enviado(request)) if recorrido.falta_consentimiento else None
    error, estado = "", 200
    if request.method == "POST":
        if recorrido.faltas or (consentir and not consentir.is_valid()):
            estado = 422
        elif error := _frenado_al_radicar(request, borrador):
            estado = 429
        else:
            if consentir:
                borradores.consentir(borrador, TextoDeConsentimiento.vigente())
            try:
                return _radicar(borrador, secreto)
            except borradores.Incompleto:  # another device changed it meanwhile
                return redirect("ventanilla:paso", secreto, REVISAR)
            except ValidationError as rechazo:
                error, estado = " ".join(rechazo.messages), 422
    contexto = _contexto(request, borrador, secreto, paso, recorrido)
    contexto |= {
        "error": error,
        "form": consentir,
        "consentimiento": _consentimiento() if consentir else None,
        "intento": request.method == "POST",
    }
    return render(request, "ventanilla/revisar.html", contexto, status=estado)


def _frenado_al_radicar(request, borrador: Borrador) -> str:
    """Why it is not filed now, in kind words; "" when it may."""
    de, texto = direccion_de(request), borradores.texto_comparable(borrador)
    if texto and freno.frenado("texto", texto, maximo=MISMO_TEXTO_MAXIMO, cada=CADA_TEXTO):
        return REPETIDO
    return "" if freno.intentar("radicar", de, maximo=RADICAR_MAXIMO, cada=CADA) else MUCHOS


def _radicar(borrador: Borrador, secreto: str) -> HttpResponse:
    hecho = borradores.radicar(borrador)
    if hecho.ahora and (texto := borradores.texto_comparable(borrador)):
        freno.intentar("texto", texto, maximo=MISMO_TEXTO_MAXIMO, cada=CADA_TEXTO)
    return redirect("ventanilla:acuse", secreto)


# --- The receipt ---------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@del_borrador
def acuse(request, borrador, secreto):
    """The receipt, to print and to keep. What is sent here is that the code was kept."""
    if borrador.radicado_id is None:
        return redirect("ventanilla:borrador", secreto)
    if request.method == "POST":
        Borrador.objects.filter(pk=borrador.pk, codigo_guardado_en=None).update(
            codigo_guardado_en=timezone.now()
        )
        return redirect("ventanilla:acuse", secreto)
    contexto = _contexto_del_acuse(request, borrador) | {"secreto": secreto, "hay_pdf": hay_pdf()}
    return render(request, "ventanilla/acuse.html", contexto)


@require_safe
@del_borrador
def acuse_pdf(request, borrador, secreto):
    """The receipt as a PDF of one sheet; where this machine cannot draw one, the page, which prints it."""
    if borrador.radicado_id is None:
        return redirect("ventanilla:borrador", secreto)
    if not hay_pdf():
        return redirect("ventanilla:acuse", secreto)
    contexto = _contexto_del_acuse(request, borrador)
    estilo = Path(finders.find("css/acuse.css")).read_text(encoding="utf-8")
    html = render_to_string("ventanilla/acuse_impreso.html", contexto | {"estilo": estilo}, request)
    return HttpResponse(
        dibujar(html),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="radicado-{borrador.radicado.numero}.pdf"'},
    )


def _contexto_del_acuse(request, borrador: Borrador) -> dict:
    radicado = borrador.radicado
    consulta = request.build_absolute_uri(reverse("ventanilla:consulta"))
    qr = segno.make(consulta, error="m").svg_inline(omitsize=True, title=f"Código QR de {consulta}")
    return {
        "borrador": borrador,
        "radicado": radicado,
        "clase": borrador.clase,
        "tramite": borrador.tramite,
        "termino": radicado.terminos.order_by("en", "pk").first(),
        "persona": getattr(radicado, "peticionario", None),
        "anexos": list(radicado.anexos.filter(borrador=borrador.pk)),
        "codigo": _codigo_a_la_vista(borrador),
        "consulta": consulta,
        "qr": mark_safe(qr),  # noqa: S308 -- drawn by segno, which escapes the title
    }


def _codigo_a_la_vista(borrador: Borrador) -> str:
    """The follow-up code; "" once whoever files without name kept it, or if it can no longer be told.

    It is worked out from the key of the site: if that key changed, what comes out is another code.
    """
    codigo = codigo_de_seguimiento(borrador.clave)
    if borrador.codigo_guardado_en and borrador.radicado.anonimo:
        return ""
    return codigo if es_su_codigo(codigo, borrador.clave, borrador.radicado.codigo_sha256) else ""
