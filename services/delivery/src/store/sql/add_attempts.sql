-- Queues attempts; those that are there already stay as they are. Gives the ones that are new.
WITH given AS (
    SELECT * FROM unnest(
        $1::uuid[], $2::uuid[], $3::smallint[], $4::integer[], $5::uuid[], $6::uuid[], $7::text[],
        $8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::timestamptz[],
        $14::timestamptz[], $15::text[], $16::uuid[], $17::bigint[], $18::text[]
    ) AS given (
        organization_id, message_id, action, attempt, conversation_id, channel_id, network,
        kind, text, recipient, to_external_id, to_kind, last_private_inbound_at,
        queued_at, trace, request_id, request_turn, thing
    )
), added AS (
    INSERT INTO attempt (
        organization_id, message_id, action, attempt, conversation_id, channel_id, network, state,
        kind, text, recipient, to_external_id, to_kind, last_private_inbound_at, queued_at, trace,
        request_id, request_turn, thing
    )
    SELECT
        organization_id, message_id, action, attempt, conversation_id, channel_id, network, 1,
        kind, text, recipient, to_external_id, to_kind, last_private_inbound_at, queued_at, trace,
        request_id, request_turn, thing
    FROM given
    ON CONFLICT DO NOTHING
    RETURNING organization_id, message_id, action, attempt, network, channel_id,
        conversation_id, kind, queued_at, request_turn, thing
), turned AS (
    INSERT INTO turn (
        organization_id, message_id, action, attempt, network, channel_id,
        due, conversation_id, private, queued_at, request_turn, thing
    )
    SELECT
        organization_id, message_id, action, attempt, network, channel_id,
        queued_at, conversation_id, kind = 'private_message', queued_at, request_turn, thing
    FROM added
)
SELECT organization_id, message_id, action, attempt FROM added
