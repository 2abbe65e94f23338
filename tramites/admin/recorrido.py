"""Reading a trámite and moving it on: its page, its steps, its versions side by side."""

from django.contrib import messages
from django.http import Http404, HttpResponseNotAllowed
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.views.decorators.cache import never_cache

from portal.flujo import SinPermiso, TransicionRechazada
from tramites import services
from tramites.admin.editor import Editor
from tramites.admin.formularios import PasoDeTramiteForm
from tramites.admin.pantalla import Pantalla, por_confirmar
from tramites.bandeja import NOMBRADOS, primeros
from tramites.comparacion import SECCIONES, comparar, leer
from tramites.completitud import medir
from tramites.estructural import cambios
from tramites.ficha import Ficha
from tramites.flujo import FLUJO, cambios_estructurales, dar_paso
from tramites.models import HojaDeVida, Tramite
from tramites.tarifas import valores_vigentes

Estado = Tramite.Estado
#: Steps that show the person what they answer for: the content goes with its hash.
CON_HUELLA = {"remitir", "aprobar_cambio", "aprobar_consulta"}
#: After them somebody writes.
ABREN_EL_EDITOR = {"empezar", "actualizar", "corregir"}
#: Shown apart, after everything else, and asked twice.
APARTE = {"retirar", "suprimir"}
DOS_VECES = {"descartar", "descartar_consulta"}
#: Steps whose reason is told on top while it matters.
DICEN_POR_QUE = {"devolver", "recoger", "negar", "suprimir"}
#: What to say to whoever has nothing to do with a trámite in that state.
NADA_QUE_HACER = {
    Estado.SIN_GESTION: "Por ahora nada: falta que alguien empiece su hoja de vida.",
    Estado.EN_CREACION: "Por ahora nada: su hoja de vida se está escribiendo.",
    Estado.ENVIADO: "Por ahora nada: espera a otra persona, que lo apruebe.",
    Estado.EN_CORRECCION: "Por ahora nada: se está corrigiendo lo que se devolvió.",
    Estado.EN_EVALUACION: "Por ahora nada: espera la respuesta del DAFP.",
    Estado.INSCRITO: "No hay nada que hacer: está inscrito en el SUIT.",
    Estado.APROBADO: "No hay nada que hacer: está aprobado y no va al SUIT.",
    Estado.EN_ACTUALIZACION: "Por ahora nada: se está escribiendo un cambio.",
    Estado.NEGADO: "Por ahora nada: el DAFP lo negó.",
    Estado.SUPRIMIDO: "No hay nada que hacer: ya no existe.",
}


def hoja_que_se_lee(tramite: Tramite) -> HojaDeVida | None:
    """The one being written or reviewed, the one the DAFP has, the one in force or else the last one."""
    if abierta := tramite.hoja_abierta():
        return abierta
    if tramite.estado == Estado.EN_EVALUACION:
        return tramite.hojas.aprobadas().order_by("-numero").first()
    return tramite.hoja_vigente() or tramite.hojas.order_by("-numero").first()


class Recorrido:
    """Mixin of TramiteAdmin: reading, steps and versions."""

    def urls_de_recorrido(self):
        vista = self.admin_site.admin_view
        return [
            path("<int:pk>/paso/<slug:nombre>/", vista(self.paso), name="tramites_tramite_paso"),
            path("<int:pk>/confirmar/", vista(self.confirmar), name="tramites_tramite_confirmar"),
            path("<int:pk>/ratificar/", vista(self.ratificar), name="tramites_tramite_ratificar"),
            path("<int:pk>/vista/", vista(never_cache(self.vista)), name="tramites_tramite_vista"),
            path("<int:pk>/comparar/", vista(self.comparar), name="tramites_tramite_comparar"),
        ]

    # --- Reading --------------------------------------------------------------------------------
    def _hoja_pedida(self, request, tramite: Tramite, parametro: str) -> HojaDeVida | None:
        """The hoja whose number is in the address, or None."""
        numero = request.GET.get(parametro, "")
        if not (numero.isascii() and numero.isdigit() and len(numero) < 5):
            return None
        return HojaDeVida.objects.enteras().filter(tramite=tramite, numero=numero).first()

    def ficha(self, request, tramite: Tramite, rechazado=None, status=200, escrito=()):
        """What its hoja de vida says, its line of time, and a button for each step that is possible."""
        actual = hoja_que_se_lee(tramite)
        hoja = self._hoja_pedida(request, tramite, "hoja")
        es_la_actual = hoja is None or (actual is not None and hoja.pk == actual.pk)
        if es_la_actual and actual is not None:
            hoja = HojaDeVida.objects.enteras().get(pk=actual.pk)
        escribe = self.escribe(request, tramite)
        historia = list(tramite.pasos.select_related("por"))
        contexto = self.admin_site.each_context(request) | {
            "title": str(tramite),
            "opts": self.opts,
            "tramite": tramite,
            "hoja": hoja,
            "medida": medir(hoja) if hoja else None,
            "secciones": leer(hoja) if hoja else [],
            "huella": hoja.huella() if hoja else "",
            "actual": actual,
            "es_la_actual": es_la_actual,
            "escribe": escribe,
            "se_escribe": escribe and hoja is not None and hoja.editable,
            "por_confirmar": por_confirmar(tramite),
            "pasos": self._pasos(request, tramite, hoja, rechazado) if es_la_actual else [],
            "aparte": APARTE,
            "dos_veces": DOS_VECES,
            "nada_que_hacer": NADA_QUE_HACER[Estado(tramite.estado)],
            "hojas": list(tramite.hojas.select_related("editada_por").order_by("-numero")),
            "historia": historia,
            "motivo": next((p for p in reversed(historia) if p.accion in DICEN_POR_QUE), None)
            if tramite.estado in {Estado.EN_CORRECCION, Estado.NEGADO, Estado.SUPRIMIDO}
            else None,
            "escrito": escrito,
        }
        if hoja is not None and hoja.editable:
            contexto["vacios"] = Pantalla(Editor(hoja)).vacios if escribe else []
            contexto["estructurales"] = [str(cambio) for cambio in cambios_estructurales(hoja)]
        elif hoja is not None:
            contexto["estructurales"] = hoja.estructurales
        return TemplateResponse(request, "admin/tramites/tramite/ficha.html", contexto, status=status)

    @staticmethod
    def _pasos(request, tramite: Tramite, hoja: HojaDeVida | None, rechazado) -> list:
        pasos = []
        for transicion in FLUJO.posibles(tramite, request.user):
            form = PasoDeTramiteForm(
                nombre=transicion.nombre,
                pide_motivo=transicion.pide_motivo,
                initial={"huella": hoja.huella() if hoja and transicion.nombre in CON_HUELLA else ""},
            )
            if rechazado is not None and rechazado.nombre == transicion.nombre:
                form = rechazado
            etiqueta = transicion.etiqueta
            if transicion.nombre in CON_HUELLA:
                etiqueta = f"La leí: {etiqueta[0].lower()}{etiqueta[1:]}"
            pasos.append((transicion.nombre, etiqueta, form))
        return pasos

    def vista(self, request, pk: int):
        """A hoja de vida as the citizen will read it, with a notice that it is not that yet."""
        tramite = self.tramite_o_404(request, pk)
        hoja = self._hoja_pedida(request, tramite, "hoja") or hoja_que_se_lee(tramite)
        if hoja is None:
            messages.info(request, "Este trámite todavía no tiene hoja de vida.")
            return redirect("admin:tramites_tramite_change", pk)
        audiencia = hoja.audiencias.filter(slug=request.GET.get("para", "")).first()
        contexto = {"tramite": tramite, "ficha": Ficha(tramite, audiencia, hoja=hoja), "la_hoja": hoja}
        return TemplateResponse(request, "admin/tramites/tramite/vista.html", contexto)

    def comparar(self, request, pk: int):
        """Two hojas de vida of the trámite, with their differences; the structural ones on top."""
        tramite = self.tramite_o_404(request, pk)
        hojas = list(tramite.hojas.order_by("-numero"))
        antes, ahora = (self._hoja_pedida(request, tramite, cual) for cual in ("antes", "ahora"))
        if len(hojas) > 1 and not request.GET:
            antes, ahora = (HojaDeVida.objects.enteras().get(pk=hoja.pk) for hoja in (hojas[1], hojas[0]))
        contexto = self.admin_site.each_context(request) | {
            "title": "Comparar hojas de vida",
            "opts": self.opts,
            "tramite": tramite,
            "hojas": hojas,
            "antes": antes,
            "ahora": ahora,
            "faltan": len(hojas) > 1 and not (antes and ahora),
        }
        if antes and ahora:
            diferencias = comparar(antes, ahora)
            contexto["secciones"] = [
                (titulo, propias)
                for clave, titulo in SECCIONES.items()
                if (propias := [d for d in diferencias if d.seccion == clave])
            ]
            contexto["estructurales"] = cambios(antes, ahora, valores_vigentes())
        return TemplateResponse(request, "admin/tramites/tramite/comparar.html", contexto)

    # --- Moving on ------------------------------------------------------------------------------
    def paso(self, request, pk: int, nombre: str):
        """Take one step. Only by POST; what was typed stays when it is refused."""
        tramite = self.tramite_o_404(request, pk)
        transicion = FLUJO.transiciones.get(nombre)
        if transicion is None:
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = PasoDeTramiteForm(request.POST, nombre=nombre, pide_motivo=transicion.pide_motivo)
        if not form.is_valid():
            return self.ficha(request, tramite, form, status=422)
        try:
            tramite = dar_paso(nombre, tramite, por=request.user, **form.cleaned_data)
        except TransicionRechazada as rechazo:
            messages.error(request, self._por_que_no(tramite, nombre, rechazo))
            return self.ficha(request, tramite, form, status=estado_http(rechazo))
        if nombre in ABREN_EL_EDITOR:
            return redirect("admin:tramites_tramite_hoja", pk)
        messages.success(
            request, f"Hecho: {transicion.etiqueta}. Quedó en el estado «{tramite.get_estado_display()}»."
        )
        return redirect("admin:tramites_tramite_change", pk)

    @staticmethod
    def _por_que_no(tramite: Tramite, nombre: str, rechazo: TransicionRechazada) -> str:
        """What the rejection says; of many gaps only the first, because the page lists them all."""
        hoja = HojaDeVida.objects.enteras().filter(tramite=tramite, estado=HojaDeVida.Estado.BORRADOR).first()
        vacios = medir(hoja).vacios if nombre == "enviar" and hoja else []
        return f"No se envió. {primeros(vacios)}" if len(vacios) > NOMBRADOS else str(rechazo)

    def confirmar(self, request, pk: int):
        """A person answers for a datum that came without confirmation."""
        tramite = self.tramite_o_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        rechazo = self.confirmar_parte(request, tramite, request.POST.get("parte", ""))
        if rechazo:
            return self.ficha(request, self.tramite_o_404(request, pk), status=estado_http(rechazo))
        return redirect("admin:tramites_tramite_change", pk)

    def confirmar_parte(self, request, tramite: Tramite, parte: str) -> TransicionRechazada | None:
        try:
            services.confirmar_dato(tramite, parte=parte, por=request.user)
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
            return rechazo
        messages.success(request, "Confirmado: queda escrito que usted responde por ese dato.")
        return None

    def ratificar(self, request, pk: int):
        """«Revisado: sigue vigente»."""
        tramite = self.tramite_o_404(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            services.ratificar_vigencia(tramite, por=request.user)
        except TransicionRechazada as rechazo:
            messages.error(request, str(rechazo))
            return self.ficha(request, tramite, status=estado_http(rechazo))
        messages.success(request, "Listo: «Revisado: sigue vigente».")
        return redirect("admin:tramites_tramite_change", pk)


def estado_http(rechazo: TransicionRechazada) -> int:
    return 403 if isinstance(rechazo, SinPermiso) else 409
