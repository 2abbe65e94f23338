"""What PostgreSQL refuses about the handover: what was handed over, observed and agreed does not change."""

from django.db import migrations

REGLAS = """
CREATE FUNCTION seguimiento_documento_de_empalme_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Un documento de empalme no se borra (documento %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ROW(NEW.empalme_id, NEW.anio, NEW.consecutivo, NEW.datos, NEW.huella, NEW.congelado_en,
           NEW.congelado_por_id)
        IS DISTINCT FROM ROW(OLD.empalme_id, OLD.anio, OLD.consecutivo, OLD.datos, OLD.huella,
                             OLD.congelado_en, OLD.congelado_por_id)
    THEN
        RAISE EXCEPTION 'Lo que dice un documento de empalme no cambia (documento %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.estado <> 'congelado' AND NEW IS DISTINCT FROM OLD THEN
        RAISE EXCEPTION 'Un documento de empalme firmado o reemplazado no cambia (documento %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER documento_de_empalme_no_cambia BEFORE UPDATE OR DELETE ON seguimiento_documentodeempalme
    FOR EACH ROW EXECUTE FUNCTION seguimiento_documento_de_empalme_no_cambia();

CREATE TRIGGER observaciondeempalme_solo_se_agrega BEFORE UPDATE OR DELETE
    ON seguimiento_observaciondeempalme
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();

CREATE FUNCTION seguimiento_se_observa_antes_de_la_firma() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM seguimiento_documentodeempalme WHERE id = NEW.documento_id AND estado = 'congelado'
    ) THEN
        RAISE EXCEPTION 'Solo se observa un documento de empalme por firmar (documento %).', NEW.documento_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER se_observa_antes_de_la_firma BEFORE INSERT ON seguimiento_observaciondeempalme
    FOR EACH ROW EXECUTE FUNCTION seguimiento_se_observa_antes_de_la_firma();

CREATE FUNCTION seguimiento_acta_de_empalme_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.acta_huella <> '' AND (TG_OP = 'DELETE' OR NEW IS DISTINCT FROM OLD) THEN
        RAISE EXCEPTION 'Una actividad con acta no cambia: registre otra que la corrija (actividad %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER acta_de_empalme_no_cambia BEFORE UPDATE OR DELETE ON seguimiento_actividaddeempalme
    FOR EACH ROW EXECUTE FUNCTION seguimiento_acta_de_empalme_no_cambia();

CREATE FUNCTION seguimiento_asistencia_con_acta_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    actividades bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.actividad_id]
        WHEN 'DELETE' THEN ARRAY[OLD.actividad_id]
        ELSE ARRAY[OLD.actividad_id, NEW.actividad_id]
    END;
BEGIN
    IF EXISTS (
        SELECT FROM seguimiento_actividaddeempalme WHERE id = ANY (actividades) AND acta_huella <> ''
    ) THEN
        RAISE EXCEPTION 'La lista de asistentes de un acta no cambia (actividades %).', actividades
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER asistencia_con_acta_no_cambia BEFORE INSERT OR UPDATE OR DELETE ON seguimiento_asistencia
    FOR EACH ROW EXECUTE FUNCTION seguimiento_asistencia_con_acta_no_cambia();
"""

DESHACER = """
DROP TRIGGER asistencia_con_acta_no_cambia ON seguimiento_asistencia;
DROP TRIGGER acta_de_empalme_no_cambia ON seguimiento_actividaddeempalme;
DROP TRIGGER se_observa_antes_de_la_firma ON seguimiento_observaciondeempalme;
DROP TRIGGER observaciondeempalme_solo_se_agrega ON seguimiento_observaciondeempalme;
DROP TRIGGER documento_de_empalme_no_cambia ON seguimiento_documentodeempalme;
DROP FUNCTION seguimiento_asistencia_con_acta_no_cambia, seguimiento_acta_de_empalme_no_cambia,
    seguimiento_se_observa_antes_de_la_firma, seguimiento_documento_de_empalme_no_cambia;
"""


class Migration(migrations.Migration):
    dependencies = [("seguimiento", "0003_empalme"), ("portal", "0002_reglas_en_la_base")]

    operations = [migrations.RunSQL(REGLAS, DESHACER)]
