"""Loading from `datos/` the forms of online trámites. They stay prepared: a person puts them in use."""

from itertools import groupby

from django.db import transaction

from portal.importacion import Carga, Cuenta, Fila, Lector, exigido, exigir_nueva, exigir_valido
from tramites.columnas import partir
from tramites.models import Tramite
from ventanilla.formularios import COPIA, copiar, faltas_de_lo_escrito
from ventanilla.models import Campo, Formulario

#: What a row says of a question, apart from its place.
DE_LA_PREGUNTA = (
    *("paso", "codigo", "etiqueta", "ayuda", "tipo", "responde", "obligatorio", "opciones"),
    *("minimo", "maximo", "si_campo", "si_valor"),
)


def cargar_formularios(lector: Lector) -> Cuenta:
    """The last version of each form, or a draft of another one when the file says something else.

    A form that a person has touched is theirs from then on.
    """
    cuenta = Cuenta()
    for fila in lector:
        tramite = exigido(fila, "tramite", Tramite, "codigo")
        exigir_nueva(fila, "tramite", tramite.pk, cuenta)
        dicho = {campo: fila[campo] for campo in COPIA}
        ultimo = _ultimo(tramite)
        if _es_de_alguien(tramite):
            cuenta.respetadas += 1
        elif ultimo and all(getattr(ultimo, campo) == valor for campo, valor in dicho.items()):
            cuenta.iguales += 1
        else:
            _escribir(fila, _borrador(ultimo) if ultimo else Formulario(tramite=tramite), dicho)
            cuenta.cambiadas += 1 if ultimo else 0
            cuenta.creadas += 0 if ultimo else 1
    return cuenta


@transaction.atomic
def cargar_preguntas(lector: Lector) -> Cuenta:
    """The questions of each form, all of them together and in order."""
    cuenta = Cuenta()
    for codigo, grupo in groupby(lector, key=lambda fila: fila["tramite"]):
        filas = list(grupo)
        exigir_nueva(filas[0], "tramite", codigo, cuenta)
        tramite = exigido(filas[0], "tramite", Tramite, "codigo")
        ultimo = _ultimo(tramite)
        if ultimo is None:
            raise filas[0].rechazar("tramite", f"«{codigo}» no está en formularios_en_linea.csv.")
        if _es_de_alguien(tramite):
            cuenta.respetadas += len(filas)
            continue
        dichas = [_pregunta(fila) for fila in filas]
        antes = list(ultimo.campos.values(*DE_LA_PREGUNTA))
        if antes == dichas:
            cuenta.iguales += len(filas)
        else:
            _escribir_preguntas(filas, dichas, _borrador(ultimo))
            cuenta.cambiadas += len(filas) if antes else 0
            cuenta.creadas += 0 if antes else len(filas)
    return cuenta


def _pregunta(fila: Fila) -> dict:
    return {
        **{columna: fila[columna] for columna in ("paso", "codigo", "etiqueta", "ayuda")},
        "tipo": fila.uno_de("tipo", Campo.Tipo),
        "responde": fila.uno_de("responde", Campo.Responde),
        "obligatorio": fila.si_no("obligatorio"),
        "opciones": _opciones(fila),
        "minimo": fila.entero("minimo"),
        "maximo": fila.entero("maximo"),
        "si_campo": fila["si_campo"],
        "si_valor": fila["si_valor"],
    }


def _opciones(fila: Fila) -> list[str]:
    try:
        return partir(fila["opciones"])
    except ValueError as error:
        raise fila.rechazar("opciones", str(error)) from error


def _escribir(fila: Fila, formulario: Formulario, dicho: dict[str, str]) -> None:
    for campo, valor in dicho.items():
        setattr(formulario, campo, valor)
    exigir_valido(fila, formulario)
    formulario.save()


def _escribir_preguntas(filas: list[Fila], dichas: list[dict], formulario: Formulario) -> None:
    formulario.campos.all().delete()
    campos = []
    for orden, (fila, dicha) in enumerate(zip(filas, dichas, strict=True)):
        campo = Campo(formulario=formulario, orden=orden, **dicha)
        exigir_valido(fila, campo)
        campo.save()
        campos.append(campo)
    if faltas := faltas_de_lo_escrito(formulario, campos):
        raise filas[-1].rechazar("codigo", " ".join(faltas))


def _ultimo(tramite: Tramite) -> Formulario | None:
    return tramite.formularios.order_by("-numero").first()


def _es_de_alguien(tramite: Tramite) -> bool:
    """Whether a person has written some version of it."""
    return tramite.formularios.filter(creado_por__isnull=False).exists()


def _borrador(ultimo: Formulario) -> Formulario:
    return ultimo if ultimo.estado == Formulario.Estado.BORRADOR else copiar(ultimo, por=None)


CARGAS = [
    Carga(
        "formularios_en_linea.csv",
        "Formularios en línea",
        ("tramite", *COPIA),
        cargar_formularios,
    ),
    Carga(
        "campos_de_formulario.csv",
        "Preguntas de los formularios",
        ("tramite", *DE_LA_PREGUNTA),
        cargar_preguntas,
    ),
]
