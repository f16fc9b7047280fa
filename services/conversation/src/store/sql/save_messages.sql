-- Messages, new and changed, and the earlier versions of their texts. What a new own message
-- finds already confirmed by a receipt is delivered from the start.
WITH emptied AS (
    DELETE FROM message_version AS v
    USING unnest($26::uuid[], $27::uuid[]) AS gone (organization_id, message_id)
    WHERE v.organization_id = gone.organization_id AND v.message_id = gone.message_id
), versions AS (
    INSERT INTO message_version (organization_id, message_id, version, version_time, body)
    SELECT organization_id, message_id, version, version_time, body
    FROM unnest($28::uuid[], $29::uuid[], $30::bigint[], $31::timestamptz[], $32::text[])
        AS kept (organization_id, message_id, version, version_time, body)
    ON CONFLICT DO NOTHING
)
INSERT INTO message AS known (
    organization_id, message_id, conversation_id, identity_id, network, scope, external_id,
    sequence, rev, item_id, direction, kind, history, channel_ids, network_time, body, version,
    version_time, edited, deleted, attachments, permalink, in_reply_to, thread, reactions,
    delivered, read
)
SELECT
    row.organization_id, row.message_id, row.conversation_id, row.identity_id, row.network,
    row.scope, row.external_id, row.sequence, row.rev, row.item_id, row.direction, row.kind,
    row.history, row.channel_ids::uuid[], row.network_time, row.body, row.version,
    row.version_time, row.edited, row.deleted, row.attachments::jsonb, row.permalink,
    row.in_reply_to, row.thread, row.reactions::jsonb,
    COALESCE(confirmed.delivered, false), COALESCE(confirmed.read, false)
FROM unnest(
    $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::smallint[], $6::text[], $7::text[],
    $8::bigint[], $9::bigint[], $10::uuid[], $11::smallint[], $12::smallint[], $13::boolean[],
    $14::text[], $15::timestamptz[], $16::text[], $17::bigint[], $18::timestamptz[],
    $19::boolean[], $20::boolean[], $21::text[], $22::text[], $23::text[], $24::text[],
    $25::text[]
) AS row (
    organization_id, message_id, conversation_id, identity_id, network, scope, external_id,
    sequence, rev, item_id, direction, kind, history, channel_ids, network_time, body, version,
    version_time, edited, deleted, attachments, permalink, in_reply_to, thread, reactions
)
LEFT JOIN LATERAL (
    SELECT
        bool_or(r.delivered_up_to >= row.network_time) AS delivered,
        bool_or(r.read_up_to >= row.network_time) AS read
    FROM (
        SELECT found.* FROM contact_identity AS found
        WHERE row.direction = 2 AND row.kind = 1
            AND found.organization_id = row.organization_id
            AND found.identity_id = row.identity_id
        LIMIT 1
    ) AS i
    JOIN receipt AS r
        ON r.organization_id = i.organization_id AND r.network = i.network
        AND r.scope = i.scope AND r.network_user_id = i.network_user_id
    WHERE r.channel_id = ANY (row.channel_ids::uuid[])
) AS confirmed ON true
ON CONFLICT (organization_id, message_id) DO UPDATE SET
    conversation_id = EXCLUDED.conversation_id, sequence = EXCLUDED.sequence,
    rev = EXCLUDED.rev, kind = EXCLUDED.kind, history = EXCLUDED.history,
    channel_ids = EXCLUDED.channel_ids, body = EXCLUDED.body, version = EXCLUDED.version,
    version_time = EXCLUDED.version_time, edited = EXCLUDED.edited, deleted = EXCLUDED.deleted,
    attachments = EXCLUDED.attachments, in_reply_to = EXCLUDED.in_reply_to,
    reactions = EXCLUDED.reactions,
    delivered = known.delivered OR EXCLUDED.delivered, read = known.read OR EXCLUDED.read
