"""The demonstration: three, through the real services, once."""

import time
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from participacion.demo import EN_PAPEL, POR_LA_PAGINA, recorrer
from participacion.models import Consulta
from participacion.resultados import contar
from portal.models import Titularidad


def test_se_hace_una_vez_y_rapido(participa):
    Titularidad.objects.update(desde=timezone.localdate() - timedelta(days=365))
    personas = {
        "editor": participa.promotora,
        "secretaria": participa.secretaria,
        "alcalde": participa.alcalde,
    }
    empezo = time.monotonic()
    assert len(list(recorrer(Path(), personas, timezone.now()))) == 3
    assert time.monotonic() - empezo < 4
    assert list(recorrer(Path(), personas, timezone.now())) == []
    cerrada = Consulta.objects.con_resultado().get()
    cuenta = contar(cerrada).respuestas
    assert (cuenta.web, cuenta.papel) == (len(POR_LA_PAGINA), len(EN_PAPEL))
    assert Consulta.objects.abiertas().count() == 2
