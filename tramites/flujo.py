"""The flow of a trámite in the SUIT, as a table. To be inscribed there and published here are two facts.

    sin_gestion → en_creacion → enviado → en_evaluacion → inscrito → en_actualizacion → enviado → …
                       enviado | en_evaluacion → en_correccion → enviado
                       en_evaluacion → negado                     inscrito → suprimido

What is written, sent and approved is a HojaDeVida; the public reads the last one that was published.
"""

import re

from django.db import IntegrityError, transaction
from django.utils import timezone

from portal.copias import olvidar_copias
from portal.flujo import CondicionIncumplida, Contexto, Flujo, Transicion
from portal.models import Actualizacion, Asignacion, Canal, Cargo, Edicion
from tramites import busqueda, completitud, estructural
from tramites.hojas import copiar_hoja, medir_y_anotar
from tramites.models import HojaDeVida, PasoDeTramite, Tramite
from tramites.models.tramite import CANAL, EN_ESCRITURA, NUMERO_SUIT
from tramites.tarifas import valores_vigentes

Estado = Tramite.Estado
Funcion = Asignacion.Funcion
Clase = Actualizacion.Clase
#: Everywhere but where there is nothing to publish, or it must not be.
PUBLICABLES = tuple(
    estado
    for estado in Estado
    if estado not in {Estado.SIN_GESTION, Estado.EN_CREACION, Estado.NEGADO, Estado.SUPRIMIDO}
)


# --- Who may ------------------------------------------------------------------------------------
def cargo_para(funcion: str, tramite: Tramite, contexto: Contexto) -> Cargo | None:
    """The post by which this person may do `funcion` with the trámite, if any."""
    if contexto.por is None:
        return None
    canal = Canal.objects.filter(slug=CANAL).first()
    return (
        Cargo.objects.ejercidos_por(contexto.por, contexto.en)
        .con_funcion(funcion, canal=canal, dependencia=tramite.dependencia)
        .distinct()
        .first()
    )


def escribe(tramite: Tramite, contexto: Contexto) -> str:
    """The authorised user of the SUIT, or who heads the office of the trámite."""
    if cargo_para(Funcion.AUTOR, tramite, contexto):
        return ""
    return "Ninguno de sus cargos lleva las hojas de vida de esta dependencia."


def aprueba(tramite: Tramite, contexto: Contexto) -> str:
    if cargo_para(Funcion.AUTORIZA, tramite, contexto):
        return ""
    return "Ninguno de sus cargos aprueba los trámites de esta dependencia."


def otra_persona(tramite: Tramite, contexto: Contexto) -> str:
    """Two pairs of eyes, counted by person."""
    hoja = tramite.hoja_abierta()
    if hoja and contexto.por and contexto.por.pk in {hoja.enviada_por_id, hoja.editada_por_id}:
        return "Usted envió o editó esta hoja de vida: debe aprobarla otra persona."
    return ""


def aprueba_otra_persona(tramite: Tramite, contexto: Contexto) -> str:
    return aprueba(tramite, contexto) or otra_persona(tramite, contexto)


def quien_la_envio(tramite: Tramite, contexto: Contexto) -> str:
    hoja = tramite.hoja_abierta()
    if hoja and contexto.por and contexto.por.pk == hoja.enviada_por_id:
        return escribe(tramite, contexto)
    return "Solo quien envió la hoja de vida puede recogerla."


def devuelve(tramite: Tramite, contexto: Contexto) -> str:
    """Whoever approves returns what was sent; what the DAFP returned is recorded by whoever writes."""
    regla = aprueba if tramite.estado == Estado.ENVIADO else escribe
    return regla(tramite, contexto)


def publica(tramite: Tramite, contexto: Contexto) -> str:
    """What was approved by two people may be put before the public by either kind of post.

    What was withdrawn, only by those who could withdraw it.
    """
    hoja = tramite.hoja_vigente()
    if hoja and hoja.despublicada_en:
        return aprueba(tramite, contexto)
    if not escribe(tramite, contexto) or not aprueba(tramite, contexto):
        return ""
    return "Ninguno de sus cargos publica los trámites de esta dependencia."


# --- When a step comes to the case --------------------------------------------------------------
def va_al_dafp(tramite: Tramite) -> bool:
    """A first registration, or a structural change of what is inscribed."""
    hoja = tramite.hoja_abierta()
    return tramite.va_al_suit and bool(tramite.inscrito_en is None or (hoja and hoja.estructurales))


def es_cambio_simple(tramite: Tramite) -> bool:
    return tramite.va_al_suit and not va_al_dafp(tramite)


def fuera_del_suit(tramite: Tramite) -> bool:
    return not tramite.va_al_suit


def ya_inscrito(tramite: Tramite) -> bool:
    return tramite.inscrito_en is not None


def sin_inscribir(tramite: Tramite) -> bool:
    return tramite.inscrito_en is None


def ya_aprobado_fuera_del_suit(tramite: Tramite) -> bool:
    return fuera_del_suit(tramite) and sin_inscribir(tramite) and tramite.hoja_vigente() is not None


def hay_que_publicar(tramite: Tramite) -> bool:
    hoja = tramite.hoja_vigente()
    return hoja is not None and hoja.pk != tramite.hoja_publica_id


def esta_publicado(tramite: Tramite) -> bool:
    return tramite.hoja_publica_id is not None


# --- Under what condition -----------------------------------------------------------------------
def completa(tramite: Tramite, contexto: Contexto) -> str:
    """Nothing missing; a structural change brings the act that supports it."""
    hoja = HojaDeVida.objects.enteras().get(pk=_exigida(tramite.hoja_abierta()).pk)
    vacios = completitud.medir(hoja, timezone.localdate(contexto.en)).vacios
    if vacios:
        return " ".join(punto.falta for punto in vacios)
    cambios = cambios_estructurales(hoja)
    if cambios and not hoja.acto_soporte:
        detalle = " ".join(str(cambio) for cambio in cambios)
        return f"Es una modificación estructural: escriba el acto que la soporta. {detalle}"
    return ""


def cambios_estructurales(hoja: HojaDeVida) -> list[estructural.Cambio]:
    """What that hoja changes, structurally, of the one in force in the SUIT."""
    inscrita = hoja.tramite.hoja_inscrita()
    if inscrita is None or not hoja.tramite.va_al_suit:
        return []
    antes = HojaDeVida.objects.enteras().get(pk=inscrita.pk)
    return estructural.cambios(antes, hoja, valores_vigentes())


def la_misma_que_leyo(tramite: Tramite, contexto: Contexto) -> str:
    hoja = HojaDeVida.objects.enteras().get(pk=_exigida(tramite.hoja_abierta()).pk)
    if contexto.datos.get("huella") != hoja.huella():
        return "La hoja de vida no es la misma que usted abrió. Léala de nuevo antes de aprobarla."
    return ""


def la_misma_que_se_aprobo(tramite: Tramite, contexto: Contexto) -> str:
    hoja = HojaDeVida.objects.enteras().get(pk=_exigida(tramite.hoja_vigente()).pk)
    if hoja.huella() != hoja.huella_aprobada:
        return "La hoja de vida no coincide con la que se aprobó. Avise a quien administra el sitio."
    return ""


def se_puede_publicar(tramite: Tramite, contexto: Contexto) -> str:
    if not Canal.objects.filter(slug=CANAL, activo=True).exists():
        return "El canal de los trámites está cerrado. Avise a quien administra el sitio."
    return la_misma_que_se_aprobo(tramite, contexto)


def con_numero_del_suit(tramite: Tramite, contexto: Contexto) -> str:
    """The number is the one the SUIT gave: typed, only digits, nobody else's, and for good."""
    numero = _numero_del_suit(tramite, contexto)
    if not re.fullmatch(NUMERO_SUIT, numero):
        return "Escriba el número que asignó el SUIT, solo con cifras."
    if tramite.inscrito_en and numero != tramite.numero_suit:
        return f"Este trámite ya está inscrito con el número {tramite.numero_suit} del SUIT."
    if otro := Tramite.objects.filter(numero_suit=numero).exclude(pk=tramite.pk).first():
        return f"El número {numero} del SUIT ya lo tiene «{otro}» ({otro.codigo})."
    return ""


def _numero_del_suit(tramite: Tramite, contexto: Contexto) -> str:
    """The one that was typed or, when a change is inscribed, the one it has."""
    return str(contexto.datos.get("numero_suit") or tramite.numero_suit or "").strip()


def _exigida(hoja: HojaDeVida | None) -> HojaDeVida:
    if hoja is None:
        raise CondicionIncumplida("Este trámite no tiene hoja de vida en ese punto.")
    return hoja


# --- What it records ----------------------------------------------------------------------------
def empezar(tramite: Tramite, contexto: Contexto) -> None:
    """A draft: the one that the load of the inventory left, blank, or with all that the denied hoja said."""
    if tramite.hoja_abierta() is None:
        base = tramite.hojas.order_by("-numero").first()
        copiar_hoja(tramite, base, por=contexto.por, en=contexto.en, mismo_cambio=True)


def actualizar(tramite: Tramite, contexto: Contexto) -> None:
    copiar_hoja(tramite, tramite.hoja_vigente(), por=contexto.por, en=contexto.en)


def enviar(tramite: Tramite, contexto: Contexto) -> None:
    hoja = HojaDeVida.objects.enteras().get(pk=_exigida(tramite.hoja_abierta()).pk)
    hoja.estructurales = [str(cambio)[:700] for cambio in cambios_estructurales(hoja)]
    hoja.estado = HojaDeVida.Estado.ENVIADA
    hoja.enviada_por, hoja.enviada_en = contexto.por, contexto.en
    hoja.enviada_como = cargo_para(Funcion.AUTOR, tramite, contexto)
    hoja.save(update_fields=["estado", "estructurales", "enviada_por", "enviada_en", "enviada_como"])


def devolver(tramite: Tramite, contexto: Contexto) -> None:
    """What was sent stays as it was, also before the public; its correction is another hoja."""
    hoja = _exigida(tramite.hoja_en_uso())
    if hoja.pk != tramite.hoja_publica_id:
        _marcar(hoja, HojaDeVida.Estado.DEVUELTA)
    copiar_hoja(tramite, hoja, por=contexto.por, en=contexto.en, mismo_cambio=True)


def aprobar(tramite: Tramite, contexto: Contexto) -> None:
    hoja = HojaDeVida.objects.enteras().get(pk=_exigida(tramite.hoja_abierta()).pk)
    hoja.estado = HojaDeVida.Estado.APROBADA
    hoja.aprobada_por, hoja.aprobada_en = contexto.por, contexto.en
    hoja.aprobada_como = cargo_para(Funcion.AUTORIZA, tramite, contexto)
    hoja.huella_aprobada = hoja.huella()
    hoja.save(update_fields=["estado", "aprobada_por", "aprobada_en", "aprobada_como", "huella_aprobada"])


def aprobar_cambio(tramite: Tramite, contexto: Contexto) -> None:
    """A plain edit of what is inscribed takes its place in the SUIT without another evaluation."""
    aprobar(tramite, contexto)
    _inscribir_hoja(tramite, contexto)


def inscribir(tramite: Tramite, contexto: Contexto) -> None:
    tramite.numero_suit = _numero_del_suit(tramite, contexto)
    tramite.inscrito_en = tramite.inscrito_en or contexto.en
    _inscribir_hoja(tramite, contexto)
    Edicion.avanzar()  # what is already before the public says its number from now on


def _inscribir_hoja(tramite: Tramite, contexto: Contexto) -> None:
    hoja = _exigida(tramite.hojas.aprobadas().order_by("-numero").first())
    hoja.inscrita_en = contexto.en
    hoja.save(update_fields=["inscrita_en"])
    tramite.dependencia = hoja.dependencia


def negar(tramite: Tramite, contexto: Contexto) -> None:
    """What the DAFP denied may not be demanded of anybody (Decreto Ley 019 de 2012, art. 40): it leaves
    the site if it was there."""
    if esta_publicado(tramite):
        retirar(tramite, contexto)
    for hoja in tramite.hojas.aprobadas():
        _marcar(hoja, HojaDeVida.Estado.NEGADA)


def negar_cambio(tramite: Tramite, contexto: Contexto) -> None:
    """The hoja inscribed before stays in force."""
    _marcar(_exigida(tramite.hoja_en_uso()), HojaDeVida.Estado.NEGADA)
    _volver_a_medir(tramite, contexto)


def descartar(tramite: Tramite, contexto: Contexto) -> None:
    _marcar(_exigida(tramite.hoja_abierta()), HojaDeVida.Estado.DESCARTADA)
    _volver_a_medir(tramite, contexto)


def _marcar(hoja: HojaDeVida, estado: str) -> None:
    hoja.estado = estado
    hoja.save(update_fields=["estado"])


def _volver_a_medir(tramite: Tramite, contexto: Contexto) -> None:
    """What counts is again the hoja that was in use before."""
    if hoja := tramite.hoja_en_uso():
        medir_y_anotar(hoja, contexto.en)


def publicar(tramite: Tramite, contexto: Contexto) -> None:
    """Put the approved hoja in the place of the one the public reads, count it and make it findable."""
    estaba_publico = tramite.hoja_publica_id is not None
    _despublicar(tramite, contexto)
    hoja = _exigida(tramite.hoja_vigente())
    hoja.publicada_en, hoja.despublicada_en = contexto.en, None
    hoja.save(update_fields=["publicada_en", "despublicada_en"])
    tramite.hoja_publica = hoja
    tramite.nombre, tramite.dependencia = hoja.nombre, hoja.dependencia
    tramite.publicado_en = tramite.revisado_en = contexto.en
    contar(Clase.MODIFICACION if estaba_publico else Clase.PUBLICACION, tramite, contexto)
    busqueda.indexar(tramite)


def retirar(tramite: Tramite, contexto: Contexto) -> None:
    _despublicar(tramite, contexto)
    tramite.hoja_publica = tramite.publicado_en = None
    contar(Clase.RETIRO, tramite, contexto)
    busqueda.desindexar(tramite)
    transaction.on_commit(olvidar_copias)


def suprimir(tramite: Tramite, contexto: Contexto) -> None:
    """The norm behind it is gone: it leaves the site and the inventory, and its history stays."""
    if abierta := tramite.hoja_abierta():
        _marcar(abierta, HojaDeVida.Estado.DESCARTADA)
    if esta_publicado(tramite):
        retirar(tramite, contexto)
    tramite.suprimido_en = contexto.en


def _despublicar(tramite: Tramite, contexto: Contexto) -> None:
    tramite.hojas.publicas().update(despublicada_en=contexto.en)


def contar(clase: str, tramite: Tramite, contexto: Contexto) -> None:
    """One row of `Actualizacion` in the channel of the trámites."""
    Actualizacion.anotar(
        clase,
        canal=Canal.objects.get(slug=CANAL),
        dependencia=tramite.dependencia,
        descripcion=tramite.nombre,
        url=tramite.get_absolute_url(),
        por=contexto.por,
        en=contexto.en,
    )


def _registrar(tramite: Tramite, paso: Transicion, de: str, contexto: Contexto) -> None:
    hoja = HojaDeVida.objects.enteras().filter(pk=_hoja_del_paso(tramite, paso, contexto)).first()
    PasoDeTramite.anotar(
        tramite,
        paso.nombre,
        paso.etiqueta,
        hoja=hoja,
        de=de,
        por=contexto.por,
        en=contexto.en,
        motivo=contexto.motivo,
        huella=hoja.huella() if hoja else "",
    )


def _hoja_del_paso(tramite: Tramite, paso: Transicion, contexto: Contexto) -> int | None:
    """The one that was published or withdrawn, whatever is being written meanwhile; otherwise the last."""
    if paso.nombre == "publicar":
        return tramite.hoja_publica_id
    hojas = tramite.hojas.order_by("-numero").values_list("pk", flat=True)
    return (hojas.filter(despublicada_en=contexto.en) if paso.nombre == "retirar" else hojas).first()


FLUJO = Flujo(
    Tramite,
    [
        Transicion(
            "empezar",
            "Empezar la hoja de vida",
            (Estado.SIN_GESTION,),
            Estado.EN_CREACION,
            escribe,
            efecto=empezar,
        ),
        Transicion(
            "enviar",
            "Enviar para aprobación",
            EN_ESCRITURA,
            Estado.ENVIADO,
            escribe,
            completa,
            enviar,
        ),
        Transicion(
            "remitir",
            "Aprobar y remitir al DAFP",
            (Estado.ENVIADO,),
            Estado.EN_EVALUACION,
            aprueba_otra_persona,
            la_misma_que_leyo,
            aprobar,
            aplica=va_al_dafp,
        ),
        Transicion(
            "aprobar_cambio",
            "Aprobar el cambio",
            (Estado.ENVIADO,),
            Estado.INSCRITO,
            aprueba_otra_persona,
            la_misma_que_leyo,
            aprobar_cambio,
            aplica=es_cambio_simple,
        ),
        Transicion(
            "aprobar_consulta",
            "Aprobar la consulta",
            (Estado.ENVIADO,),
            Estado.APROBADO,
            aprueba_otra_persona,
            la_misma_que_leyo,
            aprobar,
            aplica=fuera_del_suit,
        ),
        Transicion(
            "publicar",
            "Publicar en el sitio",
            PUBLICABLES,
            "",
            publica,
            se_puede_publicar,
            publicar,
            aplica=hay_que_publicar,
        ),
        Transicion(
            "devolver",
            "Devolver para corregir",
            (Estado.ENVIADO, Estado.EN_EVALUACION),
            Estado.EN_CORRECCION,
            devuelve,
            efecto=devolver,
            pide_motivo=True,
        ),
        Transicion(
            "recoger",
            "Recoger para corregir",
            (Estado.ENVIADO,),
            Estado.EN_CORRECCION,
            quien_la_envio,
            efecto=devolver,
            pide_motivo=True,
        ),
        Transicion(
            "inscribir",
            "Registrar que el DAFP lo inscribió",
            (Estado.EN_EVALUACION,),
            Estado.INSCRITO,
            escribe,
            con_numero_del_suit,
            inscribir,
        ),
        Transicion(
            "negar",
            "Registrar que el DAFP lo negó",
            (Estado.EN_EVALUACION,),
            Estado.NEGADO,
            escribe,
            efecto=negar,
            pide_motivo=True,
            aplica=sin_inscribir,
        ),
        Transicion(
            "negar_cambio",
            "Registrar que el DAFP negó el cambio",
            (Estado.EN_EVALUACION,),
            Estado.INSCRITO,
            escribe,
            efecto=negar_cambio,
            pide_motivo=True,
            aplica=ya_inscrito,
        ),
        Transicion(
            "corregir",
            "Corregir lo negado",
            (Estado.NEGADO,),
            Estado.EN_CORRECCION,
            escribe,
            efecto=empezar,
        ),
        Transicion(
            "actualizar",
            "Actualizar la hoja de vida",
            (Estado.INSCRITO, Estado.APROBADO),
            Estado.EN_ACTUALIZACION,
            escribe,
            efecto=actualizar,
        ),
        Transicion(
            "descartar",
            "Descartar los cambios",
            (Estado.EN_ACTUALIZACION, Estado.EN_CORRECCION),
            Estado.INSCRITO,
            escribe,
            efecto=descartar,
            aplica=ya_inscrito,
        ),
        Transicion(
            "descartar_consulta",
            "Descartar los cambios",
            (Estado.EN_ACTUALIZACION, Estado.EN_CORRECCION),
            Estado.APROBADO,
            escribe,
            efecto=descartar,
            aplica=ya_aprobado_fuera_del_suit,
        ),
        Transicion(
            "retirar",
            "Retirar del sitio",
            PUBLICABLES,
            "",
            aprueba,
            efecto=retirar,
            pide_motivo=True,
            aplica=esta_publicado,
        ),
        Transicion(
            "suprimir",
            "Suprimir el trámite",
            tuple(estado for estado in Estado if estado != Estado.SUPRIMIDO),
            Estado.SUPRIMIDO,
            aprueba,
            efecto=suprimir,
            pide_motivo=True,
        ),
    ],
    _registrar,
)


def dar_paso(nombre: str, tramite: Tramite, *, por, en=None, motivo: str = "", **datos) -> Tramite:
    """Take a step of the flow. Raises TransicionRechazada, and then nothing has changed."""
    try:
        return FLUJO.ejecutar(nombre, tramite, por=por, en=en, motivo=motivo, **datos)
    except IntegrityError as error:
        if "numero_suit" in str(error):  # somebody else typed the same number at the same moment
            raise CondicionIncumplida("Ese número del SUIT ya lo tiene otro trámite.") from error
        raise
