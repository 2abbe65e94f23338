from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self):
        from portal import bandeja, correo, fechas, models, rutinas, services, sesiones

        fechas.en_minuscula()

        envejecen_paginas(
            models.Municipio,
            models.Dependencia,
            models.Cargo,
            models.Titularidad,
            models.Canal,
            models.Asignacion,
            models.Sinonimo,
        )

        bandeja.registrar(
            bandeja.devueltas,
            bandeja.urgentes_por_autorizar,
            bandeja.por_autorizar,
            bandeja.por_validar,
            bandeja.por_publicar,
            bandeja.canales_por_actualizar,
            bandeja.borradores,
            bandeja.programadas,
            bandeja.recogidas,
            bandeja.en_camino,
        )

        rutinas.declarar(
            "publicar-programadas",
            "Publicar lo programado",
            cada=timedelta(minutes=1),
            funcion=services.publicar_programadas,
            en_una_transaccion=False,
        )
        rutinas.declarar(
            "despachar",
            "Enviar los correos que esperan",
            cada=timedelta(minutes=1),
            funcion=correo.despachar,
            en_una_transaccion=False,
        )
        rutinas.declarar(
            "limpiar-sesiones",
            "Borrar las sesiones vencidas",
            cada=timedelta(days=1),
            funcion=sesiones.borrar_vencidas,
        )


def envejecen_paginas(*modelos):
    """The public sees these: each row that is written or erased makes every cached page old."""
    for modelo in modelos:
        for senal in (post_save, post_delete):
            senal.connect(avanzar_edicion, sender=modelo, dispatch_uid=f"edicion-{modelo.__name__}")


def avanzar_edicion(sender, raw=False, **kwargs):
    """What the organisation looks like is public: a change of it makes every cached page old."""
    from portal.models import Edicion

    if not raw:
        Edicion.avanzar()
