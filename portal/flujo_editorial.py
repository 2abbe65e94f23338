"""The editorial flow: the plan's «asignación, validación, autorización y montaje», as a table.

    borrador → en_validacion → por_autorizar → autorizada → (programada) → publicada → reemplazada | retirada

with `devuelta` from either review, and an urgent way that another person must authorise afterwards.
"""

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from portal import gobierno
from portal.busqueda import desindexar, indexar
from portal.calendario import sumar_habiles
from portal.copias import olvidar_copias
from portal.flujo import Contexto, Flujo, SinPermiso, Transicion
from portal.models import (
    Actualizacion,
    Asignacion,
    Autorizacion,
    Cargo,
    Consecutivo,
    Edicion,
    Paso,
    Publicacion,
    Version,
)
from portal.redaccion import antiguedad, avisos
from portal.redaccion.comprobaciones import FaltaConfirmar, Nivel, datos_personales_de, impedimentos

Estado = Version.Estado
Funcion = Asignacion.Funcion
Clase = Actualizacion.Clase

#: Working days another person has to authorise what was published with urgency (DISENO: two).
PLAZO_URGENTE = 2
#: Steps by which somebody answers for a text as its sender.
ENVIOS = ("enviar", "publicar_urgente")


# --- Who may ------------------------------------------------------------------------------------
def cargo_para(funcion: str, version: Version, contexto: Contexto) -> Cargo | None:
    """The post by which this person may do `funcion` in the channel of the version, if any."""
    canal = version.publicacion.canal
    return (
        Cargo.objects.ejercidos_por(contexto.por, contexto.en)
        .con_funcion(funcion, canal=canal, dependencia=canal.dependencia)
        .distinct()
        .first()
    )


def _con_funcion(funcion: str, rechazo: str):
    def quien(version: Version, contexto: Contexto) -> str:
        return "" if contexto.por and cargo_para(funcion, version, contexto) else rechazo

    return quien


def de_su_gobierno(*funciones: str):
    """What an earlier government said is only of Secretaría General: see `portal.gobierno`."""

    def quien(version: Version, contexto: Contexto) -> str:
        try:
            gobierno.exigir(version.publicacion, contexto.por, *funciones, en=contexto.en)
        except SinPermiso as rechazo:
            return str(rechazo)
        return ""

    return quien


def dirige(version: Version, contexto: Contexto) -> str:
    canal = version.publicacion.canal
    cargos = contexto.por and Cargo.objects.ejercidos_por(contexto.por, contexto.en)
    if not cargos or not cargos.que_dirigen(canal.dependencia).exists():
        return "Solo publica con urgencia quien dirige la dependencia del canal o la Secretaría General."
    periodo = gobierno.terminado(version.publicacion, contexto.en)
    if periodo and not cargos.que_dirigen_secretaria_general().exists():
        return gobierno.negativa(periodo)
    return ""


def manos_de(version: Version) -> set[int | None]:
    """Who sent or edited the text, by primary key: they are not the second pair of eyes."""
    enviaron = version.pasos.filter(accion__in=ENVIOS).values_list("por", flat=True)
    return {version.enviada_por_id, version.editada_por_id, *enviaron}


def otra_persona(version: Version, contexto: Contexto) -> str:
    """Two pairs of eyes, counted by person: two posts held by one person are one pair."""
    if contexto.por and contexto.por.pk in manos_de(version):
        return "Usted envió o editó este texto: debe revisarlo otra persona."
    return ""


def quien_la_envio(version: Version, contexto: Contexto) -> str:
    if contexto.por and contexto.por.pk == version.enviada_por_id:
        return ""
    return "Solo quien envió el texto puede recogerlo."


def solo_el_sistema(version: Version, contexto: Contexto) -> str:
    return "" if contexto.por is None else "Ese paso lo da el sistema, a su hora."


def todas(*reglas):
    """Every rule must agree; the first refusal is the answer."""

    def quien(version: Version, contexto: Contexto) -> str:
        return next((no for regla in reglas if (no := regla(version, contexto))), "")

    return quien


def alguna(*reglas):
    """One rule that agrees is enough; otherwise the last refusal is the answer."""

    def quien(version: Version, contexto: Contexto) -> str:
        rechazo = ""
        for regla in reglas:
            rechazo = regla(version, contexto)
            if not rechazo:
                return ""
        return rechazo

    return quien


escribe = _con_funcion(Funcion.AUTOR, "Ninguno de sus cargos escribe en este canal.")
valida = _con_funcion(Funcion.EDITOR, "Ninguno de sus cargos valida en este canal.")
autoriza = _con_funcion(Funcion.AUTORIZA, "Ninguno de sus cargos autoriza en este canal.")
puede_publicar = todas(alguna(valida, autoriza), de_su_gobierno(Funcion.EDITOR, Funcion.AUTORIZA))


def revisa(version: Version, contexto: Contexto) -> str:
    """Who may return it: the editor while it is validated, the authority afterwards."""
    if version.estado == Estado.EN_VALIDACION:
        return todas(valida, de_su_gobierno(Funcion.EDITOR))(version, contexto)
    return todas(autoriza, de_su_gobierno(Funcion.AUTORIZA))(version, contexto)


def _urgente_por_autorizar(version: Version, contexto: Contexto) -> str:
    if not version.urgente_sin_autorizar:
        return "Este texto ya tiene autorización."
    return autoriza(version, contexto) or otra_persona(version, contexto)


# --- Under what condition -----------------------------------------------------------------------
def completa(version: Version, contexto: Contexto) -> str:
    """What blocks it. Raises FaltaConfirmar when only questions are left and the step waits for answers."""
    canal = version.publicacion.canal
    if not canal.activo or version.tipo not in canal.tipos:
        return f"El canal «{canal}» no recibe publicaciones de ese tipo."
    if (leida := contexto.datos.get("huella")) and leida != version.huella():
        return "El texto no es el mismo que usted abrió. Léalo de nuevo antes de seguir."
    hallazgos = impedimentos(version, confirmo=contexto.datos.get("confirmo", True))
    bloquean = [hallazgo.mensaje for hallazgo in hallazgos if hallazgo.nivel == Nivel.BLOQUEA]
    if hallazgos and not bloquean:
        raise FaltaConfirmar(hallazgos)
    return " ".join(bloquean)


def la_misma_que_leyo(version: Version, contexto: Contexto) -> str:
    if contexto.datos.get("huella") != version.huella():
        return "El texto no es el mismo que usted abrió. Léalo de nuevo antes de autorizar."
    return archivos_como_se_subieron(version, contexto)


def la_misma_que_se_autorizo(version: Version, contexto: Contexto) -> str:
    if version.autorizacion.huella != version.huella():
        return f"El contenido no coincide con la autorización {version.autorizacion}."
    return archivos_como_se_subieron(version, contexto) or canal_abierto(version, contexto)


def archivos_como_se_subieron(version: Version, contexto: Contexto) -> str:
    if not version.archivos_intactos():
        return "Un archivo adjunto no es el que se subió. Avise a quien administra el sitio."
    return ""


def canal_abierto(version: Version, contexto: Contexto) -> str:
    canal = version.publicacion.canal
    return "" if canal.activo else f"El canal «{canal}» está cerrado."


def con_hora_futura(version: Version, contexto: Contexto) -> str:
    para = contexto.datos.get("para")
    if para is None or para <= contexto.en:
        return "Indique una fecha y hora posteriores a este momento."
    return la_misma_que_se_autorizo(version, contexto)


# --- What it records ----------------------------------------------------------------------------
def enviar(version: Version, contexto: Contexto) -> None:
    version.enviada_por, version.enviada_en = contexto.por, contexto.en
    version.enviada_como = cargo_para(Funcion.AUTOR, version, contexto)
    confirmo = contexto.datos.get("confirmo")
    if confirmo is not False and (cuantos := datos_personales_de(version)):
        que = "Confirmó que deben publicarse" if confirmo else "Se publicó con"
        contexto.datos["constancia"] = f"{que} los datos personales señalados ({cuantos})."


def validar(version: Version, contexto: Contexto) -> None:
    version.validada_por, version.validada_en = contexto.por, contexto.en


def devolver(version: Version, contexto: Contexto) -> None:
    version.motivo = contexto.motivo
    avisos.devuelta(version, contexto)


def autorizar(version: Version, contexto: Contexto) -> None:
    """The act: number of the year, post, person, moment and SHA-256 of exactly this content."""
    anio = timezone.localdate(contexto.en).year
    cargo = cargo_para(Funcion.AUTORIZA, version, contexto)
    if cargo is None or version.enviada_por_id is None:
        raise SinPermiso("Ninguno de sus cargos autoriza en este canal.")
    version.autorizada_en = contexto.en
    Autorizacion.objects.create(
        version=version,
        anio=anio,
        consecutivo=Consecutivo.siguiente("autorizacion", anio),
        persona=contexto.por,
        cargo=cargo,
        envio_id=version.enviada_por_id,
        edito_id=version.editada_por_id,
        en=contexto.en,
        huella=version.huella(),
        posterior=version.urgente,
    )
    if version.urgente:
        Edicion.avanzar()  # the notice on the public page goes


def programar(version: Version, contexto: Contexto) -> None:
    version.programada_para = contexto.datos["para"]


def desprogramar(version: Version, contexto: Contexto) -> None:
    version.programada_para = None


def publicar(version: Version, contexto: Contexto) -> None:
    """Put the version in the place of the one the public reads, count it and make it findable."""
    publicacion = Publicacion.objects.get(pk=version.publicacion_id)
    for anterior in publicacion.versiones.filter(estado=Estado.PUBLICADA):
        anterior.estado = Estado.REEMPLAZADA
        anterior.save(update_fields=["estado"])
        _anotar(anterior, "reemplazar", "Reemplazada", Estado.PUBLICADA, contexto)
    estaba_publica = publicacion.version_publica_id and not publicacion.retirada_en
    menor = bool(estaba_publica and version.cambio_menor)
    clase = Clase.MENOR if menor else Clase.MODIFICACION if estaba_publica else Clase.PUBLICACION
    version.publicada_en = contexto.en
    publicacion.version_publica = version
    if publicacion.publicada_en is None:
        # What the last government had on its way is still of it, whoever puts it before the public.
        publicacion.periodo = publicacion.periodo or gobierno.terminado(publicacion, contexto.en)
        publicacion.publicada_en = contexto.en
    if not menor:
        publicacion.actualizada_en = publicacion.revisada_en = contexto.en
    publicacion.retirada_en, publicacion.unificada_con = None, None
    publicacion.retirada_clase = publicacion.retirada_motivo = ""
    publicacion.save()
    contar(clase, publicacion, version, contexto)
    indexar(publicacion)


def publicar_urgente(version: Version, contexto: Contexto) -> None:
    enviar(version, contexto)
    version.urgente = True
    version.urgente_motivo = contexto.motivo
    plazo = sumar_habiles(timezone.localdate(contexto.en), PLAZO_URGENTE)
    # Another urgent text of the same publication does not start the days again.
    pendientes = version.publicacion.versiones.urgentes_sin_autorizar()
    version.urgente_vence = min([plazo, *pendientes.values_list("urgente_vence", flat=True)])
    publicar(version, contexto)
    avisos.urgente(version, excepto=manos_de(version), en=contexto.en)


def retirar(version: Version, contexto: Contexto) -> None:
    publicacion = Publicacion.objects.get(pk=version.publicacion_id)
    publicacion.retirada_en = contexto.en
    publicacion.retirada_clase = contexto.datos["clase"]
    publicacion.retirada_motivo = contexto.motivo
    publicacion.unificada_con = contexto.datos.get("unificada_con")
    publicacion.save()
    contar(Clase.RETIRO, publicacion, version, contexto)
    desindexar(publicacion)
    transaction.on_commit(olvidar_copias)


def retirar_sin_revisar(version: Version, contexto: Contexto) -> None:
    retirar(version, contexto)
    avisos.retirada_sin_revisar(version, contexto)


def paso_su_plazo(version: Version, contexto: Contexto) -> str:
    """Whether its channel withdraws by itself and it is the day: a review that came before stops it."""
    hoy = timezone.localdate(contexto.en)
    retiro = antiguedad.retiros(Publicacion.objects.filter(pk=version.publicacion_id))
    return "" if retiro and retiro[0].dia <= hoy else "Todavía no pasa su plazo de revisión."


def destino_del_retiro(version: Version, contexto: Contexto) -> str:
    clase, destino = contexto.datos.get("clase"), contexto.datos.get("unificada_con")
    if clase not in Publicacion.Retiro.values or clase == Publicacion.Retiro.SIN_REVISAR:
        return "Indique la clase de retiro."
    if (clase == Publicacion.Retiro.UNIFICADA) != bool(destino):
        return "Indique con cuál publicación se unificó, y solo si se unificó."
    if destino and destino.pk == version.publicacion_id:
        return "Una publicación no puede unificarse consigo misma."
    if destino and not Publicacion.objects.publicadas().filter(pk=destino.pk).exists():
        return "La publicación con la que se unificó debe estar publicada."
    return ""


def contar(clase: str, publicacion: Publicacion, version: Version | None, contexto: Contexto):
    """One row of `Actualizacion`, and a new edición so that every page knows."""
    Actualizacion.anotar(
        clase,
        canal_id=publicacion.canal_id,
        dependencia_id=publicacion.dependencia_id,
        publicacion=publicacion,
        version=version,
        descripcion=str(version or publicacion),
        por=contexto.por,
        en=contexto.en,
        urgente=bool(version and version.urgente),
    )


def _anotar(version: Version, accion: str, etiqueta: str, de: str, contexto: Contexto) -> None:
    Paso.objects.create(
        version=version,
        accion=accion,
        etiqueta=etiqueta,
        de=de,
        a=version.estado,
        por=contexto.por,
        en=contexto.en,
        motivo=contexto.motivo,
        huella=version.huella(),
    )


def bloquear_publicacion(pk: int) -> Publicacion:
    """Nothing happens to a publication or its texts at the same time: it is what everybody locks first."""
    return Publicacion.objects.select_for_update(of=("self",)).get(pk=pk)


def _registrar(version: Version, paso: Transicion, de: str, contexto: Contexto) -> None:
    motivo = f"{contexto.motivo} {contexto.datos.get('constancia', '')}".strip()
    _anotar(version, paso.nombre, paso.etiqueta, de, replace(contexto, motivo=motivo))


FLUJO = Flujo(
    Version,
    [
        Transicion(
            "enviar",
            "Enviar a validación",
            (Estado.BORRADOR,),
            Estado.EN_VALIDACION,
            todas(escribe, de_su_gobierno(Funcion.AUTOR)),
            completa,
            enviar,
        ),
        Transicion(
            "validar",
            "Validar",
            (Estado.EN_VALIDACION,),
            Estado.POR_AUTORIZAR,
            todas(valida, de_su_gobierno(Funcion.EDITOR), otra_persona),
            efecto=validar,
        ),
        Transicion(
            "autorizar",
            "Autorizar",
            (Estado.POR_AUTORIZAR,),
            Estado.AUTORIZADA,
            todas(autoriza, de_su_gobierno(Funcion.AUTORIZA), otra_persona),
            la_misma_que_leyo,
            autorizar,
        ),
        Transicion(
            "publicar",
            "Publicar",
            (Estado.AUTORIZADA, Estado.PROGRAMADA),
            Estado.PUBLICADA,
            puede_publicar,
            la_misma_que_se_autorizo,
            publicar,
        ),
        Transicion(
            "programar",
            "Programar",
            (Estado.AUTORIZADA,),
            Estado.PROGRAMADA,
            puede_publicar,
            con_hora_futura,
            programar,
        ),
        Transicion(
            "desprogramar",
            "Quitar la programación",
            (Estado.PROGRAMADA,),
            Estado.AUTORIZADA,
            puede_publicar,
            efecto=desprogramar,
        ),
        Transicion(
            "publicar_programada",
            "Publicar a la hora programada",
            (Estado.PROGRAMADA,),
            Estado.PUBLICADA,
            solo_el_sistema,
            la_misma_que_se_autorizo,
            publicar,
        ),
        Transicion(
            "devolver",
            "Devolver",
            (Estado.EN_VALIDACION, Estado.POR_AUTORIZAR, Estado.AUTORIZADA),
            Estado.DEVUELTA,
            revisa,
            efecto=devolver,
            pide_motivo=True,
        ),
        Transicion(
            "recoger",
            "Recoger para corregir",
            (Estado.EN_VALIDACION, Estado.POR_AUTORIZAR),
            Estado.DEVUELTA,
            quien_la_envio,
            efecto=devolver,
            pide_motivo=True,
        ),
        Transicion(
            "publicar_urgente",
            "Publicar con urgencia",
            (Estado.BORRADOR, Estado.EN_VALIDACION, Estado.POR_AUTORIZAR),
            Estado.PUBLICADA,
            dirige,
            completa,
            publicar_urgente,
            pide_motivo=True,
        ),
        Transicion(
            "autorizar_urgente",
            "Autorizar lo publicado con urgencia",
            (Estado.PUBLICADA, Estado.REEMPLAZADA, Estado.RETIRADA),
            "",
            _urgente_por_autorizar,
            la_misma_que_leyo,
            autorizar,
        ),
        Transicion(
            "retirar",
            "Retirar del sitio",
            (Estado.PUBLICADA,),
            Estado.RETIRADA,
            todas(autoriza, de_su_gobierno(Funcion.AUTORIZA)),
            destino_del_retiro,
            retirar,
            pide_motivo=True,
        ),
        Transicion(
            "retirar_sin_revisar",
            "Retirar lo que nadie revisó",
            (Estado.PUBLICADA,),
            Estado.RETIRADA,
            solo_el_sistema,
            paso_su_plazo,
            retirar_sin_revisar,
            pide_motivo=True,
        ),
        Transicion(
            "descartar",
            "Descartar el borrador",
            (Estado.BORRADOR,),
            Estado.DESCARTADA,
            escribe,
        ),
    ],
    _registrar,
    primero=lambda version: bloquear_publicacion(version.publicacion_id),
    intocables=Version.CONTENIDO,
)
