from datetime import timedelta

from django.apps import AppConfig


class VentanillaConfig(AppConfig):
    name = "ventanilla"
    verbose_name = "Ventanilla única"

    def ready(self):
        from portal import bandeja, demo, importacion, rutinas, sitemaps, sitio
        from portal.admin import sitio_admin
        from portal.audiencia import middleware as audiencia
        from portal.redaccion.relevo import DE_OTRAS_APPS
        from tramites.en_linea import RECEPCIONES
        from ventanilla import admin, alertas, depuracion, formularios, importacion_de_formularios, models  # noqa: F401 -- the admin registers itself
        from ventanilla import bandeja as esperas
        from ventanilla.acceso import entra
        from ventanilla.demo import recorrer
        from ventanilla.importacion import CARGAS
        from ventanilla.relevo import radicados_de
        from ventanilla.sitemaps import SITEMAPS

        # Pages that anybody reads, with a form: what was filed is opened by others, which are never counted.
        audiencia.CON_FORMULARIO |= {
            f"ventanilla:{pagina}"
            for pagina in ("pqrsd", "solicitar", "consulta", "cifras", "verificar_buscar")
        }

        rutinas.declarar(
            "avisar-terminos",
            "Avisar de los radicados cerca de su término",
            cada=timedelta(hours=20),
            horas=(6, 9),
            funcion=alertas.avisar_terminos,
        )
        rutinas.declarar(
            "cerrar-respondidos",
            "Cerrar los radicados respondidos que nadie reabrió",
            cada=timedelta(days=1),
            funcion=alertas.cerrar_respondidos,
            en_una_transaccion=False,
        )
        rutinas.declarar(
            "olvidar-borradores-de-radicado",
            "Borrar lo que nadie terminó de radicar",
            cada=timedelta(days=1),
            funcion=depuracion.olvidar_borradores,
            en_una_transaccion=False,
        )

        bandeja.registrar(esperas.de_ventanilla)
        DE_OTRAS_APPS.append(radicados_de)
        importacion.CARGAS += CARGAS + importacion_de_formularios.CARGAS
        demo.CONTINUACIONES["radicados"] = recorrer
        RECEPCIONES["ventanilla:solicitar"] = formularios.en_linea
        sitio_admin.botones.append(("Radicados", "ventanilla:radicados", entra))

        presentar = sitio.Entrada("Presente una petición, queja o denuncia", "/pqrsd/")
        sitio.ATENCION += [
            presentar,
            sitio.Entrada("Consulte su radicado", "/radicados/consulta/"),
            sitio.Entrada("Compruebe un documento", "/verificar/"),
            sitio.Entrada("Cifras de atención", "/radicados/cifras/"),
        ]
        sitio.PUERTAS |= {"quejas-y-reclamos": presentar, "contactenos": presentar}
        sitio.MAPA += sitio.ATENCION
        sitemaps.SITEMAPS.update(SITEMAPS)
