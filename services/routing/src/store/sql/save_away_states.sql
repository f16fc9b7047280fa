UPDATE away_state AS kept
SET name = wanted.name, position = wanted.position, archived = wanted.archived, rev = wanted.rev
FROM unnest($2::uuid[], $3::text[], $4::integer[], $5::boolean[], $6::bigint[])
    AS wanted (away_state_id, name, position, archived, rev)
WHERE kept.organization_id = $1 AND kept.away_state_id = wanted.away_state_id
