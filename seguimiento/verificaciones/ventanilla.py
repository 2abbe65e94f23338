"""Rules on the ventanilla única: what is filed in it today, and what its public pages say."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from django.db.models import CharField, Exists, OuterRef, QuerySet, Value
from django.db.models.functions import Cast, Concat

from portal.models import Correo
from seguimiento.models import Criterio
from seguimiento.paginas import lector
from seguimiento.parametros import Positivo
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import Veredicto, contar, cumple, falla, nombrar
from tramites.models import Tramite
from ventanilla.models import ClaseDeRadicado, Formulario, Radicado, Termino, Valoracion

#: Receipts by mail are looked for among what was filed in this time: the outbox forgets later.
RECIENTE = timedelta(days=90)
PQRSD, CONSULTA, CIFRAS = "/pqrsd/", "/radicados/consulta/", "/radicados/cifras/"


@regla("se-radica-en-linea")
def se_radica_en_linea(criterio: Criterio, en: datetime) -> Veredicto:
    """La página de peticiones, quejas y reclamos responde y lo que se envía en ella recibe su número."""
    if not lector().seguir(PQRSD).existe:
        return falla(f"La página {PQRSD} no responde.", "Pida a quien administra el sitio que la revise.")
    if not Radicado.objects.filter(medio=Radicado.Medio.WEB).exists():
        return falla(
            f"La página {PQRSD} responde, y por ella todavía no se ha radicado nada.",
            "Cuente a la gente que puede radicar por el sitio.",
            en_parte=True,
        )
    return cumple(f"La página {PQRSD} responde y lo que se envía en ella recibe su número.")


@regla("radicados-con")
def radicados_con(criterio: Criterio, en: datetime, *, dato: Literal["acuse", "vencimiento"]) -> Veredicto:
    """Cada radicado tiene ese dato: el acuse enviado a quien dio su correo, o su fecha de vencimiento."""
    todos = Radicado.objects.filter(asiento__en__lte=en).select_related("asiento").order_by("asiento")
    if dato == "acuse":
        todos = todos.filter(asiento__en__gt=en - RECIENTE, depurado_en=None)
        todos = todos.exclude(peticionario__correo="").exclude(peticionario=None)
        que, vacio = "Radicados con acuse a su correo", "En estos meses nadie ha radicado con su correo."
    else:
        que, vacio = "Radicados con fecha de vencimiento explicada", "Todavía no se ha radicado nada."
    arreglo = "Pida a quien administra el sitio que revise por qué faltan."
    return contar(que, todos, _sin(todos, dato), lambda radicado: radicado.numero, vacio, arreglo)


def _sin(radicados: QuerySet[Radicado], dato: str) -> QuerySet[Radicado]:
    if dato == "vencimiento":
        return radicados.filter(~Exists(Termino.objects.filter(radicado=OuterRef("pk"))))
    clave = Concat(Value("acuse:"), Cast(OuterRef("clave"), CharField()))
    return radicados.filter(~Exists(Correo.objects.filter(clave=clave)))


@regla("clases-de-radicado")
def clases_de_radicado(
    criterio: Criterio, en: datetime, *, codigos: Sequence[str], anonima: bool = False
) -> Veredicto:
    """Quien presenta algo puede elegir esas clases, y si se pide, sin dar su nombre."""
    abiertas = ClaseDeRadicado.objects.para_radicar().filter(codigo__in=codigos)
    abiertas = abiertas.filter(admite_anonima=True) if anonima else abiertas
    hay = dict(abiertas.values_list("codigo", "nombre"))
    faltan = [codigo for codigo in codigos if codigo not in hay]
    como = " sin nombre" if anonima else ""
    if faltan:
        return falla(
            f"No se puede presentar{como}: {nombrar(faltan)}.",
            f"Deje elegir en {PQRSD}{como}: {nombrar(faltan)}.",
            en_parte=bool(hay),
        )
    return cumple(f"Se puede presentar{como}: {nombrar(hay.values())}.")


@regla("satisfaccion-publicada")
def satisfaccion_publicada(criterio: Criterio, en: datetime) -> Veredicto:
    """Quien recibe una respuesta puede calificarla, y el resultado se publica."""
    if not lector().seguir(CIFRAS).existe:
        return falla(f"La página {CIFRAS} no responde.", "Pida a quien administra el sitio que la revise.")
    if not Valoracion.objects.filter(en__lte=en).exists():
        return falla(
            f"La página {CIFRAS} publica la satisfacción, y nadie ha calificado todavía una respuesta.",
            "Pida a quien recibe una respuesta que diga qué le pareció.",
            en_parte=True,
        )
    return cumple(f"Quien recibe una respuesta la califica, y el resultado está en {CIFRAS}.")


@regla("ventanilla-unica")
def ventanilla_unica(criterio: Criterio, en: datetime, *, minimo: Positivo = 2) -> Veredicto:
    """Varios trámites se piden en línea y se siguen en la misma página que las peticiones."""
    en_linea = Formulario.objects.vigentes().filter(tramite__in=Tramite.objects.publicos())
    cuantos = en_linea.count()
    if not lector().seguir(CONSULTA).existe:
        return falla(f"La página {CONSULTA} no responde.", "Pida a quien administra el sitio que la revise.")
    if cuantos < minimo:
        return falla(
            f"Se piden en línea {cuantos} trámites de {minimo}.",
            "Ponga en uso el formulario en línea de más trámites publicados.",
            en_parte=bool(cuantos),
        )
    return cumple(
        f"Al menos {minimo} trámites se piden en línea y se siguen en {CONSULTA}, como las peticiones."
    )
