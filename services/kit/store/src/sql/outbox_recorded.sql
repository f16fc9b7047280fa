SELECT recorded.sequence, recorded.event_id
FROM outbox_floor AS current
JOIN outbox_sequence AS recorded ON recorded.incarnation = current.incarnation
WHERE current.is_current AND recorded.sequence > greatest(current.confirmed, $1)
ORDER BY recorded.sequence
LIMIT $2
