"""What people say of a cut, and the closing of a month: each thing once, with who and when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from conectividad.mes import CIFRAS_ENTERAS, PRIMER_ANIO, Mes, contar
from conectividad.models import Accion, CierreMensual, Enlace, Incidente
from conectividad.permisos import puede_anotar, puede_cerrar, puede_corregir
from portal.admin.permisos import dirige_secretaria_general
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.huella import huella_de
from portal.models import Dependencia, Edicion, Usuario

#: How far ahead of ours the clock of a phone may be.
DESFASE = timedelta(minutes=2)
#: What a correction may change.
CORREGIBLES = {
    *("enlace", "inicio", "fin", "alcance", "peso", "causa", "planeado", "dependencias"),
    *("ticket", "descripcion", "reportado_por"),
}
_NO_ANOTA = "Los cortes los anotan la Secretaría General y quienes dirigen una dependencia."


def al_minuto(momento: datetime) -> datetime:
    return momento.replace(second=0, microsecond=0)


@transaction.atomic
def registrar(
    *,
    clave: UUID,
    enlace: Enlace,
    inicio: datetime,
    fin: datetime | None = None,
    alcance: str,
    peso: int,
    causa: str,
    planeado: bool,
    dependencias: Iterable[Dependencia],
    ticket: str,
    descripcion: str,
    reportado_por: str,
    por: Usuario,
    anotado_en: datetime,
    en: datetime | None = None,
) -> Incidente:
    """Put a cut in the log. The same `clave` again returns the one that it made, and changes nothing.

    Raises SinPermiso, or ValidationError by field.
    """
    en = en or timezone.now()
    if not puede_anotar(por):
        raise SinPermiso(_NO_ANOTA)
    _de_a_uno(enlace)
    if ya_anotado := Incidente.objects.filter(clave=clave).first():
        return ya_anotado
    incidente = Incidente(
        clave=clave,
        enlace=enlace,
        inicio=al_minuto(inicio),
        fin=al_minuto(fin) if fin else None,
        alcance=alcance,
        peso=peso,
        causa=causa,
        planeado=planeado,
        ticket=ticket,
        descripcion=descripcion,
        reportado_por=reportado_por,
        registrado_por=por,
        anotado_en=anotado_en,
        registrado_en=en,
    )
    _revisar(incidente, en)
    _exigir_meses_abiertos(enlace, incidente.inicio, incidente.fin or en, por, campo="inicio")
    _guardar(incidente, por, en)
    incidente.dependencias.set(dependencias)
    return incidente


@transaction.atomic
def terminar(incidente: Incidente, *, fin: datetime, por: Usuario, en: datetime | None = None) -> Incidente:
    """The line is back. Raises SinPermiso, EstadoInadecuado, or ValidationError by field."""
    en = en or timezone.now()
    if not puede_anotar(por):
        raise SinPermiso(_NO_ANOTA)
    fila = _bloquear(incidente)
    if fila.fin:
        raise EstadoInadecuado("Ya se había dicho que volvió. Si la hora está mal, corríjala.")
    fila.fin = al_minuto(fin)
    _revisar(fila, en)
    _exigir_meses_abiertos(fila.enlace, fila.fin, en, por, campo="fin")
    return _guardar(fila, por, en)


@transaction.atomic
def corregir(
    incidente: Incidente,
    *,
    cambios: dict[str, Any],
    razon: str,
    por: Usuario,
    en: datetime | None = None,
) -> Incidente:
    """Say again what was said wrong; what it said before stays in its history, with the reason.

    Raises SinPermiso, EstadoInadecuado, CondicionIncumplida, or ValidationError by field. A field that
    cannot be corrected raises ValueError.
    """
    en = en or timezone.now()
    if ajenos := cambios.keys() - CORREGIBLES:
        raise ValueError(f"No se corrige: {', '.join(sorted(ajenos))}.")
    fila: Any = _bloquear(incidente)
    if not puede_corregir(por, fila):
        raise SinPermiso(
            "Lo corrige quien lo anotó, si su mes no está cerrado, o quien dirige la Secretaría General."
        )
    razon = _razon(razon, "Escriba por qué se corrige.", hasta=100)
    if not _poner(fila, cambios):
        raise CondicionIncumplida("No cambió nada: la corrección no se anotó.")
    _revisar(fila, en)
    _exigir_meses_abiertos(fila.enlace, fila.inicio, fila.fin or en, por, campo="inicio")
    if "dependencias" in cambios:  # one row of history for all that is corrected together
        fila.skip_history_when_saving = True
        fila.dependencias.set(cambios["dependencias"])
        del fila.skip_history_when_saving
    return _guardar(fila, por, en, razon)


def _poner(fila: Incidente, cambios: dict[str, Any]) -> bool:
    """Give the row its new values, and tell whether any is another one."""
    antes = {campo: getattr(fila, campo) for campo in cambios if campo != "dependencias"}
    for campo in antes:
        valor = cambios[campo]
        setattr(fila, campo, al_minuto(valor) if isinstance(valor, datetime) else valor)
    cambia = any(getattr(fila, campo) != valor for campo, valor in antes.items())
    if "dependencias" in cambios:
        cambia |= {d.pk for d in cambios["dependencias"]} != {d.pk for d in fila.dependencias.all()}
    return cambia


@transaction.atomic
def anular(incidente: Incidente, *, razon: str, por: Usuario, en: datetime | None = None) -> Incidente:
    """It should not have been logged: it stops counting and stays, with its reason.

    Raises SinPermiso, EstadoInadecuado or CondicionIncumplida.
    """
    en = en or timezone.now()
    fila = _bloquear(incidente)
    if not puede_corregir(por, fila):
        raise SinPermiso(
            "Lo anula quien lo anotó, si su mes no está cerrado, o quien dirige la Secretaría General."
        )
    fila.anulado_razon = _razon(razon, "Escriba por qué se anula.", hasta=300)
    fila.anulado_en, fila.anulado_por = en, por
    return _guardar(fila, por, en)


@transaction.atomic
def agregar_accion(
    incidente: Incidente,
    *,
    texto: str,
    quien: str,
    cuando: datetime,
    por: Usuario,
    en: datetime | None = None,
) -> Accion:
    """Write what was done about a cut. The same twice is one.

    Raises SinPermiso, EstadoInadecuado, or ValidationError by field.
    """
    en = en or timezone.now()
    if not puede_anotar(por):
        raise SinPermiso(_NO_ANOTA)
    fila = _bloquear(incidente)
    dicho = {"texto": texto.strip(), "quien": quien.strip(), "en": al_minuto(cuando), "por": por}
    if repetida := fila.acciones.filter(**dicho).first():
        return repetida
    accion = Accion(incidente=fila, registrada_en=en, **dicho)
    accion.full_clean(exclude=["incidente", "por"])
    if accion.en > en + DESFASE:
        raise ValidationError({"cuando": "Lo que se hizo no puede estar en el futuro."})
    accion.save()
    Edicion.avanzar()
    return accion


@transaction.atomic
def cerrar_mes(
    enlace: Enlace, mes: Mes, *, observaciones: str, por: Usuario, en: datetime | None = None
) -> CierreMensual:
    """Freeze and sign the figures of a month that ended, once.

    Raises SinPermiso, EstadoInadecuado when it was closed already, or CondicionIncumplida.
    """
    en = en or timezone.now()
    if not (cargo := puede_cerrar(por)):
        raise SinPermiso("El mes lo cierra quien dirige la Secretaría General.")
    if not mes.terminado(en):
        raise CondicionIncumplida(f"{str(mes).capitalize()} todavía no termina.")
    _de_a_uno(enlace)
    if CierreMensual.objects.filter(enlace=enlace, anio=mes.anio, mes=mes.mes).exists():
        raise EstadoInadecuado(f"{str(mes).capitalize()} ya se había cerrado.")
    _que_quepa("observaciones", observaciones.strip(), 2000)
    datos = contar(enlace, mes, en).como_datos()
    cierre = CierreMensual(
        enlace=enlace,
        anio=mes.anio,
        mes=mes.mes,
        datos=datos,
        huella=huella_de(datos),
        observaciones=observaciones.strip(),
        firmado_por=por,
        firmado_como=cargo,
        firma=f"{por}, {cargo}",
        firmado_en=en,
    )
    cierre.save()
    Edicion.avanzar()
    return cierre


@dataclass(frozen=True)
class Diferencia:
    """A figure or a cut that says something else than what was signed. None: it was not, or no longer is."""

    que: str
    antes: Any
    ahora: Any


#: What is compared with a closing, as it is called on screen.
ROTULOS = dict(
    zip(
        CIFRAS_ENTERAS,
        (
            *("Minutos de jornada", "Minutos anunciados", "Minutos que cuentan", "Minutos sin conexión"),
            *("Minutos con el servicio en parte", "Minutos sondeados", "Minutos sin datos"),
        ),
        strict=True,
    )
) | {"minutos_ponderados": "Minutos perdidos", "porcentaje": "Porcentaje del tiempo interrumpido"}


def cambio_desde_el_cierre(cierre: CierreMensual) -> list[Diferencia]:
    """What differs when the month is counted again as the log says now. Empty when it is the same."""
    mes = Mes(cierre.anio, cierre.mes)
    ahora = contar(cierre.enlace, mes, mes.fin).como_datos()
    cifras = [Diferencia(rotulo, cierre.datos[cifra], ahora[cifra]) for cifra, rotulo in ROTULOS.items()]
    antes_cortes = {corte["incidente"]: corte for corte in cierre.datos["incidentes"]}
    ahora_cortes = {corte["incidente"]: corte for corte in ahora["incidentes"]}
    cortes = [
        Diferencia(f"Corte n.º {pk}", antes_cortes.get(pk), ahora_cortes.get(pk))
        for pk in sorted(antes_cortes.keys() | ahora_cortes.keys())
    ]
    return [diferencia for diferencia in cifras + cortes if diferencia.antes != diferencia.ahora]


# --- What all of them need ----------------------------------------------------------------------
def _de_a_uno(enlace: Enlace) -> None:
    """Wait for whoever is writing about the same line."""
    Enlace.objects.select_for_update(no_key=True).get(pk=enlace.pk)


def _bloquear(incidente: Incidente) -> Incidente:
    """The row as it is now, locked after its line. Raises EstadoInadecuado when it was annulled."""
    _de_a_uno(incidente.enlace)
    fila = Incidente.objects.select_for_update(of=("self",)).select_related("enlace").get(pk=incidente.pk)
    if fila.anulado_en:
        raise EstadoInadecuado("Ese corte está anulado.")
    return fila


def _revisar(incidente: Incidente, en: datetime) -> None:
    """Raises ValidationError, by field, when it cannot have been so."""
    incidente.clean_fields()
    _que_quepa("descripcion", incidente.descripcion, 1000)
    if incidente.inicio > en + DESFASE:
        raise ValidationError(
            {"inicio": "El corte no puede empezar en el futuro: revise la fecha y la hora."}
        )
    if incidente.inicio < Mes(PRIMER_ANIO, 1).inicio:
        raise ValidationError({"inicio": "Revise el año."})
    if incidente.fin and incidente.fin > en + DESFASE:
        raise ValidationError({"fin": "No puede haber vuelto en el futuro: revise la fecha y la hora."})
    if incidente.fin and incidente.fin <= incidente.inicio:
        raise ValidationError({"fin": "Debe ser después de que se cayó, al menos un minuto."})
    if (incidente.alcance == Incidente.Alcance.TOTAL) != (incidente.peso == 100):
        raise ValidationError({"peso": "Si fue en parte, diga cuánto se perdió: de 1 a 99 %."})
    incidente.full_clean()


def _razon(razon: str, si_falta: str, *, hasta: int) -> str:
    if not (razon := razon.strip()):
        raise CondicionIncumplida(si_falta)
    _que_quepa("razon", razon, hasta)
    return razon


def _que_quepa(campo: str, texto: str, hasta: int) -> None:
    """Raises ValidationError. Django measures what is typed in a form, not a long text of a model."""
    if len(texto) > hasta:
        raise ValidationError({campo: f"Dígalo en menos palabras: hasta {hasta} letras."})


def _exigir_meses_abiertos(
    enlace: Enlace, desde: datetime, hasta: datetime, por: Usuario, *, campo: str
) -> None:
    """Raises ValidationError when a month of those is closed and `por` does not head Secretaría General."""
    cierre = CierreMensual.objects.que_tocan(enlace.pk, desde, hasta).first()
    if cierre and not dirige_secretaria_general(por):
        mes = Mes(cierre.anio, cierre.mes)
        raise ValidationError(
            {campo: f"{str(mes).capitalize()} está cerrado: lo cambia quien dirige la Secretaría General."}
        )


def _guardar(incidente: Any, por: Usuario | None, en: datetime, razon: str | None = None) -> Incidente:
    """Save it with its history, and make every cached page old."""
    incidente._history_user = por
    incidente._history_date = en
    incidente._change_reason = razon
    incidente.save()
    Edicion.avanzar()
    return incidente
