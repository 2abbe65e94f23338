"""Subscriptions and bulletins through the real services, and what a test looks at in all the tables."""

from datetime import timedelta
from itertools import count

from django.db import connection
from django.utils import timezone

from participacion import suscripciones
from participacion.boletin import decision
from participacion.models import Boletin, Suscripcion
from portal.forms.comunes import sello
from portal.models import Actualizacion
from portal.periodos import Periodo
from tests.builders import asignar, crear_canal, crear_publicada, en_fecha

_serie = count(1)
#: A Wednesday, and the Monday after it.
MIERCOLES, LUNES = "2026-11-18", "2026-11-23"
SEMANA = Periodo.semana(2026, 47)


def pedir(correo: str = "", en=None, **elige) -> Suscripcion:
    """Asked for and not confirmed: everything, unless it is said."""
    correo = correo or f"persona{next(_serie)}@ejemplo.co"
    eleccion = suscripciones.Eleccion(**(elige or {"todo": True}))
    suscripciones.pedir(correo, eleccion, consentimiento="Autorizo.", en=en)
    return Suscripcion.objects.get(correo=correo.lower())


def suscribir(correo: str = "", en=None, **elige) -> Suscripcion:
    """Confirmed, long before the week of the bulletin."""
    en = en or en_fecha("2026-01-05")
    suscripcion = pedir(correo, en, **elige)
    suscripciones.confirmar(suscripcion.pk, en + timedelta(minutes=5))
    suscripcion.refresh_from_db()
    return suscripcion


def datos(**cambios):
    """What a person sends from the page of subscriptions."""
    visto = sello(timezone.now() - timedelta(minutes=1))
    return {"correo": "Ana@ejemplo.co", "todo": "on", "acepta": "on", "visto": visto} | cambios


def publicar(casa, titulo: str = "Jornada de vacunación", dia: str = MIERCOLES, **campos):
    return crear_publicada(casa, titulo=titulo, en=en_fecha(dia), **campos)


def abrir_canal(casa, **campos):
    """Another channel of Planeación, in which the people of `casa` publish."""
    canal = crear_canal(casa.planeacion, **campos)
    asignar(canal, autor=casa.cargo_autor, editor=casa.cargo_editor)
    return canal


def crear_canal_del_boletin(casa):
    """The channel that decides, which the mayor authorises."""
    canal = crear_canal(casa.general, slug=decision.CANAL, nombre="Boletines y publicaciones")
    asignar(canal, autoriza=casa.cargo_alcalde)
    return canal


def preparar(casa, cuantas: int = 1) -> Boletin:
    """The bulletin of the week 47 of 2026, with that many pieces, waiting to be approved."""
    for n in range(cuantas):
        publicar(casa, f"Noticia {n}")
    decision.preparar(en_fecha(LUNES))
    return Boletin.objects.get(anio=2026, semana=47)


def aprobar(casa, boletin: Boletin, en=None) -> Boletin:
    leido = decision.huella_vigente(boletin)
    return decision.aprobar(boletin, por=casa.secretaria, leido=leido, en=en or en_fecha(LUNES, 11))


def anotar(canal, clase: str, url: str, dia: str = MIERCOLES, hora: int = 10) -> None:
    """A public change of what is not a publication."""
    Actualizacion.anotar(
        clase,
        canal=canal,
        dependencia=canal.dependencia,
        descripcion=f"Trámite de {url}",
        url=url,
        en=en_fecha(dia, hora),
    )


def tablas_que_dicen(texto: str) -> list[str]:
    """The tables in which some row has that text in any column."""
    with connection.cursor() as cursor:
        halladas = []
        for tabla in connection.introspection.table_names(cursor):
            cursor.execute(
                f'SELECT 1 FROM "{tabla}" AS t WHERE t::text ILIKE %s LIMIT 1',
                [f"%{texto}%"],
            )
            if cursor.fetchone():
                halladas.append(tabla)
        return halladas
