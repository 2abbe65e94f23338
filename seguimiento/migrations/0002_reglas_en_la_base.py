"""What PostgreSQL itself guarantees: what was found, measured or signed never changes."""

from django.db import migrations

#: Tables whose rows are only added.
SOLO_SE_AGREGA = ("evaluacion", "medicion", "datoaportado", "notadecorreccion", "observaciondemiembro")
PONER = "".join(
    f"""
CREATE TRIGGER {tabla}_solo_se_agrega BEFORE UPDATE OR DELETE ON seguimiento_{tabla}
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
"""
    for tabla in SOLO_SE_AGREGA
)
QUITAR = "".join(f"DROP TRIGGER {tabla}_solo_se_agrega ON seguimiento_{tabla};" for tabla in SOLO_SE_AGREGA)
INFORMES = """
CREATE FUNCTION seguimiento_informe_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Un informe semanal no se borra (informe %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ROW(NEW.anio, NEW.semana, NEW.consecutivo, NEW.datos, NEW.huella, NEW.congelado_en)
        IS DISTINCT FROM ROW(OLD.anio, OLD.semana, OLD.consecutivo, OLD.datos, OLD.huella, OLD.congelado_en)
    THEN
        RAISE EXCEPTION 'Las cifras de un informe semanal no cambian (informe %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.estado = 'firmado' AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'Un informe firmado no cambia: escriba una nota de corrección (informe %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER informe_no_cambia BEFORE UPDATE OR DELETE ON seguimiento_informesemanal
    FOR EACH ROW EXECUTE FUNCTION seguimiento_informe_no_cambia();

CREATE FUNCTION seguimiento_dicho_antes_de_la_firma() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    informes bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.informe_id]
        WHEN 'DELETE' THEN ARRAY[OLD.informe_id]
        ELSE ARRAY[OLD.informe_id, NEW.informe_id]
    END;
BEGIN
    IF EXISTS (SELECT FROM seguimiento_informesemanal WHERE id = ANY (informes) AND estado = 'firmado') THEN
        RAISE EXCEPTION 'Lo que las dependencias dicen de un informe firmado no cambia (informes %).', informes
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER dicho_antes_de_la_firma BEFORE INSERT OR UPDATE OR DELETE
    ON seguimiento_observaciondedependencia
    FOR EACH ROW EXECUTE FUNCTION seguimiento_dicho_antes_de_la_firma();

CREATE FUNCTION seguimiento_se_responde_una_vez() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.respuesta <> ''
        OR ROW(NEW.informe_id, NEW.dependencia_id, NEW.texto, NEW.por_id, NEW.firma, NEW.en)
        IS DISTINCT FROM ROW(OLD.informe_id, OLD.dependencia_id, OLD.texto, OLD.por_id, OLD.firma, OLD.en)
    THEN
        RAISE EXCEPTION 'Una observación no cambia, y se responde una vez (observación %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER se_responde_una_vez BEFORE UPDATE OR DELETE ON seguimiento_observacionadependencia
    FOR EACH ROW EXECUTE FUNCTION seguimiento_se_responde_una_vez();
"""
SIN_INFORMES = """
DROP TRIGGER se_responde_una_vez ON seguimiento_observacionadependencia;
DROP TRIGGER dicho_antes_de_la_firma ON seguimiento_observaciondedependencia;
DROP TRIGGER informe_no_cambia ON seguimiento_informesemanal;
DROP FUNCTION seguimiento_se_responde_una_vez, seguimiento_dicho_antes_de_la_firma,
    seguimiento_informe_no_cambia;
"""


class Migration(migrations.Migration):
    dependencies = [("seguimiento", "0001_inicial"), ("portal", "0002_reglas_en_la_base")]

    operations = [migrations.RunSQL(PONER, QUITAR), migrations.RunSQL(INFORMES, SIN_INFORMES)]
