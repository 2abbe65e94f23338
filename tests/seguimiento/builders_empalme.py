"""A handover with its people, through the real services. Tests that use it live on a day of its window."""

from datetime import date
from itertools import count
from types import SimpleNamespace

from portal import services
from portal.models import PeriodoDeGobierno, Version
from seguimiento.empalme import documento as documentos
from seguimiento.empalme import proceso
from seguimiento.models import ActividadDeEmpalme, DocumentoDeEmpalme, Empalme, FuncionarioEntrante
from tests.builders import asignar, crear_canal, crear_cargo, en_fecha

_serie = count(1)
#: The day on which these tests live: the third of the window.
HOY = "2027-12-12"


def el(dia: str, hora: int = 10):
    return en_fecha(dia, hora)


def crear_gobierno(primer_anio: int, **campos) -> PeriodoDeGobierno:
    valores = {
        "nombre": f"Administración {primer_anio}-{primer_anio + 3}",
        "slug": f"{primer_anio}-{primer_anio + 3}",
        "desde": date(primer_anio, 1, 1),
        "hasta": date(primer_anio + 3, 12, 31),
    }
    slug = valores["slug"]
    return PeriodoDeGobierno.objects.get_or_create(slug=slug, defaults=valores | campos)[0]


def crear_empalme(anio: int = 2027, **campos) -> Empalme:
    """The one of the government that ends in that year."""
    valores = {
        "saliente": crear_gobierno(anio - 3),
        "entrante": crear_gobierno(anio + 1),
        "desde": date(anio, 12, 10),
        "hasta": date(anio, 12, 31),
    }
    return Empalme.objects.create(**valores | campos)


def crear_canal_de_empalme(casa: SimpleNamespace):
    """Where the document is published: the editor validates, the mayor authorises."""
    casa.canal_empalme = crear_canal(casa.general, nombre="Empalme", slug="empalme")
    asignar(casa.canal_empalme, editor=casa.cargo_editor, autoriza=casa.cargo_alcalde)
    return casa.canal_empalme


def crear_entrante(empalme: Empalme, cargo=None, **campos) -> FuncionarioEntrante:
    n = next(_serie)
    cargo = cargo or crear_cargo(_cualquiera(), f"Cargo que llega {n}")
    return FuncionarioEntrante.objects.create(
        **{"empalme": empalme, "cargo": cargo, "nombre": f"Entrante {n}"} | campos
    )


def _cualquiera():
    from portal.models import Dependencia

    return Dependencia.objects.filter(es_secretaria_general=True).get()


def crear_vinculado(empalme: Empalme, desde: str = "2027-12-11", **campos) -> FuncionarioEntrante:
    return crear_entrante(empalme, vinculado_en=desde, vinculo="comite", **campos)


def crear_actividad_de_empalme(casa: SimpleNamespace, empalme: Empalme, **campos) -> ActividadDeEmpalme:
    valores = {
        "titulo": f"Reunión {next(_serie)}",
        "clase": "reunion",
        "fecha": date(2027, 12, 11),
        "lugar": "Sala",
        "responsable": casa.secretaria.titularidades.get().cargo,
    }
    return proceso.programar(empalme, por=casa.secretaria, **valores | campos)


def registrar(casa: SimpleNamespace, actividad: ActividadDeEmpalme, **campos) -> ActividadDeEmpalme:
    valores = {
        "hecha_en": date(2027, 12, 11),
        "acta": "Se entregó el inventario.",
        "salientes": [("Ana Rojas", "Secretaria General")],
    }
    return proceso.registrar_acta(actividad, por=casa.secretaria, **valores | campos)


def crear_documento(casa: SimpleNamespace, empalme: Empalme, **campos) -> DocumentoDeEmpalme:
    return documentos.armar(empalme, por=casa.secretaria, **campos)[0]


def firmar(casa: SimpleNamespace, documento: DocumentoDeEmpalme) -> DocumentoDeEmpalme:
    return documentos.firmar(documento, por=casa.secretaria, leido=documento.huella_leida())


def publicar(casa: SimpleNamespace, documento: DocumentoDeEmpalme) -> Version:
    """Take its text to the public, by the people who may."""
    version = Version.objects.get(publicacion=documento.publicacion)
    services.validar(version, por=casa.editor)
    version.refresh_from_db()
    return services.autorizar_y_publicar(version, por=casa.alcalde, huella=version.huella())


def crear_publicado(casa: SimpleNamespace, empalme: Empalme) -> DocumentoDeEmpalme:
    documento = firmar(casa, crear_documento(casa, empalme))
    publicar(casa, documento)
    return DocumentoDeEmpalme.objects.get(pk=documento.pk)
