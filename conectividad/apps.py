from datetime import timedelta

from django.apps import AppConfig


class ConectividadConfig(AppConfig):
    name = "conectividad"
    verbose_name = "Conectividad"

    def ready(self):
        from conectividad import admin, models  # noqa: F401 -- the admin registers itself
        from conectividad import bandeja as esperas
        from conectividad.demo import recorrer
        from conectividad.importacion import CARGAS
        from conectividad.sitemaps import SITEMAPS
        from conectividad.views.acceso import ve_la_bitacora
        from conectividad.vigilancia import vigilar
        from portal import bandeja, demo, importacion, middleware, rutinas, sitemaps, sitio
        from portal.admin import sitio_admin
        from portal.apps import envejecen_paginas
        from portal.models import Jornada

        envejecen_paginas(models.Enlace, models.Objetivo, Jornada)

        rutinas.declarar(
            "vigilar-conectividad",
            "Sondear los enlaces a internet",
            cada=timedelta(minutes=1),
            funcion=vigilar,
            en_una_transaccion=False,
        )
        importacion.CARGAS += CARGAS
        demo.CONTINUACIONES["cortes"] = recorrer
        bandeja.registrar_ramas(esperas.de_conectividad)
        middleware.APPS_PUBLICAS.add("conectividad")
        sitemaps.SITEMAPS.update(SITEMAPS)
        sitio_admin.botones.append(("Bitácora de conectividad", "conectividad:bitacora", ve_la_bitacora))
        sitio.MAPA.append(sitio.Entrada("Conectividad de la alcaldía", "/conectividad/"))
