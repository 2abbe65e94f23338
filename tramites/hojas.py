"""Writing a hoja de vida: how it starts, how it is saved, and what it counts each time."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from portal.flujo import CondicionIncumplida, SinPermiso, TransicionRechazada
from portal.models import Asignacion, Usuario
from tramites import completitud
from tramites.models import Accion, Fundamento, HojaDeVida, MedicionDeHoja, Momento, Tramite
from tramites.models.hoja import siguiente_numero

#: What supports and tells a change: another change does not carry it over, its correction does.
PROPIO_DEL_CAMBIO = ("acto_soporte", "acto_soporte_sha256", "nota_de_cambio")


class OtroGuardoAntes(TransicionRechazada):
    """Somebody saved the hoja de vida since it was opened."""

    def __init__(self, hoja: HojaDeVida) -> None:
        quien = hoja.editada_por or "Otra persona"
        super().__init__(
            f"{quien} guardó cambios en esta hoja de vida mientras usted escribía. "
            "Lo que usted escribió sigue aquí, sin guardar."
        )
        self.hoja = hoja


def copiar_hoja(
    tramite: Tramite,
    base: HojaDeVida | None,
    *,
    por: Usuario | None,
    en: datetime,
    mismo_cambio: bool = False,
) -> HojaDeVida:
    """A new draft of `tramite` with everything `base` says; without base, with its name and office.

    With `mismo_cambio` it corrects `base` and keeps the act that supports it. Until somebody changes it,
    it is still the work of whoever edited the last one.
    """
    hoja = HojaDeVida(
        tramite=tramite,
        numero=siguiente_numero(tramite),
        nombre=tramite.nombre,
        dependencia=tramite.dependencia,
        creada_en=en,
        editada_en=en,
        editada_por=base.editada_por if base else por,
    )
    if base:
        for campo in HojaDeVida.CONTENIDO:
            if mismo_cambio or campo not in PROPIO_DEL_CAMBIO:
                setattr(hoja, campo, getattr(base, campo))
        if mismo_cambio:
            hoja.acto_soporte_archivo = base.acto_soporte_archivo
    hoja.save()
    if base:
        copiar_partes(HojaDeVida.objects.enteras().get(pk=base.pk), hoja)
    medir_y_anotar(hoja, en)
    return hoja


def copiar_partes(base: HojaDeVida, hoja: HojaDeVida) -> None:
    """The parts of `base`, read with `enteras()`, as new rows of `hoja`."""
    hoja.puntos.set(base.puntos.all())
    hoja.audiencias.set(base.audiencias.all())
    normas = {norma.pk: _otra(norma, hoja=hoja) for norma in base.fundamentos.all()}
    for momento in base.momentos.all():
        nuevo = _otra(momento, hoja=hoja)
        for accion in momento.acciones.all():
            copia = _otra(accion, momento=nuevo, fundamento=normas.get(accion.fundamento_id or 0))
            copia.audiencias.set(accion.audiencias.all())


def _otra(parte: Any, **cambios) -> Any:
    """A new row with the same values as `parte`, but for `cambios`."""
    campos = {campo.name: getattr(parte, campo.name) for campo in parte._meta.concrete_fields[1:]}
    return type(parte).objects.create(**campos | cambios)


@contextmanager
def editar_hoja(
    hoja: HojaDeVida, *, por: Usuario, revision: int | None = None, en: datetime | None = None
) -> Iterator[HojaDeVida]:
    """Change a draft inside one transaction: yields the locked row, and afterwards measures it.

    Raises SinPermiso, CondicionIncumplida when it is no longer a draft, or OtroGuardoAntes when somebody
    has saved it since `revision`. Fields set on what is yielded are saved with it.
    """
    en = en or timezone.now()
    with transaction.atomic():
        tramite = Tramite.objects.select_for_update(of=("self",)).get(pk=hoja.tramite_id)
        fila = HojaDeVida.objects.select_for_update(of=("self",)).get(pk=hoja.pk)
        exigir_que_escriba(tramite, por, en)
        if not fila.editable:
            raise CondicionIncumplida(
                f"Esta hoja de vida ya no es un borrador: está {fila.get_estado_display().lower()}."
            )
        if not tramite.en_escritura:
            raise CondicionIncumplida("Primero empiece la hoja de vida de este trámite.")
        if revision is not None and fila.revision != revision:
            raise OtroGuardoAntes(fila)
        antes = _huella_de(fila.pk)
        yield fila
        fila.revision += 1
        fila.save()
        if _huella_de(fila.pk) != antes:
            fila.editada_por, fila.editada_en = por, en
            fila.save(update_fields=["editada_por", "editada_en"])
        medir_y_anotar(fila, en)


def exigir_que_escriba(tramite: Tramite, por: Usuario, en: datetime | None = None) -> None:
    """Raise SinPermiso unless one of the posts of `por` keeps the hojas de vida of that office."""
    if not Tramite.objects.que_puede(por, Asignacion.Funcion.AUTOR, en).filter(pk=tramite.pk).exists():
        raise SinPermiso("Ninguno de sus cargos lleva las hojas de vida de esta dependencia.")


def _huella_de(pk: int) -> str:
    return HojaDeVida.objects.enteras().get(pk=pk).huella()


def medir_y_anotar(hoja: HojaDeVida, en: datetime | None = None) -> completitud.Completitud:
    """Measure the hoja and, when it changed, keep the figures with their moment."""
    en = en or timezone.now()
    entera = HojaDeVida.objects.enteras().get(pk=hoja.pk)
    medida = completitud.medir(entera, timezone.localdate(en))
    hoja.exigidos, hoja.llenos = medida.exigidos, medida.llenos
    HojaDeVida.objects.filter(pk=hoja.pk).update(exigidos=medida.exigidos, llenos=medida.llenos)
    ultima = MedicionDeHoja.objects.filter(tramite=hoja.tramite_id).order_by("-en", "-pk").first()
    if ultima is None or (ultima.exigidos, ultima.llenos) != (medida.exigidos, medida.llenos):
        MedicionDeHoja.objects.create(
            tramite_id=hoja.tramite_id, en=en, exigidos=medida.exigidos, llenos=medida.llenos
        )
    return medida


def volver_a_medir(en: datetime) -> str:
    """Measure again every hoja in use: a norm lapses without anybody touching it. The nightly rutina."""
    tramites = Tramite.objects.identificados(en).order_by("pk")
    cambiadas = sum(_cambio_la_medida(pk, en) for pk in tramites.values_list("pk", flat=True))
    return f"Hojas de vida medidas; cambiaron {cambiadas}."


@transaction.atomic
def _cambio_la_medida(pk: int, en: datetime) -> bool:
    """Holding the trámite, so that somebody who saves meanwhile is not overwritten with older figures."""
    tramite = Tramite.objects.select_for_update(of=("self",)).get(pk=pk)
    hoja = tramite.hoja_en_uso()
    if hoja is None:
        return False
    antes = (hoja.exigidos, hoja.llenos)
    medida = medir_y_anotar(hoja, en)
    return antes != (medida.exigidos, medida.llenos)


# --- Parts --------------------------------------------------------------------------------------
def agregar_fundamento(hoja: HojaDeVida, **campos) -> Fundamento:
    """A norm after the last one of a draft. Inside `editar_hoja`."""
    return Fundamento.objects.create(hoja=hoja, orden=hoja.fundamentos.count(), **campos)


def agregar_momento(hoja: HojaDeVida, descripcion: str = "") -> Momento:
    return Momento.objects.create(hoja=hoja, orden=hoja.momentos.count(), descripcion=descripcion)


def agregar_accion(momento: Momento, audiencias=(), **campos) -> Accion:
    accion = Accion.objects.create(momento=momento, orden=momento.acciones.count(), **campos)
    accion.audiencias.set(audiencias)
    return accion


def mover(parte: Fundamento | Momento | Accion, lugares: int) -> None:
    """Put a part that many places later (earlier when negative), and number its sisters again."""
    hermanas: list[Any] = list(
        parte.momento.acciones.all()
        if isinstance(parte, Accion)
        else type(parte).objects.filter(hoja=parte.hoja_id)
    )
    de = hermanas.index(parte)
    hermanas.insert(max(0, min(len(hermanas) - 1, de + lugares)), hermanas.pop(de))
    for orden, hermana in enumerate(hermanas):
        if hermana.orden != orden:
            hermana.orden = orden
            hermana.save(update_fields=["orden"])
