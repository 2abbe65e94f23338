"""The rules on participation and handover: when what they ask is there, when it is not, and what they say."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participacion.models import Aporte
from portal import services
from portal.huella import huella_de
from portal.models import PeriodoDeGobierno
from seguimiento.models import ActividadDeEmpalme, DocumentoDeEmpalme, Empalme
from seguimiento.paginas import Lector, Pagina
from seguimiento.verificaciones import aplicar
from tests.builders import crear_publicada
from tests.seguimiento.builders import crear_criterio, hallar
from tests.seguimiento.builders_de_uso import crear_consulta, publicar_resultado

CUMPLE, PARCIAL, NO_CUMPLE = "cumple", "parcial", "no_cumple"


def hace(dias: float) -> datetime:
    return timezone.now() - timedelta(days=dias)


def crear(casa, clase: str = "consulta", *, abre: float = 20, cierra: float = -10, **campos):
    """Open from twenty days ago until within ten: both are days ago."""
    return crear_consulta(casa, clase=clase, abre=hace(abre), cierra=hace(cierra), **campos)


class TestASurvey:
    def test_none(self, casa):
        resultado, detalle, arreglo = hallar("encuesta-reciente", dias=90)

        assert (resultado, detalle) == (
            NO_CUMPLE,
            "No hay una encuesta abierta, ni cerrada en los últimos 90 días.",
        )
        assert arreglo.startswith("Abra una encuesta")

    def test_open_or_closed_lately(self, casa):
        vieja = crear(casa, "encuesta", abre=200, cierra=91)
        resultado, detalle, _arreglo = hallar("encuesta-reciente", dias=90)
        assert resultado == NO_CUMPLE and f"«{vieja}» (Planeación)" in detalle

        crear(casa, "encuesta", abre=200, cierra=89, titulo="La plaza")
        resultado, detalle, _arreglo = hallar("encuesta-reciente", dias=90)
        assert resultado == CUMPLE and "«La plaza» (Planeación)" in detalle

    @pytest.mark.parametrize(
        "campos",
        [
            {"clase": "votacion"},
            {"abre": -2},
            {
                "estado": "borrador",
                "autorizada_por": None,
                "autorizada_como": None,
                "autorizada_en": None,
                "huella": "",
            },
            {"abre": 200, "cierra": -300, "estado": "cerrada", "cerrada_en": hace(100)},
        ],
        ids=["other-kind", "not-yet", "draft", "closed-before-its-date"],
    )
    def test_what_does_not_count(self, casa, campos):
        crear(casa, **{"clase": "encuesta"} | campos)

        assert hallar("encuesta-reciente", dias=90)[0] == NO_CUMPLE


class TestComments:
    PEDIDO = {"clases": ["consulta", "proyecto"]}

    def test_a_consulta_needs_one_that_the_public_reads(self, casa):
        assert hallar("consulta-con-aportes", **self.PEDIDO)[1] == (
            "No se ha abierto una consulta o la consulta de un proyecto de norma."
        )
        crear(casa, "encuesta")
        assert hallar("consulta-con-aportes", **self.PEDIDO)[0] == NO_CUMPLE
        consulta = crear(casa, "proyecto", titulo="El plan de ordenamiento")
        Aporte.objects.create(consulta=consulta, texto="Por revisar.")
        resultado, detalle, _arreglo = hallar("consulta-con-aportes", **self.PEDIDO)
        assert resultado == PARCIAL and "«El plan de ordenamiento» (Planeación)" in detalle

        Aporte.objects.create(
            consulta=consulta,
            texto="Publicado.",
            estado="publicado",
            moderado_por=casa.editor,
            moderado_en=timezone.now(),
        )
        assert hallar("consulta-con-aportes", **self.PEDIDO)[0] == CUMPLE
        assert hallar("consulta-con-aportes", minimo=2, **self.PEDIDO)[0] == PARCIAL


class TestAKind:
    def test_a_draft_norm_with_its_term(self, casa):
        crear(casa, "consulta")
        assert hallar("hay-consulta", clases=["proyecto"])[:2] == (
            NO_CUMPLE,
            "No se ha abierto la consulta de un proyecto de norma.",
        )
        crear(casa, "proyecto", abre=-1, cierra=-5)
        assert hallar("hay-consulta", clases=["proyecto"])[0] == NO_CUMPLE
        crear(casa, "proyecto", titulo="Decreto de la plaza")
        resultado, detalle, _arreglo = hallar("hay-consulta", clases=["proyecto"])
        assert resultado == CUMPLE and detalle.startswith("«Decreto de la plaza» (Planeación): del ")


class TestOutcomes:
    def test_a_closed_one_whose_outcome_the_public_reads(self, casa):
        pedido = {"clases": ["votacion"]}
        assert hallar("consulta-con-resultado", **pedido)[1] == "No se ha cerrado una votación."
        crear(casa, "votacion")
        publicar_resultado(casa, crear(casa, "encuesta", cierra=1))
        assert hallar("consulta-con-resultado", **pedido)[0] == NO_CUMPLE
        votacion = crear(casa, "votacion", cierra=1, titulo="El nombre del parque")
        resultado, detalle, arreglo = hallar("consulta-con-resultado", **pedido)
        assert resultado == PARCIAL and "«El nombre del parque» (Planeación), cerrada el" in detalle
        assert arreglo == "Publique el resultado de «El nombre del parque» (Planeación)."

        publicar_resultado(casa, votacion)
        assert hallar("consulta-con-resultado", **pedido)[0] == CUMPLE
        services.retirar(votacion.resultado, por=casa.jefe, clase="error", motivo="No iba.")
        assert hallar("consulta-con-resultado", **pedido)[0] == PARCIAL

    def test_each_in_its_time(self, casa):
        def a_tiempo():
            return hallar("resultados-a-tiempo", dias=365)

        assert a_tiempo()[:2] == (NO_CUMPLE, "Todavía no se debe el resultado de ninguna consulta.")
        crear(casa, cierra=1)
        assert a_tiempo()[0] == NO_CUMPLE, "it is not due yet"
        publicar_resultado(casa, crear(casa, cierra=2))
        assert a_tiempo()[0] == CUMPLE

        debida = crear(casa, abre=90, cierra=40, titulo="Las vías")
        resultado, detalle, _arreglo = a_tiempo()
        assert resultado == PARCIAL
        assert "«Las vías» (Planeación), que lo debía el" in detalle
        publicar_resultado(casa, debida)
        assert a_tiempo()[0] == PARCIAL, "it came late"

    def test_what_was_published_on_the_last_day_was_in_time(self, casa):
        consulta = crear(casa, abre=90, cierra=40)
        limite = timezone.make_aware(datetime.combine(consulta.resultado_hasta, datetime.max.time()))
        publicar_resultado(casa, consulta, en=limite - timedelta(hours=1))

        assert hallar("resultados-a-tiempo", dias=365)[0] == CUMPLE

    def test_what_was_due_long_ago_is_no_longer_judged(self, casa):
        crear(casa, abre=500, cierra=450)

        assert hallar("resultados-a-tiempo", dias=365)[1].startswith("Todavía no se debe")


class TestTheInvitation:
    def test_a_live_text_that_links_one_that_is_open(self, casa):
        assert "abierta a la que invitar" in hallar("invitacion-a-participar")[1]
        cerrada = crear(casa, cierra=1)
        invitar(casa, cerrada)
        assert hallar("invitacion-a-participar")[0] == NO_CUMPLE
        abierta = crear(casa, "encuesta", titulo="La plaza")
        resultado, detalle, _arreglo = hallar("invitacion-a-participar")
        assert (resultado, detalle) == (PARCIAL, "Ninguna publicación enlaza «La plaza» (Planeación).")

        invita = invitar(casa, abierta)
        assert hallar("invitacion-a-participar")[:2] == (CUMPLE, "Invita «Participe» (Planeación).")
        services.retirar(invita, por=casa.jefe, clase="error", motivo="No iba.")
        assert hallar("invitacion-a-participar")[0] == PARCIAL


def invitar(casa, consulta):
    enlace = f'<p><a href="{consulta.get_absolute_url()}">Diga qué opina</a></p>'
    return crear_publicada(casa, titulo="Participe", cuerpo=enlace)


class TestPages:
    def test_each_answers(self, casa, monkeypatch):
        paginas = ["/canales/", "/rss/"]
        assert hallar("paginas-responden", paginas=paginas)[0] == CUMPLE
        assert hallar("paginas-responden", paginas=[*paginas, "/no-existe/"]) == (
            PARCIAL,
            "No responden: /no-existe/.",
            "Pida a quien administra el sitio que las revise.",
        )
        monkeypatch.setattr(Lector, "seguir", lambda _lector, ruta: Pagina(ruta, 404, ""))
        assert hallar("paginas-responden", paginas=paginas)[0] == NO_CUMPLE

    def test_subscriptions_are_there(self, casa):
        assert hallar("paginas-responden", paginas=["/suscripciones/", "/rss/"])[0] == CUMPLE


class TestHandover:
    @pytest.fixture
    def empalme(self, db):
        saliente, entrante = (
            PeriodoDeGobierno.objects.create(nombre=nombre, slug=slug, desde=desde, hasta=hasta)
            for nombre, slug, desde, hasta in (
                ("Administración 2008-2011", "g-2008", date(2008, 1, 1), date(2011, 12, 31)),
                ("Administración 2012-2015", "g-2012", date(2012, 1, 1), date(2015, 12, 31)),
            )
        )
        return Empalme.objects.create(
            saliente=saliente, entrante=entrante, desde=date(2011, 12, 10), hasta=date(2011, 12, 31)
        )

    def publicar(self, casa, empalme, dia: date) -> DocumentoDeEmpalme:
        publicacion = crear_publicada(casa, titulo="Documento de empalme")
        momento = timezone.make_aware(datetime.combine(dia, datetime.min.time()))
        type(publicacion).objects.filter(pk=publicacion.pk).update(publicada_en=momento)
        return DocumentoDeEmpalme.objects.create(
            empalme=empalme,
            anio=2011,
            consecutivo=1,
            estado="firmado",
            datos={},
            huella=huella_de({}),
            firmado_por=casa.secretaria,
            firmado_como=casa.cargo_jefe,
            firmado_en=momento,
            firma="Secretaría",
            huella_firmada="b" * 64,
            publicacion=publicacion,
        )

    def socializar(self, casa, empalme) -> None:
        ActividadDeEmpalme.objects.create(
            empalme=empalme,
            clase="socializacion",
            titulo="Audiencia",
            responsable=casa.cargo_jefe,
            fecha=date(2011, 12, 20),
            hecha_en=date(2011, 12, 20),
            acta="Asistieron 80 personas.",
        )

    def test_without_any(self, casa):
        assert hallar("empalme-publicado")[1] == "No hay un empalme registrado."

    def test_in_its_window_and_told_to_the_community(self, casa, empalme):
        resultado, detalle, arreglo = hallar("empalme-publicado")
        assert resultado == NO_CUMPLE and str(empalme) in detalle
        assert "31 de diciembre de 2011" in arreglo
        documento = self.publicar(casa, empalme, date(2011, 12, 31))
        resultado, detalle, _arreglo = hallar("empalme-publicado")
        assert resultado == PARCIAL and "socialización" in detalle and str(documento) in detalle

        self.socializar(casa, empalme)
        assert hallar("empalme-publicado")[0] == CUMPLE
        services.retirar(documento.publicacion, por=casa.jefe, clase="error", motivo="No iba.")
        assert hallar("empalme-publicado")[0] == NO_CUMPLE

    def test_after_its_window(self, casa, empalme):
        self.publicar(casa, empalme, date(2012, 1, 1))
        self.socializar(casa, empalme)

        resultado, detalle, _arreglo = hallar("empalme-publicado")

        assert resultado == PARCIAL
        assert "se publicó el 1 de enero de 2012, después del 31 de diciembre de 2011" in detalle


DE_LA_BASE = {
    "encuesta-reciente": {},
    "consulta-con-aportes": {"clases": ["consulta"]},
    "hay-consulta": {"clases": ["proyecto"]},
    "consulta-con-resultado": {"clases": ["votacion"]},
    "resultados-a-tiempo": {},
    "invitacion-a-participar": {},
    "empalme-publicado": {},
}


def test_they_cost_the_same_with_one_of_each_or_with_fifteen(casa):
    criterios = [crear_criterio(regla, parametros=p) for regla, p in DE_LA_BASE.items()]

    def agregar(cuantas: int) -> None:
        for _ in range(cuantas):
            for clase in ("encuesta", "consulta", "proyecto", "votacion"):
                crear(casa, clase)
                crear(casa, clase, abre=90, cierra=40)
            crear_publicada(casa)

    def costos() -> dict[str, int]:
        cuentas = {}
        for criterio in criterios:
            with CaptureQueriesContext(connection) as consultas:
                aplicar(criterio, timezone.now())
            cuentas[criterio.regla] = len(consultas)
        return cuentas

    agregar(1)
    con_una = costos()
    agregar(14)

    assert costos() == con_una
    assert max(con_una.values()) <= 8
