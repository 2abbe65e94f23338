"""Writing a text and taking it through its steps."""

import re
from copy import copy
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.forms import modelform_factory
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from js_asset import Media

from portal import gobierno, services
from portal.admin import anteriores, comparaciones, vista_previa
from portal.admin import presencia as pulso
from portal.admin.formularios import AdjuntoForm, AdjuntosFormSet, PasoForm, VersionForm, campos_de
from portal.admin.permisos import autoriza_en_algun_canal
from portal.admin.sitio import sitio_admin
from portal.alcance import alcance_de
from portal.flujo import TransicionRechazada
from portal.flujo_editorial import FLUJO
from portal.models import Adjunto, Asignacion, Canal, Publicacion, Version
from portal.models.canal import Tipo
from portal.redaccion import presencia
from portal.redaccion.comprobaciones import FaltaConfirmar, Nivel, comprobar

#: Steps whose form shows what the person must have read.
CON_HUELLA = {"autorizar", "autorizar_urgente"}
#: Those, and by which somebody answers for the text: none is taken of a text other than the one on screen.
LEIDOS = {*CON_HUELLA, "enviar", "publicar_urgente"}
#: Steps that are not buttons of a text: the system's own, and the one that belongs to the publication.
SIN_BOTON = {"publicar_programada", "retirar", "retirar_sin_revisar"}
#: Shown apart, after everything else: it must not tempt whoever can take the usual way.
APARTE = "publicar_urgente"
Estado = Version.Estado
#: What to say to whoever has nothing to do with a text in that state.
NADA_QUE_HACER = {
    Estado.BORRADOR: "Por ahora nada: es un borrador y todavía lo están escribiendo.",
    Estado.EN_VALIDACION: "Por ahora nada: este texto espera a otra persona, que lo valide.",
    Estado.POR_AUTORIZAR: "Por ahora nada: este texto espera a otra persona, que lo autorice.",
    Estado.AUTORIZADA: "Por ahora nada: ya se autorizó y espera a otra persona, que lo publique.",
    Estado.PROGRAMADA: "No hay nada que hacer: saldrá solo a su hora.",
    Estado.PUBLICADA: "No hay nada que hacer aquí: el público ya lo lee.",
    Estado.REEMPLAZADA: "No hay nada que hacer aquí: el público lo leyó y hoy lee uno más nuevo.",
    Estado.RETIRADA: "No hay nada que hacer aquí: se retiró del sitio.",
    Estado.DEVUELTA: "No hay nada que hacer aquí: se corrige en un texto nuevo.",
    Estado.DESCARTADA: "No hay nada que hacer: es un borrador que se abandonó.",
}


def _a_la_medida(form: Any, tipo: str, campos: tuple[str, ...]) -> Any:
    """The class of form for that kind, without the fields of an event in what is not one."""
    form.tipo = tipo
    for sobra in {"evento_inicio", "evento_fin"} - set(campos):
        form.base_fields.pop(sobra, None)
    return form


class AdjuntoInline(admin.StackedInline):
    model = Adjunto
    form = AdjuntoForm
    formset = AdjuntosFormSet
    extra = 1
    max_num = 30
    verbose_name = "archivo o imagen"
    verbose_name_plural = "archivos e imágenes"
    template = "admin/portal/version/adjuntos.html"
    view_on_site = False  # its link is beside its field

    def has_add_permission(self, request, obj=None):
        return True

    has_change_permission = has_delete_permission = has_view_permission = has_add_permission


@admin.register(Version, site=sitio_admin)
class VersionAdmin(admin.ModelAdmin):
    form = VersionForm
    inlines = (AdjuntoInline,)
    list_display = ("titulo", "estado", "canal", "editada_por", "editada_en")
    list_filter = ("estado", ("publicacion__canal", admin.RelatedOnlyFieldListFilter))
    search_fields = ("titulo", "resumen")
    list_per_page = 50
    show_facets = admin.ShowFacets.NEVER
    actions = ("autorizar_y_publicar",)
    change_form_template = "admin/portal/version/escribir.html"

    @admin.display(description="canal", ordering="publicacion__canal__orden")
    def canal(self, version):
        return version.publicacion.canal

    # --- Who may --------------------------------------------------------------------------------
    def has_module_permission(self, request):
        return request.user.is_staff

    def has_view_permission(self, request, obj=None):
        return request.user.is_staff

    def has_add_permission(self, request):
        return request.user.is_staff

    def has_change_permission(self, request, obj=None):
        """Whether the content may be edited: a draft, by somebody who writes in its channel."""
        if obj is None:
            return request.user.is_staff
        return obj.editable and self._escribe(request, obj.publicacion)

    def has_delete_permission(self, request, obj=None):
        return False

    @staticmethod
    def _escribe(request, publicacion: Publicacion) -> bool:
        alcance, funcion = alcance_de(request.user), Asignacion.Funcion.AUTOR
        return publicacion.canal_id in alcance.canales[funcion] and gobierno.sigue(
            alcance, publicacion, funcion
        )

    def get_queryset(self, request):
        return (
            super()
            .get_queryset(request)
            .legibles_por(request.user)
            .select_related("publicacion__canal__dependencia", "editada_por", "enviada_por")
        )

    def changelist_view(self, request, extra_context=None):
        if not all(
            pk.isdecimal() and len(pk) <= pulso.LARGO_DE_UN_NUMERO
            for pk in request.POST.getlist("_selected_action")
        ):
            raise SuspiciousOperation("A row that is not a number.")
        return super().changelist_view(request, {"title": "Textos"} | (extra_context or {}))

    # --- Writing --------------------------------------------------------------------------------
    def get_urls(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/paso/<slug:nombre>/", vista(self.paso), name="portal_version_paso"),
            path("<int:pk>/corregir/", vista(self.corregir), name="portal_version_corregir"),
            *pulso.rutas(self),
            *anteriores.rutas(self),
            *comparaciones.rutas(self),
            *vista_previa.rutas(self),
            *super().get_urls(),
        ]

    def add_view(self, request, form_url="", extra_context=None):
        """First where and what; then the form with only the fields of that kind."""
        canal, tipo = self._donde_y_que(request)
        if canal is None or tipo is None:
            return self._elegir(request, canal)
        contexto = {
            "title": f"{Tipo(tipo).label} para «{canal}»",
            "canal": canal,
        }
        try:
            return super().add_view(request, form_url, contexto | (extra_context or {}))
        except services.YaSeCreo as repetido:
            return self._ya_se_creo(request, repetido)

    def _ya_se_creo(self, request, repetido: services.YaSeCreo):
        """The answer to the first sending was lost: what was written since is offered beside it."""
        version = repetido.version
        if not self.has_change_permission(request, version):
            return self._no_se_guardo(request, version)
        if self._leido(request, version).lo_que_cambia():
            return self.change_view(request, str(version.pk), version.get_absolute_url())
        messages.info(request, str(repetido), extra_tags=self._recibido(request))
        return redirect(version.get_absolute_url())

    def _leido(self, request, version: Version) -> VersionForm:
        """The form that was sent, read beside what the text says now. `version` stays as it is."""
        campos = campos_de(version.tipo, es_cambio=self._es_cambio(version))
        clase = _a_la_medida(modelform_factory(Version, form=self.form, fields=campos), version.tipo, campos)
        form = clase(request.POST, instance=copy(version))
        form.is_valid()
        return form

    @staticmethod
    def _recibido(request) -> str:
        """A mark in the message, by which the browser erases the copy that it kept of what it sent."""
        intento = request.POST.get("intento", "")
        return f"guardado-{intento}" if re.fullmatch("[0-9a-f]{32}", intento) else ""

    def _donde_y_que(self, request) -> tuple[Any, Any]:
        clave, tipo = request.GET.get("canal", ""), request.GET.get("tipo")
        if not clave.isdecimal() or len(clave) > pulso.LARGO_DE_UN_NUMERO:
            return None, None
        canales = Canal.objects.que_puede(request.user, Asignacion.Funcion.AUTOR)
        canal = canales.select_related("dependencia").filter(pk=clave).first()
        if canal is None:
            raise PermissionDenied
        if tipo is None and len(canal.tipos) == 1:
            tipo = canal.tipos[0]
        return canal, tipo if tipo in canal.tipos else None

    def _elegir(self, request, canal: Canal | None):
        canales = Canal.objects.que_puede(request.user, Asignacion.Funcion.AUTOR)
        if canal:
            canales = canales.filter(pk=canal.pk)
        opciones = [
            (canal, [(tipo, Tipo(tipo).label) for tipo in canal.tipos]) for canal in canales if canal.tipos
        ]
        contexto = self.admin_site.each_context(request) | {
            "title": "¿Qué va a publicar?",
            "opciones": opciones,
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/portal/version/elegir.html", contexto)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A draft opens to be written; anything else, or with `?ver=1`, to be read and moved on."""
        version = self.get_object(request, object_id)
        if version is None:
            raise Http404
        if request.method == "POST" and not self.has_change_permission(request, version):
            return self._no_se_guardo(request, version)
        if "ver" in request.GET or not self.has_change_permission(request, version):
            return self.revisar(request, version)
        contexto = {
            "title": f"Borrador para «{version.publicacion.canal}»",
            "canal": version.publicacion.canal,
            "version": version,
        }
        try:
            return super().change_view(request, object_id, form_url, contexto | (extra_context or {}))
        except services.OtroGuardoAntes:
            # Somebody saved between the check and the save: the form, read again, says so.
            return super().change_view(request, object_id, form_url, contexto | (extra_context or {}))
        except TransicionRechazada:
            version.refresh_from_db()
            return self._no_se_guardo(request, version)

    def _no_se_guardo(self, request, version: Version):
        """Somebody took a step while this person was writing: what they typed is shown, to be copied.

        What says the same as the text is one's own form once more: its first answer was lost.
        """
        formsets, _inlines = self._create_formsets(request, copy(version), change=True)
        if not self._leido(request, version).lo_que_cambia() and not any(f.has_changed() for f in formsets):
            messages.info(request, "Ese texto ya se había guardado.", extra_tags=self._recibido(request))
            return redirect(version.get_absolute_url())
        messages.error(
            request,
            f"Su texto no se guardó: ya está «{version.get_estado_display().lower()}» y no se puede "
            "cambiar. Lo que escribió está al final de esta página, para que lo copie.",
        )
        escrito = [
            (self.opts.get_field(campo).verbose_name, request.POST[campo])
            for campo in Version.CONTENIDO
            if request.POST.get(campo)
        ]
        return self.revisar(request, version, status=409, escrito=escrito)

    def get_form(self, request, obj=None, change=False, **kwargs):
        tipo = obj.tipo if obj else self._donde_y_que(request)[1]
        kwargs["fields"] = campos_de(tipo, es_cambio=self._es_cambio(obj))
        return _a_la_medida(super().get_form(request, obj, change=change, **kwargs), tipo, kwargs["fields"])

    @staticmethod
    def _es_cambio(version: Version | None) -> bool:
        """Whether the public already reads something that this text would replace."""
        return bool(version and version.publicacion.version_publica_id)

    def get_fieldsets(self, request, obj=None):
        tipo = obj.tipo if obj else self._donde_y_que(request)[1]
        campos = campos_de(tipo, es_cambio=self._es_cambio(obj))
        return [(None, {"fields": (*campos, "revision", "clave")})]

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        """What is looked up only when the form is shown: a saving that goes well does not wait for it.

        The editor's import map is an inline script: it carries the nonce of the policy.
        """
        context["media"] = Media.from_media(context["media"], nonce=str(request.csp_nonce))
        if obj:
            context["otros"] = presencia.otros(obj, request.user)
            context["guardados"] = obj.anteriores.count()
            # What was refused is not what is stored, which is what the checks read.
            context["hallazgos"] = [] if context["errors"] else comprobar(obj)
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def save_model(self, request, obj, form, change):
        if change:
            guardada = services.guardar_borrador(
                obj,
                por=request.user,
                revision=form.cleaned_data["revision"],
                **form.contenido(),
            )
        else:
            canal, tipo = self._donde_y_que(request)
            guardada = services.crear_publicacion(
                canal=canal,
                tipo=tipo,
                por=request.user,
                clave=form.cleaned_data["clave"],
                **form.contenido(),
            )
        obj.__dict__.update(guardada.__dict__)

    def save_related(self, request, form, formsets, change):
        with services.editar_adjuntos(form.instance, por=request.user):
            super().save_related(request, form, formsets, change)

    def log_addition(self, request, obj, message):
        """`Paso` keeps the history of texts."""

    log_change = log_addition

    def response_add(self, request, obj, post_url_continue=None):
        return self._tras_guardar(request, obj)

    def response_change(self, request, obj):
        return self._tras_guardar(request, obj)

    def _tras_guardar(self, request, version: Version):
        recibido = self._recibido(request)
        if "_enviar" in request.POST:
            try:
                version = services.enviar(version, por=request.user)
            except TransicionRechazada as rechazo:
                aviso = f"El borrador quedó guardado, pero no se envió. {rechazo}"
                messages.warning(request, aviso, extra_tags=recibido)
                pregunta = isinstance(rechazo, FaltaConfirmar)
                return redirect(f"{version.get_absolute_url()}{'?ver=1#pasos' if pregunta else ''}")
            aviso = "El texto se envió. Ahora le toca a quien valida."
            messages.success(request, aviso, extra_tags=recibido)
            return redirect("admin:index")
        aviso = "El borrador quedó guardado. Todavía no se ha enviado."
        messages.success(request, aviso, extra_tags=recibido)
        if "_ver" in request.POST:
            return redirect(f"{version.get_absolute_url()}?ver=1")
        return redirect("admin:portal_version_change", version.pk)

    # --- Reading and moving on ------------------------------------------------------------------
    def revisar(self, request, version: Version, rechazado: PasoForm | None = None, status=200, escrito=()):
        """The text as it will be read, its line of time, and a button for each step that is possible."""
        huella = version.huella()
        hallazgos = comprobar(version) if version.editable else []
        hay_preguntas = any(hallazgo.nivel == Nivel.PREGUNTA for hallazgo in hallazgos)
        pasos = []
        for transicion in FLUJO.posibles(version, request.user):
            if transicion.nombre in SIN_BOTON:
                continue
            form = PasoForm(
                nombre=transicion.nombre,
                pide_motivo=transicion.pide_motivo,
                pide_confirmar=hay_preguntas,
                initial={"huella": huella},
            )
            if rechazado is not None and rechazado.nombre == transicion.nombre:
                form = rechazado
                form.con_lo_de_ahora(huella)
            pasos.append((transicion, form))
        adjuntos = list(version.adjuntos_con_rendiciones())
        historia = list(version.pasos.select_related("por"))
        contexto = self.admin_site.each_context(request) | {
            "title": str(version),
            "opts": self.opts,
            "version": version,
            "publicacion": version.publicacion,
            "imagenes": [adjunto for adjunto in adjuntos if adjunto.es_imagen],
            "documentos": [adjunto for adjunto in adjuntos if not adjunto.es_imagen],
            "huella": huella,
            "escrito": escrito,
            "hallazgos": hallazgos,
            "pasos": pasos,
            "aparte": APARTE,
            "nada_que_hacer": NADA_QUE_HACER[Estado(version.estado)],
            "historia": historia,
            "de_otro_gobierno": gobierno.terminado(version.publicacion),
            "recogida": any(paso.accion == "recoger" for paso in historia),
            "editable": self.has_change_permission(request, version),
            "corregible": version.estado == Version.Estado.DEVUELTA
            and self._escribe(request, version.publicacion)
            and not version.publicacion.versiones.filter(numero__gt=version.numero).exists(),
        }
        contexto |= comparaciones.contexto(request, version)
        contexto |= vista_previa.contexto(request, version)
        return TemplateResponse(request, "admin/portal/version/revisar.html", contexto, status=status)

    def paso(self, request, pk: int, nombre: str):
        """Take one step. Only by POST; what was typed stays when it is refused."""
        version = self.get_queryset(request).filter(pk=pk).first()
        transicion = FLUJO.transiciones.get(nombre)
        if version is None or transicion is None or nombre in SIN_BOTON:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = PasoForm(request.POST, nombre=nombre, pide_motivo=transicion.pide_motivo, pide_confirmar=True)
        if not form.is_valid():
            return self.revisar(request, version, form, status=422)
        servicio = getattr(services, nombre)
        datos = form.datos()
        if nombre in LEIDOS:
            datos["huella"] = form.cleaned_data["huella"]
        if nombre == "autorizar" and "publicar" in request.POST:
            servicio = services.autorizar_y_publicar
        try:
            servicio(version, por=request.user, **datos)
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
            return self.revisar(request, version, form, status=409)
        version.refresh_from_db()
        messages.success(request, self._hecho(version, con_acto=nombre in CON_HUELLA))
        return redirect(version.get_absolute_url())

    @staticmethod
    def _hecho(version: Version, *, con_acto: bool) -> str:
        """What the person is told after a step; an authorisation is named, with its link."""
        aviso = "Hecho. «{}» quedó en el estado «{}»"
        datos = [version, version.get_estado_display().lower()]
        if not con_acto:
            return format_html(f"{aviso}.", *datos)
        acto = version.autorizacion
        return format_html(
            f'{aviso}, con la <a href="{{}}">Autorización {{}}</a>.', *datos, acto.get_absolute_url(), acto
        )

    def corregir(self, request, pk: int):
        """A new draft with the content of one that was returned."""
        version = self.get_queryset(request).filter(pk=pk).first()
        if version is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            nueva = services.nueva_version(version.publicacion, por=request.user)
        except services.YaHayTextoEnCamino as rechazo:
            messages.info(request, str(rechazo))
            nueva = rechazo.version
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
            return self.revisar(request, version, status=409)
        return redirect(nueva.get_absolute_url())

    # --- In bulk --------------------------------------------------------------------------------
    def has_autorizar_permission(self, request):
        return autoriza_en_algun_canal(request.user)

    @admin.action(description="Leer, autorizar y publicar", permissions=["autorizar"])
    def autorizar_y_publicar(self, request, queryset):
        """Each text is shown whole with its hash; the second POST authorises exactly those."""
        versiones = list(queryset.filter(estado=Version.Estado.POR_AUTORIZAR))
        if "confirmar" not in request.POST:
            contexto = self.admin_site.each_context(request) | {
                "title": "Leer y autorizar",
                "opts": self.opts,
                "versiones": [(version, version.huella()) for version in versiones],
                "omitidas": queryset.count() - len(versiones),
            }
            return TemplateResponse(request, "admin/portal/version/autorizar_varias.html", contexto)
        for version in versiones:
            try:
                services.autorizar_y_publicar(
                    version, por=request.user, huella=request.POST.get(f"huella-{version.pk}", "")
                )
            except TransicionRechazada as rechazo:
                messages.error(request, f"«{version}»: {rechazo}")
            else:
                version.refresh_from_db()
                messages.success(request, self._hecho(version, con_acto=True))
        return redirect(reverse("admin:portal_version_changelist"))
