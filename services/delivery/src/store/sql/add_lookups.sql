-- Keeps what is wanted; what is kept already stays as it is.
WITH added AS (
    INSERT INTO lookup (
        organization_id, item_id, channel_id, network, external_id, kind, author_id, scope, trace,
        asked_at
    )
    SELECT *
    FROM unnest(
        $1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::timestamptz[]
    )
    ON CONFLICT DO NOTHING
    RETURNING organization_id, item_id, network, channel_id, asked_at
)
INSERT INTO lookup_turn (organization_id, item_id, network, channel_id, due)
SELECT organization_id, item_id, network, channel_id, asked_at FROM added
