"""The answer while it is written: standard texts, files, and two people who save at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.escritorio import marco
from portal.flujo import EstadoInadecuado, SinPermiso
from ventanilla.forms.campos import FormularioDeCampos, formulario_de
from ventanilla.forms.escritorio import ProyectoForm
from ventanilla.models import Campo, Proyecto, Radicado
from ventanilla.proyectos import ProyectoCambio, guardar, puede_escribir, redactar, textos_tipo
from ventanilla.views.escritorio.acceso import del_escritorio, radicado_o_404, sumar_errores


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio
def proyecto(request, numero):
    radicado = radicado_o_404(request, numero, "La respuesta que se prepara")
    if not puede_escribir(request.user, radicado):
        if request.method == "POST" and radicado.estado != Radicado.Estado.EN_TRAMITE:
            return _ya_no_se_escribe(request, radicado)
        raise PermissionDenied
    actual = Proyecto.objects.filter(radicado=radicado).first() or Proyecto(radicado=radicado)
    form, de_oficina = _formularios(request, radicado, actual)
    if request.method != "POST":
        return _pagina(request, radicado, actual, form, de_oficina)
    if request.POST.get("accion") == "poner":
        return _poner(request, radicado, actual, form, de_oficina)
    return _guardar(request, radicado, actual, form, de_oficina)


def _formularios(
    request, radicado: Radicado, actual: Proyecto
) -> tuple[ProyectoForm, FormularioDeCampos | None]:
    datos, archivos = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    textos = textos_tipo(radicado)
    form = ProyectoForm(datos, archivos, instance=actual, radicado=radicado, textos=textos)
    campos = _campos_de_oficina(radicado)
    if not campos:
        return form, None
    de_oficina = formulario_de(campos, datos, guardado=actual.datos, prefix="oficina")
    if datos and not datos.get("con_certificado"):
        for campo in de_oficina.fields.values():
            campo.required = False  # it may be left half written until the certificate is issued
    return form, de_oficina


def _campos_de_oficina(radicado: Radicado) -> list[Campo]:
    if radicado.formulario is None:
        return []
    return list(radicado.formulario.campos.filter(responde=Campo.Responde.OFICINA))


def _poner(request, radicado: Radicado, actual: Proyecto, form: ProyectoForm, de_oficina):
    """The chosen text after what is written, to go on from there. Nothing is saved yet."""
    form.full_clean()
    tipo = form.cleaned_data.get("tipo")
    if tipo is None:
        form.add_error("tipo", "Elija el texto que quiere poner.")
        return _pagina(request, radicado, actual, form, de_oficina, status=422)
    form.data = form.data.copy()
    escrito = form.data.get("texto", "").strip()
    form.data["texto"] = "\n\n".join(filter(None, (escrito, redactar(tipo, radicado))))
    form.data["tipo"] = ""
    form._errors = {}  # what is missing is told when it is saved
    messages.info(request, "El texto quedó puesto. Revíselo y guarde la respuesta.")
    return _pagina(request, radicado, actual, form, de_oficina)


def _guardar(request, radicado: Radicado, actual: Proyecto, form: ProyectoForm, de_oficina):
    bien = [f.is_valid() for f in (form, de_oficina) if f is not None]
    if not all(bien):
        return _pagina(request, radicado, actual, form, de_oficina, status=422)
    try:
        guardar(
            radicado,
            revision=form.cleaned_data["revision"],
            por=request.user,
            archivos=form.cleaned_data["archivos"],
            quitar=[int(pk) for pk in request.POST.getlist("quitar") if pk.isascii() and pk.isdigit()],
            datos=de_oficina.respuestas() if de_oficina else {},
            **form.campos(),
        )
    except ProyectoCambio as choque:
        return _choque(request, radicado, choque.actual, form, de_oficina)
    except EstadoInadecuado:
        return _ya_no_se_escribe(request, radicado)
    except SinPermiso as rechazo:
        raise PermissionDenied(str(rechazo)) from rechazo
    except ValidationError as error:
        sumar_errores(form, error)
    else:
        messages.success(request, "La respuesta quedó guardada.")
        return redirect("ventanilla:proyecto", radicado.numero)
    return _pagina(request, radicado, actual, form, de_oficina, status=422)


def _choque(request, radicado: Radicado, actual: Proyecto, form: ProyectoForm, de_oficina):
    """What the other person left is shown beside what this one typed, who decides and saves again."""
    form.data = form.data.copy()
    form.data["revision"] = actual.revision
    form.add_error(None, f"{actual.proyectado_por} guardó otra versión mientras usted escribía.")
    return _pagina(request, radicado, actual, form, de_oficina, status=409, otra=actual)


def _ya_no_se_escribe(request, radicado: Radicado):
    """Somebody sent it to be signed: what was typed is shown, to be copied."""
    contexto = marco(
        request,
        f"Respuesta al radicado {radicado.numero}",
        radicado=radicado,
        escrito=request.POST.get("texto", ""),
    )
    return render(request, "ventanilla/escritorio/respuesta_cerrada.html", contexto, status=409)


def _pagina(
    request, radicado: Radicado, actual: Proyecto, form: ProyectoForm, de_oficina, *, status=200, **mas: Any
):
    contexto = marco(
        request,
        f"Respuesta al radicado {radicado.numero}",
        radicado=radicado,
        form=form,
        de_oficina=de_oficina,
        anexos=actual.anexos.all() if actual.pk else [],
        **mas,
    )
    return render(request, "ventanilla/escritorio/respuesta.html", contexto, status=status)
