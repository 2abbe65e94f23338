"""The house with its lines; what people log goes through the real services."""

from datetime import date, datetime, time, timedelta
from itertools import count
from types import SimpleNamespace
from uuid import uuid4

from django.utils import timezone

from conectividad import services
from conectividad.mes import Mes
from conectividad.models import CierreMensual, Enlace, Incidente, Objetivo, ResumenDeSondeos, Sondeo
from portal.models import DiaNoHabil, Jornada, Usuario
from tests.builders import crear_alcaldia, crear_titularidad, crear_usuario

MINUTO = timedelta(minutes=1)
_serie = count(1)


def momento(texto: str) -> datetime:
    """The moment of «2026-11-05 08:15» in Bogotá; a date alone is its midnight."""
    return timezone.make_aware(datetime.fromisoformat(texto))


def crear_casa_de_conectividad() -> SimpleNamespace:
    """The alcaldía with its hours (Monday to Friday, 8 to 12 and 14 to 18) and one line, «Palacio».

    `secretaria` heads Secretaría General; `editor` has a post in it; `jefe` heads Planeación and `tesorero`
    Hacienda; `autora` has a post in Planeación and may not log.
    """
    casa = crear_alcaldia()
    crear_jornadas()
    casa.hacienda = casa.tesorero.titularidades.get().cargo.dependencia
    casa.enlace = crear_enlace("Palacio municipal")
    casa.enlace.dependencias.set([casa.general, casa.planeacion])
    return casa


def crear_gente(casa: SimpleNamespace) -> dict[str, Usuario]:
    """Every kind of person before the log, by name; see `crear_casa_de_conectividad`."""
    ayer = timezone.localdate() - timedelta(days=1)
    vencida, inactiva = crear_usuario("vencida"), crear_usuario("inactiva", is_active=False)
    for persona in (vencida, inactiva):
        vence = ayer if persona is vencida else None
        crear_titularidad(persona, casa.cargo_editor, calidad="encargado", hasta=vence)
    return {
        "secretaria": casa.secretaria,
        "auxiliar de Secretaría General": casa.editor,
        "jefe": casa.jefe,
        "jefe de otra": casa.tesorero,
        "alcalde": casa.alcalde,
        "auxiliar": casa.autora,
        "admin": casa.admin,
        "sin cargo": crear_usuario("sin-cargo"),
        "vencida": vencida,
        "inactiva": inactiva,
    }


def crear_jornadas(*tramos: tuple[str, str], dias=range(1, 6), **campos) -> None:
    """Hours of attention: by default Monday to Friday, 8 to 12 and 14 to 18."""
    for dia in dias:
        for desde, hasta in tramos or (("08:00", "12:00"), ("14:00", "18:00")):
            horas = {"desde": time.fromisoformat(desde), "hasta": time.fromisoformat(hasta)}
            Jornada.objects.create(dia=dia, **horas, **campos)


def cerrar_dia(fecha: str, motivo: str = "Día cívico") -> None:
    DiaNoHabil.objects.create(fecha=date.fromisoformat(fecha), motivo=motivo, acto="Decreto 045")


def crear_enlace(nombre: str = "", **campos) -> Enlace:
    n = next(_serie)
    nombre = nombre or f"Enlace {n}"
    valores = {
        "nombre": nombre,
        "slug": f"enlace-{n}",
        "lugar": "Carrera 2",
        "proveedor": "Proveedor de prueba",
    }
    return Enlace.objects.create(**valores | campos)


def crear_objetivo(enlace: Enlace, **campos) -> Objetivo:
    valores = {"nombre": f"Objetivo {next(_serie)}", "tipo": "tcp", "destino": "127.0.0.1:9"}
    return Objetivo.objects.create(enlace=enlace, **valores | campos)


def crear_incidente(casa: SimpleNamespace, inicio: str, fin: str | None = None, **campos) -> Incidente:
    """A cut of the house's line, as `secretaria` logs it when it ends; without `fin` it goes on."""
    empieza, termina = momento(inicio), momento(fin) if fin else None
    peso = campos.get("peso", 100)
    valores = {
        "clave": uuid4(),
        "enlace": casa.enlace,
        "alcance": "total" if peso == 100 else "parcial",
        "peso": peso,
        "causa": "proveedor",
        "planeado": False,
        "dependencias": (),
        "ticket": "",
        "descripcion": "",
        "reportado_por": "",
        "por": casa.secretaria,
        "anotado_en": termina or empieza,
        "en": termina or empieza,
    }
    return services.registrar(inicio=empieza, fin=termina, **valores | campos)


def crear_accion(
    casa: SimpleNamespace, incidente: Incidente, texto: str = "Se llamó al proveedor.", **campos
):
    valores = {"quien": "", "cuando": incidente.inicio, "por": casa.secretaria}
    return services.agregar_accion(incidente, texto=texto, **valores | campos)


def crear_cierre(casa: SimpleNamespace, clave: str, **campos) -> CierreMensual:
    """The closing of a month of the house's line, signed by `secretaria` just after it ended."""
    mes = Mes.leer(clave)
    valores = {"enlace": casa.enlace, "observaciones": "", "por": casa.secretaria, "en": mes.fin}
    return services.cerrar_mes(mes=mes, **valores | campos)


def crear_sondeos(enlace: Enlace, desde: str, cuantos: int, *, respondieron: int = 1) -> None:
    """That many rounds, one a minute, each with its share of the hour's sum."""
    inicio = momento(desde)
    for n in range(cuantos):
        en = inicio + MINUTO * n
        Sondeo.objects.create(enlace=enlace, en=en, intentados=1, respondieron=respondieron, latencia_ms=20)
        resumen, _nuevo = ResumenDeSondeos.objects.get_or_create(
            enlace=enlace, hora=en.replace(minute=0, second=0, microsecond=0)
        )
        resumen.sondeos += 1
        resumen.caidos += not respondieron
        resumen.save()
