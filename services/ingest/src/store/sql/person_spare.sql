-- These persons were named: nobody asks again who they are for thirty days. One that a webhook is
-- asking for at this moment is left to be asked once more, so that neither waits for the other.
WITH known AS (
    SELECT person.organization_id, person.channel_id, person.person_id
    FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS named (organization_id, channel_id, person_id)
    CROSS JOIN LATERAL (
        SELECT * FROM person_asked AS stands
        WHERE stands.organization_id = named.organization_id
            AND stands.channel_id = named.channel_id
            AND stands.person_id = named.person_id
        FOR UPDATE SKIP LOCKED
    ) AS person
)
UPDATE person_asked AS spared
SET not_before = clock_timestamp() + interval '30 days'
FROM known
WHERE spared.organization_id = known.organization_id
    AND spared.channel_id = known.channel_id
    AND spared.person_id = known.person_id
