-- When a person's desk last gave a session back to the bot, in milliseconds of the broker's clock:
-- the stamp of the newest release on chat.handoff. A hand-off that was opened before it is over.
CREATE TABLE handoff_release (
    session_id  text   PRIMARY KEY CHECK (session_id <> ''),
    released_ms bigint NOT NULL CHECK (released_ms > 0)
);

GRANT SELECT, INSERT, UPDATE ON handoff_release TO classifier;
