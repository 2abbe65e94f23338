"""Rules on what people are asked, what is told back to them, and what a government hands over."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from participacion.models import Aporte, Consulta
from portal.models import Publicacion
from seguimiento.models import ActividadDeEmpalme, Criterio, DocumentoDeEmpalme, Empalme
from seguimiento.paginas import lector
from seguimiento.parametros import Positivo, UnaRuta
from seguimiento.registro import regla
from seguimiento.verificaciones.veredicto import (
    SE_NOMBRAN,
    Veredicto,
    cumple,
    dia,
    falla,
    nombrar,
    nombre_de_publicacion,
)

UnaClase = Literal["encuesta", "consulta", "proyecto", "votacion"]
#: Each kind, as it is asked for.
_UNA = {
    Consulta.Clase.ENCUESTA: "una encuesta",
    Consulta.Clase.CONSULTA: "una consulta",
    Consulta.Clase.PROYECTO: "la consulta de un proyecto de norma",
    Consulta.Clase.VOTACION: "una votación",
}
#: Consultations looked at to know which is invited to: there are never more open at once.
ABIERTAS = 50


def nombre_de_consulta(consulta: Consulta) -> str:
    return f"«{consulta}» ({consulta.dependencia})"


def _de(clases: Sequence[UnaClase], en: datetime) -> Any:
    """Those of these kinds that people could already answer at that moment, the latest first."""
    suyas = Consulta.objects.publicas().filter(clase__in=clases, abre_en__lte=en)
    return suyas.select_related("dependencia").order_by("-abre_en", "-pk")


def _nombres(clases: Iterable[str]) -> str:
    return " o ".join(_UNA[Consulta.Clase(clase)] for clase in clases)


@regla("encuesta-reciente")
def encuesta_reciente(criterio: Criterio, en: datetime, *, dias: Positivo = 90) -> Veredicto:
    """Hay una encuesta abierta, o que se cerró en los últimos días que se digan."""
    encuestas = _de(["encuesta"], en)
    desde = en - timedelta(days=dias)
    reciente = encuestas.filter(Q(cerrada_en=None) | Q(cerrada_en__gt=desde), cierra_en__gt=desde).first()
    if reciente:
        return cumple(f"Está {nombre_de_consulta(reciente)}, del {dia(reciente.abre_en)}.")
    ultima = encuestas.first()
    antes = f" La última fue {nombre_de_consulta(ultima)}, del {dia(ultima.abre_en)}." if ultima else ""
    return falla(
        f"No hay una encuesta abierta, ni cerrada en los últimos {dias} días.{antes}",
        "Abra una encuesta sobre lo que publica el sitio o sobre un tema que interese a la gente.",
    )


@regla("consulta-con-aportes")
def consulta_con_aportes(
    criterio: Criterio, en: datetime, *, clases: Sequence[UnaClase], minimo: Positivo = 1
) -> Veredicto:
    """Hay una consulta de esas clases, con sus fechas, en la que se publicaron aportes de la gente."""
    publicados = Aporte.objects.filter(consulta=OuterRef("pk"), estado=Aporte.Estado.PUBLICADO)
    suyas = _de(clases, en)
    con = suyas.filter(Exists(publicados[minimo - 1 : minimo])).first()
    if con:
        return cumple(
            f"{nombre_de_consulta(con)} recibió aportes: del {dia(con.abre_en)} al {dia(con.cierra_en)}."
        )
    ultima = suyas.first()
    if ultima is None:
        return falla(f"No se ha abierto {_nombres(clases)}.", f"Abra {_nombres(clases)} en el portal.")
    return falla(
        f"{nombre_de_consulta(ultima)} no tiene aportes publicados.",
        "Invite a la gente a opinar, y revise los aportes que esperan.",
        en_parte=True,
    )


@regla("hay-consulta")
def hay_consulta(criterio: Criterio, en: datetime, *, clases: Sequence[UnaClase]) -> Veredicto:
    """Se ha abierto, o está abierta, una consulta de esas clases, con su plazo."""
    if una := _de(clases, en).first():
        return cumple(f"{nombre_de_consulta(una)}: del {dia(una.abre_en)} al {dia(una.cierra_en)}.")
    return falla(f"No se ha abierto {_nombres(clases)}.", f"Abra {_nombres(clases)} en el portal.")


@regla("consulta-con-resultado")
def consulta_con_resultado(criterio: Criterio, en: datetime, *, clases: Sequence[UnaClase]) -> Veredicto:
    """Hay una consulta cerrada de esas clases, y el público puede leer lo que se decidió."""
    cerradas = _de(clases, en).cerradas(en)
    con = (
        cerradas.con_resultado()
        .select_related("resultado__version_publica", "resultado__dependencia")
        .first()
    )
    if con:
        return cumple(f"De {nombre_de_consulta(con)} se publicó {nombre_de_publicacion(con.resultado)}.")
    ultima = cerradas.first()
    if ultima is None:
        return falla(
            f"No se ha cerrado {_nombres(clases)}.",
            f"Abra {_nombres(clases)} y publique su resultado al cerrar.",
        )
    return falla(
        f"De {nombre_de_consulta(ultima)}, cerrada el {dia(ultima.termina_en)}, no se publicó el resultado.",
        f"Publique el resultado de {nombre_de_consulta(ultima)}.",
        en_parte=True,
    )


@regla("resultados-a-tiempo")
def resultados_a_tiempo(criterio: Criterio, en: datetime, *, dias: Positivo = 365) -> Veredicto:
    """De cada consulta que debía su resultado en los últimos días que se digan, se publicó a tiempo.

    One that is not due yet neither helps nor harms, unless its outcome is already there.
    """
    hoy = timezone.localdate(en)
    cerradas = Consulta.objects.cerradas(en).filter(resultado_hasta__gte=hoy - timedelta(days=dias))
    a_tiempo = Q(resultado__publicada_en__date__lte=F("resultado_hasta"))
    con = cerradas.con_resultado().filter(a_tiempo)
    debidas = cerradas.filter(Q(pk__in=con.values("pk")) | Q(resultado_hasta__lt=hoy))
    debidas |= cerradas.con_resultado()
    total = debidas.distinct().count()
    faltan = debidas.exclude(pk__in=con.values("pk")).distinct().select_related("dependencia")
    cuantas = faltan.count()
    if not total:
        return falla(
            "Todavía no se debe el resultado de ninguna consulta.",
            "Abra una consulta y publique su resultado en el plazo que anuncie.",
        )
    if not cuantas:
        return cumple("El resultado de cada consulta cerrada se publicó a tiempo.")
    nombres = [
        f"{nombre_de_consulta(una)}, que lo debía el {_dia(una.resultado_hasta)}"
        for una in faltan.order_by("resultado_hasta", "pk")[:SE_NOMBRAN]
    ]
    return falla(
        f"Sin resultado, o publicado tarde: {nombrar(nombres, cuantas)}.",
        "Publique los resultados que falten, y los que vienen antes de la fecha anunciada.",
        en_parte=cuantas < total,
    )


@regla("invitacion-a-participar")
def invitacion_a_participar(criterio: Criterio, en: datetime) -> Veredicto:
    """Una publicación viva enlaza una encuesta o consulta que está abierta."""
    abiertas = list(
        Consulta.objects.abiertas(en).select_related("dependencia").order_by("cierra_en")[:ABIERTAS]
    )
    if not abiertas:
        return falla(
            "No hay una encuesta ni una consulta abierta a la que invitar.",
            "Abra una, y publique una noticia que la enlace.",
        )
    enlaza = reduce(or_, (_enlaza(una.get_absolute_url()) for una in abiertas))
    vivas = Publicacion.objects.publicadas().filter(enlaza).select_related("version_publica", "dependencia")
    if invita := vivas.recientes_primero().first():
        return cumple(f"Invita {nombre_de_publicacion(invita)}.")
    return falla(
        f"Ninguna publicación enlaza {nombrar(map(nombre_de_consulta, abiertas))}.",
        "Publique una noticia que invite a participar, con el enlace a la encuesta o consulta.",
        en_parte=True,
    )


def _enlaza(url: str) -> Q:
    return Q(version_publica__cuerpo__contains=url) | Q(version_publica__enlace__contains=url)


@regla("paginas-responden")
def paginas_responden(criterio: Criterio, en: datetime, *, paginas: Sequence[UnaRuta]) -> Veredicto:
    """Cada una de esas páginas responde."""
    caidas = [pagina for pagina in paginas if not lector().seguir(pagina).existe]
    if not caidas:
        return cumple(f"Responden: {nombrar(paginas)}.")
    return falla(
        f"No responden: {nombrar(caidas)}.",
        "Pida a quien administra el sitio que las revise.",
        en_parte=len(caidas) < len(paginas),
    )


@regla("empalme-publicado")
def empalme_publicado(criterio: Criterio, en: datetime) -> Veredicto:
    """El documento del último empalme se publicó en sus fechas, y se presentó a la comunidad."""
    hoy = timezone.localdate(en)
    empalme = Empalme.objects.filter(desde__lte=hoy).select_related("saliente", "entrante").first()
    if empalme is None:
        return falla("No hay un empalme registrado.", "Registre el empalme cuando empiece.")
    visibles = Publicacion.objects.visibles().filter(publicada_en__date__gte=empalme.desde)
    firmados = DocumentoDeEmpalme.objects.filter(empalme=empalme, publicacion__in=visibles)
    documento: Any = firmados.select_related("publicacion").order_by("publicacion__publicada_en").first()
    if documento is None:
        return falla(
            f"No se ha publicado el documento de empalme: {empalme}.",
            f"Arme el documento, fírmelo y publíquelo a más tardar el {_dia(empalme.hasta)}.",
        )
    if timezone.localdate(documento.publicacion.publicada_en) > empalme.hasta:
        return falla(
            f"{documento} se publicó el {dia(documento.publicacion.publicada_en)}, "
            f"después del {_dia(empalme.hasta)}.",
            "El próximo empalme publique su documento dentro de sus fechas.",
            en_parte=True,
        )
    socializado = ActividadDeEmpalme.objects.filter(
        empalme=empalme, clase=ActividadDeEmpalme.Clase.SOCIALIZACION, hecha_en__lte=hoy
    )
    if not socializado.exists():
        return falla(
            f"{documento} está publicado, y falta el acta de su socialización con la comunidad.",
            "Presente el documento a la comunidad y registre el acta en el empalme.",
            en_parte=True,
        )
    return cumple(f"{documento} se publicó en sus fechas y se presentó a la comunidad.")


def _dia(fecha: date) -> str:
    return dia(timezone.make_aware(datetime.combine(fecha, time())))
