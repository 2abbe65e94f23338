"""What PostgreSQL refuses about consultas and answers."""

from django.db import migrations

SOLO_SE_AGREGAN = ("respuesta", "eleccion", "gastado", "pasodeconsulta")
#: What somebody authorised: from then on only closing early and its outcome are written.
LO_AUTORIZADO = (
    "clase, titulo, slug, resumen, texto, canal_id, responden, a_quien, abre_en, cierra_en, resultado_hasta, "
    "creada_por_id, creada_en, editada_por_id, editada_en, revision, enviada_por_id, autorizada_por_id, "
    "autorizada_como_id, autorizada_en, huella"
)


def _campos(tabla: str) -> str:
    return ", ".join(f"{tabla}.{campo.strip()}" for campo in LO_AUTORIZADO.split(","))


LO_QUE_NO_CAMBIA = f"""
CREATE FUNCTION participacion_solo_se_agrega() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Las filas de % solo se agregan.', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
{
    "".join(
        f'''
CREATE TRIGGER {tabla}_solo_se_agrega BEFORE UPDATE OR DELETE ON participacion_{tabla}
    FOR EACH ROW EXECUTE FUNCTION participacion_solo_se_agrega();
'''
        for tabla in SOLO_SE_AGREGAN
    )
}

CREATE FUNCTION participacion_lo_autorizado_no_cambia() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'Una consulta no se borra: se descarta.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF OLD.estado IN ('cerrada', 'descartada') AND NEW.estado <> OLD.estado
        OR OLD.estado = 'autorizada' AND NEW.estado NOT IN ('autorizada', 'cerrada')
        OR OLD.estado IN ('autorizada', 'cerrada') AND ROW({_campos("NEW")}) IS DISTINCT FROM ROW({
    _campos("OLD")
})
        OR OLD.cerrada_en IS NOT NULL AND NEW.cerrada_en IS DISTINCT FROM OLD.cerrada_en THEN
        RAISE EXCEPTION 'Lo que se autorizó no cambia (consulta %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lo_autorizado_no_cambia BEFORE UPDATE OR DELETE ON participacion_consulta
    FOR EACH ROW EXECUTE FUNCTION participacion_lo_autorizado_no_cambia();
"""

LO_QUE_SE_RESPONDE = """
CREATE FUNCTION participacion_preguntas_del_borrador() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    fila record;
    suyas bigint[];
BEGIN
    IF TG_OP = 'DELETE' THEN fila := OLD; ELSE fila := NEW; END IF;
    IF TG_TABLE_NAME = 'participacion_pregunta' THEN
        suyas := ARRAY[fila.consulta_id];
        IF TG_OP = 'UPDATE' THEN suyas := suyas || OLD.consulta_id; END IF;
    ELSE
        SELECT array_agg(consulta_id) INTO suyas FROM participacion_pregunta WHERE id = fila.pregunta_id
            OR TG_OP = 'UPDATE' AND id = OLD.pregunta_id;
    END IF;
    IF EXISTS (SELECT FROM participacion_consulta WHERE id = ANY (suyas) AND estado <> 'borrador') THEN
        RAISE EXCEPTION 'Las preguntas solo cambian mientras la consulta es un borrador.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN fila;
END $$;
CREATE TRIGGER preguntas_del_borrador BEFORE INSERT OR UPDATE OR DELETE ON participacion_pregunta
    FOR EACH ROW EXECUTE FUNCTION participacion_preguntas_del_borrador();
CREATE TRIGGER opciones_del_borrador BEFORE INSERT OR UPDATE OR DELETE ON participacion_opcion
    FOR EACH ROW EXECUTE FUNCTION participacion_preguntas_del_borrador();

CREATE FUNCTION participacion_se_puede_responder() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The lock makes an answer and an early closing wait for each other. Paper comes in after closing.
    PERFORM FROM participacion_consulta WHERE id = NEW.consulta_id
        AND (estado = 'autorizada' OR estado = 'cerrada' AND NEW.origen = 'papel') FOR SHARE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'La consulta % no recibe respuestas.', NEW.consulta_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.hoja_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM participacion_hoja
        WHERE id = NEW.hoja_id AND consulta_id = NEW.consulta_id AND anulada_motivo = ''
    ) THEN
        RAISE EXCEPTION 'La hoja % no es de esta consulta o se anuló.', NEW.hoja_id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER se_puede_responder BEFORE INSERT ON participacion_respuesta
    FOR EACH ROW EXECUTE FUNCTION participacion_se_puede_responder();

CREATE FUNCTION participacion_eleccion_de_su_consulta() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM participacion_respuesta r JOIN participacion_pregunta p ON p.consulta_id = r.consulta_id
        WHERE r.id = NEW.respuesta_id AND p.id = NEW.pregunta_id
    ) OR NEW.opcion_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM participacion_opcion WHERE id = NEW.opcion_id AND pregunta_id = NEW.pregunta_id
    ) THEN
        RAISE EXCEPTION 'Lo que se elige es de otra consulta o de otra pregunta.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER eleccion_de_su_consulta BEFORE INSERT ON participacion_eleccion
    FOR EACH ROW EXECUTE FUNCTION participacion_eleccion_de_su_consulta();

CREATE FUNCTION participacion_hoja_se_digita_una_vez() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR ROW(NEW.consulta_id, NEW.numero, NEW.impresa_por_id, NEW.impresa_en)
            IS DISTINCT FROM ROW(OLD.consulta_id, OLD.numero, OLD.impresa_por_id, OLD.impresa_en)
        OR OLD.digitada_en IS NOT NULL OR OLD.anulada_motivo <> ''
        OR NEW.digitada_en IS NOT NULL AND NEW.anulada_motivo <> '' THEN
        RAISE EXCEPTION 'Una hoja se digita o se anula una sola vez (hoja %).', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hoja_se_digita_una_vez BEFORE UPDATE OR DELETE ON participacion_hoja
    FOR EACH ROW EXECUTE FUNCTION participacion_hoja_se_digita_una_vez();

CREATE FUNCTION participacion_codigo_se_gasta() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.usado OR NEW.huella <> OLD.huella OR NEW.consulta_id <> OLD.consulta_id THEN
        RAISE EXCEPTION 'Un código se gasta una sola vez.' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER codigo_se_gasta BEFORE UPDATE OR DELETE ON participacion_codigo
    FOR EACH ROW EXECUTE FUNCTION participacion_codigo_se_gasta();
"""

DESHACER = f"""
DROP TRIGGER codigo_se_gasta ON participacion_codigo;
DROP TRIGGER hoja_se_digita_una_vez ON participacion_hoja;
DROP TRIGGER eleccion_de_su_consulta ON participacion_eleccion;
DROP TRIGGER se_puede_responder ON participacion_respuesta;
DROP TRIGGER opciones_del_borrador ON participacion_opcion;
DROP TRIGGER preguntas_del_borrador ON participacion_pregunta;
DROP TRIGGER lo_autorizado_no_cambia ON participacion_consulta;
{"".join(f"DROP TRIGGER {tabla}_solo_se_agrega ON participacion_{tabla};" for tabla in SOLO_SE_AGREGAN)}
DROP FUNCTION participacion_codigo_se_gasta, participacion_hoja_se_digita_una_vez,
    participacion_eleccion_de_su_consulta, participacion_se_puede_responder,
    participacion_preguntas_del_borrador, participacion_lo_autorizado_no_cambia,
    participacion_solo_se_agrega;
"""


class Migration(migrations.Migration):
    dependencies = [("participacion", "0001_inicial")]

    operations = [migrations.RunSQL(LO_QUE_NO_CAMBIA + LO_QUE_SE_RESPONDE, DESHACER)]
