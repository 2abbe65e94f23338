"""What was public at any past moment, what the DAFP denied, and two rules more in PostgreSQL."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

CODIGO = django.core.validators.RegexValidator(
    "^[A-Z]{2,5}-[0-9]{3}\\Z", "Use letras, guion y tres cifras: HAC-001."
)
NUMERO_SUIT = django.core.validators.RegexValidator(
    "^[1-9][0-9]{0,9}\\Z", "Solo cifras, como aparece en el SUIT."
)

# Rows of steps are only added, so what the new columns say of the old ones is written behind the trigger.
PASOS = """
ALTER TABLE tramites_pasodetramite DISABLE TRIGGER paso_de_tramite_solo_se_agrega;
UPDATE tramites_pasodetramite p SET
    dependencia_id = (SELECT t.dependencia_id FROM tramites_tramite t WHERE t.id = p.tramite_id),
    publica_id = (
        SELECT h.id FROM tramites_hojadevida h
        WHERE h.tramite_id = p.tramite_id AND h.publicada_en <= p.en
        AND (h.despublicada_en IS NULL OR h.despublicada_en > p.en)
    );
ALTER TABLE tramites_pasodetramite ENABLE TRIGGER paso_de_tramite_solo_se_agrega;
SET CONSTRAINTS ALL IMMEDIATE;
SET CONSTRAINTS ALL DEFERRED;
"""

CAMINO = """
CREATE FUNCTION tramites_hoja_solo_avanza() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.estado <> OLD.estado AND (OLD.estado, NEW.estado) NOT IN (
        ('borrador', 'enviada'), ('borrador', 'descartada'), ('enviada', 'devuelta'),
        ('enviada', 'aprobada'), ('enviada', 'descartada'), ('aprobada', 'devuelta'), ('aprobada', 'negada')
    ) THEN
        RAISE EXCEPTION 'Una hoja de vida % no pasa a % (hoja %).', OLD.estado, NEW.estado, OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.estado <> 'borrador' AND ROW(
        NEW.enviada_por_id, NEW.enviada_en, NEW.enviada_como_id, NEW.estructurales
    ) IS DISTINCT FROM ROW(
        OLD.enviada_por_id, OLD.enviada_en, OLD.enviada_como_id, OLD.estructurales
    ) OR OLD.aprobada_en IS NOT NULL AND ROW(
        NEW.aprobada_por_id, NEW.aprobada_en, NEW.aprobada_como_id, NEW.huella_aprobada
    ) IS DISTINCT FROM ROW(
        OLD.aprobada_por_id, OLD.aprobada_en, OLD.aprobada_como_id, OLD.huella_aprobada
    ) THEN
        RAISE EXCEPTION 'El envío y la aprobación de una hoja de vida no cambian (hoja %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hoja_solo_avanza BEFORE UPDATE ON tramites_hojadevida
    FOR EACH ROW EXECUTE FUNCTION tramites_hoja_solo_avanza();
"""

NORMA = """
CREATE FUNCTION tramites_accion_con_norma_propia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.fundamento_id IS NOT NULL AND (
        SELECT hoja_id FROM tramites_fundamento WHERE id = NEW.fundamento_id
    ) IS DISTINCT FROM (
        SELECT hoja_id FROM tramites_momento WHERE id = NEW.momento_id
    ) THEN
        RAISE EXCEPTION 'La norma de una acción es de su misma hoja de vida.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER accion_con_norma_propia BEFORE INSERT OR UPDATE ON tramites_accion
    FOR EACH ROW EXECUTE FUNCTION tramites_accion_con_norma_propia();
"""


def _columna_y_su_historia(campo, field):
    return [
        migrations.AlterField(model_name=modelo, name=campo, field=field(modelo))
        for modelo in ("tramite", "historicaltramite")
    ]


def _codigo(modelo):
    return models.CharField(
        help_text="El de la alcaldía, por ejemplo HAC-001. No es el número del SUIT.",
        max_length=20,
        validators=[CODIGO],
        verbose_name="código interno",
        **({"unique": True} if modelo == "tramite" else {"db_index": True}),
    )


def _numero_suit(modelo):
    return models.CharField(
        blank=True,
        error_messages={"unique": "Otro trámite ya tiene ese número del SUIT."},
        help_text="Lo asigna el SUIT. Escríbalo tal como aparece allí.",
        max_length=10,
        null=True,
        validators=[NUMERO_SUIT],
        verbose_name="número del SUIT",
        **({"unique": True} if modelo == "tramite" else {"db_index": True}),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("portal", "0005_actualizacion_url"),
        ("tramites", "0002_reglas_en_la_base"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # --- How each step left the trámite ------------------------------------------------------
        migrations.AddField(
            model_name="pasodetramite",
            name="publica",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="tramites.hojadevida",
            ),
        ),
        migrations.AddField(
            model_name="pasodetramite",
            name="dependencia",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="portal.dependencia",
            ),
        ),
        migrations.RunSQL(PASOS, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="pasodetramite",
            name="dependencia",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="portal.dependencia"
            ),
        ),
        migrations.AddIndex(
            model_name="pasodetramite",
            index=models.Index(fields=["tramite", "-en", "-id"], name="paso_de_tramite_ultimo"),
        ),
        # --- What the DAFP denied ----------------------------------------------------------------
        migrations.AlterField(
            model_name="hojadevida",
            name="estado",
            field=models.CharField(
                choices=[
                    ("borrador", "Borrador"),
                    ("enviada", "Enviada"),
                    ("devuelta", "Devuelta"),
                    ("aprobada", "Aprobada"),
                    ("negada", "Negada por el DAFP"),
                    ("descartada", "Descartada"),
                ],
                default="borrador",
                max_length=15,
            ),
        ),
        migrations.RemoveConstraint(model_name="hojadevida", name="hoja_estado_conocido"),
        migrations.AddConstraint(
            model_name="hojadevida",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("estado__in", ("borrador", "enviada", "devuelta", "aprobada", "negada", "descartada"))
                ),
                name="hoja_estado_conocido",
            ),
        ),
        migrations.RemoveConstraint(model_name="hojadevida", name="hoja_aprobada_por_otra_persona"),
        migrations.AddConstraint(
            model_name="hojadevida",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("estado__in", ["aprobada", "negada"]), _negated=True),
                    models.Q(
                        ("aprobada_como__isnull", False),
                        ("aprobada_en__isnull", False),
                        ("aprobada_por__isnull", False),
                        models.Q(("aprobada_por", models.F("enviada_por")), _negated=True),
                        models.Q(
                            ("editada_por", None),
                            models.Q(("aprobada_por", models.F("editada_por")), _negated=True),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="hoja_aprobada_por_otra_persona",
            ),
        ),
        migrations.RemoveConstraint(model_name="hojadevida", name="hoja_publica_aprobada"),
        migrations.AddConstraint(
            model_name="hojadevida",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("publicada_en", None),
                    ("estado", "aprobada"),
                    models.Q(("despublicada_en__isnull", False), ("estado__in", ["devuelta", "negada"])),
                    _connector="OR",
                ),
                name="hoja_publica_aprobada",
            ),
        ),
        # --- Numbers with the digits everybody reads ---------------------------------------------
        *_columna_y_su_historia("codigo", _codigo),
        *_columna_y_su_historia("numero_suit", _numero_suit),
        migrations.RemoveConstraint(model_name="tramite", name="tramite_numero_suit_con_cifras"),
        migrations.AddConstraint(
            model_name="tramite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("numero_suit", None), ("numero_suit__regex", "^[1-9][0-9]{0,9}$"), _connector="OR"
                ),
                name="tramite_numero_suit_con_cifras",
                violation_error_message="El número del SUIT solo tiene cifras.",
            ),
        ),
        # --- Rules in PostgreSQL -----------------------------------------------------------------
        migrations.RunSQL(
            CAMINO,
            "DROP TRIGGER hoja_solo_avanza ON tramites_hojadevida; DROP FUNCTION tramites_hoja_solo_avanza;",
        ),
        migrations.RunSQL(
            NORMA,
            "DROP TRIGGER accion_con_norma_propia ON tramites_accion; "
            "DROP FUNCTION tramites_accion_con_norma_propia;",
        ),
    ]
