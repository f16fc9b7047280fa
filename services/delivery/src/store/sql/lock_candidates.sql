-- Waits for whoever is writing down how an attempt that an echo may be of ended: parameters and
-- rows as of the candidates themselves, in the order of their keys.
WITH place AS (
    SELECT DISTINCT organization_id, channel_id
    FROM unnest($1::uuid[], $2::uuid[]) AS place (organization_id, channel_id)
), sought AS (
    SELECT o.organization_id, o.message_id
    FROM place CROSS JOIN LATERAL (
        SELECT found.organization_id, found.message_id FROM attempt AS found
        WHERE found.organization_id = place.organization_id
            AND found.channel_id = place.channel_id AND found.first_byte_at >= $5
            AND found.action = 1 AND found.state IN (3, 6)
        OFFSET 0
    ) AS o
    UNION
    SELECT u.organization_id, u.message_id
    FROM place CROSS JOIN LATERAL (
        SELECT found.organization_id, found.message_id FROM attempt AS found
        WHERE found.organization_id = place.organization_id
            AND found.channel_id = place.channel_id AND found.first_byte_at >= $5
            AND found.action = 1 AND found.state = 4 AND found.external_id IS NULL
        OFFSET 0
    ) AS u
    UNION
    SELECT d.organization_id, d.message_id
    FROM place CROSS JOIN LATERAL (
        SELECT found.organization_id, found.message_id FROM attempt AS found
        WHERE found.organization_id = place.organization_id
            AND found.channel_id = place.channel_id AND found.first_byte_at >= $5
            AND found.action = 1 AND found.state = 5 AND found.settled_by = 'person'
        OFFSET 0
    ) AS d
    UNION
    SELECT k.organization_id, k.message_id
    FROM unnest($1::uuid[], $2::uuid[], $3::text[])
        AS said (organization_id, channel_id, external_id)
    CROSS JOIN LATERAL (
        SELECT found.organization_id, found.message_id FROM attempt AS found
        WHERE found.organization_id = said.organization_id
            AND found.channel_id = said.channel_id AND found.external_id = said.external_id
        OFFSET 0
    ) AS k
    UNION
    SELECT marked.organization_id, marked.message_id
    FROM unnest($1::uuid[], $4::uuid[]) AS marked (organization_id, message_id)
    WHERE marked.message_id IS NOT NULL
)
SELECT 1
FROM (
    SELECT organization_id, message_id FROM sought ORDER BY organization_id, message_id
) AS sought
CROSS JOIN LATERAL (
    SELECT 1 FROM attempt AS found
    WHERE found.organization_id = sought.organization_id
        AND found.message_id = sought.message_id AND found.action = 1
    ORDER BY found.attempt
    FOR UPDATE
) AS a
