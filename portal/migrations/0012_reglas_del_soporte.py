"""What PostgreSQL refuses about support: what was asked, answered or decided is not written again."""

from django.db import migrations

REGLAS = """
CREATE FUNCTION portal_lo_respondido_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR ROW(NEW.anio, NEW.consecutivo, NEW.clave, NEW.por_id, NEW.pantalla, NEW.problema, NEW.pedida_en)
            IS DISTINCT FROM
            ROW(OLD.anio, OLD.consecutivo, OLD.clave, OLD.por_id, OLD.pantalla, OLD.problema, OLD.pedida_en)
        OR OLD.respondida_en IS NOT NULL
            AND ROW(NEW.respuesta, NEW.respondida_por_id, NEW.respondida_en)
            IS DISTINCT FROM ROW(OLD.respuesta, OLD.respondida_por_id, OLD.respondida_en)
    THEN
        RAISE EXCEPTION 'Una solicitud de soporte y su respuesta no cambian (solicitud %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lo_respondido_no_cambia BEFORE UPDATE OR DELETE ON portal_solicituddesoporte
    FOR EACH ROW EXECUTE FUNCTION portal_lo_respondido_no_cambia();

-- Of a decided one, only the hash of its code is emptied, and it is used once.
CREATE FUNCTION portal_lo_decidido_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR ROW(NEW.persona_id, NEW.pedido_por_id, NEW.pedido_como_id, NEW.motivo, NEW.pedido_en)
            IS DISTINCT FROM
            ROW(OLD.persona_id, OLD.pedido_por_id, OLD.pedido_como_id, OLD.motivo, OLD.pedido_en)
        OR OLD.decidido_en IS NOT NULL
            AND (
                ROW(NEW.decidido_por_id, NEW.decidido_en, NEW.concedido, NEW.razon, NEW.vence_en)
                IS DISTINCT FROM
                ROW(OLD.decidido_por_id, OLD.decidido_en, OLD.concedido, OLD.razon, OLD.vence_en)
                OR NEW.huella NOT IN (OLD.huella, '')
            )
        OR OLD.usado_en IS NOT NULL AND NEW.usado_en IS DISTINCT FROM OLD.usado_en
        OR NEW.usado_en IS NOT NULL AND NEW.concedido IS NOT TRUE
    THEN
        RAISE EXCEPTION 'Lo decidido sobre una contraseña no cambia (restablecimiento %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lo_decidido_no_cambia BEFORE UPDATE OR DELETE ON portal_restablecimientodeclave
    FOR EACH ROW EXECUTE FUNCTION portal_lo_decidido_no_cambia();
"""

DESHACER = """
DROP TRIGGER lo_decidido_no_cambia ON portal_restablecimientodeclave;
DROP TRIGGER lo_respondido_no_cambia ON portal_solicituddesoporte;
DROP FUNCTION portal_lo_decidido_no_cambia, portal_lo_respondido_no_cambia;
"""


class Migration(migrations.Migration):
    dependencies = [("portal", "0011_gobierno_audiencia_y_soporte")]

    operations = [migrations.RunSQL(REGLAS, DESHACER)]
