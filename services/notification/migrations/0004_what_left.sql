-- What a desktop may show is taken back, and an old word of a browser says nothing of a newer notification.

ALTER TABLE notification
    -- A push of it left, or may have: nobody has to have written down that it did.
    ADD COLUMN pushed boolean NOT NULL DEFAULT false,
    -- Its rev when it was raised last; 0 for what an older release kept.
    ADD COLUMN raised_rev bigint NOT NULL DEFAULT 0;

-- Those that stand already; their owner sees every organization's for a moment.
ALTER TABLE notification NO FORCE ROW LEVEL SECURITY;
ALTER TABLE outcome NO FORCE ROW LEVEL SECURITY;
UPDATE notification SET pushed = true
WHERE settled_at IS NULL AND EXISTS (
    SELECT FROM outcome
    WHERE outcome.organization_id = notification.organization_id
      AND outcome.notification_id = notification.notification_id
      AND outcome.means = 2 AND outcome.outcome >= 3
);
ALTER TABLE outcome FORCE ROW LEVEL SECURITY;
ALTER TABLE notification FORCE ROW LEVEL SECURITY;
