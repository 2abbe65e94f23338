"""The doors of a forgotten password: by mail, or by two people and a code."""

from django import forms
from django.contrib import messages
from django.contrib.auth import views
from django.contrib.auth.forms import PasswordResetForm, SetPasswordForm
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse_lazy
from django.utils.decorators import method_decorator
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from portal import claves, freno
from portal.admin.sitio import sitio_admin
from portal.alcance import alcance_de
from portal.direccion import direccion_de
from portal.forms.comunes import LineaDeTexto, Parrafos
from portal.models import RestablecimientoDeClave, Usuario
from portal.secretos import reservado

MUCHOS = (
    "Desde esta conexión se ha intentado muchas veces. Espere una hora o hable con la jefatura de su oficina."
)
NO_SIRVE = (
    "El nombre de usuario o el código no son esos, o el código ya no sirve. Mírelos otra vez; "
    "si pasó más de una hora, pida otro."
)
LAS_DOS = ("new_password1", "new_password2")


# --- By mail --------------------------------------------------------------------------------------
class OlvidadaForm(PasswordResetForm):
    """Writes to the outbox instead of the mail server, with the address of the settings in the link."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].label = "Correo electrónico"
        self.fields["email"].help_text = "El que la alcaldía tiene registrado para usted."

    def save(self, **_de_django) -> None:
        claves.escribir_enlaces(self.cleaned_data["email"])


class _DeLaCasa:
    """What the views of Django need to be pages of this admin."""

    def get_context_data(self, **kwargs):
        return super().get_context_data(**sitio_admin.each_context(self.request), **kwargs)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)


@method_decorator(reservado, name="dispatch")
class Olvidada(_DeLaCasa, views.PasswordResetView):
    """Asks for the address; what it answers does not tell whether somebody has it."""

    form_class = OlvidadaForm
    template_name = "admin/password_reset_form.html"
    title = "Escribir una contraseña nueva"
    success_url = reverse_lazy("admin:password_reset_done")

    def form_valid(self, form):
        de = direccion_de(self.request)
        if not freno.intentar("contrasena-desde", de, maximo=claves.POR_DIRECCION, cada=claves.CADA):
            form.add_error(None, MUCHOS)
            return self.render_to_response(self.get_context_data(form=form), status=429)
        return super().form_valid(form)


@method_decorator(reservado, name="dispatch")
class Enviada(_DeLaCasa, views.PasswordResetDoneView):
    template_name = "admin/password_reset_done.html"
    title = "Mire su correo"


@method_decorator(reservado, name="dispatch")
class Nueva(_DeLaCasa, views.PasswordResetConfirmView):
    """The page of the link. Who left the alcaldía since it was written does not enter by it."""

    template_name = "admin/password_reset_confirm.html"
    title = "Escriba su contraseña nueva"
    success_url = reverse_lazy("admin:password_reset_complete")

    def get_user(self, uidb64):
        persona = super().get_user(uidb64)
        return persona if persona and persona.is_active and persona.is_staff else None

    def get_context_data(self, **kwargs):
        contexto = super().get_context_data(**kwargs)
        return contexto if self.validlink else contexto | {"title": "Este enlace ya no sirve"}

    def render_to_response(self, context, **opciones):
        return super().render_to_response(context, **({} if self.validlink else {"status": 410}) | opciones)

    def form_valid(self, form):
        """Asked again on the locked row: a link opens once, even if it is sent twice at the same time."""
        testigo = self.request.session.pop(views.INTERNAL_RESET_SESSION_TOKEN)
        with transaction.atomic():
            persona = Usuario.objects.select_for_update().get(pk=self.user.pk)
            if not self.token_generator.check_token(persona, testigo):
                self.validlink = False
                return self.render_to_response(self.get_context_data())
            claves.poner(persona, form.cleaned_data["new_password1"])
        return HttpResponseRedirect(self.get_success_url())


@method_decorator(reservado, name="dispatch")
class Lista(_DeLaCasa, views.PasswordResetCompleteView):
    template_name = "admin/password_reset_complete.html"
    title = "Su contraseña nueva quedó guardada"


# --- The mail -------------------------------------------------------------------------------------
class CorreoForm(forms.Form):
    """One's own address. It asks for the password: links that open another go there."""

    correo = forms.EmailField(
        label="Correo electrónico",
        max_length=254,
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text="Uno que solo lea usted. Si no tiene, déjelo vacío.",
    )
    contrasena = forms.CharField(
        label="La contraseña que usa hoy",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args, de: Usuario, **kwargs):
        super().__init__(*args, initial={"correo": de.email}, **kwargs)
        self.de = de

    def clean_contrasena(self):
        if not self.de.check_password(self.cleaned_data["contrasena"]):
            raise ValidationError("La contraseña de hoy no es esa.")
        return ""


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def mi_correo(request):
    """Where the links for a forgotten password go: only its owner changes it."""
    form = CorreoForm(request.POST if request.method == "POST" else None, de=request.user)
    if form.is_valid():
        claves.cambiar_correo(request.user, form.cleaned_data["correo"])
        messages.success(request, "Su correo quedó guardado.")
        return redirect("admin:index")
    contexto = sitio_admin.each_context(request) | {"title": "Su correo", "form": form}
    return TemplateResponse(request, "admin/mi_correo.html", contexto, status=422 if form.errors else 200)


# --- By a code ------------------------------------------------------------------------------------
class CodigoForm(SetPasswordForm):
    """User name, code and the new password twice. The code is looked at first, and says nothing more."""

    usuario = LineaDeTexto(
        label="Nombre de usuario",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    codigo = LineaDeTexto(
        label="Código",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autocapitalize": "characters"}),
        help_text="Dos grupos de siete letras y números. No importan las mayúsculas.",
    )
    field_order = ("usuario", "codigo", *LAS_DOS)

    def __init__(self, *args, direccion: str = "", **kwargs):
        super().__init__(None, *args, **kwargs)
        self.direccion, self.frenado = direccion, False

    def clean(self):
        """Not as Django does it, which judges the password before knowing of whom it is."""
        datos = self.cleaned_data
        if "usuario" not in datos or "codigo" not in datos:
            return datos
        if not claves.puede_probar(datos["usuario"], self.direccion):
            self.frenado = True
            raise ValidationError(MUCHOS)
        self.user = claves.duena_de(datos["usuario"], datos["codigo"])
        if self.user is None:
            raise ValidationError(NO_SIRVE)
        claves.devolver_intento(datos["usuario"], self.direccion)
        self.validate_passwords(*LAS_DOS)
        self.validate_password_for_user(self.user, "new_password2")
        return datos


@reservado
@csrf_protect
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def clave(request):
    """Where the owner, who cannot enter, writes the code they were told."""
    enviado = request.POST if request.method == "POST" else None
    form = CodigoForm(enviado, direccion=direccion_de(request))
    if form.is_valid():
        datos = form.cleaned_data
        if claves.usar(form.user, datos["codigo"], datos["new_password1"]):
            return redirect("admin:password_reset_complete")
        form.add_error(None, NO_SIRVE)
    contexto = sitio_admin.each_context(request) | {
        "title": "Entrar con un código",
        "form": form,
    }
    estado = 429 if form.frenado else 422 if form.errors else 200
    return TemplateResponse(request, "admin/clave.html", contexto, status=estado)


# --- Asking and deciding --------------------------------------------------------------------------
class PedirForm(forms.Form):
    persona = forms.ModelChoiceField(Usuario.objects.none(), label="Persona", empty_label="Elija una persona")
    motivo = Parrafos(
        label="Por qué la necesita",
        max_length=500,
        filas=3,
        help_text="Por ejemplo: la olvidó y no tiene correo. La persona se lo pidió a usted.",
    )

    def __init__(self, *args, de: Usuario, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["persona"].queryset = claves.dirigidas_por(de)


def _exigir_que_decida(request) -> None:
    if not claves.decide(request.user):
        raise PermissionDenied


@require_http_methods(["GET", "HEAD", "POST"])
def pedidas(request):
    """To ask for somebody's, to decide on what others asked, and what became of the last ones."""
    _exigir_que_decida(request)
    form = PedirForm(request.POST if request.method == "POST" else None, de=request.user)
    if form.is_valid():
        try:
            pedido = claves.pedir(por=request.user, **form.cleaned_data)
        except ValidationError as rechazo:
            form.add_error(None, " ".join(rechazo.messages))
        else:
            aviso = f"Quedó pedida la contraseña de {pedido.persona}. Falta que otra persona la conceda."
            messages.success(request, aviso)
            return redirect("admin:claves")
    return _pagina(request, form)


def _pagina(request, form=None, rechazo="", estado=None):
    contexto = sitio_admin.each_context(request) | {
        "title": "Contraseñas olvidadas",
        "form": form or PedirForm(de=request.user),
        "puede_pedir": bool(alcance_de(request.user).dirige),
        "rechazo": rechazo,
        "esperan": claves.por_decidir(request.user).select_related("persona", "pedido_por", "pedido_como"),
        "propias": RestablecimientoDeClave.objects.filter(
            pedido_por=request.user, decidido_por=None
        ).select_related("persona"),
        "recientes": claves.recientes(request.user),
    }
    estado = estado or (422 if form and form.errors else 200)
    return TemplateResponse(request, "admin/claves.html", contexto, status=estado)


@require_POST
def decidir(request, pk: int, decision: str):
    """Grant, and then the code is in this answer and nowhere else; or refuse, with a reason."""
    _exigir_que_decida(request)
    pedidos = RestablecimientoDeClave.objects.select_related("persona", "pedido_por")
    pedido = get_object_or_404(pedidos, pk=pk)
    try:
        if decision == "negar":
            claves.negar(pedido, por=request.user, razon=request.POST.get("razon", "")[:500])
            messages.success(request, f"Usted negó la contraseña de {pedido.persona}. Se le escribió.")
            return redirect("admin:claves")
        codigo = claves.conceder(pedido, por=request.user)
    except claves.YaDecidido as aviso:
        messages.info(request, " ".join(aviso.messages))
        return redirect("admin:claves")
    except ValidationError as rechazo:
        return _pagina(request, rechazo=" ".join(rechazo.messages), estado=422)
    contexto = sitio_admin.each_context(request) | {
        "title": f"Código para {pedido.persona}",
        "pedido": pedido,
        "codigo": codigo,
    }
    return TemplateResponse(request, "admin/clave_concedida.html", contexto)


def _guardada(vista):
    return reservado(sitio_admin.admin_view(vista))


sitio_admin.rutas += [
    path("contrasena/olvidada/", Olvidada.as_view(), name="password_reset"),
    path("contrasena/enviada/", Enviada.as_view(), name="password_reset_done"),
    # One segment: logs leave out what is in it (`portal.secretos`).
    path("contrasena/nueva/<str:uidb64>.<str:token>/", Nueva.as_view(), name="password_reset_confirm"),
    path("contrasena/lista/", Lista.as_view(), name="password_reset_complete"),
    path("contrasena/correo/", _guardada(mi_correo), name="password_mail"),
    path("clave/", clave, name="clave"),
    path("claves/", _guardada(pedidas), name="claves"),
    path("claves/<int:pk>/conceder/", _guardada(decidir), {"decision": "conceder"}, name="clave_conceder"),
    path("claves/<int:pk>/negar/", _guardada(decidir), {"decision": "negar"}, name="clave_negar"),
]
