"""An official ficha of the SUIT visor, in its own JSON, read into a draft.

The visor answers `{"fi": …, "data": {"json": {…}}}`. Its field names are those that public importers of that
service read; there is no public schema, so whatever is not understood is told instead of guessed. Of 123
fichas of one entity, 15 had duplicate requisitos, some phones were personal mobiles and some coordinates lay
outside Colombia: those are left out, and told.
"""

import json
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction

from portal.busqueda import sin_tildes
from portal.models import Dependencia, Municipio, Usuario
from portal.saneado import solo_texto
from tramites.columnas import leer_medio
from tramites.contenido import Catalogos, ContenidoInvalido, escribir_en_borrador
from tramites.exportacion import con_su_hoja, contenido_de
from tramites.models import Accion, HojaDeVida, PuntoDeAtencion, Tramite
from tramites.reparto import Momento, accion_vacia

LARGO_MAXIMO = 2_000_000

Tipo = Accion.Tipo
#: `tipoNorma.id` of the visor.
_NORMAS = {
    **{1: "acuerdo", 2: "acto", 3: "circular", 12: "circular", 4: "decreto", 17: "decreto"},
    **{5: "directiva", 6: "documento", 7: "ley", 8: "ley", 9: "orden", 10: "resolucion"},
    **{15: "resolucion", 11: "sentencia", 13: "acta", 14: "decreto_ley", 16: "constitucion", 18: "auto"},
}
_GRADOS = {"NO": "presencial", "PARCIAL": "parcial", "SI": "total"}
_TIPOS = {
    **{"PAGO": Tipo.PAGO, "DOCUMENTO": Tipo.DOCUMENTO, "FORMULARIO": Tipo.FORMULARIO},
    **{"VERIFICACION": Tipo.CONDICION, "CONDICION": Tipo.CONDICION},
    **{"SOLICITUD": Tipo.SOLICITUD, "CANAL": Tipo.SOLICITUD},
}
_UNIDADES = {"UVT": Accion.Valor.UVT, "SMDLV": Accion.Valor.SMDLV}
_CONOCIDOS = {
    *("id", "fi", "nombre", "proposito", "productoFinal", "palabrasRelacionadas", "tipoMedioElectronico"),
    *("urlTramiteEnLinea", "urlManualTramiteEnLinea", "tiempoObtencion", "tiempoObtencionTipo"),
    *("tiempoObtencionObservaciones", "mediosResultadoList", "fechaCualquiera", "observaFechaGeneral"),
    *("urlCalendarioEjecucion", "fundamentoLegalList", "momentos", "puntosAtencionList"),
    *("tiposAudienciaList", "seguimientoTelefonicoList", "seguimientoEmailList"),
    *("seguimientoPresencial", "seguimientoWebList"),
}
#: Ten digits that begin with 3: a mobile, which in the SUIT is often somebody's own.
_CELULAR = re.compile(r"(?:\+?57)?3\d{9}")


class FichaRechazada(Exception):
    """What was given is not a ficha, or it cannot become a hoja de vida. Its text is in Spanish."""


@dataclass(frozen=True)
class FichaImportada:
    """The trámite whose draft has the ficha, and what of it was left out or not understood."""

    tramite: Tramite
    avisos: list[str]


@transaction.atomic
def importar_ficha(texto: str, *, por: Usuario, tramite: Tramite | None = None) -> FichaImportada:
    """Read the JSON of an official ficha into the draft of `tramite`; without it, of the one it names.

    The number of the SUIT is not taken from it: it is typed when the trámite is inscribed. Raises
    FichaRechazada, or TransicionRechazada when `por` may not write it or it is not the moment.
    """
    numero, ficha = _abrir(texto)
    tramite = tramite or _el_que_nombra(numero, _texto(ficha.get("nombre")))
    [(tramite, hoja)] = con_su_hoja(Tramite.objects.filter(pk=tramite.pk))
    catalogos = Catalogos()
    lectura = _Lectura(ficha, tramite.dependencia, catalogos)
    contenido = lectura.sobre(contenido_de(tramite, hoja))
    try:
        escribir_en_borrador(tramite, hoja, contenido, por=por, catalogos=catalogos)
    except ContenidoInvalido as error:
        raise FichaRechazada(f"La ficha no cabe en la hoja de vida: {error}") from error
    if numero and numero != tramite.numero_suit:
        lectura.avisos.append(
            f"La ficha dice ser la {numero} del SUIT: compruebe el número al inscribir el trámite."
        )
    return FichaImportada(Tramite.objects.get(pk=tramite.pk), lectura.avisos)


def _abrir(texto: str) -> tuple[str, dict[str, Any]]:
    """The number and the ficha, with or without what the visor wraps it in."""
    if len(texto) > LARGO_MAXIMO:
        raise FichaRechazada("El archivo es demasiado grande para ser una ficha.")
    try:
        datos = json.loads(texto)
    except (ValueError, RecursionError) as error:
        raise FichaRechazada("El texto no es JSON: cópielo entero, como lo entrega el visor.") from error
    numero = _texto(datos.get("fi")) if isinstance(datos, dict) else ""
    for clave in ("data", "json"):
        if isinstance(datos, dict) and isinstance(datos.get(clave), dict):
            datos = datos[clave]
    if not isinstance(datos, dict) or not _texto(datos.get("nombre")) or "momentos" not in datos:
        raise FichaRechazada("El JSON no es una ficha del SUIT: no trae nombre o momentos.")
    return numero or _texto(datos.get("fi")), datos


def _el_que_nombra(numero: str, nombre: str) -> Tramite:
    """The trámite of the inventory with that number, or else with that name."""
    if numero and (hallado := Tramite.objects.filter(numero_suit=numero).first()):
        return hallado
    iguales = [t for t in Tramite.objects.all() if sin_tildes(t.nombre) == sin_tildes(nombre)]
    if len(iguales) != 1:
        raise FichaRechazada(
            f"En el inventario no hay un trámite que se llame «{nombre}». "
            "Créelo, o abra el que corresponde y cargue allí la ficha."
        )
    return iguales[0]


# --- Plain values out of whatever comes ---------------------------------------------------------
def _texto(dato: object) -> str:
    """The words of a text that may have HTML; of a number, its figures; of anything else, nothing."""
    if isinstance(dato, bool) or not isinstance(dato, str | int | float):
        return ""
    return solo_texto(str(dato)).replace("\x00", "")


def _objetos(dato: object) -> list[dict[str, Any]]:
    return [uno for uno in dato if isinstance(uno, dict)] if isinstance(dato, list) else []


def _objeto(dato: object) -> dict[str, Any]:
    return dato if isinstance(dato, dict) else {}


def _ordenados(dato: object) -> list[dict[str, Any]]:
    def orden(uno: dict[str, Any]) -> int:
        return uno["orden"] if isinstance(uno.get("orden"), int) else 0

    return sorted(_objetos(dato), key=orden)


def _entero(dato: object) -> int | None:
    texto = _texto(dato)
    return int(texto) if texto.isdecimal() and len(texto) < 6 else None


# --- The ficha ----------------------------------------------------------------------------------
@dataclass
class _Lectura:
    """The ficha being read. What cannot be taken goes to `avisos`, told to whoever imports it."""

    ficha: dict[str, Any]
    dependencia: Dependencia
    catalogos: Catalogos
    avisos: list[str] = field(default_factory=list)

    def sobre(self, contenido: dict[str, Any]) -> dict[str, Any]:
        """`contenido` with what the ficha says in its place; on what it says nothing, it stays."""
        nuevo = deepcopy(contenido)
        for campo, leer in self._partes().items():
            leido = leer()
            if leido not in (None, "", []):
                nuevo[campo] = leido
        nuevo["palabras_clave"] = list(dict.fromkeys([*contenido["palabras_clave"], *self._palabras()]))
        nuevo |= self._tiempo()
        self._recordar_fundamentos(nuevo, contenido)
        if desconocidos := sorted(clave for clave, v in self.ficha.items() if v and clave not in _CONOCIDOS):
            self.avisos.append(f"No se leyó: {', '.join(desconocidos)[:300]}.")
        return nuevo

    def _partes(self) -> dict[str, Callable[[], Any]]:
        def linea(campo: str, largo: int) -> Callable[[], str]:
            return lambda: self._corta(self.ficha.get(campo), largo, campo)

        def url(campo: str) -> Callable[[], str]:
            return lambda: self._url(self.ficha.get(campo))

        return {
            "nombre": linea("nombre", 200),
            "descripcion": linea("proposito", 1000),
            "resultado": linea("productoFinal", 300),
            "grado": self._grado,
            "url_en_linea": url("urlTramiteEnLinea"),
            "url_manual": url("urlManualTramiteEnLinea"),
            "tiempo_observaciones": linea("tiempoObtencionObservaciones", 300),
            "medios_entrega": self._medios,
            "fecha_cualquiera": self._fecha,
            "fecha_limites": linea("observaFechaGeneral", 300),
            "fecha_calendario": url("urlCalendarioEjecucion"),
            "fundamentos": self._normas,
            "audiencias": self._audiencias,
            "momentos": self._momentos,
            "puntos": self._puntos,
            "seguimiento": self._seguimiento,
            "seguimiento_detalle": self._detalle_del_seguimiento,
        }

    # --- Simple fields --------------------------------------------------------------------------
    def _corta(self, dato: object, largo: int, que: str) -> str:
        texto = _texto(dato)
        if len(texto) > largo:
            self.avisos.append(f"Se acortó «{que}» a {largo} caracteres.")
        return texto[:largo].rstrip()

    def _url(self, dato: object) -> str:
        direccion = _texto(dato)
        if direccion.startswith("www."):
            direccion = f"https://{direccion}"
        try:
            if direccion:
                URLValidator(["http", "https"])(direccion)
        except ValidationError:
            self.avisos.append(f"«{direccion[:100]}» no es una dirección de internet.")
            return ""
        return direccion if len(direccion) <= 500 else ""

    def _palabras(self) -> Iterator[str]:
        dato = self.ficha.get("palabrasRelacionadas")
        piezas = (
            dato if isinstance(dato, list) else re.split(r"[,;|\n]", dato if isinstance(dato, str) else "")
        )
        for pieza in piezas:
            palabra = _texto(_objeto(pieza).get("nombre") or pieza).lower()
            if len(palabra) > 60:
                self.avisos.append(f"«{palabra[:60]}…» es demasiado largo para ser otro nombre del trámite.")
            elif palabra:
                yield palabra

    def _grado(self) -> str:
        medio = _texto(self.ficha.get("tipoMedioElectronico")).upper()
        if medio and medio not in _GRADOS:
            self.avisos.append(f"No se entiende el medio electrónico «{medio}».")
        return _GRADOS.get(medio, "")

    def _tiempo(self) -> dict[str, Any]:
        """The fields of the answer time, or nothing when it is not told in days."""
        cantidad = _entero(self.ficha.get("tiempoObtencion"))
        if cantidad is None:
            return {}
        unidad = sin_tildes(_texto(self.ficha.get("tiempoObtencionTipo"))).upper()
        if not unidad.startswith("DIA") or cantidad > 1000:
            self.avisos.append(f"No se entiende el tiempo de obtención «{cantidad} {unidad}».")
            return {}
        calendario = "CALENDARIO" in unidad
        return {
            "tiempo_inmediato": cantidad == 0,
            "tiempo_cantidad": cantidad or None,
            "tiempo_unidad": (HojaDeVida.Unidad.CALENDARIO if calendario else HojaDeVida.Unidad.HABIL).value,
        }

    def _fecha(self) -> bool | None:
        cualquiera = self.ficha.get("fechaCualquiera")
        return cualquiera if isinstance(cualquiera, bool) else None

    def _medios(self) -> list[str]:
        medios = {}
        for medio in _objetos(self.ficha.get("mediosResultadoList")):
            nombre = _texto(medio.get("nombre"))
            medios[nombre] = leer_medio(nombre)
            if medios[nombre] is None:
                self.avisos.append(f"No se entiende el medio de entrega «{nombre}».")
        return list(dict.fromkeys(filter(None, medios.values())))

    # --- Norms ----------------------------------------------------------------------------------
    def _normas(self) -> list[dict[str, Any]]:
        return [self._norma(norma) for norma in _objetos(self.ficha.get("fundamentoLegalList"))]

    def _norma(self, norma: dict[str, Any]) -> dict[str, Any]:
        clase, archivo = _objeto(norma.get("tipoNorma")), _objeto(norma.get("archivo"))
        tipo = _NORMAS.get(_entero(clase.get("id")) or 0, "documento")
        numero, anio = _texto(norma.get("numero"))[:30], _entero(norma.get("ano"))
        nombre = ""
        if tipo == "documento":
            nombre = _texto(archivo.get("nombre")) or f"{_texto(clase.get('nombre'))} {numero}".strip()
        if archivo:
            self.avisos.append(f"El archivo de la norma {numero} no viene en la ficha: ponga su dirección.")
        return {
            "tipo": tipo,
            "numero": numero,
            "anio": anio if anio and 1810 <= anio <= 2200 else None,
            "nombre": nombre[:200],
            "articulos": self._corta(norma.get("articulos"), 200, "artículos"),
            "enlace": self._url(norma.get("urlNorma")),
            "vigente_hasta": None,
        }

    def _recordar_fundamentos(self, nuevo: dict[str, Any], antes: dict[str, Any]) -> None:
        """The norm of each requirement, which the ficha does not say; one that is no longer cited is lost."""
        sabidos = {
            sin_tildes(accion["descripcion"]): accion["fundamento"]
            for momento in antes["momentos"]
            for accion in momento["acciones"]
        }
        for momento in nuevo["momentos"]:
            for accion in momento["acciones"]:
                accion["fundamento"] = sabidos.get(sin_tildes(accion["descripcion"]), "")

    # --- Whom it is for -------------------------------------------------------------------------
    def _audiencia(self, dato: dict[str, Any]) -> str | None:
        nombre = sin_tildes(_texto(dato.get("nombre")))
        for slug, audiencia in self.catalogos.audiencias.items():
            if sin_tildes(audiencia.nombre) == nombre:
                return slug
        return None

    def _audiencias(self) -> list[str]:
        slugs = set()
        for grupo in _objetos(self.ficha.get("tiposAudienciaList")):
            dentro = {self._audiencia(una) for una in _objetos(grupo.get("audiencias"))} - {None}
            elegidas = dentro or {self._audiencia(grupo)} - {None}
            if not elegidas:
                self.avisos.append(f"No se entiende la audiencia «{_texto(grupo.get('nombre'))}».")
            slugs |= elegidas
        return sorted(slug for slug in slugs if slug)

    # --- What is needed -------------------------------------------------------------------------
    def _momentos(self) -> list[Momento]:
        return [
            self._momento(numero, momento)
            for numero, momento in enumerate(_ordenados(self.ficha.get("momentos")), 1)
        ]

    def _momento(self, numero: int, momento: dict[str, Any]) -> Momento:
        """The momento with its acciones; those told twice, once. Raises FichaRechazada when it has none."""
        descripcion = self._corta(momento.get("descripcion"), 300, f"momento {numero}")
        acciones: dict[tuple[str, str], dict[str, Any]] = {}
        for requisito in _ordenados(momento.get("requisitos")):
            for accion in self._acciones(requisito):
                clave = (accion["tipo"], sin_tildes(accion["descripcion"]))
                if clave not in acciones:
                    acciones[clave] = accion
                    continue
                self.avisos.append(f"«{accion['descripcion']}» estaba repetido en el momento {numero}.")
                de_todos = not (acciones[clave]["audiencias"] and accion["audiencias"])
                juntas = sorted({*acciones[clave]["audiencias"], *accion["audiencias"]})
                acciones[clave]["audiencias"] = [] if de_todos else juntas
        if not acciones:
            raise FichaRechazada(f"El momento {numero}, «{descripcion}», no tiene acciones.")
        return {"descripcion": descripcion, "acciones": list(acciones.values())}

    def _acciones(self, requisito: dict[str, Any]) -> Iterator[dict[str, Any]]:
        """The acción of a requisito; of a payment, one for each of its values."""
        formulario, excepcion = _objeto(requisito.get("formulario")), requisito.get("tramiteExcepcion")
        nota = self._corta(requisito.get("anotacionAdicional"), 300, "anotación")
        descripcion = next(
            filter(
                None,
                [
                    _texto(requisito.get("nombreDocumento")),
                    _texto(formulario.get("nombre")),
                    _texto(requisito.get("descripcionVerificado")),
                    _texto(requisito.get("descripcionSolicitud")),
                    nota,
                ],
            ),
            "",
        )
        accion = accion_vacia(self._tipo(requisito), self._corta(descripcion, 500, "descripción"))
        accion |= {
            "nota": "" if nota == descripcion else nota,
            "es_excepcion": excepcion is not None and excepcion is not False,
            "excepcion_cuando": self._cuando(excepcion),
            "audiencias": sorted(
                filter(None, map(self._audiencia, _objetos(requisito.get("tiposAudiencias"))))
            ),
            "enlace": self._url(requisito.get("urlPago") or formulario.get("urlFormulario")),
            "canal": self._canal(requisito),
        }
        if accion["tipo"] != Tipo.PAGO:
            yield accion
            return
        accion |= self._cuenta(requisito)
        valores = _objetos(requisito.get("valoresPago"))
        for valor in valores or [{}]:
            yield accion | self._valor(valor, accion["descripcion"], varios=len(valores) > 1)

    def _tipo(self, requisito: dict[str, Any]) -> Tipo:
        dicho = sin_tildes(_texto(requisito.get("tipoRequisito"))).upper()
        for inicio, tipo in _TIPOS.items():
            if dicho.startswith(inicio):
                return tipo
        self.avisos.append(f"No se entiende el tipo de requisito «{dicho}»: se dejó como condición.")
        return Tipo.CONDICION

    def _cuando(self, excepcion: object) -> str:
        dicho = _texto(excepcion) or _texto(_objeto(excepcion).get("descripcion"))
        return self._corta(dicho or _objeto(excepcion).get("nombre"), 300, "excepción")

    def _canal(self, requisito: dict[str, Any]) -> str:
        canales = [_texto(canal.get("tipoCanal")) for canal in _objetos(requisito.get("canales"))]
        leidos = [leer_medio(canal.replace("_", " ")) for canal in canales]
        if len(canales) > 1 or None in leidos:
            self.avisos.append(f"De los canales «{', '.join(canales)}» se toma uno solo.")
        return next(filter(None, leidos), "")

    def _cuenta(self, requisito: dict[str, Any]) -> dict[str, str]:
        cuentas = _objetos(requisito.get("pagosEntidad"))
        if len(cuentas) > 1:
            self.avisos.append("Un pago tiene varias cuentas: se toma la primera.")
        cuenta = cuentas[0] if cuentas else {}
        return {
            "entidad_recaudadora": _texto(_objeto(cuenta.get("entidadRecaudadora")).get("nombre"))[:150],
            "cuenta_tipo": _texto(cuenta.get("tipoCuenta"))[:30],
            "cuenta_numero": _texto(cuenta.get("numeroCuenta"))[:40],
            "cuenta_nombre": _texto(cuenta.get("nombreCuenta"))[:150],
        }

    def _valor(self, valor: dict[str, Any], descripcion: str, *, varios: bool) -> dict[str, Any]:
        """Kind of value and formula of a payment, and in which case when it has several."""
        propia = _texto(valor.get("descripcion"))
        dicho = sin_tildes(
            f"{_texto(valor.get('tipoValor'))} {_texto(_objeto(valor.get('tipoMoneda')).get('nombre'))}"
        )
        unidad = next((unidad for unidad in _UNIDADES if unidad.lower() in dicho), "")
        cantidad = _cifra(valor.get("valor"))
        if unidad:
            tipo = _UNIDADES[unidad].value
        elif "avaluo" in dicho or "liquidacion" in dicho:
            tipo, cantidad = Accion.Valor.LIQUIDACION.value, ""
        else:
            tipo = Accion.Valor.FIJO.value if cantidad else ""
        return {
            "descripcion": self._corta(
                f"{descripcion}: {propia}" if varios and propia else descripcion, 500, "pago"
            ),
            "valor_tipo": tipo,
            "formula": f"{cantidad} {unidad}".strip() if cantidad else "",
            "forma_de_calculo": propia[:600],
        }

    # --- Where and how to follow it -------------------------------------------------------------
    def _puntos(self) -> list[str]:
        """The names of the places, made when they are new; each once."""
        listas = [self.ficha.get("puntosAtencionList")]
        listas += [
            requisito.get("puntosAtencion")
            for momento in _objetos(self.ficha.get("momentos"))
            for requisito in _objetos(momento.get("requisitos"))
        ]
        listas.append(_objeto(self.ficha.get("seguimientoPresencial")).get("puntosAtencionList"))
        puntos = {_texto(p.get("nombre"))[:150]: p for lista in listas for p in reversed(_objetos(lista))}
        return sorted(nombre for nombre, punto in puntos.items() if nombre and self._hay(nombre, punto))

    def _hay(self, nombre: str, dato: dict[str, Any]) -> bool:
        """Whether the place is, or can be, one of ours."""
        if nombre in self.catalogos.puntos:
            return True
        municipio, propio = _objeto(dato.get("municipio")), Municipio.objects.first()
        otro = _texto(municipio.get("nombre"))
        if otro and propio and sin_tildes(otro) != sin_tildes(propio.nombre):
            self.avisos.append(f"«{nombre}» queda en {otro}: no se tomó ese punto de atención.")
            return False
        latitud, longitud = self._coordenadas(nombre, dato)
        punto = PuntoDeAtencion(
            nombre=nombre,
            dependencia=self.dependencia,
            direccion=_texto(dato.get("direccion"))[:200],
            telefono=self._telefono(dato.get("telefono"))[:60],
            horario=_texto(dato.get("horarioAtencion"))[:200],
            latitud=latitud,
            longitud=longitud,
        )
        punto.save()
        self.catalogos.puntos[nombre] = punto
        self.avisos.append(f"Se agregó el punto de atención «{nombre}»: revíselo.")
        return True

    def _coordenadas(self, nombre: str, dato: dict[str, Any]) -> tuple[Decimal | None, Decimal | None]:
        latitud, longitud = _decimal(dato.get("geoLatitud")), _decimal(dato.get("geoLongitud"))
        if latitud is None or longitud is None:
            return None, None
        if not (-5 <= latitud <= 16 and -82 <= longitud <= -66):
            self.avisos.append(f"Las coordenadas de «{nombre}» caen fuera de Colombia: no se tomaron.")
            return None, None
        return round(latitud, 5), round(longitud, 5)

    def _telefono(self, dato: object) -> str:
        """The telephones but for mobiles, which may be somebody's own."""
        telefonos = re.split(r"\s*(?:[,;/|]| - | y )\s*", _texto(dato))
        fijos = [t for t in telefonos if not _CELULAR.fullmatch(re.sub(r"[^\d+]", "", t))]
        if len(fijos) < len(telefonos):
            self.avisos.append("Se omitió un celular, que puede ser personal.")
        return ", ".join(fijos)

    def _seguimiento(self) -> list[str]:
        listas = {
            "presencial": "seguimientoPresencial",
            "telefono": "seguimientoTelefonicoList",
            "correo": "seguimientoEmailList",
            "web": "seguimientoWebList",
        }
        return [medio for medio, clave in listas.items() if self.ficha.get(clave)]

    def _detalle_del_seguimiento(self) -> str:
        partes = [
            self._telefono(uno.get("numero")) for uno in _objetos(self.ficha.get("seguimientoTelefonicoList"))
        ]
        partes += [_texto(uno.get("email")) for uno in _objetos(self.ficha.get("seguimientoEmailList"))]
        partes += [_texto(uno.get("url")) for uno in _objetos(self.ficha.get("seguimientoWebList"))]
        return self._corta("; ".join(filter(None, partes)), 300, "medios de seguimiento")


def _decimal(dato: object) -> Decimal | None:
    try:
        valor = Decimal(_texto(dato).replace(",", "."))
    except InvalidOperation:
        return None
    return valor if valor.is_finite() else None


def _cifra(dato: object) -> str:
    """The amount as formulas write it: «17.100», «0,5»; "" when it is none."""
    valor = _decimal(dato)
    if valor is None or not 0 < valor < 10**12:
        return ""
    return f"{valor:,f}".translate(str.maketrans(",.", ".,"))
