"""What PostgreSQL itself guarantees: a closing and an action stay as they were, and no incident is erased."""

from django.db import migrations

REGLAS = """
CREATE TRIGGER cierre_no_cambia BEFORE UPDATE OR DELETE ON conectividad_cierremensual
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
CREATE TRIGGER accion_solo_se_agrega BEFORE UPDATE OR DELETE ON conectividad_accion
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
CREATE FUNCTION conectividad_incidente_no_se_borra() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Los incidentes no se borran: se anulan (incidente %).', OLD.id
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER incidente_no_se_borra BEFORE DELETE ON conectividad_incidente
    FOR EACH ROW EXECUTE FUNCTION conectividad_incidente_no_se_borra();
"""
SIN_REGLAS = """
DROP TRIGGER incidente_no_se_borra ON conectividad_incidente;
DROP FUNCTION conectividad_incidente_no_se_borra;
DROP TRIGGER accion_solo_se_agrega ON conectividad_accion;
DROP TRIGGER cierre_no_cambia ON conectividad_cierremensual;
"""


class Migration(migrations.Migration):
    dependencies = [("conectividad", "0001_inicial"), ("portal", "0002_reglas_en_la_base")]

    operations = [migrations.RunSQL(REGLAS, SIN_REGLAS)]
