INSERT INTO outbox_floor (incarnation) VALUES ($1)
ON CONFLICT (incarnation) DO UPDATE SET is_current = true
