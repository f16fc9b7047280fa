-- What the echoes of a batch may be of, with every other try of the same messages: $1, $2 their
-- organizations and accounts, $3 their ids at the network, $4 the messages that they are marked
-- with, $5 the earliest first byte that a text is compared with.
SELECT
    a.organization_id, a.message_id, a.action, a.attempt, a.channel_id, a.state, a.external_id,
    a.scope, a.kind, a.recipient, a.to_external_id, a.text, a.first_byte_at, a.settled_by
FROM attempt AS a
WHERE a.action = 1 AND (a.organization_id, a.message_id) IN (
    SELECT o.organization_id, o.message_id
    FROM unnest($1::uuid[], $2::uuid[]) AS place (organization_id, channel_id)
    JOIN attempt AS o USING (organization_id, channel_id)
    WHERE o.action = 1 AND o.first_byte_at >= $5 AND (
        o.state IN (3, 6)
        OR (o.state = 4 AND o.external_id IS NULL)
        OR (o.state = 5 AND o.settled_by = 'person')
    )
    UNION
    SELECT k.organization_id, k.message_id
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS said (organization_id, channel_id, external_id)
    JOIN attempt AS k USING (organization_id, channel_id, external_id)
    UNION
    SELECT m.organization_id, m.message_id
    FROM unnest($1::uuid[], $4::uuid[]) AS marked (organization_id, message_id)
    JOIN attempt AS m USING (organization_id, message_id)
)
ORDER BY a.organization_id, a.message_id, a.action, a.attempt
