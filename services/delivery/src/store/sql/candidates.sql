-- What the echoes of a batch may be of, with every other try of the same messages: $1, $2 their
-- organizations and accounts, $3 their ids at the network, $4 the messages that they are marked
-- with, $5 the earliest first byte that a text is compared with. Each lookup stands for itself, so
-- that the plan is the same nested loop of index scans whatever the table's size was when it was
-- made.
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
SELECT a.*
FROM sought
CROSS JOIN LATERAL (
    SELECT
        found.organization_id, found.message_id, found.action, found.attempt, found.channel_id,
        found.state, found.external_id, found.scope, found.kind, found.recipient,
        found.to_external_id, found.text, found.first_byte_at, found.settled_by
    FROM attempt AS found
    WHERE found.organization_id = sought.organization_id
        AND found.message_id = sought.message_id AND found.action = 1
    OFFSET 0
) AS a
ORDER BY a.organization_id, a.message_id, a.action, a.attempt
