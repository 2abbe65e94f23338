"""The report of the desk: whoever heads an office reads its figures; Secretaría General, all of them."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.views.decorators.http import require_safe

from portal.alcance import alcance_de
from portal.escritorio import marco
from ventanilla.cifras import ANCHO, COLUMNAS, fila_de
from ventanilla.models import Radicado
from ventanilla.views.cifras import del_periodo, en_csv
from ventanilla.views.escritorio.acceso import del_escritorio


def _suyos(request):
    """Raises PermissionDenied for whoever heads nothing."""
    alcance = alcance_de(request.user)
    if alcance.dirige_secretaria_general:
        return Radicado.objects.all()
    if not alcance.dirige:
        raise PermissionDenied
    return Radicado.objects.filter(dependencia__in=alcance.dirige)


@require_safe
@del_escritorio
def informe(request):
    form, cuenta = del_periodo(request, _suyos(request))
    contexto = marco(
        request,
        "Informe de radicados",
        form=form,
        total=cuenta.total,
        por_clase=cuenta.por_clase,
        por_dependencia=cuenta.por_dependencia,
        ancho=ANCHO,
    )
    return render(request, "ventanilla/informe.html", contexto)


@require_safe
@del_escritorio
def informe_csv(request):
    """One row for each kind in each office."""
    form, cuenta = del_periodo(request, _suyos(request))
    casillas = sorted(cuenta.casillas.items(), key=lambda par: (par[0].dependencia, par[0].clase))
    filas = ([str(form), cual.dependencia, cual.clase, *fila_de(cifra)] for cual, cifra in casillas)
    return en_csv(("Periodo", "Dependencia", "Clase", *COLUMNAS), filas, form)
