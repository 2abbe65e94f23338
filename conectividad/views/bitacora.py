"""The log: every cut, narrowed as one needs."""

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from conectividad.estado import estado_actual
from conectividad.forms import FiltroForm
from conectividad.mes import Mes
from conectividad.models import Enlace, Incidente
from conectividad.permisos import puede_anotar
from conectividad.views.acceso import de_la_bitacora, del_escritorio

POR_PAGINA = 25


def elegidos(request) -> tuple[FiltroForm, QuerySet[Incidente]]:
    """The cuts that the filters of the address let through, newest first, with `cuantas_acciones`."""
    form = FiltroForm(request.GET)
    form.is_valid()
    incidentes = Incidente.objects.select_related("enlace", "registrado_por")
    de_personas = Count("acciones", filter=Q(acciones__por__isnull=False))
    con_cuenta = form.filtrar(incidentes).annotate(cuantas_acciones=de_personas)
    return form, con_cuenta.order_by("-inicio", "-pk")  # to count them forgets the order of the model


@require_safe
@de_la_bitacora
def bitacora(request):
    form, incidentes = elegidos(request)
    enlaces = list(Enlace.objects.activos())
    contexto = del_escritorio(
        request,
        "Bitácora de conectividad",
        form=form,
        pagina=Paginator(incidentes, POR_PAGINA).get_page(request.GET.get("pagina")),
        estados=estado_actual(enlaces),
        mes=Mes.de(timezone.localdate()),
        anota=puede_anotar(request.user),
    )
    return render(request, "conectividad/bitacora.html", contexto)
