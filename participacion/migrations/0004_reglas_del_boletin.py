"""What PostgreSQL refuses about bulletins: what was frozen does not change, and each is decided and sent once."""

from django.db import migrations

#: What is written when somebody decides, or the system says why it is not sent.
LO_DECIDIDO = "datos, huella, decidido_por_id, decidido_en, motivo"


def _campos(fila: str) -> str:
    return ", ".join(f"{fila}.{campo}" for campo in LO_DECIDIDO.split(", "))


REGLAS = f"""
CREATE FUNCTION participacion_boletin_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Un boletín no se borra.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ROW(NEW.anio, NEW.semana, NEW.preparado_en) IS DISTINCT FROM ROW(OLD.anio, OLD.semana, OLD.preparado_en)
        OR OLD.estado = 'preparado' AND NEW.estado NOT IN ('preparado', 'aprobado', 'sin_envio')
        OR OLD.estado = 'aprobado' AND NEW.estado NOT IN ('aprobado', 'enviado')
        OR OLD.estado IN ('enviado', 'sin_envio') AND NEW IS DISTINCT FROM OLD
        OR OLD.estado = 'aprobado' AND ROW({_campos("NEW")}) IS DISTINCT FROM ROW({_campos("OLD")})
        OR NEW.destinatarios < OLD.destinatarios THEN
        RAISE EXCEPTION 'Lo decidido de un boletín no cambia (boletín %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    -- Approving it only takes out what was withdrawn since: each thing that stays says what it said.
    IF ROW(NEW.datos, NEW.huella) IS DISTINCT FROM ROW(OLD.datos, OLD.huella)
        AND NOT (NEW.estado = 'aprobado' AND OLD.datos @> NEW.datos) THEN
        RAISE EXCEPTION 'Lo que dice un boletín no cambia (boletín %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER boletin_no_cambia BEFORE UPDATE OR DELETE ON participacion_boletin
    FOR EACH ROW EXECUTE FUNCTION participacion_boletin_no_cambia();
"""

DESHACER = """
DROP TRIGGER boletin_no_cambia ON participacion_boletin;
DROP FUNCTION participacion_boletin_no_cambia;
"""


class Migration(migrations.Migration):
    dependencies = [("participacion", "0003_reglas_de_los_aportes")]

    operations = [migrations.RunSQL(REGLAS, DESHACER)]
