"""The main job, and every way in which it must refuse."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from portal import services
from portal.flujo import CondicionIncumplida, EstadoInadecuado, SinPermiso
from portal.flujo_editorial import FLUJO
from portal.models import Actualizacion, Autorizacion, Cargo, Publicacion, Titularidad, Version
from tests.builders import CAMINOS, crear_titularidad, crear_version


def test_the_main_job_ends_live_with_one_update(casa):
    version = crear_version(casa, "por_autorizar")

    acto = services.autorizar(version, por=casa.jefe, huella=version.huella())
    services.publicar(version, por=casa.jefe)

    publicacion = Publicacion.objects.get()
    assert publicacion.version_publica == version
    assert acto.numero == f"{timezone.localdate().year}-0001"
    assert (acto.persona, acto.cargo) == (casa.jefe, casa.cargo_jefe)
    assert acto.huella == version.huella()
    assert [(a.clase, a.canal) for a in Actualizacion.objects.all()] == [("publicacion", casa.canal)]
    assert list(version.pasos.values_list("accion", flat=True)) == [
        "crear",
        "enviar",
        "validar",
        "autorizar",
        "publicar",
    ]


def test_a_draft_never_touches_the_live_page(casa):
    publicada = crear_version(casa, "publicada")
    nueva = services.nueva_version(publicada.publicacion, por=casa.autora)

    services.guardar_borrador(nueva, por=casa.autora, revision=0, titulo="Otro título")

    publicacion = Publicacion.objects.get()
    assert publicacion.version_publica == publicada
    assert publicacion.version_publica.titulo != "Otro título"


def test_only_one_open_version_per_publication(casa):
    publicada = crear_version(casa, "publicada")
    abierta = services.nueva_version(publicada.publicacion, por=casa.autora)

    with pytest.raises(services.YaHayTextoEnCamino) as rechazo:
        services.nueva_version(publicada.publicacion, por=casa.autora)

    assert rechazo.value.version == abierta


def test_the_database_itself_allows_only_one_open_version(casa):
    version = crear_version(casa)
    version.pk, version.numero, version._state.adding = None, 2, True

    with pytest.raises(IntegrityError, match="una_sola_version_abierta"), transaction.atomic():
        version.save()


@pytest.mark.parametrize("estado", [e for e in CAMINOS if e != "borrador"])
def test_what_was_sent_never_changes_not_even_by_sql(casa, estado):
    version = crear_version(casa, estado)
    sql_que_cambia = [{"titulo": "Cambiado"}, {"cuerpo": "<p>Cambiado</p>"}, {"cambio_menor": True}]

    for cambio in sql_que_cambia:
        if estado == "descartada":
            continue
        with pytest.raises(IntegrityError, match="no cambia"), transaction.atomic():
            Version.objects.filter(pk=version.pk).update(**cambio)


def test_an_authorisation_is_never_touched(casa):
    crear_version(casa, "publicada")

    with pytest.raises(IntegrityError, match="solo se agregan"), transaction.atomic():
        Autorizacion.objects.update(consecutivo=99)
    with pytest.raises(IntegrityError, match="solo se agregan"), transaction.atomic():
        Autorizacion.objects.all()._raw_delete("default")


class TestTwoPairsOfEyes:
    def test_whoever_sent_it_cannot_authorise_even_with_the_post_for_it(self, casa):
        crear_titularidad(casa.autora, casa.cargo_alcalde, calidad="encargado")
        version = crear_version(casa, "por_autorizar")

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(version, por=casa.autora, huella=version.huella())

        assert not Autorizacion.objects.exists()

    def test_whoever_edited_last_cannot_authorise_what_another_sent(self, casa):
        crear_titularidad(casa.jefe, casa.cargo_autor, calidad="encargado")
        version = crear_version(casa)
        services.guardar_borrador(version, por=casa.jefe, revision=0, titulo="Lo arregló el jefe")
        services.enviar(version, por=casa.autora)
        services.validar(version, por=casa.editor)

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar(version, por=casa.jefe, huella=Version.objects.get().huella())

    def test_two_posts_of_one_person_are_one_pair_of_eyes_when_validating(self, casa):
        crear_titularidad(casa.autora, casa.cargo_editor, calidad="encargado")
        version = crear_version(casa, "en_validacion")

        with pytest.raises(SinPermiso, match="otra persona"):
            services.validar(version, por=casa.autora)

    def test_the_database_itself_refuses_self_authorisation(self, casa):
        version = crear_version(casa, "por_autorizar")

        with pytest.raises(IntegrityError, match="cuatro_ojos"), transaction.atomic():
            Autorizacion.objects.create(
                version=version,
                anio=2026,
                consecutivo=1,
                persona=casa.autora,
                cargo=casa.cargo_jefe,
                envio=casa.autora,
                edito=casa.autora,
                en=timezone.now(),
                huella=version.huella(),
            )

    def test_a_superuser_authorises_nothing_by_being_one(self, casa):
        version = crear_version(casa, "por_autorizar")

        with pytest.raises(SinPermiso):
            services.autorizar(version, por=casa.admin, huella=version.huella())


class TestTenure:
    def test_an_expired_one_gives_no_rights(self, casa):
        version = crear_version(casa, "por_autorizar")
        Titularidad.objects.filter(persona=casa.jefe).update(hasta=timezone.localdate() - timedelta(days=1))

        with pytest.raises(SinPermiso):
            services.autorizar(version, por=casa.jefe, huella=version.huella())

    def test_its_last_day_still_counts(self, casa):
        version = crear_version(casa, "por_autorizar")
        Titularidad.objects.filter(persona=casa.jefe).update(hasta=timezone.localdate())

        assert services.autorizar(version, por=casa.jefe, huella=version.huella())

    def test_closing_one_orphans_no_text(self, casa):
        """The text belongs to the channel: whoever holds the post next goes on with it."""
        version = crear_version(casa, "devuelta")
        Titularidad.objects.filter(persona=casa.autora).update(hasta=timezone.localdate() - timedelta(days=1))
        sucesora = casa.tesorero
        crear_titularidad(sucesora, casa.cargo_autor, desde=timezone.localdate())

        corregida = services.nueva_version(version.publicacion, por=sucesora)

        assert services.enviar(corregida, por=sucesora).estado == "en_validacion"

    def test_two_titulares_at_once_are_refused_by_the_database(self, casa):
        with pytest.raises(IntegrityError, match="un_solo_titular"), transaction.atomic():
            crear_titularidad(casa.tesorero, casa.cargo_jefe)

    def test_an_encargado_beside_the_titular_is_allowed(self, casa):
        assert crear_titularidad(casa.tesorero, casa.cargo_jefe, calidad="encargado").pk

    def test_an_inactive_person_has_no_posts(self, casa):
        casa.jefe.is_active = False
        casa.jefe.save()

        assert not Cargo.objects.ejercidos_por(casa.jefe).exists()


class TestTheHash:
    def test_authorising_another_text_than_the_one_read_is_refused(self, casa):
        version = crear_version(casa, "por_autorizar")

        with pytest.raises(CondicionIncumplida, match="no es el mismo"):
            services.autorizar(version, por=casa.jefe, huella="0" * 64)

    def test_publishing_checks_it_again(self, casa):
        version = crear_version(casa, "autorizada")
        _cambiar_por_debajo(version, titulo="Otro")

        with pytest.raises(CondicionIncumplida, match="no coincide con la autorización"):
            services.publicar(version, por=casa.jefe)

        assert Publicacion.objects.get().version_publica is None

    def test_it_is_the_same_in_any_time_zone_and_before_and_after_saving(self, casa):
        casa.canal.tipos = ["evento"]
        casa.canal.save()
        inicio = timezone.localtime()
        version = services.crear_publicacion(
            canal=casa.canal,
            tipo="evento",
            por=casa.autora,
            titulo="Feria",
            evento_inicio=inicio,
            evento_fin=inicio,
            norma_fecha="2026-01-02",
        )

        assert version.huella() == Version.objects.get().huella()

    @pytest.mark.parametrize("campo", Version.CONTENIDO)
    def test_it_changes_with_every_field_of_the_content(self, casa, campo):
        version = crear_version(casa)
        antes = version.huella()
        valores = {"norma_fecha": "2026-01-02", "cambio_menor": True}
        if campo.startswith("evento"):
            valores[campo] = timezone.now()

        setattr(version, campo, valores.get(campo, "otro"))

        assert version.huella() != antes

    def test_it_covers_the_attachments(self, casa, adjunto_pdf):
        version = crear_version(casa)
        antes = version.huella()

        services.adjuntar(version, adjunto_pdf, titulo="El plano", por=casa.autora)

        assert Version.objects.get().huella() != antes


def _cambiar_por_debajo(version, **cambio):
    """As somebody with the keys of the server would: triggers off."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        Version.objects.filter(pk=version.pk).update(**cambio)
        cursor.execute("SET LOCAL session_replication_role = origin")


class TestReturning:
    @pytest.mark.parametrize("estado, quien", [("en_validacion", "editor"), ("por_autorizar", "jefe")])
    def test_needs_a_written_reason(self, casa, estado, quien):
        version = crear_version(casa, estado)

        with pytest.raises(CondicionIncumplida, match="motivo"):
            services.devolver(version, por=getattr(casa, quien), motivo="   ")

        services.devolver(version, por=getattr(casa, quien), motivo="Falta el costo.")
        assert Version.objects.get().motivo == "Falta el costo."

    def test_the_returned_text_stays_as_it_was_and_its_correction_is_a_new_one(self, casa):
        devuelta = crear_version(casa, "devuelta")

        corregida = services.nueva_version(devuelta.publicacion, por=casa.autora)

        assert (corregida.numero, corregida.titulo) == (2, devuelta.titulo)
        assert Version.objects.get(pk=devuelta.pk).estado == "devuelta"

    def test_the_editor_does_not_return_what_already_waits_for_authorisation(self, casa):
        version = crear_version(casa, "por_autorizar")

        with pytest.raises(SinPermiso):
            services.devolver(version, por=casa.editor, motivo="Tarde.")

    def test_whoever_sent_it_may_take_it_back(self, casa):
        version = crear_version(casa, "en_validacion")

        with pytest.raises(SinPermiso, match="quien envió"):
            services.recoger(version, por=casa.editor, motivo="Error mío.")

        assert services.recoger(version, por=casa.autora, motivo="Error mío.").estado == "devuelta"


class TestUrgent:
    def test_is_live_at_once_and_says_so_until_another_person_authorises(self, casa):
        version = crear_version(casa)

        services.publicar_urgente(version, por=casa.jefe, motivo="Creciente del río.")

        version.refresh_from_db()
        assert Publicacion.objects.get().version_publica == version
        assert version.urgente_sin_autorizar
        assert Actualizacion.objects.get().urgente

        services.autorizar_urgente(version, por=casa.alcalde, huella=version.huella())

        version.refresh_from_db()
        assert not version.urgente_sin_autorizar
        assert version.autorizacion.posterior

    def test_whoever_published_it_is_not_the_second_person(self, casa):
        version = crear_version(casa, "urgente")

        with pytest.raises(SinPermiso, match="otra persona"):
            services.autorizar_urgente(version, por=casa.jefe, huella=version.huella())

    @pytest.mark.parametrize("quien", ["autora", "editor", "alcalde", "tesorero", "admin"])
    def test_is_only_for_the_head_and_secretaria_general(self, casa, quien):
        version = crear_version(casa)

        with pytest.raises(SinPermiso, match="urgencia"):
            services.publicar_urgente(version, por=getattr(casa, quien), motivo="Ya.")

    def test_needs_a_reason(self, casa):
        with pytest.raises(CondicionIncumplida, match="motivo"):
            services.publicar_urgente(crear_version(casa), por=casa.secretaria, motivo="")

    @pytest.mark.parametrize(
        "dia, vence",
        [("2026-11-18", "2026-11-20"), ("2026-11-20", "2026-11-24"), ("2026-12-23", "2026-12-28")],
    )
    def test_gives_two_working_days(self, casa, dia, vence):
        from tests.builders import en_fecha

        version = crear_version(casa, "urgente", en=en_fecha(dia))

        assert str(version.urgente_vence) == vence

    def test_is_authorised_once(self, casa):
        version = crear_version(casa, "urgente")
        services.autorizar_urgente(version, por=casa.alcalde, huella=version.huella())

        with pytest.raises(SinPermiso, match="ya tiene autorización"):
            services.autorizar_urgente(version, por=casa.secretaria, huella=version.huella())


class TestScheduled:
    def test_goes_out_at_its_hour_once_however_often_it_runs(self, casa):
        version = crear_version(casa, "programada")
        a_su_hora = version.programada_para + timedelta(seconds=1)

        antes = services.publicar_programadas(version.programada_para - timedelta(seconds=1))
        primera = services.publicar_programadas(a_su_hora)
        segunda = services.publicar_programadas(a_su_hora + timedelta(hours=5))

        assert antes == segunda == "Nada por publicar."
        assert version.titulo in primera
        assert Actualizacion.objects.count() == 1
        assert Version.objects.get().publicada_en == a_su_hora

    def test_runs_late_without_losing_any(self, casa):
        crear_version(casa, "programada")

        services.publicar_programadas(timezone.now() + timedelta(days=30))

        assert Publicacion.objects.publicadas().count() == 1

    def test_one_that_no_longer_matches_does_not_stop_the_others(self, casa):
        mala = crear_version(casa, "programada")
        buena = crear_version(casa, "programada", titulo="La otra")
        _cambiar_por_debajo(mala, titulo="Alterada")

        informe = services.publicar_programadas(timezone.now() + timedelta(days=2))

        assert "No se publicaron: «Alterada»" in informe
        assert Publicacion.objects.publicadas().get() == buena.publicacion

    def test_in_the_past_is_refused(self, casa):
        version = crear_version(casa, "autorizada")

        for para in (None, timezone.now() - timedelta(minutes=1)):
            with pytest.raises(CondicionIncumplida, match="posteriores"):
                services.programar(version, por=casa.jefe, para=para)

    def test_can_be_taken_off(self, casa):
        version = crear_version(casa, "programada")

        services.desprogramar(version, por=casa.editor)

        version.refresh_from_db()
        assert (version.estado, version.programada_para) == ("autorizada", None)

    def test_nobody_publishes_by_hand_as_if_they_were_the_system(self, casa):
        version = crear_version(casa, "programada")

        with pytest.raises(SinPermiso, match="el sistema"):
            FLUJO.ejecutar("publicar_programada", version, por=casa.jefe)


class TestWithdrawing:
    def test_by_error_leaves_the_lists_and_keeps_the_reason(self, casa):
        publicacion = crear_version(casa, "publicada").publicacion

        services.retirar(publicacion, por=casa.jefe, clase="error", motivo="Tenía otra fecha.")

        assert not Publicacion.objects.publicadas().exists()
        assert not Publicacion.objects.visibles().exists()
        assert Actualizacion.objects.first().clase == "retiro"

    def test_no_longer_in_force_stays_readable(self, casa):
        publicacion = crear_version(casa, "publicada").publicacion

        services.retirar(publicacion, por=casa.jefe, clase="sin_vigencia", motivo="Terminó.")

        assert Publicacion.objects.visibles().get() == publicacion
        assert not Publicacion.objects.publicadas().exists()

    @pytest.mark.parametrize(
        "clase, con_destino", [("", False), ("otra", False), ("unificada", False), ("error", True)]
    )
    def test_refuses_a_kind_that_does_not_fit(self, casa, clase, con_destino):
        publicacion = crear_version(casa, "publicada").publicacion
        destino = crear_version(casa, "publicada", titulo="Otra").publicacion

        with pytest.raises(CondicionIncumplida):
            services.retirar(
                publicacion,
                por=casa.jefe,
                clase=clase,
                motivo="Sí.",
                unificada_con=destino if con_destino else None,
            )

    def test_merged_with_itself_or_with_a_draft_is_refused(self, casa):
        publicacion = crear_version(casa, "publicada").publicacion
        borrador = crear_version(casa, titulo="Borrador").publicacion

        for destino in (publicacion, borrador):
            with pytest.raises(CondicionIncumplida):
                services.retirar(
                    publicacion,
                    por=casa.jefe,
                    clase="unificada",
                    motivo="Sí.",
                    unificada_con=destino,
                )

    def test_twice_is_refused(self, casa):
        publicacion = crear_version(casa, "retirada").publicacion

        with pytest.raises(EstadoInadecuado):
            services.retirar(publicacion, por=casa.jefe, clase="error", motivo="Otra vez.")

    def test_it_can_come_back_with_a_new_version(self, casa):
        from tests.builders import _dar_paso

        publicacion = crear_version(casa, "retirada").publicacion
        nueva = services.nueva_version(publicacion, por=casa.autora)
        for paso in CAMINOS["publicada"]:
            _dar_paso(casa, nueva, paso, None)

        assert Publicacion.objects.publicadas().get().version_publica == nueva
        assert Actualizacion.objects.first().clase == "publicacion"


class TestWhatCounts:
    def test_a_minor_edit_is_recorded_but_not_counted(self, casa):
        version = crear_version(casa, "publicada")
        antes = version.publicacion.actualizada_en
        nueva = services.nueva_version(version.publicacion, por=casa.autora)
        nueva = services.guardar_borrador(
            nueva, por=casa.autora, revision=0, cambio_menor=True, titulo="Pavimentación, calle 3"
        )
        services.enviar(nueva, por=casa.autora)
        services.validar(nueva, por=casa.editor)
        services.autorizar_y_publicar(nueva, por=casa.jefe, huella=Version.objects.get(pk=nueva.pk).huella())

        assert [a.clase for a in Actualizacion.objects.all()] == ["menor", "publicacion"]
        assert Actualizacion.objects.que_cuentan().count() == 1
        assert Publicacion.objects.get().actualizada_en == antes

    def test_a_first_text_counts_even_if_marked_minor(self, casa):
        crear_version(casa, "publicada", cambio_menor=True)

        assert Actualizacion.objects.que_cuentan().count() == 1

    def test_ratifying_is_activity_but_not_an_update(self, casa):
        publicacion = crear_version(casa, "publicada", en=timezone.now() - timedelta(days=40)).publicacion

        services.ratificar_vigencia(publicacion, por=casa.jefe)

        publicacion.refresh_from_db()
        assert timezone.localdate(publicacion.revisada_en) == timezone.localdate()
        assert Actualizacion.objects.que_cuentan().count() == 1
        assert Actualizacion.objects.first().clase == "ratificacion"

    def test_ratifying_twice_a_day_or_what_is_not_public_is_refused(self, casa):
        ayer = timezone.now() - timedelta(days=1)
        publicacion = crear_version(casa, "publicada", en=ayer).publicacion
        services.ratificar_vigencia(publicacion, por=casa.autora)

        with pytest.raises(CondicionIncumplida, match="ya se revisó hoy"):
            services.ratificar_vigencia(publicacion, por=casa.jefe)
        with pytest.raises(CondicionIncumplida, match="publicado"):
            services.ratificar_vigencia(crear_version(casa).publicacion, por=casa.jefe)
        with pytest.raises(SinPermiso):
            services.ratificar_vigencia(publicacion, por=casa.tesorero)


class TestDrafts:
    def test_two_people_saving_lose_nothing(self, casa):
        version = crear_version(casa)
        services.guardar_borrador(version, por=casa.autora, revision=0, titulo="El primero")

        with pytest.raises(services.OtroGuardoAntes) as rechazo:
            services.guardar_borrador(version, por=casa.editor, revision=0, titulo="El segundo")

        assert rechazo.value.actual.titulo == "El primero"

    def test_after_sending_nothing_is_saved(self, casa):
        version = crear_version(casa, "en_validacion")

        with pytest.raises(CondicionIncumplida, match="ya no es un borrador"):
            services.guardar_borrador(version, por=casa.autora, revision=0, titulo="Tarde")

    @pytest.mark.parametrize("campo", ["titulo", "resumen", "cuerpo"])
    def test_what_is_missing_is_asked_at_sending_not_at_saving(self, casa, campo):
        version = crear_version(casa, **{campo: ""})

        with pytest.raises(CondicionIncumplida, match="Falta"):
            services.enviar(version, por=casa.autora)

    @pytest.mark.parametrize(
        "tipo, falta",
        [("documento", "clase de documento"), ("evento", "lugar"), ("enlace", "internet")],
    )
    def test_each_kind_asks_for_its_own(self, casa, tipo, falta):
        casa.canal.tipos = [tipo]
        casa.canal.save()
        version = crear_version(casa, tipo=tipo)

        with pytest.raises(CondicionIncumplida, match=falta):
            services.enviar(version, por=casa.autora)

    def test_a_channel_takes_only_its_kinds(self, casa):
        with pytest.raises(CondicionIncumplida, match="recibe"):
            services.crear_publicacion(canal=casa.canal, tipo="evento", por=casa.autora)

    def test_another_office_writes_nothing_here(self, casa):
        with pytest.raises(SinPermiso):
            services.crear_publicacion(canal=casa.canal, tipo="noticia", por=casa.tesorero)

    def test_the_address_follows_the_title_until_somebody_reads_it(self, casa):
        version = crear_version(casa, titulo="Borrador")
        version = services.guardar_borrador(version, por=casa.autora, revision=0, titulo="Obra de la calle 3")

        assert version.publicacion.slug == "obra-de-la-calle-3"

    def test_same_titles_get_different_addresses(self, casa):
        uno, dos = crear_version(casa), crear_version(casa)

        assert (uno.publicacion.slug, dos.publicacion.slug) == (
            "pavimentacion-de-la-calle-3",
            "pavimentacion-de-la-calle-3-2",
        )
