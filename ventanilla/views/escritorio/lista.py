"""The list of the desk: what each may see, the most pressing first."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.alcance import alcance_de
from portal.calendario import DiasHabiles
from portal.escritorio import marco
from ventanilla import cortes
from ventanilla.acceso import atiende, visibles
from ventanilla.cortes import CorteDelDia
from ventanilla.forms.escritorio import FiltroForm, en_orden
from ventanilla.models import Radicado
from ventanilla.terminos import Semaforo, semaforo
from ventanilla.views.escritorio.acceso import del_escritorio, se_lee

POR_PAGINA = 25


@dataclass(frozen=True)
class Fila:
    """A radicado as the list shows it. `entero` is False when only its number may be told."""

    radicado: Radicado
    semaforo: Semaforo
    entero: bool
    corte: CorteDelDia | None

    @property
    def quien(self) -> str:
        """Who filed it, masked."""
        if self.radicado.anonimo:
            return "Sin nombre"
        if self.radicado.clase.reservada:
            return "Nombre reservado"
        persona = getattr(self.radicado, "peticionario", None)
        return persona.nombre_enmascarado if persona else ""


@require_safe
@del_escritorio
def radicados(request):
    en = timezone.now()
    hoy, habiles = timezone.localdate(en), DiasHabiles()
    form = FiltroForm(request.GET)
    form.is_valid()
    lista = form.filtrar(visibles(request.user, en).enteros(), legibles(request.user), hoy, habiles)
    paginas = Paginator(en_orden(lista.select_related("peticionario")), POR_PAGINA)
    pagina = paginas.get_page(request.GET.get("pagina"))
    caidos = cortes.en_su_vencimiento([r for r in pagina if r.abierto], en)
    filas = [Fila(r, semaforo(r, hoy, habiles), se_lee(request.user, r), caidos.get(r.pk)) for r in pagina]
    contexto = marco(
        request,
        "Radicados",
        form=form,
        pagina=pagina,
        filas=filas,
        atiende=atiende(request.user, en),
        ve_el_informe=bool(alcance_de(request.user, en).dirige),
    )
    return render(request, "ventanilla/escritorio/lista.html", contexto)


def legibles(usuario) -> Q:
    """Those whose kind and words the person may know, among the visible ones."""
    alcance = alcance_de(usuario)
    if alcance.dirige_secretaria_general:
        return Q()
    suyos = Q(dependencia__in=alcance.dirige) | Q(asignado_a__in=[p.cargo for p in alcance.puestos])
    return Q(clase__reservada=False) | suyos
