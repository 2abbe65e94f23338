"""The whole hoja de vida as one document: what was typed, how its parts are moved and how it is saved.

What is posted is everything: the parts in the order in which they come, each with the key of its row. So to
move, add or remove a part is to change that order before saving; what was typed is saved with it, and it
works without JavaScript.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.http import QueryDict

from portal.models import Usuario
from tramites.admin.formularios import (
    AccionForm,
    AudienciasField,
    HojaForm,
    MomentoForm,
    NormaForm,
    rotulo_de_audiencia,
)
from tramites.comparacion import Diferencia, comparar
from tramites.hojas import OtroGuardoAntes, editar_hoja
from tramites.models import Accion, Fundamento, HojaDeVida, Momento


@dataclass
class Parte:
    """A norm, a momento or an action: its row, the key it was posted with and its form.

    One that was just added has neither key nor form until it is saved.
    """

    clase: str
    fila: Any
    clave: str = ""
    form: Any = None
    acciones: list["Parte"] = field(default_factory=list)
    primera: bool = False
    ultima: bool = False

    @property
    def ancla(self) -> str:
        return f"{self.clase}-{self.clave or self.fila.pk}"


class Editor:
    """A draft being written. `hoja` comes from `enteras()`; `datos` is what was posted, if anything was."""

    #: What differs from what somebody else saved meanwhile, when saving was refused for that.
    diferencias: list[Diferencia] | None = None

    def __init__(self, hoja: HojaDeVida, datos: QueryDict | None = None, archivos=None) -> None:
        self.hoja, self.datos = hoja, datos
        self.revision = hoja.revision
        self.form = HojaForm(datos, archivos, instance=hoja)
        self._audiencias = self._todas_las_audiencias()
        self.normas: list[Parte] = []
        self.momentos: list[Parte] = []
        self._reunir_partes()
        self.donde_volver = "guardar-descripcion"

    # --- What there is --------------------------------------------------------------------------
    def _todas_las_audiencias(self) -> dict[str, tuple[str, bool]]:
        """Every audience by key: how it reads, and whether the hoja is for it."""
        propias = {audiencia.pk for audiencia in self.hoja.audiencias.all()}
        todas = AudienciasField(label="").queryset
        return {str(a.pk): (rotulo_de_audiencia(a), a.pk in propias) for a in todas}

    def _reunir_partes(self) -> None:
        """The parts as they are or as they were posted; a row that is gone comes back as a new one."""
        normas = {str(norma.pk): norma for norma in self.hoja.fundamentos.all()}
        momentos = {str(momento.pk): momento for momento in self.hoja.momentos.all()}
        acciones = {str(accion.pk): accion for accion in self.hoja.acciones()}
        for clave in self._claves("norma", normas):
            self.normas.append(self._parte("norma", clave, normas.get(clave) or Fundamento()))
        vistas: set[str] = set()
        for clave in self._claves("momento", momentos):
            momento = self._parte("momento", clave, momentos.get(clave) or Momento())
            guardadas = [] if momento.fila.pk is None else momento.fila.acciones.all()
            for otra in self._claves(f"acciones-{clave}", [str(a.pk) for a in guardadas]):
                if otra not in vistas:
                    momento.acciones.append(self._parte("accion", otra, acciones.get(otra) or Accion()))
                    vistas.add(otra)
            self.momentos.append(momento)
        self._marcar_extremos()

    def _claves(self, nombre: str, guardadas) -> list[str]:
        """The keys of the rows as they come, without repeats nor anything that is not the number of a row."""
        if self.datos is None:
            return list(guardadas)
        claves = dict.fromkeys(self.datos.getlist(nombre))
        return [clave for clave in claves if clave.isascii() and clave.isdigit() and len(clave) < 19]

    def _parte(self, clase: str, clave: str, fila: Any) -> Parte:
        formas: dict[str, Any] = {"norma": NormaForm, "momento": MomentoForm, "accion": AccionForm}
        otros: dict[str, Any] = {}
        if clase == "accion":
            otros = {"normas": self._rotulos_de_normas(), "audiencias": self._audiencias}
        form = formas[clase](self.datos, instance=fila, prefix=f"{clase}-{clave}", **otros)
        return Parte(clase, fila, clave, form)

    def _rotulos_de_normas(self) -> list[tuple[str, str]]:
        return [
            (norma.clave, str(norma.fila) if norma.fila.tipo else f"Norma {n}")
            for n, norma in enumerate(self.normas, 1)
        ]

    def _marcar_extremos(self) -> None:
        """Which parts cannot go further up or down. An action goes on to the momento beside its own."""
        for partes in (self.normas, self.momentos):
            for n, parte in enumerate(partes):
                parte.primera, parte.ultima = n == 0, n == len(partes) - 1
        for momento in self.momentos:
            for n, accion in enumerate(momento.acciones):
                accion.primera = momento.primera and n == 0
                accion.ultima = momento.ultima and n == len(momento.acciones) - 1

    @property
    def formularios(self) -> Iterator[tuple[str, Any]]:
        """Each form with the place it is in, as people say it."""
        yield "", self.form
        for n, norma in enumerate(self.normas, 1):
            yield f"Norma {n}. ", norma.form
        for m, momento in enumerate(self.momentos, 1):
            yield f"Momento {m}. ", momento.form
            for a, accion in enumerate(momento.acciones, 1):
                yield f"Momento {m}, acción {a}. ", accion.form

    def es_valido(self) -> bool:
        """Whether everything typed can be saved; if not, each form says why."""
        validos = [form.is_valid() for _lugar, form in self.formularios]
        if self.normas and "fundamentos" in self.form.razones():
            self.form.add_error("razon_fundamentos", "Ya hay normas escritas: quite la razón o las normas.")
            return False
        return all(validos)

    def escrito(self) -> Iterator[tuple[str, str]]:
        """All that was typed, by its label, for whoever has to copy it."""
        for lugar, form in self.formularios:
            for campo in form.visible_fields():
                valor = campo.data
                texto = ", ".join(valor) if isinstance(valor, list) else str(valor or "")
                if texto.strip():
                    yield f"{lugar}{campo.label}", texto

    # --- Parts added, moved and taken away ------------------------------------------------------
    def hacer(self, orden: str) -> None:
        """Change the parts as the button that was pressed says: `agregar:norma`, `subir:accion:12`…"""
        verbo, _dos_puntos, cual = orden.partition(":")
        if verbo == "agregar":
            self._agregar(cual)
        elif verbo in {"subir", "bajar", "quitar"}:
            for hermanas, parte in self._con_hermanas():
                if f"{parte.clase}:{parte.clave}" == cual:
                    self._quitar(parte, hermanas) if verbo == "quitar" else self._mover(
                        parte, hermanas, verbo
                    )
                    break
        elif verbo == "fundar":
            self._fundar(cual)
        elif verbo == "guardar":
            self.donde_volver = f"guardar-{cual}"
        self._marcar_extremos()

    def _con_hermanas(self) -> list[tuple[list[Parte], Parte]]:
        """Each part with the list it is in."""
        listas = [self.normas, self.momentos, *(momento.acciones for momento in self.momentos)]
        return [(lista, parte) for lista in listas for parte in lista]

    def _agregar(self, que: str) -> None:
        clase, _dos_puntos, resto = que.partition(":")
        if clase == "norma":
            self._nueva = Parte("norma", Fundamento(tipo=Fundamento.Tipo.LEY))
            self.normas.append(self._nueva)
        elif clase == "momento":
            self._nueva = Parte("momento", Momento())
            self.momentos.append(self._nueva)
        elif clase == "accion":
            clave, _dos_puntos, tipo = resto.partition(":")
            momento = next((momento for momento in self.momentos if momento.clave == clave), None)
            if momento and tipo in Accion.Tipo.values:
                self._nueva = Parte("accion", Accion(tipo=tipo))
                momento.acciones.append(self._nueva)

    def _fundar(self, clave: str) -> None:
        """Say that this norm requires every requisito that names none, nor the reason why."""
        if clave not in {norma.clave for norma in self.normas}:
            return
        for momento in self.momentos:
            for accion in momento.acciones:
                datos = accion.form.cleaned_data
                if "norma" in datos and not datos["norma"] and "fundamento" not in accion.form.razones():
                    datos["norma"] = clave
        self.donde_volver = f"norma-{clave}"

    #: What was added in this save, if anything: the person goes on writing there.
    _nueva: Parte | None = None

    def _quitar(self, parte: Parte, hermanas: list[Parte]) -> None:
        hermanas.remove(parte)
        momento = next((m for m in self.momentos if m.acciones is hermanas), None)
        self.donde_volver = momento.ancla if momento else f"agregar-{parte.clase}"

    def _mover(self, parte: Parte, hermanas: list[Parte], verbo: str) -> None:
        """One place up or down; an action at the end of its momento goes to the one beside."""
        lugares = -1 if verbo == "subir" else 1
        de = hermanas.index(parte)
        if 0 <= de + lugares < len(hermanas):
            hermanas.insert(de + lugares, hermanas.pop(de))
        elif parte.clase == "accion" and not (parte.primera if verbo == "subir" else parte.ultima):
            propio = next(n for n, momento in enumerate(self.momentos) if momento.acciones is hermanas)
            otras = self.momentos[propio + lugares].acciones
            otras.insert(len(otras) if verbo == "subir" else 0, hermanas.pop(de))
        self._marcar_extremos()
        en_el_borde = parte.primera if verbo == "subir" else parte.ultima
        self.donde_volver = parte.ancla if en_el_borde else f"{verbo}-{parte.ancla}"

    # --- Saving ---------------------------------------------------------------------------------
    def guardar(self, por: Usuario) -> None:
        """Save the document. Pressing the same button twice saves once.

        Raises what `editar_hoja` raises; with OtroGuardoAntes, `diferencias` says how both texts differ.
        """
        revision = str(self.datos.get("revision", "")) if self.datos is not None else ""
        try:
            self._escribir(por, int(revision) if revision.isascii() and revision.isdigit() else -1)
        except OtroGuardoAntes:
            if not self._ya_estaba_guardado(por):
                raise

    def _escribir(self, por: Usuario, revision: int | None) -> None:
        with editar_hoja(self.hoja, por=por, revision=revision) as fila:
            self.form.escribir_en(fila)
            self._escribir_partes(fila)
        if self._nueva:
            campo = "tipo" if self._nueva.clase == "norma" else "descripcion"
            self.donde_volver = f"id_{self._nueva.ancla}-{campo}"

    def _ya_estaba_guardado(self, por: Usuario) -> bool:
        """Whether what is saved is what was typed: it is written, compared and undone."""
        guardada = HojaDeVida.objects.enteras().get(pk=self.hoja.pk)
        with transaction.atomic():
            self._escribir(por, revision=None)
            escrita = HojaDeVida.objects.enteras().get(pk=self.hoja.pk)
            transaction.set_rollback(True)
        self.diferencias = comparar(guardada, escrita)
        if self._nueva:
            self.donde_volver = f"agregar-{self._nueva.clase}"
        return guardada.contenido() == escrita.contenido()

    def _escribir_partes(self, hoja: HojaDeVida) -> None:
        normas: dict[str, Fundamento] = {}
        for orden, parte in enumerate(self.normas):
            _guardar_fila(parte, hoja_id=hoja.pk, orden=orden)
            if parte.clave:
                normas[parte.clave] = parte.fila
        for orden, momento in enumerate(self.momentos):
            _guardar_fila(momento, hoja_id=hoja.pk, orden=orden)
            for lugar, accion in enumerate(momento.acciones):
                norma = normas.get(accion.form.cleaned_data.get("norma", "")) if accion.form else None
                _guardar_fila(
                    accion,
                    momento_id=momento.fila.pk,
                    orden=lugar,
                    fundamento_id=norma.pk if norma else None,
                )
                if accion.form and accion.form.has_changed():
                    accion.fila.audiencias.set(accion.form.cleaned_data["para"])
        quedan = [accion.fila.pk for momento in self.momentos for accion in momento.acciones]
        Accion.objects.filter(momento__hoja=hoja).exclude(pk__in=quedan).delete()
        hoja.momentos.exclude(pk__in=[momento.fila.pk for momento in self.momentos]).delete()
        hoja.fundamentos.exclude(pk__in=[norma.fila.pk for norma in self.normas]).delete()


def _guardar_fila(parte: Parte, **lugar) -> None:
    """Save the row of the part in its place, if there is something new to save."""
    fila = parte.fila
    cambia = fila.pk is None or parte.form is None or parte.form.has_changed()
    for campo, valor in lugar.items():
        cambia = cambia or getattr(fila, campo) != valor
        setattr(fila, campo, valor)
    if cambia:
        fila.save()
