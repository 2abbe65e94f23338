"""Writing a hoja de vida: one page in the order of the SUIT form, saved at any time."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse

from portal.archivos import FORMATOS, revisar
from portal.flujo import TransicionRechazada
from tramites.admin.editor import Editor
from tramites.admin.pantalla import Pantalla, ancla_de_lo_confirmado
from tramites.flujo import cambios_estructurales
from tramites.hojas import OtroGuardoAntes
from tramites.models import Accion, HojaDeVida, Tramite


class Escritura:
    """Mixin of TramiteAdmin: the editor."""

    def urls_de_escritura(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/hoja/", vista(self.hoja), name="tramites_tramite_hoja"),
            path("<int:pk>/acto/<int:numero>/", vista(self.acto), name="tramites_tramite_acto"),
        ]

    def hoja(self, request, pk: int):
        """The editor. What is posted is saved whole, and then what the pressed button says is done."""
        tramite = self.tramite_o_404(request, pk)
        abierta = HojaDeVida.objects.enteras().filter(tramite=tramite, estado=HojaDeVida.Estado.BORRADOR)
        hoja = abierta.first()
        escribe = self.escribe(request, tramite)
        if request.method == "POST":
            if hoja is None or not escribe:
                return self._no_se_guardo(request, tramite)
            return self._guardar(request, hoja)
        if not escribe:
            raise PermissionDenied
        if hoja is None:
            messages.info(request, "Esta hoja de vida no se está escribiendo: mire abajo qué puede hacer.")
            return redirect("admin:tramites_tramite_change", pk)
        return self._escribir(request, Editor(hoja))

    def _guardar(self, request, hoja: HojaDeVida):
        editor, orden = Editor(hoja, request.POST, request.FILES), request.POST.get("hacer", "")
        if not editor.es_valido():
            return self._escribir(request, editor, status=422)
        editor.hacer(orden)
        try:
            editor.guardar(request.user)
        except OtroGuardoAntes as rechazo:
            return self._otro_guardo_antes(request, editor, rechazo)
        except TransicionRechazada:
            return self._no_se_guardo(request, hoja.tramite)
        return self._tras_guardar(request, hoja.tramite, orden, editor.donde_volver)

    def _tras_guardar(self, request, tramite: Tramite, orden: str, donde: str):
        verbo, _dos_puntos, parte = orden.partition(":")
        if verbo == "confirmar":
            self.confirmar_parte(request, tramite, parte)
            donde = ancla_de_lo_confirmado(parte)
        elif verbo == "ver":
            return redirect("admin:tramites_tramite_vista", tramite.pk)
        elif verbo == "revisar":
            return redirect("admin:tramites_tramite_change", tramite.pk)
        else:
            messages.success(request, "Quedó guardado.")
        return redirect(f"{reverse('admin:tramites_tramite_hoja', args=[tramite.pk])}#{donde}")

    def _otro_guardo_antes(self, request, editor: Editor, rechazo: OtroGuardoAntes):
        """What was typed, told beside what somebody else saved. Saving again replaces that knowingly."""
        hoja = HojaDeVida.objects.enteras().get(pk=editor.hoja.pk)
        otra_vez = Editor(hoja, request.POST, request.FILES)
        otra_vez.es_valido()
        otra_vez.diferencias = editor.diferencias
        messages.error(request, str(rechazo))
        return self._escribir(request, otra_vez, status=409)

    def _escribir(self, request, editor: Editor, status=200):
        tramite = editor.hoja.tramite
        contexto = self.admin_site.each_context(request) | {
            "title": f"Hoja de vida: {tramite}",
            "opts": self.opts,
            "tramite": tramite,
            "editor": editor,
            "pantalla": Pantalla(editor),
            "clases_de_accion": Accion.Tipo.choices,
            "estructurales": [] if editor.form.is_bound else cambios_estructurales(editor.hoja),
        }
        return TemplateResponse(request, "admin/tramites/tramite/escribir.html", contexto, status=status)

    def _no_se_guardo(self, request, tramite: Tramite):
        """Somebody took a step, or a tenure ended, meanwhile: what was typed is shown, to be copied."""
        tramite = self.tramite_o_404(request, tramite.pk)
        ultima = HojaDeVida.objects.enteras().filter(tramite=tramite).order_by("-numero").first()
        escrito = list(Editor(ultima, request.POST).escrito()) if ultima else []
        messages.error(
            request,
            "Lo que escribió no se guardó: la hoja de vida ya no se está escribiendo, o ninguno de sus "
            "cargos la lleva hoy. Está al final de esta página, para que lo copie.",
        )
        return self.ficha(request, tramite, status=409, escrito=escrito)

    def acto(self, request, pk: int, numero: int):
        """The file of the act that supports a change, for whoever sees the table."""
        tramite = self.tramite_o_404(request, pk)
        hoja = tramite.hojas.filter(numero=numero).first()
        archivo = hoja.acto_soporte_archivo if hoja else None
        if not archivo or not archivo.storage.exists(archivo.name):
            raise Http404
        formato = revisar(archivo.open("rb")).formato
        extension, tipo = FORMATOS[formato]
        return FileResponse(
            archivo.open("rb"),
            as_attachment=True,
            filename=f"acto-{tramite.codigo}-{numero}.{extension}",
            content_type=tipo,
            headers={
                "Content-Security-Policy": "default-src 'none'; sandbox",
                "Cache-Control": "private, no-store",
            },
        )
