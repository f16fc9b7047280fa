-- Moments are read off before locks are waited for, and so do not order what is told of a member:
-- its version does.
ALTER TABLE member ADD COLUMN version bigint NOT NULL DEFAULT 0;
