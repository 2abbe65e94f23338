"""The house with its trámites, each taken through the real flow to the state that was asked for."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import count
from types import SimpleNamespace

from django.db import connection
from django.utils import timezone

from portal.models import Usuario
from tests.builders import (
    asignar,
    crear_alcaldia,
    crear_canal,
    crear_cargo,
    crear_titularidad,
    crear_usuario,
)
from tramites.flujo import dar_paso
from tramites.hojas import agregar_accion, agregar_fundamento, agregar_momento, editar_hoja
from tramites.models import (
    Audiencia,
    HojaDeVida,
    MedicionDeHoja,
    PasoDeTramite,
    PuntoDeAtencion,
    Tematica,
    Tramite,
)
from tramites.services import crear_tramite as identificar

_serie = count(1)
#: The steps that lead from the inventory to each state, for something that goes to the SUIT.
CAMINOS = {
    "sin_gestion": [],
    "en_creacion": ["empezar"],
    "enviado": ["empezar", "llenar", "enviar"],
    "en_correccion": ["empezar", "llenar", "enviar", "devolver"],
    "en_evaluacion": ["empezar", "llenar", "enviar", "remitir"],
    "negado": ["empezar", "llenar", "enviar", "remitir", "negar"],
    "inscrito": ["empezar", "llenar", "enviar", "remitir", "inscribir"],
    "en_actualizacion": ["empezar", "llenar", "enviar", "remitir", "inscribir", "actualizar"],
    "suprimido": ["empezar", "llenar", "enviar", "remitir", "inscribir", "suprimir"],
    "aprobado": ["empezar", "llenar", "enviar", "aprobar_consulta"],
}
#: Those of them that take who approves; who writes takes the others.
DE_QUIEN_APRUEBA = {"remitir", "aprobar_cambio", "aprobar_consulta", "devolver", "retirar", "suprimir"}


def crear_casa_de_tramites() -> SimpleNamespace:
    """The alcaldía with the channel of the trámites and its authorised user of the SUIT.

    `suit` writes; `jefe` heads Planeación; `tesorero`, Hacienda; `secretaria` and `alcalde` approve all.
    """
    casa = crear_alcaldia()
    casa.canal_tramites = crear_canal(
        casa.general, nombre="Trámites", slug="tramites", ruta="/tramites/", edad_maxima_dias=31
    )
    casa.cargo_suit = crear_cargo(casa.general, "Usuario autorizado del SUIT")
    asignar(casa.canal_tramites, autor=casa.cargo_suit, autoriza=casa.cargo_alcalde)
    casa.suit = crear_usuario("suit", casa.cargo_suit)
    casa.hacienda = casa.tesorero.titularidades.get().cargo.dependencia
    casa.tematica = Tematica.objects.create(nombre="Vivienda y urbanismo", slug="vivienda-y-urbanismo")
    casa.ciudadano = Audiencia.objects.create(nombre="Ciudadano", slug="ciudadano", orden=1)
    casa.organizaciones = Audiencia.objects.create(nombre="Organizaciones", slug="organizaciones", orden=2)
    casa.punto = PuntoDeAtencion.objects.create(
        nombre="Ventanilla de Planeación", dependencia=casa.planeacion
    )
    return casa


@contextmanager
def sin_disparadores():
    """A cursor for which PostgreSQL's triggers do not run, as for whoever owns the server."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        yield cursor
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def crear_gente(casa: SimpleNamespace) -> dict[str, Usuario]:
    """Every kind of person before the trámites of Planeación, by name; see `crear_casa_de_tramites`."""
    cargo_corrector = crear_cargo(casa.general, "Corrector de hojas de vida")
    asignar(casa.canal_tramites, editor=cargo_corrector)
    ayer = timezone.localdate() - timedelta(days=1)
    vencida, inactiva = crear_usuario("vencida"), crear_usuario("inactiva", is_active=False)
    for cargo in (casa.cargo_suit, casa.cargo_alcalde):
        crear_titularidad(vencida, cargo, calidad="encargado", hasta=ayer)
        crear_titularidad(inactiva, cargo, calidad="encargado")
    return {
        "suit": casa.suit,
        "corrector": crear_usuario("corrector", cargo_corrector),
        "jefe": casa.jefe,
        "secretaria": casa.secretaria,
        "alcalde": casa.alcalde,
        "jefe de otra": casa.tesorero,
        "auxiliar": casa.autora,
        "editor de otro canal": casa.editor,
        "admin": casa.admin,
        "sin cargo": crear_usuario("sin-cargo"),
        "vencida": vencida,
        "inactiva": inactiva,
    }


def crear_tramite(
    casa: SimpleNamespace,
    estado: str = "inscrito",
    *,
    publicado: bool = False,
    por: Usuario | None = None,
    aprueba: Usuario | None = None,
    en: datetime | None = None,
    hoja: dict | None = None,
    **campos,
) -> Tramite:
    """A trámite of Planeación in that state; `hoja` replaces fields of its complete hoja de vida."""
    n = next(_serie)
    por, aprueba, en = por or casa.suit, aprueba or casa.secretaria, en or timezone.now()
    valores = {
        "codigo": f"PL{chr(65 + n // 1000 % 26)}-{n % 1000:03}",
        "nombre": f"Certificado de estrato {n}",
        "tipo": "consulta" if estado == "aprobado" else "tramite",
        "dependencia": casa.planeacion,
    }
    tramite = identificar(por=por, en=en, **valores | campos)
    for paso in CAMINOS[estado]:
        if paso == "llenar":
            llenar_hoja(casa, tramite, por=por, en=en, **hoja or {})
            continue
        pasos = ["publicar", paso] if paso == "suprimir" and publicado else [paso]
        tramite = llevar(tramite, *pasos, por=por, aprueba=aprueba, en=en)
    if publicado and estado != "suprimido":
        tramite = dar_paso("publicar", tramite, por=por, en=en)
    return tramite


def crear_muchos(casa: SimpleNamespace, cuantos: int, **campos) -> list[Tramite]:
    """That many trámites published at once, with the least each needs: to measure, not to write in."""
    en = timezone.now()
    numeros = [next(_serie) for _ in range(cuantos)]
    tramites = Tramite.objects.bulk_create(
        Tramite(
            codigo=f"M{chr(65 + n // 1000 % 26)}-{n % 1000:03}",
            nombre=f"Trámite {n}",
            slug=f"tramite-{n}",
            dependencia=casa.planeacion if n % 2 else casa.hacienda,
            estado="inscrito",
            numero_suit=str(10_000 + n),
            **{"identificado_en": en, "inscrito_en": en, "publicado_en": en} | campos,
        )
        for n in numeros
    )
    quien = {"enviada_por": casa.suit, "enviada_como": casa.cargo_suit, "enviada_en": en}
    quien |= {"aprobada_por": casa.secretaria, "aprobada_como": casa.cargo_suit, "aprobada_en": en}
    hojas = HojaDeVida.objects.bulk_create(
        HojaDeVida(
            tramite=tramite,
            nombre=tramite.nombre,
            dependencia=tramite.dependencia,
            grado=("presencial", "parcial", "total")[n % 3],
            estado="aprobada",
            **{"inscrita_en": en, "publicada_en": en, "exigidos": 15, "llenos": 15} | quien,
        )
        for n, tramite in enumerate(tramites)
    )
    for tramite, hoja in zip(tramites, hojas, strict=True):
        tramite.hoja_publica = hoja
    Tramite.objects.bulk_update(tramites, ["hoja_publica"])
    MedicionDeHoja.objects.bulk_create(
        MedicionDeHoja(tramite=tramite, en=en, exigidos=15, llenos=15) for tramite in tramites
    )
    PasoDeTramite.objects.bulk_create(
        PasoDeTramite(
            tramite=hoja.tramite,
            hoja=hoja,
            publica=hoja,
            dependencia=hoja.dependencia,
            **{"accion": "publicar", "etiqueta": "Publicar en el sitio", "a": "inscrito", "en": en},
        )
        for hoja in hojas
    )
    return tramites


def lo_que_pide(tramite: Tramite) -> dict[str, str]:
    """Whatever any step may ask for: a reason, what was read, a number of the SUIT that nobody has."""
    return {
        "motivo": "Falta la norma del Concejo.",
        "huella": huella_abierta(tramite),
        "numero_suit": tramite.numero_suit or str(10_000 + next(_serie)),
    }


def llevar(tramite: Tramite, *pasos: str, por: Usuario, aprueba: Usuario, en=None) -> Tramite:
    """Take it through those steps, each by who may."""
    for paso in pasos:
        quien = aprueba if paso in DE_QUIEN_APRUEBA else por
        tramite = dar_paso(paso, tramite, por=quien, en=en, **lo_que_pide(tramite))
    return tramite


def huella_abierta(tramite: Tramite) -> str:
    """What whoever approves has read."""
    abierta = tramite.hoja_abierta()
    return HojaDeVida.objects.enteras().get(pk=abierta.pk).huella() if abierta else ""


def escribir(tramite: Tramite, *, por: Usuario, en=None, **campos) -> HojaDeVida:
    """Change those fields of its open hoja de vida."""
    with editar_hoja(tramite.hoja_abierta(), por=por, en=en) as hoja:
        for campo, valor in campos.items():
            setattr(hoja, campo, valor)
    return hoja


def llenar_hoja(casa: SimpleNamespace, tramite: Tramite, *, por=None, en=None, **campos) -> HojaDeVida:
    """Complete the open hoja de vida: nothing missing."""
    valores = {
        "palabras_clave": ["papel del estrato"],
        "tematica": casa.tematica,
        "descripcion": "Dice a qué estrato pertenece un predio.",
        "resultado": "Certificado de estratificación",
        "vigencia_unidad": "indefinida",
        "medios_entrega": ["presencial", "correo"],
        "tiempo_cantidad": 5,
        "fecha_cualquiera": True,
        "grado": "presencial",
        "seguimiento": ["presencial"],
    }
    abierta = tramite.hoja_abierta()
    with editar_hoja(abierta, por=por or casa.suit, en=en) as hoja:
        for campo, valor in (valores | campos).items():
            setattr(hoja, campo, valor)
        hoja.puntos.set([casa.punto])
        hoja.audiencias.set([casa.ciudadano, casa.organizaciones])
        norma = agregar_fundamento(hoja, tipo="ley", numero="142", anio=1994, articulos="101")
        reunir = agregar_momento(hoja, "Reunir los documentos")
        agregar_accion(
            reunir, tipo="documento", descripcion="Recibo de un servicio público", fundamento=norma
        )
        agregar_accion(
            reunir,
            [casa.organizaciones],
            tipo="documento",
            descripcion="Certificado de existencia y representación legal",
            fundamento=norma,
        )
        pagar = agregar_momento(hoja, "Pagar")
        agregar_accion(
            pagar,
            tipo="pago",
            descripcion="Valor del certificado",
            valor_tipo="uvt",
            formula="0,5 UVT",
            entidad_recaudadora="Tesorería municipal",
            fundamento=norma,
        )
        radicar = agregar_momento(hoja, "Radicar la solicitud")
        agregar_accion(radicar, tipo="solicitud", descripcion="Entregue los documentos", canal="presencial")
    return HojaDeVida.objects.get(pk=abierta.pk)
