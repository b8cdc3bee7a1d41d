-- Local names that may be one with the touched ones: those that share blocks with them, with those, and so on.
-- Leaves alike_names (entity_type, name_key).
CREATE OR REPLACE TEMP TABLE alike_names AS
WITH RECURSIVE alike AS (
    SELECT DISTINCT u.entity_type, u.name_key
    FROM ops.unassigned AS u
    WHERE u.reason = 'local'
    UNION
    SELECT others.entity_type, others.name_key
    FROM alike AS a
    JOIN ops.name_blocks AS own ON a.entity_type = own.entity_type AND a.name_key = own.name_key
    JOIN ops.name_blocks AS others ON own.block = others.block
)

SELECT entity_type, name_key
FROM alike;
