-- Who answers a turn with a model, and what that costs. Every statement on turns names the session, so
-- these tables shard by session; claim_owner is small and belongs to each shard. Clocks are this server's.

-- One row per llm worker that lives. A claim whose owner has no row, or an old one, may be taken over.
CREATE TABLE claim_owner (
    owner       uuid        PRIMARY KEY,
    lease_until timestamptz NOT NULL
) WITH (fillfactor = 50);

-- One row a turn that a model was asked for. A higher epoch is a later owner; only the newest may settle.
CREATE TABLE claim (
    session_id text        NOT NULL,
    turn_id    text        NOT NULL,
    epoch      integer     NOT NULL CHECK (epoch >= 1),
    owner      uuid        NOT NULL,
    state      text        NOT NULL CHECK (state IN ('running', 'settled', 'failed')),
    task       text        NOT NULL,
    reply      jsonb,
    claimed_at timestamptz NOT NULL DEFAULT now(),
    ended_at   timestamptz,
    PRIMARY KEY (session_id, turn_id),
    CHECK ((state = 'settled') = (reply IS NOT NULL))
) WITH (fillfactor = 70);

-- What a session has cost, and what its calls under way may cost at most.
CREATE TABLE session_spend (
    session_id   text           PRIMARY KEY,
    reserved_usd numeric(14, 9) NOT NULL DEFAULT 0 CHECK (reserved_usd >= 0),
    spent_usd    numeric(14, 9) NOT NULL DEFAULT 0 CHECK (spent_usd >= 0)
) WITH (fillfactor = 70);

-- One row per request to a provider, written before the request is sent. `billed`: the provider said what
-- it cost. `unknown`: the answer was cut before it could; `reserved_usd` stays held until `reconciled`.
CREATE TABLE llm_call (
    session_id         text           NOT NULL,
    call_id            text           NOT NULL CHECK (call_id ~ '^[0-9a-f]{32}$'),
    turn_id            text           NOT NULL,
    epoch              integer        NOT NULL,
    model              text           NOT NULL,
    state              text           NOT NULL DEFAULT 'started'
                                      CHECK (state IN ('started', 'billed', 'unknown', 'reconciled')),
    input_tokens       integer        NOT NULL DEFAULT 0,
    output_tokens      integer        NOT NULL DEFAULT 0,
    cached_tokens      integer        NOT NULL DEFAULT 0,
    cache_write_tokens integer        NOT NULL DEFAULT 0,
    cost_usd           numeric(14, 9) NOT NULL DEFAULT 0,
    reserved_usd       numeric(14, 9) NOT NULL,
    simulated          boolean        NOT NULL,
    read_on            text           NOT NULL,
    why                text,
    started_at         timestamptz    NOT NULL DEFAULT now(),
    ended_at           timestamptz,
    PRIMARY KEY (session_id, call_id)
);

CREATE INDEX llm_call_turn ON llm_call (session_id, turn_id);
CREATE INDEX llm_call_open ON llm_call (started_at) WHERE state IN ('started', 'unknown');

GRANT SELECT, INSERT, UPDATE, DELETE ON claim_owner TO llm;
GRANT SELECT, INSERT, UPDATE ON claim, session_spend, llm_call TO llm;
GRANT SELECT ON claim, session_spend, llm_call TO ledger;

-- The functions below lock in one order: claim, llm_call, session_spend. They run with the caller's rights.

CREATE FUNCTION owner_lives(p_owner uuid) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT 1 FROM claim_owner WHERE owner = p_owner AND lease_until > now())
$$;

CREATE FUNCTION renew_lease(p_owner uuid, p_lease interval) RETURNS void LANGUAGE sql AS $$
    INSERT INTO claim_owner AS o (owner, lease_until) VALUES (p_owner, now() + p_lease)
    ON CONFLICT (owner) DO UPDATE SET lease_until = greatest(o.lease_until, excluded.lease_until)
$$;

-- Notes a call and holds its greatest cost; false where the session's cap does not allow it.
CREATE FUNCTION reserve_call(
    p_session text, p_turn text, p_epoch integer, p_call text, p_model text,
    p_usd numeric, p_cap_usd numeric, p_simulated boolean, p_read_on text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO session_spend (session_id) VALUES (p_session) ON CONFLICT DO NOTHING;
    UPDATE session_spend SET reserved_usd = reserved_usd + p_usd
     WHERE session_id = p_session AND spent_usd + reserved_usd + p_usd <= p_cap_usd;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    INSERT INTO llm_call (session_id, call_id, turn_id, epoch, model, reserved_usd, simulated, read_on)
    VALUES (p_session, p_call, p_turn, p_epoch, p_model, p_usd, p_simulated, p_read_on);
    RETURN true;
END
$$;

-- Takes a turn and notes its first call. Outcomes: taken (epoch), settled (epoch, reply), busy (another
-- owner lives), over (the session's cap). A dead owner's claim, a failed one or the caller's own is taken
-- with the next epoch, and what its calls cost is unknown from then on.
CREATE FUNCTION take_claim(
    p_session text, p_turn text, p_owner uuid, p_lease interval, p_task text, p_call text, p_model text,
    p_usd numeric, p_cap_usd numeric, p_simulated boolean, p_read_on text
) RETURNS TABLE (outcome text, epoch_now integer, stored jsonb) LANGUAGE plpgsql AS $$
DECLARE
    found_one claim%ROWTYPE;
    number integer := 1;
BEGIN
    IF NOT owner_lives(p_owner) THEN
        PERFORM renew_lease(p_owner, p_lease);
    END IF;
    INSERT INTO claim (session_id, turn_id, epoch, owner, state, task)
    VALUES (p_session, p_turn, number, p_owner, 'running', p_task) ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN
        SELECT * INTO found_one FROM claim c
         WHERE c.session_id = p_session AND c.turn_id = p_turn FOR UPDATE;
        IF found_one.state = 'settled' THEN
            RETURN QUERY SELECT 'settled', found_one.epoch, found_one.reply;
            RETURN;
        END IF;
        IF found_one.state = 'running' AND found_one.owner <> p_owner AND owner_lives(found_one.owner) THEN
            RETURN QUERY SELECT 'busy', found_one.epoch, NULL::jsonb;
            RETURN;
        END IF;
        number := found_one.epoch + 1;
        UPDATE claim c SET epoch = number, owner = p_owner, state = 'running', task = p_task,
                           claimed_at = now(), ended_at = NULL
         WHERE c.session_id = p_session AND c.turn_id = p_turn;
        UPDATE llm_call l SET state = 'unknown', why = 'taken over', ended_at = now()
         WHERE l.session_id = p_session AND l.turn_id = p_turn AND l.state = 'started';
    END IF;
    IF reserve_call(p_session, p_turn, number, p_call, p_model, p_usd, p_cap_usd, p_simulated, p_read_on) THEN
        RETURN QUERY SELECT 'taken', number, NULL::jsonb;
        RETURN;
    END IF;
    UPDATE claim c SET state = 'failed', ended_at = now()
     WHERE c.session_id = p_session AND c.turn_id = p_turn;
    RETURN QUERY SELECT 'over', number, NULL::jsonb;
END
$$;

-- Notes a further call of a claim that is still the caller's: taken, over or superseded.
CREATE FUNCTION add_call(
    p_session text, p_turn text, p_epoch integer, p_call text, p_model text,
    p_usd numeric, p_cap_usd numeric, p_simulated boolean, p_read_on text
) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM claim WHERE session_id = p_session AND turn_id = p_turn
        AND epoch = p_epoch AND state = 'running' FOR UPDATE;
    IF NOT FOUND THEN
        RETURN 'superseded';
    END IF;
    IF reserve_call(p_session, p_turn, p_epoch, p_call, p_model, p_usd, p_cap_usd, p_simulated, p_read_on) THEN
        RETURN 'taken';
    END IF;
    RETURN 'over';
END
$$;

-- Says what became of a call: billed or reconciled (its hold becomes what it cost), or unknown (the hold
-- stays). What is billed stays so. False where there was nothing to say.
CREATE FUNCTION end_call(
    p_session text, p_call text, p_state text, p_input integer, p_output integer, p_cached integer,
    p_written integer, p_usd numeric, p_why text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    held numeric;
BEGIN
    IF p_state = 'unknown' THEN
        UPDATE llm_call SET state = 'unknown', why = p_why, ended_at = now()
         WHERE session_id = p_session AND call_id = p_call AND state = 'started';
        RETURN FOUND;
    END IF;
    UPDATE llm_call
       SET state = p_state, input_tokens = p_input, output_tokens = p_output, cached_tokens = p_cached,
           cache_write_tokens = p_written, cost_usd = p_usd, why = coalesce(p_why, why),
           ended_at = coalesce(ended_at, now())
     WHERE session_id = p_session AND call_id = p_call AND state IN ('started', 'unknown')
    RETURNING reserved_usd INTO held;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE session_spend SET reserved_usd = reserved_usd - held, spent_usd = spent_usd + p_usd
     WHERE session_id = p_session;
    RETURN true;
END
$$;

-- Ends a claim as settled (with its reply) or failed, and its last call. False: a later owner has it, or
-- it is settled already; what the call cost is booked all the same.
CREATE FUNCTION end_claim(
    p_session text, p_turn text, p_epoch integer, p_state text, p_reply jsonb, p_call text,
    p_call_state text, p_input integer, p_output integer, p_cached integer, p_written integer,
    p_usd numeric, p_why text
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    won boolean;
BEGIN
    UPDATE claim SET state = p_state, reply = p_reply, ended_at = now()
     WHERE session_id = p_session AND turn_id = p_turn AND epoch = p_epoch AND state = 'running';
    won := FOUND;
    PERFORM end_call(p_session, p_call, p_call_state, p_input, p_output, p_cached, p_written, p_usd, p_why);
    RETURN won;
END
$$;

REVOKE EXECUTE ON FUNCTION owner_lives, renew_lease, reserve_call, take_claim, add_call, end_call, end_claim
    FROM PUBLIC;
GRANT EXECUTE ON FUNCTION owner_lives, renew_lease, reserve_call, take_claim, add_call, end_call, end_claim
    TO llm;
