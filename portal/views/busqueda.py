from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal import busqueda
from portal.audiencia.middleware import contar_busqueda
from portal.forms import BusquedaForm
from portal.sitio import sitio_de

POR_PAGINA = 10


@require_safe
def buscar(request):
    form = BusquedaForm(request.GET or None, sitio=sitio_de(request))
    contexto = {"form": form}
    if form.is_bound:
        form.is_valid()
        texto = busqueda.limpiar(form.cleaned_data.get("q", ""))
        if texto:
            contexto |= _resultados(request, texto, form.filtros())
            if not contexto["total"] and not form.filtros():
                contar_busqueda(request, texto)
    return render(request, "portal/buscar.html", contexto)


def _resultados(request, texto: str, filtros: dict[str, object]) -> dict[str, object]:
    hallazgo = busqueda.hallar(texto, **filtros)
    contexto: dict[str, object] = {
        "texto": texto,
        "hallazgo": hallazgo,
        "total": len(hallazgo.ids),
        "demasiados": len(hallazgo.ids) >= busqueda.CANDIDATAS,
    }
    if hallazgo.ids:
        paginador = Paginator(hallazgo.ids, POR_PAGINA)
        pagina = paginador.get_page(request.GET.get("pagina"))
        desde = pagina.start_index() - 1
        ordenadas = busqueda.ordenadas(hallazgo.ids, hallazgo.consulta)
        pagina.object_list = busqueda.con_publicacion(ordenadas, slice(desde, desde + POR_PAGINA))
        contexto["pagina"] = pagina
    return contexto
