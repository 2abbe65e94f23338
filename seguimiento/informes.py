"""The life of a weekly report: closed by a rutina, signed by Secretaría General, corrected only by notes.

It reaches the public as any other text: its signature writes a publication that other people validate and
authorise, whose text carries the hash of the figures.
"""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format

from portal import services
from portal.flujo import CondicionIncumplida, Contexto, Flujo, SinPermiso, Transicion
from portal.huella import huella_de
from portal.models import Cargo, Consecutivo, Dependencia, Municipio, Usuario, Version
from portal.periodos import Periodo
from seguimiento import semana
from seguimiento.firmas import FirmaDeSecretariaGeneral, cargo_que_firma, enviar_a_publicar, firma_de
from seguimiento.mediciones import PeriodoSinTerminar, medir_semana
from seguimiento.models import InformeSemanal, NotaDeCorreccion, ObservacionDeDependencia
from seguimiento.resumen import avisar

Estado = InformeSemanal.Estado
#: The channel that publishes «las estadísticas semanales».
CANAL = "gobierno-en-linea"
#: Weeks that are closed late, when nobody closed them on their day.
SEMANAS_ATRAS = 4


# --- Closing a week -----------------------------------------------------------------------------
@transaction.atomic
def congelar(periodo: Periodo, *, en: datetime | None = None) -> tuple[InformeSemanal, bool]:
    """The report of a week that ended, and whether it was made now. Its figures never change afterwards.

    Raises PeriodoSinTerminar.
    """
    if hecho := InformeSemanal.objects.filter(anio=periodo.anio_iso, semana=periodo.numero).first():
        return hecho, False
    if not periodo.terminado():
        raise PeriodoSinTerminar(f"La {periodo} no ha terminado: todavía puede cambiar.")
    medir_semana(periodo)
    municipio = Municipio.objects.first()
    datos = semana.reunir(periodo) | {"entidad": municipio.nombre_entidad if municipio else ""}
    try:
        with transaction.atomic():
            informe = InformeSemanal.objects.create(
                anio=periodo.anio_iso,
                semana=periodo.numero,
                consecutivo=Consecutivo.siguiente("informe-semanal", periodo.anio_iso),
                datos=datos,
                huella=huella_de(datos),
                congelado_en=en or timezone.now(),
            )
    except IntegrityError:  # another process was faster, and its number is the good one
        return InformeSemanal.objects.get(anio=periodo.anio_iso, semana=periodo.numero), False
    return informe, True


def semanas_por_cerrar(en: datetime) -> list[Periodo]:
    """The last week that ended by then and, once there are reports, those of before that have none."""
    ultima = Periodo.semana_de(timezone.localdate(en)).anterior
    primera = InformeSemanal.objects.order_by("anio", "semana").values_list("anio", "semana").first()
    semanas = [ultima]
    if primera:
        desde = Periodo.semana(*primera)
        semanas = [periodo for periodo in ultima.ultimas(SEMANAS_ATRAS) if periodo >= desde]
    hechas = set(InformeSemanal.objects.values_list("anio", "semana"))
    return [periodo for periodo in semanas if (periodo.anio_iso, periodo.numero) not in hechas]


def cerrar_semanas(en: datetime) -> str:
    """The rutina: the report of the week that ended, and a message to whoever heads each office.

    Of a week that is closed late only the report is made: its message would be old.
    """
    ultima = Periodo.semana_de(timezone.localdate(en)).anterior
    hechos = []
    for periodo in semanas_por_cerrar(en):
        with transaction.atomic():
            informe, nuevo = congelar(periodo, en=en)
            if nuevo:
                hechos.append(f"{informe}. {avisar(informe, en=en)}" if periodo == ultima else f"{informe}.")
    return " ".join(hechos) or "Ninguna semana por cerrar."


# --- Before it is signed ------------------------------------------------------------------------
@transaction.atomic
def decir(
    informe: InformeSemanal,
    dependencia: Dependencia,
    *,
    texto: str,
    por: Usuario,
    cargo: Cargo | None,
    en: datetime | None = None,
) -> ObservacionDeDependencia:
    """What an office says of its week; saying it again replaces it, until the report is signed.

    `cargo` is the post by which `por` speaks for it. Raises SinPermiso without one, CondicionIncumplida
    once it is signed.
    """
    if cargo is None:
        raise SinPermiso("Ninguno de sus cargos responde por esta dependencia.")
    informe = InformeSemanal.objects.select_for_update().get(pk=informe.pk)
    if informe.firmado:
        raise CondicionIncumplida("El informe ya se firmó: lo que se dice de él no cambia.")
    return ObservacionDeDependencia.objects.update_or_create(
        informe=informe,
        dependencia=dependencia,
        defaults={
            "texto": texto,
            "por": por,
            "firma": firma_de(por, cargo),
            "en": en or timezone.now(),
        },
    )[0]


# --- Signing ------------------------------------------------------------------------------------
FIRMA = FirmaDeSecretariaGeneral(
    "El informe",
    cambio="Una dependencia escribió mientras usted leía. Lea de nuevo el informe antes de firmarlo.",
)


def _firmar(informe: InformeSemanal, contexto: Contexto) -> None:
    """The signature, and the text that takes the report to whoever validates and authorises it."""
    informe.observaciones = contexto.datos.get("observaciones", "").strip()
    FIRMA.estampar(informe, contexto)
    informe.publicacion = enviar_a_publicar(contexto, canal=CANAL, que="el informe", texto=_texto(informe))


def _texto(informe: InformeSemanal) -> dict[str, Any]:
    """The publication of a report: its headline, its main tables and its hash."""
    periodo = informe.periodo
    titular = " ".join(informe.datos["titular"])
    return {
        "titulo": f"Informe semanal {informe.numero}: {periodo}",
        "resumen": titular if len(titular) <= 300 else f"{titular[:297]}…",
        "cuerpo": render_to_string("seguimiento/informe_texto.html", {"informe": informe}),
        "norma_tipo": Version.Norma.INFORME,
        "norma_numero": informe.numero,
        "norma_fecha": periodo.hasta,
    }


FLUJO = Flujo(
    InformeSemanal,
    [
        Transicion(
            "firmar",
            "Firmar",
            (Estado.CONGELADO,),
            Estado.FIRMADO,
            FIRMA.quien,
            FIRMA.lo_que_leyo,
            _firmar,
        )
    ],
    lambda informe, transicion, anterior, contexto: None,  # the row itself says who, when and what
    intocables=("anio", "semana", "consecutivo", "datos", "huella", "congelado_en"),
)


def firmar(
    informe: InformeSemanal, *, por: Usuario, leido: str, observaciones: str = "", en: datetime | None = None
) -> InformeSemanal:
    """Sign it, once, as it was read (`leido`, its `huella_leida`), and send its text to be validated.

    Raises EstadoInadecuado when it was signed already, SinPermiso or CondicionIncumplida.
    """
    return FLUJO.ejecutar("firmar", informe, por=por, en=en, leido=leido, observaciones=observaciones)


# --- Correcting ---------------------------------------------------------------------------------
@transaction.atomic
def corregir(
    informe: InformeSemanal, *, texto: str, por: Usuario, en: datetime | None = None
) -> NotaDeCorreccion:
    """A numbered note to a signed report. The public reads it once its text is authorised.

    Raises SinPermiso, CondicionIncumplida, or YaHayTextoEnCamino while another text of it is on its way.
    """
    en = en or timezone.now()
    cargo = cargo_que_firma(por, en)
    if cargo is None:
        raise SinPermiso("Las notas de corrección las escribe quien dirige la Secretaría General.")
    informe = InformeSemanal.objects.select_for_update(of=("self",)).get(pk=informe.pk)
    if informe.publicacion is None:
        raise CondicionIncumplida("El informe todavía no se ha firmado: no hay qué corregir.")
    version = services.nueva_version(informe.publicacion, por=por, en=en)
    anio = timezone.localdate(en).year
    nota = NotaDeCorreccion.objects.create(
        informe=informe,
        anio=anio,
        consecutivo=Consecutivo.siguiente("nota-de-informe", anio),
        texto=texto.strip(),
        por=por,
        como=cargo,
        firma=firma_de(por, cargo),
        en=en,
        version=version,
    )
    services.guardar_borrador(
        version,
        por=por,
        revision=version.revision,
        en=en,
        cuerpo=version.cuerpo + render_to_string("seguimiento/informe_nota.html", {"nota": nota}),
        nota_de_cambio=f"Nota de corrección {nota.numero} del {date_format(timezone.localdate(en))}",
    )
    services.enviar(version, por=por, confirmo=True, en=en)
    return nota


def paginas_que_salen_con(version: Version) -> list[str]:
    """The page of the report whose text it is: the public finds it when it can read the text."""
    if version.norma_tipo != Version.Norma.INFORME:
        return []
    informes = InformeSemanal.objects.con_numero(version.norma_numero).defer("datos")
    return [informe.get_absolute_url() for informe in informes]


def notas_publicas(informe: InformeSemanal):
    """The notes whose text the public has read, in order."""
    return informe.notas.filter(version__publicada_en__isnull=False)
