"""Loading the municipality from CSV: the same code behind `cargar_datos` and the admin's import.

A malformed row is refused with file, line, column and reason, and then nothing has changed.
"""

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction

from portal.hojas_de_calculo import TAMANO_MAXIMO, TablaRechazada, leer_xlsx, limpio, restaurar
from portal.models import Asignacion, Canal, Cargo, Dependencia, Municipio, PeriodoDeGobierno, Sinonimo
from portal.models.canal import Tipo

#: Left in the history of what a load wrote, to tell it from what a person did.
RAZON = "cargar_datos"
SI_NO = {"si": True, "sí": True, "no": False}


class FilaRechazada(Exception):
    """A row that cannot be loaded. Its text names file, line, column and reason."""

    def __init__(self, archivo: str, linea: int, columna: str, razon: str) -> None:
        lugar = [archivo, linea and f"línea {linea}", columna and f"columna «{columna}»"]
        super().__init__(f"{', '.join(str(parte) for parte in lugar if parte)}: {razon}")


@dataclass
class Cuenta:
    """What a load did."""

    creadas: int = 0
    cambiadas: int = 0
    iguales: int = 0
    borradas: int = 0
    respetadas: int = 0
    lineas: dict[object, int] = field(default_factory=dict, repr=False)

    def __str__(self) -> str:
        partes = [f"{self.creadas} nuevas, {self.cambiadas} cambiadas, {self.iguales} iguales"]
        if self.borradas:
            partes.append(f"{self.borradas} quitadas")
        if self.respetadas:
            partes.append(f"{self.respetadas} editadas en el sitio, que se respetan")
        return ", ".join(partes)


@dataclass
class Lector:
    """The rows of a CSV, each as a Fila that knows where it is."""

    archivo: str
    contenido: str
    columnas: tuple[str, ...]
    linea: int = field(default=1, init=False)
    hallados: dict[tuple, Any] = field(default_factory=dict, init=False, repr=False)

    def __iter__(self) -> Iterator["Fila"]:
        separador = ";" if self.contenido.partition("\n")[0].count(";") else ","
        lector = csv.DictReader(io.StringIO(self.contenido, newline=""), delimiter=separador, strict=True)
        try:
            faltan = set(self.columnas) - set(lector.fieldnames or [])
            if faltan:
                raise FilaRechazada(self.archivo, 1, min(faltan), "falta esta columna.")
            for valores in lector:
                if None in valores or None in valores.values():
                    raise FilaRechazada(
                        self.archivo,
                        lector.line_num,
                        self.columnas[-1],
                        f"la fila no tiene las {len(lector.fieldnames or [])} columnas del encabezado.",
                    )
                limpios = {clave: restaurar(limpio(valor)) for clave, valor in valores.items()}
                fila = Fila(self.archivo, lector.line_num, limpios, hallados=self.hallados)
                for columna, valor in valores.items():
                    if "\x00" in valor:
                        raise fila.rechazar(columna, "tiene un carácter nulo.")
                yield fila
        except csv.Error as error:
            raise FilaRechazada(
                self.archivo,
                lector.line_num + 1,  # where the row starts
                self.columnas[0],
                "hay unas comillas sin cerrar o un valor demasiado largo.",
            ) from error


@dataclass
class Fila:
    archivo: str
    linea: int
    valores: dict[str, str]
    #: Where each value comes from when they come one a line, as in municipio.csv.
    partes: dict[str, "Fila"] = field(default_factory=dict)
    #: What its file has already found: many rows name the same office.
    hallados: dict[tuple, Any] = field(default_factory=dict, repr=False, compare=False)

    def __getitem__(self, columna: str) -> str:
        return self.valores[columna]

    def rechazar(self, columna: str, razon: str) -> FilaRechazada:
        if parte := self.partes.get(columna):
            return parte.rechazar("valor", f"{columna}: {razon}")
        return FilaRechazada(self.archivo, self.linea, columna, razon)

    def si_no(self, columna: str) -> bool:
        try:
            return SI_NO[self[columna].lower()]
        except KeyError:
            raise self.rechazar(columna, f"«{self[columna]}» no es «si» ni «no».") from None

    def entero(self, columna: str) -> int | None:
        if not self[columna]:
            return None
        try:
            return int(self[columna])
        except ValueError:
            raise self.rechazar(columna, f"«{self[columna]}» no es un número entero.") from None

    def fecha(self, columna: str) -> date | None:
        if not self[columna]:
            return None
        try:
            return date.fromisoformat(self[columna])
        except ValueError:
            ejemplo = "escriba año, mes y día, como 2008-11-18"
            raise self.rechazar(columna, f"«{self[columna]}» no es una fecha: {ejemplo}.") from None

    def uno_de(self, columna: str, opciones: type[models.TextChoices]) -> str:
        if self[columna] not in opciones.values:
            raise self.rechazar(columna, f"«{self[columna]}» no es uno de: {', '.join(opciones.values)}.")
        return self[columna]

    def buscar(self, columna: str, modelo: type[models.Model], clave: str) -> Any:
        """The row of `modelo` that this column names, or None when it is empty."""
        if not self[columna]:
            return None
        que = (modelo, clave, self[columna])
        if que not in self.hallados:
            hallado = modelo._default_manager.filter(**{clave: self[columna]}).first()
            if hallado is None:
                nombre = modelo._meta.verbose_name
                raise self.rechazar(columna, f"no hay {nombre} «{self[columna]}».")
            self.hallados[que] = hallado
        return self.hallados[que]


def leer_archivo(archivo: UploadedFile, columnas: tuple[str, ...]) -> list[Fila]:
    """The rows of an uploaded CSV, in UTF-8 or as old Excel writes it, or of an XLSX. Raises FilaRechazada.

    Its content says which of them it is, not its name.
    """
    nombre = archivo.name or "archivo"
    if (archivo.size or 0) > TAMANO_MAXIMO:
        raise FilaRechazada(nombre, 0, "", f"pesa más de {TAMANO_MAXIMO // 2**20} MB.")
    datos = archivo.read()
    if datos.startswith(b"PK"):
        return _filas_de_xlsx(nombre, datos, columnas)
    for codificacion in ("utf-8-sig", "cp1252"):
        with suppress(UnicodeDecodeError):
            return list(Lector(nombre, datos.decode(codificacion), columnas))
    raise FilaRechazada(nombre, 0, "", "no es un CSV ni una hoja de cálculo de Excel (XLSX).")


def _filas_de_xlsx(nombre: str, datos: bytes, columnas: tuple[str, ...]) -> list[Fila]:
    try:
        (_primera, encabezado), *filas = [*leer_xlsx(datos)] or [(1, [])]
    except TablaRechazada as rechazo:
        raise FilaRechazada(nombre, 0, "", str(rechazo)) from rechazo
    titulos = [titulo.strip() for titulo in encabezado]
    if faltan := set(columnas) - set(titulos):
        raise FilaRechazada(nombre, 1, min(faltan), "falta esta columna.")
    return [
        Fila(nombre, numero, {t: limpio(v) for t, v in zip(titulos, valores, strict=True) if t})
        for numero, valores in filas
    ]


def guardar(fila: Fila, modelo: Any, clave: str | tuple[str, ...], campos: dict, cuenta: Cuenta) -> Any:
    """Create or change the row of `modelo` with that key, and count it. Returns it, or None.

    What a person has edited or deleted in the admin since the last load is respected: then, None.
    """
    claves = (clave,) if isinstance(clave, str) else clave
    buscada = {clave: campos[clave] for clave in claves}
    exigir_nueva(fila, claves[0], tuple(buscada.values()), cuenta)
    objeto = modelo._default_manager.filter(**buscada).first()
    nuevo = objeto is None
    ultima = modelo.history.filter(**buscada).first()
    if ultima:  # it may have another key by now
        ultima = modelo.history.filter(id=ultima.id).first()
    if ultima and ultima.history_change_reason != RAZON:
        cuenta.respetadas += 1
        return None
    if not nuevo and all(getattr(objeto, campo) == valor for campo, valor in campos.items()):
        cuenta.iguales += 1
        return objeto
    objeto = objeto or modelo()
    for campo, valor in campos.items():
        setattr(objeto, campo, valor)
    exigir_valido(fila, objeto)
    objeto._change_reason = RAZON
    objeto.save()
    if nuevo:
        cuenta.creadas += 1
    else:
        cuenta.cambiadas += 1
    return objeto


def exigir_nueva(fila: Fila, columna: str, clave: object, cuenta: Cuenta) -> None:
    """Raise FilaRechazada when another line of the file already had that key."""
    if anterior := cuenta.lineas.get(clave):
        raise fila.rechazar(columna, f"repite la línea {anterior}.")
    cuenta.lineas[clave] = fila.linea


def exigir_valido(fila: Fila, objeto: Any) -> None:
    """Raise FilaRechazada, on the column that is wrong, when the model does not take the values."""
    try:
        objeto.full_clean()
    except ValidationError as error:
        campo, mensajes = next(iter(error.message_dict.items()))
        if campo == NON_FIELD_ERRORS:
            campos = {
                regla.get_violation_error_message(): min(regla.condition.referenced_base_fields)
                for regla in objeto._meta.constraints
                if getattr(regla, "condition", None)
            }
            campo = campos.get(mensajes[0], campo)
        raise fila.rechazar(campo.removeprefix("es_"), " ".join(mensajes)) from error


def cargar_municipio(lector: Lector) -> Cuenta:
    campos: dict[str, Any] = {"id": 1}
    por_confirmar = []
    conocidos = {campo.name for campo in Municipio._meta.fields}
    partes: dict[str, Fila] = {}
    for fila in lector:
        campo = fila["campo"]
        if campo not in conocidos:
            raise fila.rechazar("campo", f"el municipio no tiene «{campo}».")
        if campo in partes:
            raise fila.rechazar("campo", f"repite la línea {partes[campo].linea}.")
        campos[campo], partes[campo] = fila["valor"], fila
        if fila.si_no("por_confirmar"):
            por_confirmar.append(campo)
    if not partes:
        raise FilaRechazada(lector.archivo, 1, "campo", "el archivo no tiene filas.")
    cuenta = Cuenta()
    todo = Fila(lector.archivo, 1, {}, partes)
    guardar(todo, Municipio, "id", campos | {"por_confirmar": por_confirmar}, cuenta)
    return cuenta


def cargar_dependencias(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "slug": fila["slug"],
            "nombre": fila["nombre"],
            "padre": fila.buscar("padre", Dependencia, "slug"),
            "es_secretaria_general": fila.si_no("secretaria_general"),
            "descripcion": fila["descripcion"],
            "orden": fila.entero("orden") or 0,
            "fuente": fila["fuente"],
        }
        guardar(fila, Dependencia, "slug", campos, cuenta)
    return cuenta


def cargar_cargos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {
            "codigo": fila["codigo"],
            "nombre": fila["nombre"],
            "dependencia": exigido(fila, "dependencia", Dependencia, "slug"),
            "es_jefatura": fila.si_no("jefatura"),
            "orden": fila.entero("orden") or 0,
            "fuente": fila["fuente"],
        }
        guardar(fila, Cargo, "codigo", campos, cuenta)
    return cuenta


def exigido(fila: Fila, columna: str, modelo: type[models.Model], clave: str):
    if not fila[columna]:
        raise fila.rechazar(columna, "no puede estar vacía.")
    return fila.buscar(columna, modelo, clave)


def cargar_canales(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        tipos = fila["tipos"].split()
        for tipo in tipos:
            if tipo not in Tipo.values:
                raise fila.rechazar("tipos", f"«{tipo}» no es un tipo de publicación.")
        campos = {
            "slug": fila["slug"],
            "numero": fila["numero"],
            "nombre": fila["nombre"],
            "descripcion": fila["descripcion"],
            "seccion": fila.uno_de("seccion", Canal.Seccion),
            "padre": fila.buscar("padre", Canal, "slug"),
            "tipos": tipos,
            "listado": fila.uno_de("listado", Canal.Listado),
            "ruta": fila["ruta"],
            "dependencia": exigido(fila, "dependencia", Dependencia, "slug"),
            "edad_maxima_dias": fila.entero("edad_maxima_dias"),
            "frecuencia": fila["frecuencia"],
            "fase": fila.uno_de("fase", Canal.Fase),
            "publico": fila.si_no("publico"),
            "orden": fila.entero("orden") or 0,
            "fuente": fila["fuente"],
        }
        if "base_legal" in fila.valores:  # a file of before it existed says nothing of it
            campos["base_legal"] = fila["base_legal"]
        if "politico" in fila.valores:
            campos["politico"] = fila.si_no("politico")
        guardar(fila, Canal, "slug", campos, cuenta)
    return cuenta


def cargar_asignaciones(lector: Lector, *, completa: bool = False, respetar: bool = True) -> Cuenta:
    """The update matrix. With `completa`, assignments that the file does not name are removed.

    With `respetar`, what a person removed in the admin is not put back.
    """
    cuenta = Cuenta()
    vistas: dict[tuple[int, int, str], int] = {}
    existentes = {(a.canal_id, a.cargo_id, a.funcion): a for a in Asignacion.objects.all()}
    quitadas = set(Asignacion.history.filter(history_type="-").values_list("canal", "cargo", "funcion"))
    for fila in lector:
        canal = exigido(fila, "canal", Canal, "slug")
        cargo = exigido(fila, "cargo", Cargo, "codigo")
        clave = (canal.pk, cargo.pk, fila.uno_de("funcion", Asignacion.Funcion))
        if clave in vistas:
            raise fila.rechazar("funcion", f"repite la línea {vistas[clave]}.")
        vistas[clave] = fila.linea
        if clave in existentes:
            cuenta.iguales += 1
        elif clave in quitadas and respetar:
            cuenta.respetadas += 1
        else:
            Asignacion.objects.create(canal=canal, cargo=cargo, funcion=clave[2])
            cuenta.creadas += 1
    if completa:
        for clave in existentes.keys() - vistas.keys():
            existentes[clave].delete()
            cuenta.borradas += 1
    return cuenta


def cargar_periodos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        campos = {campo: fila[campo] for campo in ("slug", "nombre", "gobernante", "fuente")}
        dias = {campo: fila.fecha(campo) for campo in ("desde", "hasta")}
        guardar(fila, PeriodoDeGobierno, "slug", campos | dias, cuenta)
    return cuenta


def cargar_sinonimos(lector: Lector) -> Cuenta:
    cuenta = Cuenta()
    for fila in lector:
        par = {"termino": fila["termino"], "equivalente": fila["equivalente"]}
        if Sinonimo.objects.filter(**par).exists():
            cuenta.iguales += 1
        elif Sinonimo.history.filter(**par).exists():
            cuenta.respetadas += 1
        else:
            sinonimo = Sinonimo(**par)
            exigir_valido(fila, sinonimo)
            sinonimo.save()
            cuenta.creadas += 1
    return cuenta


@dataclass(frozen=True)
class Carga:
    """A file of `datos/`, its columns and who loads it."""

    archivo: str
    que: str
    columnas: tuple[str, ...]
    cargar: Callable[[Lector], Cuenta]

    def desde(self, contenido: str, nombre: str | None = None) -> Cuenta:
        return self.cargar(Lector(nombre or self.archivo, contenido, self.columnas))


COLUMNAS_DE_LA_MATRIZ = ("canal", "cargo", "funcion")
#: In the order in which they need each other. Later apps add theirs.
CARGAS: list[Carga] = [
    Carga("municipio.csv", "Municipio", ("campo", "valor", "por_confirmar"), cargar_municipio),
    Carga(
        "dependencias.csv",
        "Dependencias",
        ("slug", "nombre", "padre", "secretaria_general", "descripcion", "orden", "fuente"),
        cargar_dependencias,
    ),
    Carga(
        "cargos.csv",
        "Cargos",
        ("codigo", "nombre", "dependencia", "jefatura", "orden", "fuente"),
        cargar_cargos,
    ),
    Carga(
        "canales.csv",
        "Canales",
        (
            *("slug", "numero", "nombre", "descripcion", "seccion", "padre", "tipos", "listado"),
            *("ruta", "dependencia", "edad_maxima_dias", "frecuencia", "fase", "publico"),
            *("orden", "fuente"),
        ),
        cargar_canales,
    ),
    Carga("asignaciones.csv", "Asignaciones", COLUMNAS_DE_LA_MATRIZ, cargar_asignaciones),
    Carga("sinonimos.csv", "Sinónimos", ("termino", "equivalente"), cargar_sinonimos),
    Carga(
        "periodos.csv",
        "Periodos de gobierno",
        ("slug", "nombre", "gobernante", "desde", "hasta", "fuente"),
        cargar_periodos,
    ),
]


@transaction.atomic
def cargar_carpeta(carpeta: Path, cargas: Iterable[Carga] | None = None) -> dict[str, Cuenta]:
    """Load every file of `carpeta`, all or nothing. Raises FilaRechazada."""
    cuentas = {}
    for carga in CARGAS if cargas is None else cargas:
        try:
            contenido = (carpeta / carga.archivo).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            raise FilaRechazada(carga.archivo, 0, "", f"no está en {carpeta}.") from None
        except UnicodeDecodeError as error:
            linea = error.object[: error.start].count(b"\n") + 1
            raise FilaRechazada(carga.archivo, linea, "", "no está en UTF-8.") from None
        cuentas[carga.que] = carga.desde(contenido)
    return cuentas


@transaction.atomic
def importar_matriz(contenido: str, *, nombre: str, completa: bool) -> Cuenta:
    """Load the update matrix from the admin, all or nothing. Raises FilaRechazada."""
    lector = Lector(nombre, contenido, COLUMNAS_DE_LA_MATRIZ)
    return cargar_asignaciones(lector, completa=completa, respetar=False)


def matriz_en_csv() -> str:
    """The update matrix as CSV, in the shape `cargar_asignaciones` reads."""
    salida = io.StringIO(newline="")
    escritor = csv.writer(salida, lineterminator="\n")
    escritor.writerow(COLUMNAS_DE_LA_MATRIZ)
    escritor.writerows(
        Asignacion.objects.order_by("canal__orden", "canal__slug", "cargo__orden", "funcion").values_list(
            "canal__slug", "cargo__codigo", "funcion"
        )
    )
    return salida.getvalue()
