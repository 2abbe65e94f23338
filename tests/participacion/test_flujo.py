"""Each step of a consulta: works, who may not, what is missing, twice, and what is written down."""

from datetime import timedelta

import pytest
from django.utils import timezone

from participacion.flujo import dar_paso, huella_de_consulta
from participacion.models import Consulta, PasoDeConsulta
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Edicion
from tests.builders import asignar
from tests.participacion.builders import TODAS, UNA, crear_cerrada, crear_consulta


def autorizar(casa, consulta, por=None):
    return dar_paso("autorizar", consulta, por=por or casa.alcalde, huella=huella_de_consulta(consulta))


def test_del_borrador_a_recibir_respuestas(participa):
    antes = Edicion.actual()
    consulta = crear_consulta(participa, preguntas=TODAS)
    assert consulta.abierta() and consulta in Consulta.objects.abiertas()
    assert consulta.autorizada_como == participa.cargo_alcalde
    assert consulta.huella == huella_de_consulta(consulta)
    assert [paso.accion for paso in consulta.pasos.all()] == ["crear", "enviar", "autorizar"]
    assert Edicion.actual() > antes


@pytest.mark.parametrize("quien", ["tesorero", "jefe", "admin", "editor"])
def test_otra_dependencia_no_da_pasos(participa, quien):
    borrador = crear_consulta(participa, "borrador")
    por_autorizar = crear_consulta(participa, "por_autorizar")
    with pytest.raises(SinPermiso):
        dar_paso("enviar", borrador, por=getattr(participa, quien))
    with pytest.raises(SinPermiso):
        autorizar(participa, por_autorizar, getattr(participa, quien))


def test_dos_personas_aunque_una_tenga_los_dos_cargos(participa):
    asignar(participa.encuestas, autoriza=participa.cargo_participa)
    consulta = crear_consulta(participa, "por_autorizar")
    with pytest.raises(SinPermiso, match="otra persona"):
        autorizar(participa, consulta, participa.promotora)


def test_quien_la_envio_antes_tampoco_la_autoriza(participa):
    asignar(participa.encuestas, autoriza=participa.cargo_participa)
    otra = participa.autora
    asignar(participa.encuestas, autor=participa.cargo_autor)
    consulta = crear_consulta(participa, "por_autorizar")
    consulta = dar_paso("devolver", consulta, por=participa.alcalde, motivo="Falta una pregunta.")
    Consulta.objects.filter(pk=consulta.pk).update(editada_por=otra)
    consulta = dar_paso("enviar", consulta, por=otra)
    with pytest.raises(SinPermiso, match="otra persona"):
        autorizar(participa, consulta, participa.promotora)


def test_se_autoriza_lo_que_se_leyo(participa):
    consulta = crear_consulta(participa, "por_autorizar")
    with pytest.raises(CondicionIncumplida, match="no es la misma"):
        dar_paso("autorizar", consulta, por=participa.alcalde, huella="0" * 64)
    assert Consulta.objects.get(pk=consulta.pk).estado == "por_autorizar"


def test_dos_veces_no(participa):
    consulta = crear_consulta(participa)
    with pytest.raises(EstadoInadecuado):
        autorizar(participa, consulta)
    assert PasoDeConsulta.objects.filter(consulta=consulta, accion="autorizar").count() == 1


@pytest.mark.parametrize(
    ("preguntas", "campos", "falta"),
    [
        ([], {}, "al menos una pregunta"),
        ([UNA | {"opciones": ["Sí"]}], {}, "dos opciones"),
        ([UNA], {"clase": "proyecto"}, "texto del proyecto"),
        ([UNA], {"cierra_en": timezone.now() - timedelta(minutes=1)}, "ya pasó"),
    ],
)
def test_incompleta_no_se_envia(participa, preguntas, campos, falta):
    consulta = crear_consulta(participa, "borrador", preguntas=preguntas, **campos)
    with pytest.raises(CondicionIncumplida, match=falta):
        dar_paso("enviar", consulta, por=participa.promotora)


def test_un_proyecto_de_norma_puede_no_preguntar(participa):
    consulta = crear_consulta(
        participa, clase="proyecto", canal=participa.en_linea, texto="Art. 1", preguntas=[]
    )
    assert consulta.abierta()


def test_devolver_pide_motivo_y_lo_guarda(participa):
    consulta = crear_consulta(participa, "por_autorizar")
    with pytest.raises(CondicionIncumplida, match="motivo"):
        dar_paso("devolver", consulta, por=participa.alcalde, motivo="  ")
    devuelta = dar_paso("devolver", consulta, por=participa.alcalde, motivo="Muy larga.")
    assert devuelta.estado == "borrador"
    assert devuelta.pasos.get(accion="devolver").motivo == "Muy larga."


def test_recoge_quien_envio(participa):
    consulta = crear_consulta(participa, "por_autorizar")
    with pytest.raises(SinPermiso):
        dar_paso("recoger", consulta, por=participa.secretaria)
    assert dar_paso("recoger", consulta, por=participa.promotora).estado == "borrador"


def test_cerrar_antes_de_su_fecha(participa):
    consulta = crear_consulta(participa)
    with pytest.raises(SinPermiso):
        dar_paso("cerrar", consulta, por=participa.promotora, motivo="Ya.")
    with pytest.raises(CondicionIncumplida, match="motivo"):
        dar_paso("cerrar", consulta, por=participa.alcalde)
    cerrada = dar_paso("cerrar", consulta, por=participa.alcalde, motivo="Se cayó el contrato.")
    assert cerrada.cerrada() and not cerrada.abierta()
    with pytest.raises(EstadoInadecuado):
        dar_paso("cerrar", consulta, por=participa.alcalde, motivo="Otra vez.")


def test_lo_que_cerro_en_su_fecha_no_se_cierra(participa):
    with pytest.raises(CondicionIncumplida, match="ya cerró"):
        dar_paso("cerrar", crear_cerrada(participa), por=participa.alcalde, motivo="Tarde.")


def test_descartar_un_borrador(participa):
    assert crear_consulta(participa, "descartada").estado == "descartada"
    with pytest.raises(EstadoInadecuado):
        dar_paso("descartar", crear_consulta(participa), por=participa.promotora)
