"""What PostgreSQL itself guarantees: the book is not touched, what came in and what went out do not change."""

from django.db import migrations

SOLO_SE_AGREGAN = (
    *("asiento", "termino", "actuacion", "mensaje", "lecturareservada", "textodeconsentimiento"),
    *("depuracion", "valoracion"),
)
#: A purge of personal data says so for its transaction (`SET LOCAL ventanilla.depura = 'si'`): it empties
#: what the person typed, and no row is erased but that of who filed.
DE_ENTRADA = "asiento_id, clave, asunto, texto, respuestas, anonimo, codigo_sha256, tramite_id, hoja_id"
DE_SALIDA = (
    "asiento_id, radicado_id, clave, clase, sentido, titulo, texto, datos, codigo, huella, persona_id, "
    "cargo_id, firma, segunda_firma, en, vigente_hasta"
)


def _campos(tabla: str, campos: str) -> str:
    return ", ".join(f"{tabla}.{campo.strip()}" for campo in campos.split(","))


REGLAS = f"""
CREATE FUNCTION ventanilla_solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('ventanilla.depura', true) = 'si' AND TG_OP = 'UPDATE' AND TG_TABLE_NAME IN (
        'ventanilla_mensaje', 'ventanilla_actuacion', 'ventanilla_termino', 'ventanilla_valoracion'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'Las filas de % solo se agregan.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
{
    "".join(
        f'''
CREATE TRIGGER {tabla}_solo_se_agrega BEFORE UPDATE OR DELETE ON ventanilla_{tabla}
    FOR EACH ROW EXECUTE FUNCTION ventanilla_solo_se_agrega();
'''
        for tabla in SOLO_SE_AGREGAN
    )
}

CREATE FUNCTION ventanilla_lo_radicado_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Un radicado no se borra: se anula.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF current_setting('ventanilla.depura', true) = 'si' THEN
        RETURN NEW;
    END IF;
    IF ROW({_campos("NEW", DE_ENTRADA)}) IS DISTINCT FROM ROW({_campos("OLD", DE_ENTRADA)}) THEN
        RAISE EXCEPTION 'Lo radicado no cambia (radicado %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lo_radicado_no_cambia BEFORE UPDATE OR DELETE ON ventanilla_radicado
    FOR EACH ROW EXECUTE FUNCTION ventanilla_lo_radicado_no_cambia();

CREATE FUNCTION ventanilla_lo_enviado_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR ROW({_campos("NEW", DE_SALIDA)}) IS DISTINCT FROM ROW({_campos("OLD", DE_SALIDA)}) THEN
        RAISE EXCEPTION 'Lo que salió no cambia (salida %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lo_enviado_no_cambia BEFORE UPDATE OR DELETE ON ventanilla_salida
    FOR EACH ROW EXECUTE FUNCTION ventanilla_lo_enviado_no_cambia();

CREATE FUNCTION ventanilla_formulario_en_uso_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    formularios bigint[] := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.formulario_id]
        WHEN 'DELETE' THEN ARRAY[OLD.formulario_id]
        ELSE ARRAY[OLD.formulario_id, NEW.formulario_id]
    END;
BEGIN
    IF EXISTS (SELECT FROM ventanilla_formulario WHERE id = ANY (formularios) AND estado <> 'borrador') THEN
        RAISE EXCEPTION 'Las preguntas de un formulario en uso no cambian.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER formulario_en_uso_no_cambia BEFORE INSERT OR UPDATE OR DELETE ON ventanilla_campo
    FOR EACH ROW EXECUTE FUNCTION ventanilla_formulario_en_uso_no_cambia();
"""

DESHACER = f"""
DROP TRIGGER formulario_en_uso_no_cambia ON ventanilla_campo;
DROP TRIGGER lo_enviado_no_cambia ON ventanilla_salida;
DROP TRIGGER lo_radicado_no_cambia ON ventanilla_radicado;
{"".join(f"DROP TRIGGER {tabla}_solo_se_agrega ON ventanilla_{tabla};" for tabla in SOLO_SE_AGREGAN)}
DROP FUNCTION ventanilla_formulario_en_uso_no_cambia, ventanilla_lo_enviado_no_cambia,
    ventanilla_lo_radicado_no_cambia, ventanilla_solo_se_agrega;
"""


class Migration(migrations.Migration):
    dependencies = [("ventanilla", "0001_inicial")]

    operations = [migrations.RunSQL(REGLAS, DESHACER)]
