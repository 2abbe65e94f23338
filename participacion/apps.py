from datetime import timedelta

from django.apps import AppConfig


class ParticipacionConfig(AppConfig):
    name = "participacion"
    verbose_name = "Participación"

    def ready(self):
        from participacion import models  # noqa: F401
        from portal import middleware
        from portal.audiencia import middleware as audiencia

        middleware.APPS_PUBLICAS.add("participacion")
        # Pages that anybody reads, with a form: those that a signed link opens are never counted.
        audiencia.CON_FORMULARIO |= {
            f"participacion:{pagina}"
            for pagina in ("encuesta", "consulta", "aportes", "tema", "proponer_tema", "suscripciones")
        }
        self._de_las_consultas()
        self._de_lo_que_dice_la_gente()
        self._del_boletin()

    def _de_las_consultas(self):
        """Surveys and consultations, with their desk and the duty of telling their outcome."""
        from participacion import acceso, recordatorios
        from participacion import bandeja as esperas
        from participacion.demo import recorrer
        from participacion.relevo import consultas_de
        from participacion.services import POR_ESCRIBIR
        from participacion.sitemaps import SITEMAPS
        from portal import bandeja, demo, rutinas, sitemaps, sitio
        from portal.admin import sitio_admin
        from portal.redaccion import comprobaciones
        from portal.redaccion.relevo import DE_OTRAS_APPS

        rutinas.declarar(
            "avisar-resultados",
            "Avisar de las consultas que deben su resultado",
            cada=timedelta(hours=20),
            horas=(6, 9),
            funcion=recordatorios.avisar,
        )
        bandeja.registrar_ramas(esperas.de_consultas)
        DE_OTRAS_APPS.append(consultas_de)
        comprobaciones.POR_ESCRIBIR.add(POR_ESCRIBIR)
        demo.CONTINUACIONES["encuestas y consultas"] = recorrer
        sitio_admin.botones.append(("Encuestas y consultas", "participacion:escritorio", acceso.le_interesa))
        sitemaps.SITEMAPS.update(SITEMAPS)
        responder = sitio.Entrada("Responda una encuesta", "/encuestas/")
        sitio.PUERTAS |= {
            "encuestas": responder,
            "participacion-en-linea": sitio.Entrada("Participe en una consulta", "/participa/"),
        }
        sitio.MAPA += [sitio.Entrada("Participa: encuestas y consultas", "/participa/"), responder]

    def _de_lo_que_dice_la_gente(self):
        """Comments, topics of interest, and whether each page was useful."""
        from participacion import aportes, bloques, opiniones
        from participacion.aportes_demo import opinar
        from participacion.bandeja_aportes import lo_que_dice_la_gente
        from participacion.views.aportes import en_la_consulta
        from participacion.views.escritorio_aportes import en_el_escritorio
        from participacion.views.temas import en_participa
        from portal import bandeja, demo, sitio
        from portal.admin import sitio_admin

        bandeja.registrar_ramas(lo_que_dice_la_gente)
        demo.CONTINUACIONES["aportes y opiniones"] = opinar
        bloques.EN_PARTICIPA.append(en_participa)
        bloques.EN_LA_CONSULTA.append(en_la_consulta)
        bloques.EN_EL_ESCRITORIO.append(en_el_escritorio)
        bloques.EN_EL_RESULTADO.append(aportes.para_el_resultado)
        sitio.MAPA.append(sitio.Entrada("Temas de interés", "/participa/temas/"))
        sitio_admin.botones.append(("Lo que dice la gente", "participacion:opiniones", opiniones.entra))

    def _del_boletin(self):
        """Subscriptions by mail and the bulletin of the week."""
        from participacion import bloques, suscripciones
        from participacion.boletin import decision, envio
        from participacion.boletin_demo import repartir
        from participacion.views.suscripciones import en_participa
        from portal import bandeja, demo, rutinas, sitio
        from portal.admin import sitio_admin

        rutinas.declarar(
            "preparar-boletin",
            "Preparar el boletín de la semana que terminó",
            cada=timedelta(hours=1),
            funcion=decision.preparar,
        )
        rutinas.declarar(
            "enviar-boletin",
            "Escribir los correos del boletín aprobado",
            cada=timedelta(minutes=1),
            funcion=envio.enviar,
        )
        rutinas.declarar(
            "olvidar-suscripciones",
            "Borrar los correos que nadie confirmó",
            cada=timedelta(hours=20),
            funcion=suscripciones.olvidar_sin_confirmar,
        )
        bandeja.registrar_ramas(decision.por_aprobar)
        sitio_admin.botones.append(("Boletín", "participacion:escritorio_boletines", decision.entra))
        demo.CONTINUACIONES["suscripciones y boletín"] = repartir
        bloques.EN_PARTICIPA.append(en_participa)
        sitio.NOVEDADES += [
            sitio.Entrada("Novedades por correo", "/suscripciones/"),
            sitio.Entrada("Boletín de la semana", "/boletin/"),
        ]
        sitio.MAPA += sitio.NOVEDADES
