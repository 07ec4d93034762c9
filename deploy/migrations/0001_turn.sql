-- The turn row: one a turn, written by the classifier before it publishes the route, finished by the
-- tier before it publishes the reply. Every statement names the session, so it shards by session.
CREATE TABLE turn (
    session_id  text        NOT NULL,
    turn_id     text        NOT NULL,
    turn_no     integer     NOT NULL DEFAULT 0,
    text_sha256 bytea       NOT NULL,
    state       text        NOT NULL DEFAULT 'routed' CHECK (state IN ('routed', 'answered', 'published')),
    decision    jsonb,
    reply       jsonb,
    context     jsonb,
    asked_at    timestamptz NOT NULL DEFAULT now(),
    answered_at timestamptz,
    PRIMARY KEY (session_id, turn_id)
) WITH (fillfactor = 70);

CREATE INDEX turn_newest ON turn (session_id, turn_no DESC);

GRANT SELECT, INSERT, UPDATE ON turn TO classifier, template, "order", rag, llm;
GRANT SELECT ON turn TO ledger;
