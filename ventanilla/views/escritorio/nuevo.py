"""What comes in at the counter, by telephone or in a letter."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from portal.escritorio import marco
from portal.models import Usuario
from ventanilla import en_persona
from ventanilla.acceso import atiende
from ventanilla.forms.escritorio import EnPersonaForm
from ventanilla.models import Borrador, TextoDeConsentimiento
from ventanilla.views.escritorio.acceso import del_escritorio, sumar_errores


@require_http_methods(["GET", "HEAD", "POST"])
@del_escritorio
def nuevo(request):
    """The form; what it sends is filed once. Files that arrived stay, whatever else is wrong."""
    if not atiende(request.user):
        raise PermissionDenied
    form = EnPersonaForm(request.POST or None, request.FILES or None)
    if request.method != "POST":
        return _pagina(request, form)
    bien = form.is_valid()
    borrador = None
    try:
        borrador = _recibir(form, request.user)
        if bien and borrador is not None:
            radicado = en_persona.radicar(borrador, form.cleaned_data, form.persona(), por=request.user)
            messages.success(request, f"Quedó radicado con el número {radicado.numero}.")
            return redirect("ventanilla:acuse", en_persona.secreto_de(borrador.clave))
    except ValidationError as error:
        sumar_errores(form, error)
    return _pagina(request, form, borrador)


def _recibir(form: EnPersonaForm, usuario: Usuario) -> Borrador | None:
    """The draft with the files that came, as soon as what it needs is right."""
    datos = form.cleaned_data
    if not {"clave", "clase", "medio"} <= datos.keys():
        return None
    return en_persona.recibir(
        clave=datos["clave"],
        clase=datos["clase"],
        medio=datos["medio"],
        archivos=datos.get("archivos", []),
        por=usuario,
    )


def _pagina(request, form: EnPersonaForm, borrador=None):
    contexto = marco(
        request,
        "Radicar por alguien",
        form=form,
        llegaron=borrador.anexos.all() if borrador else [],
        consentimiento=TextoDeConsentimiento.objects.order_by("-rige_desde", "-pk").first(),
    )
    return render(request, "ventanilla/escritorio/nuevo.html", contexto, status=422 if form.errors else 200)
