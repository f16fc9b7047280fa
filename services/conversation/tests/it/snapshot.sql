WITH chain AS (
    SELECT
        c.*,
        i.network_user_id || '#' || rank() OVER (PARTITION BY c.identity_id ORDER BY c.ordinal) AS label
    FROM conversation.conversation AS c
    JOIN conversation.contact_identity AS i USING (organization_id, identity_id)
    WHERE c.organization_id = '{organization}' AND c.absorbed_into IS NULL
)
SELECT concat_ws(
    ' | ', 'conversation', c.label, 'state', c.state, 'previous', p.label, 'resolved',
    c.resolved_at IS NOT NULL, 'waiting', extract(epoch FROM c.waiting_since), 'unseen',
    c.unseen_count, 'messages', c.message_count, 'last', c.last_external_id,
    extract(epoch FROM c.last_activity_at), c.last_kind, c.last_direction,
    (SELECT array_agg(x ORDER BY x) FROM unnest(c.channel_ids) AS x), 'contact', k.display_name
) AS line
FROM chain AS c
LEFT JOIN chain AS p ON p.conversation_id = c.previous_id
JOIN conversation.contact AS k
    ON k.organization_id = c.organization_id AND k.contact_id = c.contact_id
UNION ALL
SELECT concat_ws(
    ' | ', 'message', c.label, m.external_id, m.direction, m.kind, m.history,
    (SELECT array_agg(x ORDER BY x) FROM unnest(m.channel_ids) AS x),
    extract(epoch FROM m.network_time), m.body, 'version', m.version, m.edited, m.deleted,
    m.attachments, m.reactions, m.delivered, m.read,
    (
        SELECT string_agg(v.version || ' ' || v.body, ', ' ORDER BY v.version, v.body)
        FROM conversation.message_version AS v WHERE v.message_id = m.message_id
    )
)
FROM conversation.message AS m
JOIN chain AS c USING (organization_id, conversation_id)
UNION ALL
SELECT concat_ws(' | ', 'waiting', key, count(*))
FROM conversation.waiting
WHERE organization_id = '{organization}'
GROUP BY key
ORDER BY 1
