"""«¿Le fue útil esta página?»: counted by page and day, with its reasons, and nothing of who answered."""

import re
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.core import signing
from django.db import connection, transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone

from participacion.models import MotivoDeOpinion, OpinionDePagina
from portal import freno
from portal.alcance import alcance_de
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.models import Asignacion, Canal, Publicacion, Usuario

#: Once a day for each page and browser; in an hour, this many by address: a whole village may leave by one.
CADA, POR_DIRECCION, CADA_DIRECCION = timedelta(days=1), 60, timedelta(hours=1)
#: What the desk adds up.
DIAS = 90
#: Characters of an address that are kept.
LARGO = 300
#: Pages that are not for everybody, whatever their template: the address of some is a secret.
_SIN_OPINION = ("/admin/", "/panel/", "/lectura/", "/comite/", "/radicar/", "/suscripciones/")
_firma = signing.Signer(salt="participacion.opinion")
_DE_UN_CANAL = re.compile(r"/canales/([-\w]+)/")
#: How the address of a page begins → slug of its channel, besides the addresses that channels name.
_COMIENZOS = {
    "/situaciones/": "tramites",
    "/pqrsd/": "quejas-y-reclamos",
    "/radicados/": "quejas-y-reclamos",
    "/verificar/": "quejas-y-reclamos",
    "/informes-semanales/": "gobierno-en-linea",
    "/encuestas/": "encuestas",
    "/participa/": "participacion-en-linea",
}


# --- Which page ----------------------------------------------------------------------------------
def firmar_ruta(ruta: str) -> str:
    """The address of a public page with our signature: only what we showed can be judged.

    "" when it is too long, or only looks public to whoever prepares it.
    """
    return _firma.sign(ruta) if len(ruta) <= LARGO and not ruta.startswith(_SIN_OPINION) else ""


def leer_ruta(firmada: str) -> str:
    """The address that we signed, or "" when we did not."""
    try:
        return _firma.unsign(firmada)
    except signing.BadSignature:
        return ""


def canal_de(ruta: str) -> Canal | None:
    """The channel whose owner answers for that page; None when only Secretaría General does."""
    if en_un_canal := _DE_UN_CANAL.match(ruta):
        return Canal.objects.filter(slug=en_un_canal[1]).first()
    if publicacion := Publicacion.objects.filter(ruta_fija=ruta).select_related("canal").first():
        return publicacion.canal
    if slug := next((slug for comienzo, slug in _COMIENZOS.items() if ruta.startswith(comienzo)), ""):
        return Canal.objects.filter(slug=slug).first()
    con_pagina = Canal.objects.filter(activo=True).exclude(ruta="")
    return max((c for c in con_pagina if ruta.startswith(c.ruta)), key=lambda c: len(c.ruta), default=None)


# --- What people say -----------------------------------------------------------------------------
@transaction.atomic
def contar(ruta: str, *, sirvio: bool, direccion: str, navegador: str, en: datetime | None = None) -> bool:
    """Count one opinion; False, and nothing counted, when that browser already gave it that day.

    All or nothing: what PostgreSQL did not come to count can be sent again.
    """
    en = en or timezone.now()
    una = freno.intentar(f"opinion {ruta}", f"{direccion} {navegador}", maximo=1, cada=CADA, en=en)
    if not una or not freno.intentar("opinion", direccion, maximo=POR_DIRECCION, cada=CADA_DIRECCION, en=en):
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO participacion_opiniondepagina AS o (ruta, dia, si, no) VALUES (%s, %s, %s, %s) "
            "ON CONFLICT (ruta, dia) DO UPDATE SET si = o.si + EXCLUDED.si, no = o.no + EXCLUDED.no",
            [ruta, timezone.localdate(en), int(sirvio), int(not sirvio)],
        )
    return True


def decir_por_que(ruta: str, *, clave: UUID, clase: str, texto: str) -> MotivoDeOpinion:
    """Keep why a page was not useful, for whoever answers for it.

    The same of the same form (`clave`) is kept once; what came back to say something else, is another reason.
    """
    dicho = {"ruta": ruta, "clase": clase or MotivoDeOpinion.Clase.OTRA, "texto": texto}
    canal = canal_de(ruta)
    motivo, _nuevo = MotivoDeOpinion.objects.get_or_create(id=clave, defaults=dicho | {"canal": canal})
    if any(getattr(motivo, campo) != valor for campo, valor in dicho.items()):
        otra = uuid5(clave, "|".join(dicho.values()))
        motivo, _nuevo = MotivoDeOpinion.objects.get_or_create(id=otra, defaults=dicho | {"canal": canal})
    return motivo


# --- The desk ------------------------------------------------------------------------------------
def entra(usuario: Usuario) -> bool:
    """Who writes in some channel, or heads Secretaría General."""
    alcance = alcance_de(usuario)
    escribe = alcance.canales[Asignacion.Funcion.AUTOR]
    return usuario.is_active and usuario.is_staff and bool(escribe or alcance.dirige_secretaria_general)


def para_atender(usuario: Usuario) -> QuerySet[MotivoDeOpinion]:
    """The reasons about channels that the person writes; whoever heads Secretaría General sees them all."""
    alcance = alcance_de(usuario)
    todas = MotivoDeOpinion.objects.select_related("canal", "atendido_por")
    if alcance.dirige_secretaria_general:
        return todas
    return todas.filter(canal__in=alcance.canales[Asignacion.Funcion.AUTOR])


def atender(motivo: MotivoDeOpinion, *, que_se_hizo: str, por: Usuario, en: datetime | None = None) -> None:
    """Write down what was done, once. Raises CondicionIncumplida, EstadoInadecuado or SinPermiso."""
    if not que_se_hizo.strip():
        raise CondicionIncumplida("Escriba qué se hizo.")
    with transaction.atomic():
        fila = MotivoDeOpinion.objects.select_for_update(of=("self",)).get(pk=motivo.pk)
        if not para_atender(por).filter(pk=fila.pk).exists():
            raise SinPermiso("Esta opinión la atiende quien escribe en su canal.")
        if fila.atendido_en:
            raise EstadoInadecuado(f"Ya la atendió {fila.atendido_por}.")
        fila.que_se_hizo, fila.atendido_por = que_se_hizo.strip(), por
        fila.atendido_en = en or timezone.now()
        fila.save(update_fields=["que_se_hizo", "atendido_por", "atendido_en"])


def por_pagina(hoy=None) -> QuerySet:
    """Rows with `ruta`, `sies` and `noes` of the last `DIAS` days, first what was least useful."""
    desde = (hoy or timezone.localdate()) - timedelta(days=DIAS)
    return (
        OpinionDePagina.objects.filter(dia__gt=desde)
        .values("ruta")
        .annotate(sies=Sum("si"), noes=Sum("no"))
        .order_by(F("noes").desc(), "ruta")
    )
