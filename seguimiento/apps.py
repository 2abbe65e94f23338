from datetime import timedelta

from django.apps import AppConfig


class SeguimientoConfig(AppConfig):
    name = "seguimiento"
    verbose_name = "Seguimiento"

    def ready(self):
        self._de_los_criterios()
        self._del_plan()
        self._del_uso()  # before the reports, which tell it
        self._de_los_informes()
        self._del_empalme()

    def _de_los_criterios(self):
        """The marcos, and the rules that prove their criteria each night."""
        from portal import bandeja, importacion, rutinas
        from portal.apps import envejecen_paginas
        from seguimiento import models, verificaciones  # noqa: F401 -- the rules register themselves
        from seguimiento.bandeja import criterios_que_no_se_cumplen
        from seguimiento.evaluacion import verificar_de_noche
        from seguimiento.importacion import CARGAS

        envejecen_paginas(models.Marco, models.Fase, models.Criterio, models.Equivalencia)

        importacion.CARGAS += CARGAS
        bandeja.registrar(criterios_que_no_se_cumplen)
        rutinas.declarar(
            "verificar-criterios",
            "Verificar los criterios",
            cada=timedelta(hours=20),
            horas=(2, 6),
            funcion=verificar_de_noche,
            en_una_transaccion=False,
        )

    def _del_plan(self):
        """The plan, its indicators and the pages that anybody reads."""
        from portal import demo, importacion, middleware, rutinas, sitemaps, sitio
        from portal.apps import envejecen_paginas
        from seguimiento import admin, mediciones, models, plan_importacion  # noqa: F401 -- the admin registers
        from seguimiento.plan_demo import completar, promover
        from seguimiento.sitemaps import SITEMAPS

        envejecen_paginas(
            models.Plan,
            models.Miembro,
            models.AccionDelPlan,
            models.Actividad,
            models.Indicador,
            models.DatoAportado,
            models.Campana,
        )

        rutinas.declarar(
            "medir-indicadores",
            "Medir los indicadores de la semana que terminó",
            cada=timedelta(hours=1),
            funcion=mediciones.medir_pendientes,
            en_una_transaccion=False,
        )
        demo.CONTINUACIONES["datos del plan"] = completar
        demo.CONTINUACIONES["campañas"] = promover
        importacion.CARGAS += plan_importacion.CARGAS  # after the phases, which some indicators name
        middleware.APPS_PUBLICAS.add("seguimiento")
        sitemaps.SITEMAPS.update(SITEMAPS)
        sitio.MAPA += [
            sitio.Entrada("Gobierno en línea: avance por fases", "/gobierno-en-linea/"),
            sitio.Entrada("Plan de acción: metas e indicadores", "/gobierno-en-linea/plan-de-accion/"),
        ]

    def _de_los_informes(self):
        """The report of each week, what waits because of it, and what the demonstration shows of it."""
        from portal import bandeja, demo, rutinas, sitio
        from portal.redaccion import destinos
        from seguimiento import informes
        from seguimiento.bandeja import informes_y_preguntas
        from seguimiento.demo import informar

        bandeja.registrar_ramas(informes_y_preguntas)
        rutinas.declarar(
            "informe-semanal",
            "Cerrar la semana que terminó en su informe",
            cada=timedelta(hours=1),
            funcion=informes.cerrar_semanas,
            en_una_transaccion=False,
        )
        demo.CONTINUACIONES["informes semanales"] = informar
        destinos.SALEN_CON_EL_TEXTO.append(informes.paginas_que_salen_con)
        sitio.MAPA.append(sitio.Entrada("Informes semanales", "/informes-semanales/"))

    def _del_uso(self):
        """How the site is read."""
        from portal import demo, sitio
        from portal.admin import sitio_admin
        from seguimiento.evaluacion_de_uso import suele_evaluar
        from seguimiento.uso_demo import leer

        demo.CONTINUACIONES["audiencia"] = leer
        sitio.MAPA.append(sitio.Entrada("Cómo se usa este sitio", "/gobierno-en-linea/uso/"))
        sitio_admin.botones.append(("Evaluación de uso", "seguimiento:evaluar_uso", suele_evaluar))

    def _del_empalme(self):
        """The handover between two governments, its tasks and what the demonstration shows of it."""
        from portal import alcance, bandeja, demo, sitio
        from portal.admin import sitio_admin
        from portal.apps import envejecen_paginas
        from portal.redaccion import destinos
        from portal.redaccion.relevo import DE_OTRAS_APPS
        from seguimiento import models
        from seguimiento.empalme import proceso
        from seguimiento.empalme.bandeja import empalme_en_curso
        from seguimiento.empalme.demo import simular
        from seguimiento.empalme.documento import paginas_que_salen_con
        from seguimiento.empalme.relevo import actividades_de

        envejecen_paginas(
            models.Empalme,
            models.ActividadDeEmpalme,
            models.FuncionarioEntrante,
            models.DocumentoDeEmpalme,
        )
        alcance.MARCAS |= {
            proceso.DEL_COMITE: proceso.del_comite,
            proceso.DE_QUIEN_ENTRA: proceso.de_quien_entra,
        }
        sitio_admin.botones.append(("Empalme", "seguimiento:empalmes", proceso.lo_halla_en_la_bandeja))
        bandeja.registrar_ramas(empalme_en_curso)
        DE_OTRAS_APPS.append(actividades_de)
        demo.CONTINUACIONES["empalme"] = simular
        destinos.SALEN_CON_EL_TEXTO.append(paginas_que_salen_con)
        sitio.MAPA.append(sitio.Entrada("Empalme entre gobiernos", "/gobierno-en-linea/empalme/"))
