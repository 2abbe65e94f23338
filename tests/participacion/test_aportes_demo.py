"""The demonstration of topics, comments and opinions: made once, by the real services."""

from pathlib import Path

from django.utils import timezone

from participacion import temas
from participacion.aportes_demo import TEMAS, opinar
from participacion.models import Aporte, MotivoDeOpinion, OpinionDePagina, TemaDeInteres
from tests.builders import asignar, crear_canal
from tests.participacion.builders_aportes import crear_consulta


def test_it_is_made_once(casa, django_assert_max_num_queries):
    canal = crear_canal(casa.general, slug=temas.CANAL)
    asignar(canal, editor=casa.cargo_editor)
    crear_consulta(casa, canal=canal)
    personas, ahora = {"editor": casa.editor, "secretaria": casa.secretaria}, timezone.now()

    assert len(list(opinar(Path(), personas, ahora))) == 3
    with django_assert_max_num_queries(6):
        assert list(opinar(Path(), personas, ahora)) == []

    assert set(TemaDeInteres.objects.values_list("titulo", "apoyos")) == {(t[0], t[2]) for t in TEMAS}
    assert set(TemaDeInteres.objects.values_list("estado", flat=True)) == {
        "abierto",
        "respondido",
        "por_revisar",
    }
    assert Aporte.objects.filter(estado="publicado").count() == 2
    assert MotivoDeOpinion.objects.filter(atendido_en=None).count() == 2
    assert sum(OpinionDePagina.objects.values_list("si", flat=True)) == 21
