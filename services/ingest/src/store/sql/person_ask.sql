-- Those of these persons who may be asked for at $4; they are, and then not before a day is over.
-- The others are not touched, so that batches that speak of one person do not wait for each other.
INSERT INTO person_asked AS known (organization_id, channel_id, person_id, not_before)
SELECT asked.*, $4::timestamptz + interval '1 day'
FROM (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[])
        AS asked (organization_id, channel_id, person_id)
    ORDER BY organization_id, channel_id, person_id
) AS asked
WHERE NOT EXISTS (
    SELECT FROM person_asked AS fresh
    WHERE fresh.organization_id = asked.organization_id
        AND fresh.channel_id = asked.channel_id
        AND fresh.person_id = asked.person_id
        AND fresh.not_before > $4
)
ON CONFLICT (organization_id, channel_id, person_id) DO UPDATE
SET not_before = excluded.not_before
WHERE known.not_before <= $4
RETURNING organization_id, channel_id, person_id
