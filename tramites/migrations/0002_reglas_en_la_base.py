"""What PostgreSQL itself guarantees: a hoja de vida that was sent does not change, nor do its parts."""

from django.db import migrations

CONTENIDO = (
    "nombre, nombre_estandarizado, palabras_clave, tematica_id, dependencia_id, descripcion, resultado, "
    "vigencia_unidad, vigencia_cantidad, medios_entrega, tiempo_inmediato, tiempo_cantidad, tiempo_unidad, "
    "tiempo_observaciones, fecha_cualquiera, fecha_limites, fecha_calendario, grado, url_en_linea, "
    "url_manual, seguimiento, seguimiento_detalle, informacion_adicional, no_aplica, acto_soporte, "
    "acto_soporte_archivo, acto_soporte_sha256, nota_de_cambio, tramite_id, numero, editada_por_id"
)
NUEVO = ", ".join(f"NEW.{campo.strip()}" for campo in CONTENIDO.split(","))
VIEJO = ", ".join(f"OLD.{campo.strip()}" for campo in CONTENIDO.split(","))

HOJA = f"""
CREATE FUNCTION tramites_hoja_enviada_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Las hojas de vida no se borran.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.estado <> 'borrador' AND (
        NEW.estado = 'borrador' OR ROW({NUEVO}) IS DISTINCT FROM ROW({VIEJO})
    ) THEN
        RAISE EXCEPTION 'El contenido de una hoja de vida enviada no cambia (hoja %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hoja_enviada_no_cambia BEFORE UPDATE OR DELETE ON tramites_hojadevida
    FOR EACH ROW EXECUTE FUNCTION tramites_hoja_enviada_no_cambia();
"""

# Each table of parts, and how a row of it (named by the first %s) leads to its hoja de vida.
PARTES = {
    "tramites_fundamento": "{fila}.hoja_id",
    "tramites_momento": "{fila}.hoja_id",
    "tramites_hojadevida_puntos": "{fila}.hojadevida_id",
    "tramites_hojadevida_audiencias": "{fila}.hojadevida_id",
    "tramites_accion": "(SELECT hoja_id FROM tramites_momento WHERE id = {fila}.momento_id)",
    "tramites_accion_audiencias": (
        "(SELECT m.hoja_id FROM tramites_momento m JOIN tramites_accion a ON a.momento_id = m.id "
        "WHERE a.id = {fila}.accion_id)"
    ),
}


def _parte(tabla: str, hoja: str) -> str:
    nueva, vieja = hoja.format(fila="NEW"), hoja.format(fila="OLD")
    return f"""
CREATE FUNCTION {tabla}_enviada_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    hojas bigint[] := '{{}}';
BEGIN
    IF TG_OP <> 'INSERT' THEN hojas := hojas || {vieja}; END IF;
    IF TG_OP <> 'DELETE' THEN hojas := hojas || {nueva}; END IF;
    IF EXISTS (SELECT FROM tramites_hojadevida WHERE id = ANY (hojas) AND estado <> 'borrador') THEN
        RAISE EXCEPTION 'Las partes de una hoja de vida enviada no cambian (hojas %).', hojas
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER enviada_no_cambia BEFORE INSERT OR UPDATE OR DELETE ON {tabla}
    FOR EACH ROW EXECUTE FUNCTION {tabla}_enviada_no_cambia();
"""


PASOS = """
CREATE TRIGGER paso_de_tramite_solo_se_agrega BEFORE UPDATE OR DELETE ON tramites_pasodetramite
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
CREATE TRIGGER medicion_de_hoja_solo_se_agrega BEFORE UPDATE OR DELETE ON tramites_mediciondehoja
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
"""
SIN_HOJA = """
DROP TRIGGER hoja_enviada_no_cambia ON tramites_hojadevida;
DROP FUNCTION tramites_hoja_enviada_no_cambia;
"""
SIN_PASOS = """
DROP TRIGGER medicion_de_hoja_solo_se_agrega ON tramites_mediciondehoja;
DROP TRIGGER paso_de_tramite_solo_se_agrega ON tramites_pasodetramite;
"""


class Migration(migrations.Migration):
    dependencies = [("tramites", "0001_inicial"), ("portal", "0002_reglas_en_la_base")]

    operations = [
        migrations.RunSQL(HOJA, SIN_HOJA),
        *(
            migrations.RunSQL(
                _parte(tabla, hoja),
                f"DROP TRIGGER enviada_no_cambia ON {tabla}; DROP FUNCTION {tabla}_enviada_no_cambia;",
            )
            for tabla, hoja in PARTES.items()
        ),
        migrations.RunSQL(PASOS, SIN_PASOS),
    ]
