"""The desk: to write a consulta, to authorise it, to enter its paper and to tell its outcome."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participacion import codigos, hojas, resultados, services
from participacion.acceso import Funcion, canales_de, entra, visibles
from participacion.bloques import EN_EL_ESCRITORIO
from participacion.flujo import FLUJO, dar_paso, faltas, huella_de_consulta
from participacion.forms.borrador import (
    ConsultaForm,
    MotivoForm,
    NumeroForm,
    PreguntasEnBorrador,
    TandaForm,
    escrito,
)
from participacion.forms.respuesta import PreguntasForm
from participacion.models import Consulta
from participacion.views.escritorio_aportes import marco
from portal.escritorio import del_escritorio
from portal.flujo import CondicionIncumplida, SinPermiso, TransicionRechazada
from portal.hojas_de_calculo import csv_para_bajar
from portal.pdf import hay_pdf

del_panel = del_escritorio(entra)


def la_de(request, pk: int) -> Consulta:
    return get_object_or_404(visibles(request.user), pk=pk)


def escribe_en(request, consulta: Consulta) -> bool:
    return canales_de(request.user, Funcion.AUTOR).filter(pk=consulta.canal_id).exists()


# --- To see -------------------------------------------------------------------------------------
@require_safe
@del_panel
def lista(request):
    en = timezone.now()
    contexto = marco(
        request,
        "Encuestas y consultas",
        consultas=visibles(request.user).exclude(estado=Consulta.Estado.DESCARTADA),
        escribe=canales_de(request.user, Funcion.AUTOR).exists(),
        en=en,
    )
    return render(request, "participacion/escritorio/lista.html", contexto)


@require_safe
@del_panel
def consulta(request, pk):
    return _pagina(request, la_de(request, pk))


def _pagina(request, la_consulta: Consulta, *, estado=200, form=None, paso="") -> HttpResponse:
    """A consulta with what can be done with it. `form`: that of the step `paso`, when something was wrong."""
    en = timezone.now()
    pasos = FLUJO.posibles(la_consulta, request.user, en)
    publica = la_consulta.estado in Consulta.PUBLICAS
    hechas = la_consulta.hojas.all()
    contexto = marco(
        request,
        la_consulta.titulo,
        consulta=la_consulta,
        preguntas=resultados.preguntas_de(la_consulta),
        pasos=[(p, form if p.nombre == paso else MotivoForm(auto_id=f"{p.nombre}_%s")) for p in pasos],
        form=form,
        historia=la_consulta.pasos.select_related("por"),
        huella=huella_de_consulta(la_consulta) if any(p.nombre == "autorizar" for p in pasos) else "",
        faltas=faltas(la_consulta, en) if la_consulta.estado == Consulta.Estado.BORRADOR else [],
        escribe=escribe_en(request, la_consulta),
        publica=publica,
        abierta=la_consulta.abierta(en),
        cerrada=la_consulta.cerrada(en),
        respuestas=resultados.recibidas(la_consulta) if publica else None,
        rechazos=resultados.rechazos(la_consulta) if publica else [],
        hojas=hechas,
        se_digita=publica and hojas.se_digita(la_consulta, en),
        digitar_hasta=hojas.digitar_hasta(la_consulta) if publica else None,
        tanda=TandaForm(maximo=hojas.MAXIMO_POR_TANDA, auto_id="hojas_%s"),
        tanda_de_codigos=TandaForm(maximo=codigos.MAXIMO_POR_TANDA, auto_id="codigos_%s"),
        numero=NumeroForm(),
        con_codigo=la_consulta.responden == Consulta.Responden.CON_CODIGO,
        version=_version_del_resultado(la_consulta),
        hay_pdf=hay_pdf(),
        bloques=[html for bloque in EN_EL_ESCRITORIO if (html := bloque(request, la_consulta))],
    )
    return render(request, "participacion/escritorio/consulta.html", contexto, status=estado)


def _version_del_resultado(la_consulta: Consulta):
    """The text of the outcome that is on its way, or the one that people read; None before it is begun."""
    if la_consulta.resultado is None:
        return None
    return la_consulta.resultado.version_abierta() or la_consulta.resultado.version_publica


@require_safe
@del_panel
def previa(request, pk):
    """As people will see it, before anybody can answer it."""
    la_consulta = la_de(request, pk)
    preguntas = resultados.preguntas_de(la_consulta)
    contexto = {"consulta": la_consulta, "previa": True, "form": _form_de_muestra(preguntas)}
    return render(request, "participacion/consulta.html", contexto)


def _form_de_muestra(preguntas):
    return PreguntasForm(preguntas=preguntas) if preguntas else None


# --- To write -----------------------------------------------------------------------------------
@require_http_methods(["GET", "HEAD", "POST"])
@del_panel
def nueva(request):
    """What is asked and until when; the questions come next."""
    canales = canales_de(request.user, Funcion.AUTOR)
    if not canales.exists():
        raise PermissionDenied
    form = ConsultaForm(request.POST if request.method == "POST" else None, canales=canales)
    if request.method == "POST" and form.is_valid():
        datos = form.cleaned_data
        hecha = services.crear(
            canal=datos["canal"],
            clase=datos["clase"],
            clave=datos["clave"],
            por=request.user,
            **form.contenido(),
        )
        return redirect("participacion:escritorio_editar", hecha.pk)
    contexto = marco(request, "Nueva encuesta o consulta", form=form)
    estado = 422 if form.errors else 200
    return render(request, "participacion/escritorio/nueva.html", contexto, status=estado)


@require_http_methods(["GET", "HEAD", "POST"])
@del_panel
def editar(request, pk):
    """The draft with its questions. Its buttons change nothing until «Guardar», and lose nothing."""
    la_consulta = la_de(request, pk)
    if not escribe_en(request, la_consulta):
        raise PermissionDenied
    if la_consulta.estado != Consulta.Estado.BORRADOR:
        messages.error(request, "La consulta ya no es un borrador: no se puede cambiar.")
        return redirect("participacion:escritorio_consulta", pk)
    if request.method != "POST":
        form = ConsultaForm(initial=ConsultaForm.inicial(la_consulta))
        return _editor(request, la_consulta, form, PreguntasEnBorrador.de(la_consulta))
    form, preguntas = ConsultaForm(request.POST), PreguntasEnBorrador.enviadas(request.POST)
    accion = request.POST.get("accion", "guardar")
    if accion != "guardar":
        preguntas, foco = preguntas.con(accion)
        return _editor(request, la_consulta, ConsultaForm(initial=escrito(form)), preguntas, foco=foco)
    bien = form.is_valid()
    if not (preguntas.is_valid() and bien):
        return _editor(request, la_consulta, form, preguntas, estado=422)
    return _guardar(request, la_consulta, form, preguntas)


def _guardar(request, la_consulta, form: ConsultaForm, preguntas: PreguntasEnBorrador) -> HttpResponse:
    try:
        services.guardar(
            la_consulta,
            por=request.user,
            revision=form.cleaned_data["revision"] or 0,
            preguntas=preguntas.contenido(),
            **form.contenido(),
        )
    except services.OtroGuardoAntes as choque:
        form.add_error(None, str(choque))
        form.data = form.data.copy()
        form.data["revision"] = choque.actual.revision
        return _editor(request, la_consulta, form, preguntas, estado=409, guardado=choque.actual)
    except TransicionRechazada as rechazo:
        messages.error(request, str(rechazo))
        return redirect("participacion:escritorio_consulta", la_consulta.pk)
    messages.success(request, "Quedó guardado.")
    return redirect("participacion:escritorio_consulta", la_consulta.pk)


def _editor(
    request,
    la_consulta: Consulta,
    form,
    preguntas: PreguntasEnBorrador,
    *,
    estado=200,
    foco=None,
    guardado=None,
) -> HttpResponse:
    """`guardado`: what somebody else saved meanwhile, to be compared with what was typed."""
    if foco is not None and estado == 200:
        preguntas.forms[foco].fields["texto"].widget.attrs["autofocus"] = True
    contexto = marco(
        request,
        f"Escribir: {la_consulta.titulo}",
        consulta=la_consulta,
        form=form,
        preguntas=preguntas.forms,
        hay_errores=any(pregunta.is_bound and pregunta.errors for pregunta in preguntas.forms),
        guardado=guardado,
        preguntas_guardadas=resultados.preguntas_de(guardado) if guardado else [],
        sin_guardar=request.method == "POST" and estado == 200,
    )
    return render(request, "participacion/escritorio/editar.html", contexto, status=estado)


@require_POST
@del_panel
def paso(request, pk, nombre):
    """A step of the flow. What it refuses is said on the same page, with the reason that was typed."""
    la_consulta = la_de(request, pk)
    if nombre not in FLUJO.transiciones:
        raise Http404
    form: Any = MotivoForm(request.POST, auto_id=f"{nombre}_%s")
    pide = FLUJO.transiciones[nombre].pide_motivo
    if pide and not form.is_valid():
        return _pagina(request, la_consulta, estado=422, form=form, paso=nombre)
    datos = {"huella": request.POST.get("huella", "")} if nombre == "autorizar" else {}
    try:
        dar_paso(
            nombre,
            la_consulta,
            por=request.user,
            motivo=form.cleaned_data["motivo"] if pide else "",
            **datos,
        )
    except SinPermiso as rechazo:
        raise PermissionDenied from rechazo
    except TransicionRechazada as rechazo:
        messages.error(request, str(rechazo))
    else:
        messages.success(request, f"{FLUJO.transiciones[nombre].etiqueta}: hecho.")
    return redirect("participacion:escritorio_consulta", pk)


@require_POST
@del_panel
def resultado(request, pk):
    """Begin the text of the outcome, with its tables, and go on to write it."""
    la_consulta = la_de(request, pk)
    try:
        version = services.preparar_resultado(la_consulta, por=request.user)
    except SinPermiso as rechazo:
        raise PermissionDenied from rechazo
    except CondicionIncumplida as rechazo:
        messages.error(request, str(rechazo))
        return redirect("participacion:escritorio_consulta", pk)
    return redirect(version.get_absolute_url())


# --- What people said ---------------------------------------------------------------------------
@require_safe
@del_panel
def respuestas(request, pk):
    """The figures and what people wrote, once closed: nobody is swayed by what is winning."""
    la_consulta = _cerrada(request, pk)
    contexto = marco(
        request,
        f"Respuestas: {la_consulta.titulo}",
        consulta=la_consulta,
        resultados=resultados.contar(la_consulta),
        textos=resultados.textos_de(la_consulta).select_related("pregunta"),
    )
    return render(request, "participacion/escritorio/respuestas.html", contexto)


@require_safe
@del_panel
def respuestas_csv(request, pk):
    """One answer a row, shuffled, without its day nor how it came."""
    la_consulta = _cerrada(request, pk)
    return csv_para_bajar(f"respuestas-{la_consulta.slug}.csv", *resultados.una_a_una(la_consulta))


def _cerrada(request, pk: int) -> Consulta:
    """Raises Http404 while it is open, and PermissionDenied for whoever does not write in its channel."""
    la_consulta = la_de(request, pk)
    if not escribe_en(request, la_consulta):
        raise PermissionDenied
    if not la_consulta.cerrada():
        raise Http404
    return la_consulta
