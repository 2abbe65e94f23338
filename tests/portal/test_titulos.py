"""What each address of the site is called: what the public reads now, and nothing else."""

import pytest
from django.utils import timezone

from portal import services
from portal.busqueda import indexar_entrada
from portal.models import Canal, Dependencia
from portal.titulos import titulos_de
from tests.builders import crear_canal, crear_publicada, crear_version


def test_each_kind_of_page_by_its_own_name(casa):
    publicada = crear_publicada(casa, titulo="La calle 3")
    de_otra_sala = "/tramites/certificado-de-residencia/"
    indexar_entrada(
        *("prueba", 1),
        **{
            "titulo": "Certificado de residencia",
            "texto": "",
            "resumen": "",
            "url": de_otra_sala,
            "tipo": "tramite",
        },
        fecha=timezone.now(),
    )
    con_pagina = crear_canal(nombre="Conectividad", ruta="/la-conexion/")
    nombres = {
        publicada.get_absolute_url(): "La calle 3",
        de_otra_sala: "Certificado de residencia",
        casa.canal.get_absolute_url(): "Programas y proyectos",
        con_pagina.get_absolute_url(): "Conectividad",
        casa.planeacion.get_absolute_url(): "Planeación",
        "/": "Portada",
        "/encuestas/": "Responda una encuesta",
        "/dependencias/": "La alcaldía",
    }

    assert titulos_de([*nombres, "/no-se-sabe/"]) == nombres


def test_the_menu_names_a_page_before_its_channel(casa):
    crear_canal(nombre="Trámites", slug="tramites", ruta="/tramites/")

    assert titulos_de(["/tramites/"]) == {"/tramites/": "Trámites y servicios"}


def test_what_the_public_cannot_read_has_no_title(casa):
    borrador = crear_version(casa).publicacion
    retirada = crear_publicada(casa)
    services.retirar(retirada, por=casa.jefe, clase="error", motivo="No iba.")
    ocultos = [crear_canal(publico=False), crear_canal(activo=False)]
    Dependencia.objects.filter(pk=casa.planeacion.pk).update(activa=False)

    ruta_de = Canal.get_absolute_url
    rutas = [borrador.get_absolute_url(), retirada.get_absolute_url(), *map(ruta_de, ocultos)]
    assert titulos_de([*rutas, casa.planeacion.get_absolute_url()]) == {}


@pytest.mark.parametrize("cuantas, queries", [(0, 0), (1, 1), (30, 1)])
def test_it_is_one_query(casa, django_assert_num_queries, cuantas, queries):
    rutas = [crear_canal().get_absolute_url() for _ in range(cuantas)]

    with django_assert_num_queries(queries):
        assert len(titulos_de(rutas)) == cuantas
