"""What PostgreSQL refuses about comments: what was said does not change, and each decision about it is kept."""

from django.db import migrations

#: What of a comment never changes. Its state, its reason and its theme do, each change with its row.
DICHO = "id, consulta_id, parte, texto, nombre, en_papel, dia"


def _campos(fila: str) -> str:
    return ", ".join(f"{fila}.{campo}" for campo in DICHO.split(", "))


REGLAS = f"""
CREATE FUNCTION participacion_lo_dicho_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Un aporte no se borra: se deja sin publicar, con su motivo.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF ROW({_campos("NEW")}) IS DISTINCT FROM ROW({_campos("OLD")}) THEN
        RAISE EXCEPTION 'Lo que dice un aporte no cambia.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lo_dicho_no_cambia BEFORE UPDATE OR DELETE ON participacion_aporte
    FOR EACH ROW EXECUTE FUNCTION participacion_lo_dicho_no_cambia();

CREATE FUNCTION participacion_paso_de_aporte_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Las decisiones sobre un aporte solo se agregan.'
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER paso_de_aporte_se_agrega BEFORE UPDATE OR DELETE ON participacion_pasodeaporte
    FOR EACH ROW EXECUTE FUNCTION participacion_paso_de_aporte_se_agrega();
"""

DESHACER = """
DROP TRIGGER paso_de_aporte_se_agrega ON participacion_pasodeaporte;
DROP TRIGGER lo_dicho_no_cambia ON participacion_aporte;
DROP FUNCTION participacion_paso_de_aporte_se_agrega, participacion_lo_dicho_no_cambia;
"""


class Migration(migrations.Migration):
    dependencies = [("participacion", "0002_reglas_de_las_consultas")]

    operations = [migrations.RunSQL(REGLAS, DESHACER)]
