"""The board of Secretaría General, and how each office follows its part of the plan."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from portal.escritorio import con_sesion
from portal.flujo import SinPermiso, TransicionRechazada
from portal.models import Dependencia
from portal.pdf import hay_pdf
from portal.periodos import Periodo
from seguimiento import informes, semana
from seguimiento.formularios import TextoForm
from seguimiento.models import InformeSemanal, ObservacionADependencia
from seguimiento.panel import alertas, figuras, mirada_de, resumen_de_alertas, semanas_con_informe
from seguimiento.seguimiento_por_dependencia import (
    Ficha,
    cargo_que_responde,
    preguntar,
    responder,
)


class SemanaPedida:
    """The week that was asked for: one with its report, or the one in course; if none, the last report."""

    def __init__(self, clave: str):
        ahora = timezone.now()
        self.en_curso = Periodo.semana_de(timezone.localdate(ahora))
        self.con_informe = semanas_con_informe()
        if not any(fila.periodo == self.en_curso.anterior for fila in self.con_informe):
            informes.cerrar_semanas(ahora)  # the rutina failed, or this is the first day
            self.con_informe = semanas_con_informe()
        self.aviso = ""
        self.periodo = self._leer(clave) if clave else self.con_informe[0].periodo
        self.informe = self._informe()
        self.datos = self.informe.datos if self.informe else semana.mirar(self.periodo)

    def _leer(self, clave: str) -> Periodo:
        try:
            pedido = Periodo.leer_semana(clave)
        except ValueError as error:
            self.aviso = str(error)
            return self.con_informe[0].periodo
        if pedido != self.en_curso and not any(fila.periodo == pedido for fila in self.con_informe):
            que = "no ha llegado" if pedido.futuro() else "no tiene informe"
            self.aviso = f"La {pedido} {que}. Esta es la última que lo tiene."
            return self.con_informe[0].periodo
        return pedido

    def _informe(self) -> InformeSemanal | None:
        if self.periodo == self.en_curso:
            return None
        return InformeSemanal.objects.select_related("publicacion__canal").get(
            anio=self.periodo.anio_iso, semana=self.periodo.numero
        )

    @property
    def anteriores(self) -> list[Periodo]:
        """The weeks to choose from, the newest first."""
        return [self.en_curso, *(fila.periodo for fila in self.con_informe)]

    @property
    def vecinas(self) -> tuple[Periodo | None, Periodo | None]:
        """The week before and the one after, of those there are."""
        todas = self.anteriores
        lugar = todas.index(self.periodo)
        return (
            todas[lugar + 1] if lugar + 1 < len(todas) else None,
            todas[lugar - 1] if lugar else None,
        )


@con_sesion
@require_safe
def panel(request):
    mirada = mirada_de(request.user)
    if not mirada.ve_el_panel:
        raise PermissionDenied
    pedida = SemanaPedida(request.GET.get("semana", ""))
    por_decidir = alertas(pedida.datos, timezone.now())
    return render(
        request,
        "seguimiento/panel.html",
        {
            "mirada": mirada,
            "semana": pedida,
            "datos": pedida.datos,
            "figuras": figuras(pedida.datos),
            "alertas": por_decidir,
            "resumen_de_alertas": resumen_de_alertas(por_decidir),
            "del_comite": list(pedida.informe.del_comite.all()) if pedida.informe else [],
            "hay_pdf": hay_pdf(),
        },
    )


@con_sesion
@require_http_methods(["GET", "HEAD", "POST"])
def seguimiento_de_dependencia(request, slug):
    """An office: everything that is followed of it, and the place to say something about it."""
    dependencia = get_object_or_404(Dependencia, slug=slug, activa=True)
    mirada = mirada_de(request.user)
    if not mirada.ve(dependencia):
        raise PermissionDenied
    pedida = SemanaPedida(request.GET.get("semana", ""))
    conversacion = Conversacion(request, dependencia, pedida.informe)
    if request.method == "POST" and conversacion.recibir():
        return redirect(request.get_full_path())
    return render(
        request,
        "seguimiento/dependencia.html",
        {
            "mirada": mirada,
            "semana": pedida,
            "dependencia": dependencia,
            "ficha": Ficha(dependencia, pedida.periodo, pedida.datos),
            "conversacion": conversacion,
            "responde": mirada.responde_por(dependencia),
        },
        status=conversacion.estado,
    )


class Conversacion:
    """What is said on the page of an office: its words on the week, what is asked and what it answers."""

    def __init__(self, request, dependencia: Dependencia, informe: InformeSemanal | None):
        self.request, self.dependencia, self.informe = request, dependencia, informe
        self.estado = 200
        self.dicho = informe and informe.por_dependencia.filter(dependencia=dependencia).first()
        self.decir = TextoForm(prefix="decir", initial={"texto": self.dicho.texto if self.dicho else ""})
        self.preguntar = TextoForm(prefix="preguntar")
        self.responder = TextoForm(prefix="responder")
        self.respondida: int | None = None

    @property
    def abierto(self) -> bool:
        """Whether the office can still say something of this week."""
        return bool(self.informe and not self.informe.firmado)

    def recibir(self) -> bool:
        """Take in what was sent; False when it could not be, and then it is on the page to be put right."""
        que = self.request.POST.get("que", "")
        if que not in {"decir", "preguntar", "responder"} or self.informe is None:
            raise Http404
        form = TextoForm(self.request.POST, prefix=que)
        setattr(self, que, form)
        if not form.is_valid():
            self.estado = 422
            self._recordar_la_respondida()
            return False
        try:
            hecho = getattr(self, f"_{que}")(form.cleaned_data["texto"])
        except SinPermiso as rechazo:
            raise PermissionDenied(str(rechazo)) from rechazo
        except TransicionRechazada as rechazo:
            form.add_error(None, str(rechazo))
            self.estado = 409
            self._recordar_la_respondida()
            return False
        messages.success(self.request, hecho)
        return True

    def _recordar_la_respondida(self) -> None:
        numero = self.request.POST.get("observacion", "")
        self.respondida = int(numero) if numero.isdecimal() else None

    def _decir(self, texto: str) -> str:
        cargo = cargo_que_responde(self.request.user, self.dependencia)
        informes.decir(self.informe, self.dependencia, texto=texto, por=self.request.user, cargo=cargo)
        return "Lo que escribió quedó en el informe de la semana. Puede cambiarlo hasta que se firme."

    def _preguntar(self, texto: str) -> str:
        preguntar(self.informe, self.dependencia, texto=texto, por=self.request.user)
        return f"{self.dependencia} verá su observación en la bandeja."

    def _responder(self, texto: str) -> str:
        numero = self.request.POST.get("observacion", "")
        suyas = ObservacionADependencia.objects.filter(dependencia=self.dependencia)
        observacion = get_object_or_404(suyas, pk=numero if numero.isdecimal() else 0)
        responder(observacion, texto=texto, por=self.request.user)
        return "Su respuesta quedó registrada."
