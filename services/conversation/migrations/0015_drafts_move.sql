-- Drafts move with a conversation that becomes part of another.
CREATE INDEX draft_conversation ON draft (organization_id, conversation_id);
ALTER TABLE draft NO FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation NO FORCE ROW LEVEL SECURITY;
WITH left_behind AS (
    DELETE FROM draft AS d
    USING conversation AS c
    WHERE c.organization_id = d.organization_id AND c.conversation_id = d.conversation_id
        AND c.absorbed_into IS NOT NULL
    RETURNING d.*, c.absorbed_into
)
INSERT INTO draft AS known (
    organization_id, member_id, conversation_id, mode, body, kind, channel_id, in_reply_to,
    shorten_links, written_at, rev
)
SELECT DISTINCT ON (organization_id, member_id, absorbed_into, mode)
    organization_id, member_id, absorbed_into, mode, body, kind, channel_id, in_reply_to,
    shorten_links, written_at, rev
FROM left_behind
ORDER BY organization_id, member_id, absorbed_into, mode, written_at DESC
ON CONFLICT (organization_id, member_id, conversation_id, mode) DO UPDATE SET
    body = EXCLUDED.body, kind = EXCLUDED.kind, channel_id = EXCLUDED.channel_id,
    in_reply_to = EXCLUDED.in_reply_to, shorten_links = EXCLUDED.shorten_links,
    written_at = EXCLUDED.written_at, rev = known.rev + 1
WHERE known.written_at <= EXCLUDED.written_at;
ALTER TABLE draft FORCE ROW LEVEL SECURITY;
ALTER TABLE conversation FORCE ROW LEVEL SECURITY;
