"""The catalogue of trámites coming in: what `datos/` says, and a spreadsheet that an official sends back.

`cargar_datos` fills the inventory and leaves of each trámite a draft that nobody has answered for; what a
person touched since is theirs. `importar_catalogo` changes drafts and only drafts, through the flow.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from simple_history.utils import update_change_reason

from portal.busqueda import sin_tildes
from portal.flujo import TransicionRechazada
from portal.importacion import (
    RAZON,
    Carga,
    Cuenta,
    Fila,
    FilaRechazada,
    Lector,
    exigido,
    exigir_nueva,
    exigir_valido,
    guardar,
    leer_archivo,
)
from portal.models import Dependencia, Edicion, Usuario
from tramites.columnas import (
    COLUMNA_DEL_CAMPO,
    COLUMNAS,
    OBLIGATORIAS,
    ColumnaRechazada,
    leer_fuente,
    leer_hoja,
    partir,
    separar_ajeno,
)
from tramites.contenido import (
    Catalogos,
    ContenidoInvalido,
    contenido_vacio,
    escribir_en_borrador,
    poner_contenido,
)
from tramites.exportacion import con_su_hoja, contenido_de, escribir_tramite
from tramites.hojas import exigir_que_escriba, medir_y_anotar
from tramites.models import (
    Audiencia,
    HojaDeVida,
    PuntoDeAtencion,
    SituacionDeVida,
    Tematica,
    Tramite,
    TramiteEnSituacion,
    ValorDeReferencia,
)
from tramites.services import crear_tramite, fijar_previos

#: In a demonstration the inventory is this old, so that what its people did since has where to fit.
ANTIGUEDAD_DE_LA_DEMOSTRACION = timedelta(weeks=9)


# --- What `datos/` says -------------------------------------------------------------------------
def _crear_si_falta(fila: Fila, modelo: Any, campos: dict[str, Any], cuenta: Cuenta) -> None:
    """Create the row with that slug. One that exists keeps what it says, since it keeps no history."""
    exigir_nueva(fila, "slug", campos["slug"], cuenta)
    objeto = modelo.objects.filter(slug=campos["slug"]).first()
    if objeto is None:
        objeto = modelo(**campos)
        exigir_valido(fila, objeto)
        objeto.save()
        cuenta.creadas += 1
    elif all(getattr(objeto, campo) == valor for campo, valor in campos.items()):
        cuenta.iguales += 1
    else:
        cuenta.respetadas += 1


def cargar_audiencias(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "slug": fila["slug"],
            "nombre": fila["nombre"],
            "grupo": fila.buscar("grupo", Audiencia, "slug"),
            "orden": fila.entero("orden") or 0,
        }
        _crear_si_falta(fila, Audiencia, campos, cuenta)
    return cuenta


def cargar_tematicas(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        _crear_si_falta(fila, Tematica, {"slug": fila["slug"], "nombre": fila["nombre"]}, cuenta)
    return cuenta


def cargar_puntos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {columna: fila[columna] for columna in ("nombre", "direccion", "telefono", "horario")}
        dependencia = exigido(fila, "dependencia", Dependencia, "slug")
        guardar(fila, PuntoDeAtencion, "nombre", campos | {"dependencia": dependencia}, cuenta)
    return cuenta


def cargar_valores(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        try:
            pesos = Decimal(fila["pesos"])
        except InvalidOperation:
            raise fila.rechazar("pesos", f"«{fila['pesos']}» no es un número.") from None
        campos = {
            "unidad": fila.uno_de("unidad", ValorDeReferencia.Unidad),
            "anio": fila.entero("anio"),
            "pesos": pesos,
            "norma": fila["norma"],
            "por_cotejar": fila.si_no("por_cotejar"),
        }
        guardar(fila, ValorDeReferencia, ("unidad", "anio"), campos, cuenta)
    return cuenta


def cargar_situaciones(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {columna: fila[columna] for columna in ("slug", "nombre", "descripcion")}
        antes = cuenta.iguales
        situacion = guardar(
            fila, SituacionDeVida, "slug", campos | {"orden": fila.entero("orden") or 0}, cuenta
        )
        if situacion and _ordenar_tramites(fila, situacion) and cuenta.iguales > antes:
            cuenta.iguales -= 1
            cuenta.cambiadas += 1
    return cuenta


def _ordenar_tramites(fila: Fila, situacion: SituacionDeVida) -> bool:
    """Leave in the situation the trámites of the row, in their order; whether anything changed."""
    codigos = _lista(fila, "tramites")
    hallados = Tramite.objects.in_bulk(codigos, field_name="codigo")
    for codigo in codigos:
        if codigo not in hallados:
            raise fila.rechazar("tramites", f"no hay un trámite «{codigo}».")
    if len(set(codigos)) < len(codigos):
        raise fila.rechazar("tramites", "repite un trámite.")
    if list(situacion.pasos.values_list("tramite__codigo", flat=True)) == codigos:
        return False
    situacion.pasos.all().delete()
    TramiteEnSituacion.objects.bulk_create(
        TramiteEnSituacion(situacion=situacion, tramite=hallados[codigo], orden=orden)
        for orden, codigo in enumerate(codigos)
    )
    return True


def _lista(fila: Fila, columna: str) -> list[str]:
    try:
        return partir(fila[columna])
    except ValueError as error:
        raise fila.rechazar(columna, str(error)) from error


def cargar_tramites(lector: Lector) -> Cuenta:
    """The inventory, each trámite «sin gestión» and with a draft of what is known of it."""
    catalogos, cuenta = Catalogos(), Cuenta()
    en = timezone.now() - (ANTIGUEDAD_DE_LA_DEMOSTRACION if settings.PORTAL_DEMO else timedelta())
    intactas = _hojas_intactas()
    conocidos = set(Tramite.history.values_list("codigo", flat=True))
    for fila in lector:
        exigir_nueva(fila, "codigo", fila["codigo"], cuenta)
        campos, contenido = _leer(fila, catalogos)
        if hoja := intactas.get(fila["codigo"]):
            if _actualizar(fila, hoja, campos, contenido, catalogos):
                cuenta.cambiadas += 1
            else:
                cuenta.iguales += 1
        elif fila["codigo"] in conocidos:
            cuenta.respetadas += 1
        else:
            _identificar(fila, campos, contenido, catalogos, en)
            cuenta.creadas += 1
    return cuenta


def _hojas_intactas() -> dict[str, HojaDeVida]:
    """The drafts that only a load has written, whole, by the code of their trámite."""
    cargados = Tramite.history.latest_of_each().filter(history_change_reason=RAZON)
    hojas = (
        HojaDeVida.objects.enteras()
        .filter(estado=HojaDeVida.Estado.BORRADOR, numero=1, editada_por=None)
        .filter(tramite__estado=Tramite.Estado.SIN_GESTION, tramite__in=cargados.values("id"))
    )
    return {hoja.tramite.codigo: hoja for hoja in hojas}


def _leer(fila: Fila, catalogos: Catalogos) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields of the Tramite and the content of its hoja de vida."""
    contenido = contenido_vacio() | {"dependencia": ""}
    if not fila["dependencia"]:
        raise fila.rechazar("dependencia", "no puede estar vacía.")
    forma, ajeno = separar_ajeno(fila["forma_de_calculo"])
    with _rechazando(fila):
        leer_hoja(fila.valores | {"forma_de_calculo": forma}, contenido, catalogos)
    fuente, por_confirmar = leer_fuente(fila["fuente"])
    if ajeno:
        notas = filter(None, [por_confirmar.get("costo"), f"forma_de_calculo ({ajeno})"])
        por_confirmar["costo"] = ", ".join(notas)
    campos = {
        "codigo": fila["codigo"],
        "nombre": fila["nombre"],
        "tipo": fila.uno_de("tipo", Tramite.Tipo),
        "dependencia": catalogos.dependencias[sin_tildes(contenido["dependencia"])],
        "palabra": fila.valores.get("palabra") or None,
        "fuente": fuente,
        "por_confirmar": por_confirmar,
    }
    return campos, contenido


@contextmanager
def _rechazando(fila: Fila) -> Iterator[None]:
    """What is refused inside is refused in the row and column where it was written."""
    try:
        yield
    except ColumnaRechazada as error:
        raise fila.rechazar(error.columna, str(error)) from error
    except ContenidoInvalido as error:
        raise fila.rechazar(COLUMNA_DEL_CAMPO.get(error.campo, error.campo), str(error)) from error
    except TransicionRechazada as error:
        raise fila.rechazar("codigo", str(error)) from error
    except ValidationError as error:
        campo, mensajes = next(iter(error.message_dict.items()))
        raise fila.rechazar(COLUMNA_DEL_CAMPO.get(campo, campo), " ".join(mensajes)) from error


def _identificar(
    fila: Fila, campos: dict[str, Any], contenido: dict[str, Any], catalogos: Catalogos, en: datetime
) -> None:
    with _rechazando(fila):
        tramite = crear_tramite(**campos, por=None, en=en)
        update_change_reason(tramite, RAZON)
        hoja = HojaDeVida(tramite=tramite, creada_en=en, editada_en=en)
        poner_contenido(hoja, contenido, catalogos)
    medir_y_anotar(hoja, en)


def _actualizar(
    fila: Fila,
    hoja: HojaDeVida,
    campos: dict[str, Any],
    contenido: dict[str, Any],
    catalogos: Catalogos,
) -> bool:
    """Leave an untouched trámite as the file says; whether anything changed."""
    tramite: Any = hoja.tramite
    distintos = {campo for campo, valor in campos.items() if getattr(tramite, campo) != valor}
    if not distintos and hoja.contenido() == contenido:
        return False
    with _rechazando(fila):
        for campo in distintos:
            setattr(tramite, campo, campos[campo])
        tramite.full_clean(exclude=["hoja_publica"])
        tramite._change_reason = RAZON
        tramite.save()
        poner_contenido(hoja, contenido, catalogos)
    medir_y_anotar(hoja)
    return True


#: In the order in which they need each other.
CARGAS = [
    Carga("audiencias.csv", "Audiencias", ("slug", "nombre", "grupo", "orden"), cargar_audiencias),
    Carga("tematicas.csv", "Clases temáticas", ("slug", "nombre"), cargar_tematicas),
    Carga(
        "puntos_de_atencion.csv",
        "Puntos de atención",
        ("nombre", "dependencia", "direccion", "telefono", "horario"),
        cargar_puntos,
    ),
    Carga(
        "valores_de_referencia.csv",
        "Valores de referencia",
        ("unidad", "anio", "pesos", "norma", "por_cotejar"),
        cargar_valores,
    ),
    Carga("tramites.csv", "Trámites", OBLIGATORIAS, cargar_tramites),
    Carga(
        "situaciones_de_vida.csv",
        "Situaciones de vida",
        ("slug", "nombre", "descripcion", "orden", "tramites"),
        cargar_situaciones,
    ),
]


# --- A spreadsheet that comes back --------------------------------------------------------------
@transaction.atomic
def importar_catalogo(archivo: UploadedFile, por: Usuario) -> Cuenta:
    """Take to drafts what changed in an exported catalogue, CSV or XLSX, all or nothing.

    A trámite in force gets a new draft by the flow; what is sent or public never changes. Raises
    FilaRechazada, with line, column and reason.
    """
    filas = [fila for fila in leer_archivo(archivo, OBLIGATORIAS) if any(fila.valores.values())]
    importacion = _Importacion(por)
    for fila in filas:
        importacion.aplicar(fila)
    importacion.fijar_previos()
    return importacion.cuenta


@dataclass
class _Importacion:
    por: Usuario
    cuenta: Cuenta = field(default_factory=Cuenta)
    catalogos: Catalogos = field(default_factory=Catalogos)
    previos: list[tuple[Fila, Tramite, list[Tramite]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.filas = {tramite.codigo: (tramite, hoja) for tramite, hoja in con_su_hoja(Tramite.objects.all())}

    def aplicar(self, fila: Fila) -> None:
        if sobran := set(fila.valores) - set(COLUMNAS):
            raise FilaRechazada(fila.archivo, 1, min(sobran), "no se conoce esta columna.")
        if fila["codigo"] not in self.filas:
            raise fila.rechazar("codigo", "no hay un trámite con ese código.")
        exigir_nueva(fila, "codigo", fila["codigo"], self.cuenta)
        tramite, hoja = self.filas[fila["codigo"]]
        contenido = contenido_de(tramite, hoja)
        nuevo = deepcopy(contenido)
        with _rechazando(fila):
            leer_hoja(fila.valores, nuevo, self.catalogos)
            cambio = self._cambiar_tramite(fila, tramite)
            if nuevo != contenido:
                escribir_en_borrador(tramite, hoja, nuevo, por=self.por, catalogos=self.catalogos)
                cambio = True
        if cambio:
            self.cuenta.cambiadas += 1
        else:
            self.cuenta.iguales += 1

    def _cambiar_tramite(self, fila: Fila, tramite: Tramite) -> bool:
        """What is not of the hoja de vida; whether anything changed."""
        antes = escribir_tramite(tramite)
        cambian = [columna for columna, texto in antes.items() if fila.valores.get(columna, texto) != texto]
        for columna in cambian:
            if columna in {"tipo", "palabra"}:
                raise fila.rechazar(columna, "se cambia en la página del trámite, no en el archivo.")
        if not cambian:
            return False
        exigir_que_escriba(tramite, self.por)
        if "fuente" in cambian:
            tramite.fuente, por_confirmar = leer_fuente(fila["fuente"])
            if por_confirmar != leer_fuente(antes["fuente"])[1]:
                raise fila.rechazar("fuente", "lo inferido se confirma en la página del trámite.")
        if "numero_suit" in cambian:
            self._numerar(fila, tramite)
        if "previos" in cambian:
            self._anotar_previos(fila, tramite)
        tramite.save(update_fields=["fuente", "numero_suit"])
        Edicion.avanzar()
        return True

    def _numerar(self, fila: Fila, tramite: Tramite) -> None:
        """The number that the SUIT gave, before it is inscribed with it."""
        if tramite.inscrito_en:
            raise fila.rechazar("numero_suit", "ya está inscrito: su número no se cambia en el archivo.")
        tramite.numero_suit = fila["numero_suit"] or None
        tramite.clean_fields(exclude=["hoja_publica", "dependencia"])
        otro = Tramite.objects.filter(numero_suit=tramite.numero_suit).exclude(pk=tramite.pk).first()
        if tramite.numero_suit and otro:
            raise fila.rechazar("numero_suit", f"ya lo tiene «{otro}» ({otro.codigo}).")

    def _anotar_previos(self, fila: Fila, tramite: Tramite) -> None:
        codigos = _lista(fila, "previos")
        for codigo in codigos:
            if codigo not in self.filas:
                raise fila.rechazar("previos", f"no hay un trámite «{codigo}».")
        self.previos.append((fila, tramite, [self.filas[codigo][0] for codigo in codigos]))

    def fijar_previos(self) -> None:
        """Once all rows are read; emptied first, because two that swap places would look like a circle."""
        for _fila, tramite, _previos in self.previos:
            fijar_previos(tramite, [], por=self.por)
        for fila, tramite, previos in self.previos:
            try:
                fijar_previos(tramite, previos, por=self.por)
            except ValidationError as error:
                raise fila.rechazar("previos", " ".join(error.messages)) from error
