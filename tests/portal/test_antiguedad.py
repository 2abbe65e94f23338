"""How old each channel is, who is told and when, and what withdraws by itself when nobody reviews it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from portal import rutinas, services
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.flujo_editorial import FLUJO
from portal.models import (
    Actualizacion,
    Asignacion,
    Canal,
    Correo,
    EjecucionDeRutina,
    EntradaDeBusqueda,
    Paso,
    Titularidad,
)
from portal.redaccion import antiguedad
from tests.builders import (
    CAMINOS,
    _dar_paso,
    asignar,
    crear_canal,
    crear_cargo,
    crear_publicada,
    crear_usuario,
    crear_version,
    en_fecha,
)
from tests.portal.test_admin import url_accion

UN_DIA = timedelta(days=1)
AHORA = en_fecha("2026-11-18", 7)
N = 180


@pytest.fixture(autouse=True)
def direccion(settings):
    settings.PORTAL_URL = "https://www.ejemplo.gov.co"


@pytest.fixture
def con_correo(casa):
    """The same house, where everybody has an address and the past has posts."""
    for persona in vars(casa).values():
        if hasattr(persona, "email"):
            persona.email = f"{persona.username}@ejemplo.gov.co"
            persona.save()
    Titularidad.objects.update(desde=date(2020, 1, 1))
    Canal.history.update(history_date=en_fecha("2020-01-01"))
    return casa


def del_canal(canal, en=AHORA):
    return next(estado for estado in antiguedad.estado_de_canales(en) if estado.canal == canal)


def hace(dias: int):
    return AHORA - UN_DIA * dias


class TestAge:
    @pytest.mark.parametrize(
        "maximo, dias, vencido, proximo",
        [
            (31, 23, False, False),
            (31, 25, False, True),  # a fifth of 31 is 6,2 days
            (31, 30, False, True),
            (31, 31, True, False),
            (365, 357, False, False),
            (365, 358, False, True),  # seven days are less than a fifth
            (3, 2, False, False),
            (3, 3, True, False),
        ],
    )
    def test_near_is_the_last_fifth_or_a_week(self, casa, maximo, dias, vencido, proximo):
        casa.canal.edad_maxima_dias = maximo
        casa.canal.save()
        crear_version(casa, "publicada", en=hace(dias))

        estado = del_canal(casa.canal)

        assert (estado.dias, estado.vencido, estado.proximo) == (dias, vencido, proximo)
        assert estado.vence == timezone.localdate(hace(dias)) + UN_DIA * maximo

    def test_a_minor_edit_does_not_renew_and_a_review_does(self, casa):
        publicacion = crear_publicada(casa, en=hace(40))
        Actualizacion.anotar(
            "menor", canal=casa.canal, dependencia=casa.planeacion, descripcion="Tilde", en=hace(1)
        )
        assert del_canal(casa.canal).dias == 40

        services.ratificar_vigencia(publicacion, por=casa.autora, en=hace(2))

        assert del_canal(casa.canal).dias == 2
        assert del_canal(casa.canal).frase == "Hace 2 días; el plazo es de 31"

    def test_what_was_never_updated_is_the_worst_and_is_due_since_it_exists(self, casa):
        nuevo = crear_canal(casa.planeacion, edad_maxima_dias=90)
        crear_version(casa, "publicada", en=hace(300))

        primero, segundo = antiguedad.estado_de_canales(AHORA)

        assert (primero.canal, primero.dias, primero.vencido) == (nuevo, None, True)
        assert primero.vence == timezone.localdate()
        assert primero.frase.startswith("Nunca se ha actualizado")
        assert segundo.canal == casa.canal

    @pytest.mark.parametrize("campo", ["publico", "activo"])
    def test_what_the_public_does_not_see_and_what_has_no_maximum_are_not_there(self, casa, campo):
        crear_canal(casa.planeacion, edad_maxima_dias=90, **{campo: False})
        crear_canal(casa.planeacion)

        assert [estado.canal for estado in antiguedad.estado_de_canales(AHORA)] == [casa.canal]

    def test_says_who_writes_it_today(self, casa):
        Titularidad.objects.update(desde=date(2020, 1, 1))
        assert del_canal(casa.canal).a_quien == (casa.autora,)

        casa.autora.is_active = False
        casa.autora.save()

        assert del_canal(casa.canal).a_quien == ()

    @pytest.mark.parametrize("canales", [1, 15])
    def test_costs_the_same_however_many(self, casa, django_assert_num_queries, canales):
        for _ in range(canales):
            asignar(crear_canal(casa.planeacion, edad_maxima_dias=90), autor=casa.cargo_autor)

        with django_assert_num_queries(3):
            estados = antiguedad.estado_de_canales(AHORA)
        with django_assert_num_queries(1):
            antiguedad.estado_de_canales(AHORA, con_personas=False)

        assert len(estados) == canales + 1


class TestWarnings:
    """The maximum of the channel is 31 days: a quarter are 8 and a half 16."""

    def avisar(self, dias: int) -> dict[str, str]:
        """What each person was told on the day the channel is that old."""
        previos = set(Correo.objects.values_list("pk", flat=True))
        antiguedad.avisar(AHORA + UN_DIA * dias)
        nuevos = Correo.objects.exclude(pk__in=previos)
        return {correo.para.partition("@")[0]: correo.texto for correo in nuevos}

    @pytest.fixture
    def publicada(self, con_correo):
        publicacion = crear_publicada(con_correo, en=AHORA + timedelta(hours=5))
        Correo.objects.all().delete()
        return publicacion

    def test_first_the_cargo_then_the_head_then_secretaria_general_each_level_once(self, publicada):
        dichos = {dias: set(quienes) for dias in range(25, 80) if (quienes := self.avisar(dias))}

        assert dichos == {
            31: {"autora"},
            39: {"autora", "jefe"},
            47: {"autora", "jefe", "secretaria"},
        }

    def test_the_message_says_the_days_and_what_to_do(self, con_correo, publicada):
        carta = self.avisar(31)["autora"]

        assert "- Programas y proyectos\n  Hace 31 días que no se actualiza." in carta
        assert "Su plazo es de 31 días. Se cumple hoy." in carta
        assert "Qué hacer: actualizar o ratificar." in carta
        assert f"https://www.ejemplo.gov.co/admin/portal/version/add/?canal={con_correo.canal.pk}" in carta
        assert f"publicacion/?canal__id__exact={con_correo.canal.pk}" in carta
        tarde = self.avisar(40)
        assert "Va 9 días tarde.\n  También se avisó a la jefatura de la dependencia.\n" in tarde["autora"]
        assert "y a la Secretaría General" in self.avisar(60)["secretaria"]

    def test_days_on_which_nothing_ran_lose_nothing_and_repeat_nothing(self, publicada):
        assert set(self.avisar(50)) == {"autora", "jefe", "secretaria"}
        assert self.avisar(50) == {}
        assert self.avisar(51) == {}

    def test_after_an_update_it_begins_again(self, con_correo, publicada):
        self.avisar(31)
        services.ratificar_vigencia(publicada, por=con_correo.autora, en=AHORA + UN_DIA * 33)

        assert self.avisar(40) == {}
        assert set(self.avisar(33 + 31)) == {"autora"}

    def test_a_message_a_day_lists_all_the_channels_of_a_person(self, con_correo, publicada):
        otro = crear_canal(con_correo.planeacion, nombre="Estratificación", edad_maxima_dias=31)
        asignar(otro, autor=con_correo.cargo_autor, editor=con_correo.cargo_editor)
        crear_publicada(con_correo, canal=otro, en=AHORA + timedelta(hours=6))

        cartas = self.avisar(31)

        assert set(cartas) == {"autora"}
        assert "Programas y proyectos" in cartas["autora"]
        assert "Estratificación" in cartas["autora"]
        assert Correo.objects.get().asunto == "Por actualizar: 2 canales"

    def test_a_cargo_without_holder_is_told_to_secretaria_general_at_once(self, con_correo, publicada):
        Titularidad.objects.filter(persona=con_correo.autora).delete()

        cartas = self.avisar(31)

        assert set(cartas) == {"secretaria"}
        assert "Ningún cargo que escriba en él tiene hoy quien lo ocupe." in cartas["secretaria"]

    def test_a_channel_that_was_never_updated_is_told_too(self, con_correo):
        assert set(self.avisar(0)) == {"autora", "jefe", "secretaria"}
        assert "Nunca se ha actualizado. Su plazo es de 31 días.\n" in Correo.objects.first().texto

    def test_another_office_is_told_nothing(self, con_correo, publicada):
        assert not {"tesorero", "alcalde", "editor"} & set(self.avisar(70))

    def test_the_rutina_says_what_it_did(self, publicada):
        ejecucion = rutinas.correr(rutinas.registro["avisar-antiguedad"], en=AHORA + UN_DIA * 31)

        assert ejecucion.resultado == "Canales que pasaron su plazo: 1. Correos: 1."


def que_se_retira(casa, **campos) -> Canal:
    """The channel of the house, set long ago to withdraw what nobody reviews in 180 days."""
    casa.canal.retiro_automatico_dias = N
    casa.canal.tipos = ["noticia", "pagina", "documento"]
    casa.canal.save()
    Canal.history.update(history_date=en_fecha("2020-01-01"))
    return casa.canal


def corrida(en) -> None:
    """The rutina ran well at that moment."""
    EjecucionDeRutina.objects.create(rutina=antiguedad.RETIRAR, inicio=en, duracion_ms=1, bien=True)


class TestWithdrawalByItself:
    @pytest.fixture
    def publicada(self, con_correo):
        que_se_retira(con_correo)
        publicacion = crear_publicada(con_correo, en=AHORA - UN_DIA * N, titulo="Jornada de salud")
        Correo.objects.all().delete()
        return publicacion

    def retirar(self, en=AHORA) -> str:
        """As the rutina does on a machine that was on."""
        corrida(en - UN_DIA * 15)
        return services.retirar_sin_revisar(en)

    def test_after_a_time_without_running_it_warns_before_it_withdraws(self, publicada):
        resultado = services.retirar_sin_revisar(AHORA)

        publicada.refresh_from_db()
        assert resultado == "No corría hace 15 días: hoy solo avisa. Avisos de retiro: 1."
        assert publicada.retirada_en is None
        aviso = Correo.objects.get(clave__startswith="retiros")
        assert date_format(timezone.localdate(AHORA) + UN_DIA * 15) in aviso.texto
        corrida(AHORA)
        for dias in (1, 14):
            resultado = services.retirar_sin_revisar(AHORA + UN_DIA * dias)
            assert "hoy solo avisa. Avisos de retiro: 0" in resultado
        assert "Jornada de salud" in services.retirar_sin_revisar(AHORA + UN_DIA * 15)

    def test_what_nobody_reviewed_is_withdrawn_counted_and_told(self, con_correo, publicada):
        resultado = self.retirar()

        publicada.refresh_from_db()
        assert resultado == "Retiradas: «Jornada de salud»."
        assert (publicada.retirada_clase, publicada.retirada_en) == ("sin_revisar", AHORA)
        assert publicada.version_publica.estado == "retirada"
        assert Actualizacion.objects.filter(publicacion=publicada, clase="retiro", por=None).count() == 1
        paso = Paso.objects.latest("pk")
        assert (paso.accion, paso.por, paso.motivo) == (
            "retirar_sin_revisar",
            None,
            publicada.retirada_motivo,
        )
        carta = Correo.objects.get(clave__startswith="retirada-sin-revisar")
        assert carta.para == "autora@ejemplo.gov.co"
        assert "(180 días) sin que nadie confirmara que sigue vigente" in carta.texto
        assert reverse("admin:portal_publicacion_change", args=[publicada.pk]) in carta.texto

    def test_twice_does_it_once(self, publicada):
        self.retirar()

        assert self.retirar(AHORA + UN_DIA) == "Nada por retirar."
        assert Actualizacion.objects.filter(clase="retiro").count() == 1
        assert antiguedad.retiros(publicada.canal.publicaciones.all()) == []

    def test_its_page_stays_with_the_notice_and_leaves_every_list(self, client, publicada):
        url = publicada.get_absolute_url()
        assert EntradaDeBusqueda.objects.filter(clase="publicacion", objeto=publicada.pk).exists()

        self.retirar()

        pagina = client.get(url)
        assert pagina.status_code == 200
        assert (
            "Esta página se retiró porque pasó su plazo de revisión (180 días) "
            "sin que nadie confirmara que sigue vigente." in pagina.text
        )
        assert "La obra empieza el" in pagina.text
        for lista in ("/", publicada.canal.get_absolute_url(), "/sitemap.xml", "/rss/", "/buscar/?q=jornada"):
            assert url not in client.get(lista).text, lista
        assert not EntradaDeBusqueda.objects.filter(clase="publicacion", objeto=publicada.pk).exists()

    @pytest.mark.parametrize(
        "cambio",
        ["documento", "ruta fija", "sin plazo", "revisada", "canal cerrado"],
    )
    def test_never_what_the_law_asks_for_nor_what_is_not_due(self, con_correo, cambio):
        canal = que_se_retira(con_correo)
        del_tipo = {"tipo": "documento", "norma_tipo": "decreto", "norma_fecha": date(2026, 1, 1)}
        publicacion = crear_publicada(
            con_correo, en=AHORA - UN_DIA * 400, **(del_tipo if cambio == "documento" else {})
        )
        if cambio == "ruta fija":
            services.fijar_ruta(publicacion, ruta="/soporte/", por=con_correo.secretaria, en=AHORA)
        elif cambio == "revisada":
            services.ratificar_vigencia(publicacion, por=con_correo.autora, en=AHORA - UN_DIA * (N - 1))
        else:
            canal.retiro_automatico_dias = None if cambio == "sin plazo" else N
            canal.activo = cambio != "canal cerrado"
            canal.save()

        assert self.retirar().startswith("Nada por retirar.")
        with pytest.raises(CondicionIncumplida, match="Todavía no pasa su plazo"):
            FLUJO.ejecutar(
                "retirar_sin_revisar",
                publicacion.version_publica,
                por=None,
                en=AHORA,
                motivo="Ya.",
                clase="sin_revisar",
            )

    def test_the_cargo_is_told_fifteen_days_before_once(self, con_correo, publicada):
        assert self.retirar(AHORA - UN_DIA * 16) == "Nada por retirar."
        assert not Correo.objects.exists()

        assert self.retirar(AHORA - UN_DIA * 15) == "Nada por retirar. Avisos de retiro: 1."
        self.retirar(AHORA - UN_DIA * 15)
        self.retirar(AHORA - UN_DIA * 14)

        carta = Correo.objects.get()
        assert carta.para == "autora@ejemplo.gov.co"
        assert carta.asunto == "Por revisar, o se retira sola: Jornada de salud"
        assert "Se retira el miércoles 18 de noviembre de 2026." in carta.texto
        assert "«Revisado: sigue vigente»" in carta.texto

    def test_a_review_in_time_brings_the_clock_back_and_later_it_is_told_again(self, con_correo, publicada):
        self.retirar(AHORA - UN_DIA * 15)
        services.ratificar_vigencia(publicada, por=con_correo.autora, en=AHORA - UN_DIA)

        assert self.retirar() == "Nada por retirar."
        otra_vez = AHORA + UN_DIA * (N - 1)
        assert self.retirar(otra_vez - UN_DIA * 15) == "Nada por retirar. Avisos de retiro: 1."
        assert self.retirar(otra_vez).startswith("Retiradas:")

    def test_a_channel_that_is_set_up_today_gives_fifteen_days_however_old_its_pages_are(self, con_correo):
        crear_publicada(con_correo, en=AHORA - UN_DIA * 900)
        que_se_retira(con_correo)
        ultima = Canal.history.order_by("-history_id").first()
        Canal.history.filter(history_id=ultima.history_id).update(history_date=AHORA)

        assert self.retirar() == "Nada por retirar. Avisos de retiro: 1."
        assert self.retirar(AHORA + UN_DIA * 14) == "Nada por retirar."
        assert self.retirar(AHORA + UN_DIA * 15).startswith("Retiradas:")

    def test_a_new_version_is_the_way_back(self, con_correo, client, publicada):
        self.retirar()

        nueva = services.nueva_version(publicada, por=con_correo.autora, en=AHORA)
        for paso in CAMINOS["publicada"]:
            _dar_paso(con_correo, nueva, paso, AHORA + UN_DIA)

        publicada.refresh_from_db()
        assert (publicada.retirada_en, publicada.retirada_clase, publicada.retirada_motivo) == (None, "", "")
        assert "Esta página se retiró" not in client.get(publicada.get_absolute_url()).text
        assert publicada.get_absolute_url() in client.get(publicada.canal.get_absolute_url()).text
        assert self.retirar(AHORA + UN_DIA * 2) == "Nada por retirar."

    def test_one_that_fails_does_not_stop_the_others(self, con_correo, publicada):
        mala = crear_publicada(con_correo, en=AHORA - UN_DIA * (N + 1), titulo="Mala")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute(
                "CREATE FUNCTION pg_temp.no() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE 'disco lleno'; END $$"
            )
            cursor.execute(
                "CREATE TRIGGER no BEFORE UPDATE ON portal_publicacion FOR EACH ROW "
                f"WHEN (NEW.id = {mala.pk}) EXECUTE FUNCTION pg_temp.no()"
            )

        resultado = self.retirar()

        assert resultado.startswith("Retiradas: «Jornada de salud». No se retiraron: «Mala»: disco lleno")
        mala.refresh_from_db()
        assert mala.retirada_en is None
        assert mala.version_publica.estado == "publicada"

    def test_without_holder_of_the_cargo_secretaria_general_is_told(self, con_correo, publicada):
        Asignacion.objects.filter(canal=con_correo.canal, funcion="autor").delete()

        self.retirar()

        assert [carta.para for carta in Correo.objects.all()] == ["secretaria@ejemplo.gov.co"]

    def test_the_rutina_is_declared(self, publicada):
        corrida(AHORA - UN_DIA * 15)
        ejecucion = rutinas.correr(rutinas.registro["retirar-sin-revisar"], en=AHORA)

        assert ejecucion.resultado == "Retiradas: «Jornada de salud»."

    @pytest.mark.parametrize("quien", ["autora", "jefe", "secretaria", "admin"])
    def test_no_person_withdraws_like_this_from_any_door(self, con_correo, client, publicada, quien):
        persona, version = getattr(con_correo, quien), publicada.version_publica
        client.force_login(persona)

        with pytest.raises(SinPermiso):
            FLUJO.ejecutar(
                "retirar_sin_revisar", version, por=persona, motivo="Ya.", clase="sin_revisar", en=AHORA
            )
        with pytest.raises((CondicionIncumplida, SinPermiso)):
            services.retirar(publicada, por=persona, clase="sin_revisar", motivo="Ya.", en=AHORA)
        paso = reverse("admin:portal_version_paso", args=[version.pk, "retirar_sin_revisar"])
        assert client.post(paso, {"motivo": "Ya."}).status_code == 404
        respuesta = client.post(url_accion(publicada, "retirar"), {"clase": "sin_revisar", "motivo": "Ya."})
        assert respuesta.status_code in (403, 409, 422)
        publicada.refresh_from_db()
        assert publicada.retirada_en is None

    def test_nobody_is_offered_that_kind(self, con_correo, client, publicada):
        client.force_login(con_correo.jefe)

        pagina = client.get(reverse("admin:portal_publicacion_change", args=[publicada.pk])).text

        assert "Ya no está vigente" in pagina
        assert "Pasó su plazo sin que nadie la revisara" not in pagina

    def test_what_was_withdrawn_by_somebody_else_is_left_alone(self, con_correo, publicada):
        services.retirar(
            publicada, por=con_correo.jefe, clase="sin_vigencia", motivo="Pasó.", en=AHORA - UN_DIA
        )

        assert self.retirar() == "Nada por retirar."
        with pytest.raises(EstadoInadecuado):
            FLUJO.ejecutar(
                "retirar_sin_revisar",
                publicada.version_publica,
                por=None,
                motivo="Ya.",
                clase="sin_revisar",
                en=AHORA,
            )

    @pytest.mark.parametrize("paginas", [1, 15])
    def test_looking_costs_the_same_however_many(self, con_correo, django_assert_num_queries, paginas):
        que_se_retira(con_correo)
        for _ in range(paginas):
            crear_publicada(con_correo, en=AHORA - UN_DIA * (N - 10))

        with django_assert_num_queries(2):
            halladas = antiguedad.retiros(
                con_correo.canal.publicaciones.all(), hasta=timezone.localdate(AHORA) + UN_DIA * 10
            )

        assert len(halladas) == paginas
        assert {retiro.dia for retiro in halladas} == {timezone.localdate(AHORA) + UN_DIA * 10}


def test_a_person_of_another_office_holds_no_channel_here(casa):
    crear_usuario("otra", crear_cargo(casa.planeacion))

    assert [persona.username for persona in del_canal(casa.canal, timezone.now()).a_quien] == ["autora"]
