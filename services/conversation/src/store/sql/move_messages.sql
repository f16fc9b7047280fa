-- Every message of a conversation that was absorbed goes to the one that goes on.
UPDATE message AS m SET
    conversation_id = moving.into_id,
    sequence = m.sequence + moving.grown_by,
    rev = m.rev + 1
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::bigint[])
    AS moving (organization_id, from_id, into_id, grown_by)
WHERE m.organization_id = moving.organization_id AND m.conversation_id = moving.from_id
