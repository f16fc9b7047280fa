-- Who is signed in.
--
-- Outside row-level security: a cookie must be recognised before its organization is known. The
-- table holds digests of random 256-bit tokens, from which no token can be found.

CREATE TABLE session (
    session_digest bytea PRIMARY KEY CHECK (octet_length(session_digest) = 32),
    organization_id uuid NOT NULL,
    member_id uuid NOT NULL,
    -- The member's session epoch at sign-in; a greater one voids the session.
    epoch bigint NOT NULL,
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_of_member ON session (organization_id, member_id);
CREATE INDEX session_unused ON session (seen_at);
