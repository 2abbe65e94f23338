"""What is found of each criterion in time: by its rule each night, by the people who answer for it.

A rule, where there is one, says more than a person: what it finds replaces what was affirmed. An exception
holds until its last day or until the rule passes; «no aplica», until Secretaría General says otherwise.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404
from django.urls import resolve
from django.utils import timezone

from portal import rutinas
from portal.admin.permisos import dirige_secretaria_general
from portal.archivos import revisar
from portal.flujo import CondicionIncumplida, SinPermiso
from portal.models import Asignacion, Canal, Cargo, Edicion, Publicacion, Usuario
from seguimiento import paginas
from seguimiento.models import Criterio, Evaluacion, Evidencia
from seguimiento.registro import REGLAS
from seguimiento.verificaciones import Veredicto, aplicar

registro = logging.getLogger(__name__)

Resultado, Base = Criterio.Resultado, Criterio.Base
#: An exception is never for longer: after a year it is the criterion that must be looked at again.
EXCEPCION_MAXIMA = timedelta(days=365)
LARGO_DE_LA_RAZON = 500
_ACTUALIZA_EVIDENCIA = "Agregue una evidencia que se pueda ver hoy y vuelva a afirmarlo."


class YaSeEstaVerificando(Exception):
    """Another process is verifying."""


# --- Who may ------------------------------------------------------------------------------------
def puede_responder(criterio: Criterio, usuario: Usuario, en: datetime | None = None) -> bool:
    """Whether the person may give evidence of the criterion and affirm it.

    The head of Secretaría General, that of the responsible office, and who writes in its channel.
    A superuser gets nothing from being one.
    """
    cargos = Cargo.objects.ejercidos_por(usuario, en)
    if cargos.que_dirigen(criterio.dependencia).exists():
        return True
    canales = Canal.objects.que_puede(usuario, Asignacion.Funcion.AUTOR, en)
    return bool(criterio.canal_id) and canales.filter(pk=criterio.canal_id).exists()


def _exigir_que_responda(criterio: Criterio, usuario: Usuario, en: datetime) -> None:
    if not puede_responder(criterio, usuario, en):
        raise SinPermiso(f"Por este criterio responde {criterio.dependencia}.")


def _exigir_secretaria_general(usuario: Usuario) -> None:
    if not (usuario.is_active and dirige_secretaria_general(usuario)):
        raise SinPermiso("Esto lo decide la jefatura de Secretaría General.")


def _exigir_razon(razon: str) -> str:
    razon = " ".join(razon.split())
    if not razon:
        raise CondicionIncumplida("Escriba la razón: se publica.")
    if len(razon) > LARGO_DE_LA_RAZON:
        raise CondicionIncumplida(f"Diga la razón en {LARGO_DE_LA_RAZON} letras o menos.")
    return razon


# --- Writing what was found ---------------------------------------------------------------------
def _bloquear(criterio: Criterio) -> Criterio:
    con_dependencia = Criterio.objects.select_related("dependencia", "canal", "fase")
    return con_dependencia.select_for_update(of=("self",)).get(pk=criterio.pk)


def _anotar(criterio: Criterio, veredicto: Veredicto, base: str, en: datetime, **campos) -> bool:
    """Leave what was found in the locked criterion, and in its history if it is not what was known.

    Returns whether it was not.
    """
    sin_evaluar = veredicto.resultado == Resultado.SIN_EVALUAR
    nuevo = {
        "resultado": veredicto.resultado,
        "base": "" if sin_evaluar else base,
        "detalle": veredicto.detalle,
        "arreglo": veredicto.arreglo,
        "vence_en": campos.get("vence_en"),
    }
    cambia = bool(campos.get("por")) or any(getattr(criterio, c) != valor for c, valor in nuevo.items())
    nuevo["evaluado_en"] = en
    Criterio.objects.filter(pk=criterio.pk).update(**nuevo)
    for campo, valor in nuevo.items():
        setattr(criterio, campo, valor)
    if cambia:
        Evaluacion.objects.create(
            criterio=criterio,
            en=en,
            resultado=veredicto.resultado,
            base=base,
            detalle=veredicto.detalle,
            arreglo=veredicto.arreglo,
            **campos,
        )
        Edicion.avanzar()
    return cambia


# --- By rule ------------------------------------------------------------------------------------
def verificar(criterio: Criterio, *, en: datetime | None = None) -> bool:
    """Look at the criterion today and leave what was found in it. Returns whether something changed."""
    en = en or timezone.now()
    with paginas.lectura():
        for evidencia in criterio.evidencias.all():
            _revisar_evidencia(evidencia, en)
        veredicto = aplicar(criterio, en) if criterio.regla else None
    with transaction.atomic():
        fila = _bloquear(criterio)  # somebody may have said something while the rule was looking
        hallado = _lo_que_queda(fila, veredicto, timezone.localdate(en))
        if hallado is None:
            Criterio.objects.filter(pk=fila.pk).update(evaluado_en=en)
            cambia = False
        else:
            version = REGLAS[fila.regla].version if fila.regla in REGLAS else None
            cambia = _anotar(fila, hallado, Base.REGLA, en, regla_version=version)
    criterio.refresh_from_db()
    return cambia


def _lo_que_queda(criterio: Criterio, veredicto: Veredicto | None, dia: date) -> Veredicto | None:
    """What to write of the criterion, or None when what is written stands."""
    if criterio.resultado == Resultado.NO_APLICA:
        return None
    se_pudo = veredicto if veredicto and veredicto.resultado != Resultado.SIN_EVALUAR else None
    if criterio.base == Base.EXCEPCION:
        if criterio.vence_en and criterio.vence_en >= dia:
            return se_pudo if se_pudo and se_pudo.resultado == Resultado.CUMPLE else None
        vencida = f"La excepción venció el {criterio.vence_en:%d/%m/%Y}."
        return veredicto or Veredicto(Resultado.SIN_EVALUAR, vencida, "Vuelva a evaluar el criterio.")
    if criterio.base == Base.PERSONA:
        return se_pudo or _si_perdio_su_evidencia(criterio)
    return veredicto


def _si_perdio_su_evidencia(criterio: Criterio) -> Veredicto | None:
    """What a person affirmed stands while some evidence of it can be seen. That it is not met needs none."""
    if criterio.resultado == Resultado.NO_CUMPLE:
        return None
    evidencias = list(criterio.evidencias.all())
    if any(not evidencia.invalida for evidencia in evidencias):
        return None
    motivos = " ".join(f"«{evidencia}»: {evidencia.invalida}" for evidencia in evidencias[:2])
    detalle = f"Se había afirmado, y ya no hay evidencia que valga. {motivos}".strip()
    return Veredicto(Resultado.SIN_EVALUAR, detalle, _ACTUALIZA_EVIDENCIA)


@dataclass
class Cuenta:
    """What a verification did. `sin_mirar`: codes of those whose rule could not look."""

    resultados: Counter[str] = field(default_factory=Counter)
    cambiaron: int = 0
    sin_mirar: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        etiquetas = ((Resultado(clave).label.lower(), cuantos) for clave, cuantos in self.resultados.items())
        partes = [f"{cuantos} {etiqueta}" for etiqueta, cuantos in sorted(etiquetas)]
        total = self.resultados.total()
        frases = [
            f"{total} criterio{'' if total == 1 else 's'}: {', '.join(partes) or 'ninguno'}.",
            f"Cambiaron {self.cambiaron}.",
        ]
        if self.sin_mirar:
            frases.append(f"No se pudieron mirar: {', '.join(self.sin_mirar)}.")
        return " ".join(frases)


def verificar_todo(
    criterios: QuerySet[Criterio] | None = None,
    *,
    en: datetime | None = None,
    progreso: Callable[[int, int, Criterio], None] = lambda numero, total, criterio: None,
) -> Cuenta:
    """Look at all of them, or at those, each in its own transaction; can be repeated at any moment.

    Raises YaSeEstaVerificando when another process is at it.
    """
    en = en or timezone.now()
    criterios = Criterio.objects.all() if criterios is None else criterios
    cuenta = Cuenta()
    with rutinas.a_solas("criterios") as a_solas, paginas.lectura():
        if not a_solas:
            raise YaSeEstaVerificando
        todos = list(criterios.select_related("dependencia", "canal").prefetch_related("evidencias"))
        for numero, criterio in enumerate(todos, 1):
            if criterio.regla or criterio.base:
                cuenta.cambiaron += verificar(criterio, en=en)
            cuenta.resultados[criterio.resultado] += 1
            if criterio.regla and criterio.resultado == Resultado.SIN_EVALUAR:
                cuenta.sin_mirar.append(criterio.codigo)
            progreso(numero, len(todos), criterio)
    return cuenta


def verificar_de_noche(en: datetime) -> str:
    """The rutina: what it did, in Spanish."""
    try:
        return str(verificar_todo(en=en))
    except YaSeEstaVerificando:
        return "Otra verificación estaba en curso."


# --- Evidence -----------------------------------------------------------------------------------
@transaction.atomic
def agregar_evidencia(
    criterio: Criterio,
    *,
    por: Usuario,
    titulo: str,
    enlace: str = "",
    archivo: Any = None,
    fecha: date | None = None,
    vence_en: date | None = None,
    en: datetime | None = None,
) -> Evidencia:
    """Give something that shows the criterion, and with it those that ask for the same in other marcos.

    It affirms nothing by itself. Raises SinPermiso; ValidationError, by field, when the link is not of a
    page that anybody can see now, the file is not one we take or the dates are impossible.
    """
    en = en or timezone.now()
    hoy = timezone.localdate(en)
    _exigir_que_responda(criterio, por, en)
    evidencia = Evidencia(
        titulo=" ".join(titulo.split()),
        enlace=paginas.interno(enlace.strip()) or enlace.strip(),
        fecha=fecha or hoy,
        vence_en=vence_en,
        por=por,
        en=en,
    )
    if archivo:
        _recibir(evidencia, archivo)
    if evidencia.fecha > hoy:
        raise ValidationError({"fecha": "La evidencia no puede hablar de una fecha futura."})
    if evidencia.vencida(hoy):
        raise ValidationError({"vence_en": "Esa fecha ya pasó."})
    evidencia.full_clean()
    if evidencia.enlace and (falla := _falla_del_enlace(evidencia.enlace)):
        raise ValidationError({"enlace": falla})
    evidencia.save()
    evidencia.criterios.set([criterio, *criterio.equivalentes])
    Edicion.avanzar()
    return evidencia


def _recibir(evidencia: Evidencia, archivo: Any) -> None:
    try:
        revisado = revisar(archivo)
    except ValidationError as error:
        raise ValidationError({"archivo": error.messages}) from error
    evidencia.archivo = revisado.a_guardar()
    evidencia.archivo_nombre, evidencia.archivo_sha256 = revisado.nombre, revisado.sha256


def _revisar_evidencia(evidencia: Evidencia, en: datetime) -> None:
    """Note why the evidence is no longer worth, or that it is. What cannot be looked at stays as it was."""
    try:
        falla = _falla_de(evidencia, timezone.localdate(en))
    except paginas.NoSePudoMirar as razon:
        registro.warning("Evidencia %s: no se pudo mirar. %s", evidencia.pk, razon)
        return
    if falla != evidencia.invalida:
        evidencia.invalida = falla
        evidencia.save(update_fields=["invalida"])
        Edicion.avanzar()


def _falla_de(evidencia: Evidencia, dia: date) -> str:
    if evidencia.vencida(dia):
        return f"Valía hasta el {evidencia.vence_en:%d/%m/%Y}."
    if evidencia.enlace:
        return _falla_del_enlace(evidencia.enlace)
    return "" if _intacto(evidencia) else "El archivo ya no es el que se subió."


def _intacto(evidencia: Evidencia) -> bool:
    try:
        with evidencia.archivo.open("rb") as abierto:
            return hashlib.file_digest(abierto, "sha256").hexdigest() == evidencia.archivo_sha256
    except OSError:
        return False


def _falla_del_enlace(enlace: str) -> str:
    """Why nobody can see it there now, or "". What is in other sites is believed: we do not go out.

    Raises NoSePudoMirar.
    """
    ruta = paginas.interno(enlace)
    if not ruta:
        try:
            URLValidator(schemes=["http", "https"])(enlace)
        except ValidationError:
            return "Escriba una dirección de este sitio (/canales/…) o de otro (https://…)."
        return ""
    if retirada := _retirada_en(ruta):
        return f"Esa publicación se retiró el {timezone.localdate(retirada):%d/%m/%Y}."
    pagina = paginas.lector().seguir(ruta)
    if not pagina.existe or pagina.ruta.startswith("/admin/"):
        return f"Nadie puede ver hoy la página {ruta}."
    return ""


def _retirada_en(ruta: str) -> datetime | None:
    """When the publication at that address was withdrawn: its page may still answer, with a notice."""
    camino = ruta.partition("?")[0]
    try:
        partes = resolve(camino).kwargs
    except Http404:
        return None
    halladas = Publicacion.objects.filter(retirada_en__isnull=False)
    halladas = halladas.filter(ruta_fija=camino) | halladas.filter(
        canal__slug=partes.get("canal", ""), slug=partes.get("slug", "")
    )
    return halladas.values_list("retirada_en", flat=True).first()


# --- By people ----------------------------------------------------------------------------------
def afirmar(
    criterio: Criterio,
    *,
    por: Usuario,
    resultado: str = Resultado.CUMPLE,
    razon: str = "",
    en: datetime | None = None,
) -> Criterio:
    """Say that the criterion is met, is met in part or is not; the first two need evidence that can be seen.

    Raises SinPermiso, or CondicionIncumplida without evidence, without the reason of what is lacking, or
    when the rule of the criterion finds otherwise: then the thing to do is what it says.
    """
    en = en or timezone.now()
    if resultado not in {Resultado.CUMPLE, Resultado.PARCIAL, Resultado.NO_CUMPLE}:
        raise CondicionIncumplida("Diga si se cumple, se cumple en parte o no se cumple.")
    _exigir_que_responda(criterio, por, en)
    falta = _exigir_razon(razon) if resultado != Resultado.CUMPLE else ""
    with paginas.lectura():
        if criterio.regla:
            _exigir_que_la_regla_no_diga_otra_cosa(aplicar(criterio, en))
        for evidencia in criterio.evidencias.all():
            _revisar_evidencia(evidencia, en)
    validas = list(criterio.evidencias.filter(invalida="")[:2])
    if resultado != Resultado.NO_CUMPLE and not validas:
        raise CondicionIncumplida("Primero agregue una evidencia que se pueda ver hoy.")
    muestra = ", ".join(f"«{evidencia}»" for evidencia in validas)
    detalle = falta or f"Se muestra en {muestra}."
    with transaction.atomic():
        fila = _bloquear(criterio)
        _anotar(fila, Veredicto(resultado, detalle), Base.PERSONA, en, por=por)
    return fila


def _exigir_que_la_regla_no_diga_otra_cosa(veredicto: Veredicto) -> None:
    if veredicto.resultado == Resultado.CUMPLE:
        raise CondicionIncumplida("La regla ya prueba que se cumple: no hace falta afirmarlo.")
    if veredicto.resultado != Resultado.SIN_EVALUAR:
        raise CondicionIncumplida(f"La regla encuentra otra cosa. {veredicto.detalle} {veredicto.arreglo}")


@transaction.atomic
def exceptuar(
    criterio: Criterio, *, por: Usuario, razon: str, hasta: date, en: datetime | None = None
) -> Criterio:
    """Take the criterion as met until a day, for a reason that is published; then it lapses by itself.

    Raises SinPermiso, or CondicionIncumplida without reason or with a day past or beyond a year.
    """
    en = en or timezone.now()
    hoy = timezone.localdate(en)
    _exigir_secretaria_general(por)
    razon = _exigir_razon(razon)
    if not hoy <= hasta <= hoy + EXCEPCION_MAXIMA:
        raise CondicionIncumplida("Una excepción vale hasta una fecha de hoy en adelante, a un año o menos.")
    fila = _bloquear(criterio)
    _anotar(fila, Veredicto(Resultado.CUMPLE), Base.EXCEPCION, en, por=por, razon=razon, vence_en=hasta)
    return fila


@transaction.atomic
def declarar_no_aplica(
    criterio: Criterio, *, por: Usuario, razon: str, en: datetime | None = None
) -> Criterio:
    """Take the criterion out of the percentages, for a reason that is published.

    Raises SinPermiso, or CondicionIncumplida without reason.
    """
    _exigir_secretaria_general(por)
    razon = _exigir_razon(razon)
    fila = _bloquear(criterio)
    _anotar(fila, Veredicto(Resultado.NO_APLICA), Base.PERSONA, en or timezone.now(), por=por, razon=razon)
    return fila


@transaction.atomic
def reabrir(criterio: Criterio, *, por: Usuario, razon: str, en: datetime | None = None) -> Criterio:
    """Undo what a person decided: the criterion is unevaluated until its rule or somebody looks again.

    Raises SinPermiso, or CondicionIncumplida without reason or when no person had decided.
    """
    _exigir_secretaria_general(por)
    razon = _exigir_razon(razon)
    fila = _bloquear(criterio)
    if fila.base not in {Base.PERSONA, Base.EXCEPCION}:
        raise CondicionIncumplida("Nadie ha decidido sobre este criterio: no hay qué reabrir.")
    veredicto = Veredicto(Resultado.SIN_EVALUAR, arreglo="Vuelva a evaluar el criterio.")
    _anotar(fila, veredicto, Base.PERSONA, en or timezone.now(), por=por, razon=razon)
    return fila
