-- The other requests that have not ended about the things that these attempts are about.
SELECT DISTINCT other.organization_id, other.message_id, other.action, other.attempt
FROM unnest($1::uuid[], $2::uuid[], $3::smallint[], $4::integer[])
    AS given (organization_id, message_id, action, attempt)
JOIN turn AS mine USING (organization_id, message_id, action, attempt)
JOIN turn AS other ON other.organization_id = mine.organization_id AND other.thing = mine.thing
