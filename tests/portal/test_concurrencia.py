"""Many people at once, each on a connection of their own, on real PostgreSQL."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection, transaction
from django.utils import timezone

from portal import services
from portal.flujo import EstadoInadecuado
from portal.models import Actualizacion, Autorizacion, Edicion, Publicacion, Titularidad, Version
from portal.redaccion import relevo
from portal.redaccion.relevo_masivo import Cambio, relevar
from tests.builders import crear_alcaldia, crear_version

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def a_la_vez(veces: int, hacer):
    """Run `hacer(i)` in that many threads that start together; return results or exceptions."""
    salida = Barrier(veces)

    def uno(i):
        try:
            salida.wait(timeout=20)
            return hacer(i)
        except Exception as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(veces) as hilos:
        return list(hilos.map(uno, range(veces)))


def test_twenty_authorisations_at_once_are_numbered_without_gaps():
    casa = crear_alcaldia()
    versiones = [crear_version(casa, "por_autorizar", titulo=f"Texto {n}") for n in range(20)]

    actos = a_la_vez(
        20,
        lambda i: services.autorizar(versiones[i], por=casa.jefe, huella=versiones[i].huella()),
    )

    anio = timezone.localdate().year
    assert sorted(acto.numero for acto in actos) == [f"{anio}-{n:04d}" for n in range(1, 21)]


def test_an_authorisation_that_fails_gives_its_number_back():
    casa = crear_alcaldia()
    buenas = [crear_version(casa, "por_autorizar", titulo=f"Texto {n}") for n in range(4)]

    def autorizar(i):
        huella = buenas[i].huella() if i % 2 else "otra"
        return services.autorizar(buenas[i], por=casa.jefe, huella=huella)

    a_la_vez(4, autorizar)

    assert sorted(Autorizacion.objects.values_list("consecutivo", flat=True)) == [1, 2]


def test_ten_people_authorising_the_same_text_make_one_act():
    casa = crear_alcaldia()
    version = crear_version(casa, "por_autorizar")

    resultados = a_la_vez(10, lambda i: services.autorizar(version, por=casa.jefe, huella=version.huella()))

    assert Autorizacion.objects.count() == 1
    assert sum(isinstance(r, EstadoInadecuado) for r in resultados) == 9


def test_the_routine_in_five_processes_publishes_once():
    casa = crear_alcaldia()
    version = crear_version(casa, "programada")

    informes = a_la_vez(5, lambda i: services.publicar_programadas(version.programada_para))

    assert not [i for i in informes if isinstance(i, Exception)]
    assert Actualizacion.objects.count() == 1
    assert Version.objects.get().estado == "publicada"


def test_two_drafts_of_one_publication_are_never_opened_together():
    casa = crear_alcaldia()
    publicacion = crear_version(casa, "publicada").publicacion

    resultados = a_la_vez(5, lambda i: services.nueva_version(publicacion, por=casa.autora))

    assert sum(isinstance(r, Version) for r in resultados) == 1
    assert publicacion.versiones.abiertas().count() == 1


def test_two_people_saving_one_draft_never_overwrite_each_other():
    casa = crear_alcaldia()
    version = crear_version(casa)

    resultados = a_la_vez(
        5,
        lambda i: services.guardar_borrador(
            version, por=casa.autora, revision=0, titulo=f"De la persona {i}"
        ),
    )

    assert sum(isinstance(r, services.OtroGuardoAntes) for r in resultados) == 4


def test_every_public_change_moves_the_edicion():
    casa = crear_alcaldia()
    antes = Edicion.actual()
    versiones = [crear_version(casa, "autorizada", titulo=f"Texto {n}") for n in range(5)]

    a_la_vez(5, lambda i: services.publicar(versiones[i], por=casa.jefe))

    assert Edicion.actual() == antes + 5
    assert Publicacion.objects.publicadas().count() == 5


def test_publishing_and_withdrawing_at_once_never_block_each_other():
    casa = crear_alcaldia()
    publicacion = crear_version(casa, "publicada").publicacion
    nueva = services.nueva_version(publicacion, por=casa.autora)
    services.enviar(nueva, por=casa.autora)
    services.validar(nueva, por=casa.editor)

    resultados = a_la_vez(
        2,
        lambda i: (
            services.autorizar_y_publicar(nueva, por=casa.jefe, huella=nueva.huella())
            if i
            else services.retirar(publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        ),
    )

    assert not [r for r in resultados if isinstance(r, Exception) and not isinstance(r, EstadoInadecuado)]
    assert Version.objects.filter(estado="publicada").count() <= 1


@pytest.mark.parametrize("en_masa", [False, True])
def test_two_who_leave_at_once_do_not_count_on_each_other(en_masa):
    """Only two are left who may validate a text: one closing waits for the other, and then is refused."""
    casa = crear_alcaldia()
    crear_version(casa, "en_validacion")
    hoy = timezone.localdate()
    quedan = (casa.editor, casa.secretaria)
    Titularidad.objects.exclude(persona__in=quedan).update(hasta=hoy - timedelta(days=1))
    salen = [persona.titularidades.select_related("cargo").get() for persona in quedan]

    def cerrar(i):
        with transaction.atomic():
            if en_masa:
                relevar([Cambio(salen[i])], hasta=hoy, acto="R. 2")
            else:
                relevo.cerrar(salen[i], hasta=hoy, acto="R. 2")
            time.sleep(0.5)  # the other one is on its way

    hechos = a_la_vez(2, cerrar)

    rechazados = [error for error in hechos if isinstance(error, relevo.RelevoRechazado)]
    assert len(rechazados) == 1 and hechos.count(None) == 1, hechos
    assert Titularidad.objects.filter(hasta=None).count() == 1
