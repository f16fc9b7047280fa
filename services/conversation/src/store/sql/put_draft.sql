-- A draft, or that it was thrown away (no body), unless something later stands ($1 organization,
-- $2 member, $3 conversation, $4 mode, $5 body, $6 kind, $7 channel, $8 message, $9 shorten links,
-- $10 when); what was thrown away long ago goes ($11).
WITH forgotten AS (
    DELETE FROM draft AS d
    WHERE (d.organization_id, d.member_id, d.conversation_id, d.mode) IN (
        SELECT old.organization_id, old.member_id, old.conversation_id, old.mode
        FROM draft AS old
        WHERE old.organization_id = $1 AND old.body IS NULL AND old.written_at < $11
            AND old.conversation_id <> $3
        ORDER BY old.written_at
        LIMIT 20
    )
)
INSERT INTO draft AS known (
    organization_id, member_id, conversation_id, mode, body, kind, channel_id, in_reply_to,
    shorten_links, written_at, rev
)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)
ON CONFLICT (organization_id, member_id, conversation_id, mode) DO UPDATE SET
    body = EXCLUDED.body, kind = EXCLUDED.kind, channel_id = EXCLUDED.channel_id,
    in_reply_to = EXCLUDED.in_reply_to, shorten_links = EXCLUDED.shorten_links,
    written_at = EXCLUDED.written_at, rev = known.rev + 1
WHERE known.written_at <= EXCLUDED.written_at
