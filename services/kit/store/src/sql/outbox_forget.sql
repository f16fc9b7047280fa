DELETE FROM outbox_floor AS former
WHERE NOT former.is_current
    AND NOT EXISTS (
        SELECT FROM outbox_sequence AS recorded WHERE recorded.incarnation = former.incarnation
    )
