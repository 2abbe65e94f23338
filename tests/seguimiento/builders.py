"""The house with its trámites and criteria to judge it by."""

from datetime import datetime
from itertools import count

from django.utils import timezone

from portal import services
from portal.models import Dependencia, Version
from portal.models.canal import Tipo
from seguimiento.evaluacion import verificar
from seguimiento.models import Criterio, Evaluacion, Fase, Marco
from tests.builders import asignar, crear_canal, crear_version

_serie = count(1)


def crear_marco(**campos) -> Marco:
    n = next(_serie)
    return Marco.objects.create(**{"nombre": f"Marco {n}", "slug": f"marco-{n}", "norma": "Decreto"} | campos)


def crear_fase(marco: Marco | None = None, **campos) -> Fase:
    n = next(_serie)
    valores = {"marco": marco or crear_marco(), "nombre": f"Fase {n}", "slug": f"fase-{n}"}
    return Fase.objects.create(**valores | campos)


def crear_criterio(regla: str = "", /, *, fase: Fase | None = None, parametros=None, **campos) -> Criterio:
    """A valid criterion of Secretaría General; the model refuses a rule or parameters that do not exist."""
    n = next(_serie)
    valores = {
        "fase": fase or crear_fase(),
        "codigo": f"CR-{n:03}",
        "grupo": "Información general",
        "nombre": f"Criterio {n}",
        "firmeza": Criterio.Firmeza.VISTO,
        "regla": regla,
        "parametros": parametros or {},
    }
    if "dependencia" not in campos:
        valores["dependencia"] = Dependencia.objects.get(es_secretaria_general=True)
    criterio = Criterio(**valores | campos)
    criterio.full_clean()
    criterio.save()
    return criterio


def evaluar(criterio: Criterio, resultado: str, *, base: str = "regla", en: datetime | None = None, **campos):
    """Leave in the criterion and in its history that it was found so, without asking anything."""
    en = en or timezone.now()
    visto = "" if resultado == Criterio.Resultado.SIN_EVALUAR else base
    criterio.resultado, criterio.base, criterio.vence_en = resultado, visto, campos.get("vence_en")
    criterio.save()
    return Evaluacion.objects.create(criterio=criterio, resultado=resultado, base=base, en=en, **campos)


def hallar(regla: str, /, *, en: datetime | None = None, **parametros) -> tuple[str, str, str]:
    """What that rule finds now: result, detail and fix."""
    criterio = crear_criterio(regla, parametros=parametros)
    verificar(criterio, en=en)
    return criterio.resultado, criterio.detalle, criterio.arreglo


def crear_otro_canal(casa, **campos):
    """A channel where the same people of `casa` write, validate and authorise."""
    canal = crear_canal(casa.planeacion, **{"tipos": Tipo.values} | campos)
    asignar(canal, autor=casa.cargo_autor, editor=casa.cargo_editor, autoriza=casa.cargo_alcalde)
    return canal


def publicar_con_archivo(casa, archivo, **campos):
    """A publication with that file, through the real flow."""
    version = crear_version(casa, **campos)
    services.adjuntar(version, archivo, titulo="El archivo", por=casa.autora)
    services.enviar(version, por=casa.autora)
    services.validar(version, por=casa.editor)
    version = Version.objects.get(pk=version.pk)
    services.autorizar(version, por=casa.jefe, huella=version.huella())
    services.publicar(version, por=casa.jefe)
    return version.publicacion
