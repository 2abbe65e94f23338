from datetime import timedelta

from django.apps import AppConfig


class TramitesConfig(AppConfig):
    name = "tramites"
    verbose_name = "Trámites"

    def ready(self):
        from portal import bandeja, busqueda, demo, importacion, middleware, rutinas, sitemaps, sitio
        from portal.apps import envejecen_paginas
        from tramites import admin, catalogo, hojas, models  # noqa: F401 -- the admin registers itself
        from tramites import bandeja as esperas
        from tramites.demo import recorrer
        from tramites.importacion import CARGAS
        from tramites.sitemaps import SITEMAPS

        envejecen_paginas(
            models.Tematica,
            models.Audiencia,
            models.SituacionDeVida,
            models.TramiteEnSituacion,
            models.PuntoDeAtencion,
            models.ValorDeReferencia,
            models.Racionalizacion,
        )

        rutinas.declarar(
            "medir-hojas-de-vida",
            "Volver a medir las hojas de vida",
            cada=timedelta(days=1),
            funcion=hojas.volver_a_medir,
            en_una_transaccion=False,
        )

        bandeja.registrar(esperas.de_tramites)
        importacion.CARGAS += CARGAS
        demo.CONTINUACIONES["trámites"] = recorrer
        busqueda.CLASES["tramite"] = "Trámite"
        middleware.APPS_PUBLICAS.add("tramites")
        sitemaps.SITEMAPS.update(SITEMAPS)
        sitio.LO_MAS_BUSCADO.append(catalogo.para_la_portada)
        sitio.MAPA += [
            sitio.Entrada("Trámites, de la A a la Z", "/tramites/"),
            sitio.Entrada("Situaciones de vida", "/situaciones/"),
            sitio.Entrada("Trámites publicados y en línea: cifras", "/tramites/avance/"),
            sitio.Entrada("Trámites más simples: racionalización", "/tramites/racionalizacion/"),
        ]
