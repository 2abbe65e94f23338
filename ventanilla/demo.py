"""Some weeks of the counter for the demonstration, through the real services. Nobody in it exists."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property, partial
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from portal.calendario import DiasHabiles
from portal.models import Cargo, Dependencia, Titularidad, Usuario
from tramites.columnas import partir
from tramites.models import Tramite
from ventanilla import formularios, proyectos, services, subcasos
from ventanilla.flujo import dar_paso
from ventanilla.models import ClaseDeRadicado, Formulario, Radicado, Sentido, TextoDeConsentimiento

ORDINALES = ("Una", "Dos", "Tres", "Cuatro", "Cinco", "Seis", "Siete", "Ocho", "Nueve")
#: Who writes at the counter and who distributes.
RADICA, REPARTE = "editor", "secretaria"


def recorrer(carpeta: Path, personas: dict[str, Usuario], ahora: datetime) -> Iterator[str]:
    """Put in use the forms that wait, and take along each radicado that is not there; a line for each.

    A request of a trámite waits until it is online.
    """
    yield from _poner_formularios(personas["suit"])
    with (carpeta / "ventanilla.csv").open(encoding="utf-8", newline="") as archivo:
        filas = list(csv.DictReader(archivo))
    claves = [uuid5(NAMESPACE_URL, f"demostracion:ventanilla:{n}") for n, _fila in enumerate(filas)]
    hechas = set(Radicado.objects.filter(clave__in=claves).values_list("clave", flat=True))
    en_linea = {"", *formularios.en_linea().values_list("tramite__codigo", flat=True)}
    faltan = [
        (clave, fila)
        for clave, fila in zip(claves, filas, strict=True)
        if clave not in hechas and fila["tramite"] in en_linea
    ]
    if not faltan:
        return
    with transaction.atomic():  # half a story would never be finished
        historias = [_Historia(clave, fila, personas, ahora) for clave, fila in faltan]
        pasos = [paso for historia in historias for paso in historia.pasos()]
        for _en, _orden, dar in sorted(pasos, key=lambda paso: paso[:2]):
            dar()
    for n, historia in enumerate(historias, 1):
        yield f"[{n}/{len(historias)}] {historia.radicado.numero} · {historia.radicado.get_estado_display()}"


def _poner_formularios(suit: Usuario) -> Iterator[str]:
    """Those that came with the data, once their trámite is public and while nobody has touched them."""
    esperan = Formulario.objects.filter(estado=Formulario.Estado.BORRADOR, numero=1, creado_por=None)
    for formulario in esperan.filter(tramite__hoja_publica__isnull=False).select_related("tramite"):
        formularios.poner_en_uso(formulario, por=suit, en=_publico_desde(formulario.tramite))
        yield f"En línea: {formulario.tramite}"


@dataclass
class _Historia:
    """What happens to one radicado: its filing and then each step, so many days after it."""

    clave: UUID
    fila: dict[str, str]
    personas: dict[str, Usuario]
    ahora: datetime

    @property
    def radicado(self) -> Radicado:
        """As it is now."""
        return Radicado.objects.enteros().get(clave=self.clave)

    @cached_property
    def tramite(self) -> Tramite | None:
        return Tramite.objects.filter(codigo=self.fila["tramite"]).first()

    @cached_property
    def dependencia(self) -> Dependencia:
        if self.tramite:
            return self.tramite.dependencia
        slug = self.fila["dependencia"] or "secretaria-general"
        return Dependencia.objects.get(slug=slug)

    @cached_property
    def jefe(self) -> Usuario:
        """Who heads the office that has it."""
        de_la_demo = Titularidad.objects.filter(persona__in=self.personas.values())
        return de_la_demo.get(cargo__es_jefatura=True, cargo__dependencia=self.dependencia).persona

    # --- When -----------------------------------------------------------------------------------
    @cached_property
    def presentado(self) -> datetime:
        """In hours of attention, never before its trámite was public."""
        en = self._momento(0)
        if self.tramite is None:
            return en
        return min(max(en, _publico_desde(self.tramite) + timedelta(hours=1)), self.ahora)

    @cached_property
    def dia(self) -> date:
        dia = timezone.localdate(self.ahora) - timedelta(days=int(self.fila["hace"]))
        return max(dia, timezone.localdate(_publico_desde(self.tramite))) if self.tramite else dia

    def _momento(self, despues: int) -> datetime:
        """That many days after it was filed: between 8 and 10 in the morning, always the same."""
        dia = DiasHabiles().siguiente(self.dia + timedelta(days=despues))
        minutos = 8 * 60 + self.clave.int % 90 + min(despues, 30)
        en = timezone.make_aware(datetime.combine(dia, time())) + timedelta(minutes=minutos)
        return min(en, self.ahora)

    def pasos(self) -> Iterator[tuple[datetime, int, Callable[[], object]]]:
        """Each with its moment, its place and what does it."""
        yield self.presentado, 0, self.radicar
        for n, escrito in enumerate(self.fila["camino"].split(), 1):
            nombre, _mas, dias = escrito.partition("+")
            en = min(max(self._momento(int(dias)), self.presentado + timedelta(minutes=n)), self.ahora)
            yield en, n, partial(self.dar, nombre, en)

    # --- What -----------------------------------------------------------------------------------
    def radicar(self) -> None:
        n = int(self.fila["persona"])
        en_linea = formularios.formulario_en_uso(self.tramite) if self.tramite else None
        persona = {
            "nombre": f"Persona {ORDINALES[n - 1]} de Demostración",
            "documento_tipo": "CC",
            "documento": f"9000000{n}",
            "respuesta": "codigo",
        }
        medio = self.fila["medio"]
        services.radicar(
            clave=self.clave,
            clase=ClaseDeRadicado.objects.get(codigo=self.fila["clase"]),
            tramite=self.tramite,
            formulario=en_linea,
            asunto=self.fila["asunto"],
            texto=self.fila["texto"],
            respuestas=_pares(self.fila["respuestas"]),
            persona=persona if n else None,
            medio=medio,
            registrado_por=None if medio == Radicado.Medio.WEB else self.personas[RADICA],
            consentimiento=TextoDeConsentimiento.vigente(self.ahora) if n else None,
            consentido_en=self.presentado if n else None,
            en=self.presentado,
        )

    def dar(self, nombre: str, en: datetime) -> None:
        """A step of the flow, or something that is said in it."""
        nombre, _dos_puntos, cuanto = nombre.partition(":")
        if propio := getattr(self, f"_{nombre}", None):
            propio(en, cuanto)
            return
        de_quien, datos = self._como(nombre)
        dar_paso(nombre, self.radicado, por=de_quien, en=en, **datos)

    def _como(self, nombre: str) -> tuple[Usuario | None, dict[str, Any]]:
        """Who takes that step and what it asks for."""
        dicho = self.fila["dicho"]
        de_la_persona = {"de_la_persona": True}
        pasos: dict[str, tuple[Usuario | None, dict[str, Any]]] = {
            "asignar": (self.personas[REPARTE], {"dependencia": self.dependencia, "cargo": self._cargo()}),
            "aceptar": (self.jefe, {}),
            "requerir": (self.jefe, {"falta": dicho}),
            "prorrogar": (self.jefe, {"motivo": dicho, "hasta": self._nueva_fecha()}),
            "completar": (None, de_la_persona),
            "desistir": (None, de_la_persona),
            "reabrir": (None, de_la_persona | {"motivo": "No me resuelve lo que pregunté."}),
            "trasladar": (self.personas[REPARTE], {"entidad": "Entidad de demostración", "texto": dicho}),
            "declarar_desistido": (self.jefe, {"motivo": "No se recibió lo que se pidió."}),
            "pedir_anulacion": (self.personas[RADICA], {"motivo": dicho}),
            "anular": (self.personas[REPARTE], {}),
        }
        return pasos[nombre]

    def _cargo(self) -> Cargo | None:
        return Cargo.objects.filter(codigo=self.fila["cargo"]).first()

    def _nueva_fecha(self):
        return DiasHabiles().sumar(self.radicado.vence, 5)

    def _firma(self, en: datetime, _cuanto: str) -> None:
        """The answer is written and waits for its signature."""
        radicado = self.radicado
        certifica = radicado.formulario is not None and radicado.formulario.expide_certificado
        proyectos.guardar(
            radicado,
            revision=0,
            por=self.jefe,
            texto=self.fila["respuesta"],
            sentido=Sentido.FAVORABLE if certifica else Sentido.INFORMA,
            con_certificado=certifica,
            datos=_pares(self.fila["oficina"]),
            en=en,
        )
        dar_paso("enviar_a_firma", radicado, por=self.jefe, en=en)

    def _responder(self, en: datetime, cuanto: str) -> None:
        self._firma(en, cuanto)
        firma = self.jefe
        if self.radicado.clase.doble_firma:
            dar_paso("firmar_primero", self.radicado, por=firma, en=en)
            firma = self.personas[REPARTE]
        dar_paso("firmar", self.radicado, por=firma, en=en)

    def _contestar(self, en: datetime, _cuanto: str) -> None:
        self._mensaje_de(self.jefe, self.fila["dicho"], en)

    def _mensaje(self, en: datetime, _cuanto: str) -> None:
        self._mensaje_de(None, "Donde termina la calle del puerto, casi siempre a las cinco.", en)

    def _mensaje_de(self, por: Usuario | None, texto: str, en: datetime) -> None:
        clave = uuid5(self.clave, texto)
        services.enviar_mensaje(self.radicado, clave=clave, texto=texto, por=por, en=en)

    def _subcaso(self, en: datetime, _cuanto: str) -> None:
        vence = DiasHabiles().sumar(timezone.localdate(en), 3)
        otra = Dependencia.objects.get(slug="unidad-de-servicios-publicos")
        pregunta = self.fila["dicho"]
        subcasos.pedir(self.radicado, dependencia=otra, pregunta=pregunta, vence=vence, por=self.jefe, en=en)

    def _valorar(self, en: datetime, cuanto: str) -> None:
        salida = self.radicado.salidas.respuestas().latest("en")
        services.valorar(salida, puntos=int(cuanto), resuelto=int(cuanto) > 2, en=en)


def _publico_desde(tramite: Tramite) -> datetime:
    """The first time it was put before the public; it is there now."""
    return tramite.hojas.aggregate(desde=Min("publicada_en"))["desde"]


def _pares(texto: str) -> dict[str, str]:
    """«zona=Urbana | uso=Otro» as code → answer."""
    return {codigo: valor for codigo, _igual, valor in (par.partition("=") for par in partir(texto))}
