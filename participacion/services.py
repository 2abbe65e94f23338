"""What officials do with a consulta before people see it, and how its outcome begins to be written."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify

from participacion.bloques import EN_EL_RESULTADO
from participacion.flujo import Funcion, cargo_para
from participacion.models import Consulta, Gastado, Opcion, PasoDeConsulta, Pregunta
from participacion.resultados import contar
from portal import services
from portal.flujo import CondicionIncumplida, SinPermiso, TransicionRechazada
from portal.models import Canal, Usuario, Version
from portal.nombres import libre

#: The channels that ask; the second one also publishes what was decided.
ENCUESTAS, EN_LINEA = CANALES = ("encuestas", "participacion-en-linea")
#: Our own rule: eight weeks after closing to say what came of it.
SEMANAS_PARA_EL_RESULTADO = 8
#: Addresses under /participa/ that belong to the site itself.
SLUGS_RESERVADOS = {"consultas", "temas", "aportes", "suscribirse", "boletin", "panel"}
#: What whoever tells the outcome has to replace.
POR_ESCRIBIR = "Escriba aquí qué hará la alcaldía con lo que la gente respondió, y por qué."
#: What may be changed in a draft.
CONTENIDO = (
    *("titulo", "resumen", "texto", "responden", "a_quien"),
    *("abre_en", "cierra_en", "resultado_hasta"),
)
DE_LA_PREGUNTA = (
    *("tipo", "texto", "ayuda", "obligatoria", "minimo", "maximo"),
    *("rotulo_minimo", "rotulo_maximo"),
)


class OtroGuardoAntes(TransicionRechazada):
    """Somebody saved the draft after this person opened it; `actual` is what is stored now."""

    def __init__(self, actual: Consulta) -> None:
        super().__init__(
            f"{actual.editada_por} guardó cambios mientras usted escribía. Lo suyo sigue aquí: compárelo "
            "con lo guardado antes de volver a guardar."
        )
        self.actual = actual


def resultado_por_defecto(cierra_en: datetime) -> date:
    """The last day to publish the outcome of what closes then."""
    return timezone.localdate(cierra_en) + timedelta(weeks=SEMANAS_PARA_EL_RESULTADO)


def huella_de_clave(clave: UUID, que: str = "crear") -> str:
    """What is kept of a form of the desk that was sent, so that it does its work once."""
    return hashlib.sha256(f"{que}:{clave}".encode()).hexdigest()


def slug_libre(titulo: str) -> str:
    """An address for that title that no consulta has."""
    base = slugify(titulo)[:90].strip("-") or "consulta"
    ocupados = {
        *SLUGS_RESERVADOS,
        *Consulta.objects.filter(slug__startswith=base).values_list("slug", flat=True),
    }
    return libre(base, ocupados)


@transaction.atomic
def crear(
    *, canal: Canal, clase: str, por: Usuario, clave: UUID, en: datetime | None = None, **contenido: Any
) -> Consulta:
    """A draft; the one that this form (`clave`) already made, if it did. Raises SinPermiso."""
    en = en or timezone.now()
    # Addresses are given one at a time, and the same form waits for itself.
    canal = Canal.objects.select_for_update(of=("self",)).select_related("dependencia").get(pk=canal.pk)
    huella = huella_de_clave(clave)
    if hecha := Gastado.objects.filter(huella=huella).select_related("consulta").first():
        return hecha.consulta
    contenido.setdefault("resultado_hasta", resultado_por_defecto(contenido["cierra_en"]))
    consulta = Consulta(
        canal=canal,
        clase=clase,
        dependencia=canal.dependencia,
        slug=slug_libre(contenido["titulo"]),
        creada_por=por,
        editada_por=por,
        creada_en=en,
        editada_en=en,
        **contenido,
    )
    exigir_que_escribe(consulta, por, en)
    consulta.save()
    Gastado.objects.create(consulta=consulta, huella=huella)
    PasoDeConsulta.objects.create(
        consulta=consulta, accion="crear", etiqueta="Empezar", a=consulta.estado, por=por, en=en
    )
    return consulta


def exigir_que_escribe(consulta: Consulta, por: Usuario, en: datetime | None = None) -> None:
    """Raise SinPermiso unless some of their posts writes in its channel."""
    if consulta.canal.slug not in CANALES or not cargo_para(Funcion.AUTOR, consulta, por, en):
        raise SinPermiso("Ninguno de sus cargos escribe en este canal.")


@transaction.atomic
def guardar(
    consulta: Consulta,
    *,
    por: Usuario,
    revision: int,
    preguntas: Sequence[dict[str, Any]],
    en: datetime | None = None,
    **contenido: Any,
) -> Consulta:
    """Save a draft that nobody saved since `revision`, with its questions in that order.

    Each question has the fields of `DE_LA_PREGUNTA` and `opciones`, a list of texts. Raises SinPermiso,
    CondicionIncumplida when it is no longer a draft, or OtroGuardoAntes.
    """
    actual = Consulta.objects.select_for_update(of=("self",)).select_related("canal").get(pk=consulta.pk)
    exigir_que_escribe(actual, por, en)
    if actual.estado != Consulta.Estado.BORRADOR:
        raise CondicionIncumplida("La consulta ya no es un borrador: no se puede cambiar.")
    if actual.revision != revision:
        raise OtroGuardoAntes(actual)
    for campo in CONTENIDO:
        if campo in contenido:
            setattr(actual, campo, contenido[campo])
    actual.editada_por, actual.editada_en = por, en or timezone.now()
    actual.revision += 1
    actual.save()
    poner_preguntas(actual, preguntas)
    return actual


def poner_preguntas(consulta: Consulta, preguntas: Sequence[dict[str, Any]]) -> None:
    """Those questions, in that order, instead of the ones the draft had."""
    consulta.preguntas.all().delete()
    opciones = []
    for orden, datos in enumerate(preguntas, 1):
        campos = {campo: datos[campo] for campo in DE_LA_PREGUNTA if campo in datos}
        pregunta = Pregunta.objects.create(consulta=consulta, orden=orden, **campos)
        opciones += [
            Opcion(pregunta=pregunta, orden=n, texto=texto)
            for n, texto in enumerate(datos.get("opciones", ()), 1)
        ]
    Opcion.objects.bulk_create(opciones)


# --- The outcome --------------------------------------------------------------------------------
@transaction.atomic
def preparar_resultado(consulta: Consulta, *, por: Usuario, en: datetime | None = None) -> Version:
    """A draft with the tables filled in, in the channel of the consulta, to be written and authorised.

    Raises CondicionIncumplida while it is open or when its outcome is already on its way, SinPermiso.
    """
    en = en or timezone.now()
    consulta = (
        Consulta.objects.select_for_update(of=("self",))
        .select_related("canal", "resultado")
        .get(pk=consulta.pk)
    )
    if not consulta.cerrada(en):
        raise CondicionIncumplida("El resultado se prepara cuando la consulta cierra.")
    if consulta.resultado and (consulta.resultado.version_publica_id or consulta.resultado.version_abierta()):
        raise CondicionIncumplida("El resultado ya se está escribiendo o ya se publicó.")
    tipo = next((t for t in ("pagina", "noticia", "documento") if t in consulta.canal.tipos), "pagina")
    texto = _texto(consulta, en)
    version = services.crear_publicacion(canal=consulta.canal, tipo=tipo, por=por, en=en, **texto)
    consulta.resultado = version.publicacion
    consulta.save(update_fields=["resultado"])
    return version


def _texto(consulta: Consulta, en: datetime) -> dict[str, Any]:
    contexto = {
        "consulta": consulta,
        "contado_en": en,
        "falta_papel": consulta.hojas.sin_digitar().exists(),
        "resultados": contar(consulta),
        "por_escribir": POR_ESCRIBIR,
        "bloques": [html for bloque in EN_EL_RESULTADO if (html := bloque(consulta))],
    }
    return {
        "titulo": f"Resultado: {consulta.titulo}"[:200],
        "resumen": f"Qué respondió la gente y qué se decidió con la consulta «{consulta.titulo}»."[:300],
        "cuerpo": render_to_string("participacion/resultado_texto.html", contexto),
    }


def gastar(consulta: Consulta, huella: str) -> bool:
    """Mark that form as used; False when it already was. Two at once wait for each other."""
    try:
        with transaction.atomic():
            Gastado.objects.create(consulta=consulta, huella=huella)
    except IntegrityError:
        return False
    return True
