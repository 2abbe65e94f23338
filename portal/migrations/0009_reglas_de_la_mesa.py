"""What PostgreSQL guarantees of the editorial desk: sent images and what readers remarked do not change."""

from django.db import migrations

REGLAS = """
CREATE FUNCTION portal_rendicion_enviada_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    imagenes bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.adjunto_id]
        WHEN 'DELETE' THEN ARRAY[OLD.adjunto_id]
        ELSE ARRAY[OLD.adjunto_id, NEW.adjunto_id]
    END;
BEGIN
    IF EXISTS (
        SELECT FROM portal_adjunto a JOIN portal_version v ON v.id = a.version_id
        WHERE a.id = ANY (imagenes) AND v.estado <> 'borrador'
    ) THEN
        RAISE EXCEPTION 'Las imágenes de un texto enviado no cambian (adjuntos %).', imagenes
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER rendicion_enviada_no_cambia BEFORE INSERT OR UPDATE OR DELETE ON portal_rendicion
    FOR EACH ROW EXECUTE FUNCTION portal_rendicion_enviada_no_cambia();
CREATE TRIGGER observaciondelector_solo_se_agrega BEFORE UPDATE OR DELETE ON portal_observaciondelector
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
"""

DESHACER = """
DROP TRIGGER observaciondelector_solo_se_agrega ON portal_observaciondelector;
DROP TRIGGER rendicion_enviada_no_cambia ON portal_rendicion;
DROP FUNCTION portal_rendicion_enviada_no_cambia;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0008_mesa_editorial")]

    operations = [migrations.RunSQL(REGLAS, DESHACER)]
