"""Loading from `datos/` the kinds of radicado, the terms of each step and the text that people accept."""

from datetime import date, datetime, time

from django.utils import timezone

from portal.importacion import Carga, Cuenta, Lector, exigir_nueva, exigir_valido, guardar
from portal.models import Dependencia
from ventanilla.models import ClaseDeRadicado, Firmeza, PlazoDeActuacion, TextoDeConsentimiento


def cargar_clases(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        dependencia = None
        if fila["dependencia"]:
            dependencia = Dependencia.objects.filter(slug=fila["dependencia"]).first()
            if dependencia is None:
                raise fila.rechazar("dependencia", f"no hay dependencia «{fila['dependencia']}».")
        campos = {
            **{columna: fila[columna] for columna in ("codigo", "nombre", "descripcion", "ejemplo")},
            **{columna: fila[columna] for columna in ("base_legal", "fuente")},
            **{columna: fila.entero(columna) for columna in ("dias", "prorroga_dias", "conservar_anios")},
            **{columna: fila.si_no(columna) for columna in ("publica", "admite_anonima")},
            **{columna: fila.si_no(columna) for columna in ("reservada", "doble_firma")},
            "prorroga": fila.uno_de("prorroga", ClaseDeRadicado.Prorroga),
            "firmeza": fila.uno_de("firmeza", Firmeza),
            "dependencia": dependencia,
            "orden": fila.entero("orden") or 0,
        }
        guardar(fila, ClaseDeRadicado, "codigo", campos, cuenta)
    return cuenta


def cargar_plazos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            **{columna: fila[columna] for columna in ("codigo", "nombre", "descripcion", "base_legal")},
            "dias": fila.entero("dias"),
            "firmeza": fila.uno_de("firmeza", Firmeza),
            "fuente": fila["fuente"],
        }
        guardar(fila, PlazoDeActuacion, "codigo", campos, cuenta)
    return cuenta


def cargar_consentimiento(lector: Lector) -> Cuenta:
    """Versions are only added: one that is already there, by its date, stays as it is."""
    cuenta = Cuenta()
    for fila in lector:
        try:
            dia = date.fromisoformat(fila["rige_desde"])
        except ValueError:
            raise fila.rechazar(
                "rige_desde", f"«{fila['rige_desde']}» no es una fecha como 2026-11-30."
            ) from None
        rige = timezone.make_aware(datetime.combine(dia, time()))
        exigir_nueva(fila, "rige_desde", rige, cuenta)
        if TextoDeConsentimiento.objects.filter(rige_desde=rige).exists():
            cuenta.iguales += 1
            continue
        version = TextoDeConsentimiento(texto=fila["texto"], rige_desde=rige)
        exigir_valido(fila, version)
        version.save()
        cuenta.creadas += 1
    return cuenta


CARGAS = [
    Carga(
        "clases_de_radicado.csv",
        "Clases de radicado",
        (
            *(
                "codigo",
                "nombre",
                "descripcion",
                "ejemplo",
                "dias",
                "base_legal",
                "prorroga",
                "prorroga_dias",
            ),
            *("firmeza", "dependencia", "publica", "admite_anonima", "reservada", "doble_firma"),
            *("conservar_anios", "orden", "fuente"),
        ),
        cargar_clases,
    ),
    Carga(
        "plazos_de_actuacion.csv",
        "Plazos de actuación",
        ("codigo", "nombre", "descripcion", "dias", "base_legal", "firmeza", "fuente"),
        cargar_plazos,
    ),
    Carga("consentimiento.csv", "Textos de consentimiento", ("texto", "rige_desde"), cargar_consentimiento),
]
