from datetime import timedelta

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_save


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Portal"

    def ready(self):
        from portal import (
            bandeja,
            claves,
            correo,
            demo,
            fechas,
            gobierno_demo,
            importacion,
            models,
            rutinas,
            services,
            sesiones,
            soporte,
        )
        from portal.audiencia import contador
        from portal.redaccion import antiguedad, enlaces, limpieza, resumen_del_dia

        fechas.en_minuscula()
        contador.conectar()

        envejecen_paginas(
            models.Municipio,
            models.Dependencia,
            models.Cargo,
            models.Titularidad,
            models.Canal,
            models.Asignacion,
            models.Sinonimo,
            models.PeriodoDeGobierno,
            models.ProcedimientoDeSoporte,
        )

        bandeja.registrar(bandeja.textos, bandeja.canales_por_actualizar, bandeja.enlaces_rotos)
        bandeja.registrar_ramas(soporte.de_soporte, claves.de_claves)
        importacion.CARGAS.append(soporte.CARGA)
        demo.CONTINUACIONES["soporte"] = soporte.mostrar
        demo.CONTINUACIONES["de otro gobierno"] = gobierno_demo.rotular_lo_de_antes

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
            "resumen-del-dia",
            "Escribir a cada persona lo que le espera",
            cada=timedelta(hours=20),
            horas=(6, 9),
            funcion=resumen_del_dia.enviar,
        )
        rutinas.declarar(
            "avisar-antiguedad",
            "Avisar de los canales que pasaron su plazo",
            cada=timedelta(hours=20),
            horas=(6, 9),
            funcion=antiguedad.avisar,
        )
        rutinas.declarar(
            antiguedad.RETIRAR,
            "Retirar lo que nadie revisó a tiempo",
            cada=timedelta(hours=20),
            horas=(6, 9),
            funcion=services.retirar_sin_revisar,
            en_una_transaccion=False,
        )
        rutinas.declarar(
            "revisar-enlaces",
            "Revisar si responden los enlaces a otros sitios",
            cada=timedelta(hours=1),
            funcion=enlaces.revisar,
            en_una_transaccion=False,
        )
        rutinas.declarar(
            "limpiar-borradores",
            "Olvidar lo que la mesa editorial ya no necesita",
            cada=timedelta(days=1),
            funcion=limpieza.olvidar,
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
