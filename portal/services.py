"""What people and routines do with publications. The steps themselves are in `flujo_editorial`."""

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.text import slugify

from portal import gobierno
from portal.busqueda import indexar
from portal.flujo import (
    CondicionIncumplida,
    Contexto,
    EstadoInadecuado,
    SinPermiso,
    TransicionRechazada,
)
from portal.flujo_editorial import FLUJO, bloquear_publicacion, contar
from portal.models import (
    Actualizacion,
    Adjunto,
    Asignacion,
    Autorizacion,
    BorradorAnterior,
    Canal,
    Cargo,
    DireccionAnterior,
    Edicion,
    Paso,
    PeriodoDeGobierno,
    Publicacion,
    Rendicion,
    Usuario,
    Version,
)
from portal.nombres import libre
from portal.redaccion import antiguedad, enlaces

registro = logging.getLogger(__name__)
Funcion = Asignacion.Funcion
#: Addresses under /canales/<canal>/ that belong to the site itself.
SLUGS_RESERVADOS = {"rss"}
LARGO_DEL_SLUG = 120
_RUTA_FIJA = re.compile(r"/(soporte|politicas/[a-z0-9-]{1,80})/")


class YaHayTextoEnCamino(TransicionRechazada):
    """The publication already has an open version; it is in `version`."""

    def __init__(self, version: Version) -> None:
        super().__init__(
            f"Ya hay un texto en camino para esta publicación, «{version}», en el estado "
            f"«{version.get_estado_display().lower()}»."
        )
        self.version = version


class YaSeCreo(TransicionRechazada):
    """The form was sent twice: `version` is what the first one made."""

    def __init__(self, publicacion: Publicacion) -> None:
        super().__init__("Ese texto ya se había guardado.")
        self.version = publicacion.versiones.order_by("numero")[0]


class OtroGuardoAntes(TransicionRechazada):
    """Somebody saved the draft after this person opened it; `actual` is what is stored now."""

    def __init__(self, actual: Version) -> None:
        super().__init__(
            f"{actual.editada_por} guardó cambios mientras usted escribía. "
            "Su texto sigue aquí: compárelo con el guardado antes de volver a guardar."
        )
        self.actual = actual


def _exigir_funcion(usuario: Usuario, funcion: str, canal: Canal, en=None) -> None:
    if not Canal.objects.que_puede(usuario, funcion, en).filter(pk=canal.pk).exists():
        etiqueta = Funcion(funcion).label.lower()
        raise SinPermiso(f"Ninguno de sus cargos {etiqueta} en el canal «{canal}».")


def slug_libre(canal: Canal, titulo: str) -> str:
    """An address for `titulo` that no publication of the channel has or had."""
    base = slugify(titulo)[:100].strip("-") or "sin-titulo"
    ocupados = {
        *SLUGS_RESERVADOS,
        *canal.publicaciones.filter(slug__startswith=base).values_list("slug", flat=True),
        *DireccionAnterior.objects.filter(canal=canal, slug__startswith=base).values_list("slug", flat=True),
    }
    return libre(base, ocupados)


# --- Writing ------------------------------------------------------------------------------------
@transaction.atomic
def crear_publicacion(
    *,
    canal: Canal,
    tipo: str,
    por: Usuario,
    ruta_fija: str | None = None,
    clave: UUID | None = None,
    en: datetime | None = None,
    **contenido,
) -> Version:
    """A new publication with its first draft, which is returned.

    Raises SinPermiso when `por` does not write there, CondicionIncumplida when the channel does not take
    it, YaSeCreo when the same form (`clave`) was already received.
    """
    en = en or timezone.now()
    # Addresses of a channel are given one at a time.
    canal = Canal.objects.select_for_update(of=("self",)).select_related("dependencia").get(pk=canal.pk)
    if clave and (anterior := Publicacion.objects.filter(clave=clave).first()):
        raise YaSeCreo(anterior)
    _exigir_funcion(por, Funcion.AUTOR, canal, en)
    if tipo not in canal.tipos:
        raise CondicionIncumplida(f"El canal «{canal}» recibe: {canal.tipos_legibles() or 'nada por ahora'}.")
    publicacion = Publicacion.objects.create(
        canal=canal,
        tipo=tipo,
        slug=slug_libre(canal, contenido.get("titulo", "")),
        ruta_fija=ruta_fija,
        clave=clave,
        dependencia=canal.dependencia,
        creada_por=por,
        creada_en=en,
    )
    return _nuevo_borrador(publicacion, 1, por, en, contenido)


def _nuevo_borrador(
    publicacion,
    numero,
    por,
    en,
    contenido: Mapping[str, object],
    editada_por=None,
    paso=("crear", "Empezar"),
) -> Version:
    version = Version.objects.create(
        publicacion=publicacion,
        numero=numero,
        creada_por=por,
        creada_en=en,
        editada_por=editada_por or por,
        editada_en=en,
        **contenido,
    )
    accion, etiqueta = paso
    Paso.objects.create(version=version, accion=accion, etiqueta=etiqueta, a=version.estado, por=por, en=en)
    enlaces.anotar(version)
    return version


def _borrador_desde(
    base: Version, publicacion: Publicacion, por: Usuario, en: datetime, paso=("crear", "Empezar")
) -> Version:
    """The next draft of the publication, with the content and the files of `base`."""
    contenido = {campo: getattr(base, campo) for campo in Version.CONTENIDO}
    contenido |= {"cambio_menor": False, "nota_de_cambio": ""}
    numero = publicacion.versiones.aggregate(ultimo=Max("numero"))["ultimo"] + 1
    # Until somebody changes it, it is still the work of whoever edited the one it comes from.
    version = _nuevo_borrador(publicacion, numero, por, en, contenido, base.editada_por, paso)
    for adjunto in base.adjuntos.prefetch_related("rendiciones"):
        _copiar_adjunto(adjunto, version)
    return version


def _copiar_adjunto(adjunto: Adjunto, version: Version) -> None:
    """The same file for another text, with the renditions it has; one that has none draws its own."""
    rendiciones = list(adjunto.rendiciones.all())
    adjunto.pk, adjunto._state.adding, adjunto.version = None, True, version
    if not rendiciones:
        adjunto.save()
        return
    Adjunto.objects.bulk_create([adjunto])
    for rendicion in rendiciones:
        rendicion.pk, rendicion._state.adding, rendicion.adjunto = None, True, adjunto
    Rendicion.objects.bulk_create(rendiciones)


def _exigir_sin_texto_en_camino(publicacion: Publicacion, por: Usuario, en: datetime) -> None:
    _exigir_funcion(por, Funcion.AUTOR, publicacion.canal, en)
    gobierno.exigir(publicacion, por, Funcion.AUTOR, en=en)
    if abierta := publicacion.version_abierta():
        raise YaHayTextoEnCamino(abierta)


def _ultimo_texto(publicacion: Publicacion) -> Version:
    """The latest that was not discarded, or the latest."""
    textos = publicacion.versiones.order_by("-numero")
    return textos.exclude(estado=Version.Estado.DESCARTADA).first() or textos[0]


@transaction.atomic
def nueva_version(publicacion: Publicacion, *, por: Usuario, en: datetime | None = None) -> Version:
    """A draft with the content of the latest text, to correct or update it. The live page stays.

    Raises SinPermiso, or YaHayTextoEnCamino when there is one open already.
    """
    en = en or timezone.now()
    publicacion = bloquear_publicacion(publicacion.pk)
    _exigir_sin_texto_en_camino(publicacion, por, en)
    return _borrador_desde(_ultimo_texto(publicacion), publicacion, por, en)


@transaction.atomic
def restaurar(version: Version, *, por: Usuario, en: datetime | None = None) -> Version:
    """A draft with the content of an earlier text of the publication. The live page stays.

    Raises SinPermiso, YaHayTextoEnCamino when there is one open already, or CondicionIncumplida when that
    text was never sent or says the same as the latest.
    """
    en = en or timezone.now()
    publicacion = bloquear_publicacion(version.publicacion_id)
    _exigir_sin_texto_en_camino(publicacion, por, en)
    base, ultimo = publicacion.versiones.get(pk=version.pk), _ultimo_texto(publicacion)
    if base.enviada_en is None:
        raise CondicionIncumplida("Ese texto nunca se envió: no hay nada que restaurar.")
    if base == ultimo or _dicen_lo_mismo(base, ultimo):
        raise CondicionIncumplida(f"El último texto, el n.º {ultimo.numero}, ya dice lo mismo.")
    paso = ("restaurar", f"Restaurar el texto n.º {base.numero}")
    return _borrador_desde(base, publicacion, por, en, paso=paso)


def _dicen_lo_mismo(una: Version, otra: Version) -> bool:
    """Whether the public would read the same, whatever each said of its change."""
    otra.cambio_menor, otra.nota_de_cambio = una.cambio_menor, una.nota_de_cambio
    return una.huella() == otra.huella()


@transaction.atomic
def guardar_borrador(
    version: Version, *, por: Usuario, revision: int, en: datetime | None = None, **contenido
) -> Version:
    """Save a draft that nobody else has saved since `revision`. What it said before is kept.

    Raises SinPermiso, CondicionIncumplida when it is no longer a draft, or OtroGuardoAntes.
    """
    bloquear_publicacion(version.publicacion_id)
    actual = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    _exigir_borrador(actual, por, en)
    if actual.revision != revision:
        raise OtroGuardoAntes(actual)
    en = en or timezone.now()
    antes = actual.huella()
    if any(getattr(actual, campo) != valor for campo, valor in contenido.items()):
        BorradorAnterior.guardar(actual, en)
    for campo, valor in contenido.items():
        setattr(actual, campo, valor)
    _anotar_edicion(actual, antes, por, en)
    actual.save()
    enlaces.anotar(actual)
    if actual.numero == 1 and actual.publicacion.version_publica_id is None:
        _ajustar_direccion(actual)
    return actual


def _anotar_edicion(version: Version, antes: str, por: Usuario, en: datetime) -> None:
    """Who edited last is whoever changed something: saving without a change takes nobody's place."""
    version.revision += 1
    if version.huella() != antes:
        version.editada_por, version.editada_en = por, en


def _ajustar_direccion(version: Version) -> None:
    """While nobody has read it, the address follows the title."""
    publicacion = version.publicacion
    if not publicacion.slug.startswith(slugify(version.titulo)[:100].strip("-") or "sin-titulo"):
        publicacion.slug = slug_libre(publicacion.canal, version.titulo)
        publicacion.save(update_fields=["slug"])


# --- The steps ----------------------------------------------------------------------------------
def enviar(version: Version, *, por: Usuario, confirmo: bool = False, huella: str = "", en=None) -> Version:
    """Send the draft to be validated; from here on it does not change.

    Raises CondicionIncumplida with what blocks it or when it is not the text that `por` read (`huella`, if it
    is known), or FaltaConfirmar while `por` has not said (`confirmo`) that the personal data pointed out are
    to be published.
    """
    return FLUJO.ejecutar("enviar", version, por=por, en=en, confirmo=confirmo, huella=huella)


def validar(version: Version, *, por: Usuario, en=None) -> Version:
    return FLUJO.ejecutar("validar", version, por=por, en=en)


def devolver(version: Version, *, por: Usuario, motivo: str, en=None) -> Version:
    """Return it with a written reason. The correction will be a new version."""
    return FLUJO.ejecutar("devolver", version, por=por, motivo=motivo, en=en)


def recoger(version: Version, *, por: Usuario, motivo: str, en=None) -> Version:
    """Take back what oneself sent, before anybody authorises it."""
    return FLUJO.ejecutar("recoger", version, por=por, motivo=motivo, en=en)


def autorizar(version: Version, *, por: Usuario, huella: str, en=None) -> Autorizacion:
    """Authorise the text whose SHA-256 is `huella`, the one `por` has read."""
    return FLUJO.ejecutar("autorizar", version, por=por, en=en, huella=huella).autorizacion


def publicar(version: Version, *, por: Usuario, en=None) -> Version:
    """Put an authorised text before the public."""
    return FLUJO.ejecutar("publicar", version, por=por, en=en)


@transaction.atomic
def autorizar_y_publicar(version: Version, *, por: Usuario, huella: str, en=None) -> Version:
    """Both steps or neither."""
    autorizar(version, por=por, huella=huella, en=en)
    return publicar(version, por=por, en=en)


def programar(version: Version, *, por: Usuario, para: datetime | None, en=None) -> Version:
    """Leave an authorised text ready for the moment `para`."""
    return FLUJO.ejecutar("programar", version, por=por, para=para, en=en)


def desprogramar(version: Version, *, por: Usuario, en=None) -> Version:
    return FLUJO.ejecutar("desprogramar", version, por=por, en=en)


def publicar_urgente(version: Version, *, por: Usuario, motivo: str, huella: str = "", en=None) -> Version:
    """Publish at once; another person has two working days to authorise it. `huella` as in `enviar`."""
    return FLUJO.ejecutar("publicar_urgente", version, por=por, motivo=motivo, en=en, huella=huella)


def autorizar_urgente(version: Version, *, por: Usuario, huella: str, en=None) -> Autorizacion:
    """The second pair of eyes on what was published with urgency."""
    return FLUJO.ejecutar("autorizar_urgente", version, por=por, en=en, huella=huella).autorizacion


def descartar(version: Version, *, por: Usuario, en=None) -> Version:
    return FLUJO.ejecutar("descartar", version, por=por, en=en)


def retirar(
    publicacion: Publicacion,
    *,
    por: Usuario,
    clase: str,
    motivo: str,
    unificada_con: Publicacion | None = None,
    en=None,
) -> Publicacion:
    """Withdraw what is live: by error (a notice stays), merged (a redirect) or no longer in force."""
    version = publicacion.versiones.filter(
        estado__in=[Version.Estado.PUBLICADA, Version.Estado.RETIRADA]
    ).first()
    if version is None:
        raise CondicionIncumplida("Esta publicación no está publicada.")
    FLUJO.ejecutar(
        "retirar",
        version,
        por=por,
        motivo=motivo,
        clase=clase,
        unificada_con=unificada_con,
        en=en,
    )
    publicacion.refresh_from_db()
    return publicacion


def publicar_programadas(en: datetime) -> str:
    """Publish what was programmed for `en` or before, and say what was and what could not be.

    Each text has a transaction of its own. Safe to run late, twice or in two processes: the second
    finds the row already published.
    """
    publicadas, rechazadas = [], []
    for version in list(Version.objects.programadas_para(en).order_by("programada_para")):
        try:
            FLUJO.ejecutar("publicar_programada", version, por=None, en=en)
            publicadas.append(f"«{version}»")
        except EstadoInadecuado:
            continue  # another process was faster
        except Exception as rechazo:  # whatever happens to one, the others go out
            registro.exception("No se publicó lo programado: %s", version)
            rechazadas.append(f"«{version}»: {rechazo}")
    partes = [f"Publicadas: {', '.join(publicadas)}." if publicadas else "Nada por publicar."]
    if rechazadas:
        partes.append(f"No se publicaron: {' '.join(rechazadas)}")
    return " ".join(partes)


def retirar_sin_revisar(en: datetime) -> str:
    """Warn of what will be withdrawn soon and withdraw what nobody reviewed in time; says what was done.

    Each page has a transaction of its own. Safe late, twice or in two processes, as `publicar_programadas`.
    After a time in which it did not run it only warns: nothing goes without its days of notice.
    """
    a_tiempo = antiguedad.se_aviso_a_tiempo(en)
    with transaction.atomic():
        avisos = antiguedad.avisar_retiros(en, con_vencidos=not a_tiempo)
    if not a_tiempo:
        return (
            f"No corría hace {antiguedad.AVISO_DE_RETIRO} días: hoy solo avisa. Avisos de retiro: {avisos}."
        )
    retiradas, rechazadas = [], []
    for retiro in antiguedad.retiros(Publicacion.objects.all(), hasta=timezone.localdate(en)):
        publicacion = retiro.publicacion
        dias = publicacion.canal.retiro_automatico_dias
        motivo = (
            f"Esta página se retiró porque pasó su plazo de revisión ({dias} días) "
            "sin que nadie confirmara que sigue vigente."
        )
        clase = Publicacion.Retiro.SIN_REVISAR
        version = publicacion.version_publica
        try:
            FLUJO.ejecutar("retirar_sin_revisar", version, por=None, en=en, motivo=motivo, clase=clase)
            retiradas.append(f"«{publicacion}»")
        except TransicionRechazada:
            continue  # somebody reviewed it, or another process was faster
        except Exception as rechazo:  # whatever happens to one, the others go on
            registro.exception("No se retiró lo que nadie revisó: %s", publicacion)
            rechazadas.append(f"«{publicacion}»: {rechazo}")
    partes = [f"Retiradas: {', '.join(retiradas)}." if retiradas else "Nada por retirar."]
    if avisos:
        partes.append(f"Avisos de retiro: {avisos}.")
    if rechazadas:
        partes.append(f"No se retiraron: {' '.join(rechazadas)}")
    return " ".join(partes)


# --- The publication itself ---------------------------------------------------------------------
@transaction.atomic
def ratificar_vigencia(publicacion: Publicacion, *, por: Usuario, en=None) -> Actualizacion:
    """«Revisado: sigue vigente»: activity, distinct from an edit, and not counted as an update.

    Raises SinPermiso, or CondicionIncumplida when it is not public or was already reviewed that day.
    """
    en = en or timezone.now()
    publicacion = bloquear_publicacion(publicacion.pk)
    if not any(
        Canal.objects.que_puede(por, funcion, en).filter(pk=publicacion.canal_id).exists()
        for funcion in (Funcion.AUTOR, Funcion.AUTORIZA)
    ):
        raise SinPermiso(f"Ninguno de sus cargos actúa en el canal «{publicacion.canal}».")
    gobierno.exigir(publicacion, por, Funcion.AUTOR, Funcion.AUTORIZA, en=en)
    if publicacion.retirada_en or publicacion.version_publica is None:
        raise CondicionIncumplida("Solo se ratifica lo que está publicado.")
    if publicacion.revisada_en and timezone.localdate(publicacion.revisada_en) == timezone.localdate(en):
        raise CondicionIncumplida("La vigencia de esta publicación ya se revisó hoy.")
    publicacion.revisada_en = en
    publicacion.save(update_fields=["revisada_en"])
    contar(
        Actualizacion.Clase.RATIFICACION,
        publicacion,
        publicacion.version_publica,
        Contexto(por, en),
    )
    return publicacion.actualizaciones.latest("pk")


@transaction.atomic
def cambiar_direccion(publicacion: Publicacion, *, slug: str, por: Usuario, en=None) -> Publicacion:
    """Give it another address; the one it had leads to the new one.

    Raises SinPermiso, or CondicionIncumplida when the address is not usable or is taken.
    """
    publicacion = bloquear_publicacion(publicacion.pk)
    _exigir_funcion(por, Funcion.EDITOR, publicacion.canal, en)
    gobierno.exigir(publicacion, por, Funcion.EDITOR, en=en)
    if slug != slugify(slug) or not slug or slug in SLUGS_RESERVADOS or len(slug) > LARGO_DEL_SLUG:
        raise CondicionIncumplida(
            "Use solo letras minúsculas sin tildes, números y guiones, hasta 120. Ejemplo: corte-de-agua."
        )
    if slug == publicacion.slug:
        return publicacion
    del_canal = DireccionAnterior.objects.filter(canal=publicacion.canal, slug=slug)
    if del_canal.exclude(publicacion=publicacion).exists():
        raise CondicionIncumplida("Esa dirección fue de otra publicación y todavía lleva a ella.")
    anterior, publicacion.slug = publicacion.slug, slug
    try:
        with transaction.atomic():
            publicacion.save(update_fields=["slug"])
    except IntegrityError as error:
        raise CondicionIncumplida("Ese canal ya tiene una publicación con esa dirección.") from error
    del_canal.delete()
    _anotar_paso(
        publicacion, "cambiar_direccion", "Cambiar la dirección", f"De «{anterior}» a «{slug}».", por, en
    )
    if publicacion.version_publica_id:
        DireccionAnterior.objects.update_or_create(
            canal=publicacion.canal, slug=anterior, defaults={"publicacion": publicacion}
        )
        if not publicacion.retirada_en:
            indexar(publicacion)
    Edicion.avanzar()
    return publicacion


def _anotar_paso(
    publicacion: Publicacion, accion: str, etiqueta: str, motivo: str, por: Usuario, en: datetime | None
) -> None:
    """What is done to the publication itself stays in the history of the text that the public reads."""
    version = publicacion.version_publica or _ultimo_texto(publicacion)
    Paso.objects.create(
        version=version,
        accion=accion,
        etiqueta=etiqueta,
        de=version.estado,
        a=version.estado,
        por=por,
        en=en or timezone.now(),
        motivo=motivo,
    )


@transaction.atomic
def fijar_ruta(publicacion: Publicacion, *, ruta: str, por: Usuario, en=None) -> Publicacion:
    """Give it one of the addresses that the law or the plan ask for, or take it away with "".

    Raises SinPermiso unless `por` heads Secretaría General, CondicionIncumplida when it is not one of
    them or another publication has it.
    """
    cargos = Cargo.objects.ejercidos_por(por, en)
    if not cargos.que_dirigen_secretaria_general().exists():
        raise SinPermiso("Las direcciones fijas las da la Secretaría General.")
    if ruta and not _RUTA_FIJA.fullmatch(ruta):
        raise CondicionIncumplida("Solo /soporte/ o /politicas/nombre/, en minúsculas y sin tildes.")
    if ruta and Publicacion.objects.filter(ruta_fija=ruta).exclude(pk=publicacion.pk).exists():
        raise CondicionIncumplida("Otra publicación ya tiene esa dirección fija.")
    publicacion = bloquear_publicacion(publicacion.pk)
    if (publicacion.ruta_fija or "") != ruta:
        motivo = f"De «{publicacion.ruta_fija or ''}» a «{ruta}»."
        _anotar_paso(publicacion, "fijar_ruta", "Cambiar la dirección fija", motivo, por, en)
    publicacion.ruta_fija = ruta or None
    publicacion.save(update_fields=["ruta_fija"])
    if publicacion.version_publica_id and not publicacion.retirada_en:
        indexar(publicacion)
    Edicion.avanzar()
    return publicacion


@transaction.atomic
def rotular(
    publicacion: Publicacion,
    *,
    politica: bool | None,
    periodo: PeriodoDeGobierno | None,
    por: Usuario,
    en=None,
) -> Publicacion:
    """Say whether it speaks of the management of a government and of which: None, as its channel and its day.

    Raises SinPermiso unless `por` heads Secretaría General. The same twice is once.
    """
    if not Cargo.objects.ejercidos_por(por, en).que_dirigen_secretaria_general().exists():
        raise SinPermiso("De qué gobierno es una publicación lo dice la Secretaría General.")
    publicacion = bloquear_publicacion(publicacion.pk)
    if (publicacion.politica, publicacion.periodo) == (politica, periodo):
        return publicacion
    publicacion.politica, publicacion.periodo = politica, periodo
    publicacion.save(update_fields=["politica", "periodo"])
    gestion = {None: "como su canal", True: "sí", False: "no"}[politica]
    motivo = (
        f"Habla de la gestión de un gobierno: {gestion}. Periodo: {periodo or 'el del día en que salió'}."
    )
    _anotar_paso(publicacion, "rotular", "Decir de qué gobierno es", motivo, por, en)
    Edicion.avanzar()
    return publicacion


@transaction.atomic
def adjuntar(
    version: Version, archivo, *, titulo: str, alt: str = "", orden: int = 0, por: Usuario
) -> Adjunto:
    """Check a file by its content and keep it with a draft.

    Raises ValidationError, SinPermiso, or CondicionIncumplida when it is no longer a draft.
    """
    with editar_adjuntos(version, por=por):
        adjunto = Adjunto(version=version, titulo=titulo, alt=alt, orden=orden)
        adjunto.recibir(archivo)
        adjunto.save()
    return adjunto


@contextmanager
def editar_adjuntos(version: Version, *, por: Usuario) -> Iterator[None]:
    """Change the files of a draft, as an edition of it by `por`. Raises as `guardar_borrador`."""
    bloquear_publicacion(version.publicacion_id)
    actual = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    _exigir_borrador(actual, por)
    antes = actual.huella()
    yield
    _anotar_edicion(actual, antes, por, timezone.now())
    actual.save(update_fields=["revision", "editada_por", "editada_en"])


def _exigir_borrador(version: Version, por: Usuario, en=None) -> None:
    _exigir_funcion(por, Funcion.AUTOR, version.publicacion.canal, en)
    gobierno.exigir(version.publicacion, por, Funcion.AUTOR, en=en)
    if not version.editable:
        raise CondicionIncumplida(
            f"Este texto ya no es un borrador: está «{version.get_estado_display().lower()}»."
        )
