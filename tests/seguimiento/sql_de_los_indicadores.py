"""What each indicator must give, in SQL that knows nothing of the code that computes it.

They take the moments of a period, see `momentos`, and `dependencia`: the id of an office, or None.
"""

from portal.calendario import festivos
from portal.periodos import Periodo

SQL_ACTUALIZACIONES = """
SELECT count(*) FROM portal_actualizacion
WHERE clase IN ('publicacion', 'modificacion') AND en >= %(inicio)s AND en < %(fin)s
AND (%(dependencia)s::bigint IS NULL OR dependencia_id = %(dependencia)s)
"""

SQL_INVENTARIO = """
WITH pasos AS (
    SELECT DISTINCT ON (tramite_id) tramite_id, publica_id, dependencia_id
    FROM tramites_pasodetramite WHERE en <= %(corte)s ORDER BY tramite_id, en DESC, id DESC
)
SELECT count(*), count(p.publica_id), count(*) FILTER (WHERE h.grado = 'total')
FROM tramites_tramite t
LEFT JOIN pasos p ON p.tramite_id = t.id
LEFT JOIN tramites_hojadevida h ON h.id = p.publica_id
WHERE t.tipo <> 'consulta' AND t.identificado_en <= %(corte)s
AND (t.suprimido_en IS NULL OR t.suprimido_en > %(corte)s)
AND (%(dependencia)s::bigint IS NULL OR coalesce(p.dependencia_id, t.dependencia_id) = %(dependencia)s)
"""

SQL_CRITERIOS = """
WITH ultima AS (
    SELECT DISTINCT ON (criterio_id) criterio_id, resultado, base, vence_en
    FROM seguimiento_evaluacion WHERE en <= %(corte)s ORDER BY criterio_id, en DESC, id DESC
)
SELECT coalesce(sum(c.peso) FILTER (WHERE u.resultado = 'cumple'
                                    AND NOT (u.base = 'excepcion' AND u.vence_en < %(hasta)s)), 0),
       coalesce(sum(c.peso) FILTER (WHERE u.resultado IS DISTINCT FROM 'no_aplica'), 0)
FROM seguimiento_criterio c
JOIN seguimiento_fase f ON f.id = c.fase_id
LEFT JOIN ultima u ON u.criterio_id = c.id
WHERE f.slug = %(fase)s AND NOT c.es_compromiso
AND (%(dependencia)s::bigint IS NULL OR c.dependencia_id = %(dependencia)s)
"""

SQL_APORTADO = """
SELECT numerador, denominador FROM seguimiento_datoaportado
WHERE funcion = %(funcion)s AND hasta <= %(hasta)s ORDER BY hasta DESC, id DESC LIMIT 1
"""

SQL_METAS = """
WITH canales AS (
    SELECT c.dependencia_id AS dependencia,
           coalesce(%(corte)s - max(a.en) <= c.edad_maxima_dias * interval '1 day', false) AS cumple
    FROM portal_canal c
    LEFT JOIN portal_actualizacion a ON a.canal_id = c.id AND a.en <= %(corte)s
        AND a.clase IN ('publicacion', 'modificacion', 'ratificacion')
    WHERE c.publico AND c.activo AND c.edad_maxima_dias IS NOT NULL AND c.tipos <> '{}'
    GROUP BY c.id
), pasos AS (
    SELECT DISTINCT ON (tramite_id) tramite_id, publica_id, dependencia_id
    FROM tramites_pasodetramite WHERE en <= %(corte)s ORDER BY tramite_id, en DESC, id DESC
), tramites AS (
    SELECT coalesce(p.dependencia_id, t.dependencia_id) AS dependencia,
           bool_and(p.publica_id IS NOT NULL) AS cumple
    FROM tramites_tramite t LEFT JOIN pasos p ON p.tramite_id = t.id
    WHERE t.tipo <> 'consulta' AND t.identificado_en <= %(corte)s
    AND (t.suprimido_en IS NULL OR t.suprimido_en > %(corte)s)
    GROUP BY 1
), actividades AS (
    SELECT DISTINCT a.id, g.dependencia_id AS dependencia,
           coalesce(a.cumplida_en <= %(hasta)s, false) AS cumple
    FROM seguimiento_actividad a
    LEFT JOIN seguimiento_actividad_cargos ac ON ac.actividad_id = a.id
    LEFT JOIN portal_cargo g ON g.id = ac.cargo_id
    WHERE a.fin <= %(hasta)s AND a.estado <> 'permanente'
), metas AS (
    SELECT dependencia, cumple FROM canales
    UNION ALL SELECT dependencia, cumple FROM tramites
    UNION ALL SELECT dependencia, cumple FROM actividades
)
SELECT count(*) FILTER (WHERE cumple), count(*) FROM metas
WHERE %(dependencia)s::bigint IS NULL OR dependencia = %(dependencia)s
"""


#: Minute by minute, from the first of the month of the last day: nothing here knows of stretches.
SQL_INTERRUPCIONES = """
WITH minutos AS (
    SELECT e.id AS enlace, m, m AT TIME ZONE 'America/Bogota' AS local
    FROM conectividad_enlace e,
    generate_series(%(inicio_del_mes)s, date_trunc('minute', least(%(fin)s, now())) - interval '1 minute',
                    interval '1 minute') m
    WHERE e.activo
), que_cuentan AS (
    SELECT n.enlace, n.m FROM minutos n JOIN conectividad_enlace e ON e.id = n.enlace
    WHERE (e.horas = 'todas' OR n.local::date <> ALL (%(festivos)s)
        AND NOT EXISTS (SELECT FROM portal_dianohabil d WHERE d.fecha = n.local::date)
        AND EXISTS (SELECT FROM portal_jornada j WHERE j.dia = extract(isodow FROM n.local)
            AND n.local::time >= j.desde AND n.local::time < j.hasta
            AND (j.rige_desde IS NULL OR j.rige_desde <= n.local::date)
            AND (j.rige_hasta IS NULL OR j.rige_hasta >= n.local::date)))
    AND NOT EXISTS (SELECT FROM conectividad_incidente i WHERE i.enlace_id = n.enlace AND i.planeado
        AND i.anulado_en IS NULL AND i.inicio <= n.m AND (i.fin IS NULL OR i.fin > n.m))
)
SELECT coalesce(sum((
    SELECT max(i.peso) FROM conectividad_incidente i WHERE i.enlace_id = q.enlace AND NOT i.planeado
    AND i.anulado_en IS NULL AND i.inicio <= q.m AND (i.fin IS NULL OR i.fin > q.m)
)) / 100.0, 0), count(*) FROM que_cuentan q
"""

SQL_INTERRUPCIONES_CON_ACCION = """
SELECT count(*) FILTER (WHERE EXISTS (
    SELECT FROM conectividad_accion a WHERE a.incidente_id = i.id AND a.registrada_en < %(fin)s)), count(*)
FROM conectividad_incidente i JOIN conectividad_enlace e ON e.id = i.enlace_id
WHERE e.activo AND i.anulado_en IS NULL AND i.inicio < least(%(fin)s, now())
AND (i.fin IS NULL OR i.fin > %(inicio_del_mes)s)
"""


def momentos(periodo: Periodo) -> dict:
    """First moment, first one that is out, when things are looked at, last day, first moment of its month."""
    return {
        **{"inicio": periodo.inicio, "fin": periodo.fin, "corte": periodo.corte, "hasta": periodo.hasta},
        "inicio_del_mes": Periodo.mes(periodo.hasta.year, periodo.hasta.month).inicio,
        "festivos": sorted(festivos(periodo.hasta.year)),
    }
