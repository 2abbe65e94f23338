"""A radicado at the desk: what is asked, its terms, its line of time, and the steps that may be taken now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from conectividad.views.acceso import ve_la_bitacora
from portal.calendario import DiasHabiles
from portal.escritorio import marco
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Usuario
from ventanilla import cortes, services
from ventanilla.acceso import atiende, lo_tramita, visibles
from ventanilla.anexos import guardar_anexo
from ventanilla.flujo import FLUJO
from ventanilla.flujo import dar_paso as dar
from ventanilla.forms.escritorio import PASOS, MensajeForm, PasoForm, SubcasoForm
from ventanilla.formularios import respuestas_de
from ventanilla.models import Actuacion, Anexo, Mensaje, Radicado, Salida
from ventanilla.proyectos import puede_escribir
from ventanilla.subcasos import puede_pedir
from ventanilla.terminos import entrega_por_aceptacion, semaforo
from ventanilla.views.archivos import entregar
from ventanilla.views.escritorio.acceso import del_escritorio, radicado_o_404, sumar_errores

#: Steps over the answer: without one they are not offered.
CON_RESPUESTA = {"enviar_a_firma", "firmar_primero", "firmar"}


@dataclass(frozen=True)
class PasoPosible:
    """A step that this person may take now, with its form and what to know before."""

    nombre: str
    titulo: str
    boton: str
    nota: str
    aparte: bool
    form: PasoForm

    @property
    def directo(self) -> bool:
        """Whether there is nothing to write: a button, and no more."""
        return not self.form.visible_fields()


@dataclass(frozen=True)
class Hecho:
    """Something in the line of time: a step, a message or what went out."""

    en: datetime
    actuacion: Actuacion | None = None
    mensaje: Mensaje | None = None
    salida: Salida | None = None


# --- Reading -------------------------------------------------------------------------------------
@require_safe
@del_escritorio
def radicado(request, numero):
    return pagina(request, radicado_o_404(request, numero))


def pagina(request, radicado: Radicado, *, status: int = 200, **enviados: forms.Form):
    """The page, with the forms of `enviados` as they were sent."""
    en = timezone.now()
    hoy, habiles = timezone.localdate(en), DiasHabiles()
    pasos = _pasos(radicado, request.user, en, habiles, enviados)
    ofrecidos = {paso.nombre for paso in pasos}
    contexto = marco(
        request,
        f"Radicado {radicado.numero}",
        radicado=radicado,
        persona=getattr(radicado, "peticionario", None),
        semaforo=semaforo(radicado, hoy, habiles),
        entrega=entrega_por_aceptacion(radicado, hoy, habiles),
        corte=cortes.en_su_vencimiento([radicado], en).get(radicado.pk),
        ve_la_bitacora=ve_la_bitacora(request.user),
        respuestas=respuestas_de(radicado),
        anexos=radicado.anexos.filter(mensaje=None, salida=None, proyecto=None),
        terminos=radicado.terminos.select_related("por"),
        hechos=_linea_de_tiempo(radicado),
        subcasos=radicado.subcasos.select_related("dependencia", "pedido_por", "respondido_por"),
        proyecto=getattr(radicado, "proyecto", None),
        escribe=puede_escribir(request.user, radicado, en),
        pasos=[paso for paso in pasos if not paso.aparte],
        pasos_aparte=[paso for paso in pasos if paso.aparte],
        mensaje_form=enviados.get("mensaje") or _mensaje_form(radicado, request.user),
        subcaso_form=enviados.get("subcaso")
        or (SubcasoForm(auto_id="subcaso_%s") if puede_pedir(request.user, radicado, en) else None),
        enviado=next(iter(enviados.values()), None),
        no_se_dio=[
            (campo.label, campo.value())
            for nombre, form in enviados.items()
            if nombre in PASOS and nombre not in ofrecidos
            for campo in form.visible_fields()
            if campo.value()
        ],
    )
    return render(request, "ventanilla/escritorio/radicado.html", contexto, status=status)


def _pasos(
    radicado: Radicado, usuario: Usuario, en: datetime, habiles: DiasHabiles, enviados: dict[str, Any]
) -> list[PasoPosible]:
    posibles = {paso.nombre: paso for paso in FLUJO.posibles(radicado, usuario, en)}
    proyecto = getattr(radicado, "proyecto", None)
    if proyecto is None or not proyecto.texto.strip():
        posibles = {nombre: paso for nombre, paso in posibles.items() if nombre not in CON_RESPUESTA}
    visto, hoy = ultimo_paso(radicado), timezone.localdate(en)
    hallados = []
    for nombre, paso in PASOS.items():
        if nombre not in posibles or (nota := paso.nota(radicado, hoy, habiles)) is None:
            continue
        form = enviados.get(nombre) or paso.form(radicado=radicado, visto=visto, auto_id=f"{nombre}_%s")
        titulo = posibles[nombre].etiqueta
        hallados.append(PasoPosible(nombre, titulo, paso.boton or titulo, nota, paso.aparte, form))
    return hallados


def ultimo_paso(radicado: Radicado) -> int:
    """The last step taken, as a page knows whether another was taken since; 0 when none was."""
    pasos = radicado.actuaciones.filter(accion__in=FLUJO.transiciones)
    return pasos.order_by("-pk").values_list("pk", flat=True).first() or 0


def _linea_de_tiempo(radicado: Radicado) -> list[Hecho]:
    actuaciones = radicado.actuaciones.exclude(accion="mensaje").select_related("por", "cargo")
    mensajes = radicado.mensajes.select_related("por").prefetch_related("anexos")
    salidas = radicado.salidas.select_related("asiento").prefetch_related("anexos")
    hechos = [Hecho(a.en, actuacion=a) for a in actuaciones]
    hechos += [Hecho(m.en, mensaje=m) for m in mensajes]
    hechos += [Hecho(s.en, salida=s) for s in salidas]
    return sorted(hechos, key=lambda hecho: hecho.en)


def _mensaje_form(radicado: Radicado, usuario: Usuario) -> MensajeForm | None:
    return MensajeForm(auto_id="mensaje_%s") if puede_escribirle(usuario, radicado) else None


def puede_escribirle(usuario: Usuario, radicado: Radicado) -> bool:
    """Whether the person may write to whoever filed: who handles it, or the counter while nobody does."""
    if radicado.estado == Radicado.Estado.ANULADO:
        return False
    return lo_tramita(usuario, radicado) or (radicado.dependencia_id is None and atiende(usuario))


@require_safe
@del_escritorio
def anexo(request, numero, pk):
    """A file of the radicado, for whoever may read it."""
    hallado = get_object_or_404(Anexo, pk=pk, radicado__isnull=False)
    radicado = radicado_o_404(request, numero, f"El archivo {hallado.pk}")
    if hallado.radicado_id != radicado.pk:
        raise Http404
    return entregar(hallado)


# --- Acting --------------------------------------------------------------------------------------
@require_POST
@del_escritorio
def dar_paso(request, numero, paso):
    """Take a step. Sent twice it is taken once; over a page that is no longer so, it is not taken."""
    radicado = radicado_o_404(request, numero)
    if paso not in PASOS:
        raise Http404
    form = PASOS[paso].form(
        request.POST, request.FILES, radicado=radicado, auto_id=f"{paso}_%s", use_required_attribute=False
    )
    if not form.is_valid():
        return pagina(request, radicado, status=422, **{paso: form})
    try:
        nuevo = _dar(paso, radicado, form, request.user)
    except EstadoInadecuado as rechazo:
        return _ya_no(request, radicado, paso, form, str(rechazo))
    except SinPermiso as rechazo:
        raise PermissionDenied(str(rechazo)) from rechazo
    except CondicionIncumplida as rechazo:
        form.add_error(form.DONDE if form.DONDE in form.fields else None, str(rechazo))
    except ValidationError as error:
        sumar_errores(form, error)
    else:
        return _hecho(request, nuevo, f"Quedó hecho: {FLUJO.transiciones[paso].etiqueta.lower()}.")
    return pagina(request, radicado, status=422, **{paso: form})


@transaction.atomic
def _dar(paso: str, radicado: Radicado, form: PasoForm, usuario: Usuario) -> Radicado:
    """Under the lock of the radicado, so that what was read is still what is there."""
    Radicado.objects.select_for_update(of=("self",)).get(pk=radicado.pk)
    if form.cleaned_data["visto"] != ultimo_paso(radicado):
        raise EstadoInadecuado("Alguien dio otro paso mientras usted leía. Vea cómo quedó y decida de nuevo.")
    nuevo = dar(paso, radicado, por=usuario, **form.para_dar())
    for archivo in form.cleaned_data.get("archivos", []):
        guardar_anexo(archivo, radicado=radicado)  # of the person, who brought them
    return nuevo


def _ya_no(request, radicado: Radicado, paso: str, form: PasoForm, porque: str):
    """The same step by the same person is a second tap; anything else is told, with what was typed."""
    ultimo = Actuacion.objects.filter(pk=ultimo_paso(radicado)).first()
    if ultimo and ultimo.accion == paso and ultimo.por == request.user:
        return _hecho(request, radicado, "Ya estaba hecho: no se repitió.")
    form.add_error(None, porque)
    # The page is made again from what is there now, and that is what was read from here on.
    radicado = radicado_o_404(request, radicado.numero)
    form.data = form.data.copy()
    form.data["visto"] = ultimo_paso(radicado)
    return pagina(request, radicado, status=409, **{paso: form})


def _hecho(request, radicado: Radicado, dicho: str):
    """Back to the radicado; to the list when it is no longer of the person."""
    messages.success(request, f"Radicado {radicado.numero}. {dicho}")
    sigue = visibles(request.user).filter(pk=radicado.pk).exists()
    return redirect(radicado if sigue else "ventanilla:radicados")


@require_POST
@del_escritorio
def mensaje(request, numero):
    """A message of the office to whoever filed, once however many times it is sent."""
    radicado = radicado_o_404(request, numero)
    if not puede_escribirle(request.user, radicado):
        raise PermissionDenied
    form = MensajeForm(request.POST, request.FILES, auto_id="mensaje_%s")
    if form.is_valid():
        try:
            _enviar(radicado, form, request.user)
        except (EstadoInadecuado, ValidationError) as error:
            form.add_error(None, getattr(error, "messages", None) or str(error))
        else:
            return _hecho(request, radicado, "El mensaje quedó enviado.")
    return pagina(request, radicado, status=422, mensaje=form)


@transaction.atomic
def _enviar(radicado: Radicado, form: MensajeForm, usuario: Usuario) -> None:
    datos = form.cleaned_data
    Radicado.objects.select_for_update(of=("self",)).get(pk=radicado.pk)  # two taps, one after another
    if Mensaje.objects.filter(clave=datos["clave"]).exists():
        return
    anexos = [guardar_anexo(a, radicado=radicado, subido_por=usuario) for a in datos["archivos"]]
    services.enviar_mensaje(radicado, clave=datos["clave"], texto=datos["texto"], por=usuario, anexos=anexos)
