"""What a handover asks of whoever heads Secretaría General while its window lasts."""

from datetime import datetime
from typing import Any

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal.alcance import alcance_de
from portal.bandeja import Rama, Tarea, sencilla
from portal.models import Usuario
from seguimiento.models import ActividadDeEmpalme, DocumentoDeEmpalme, Empalme


def empalme_en_curso(usuario: Usuario, en: datetime) -> list[Rama]:
    """The activities past their day without minutes, and the document to sign."""
    if not alcance_de(usuario, en).dirige_secretaria_general:
        return []
    hoy = timezone.localdate(en)
    en_curso = Empalme.objects.en_curso(hoy).values("pk")
    atrasadas = ActividadDeEmpalme.objects.filter(empalme__in=en_curso, hecha_en=None, fecha__lt=hoy)
    por_firmar = DocumentoDeEmpalme.objects.filter(
        empalme__in=en_curso, estado=DocumentoDeEmpalme.Estado.CONGELADO
    )
    return [_actividades(atrasadas.order_by("fecha", "pk")), _documentos(por_firmar.order_by("pk"))]


def _texto(*partes: Any) -> Concat:
    return Concat(
        *(parte if hasattr(parte, "resolve_expression") else Value(parte) for parte in partes),
        output_field=TextField(),
    )


def _actividades(atrasadas) -> Rama:
    def linea(fila: Any) -> Tarea:
        slug, pk, dia = fila.de_clave.split(" ")
        debia = date_format(datetime.fromisoformat(dia), r"j \d\e F")
        url = reverse("seguimiento:empalme_actividad", args=[slug, pk])
        return Tarea(fila.de_texto, f"{fila.de_detalle} · era el {debia}", url, urgente=True)

    return Rama(
        "Empalme: actividades sin acta",
        sencilla(
            atrasadas,
            texto="titulo",
            detalle="responsable__nombre",
            clave=_texto(
                F("empalme__saliente__slug"), " ", Cast("pk", CharField()), " ", Cast("fecha", CharField())
            ),
        ),
        linea,
    )


def _documentos(por_firmar) -> Rama:
    def linea(fila: Any) -> Tarea:
        slug, anio, consecutivo = fila.de_clave.split(" ")
        documento = DocumentoDeEmpalme(anio=int(anio), consecutivo=int(consecutivo))
        url = reverse("seguimiento:empalme_documento", args=[slug, documento.anio, documento.consecutivo])
        return Tarea(str(documento), fila.de_texto, url)

    return Rama(
        "Empalme: documento por firmar",
        sencilla(
            por_firmar,
            texto=_texto(
                "La ", F("empalme__saliente__nombre"), " entrega a la ", F("empalme__entrante__nombre")
            ),
            clave=_texto(
                F("empalme__saliente__slug"),
                *(" ", Cast("anio", CharField()), " ", Cast("consecutivo", CharField())),
            ),
        ),
        linea,
    )
