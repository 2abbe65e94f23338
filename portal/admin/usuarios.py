"""People who enter. Secretaría General creates them and gives them passwords; superusers are beyond it."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import unquote
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserCreationForm, UsernameField
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html

from portal.admin.permisos import SoloOrganizacion, organiza
from portal.admin.sitio import sitio_admin
from portal.models import Usuario


class UsuarioForm(forms.ModelForm):
    class Meta:
        model = Usuario
        fields = ()  # the admin says which
        field_classes = {"username": UsernameField}


class UsuarioNuevoForm(UserCreationForm):
    """All that a person needs to enter, on one screen."""

    class Meta:
        model = Usuario
        fields = ("username", "first_name", "last_name", "email", "is_staff")
        field_classes = {"username": UsernameField}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["first_name"].required = self.fields["last_name"].required = True  # acts are signed
        self.fields["is_staff"].initial = True


class ContrasenaForm(AdminPasswordChangeForm):
    """A new password for somebody; here everybody enters with one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.pop("usable_password", None)
        self.fields["password1"].required = self.fields["password2"].required = True


@admin.register(Usuario, site=sitio_admin)
class UsuarioAdmin(SoloOrganizacion, UserAdmin):
    """Their rights in content come from their posts, so groups and permissions are not shown."""

    form = UsuarioForm
    add_form = UsuarioNuevoForm
    add_form_template = None
    change_password_form = ContrasenaForm
    change_user_password_template = "admin/contrasena.html"  # noqa: S105 -- a template
    list_display = ("username", "persona", "email", "is_active", "last_login")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "contrasena")}),
        ("Persona", {"fields": ("first_name", "last_name", "email")}),
        ("Acceso", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("Fechas", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Acceso", {"fields": ("password1", "password2", "is_staff")}),
    )

    @admin.display(description="persona", ordering="first_name")
    def persona(self, usuario):
        return str(usuario)

    @admin.display(description="contraseña")
    def contrasena(self, usuario):
        if usuario.last_login:
            pedirla = 'Nadie puede verla. Si la olvidó, <a href="{}">la piden y la conceden dos personas</a>.'
            return format_html(pedirla, reverse("admin:claves"))
        url = reverse("admin:auth_user_password_change", args=[usuario.pk])
        return format_html('Nadie puede verla. <a href="{}">Poner una contraseña nueva</a>', url)

    # --- Who may --------------------------------------------------------------------------------
    def has_view_permission(self, request, obj=None):
        """A superuser is seen and changed only by another."""
        alcanza = obj is None or not obj.is_superuser or request.user.is_superuser
        return organiza(request.user) and alcanza

    has_change_permission = has_view_permission

    def has_delete_permission(self, request, obj=None):
        return False  # who left is closed with «activo», so that what they signed keeps its name

    def get_queryset(self, request):
        """Everybody; in the list, only whom one may open."""
        usuarios = super().get_queryset(request)
        en_el_listado = request.resolver_match.url_name == "portal_usuario_changelist"
        if en_el_listado and not request.user.is_superuser:
            return usuarios.filter(is_superuser=False)
        return usuarios

    def get_list_filter(self, request):
        return ("is_active", "is_superuser") if request.user.is_superuser else ("is_active",)

    def get_fieldsets(self, request, obj=None):
        if obj is None or request.user.is_superuser:
            return super().get_fieldsets(request, obj)
        return [
            (titulo, {"fields": [campo for campo in opciones["fields"] if campo != "is_superuser"]})
            for titulo, opciones in self.fieldsets
        ]

    def get_readonly_fields(self, request, obj=None):
        """Whoever is not a superuser does not change their own access.

        Nor does anybody the mail of who already entered: it opens a new password, and one alone would enter
        in their place. Its owner does (see `portal.admin.claves`).
        """
        fijos = ("contrasena", "last_login", "date_joined")
        if obj and obj != request.user and obj.last_login:
            return (*fijos, "email")
        es_suyo = obj == request.user and not request.user.is_superuser
        return (*fijos, "is_active", "is_staff") if es_suyo else fijos

    # --- What is done ---------------------------------------------------------------------------
    def user_change_password(self, request, id, form_url=""):
        """The first password of another person; one's own asks for the one there is.

        Who entered once gets another by their mail or by two people (see `portal.claves`): one alone would
        enter in their place.
        """
        usuario = self.get_object(request, unquote(id))
        if usuario == request.user and not request.user.is_superuser:
            return redirect("admin:password_change")
        if usuario and usuario.last_login and usuario != request.user:
            messages.info(
                request, f"{usuario} ya ha entrado: su contraseña la piden y la conceden dos personas."
            )
            return redirect("admin:claves")
        return super().user_change_password(request, id, form_url)

    def construct_change_message(self, request, form, formsets, add=False):
        if isinstance(form, ContrasenaForm):
            return "Puso una contraseña nueva."
        return super().construct_change_message(request, form, formsets, add)

    def response_add(self, request, obj, post_url_continue=None):
        if {"_addanother", "_continue", IS_POPUP_VAR} & set(request.POST):
            return super().response_add(request, obj, post_url_continue)
        url = f"{reverse('admin:portal_titularidad_add')}?persona={obj.pk}"
        aviso = "Se agregó «{}». Ya puede entrar, pero sin cargo no escribe ni autoriza: {}."
        enlace = format_html('<a href="{}">registre su titularidad</a>', url)
        messages.success(request, format_html(aviso, obj, enlace))
        return redirect("admin:portal_usuario_changelist")
