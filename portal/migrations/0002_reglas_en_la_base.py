"""What PostgreSQL itself guarantees: what was sent does not change, an act is never touched."""

from django.db import migrations

CONTENIDO = (
    "titulo, resumen, cuerpo, norma_tipo, norma_numero, norma_fecha, evento_inicio, evento_fin, "
    "lugar, enlace, cambio_menor, nota_de_cambio, publicacion_id, numero, creada_por_id, editada_por_id"
)
NUEVO = ", ".join(f"NEW.{campo.strip()}" for campo in CONTENIDO.split(","))
VIEJO = ", ".join(f"OLD.{campo.strip()}" for campo in CONTENIDO.split(","))

BUSQUEDA = """
CREATE TEXT SEARCH CONFIGURATION espanol_sin_tildes (COPY = spanish);
ALTER TEXT SEARCH CONFIGURATION espanol_sin_tildes
    ALTER MAPPING FOR hword, hword_part, word WITH unaccent, spanish_stem;
"""

INMUTABLES = f"""
CREATE FUNCTION portal_texto_enviado_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.estado <> 'borrador' AND (
        NEW.estado = 'borrador' OR ROW({NUEVO}) IS DISTINCT FROM ROW({VIEJO})
    ) THEN
        RAISE EXCEPTION 'El contenido de un texto enviado no cambia (texto %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER texto_enviado_no_cambia BEFORE UPDATE ON portal_version
    FOR EACH ROW EXECUTE FUNCTION portal_texto_enviado_no_cambia();

CREATE FUNCTION portal_adjunto_enviado_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    textos bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.version_id]
        WHEN 'DELETE' THEN ARRAY[OLD.version_id]
        ELSE ARRAY[OLD.version_id, NEW.version_id]
    END;
BEGIN
    IF EXISTS (SELECT FROM portal_version WHERE id = ANY (textos) AND estado <> 'borrador') THEN
        RAISE EXCEPTION 'Los adjuntos de un texto enviado no cambian (textos %).', textos
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER adjunto_enviado_no_cambia BEFORE INSERT OR UPDATE OR DELETE ON portal_adjunto
    FOR EACH ROW EXECUTE FUNCTION portal_adjunto_enviado_no_cambia();

CREATE FUNCTION portal_solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Las filas de % solo se agregan.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER autorizacion_solo_se_agrega BEFORE UPDATE OR DELETE ON portal_autorizacion
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
CREATE TRIGGER paso_solo_se_agrega BEFORE UPDATE OR DELETE ON portal_paso
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
CREATE TRIGGER actualizacion_solo_se_agrega BEFORE UPDATE OR DELETE ON portal_actualizacion
    FOR EACH ROW EXECUTE FUNCTION portal_solo_se_agrega();
"""

DESHACER = """
DROP TRIGGER actualizacion_solo_se_agrega ON portal_actualizacion;
DROP TRIGGER paso_solo_se_agrega ON portal_paso;
DROP TRIGGER autorizacion_solo_se_agrega ON portal_autorizacion;
DROP TRIGGER adjunto_enviado_no_cambia ON portal_adjunto;
DROP TRIGGER texto_enviado_no_cambia ON portal_version;
DROP FUNCTION portal_solo_se_agrega, portal_adjunto_enviado_no_cambia,
    portal_texto_enviado_no_cambia;
"""


def primera_edicion(apps, schema_editor):
    apps.get_model("portal", "Edicion").objects.get_or_create(pk=1)


class Migration(migrations.Migration):
    dependencies = [("portal", "0001_initial")]

    operations = [
        migrations.RunSQL(BUSQUEDA, "DROP TEXT SEARCH CONFIGURATION espanol_sin_tildes"),
        migrations.RunSQL(INMUTABLES, DESHACER),
        migrations.RunPython(primera_edicion, migrations.RunPython.noop),
    ]
