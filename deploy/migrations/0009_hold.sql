-- A turn is not paid for again and again, and a hold does not stand for ever. See docs/adr/0013.

-- When a call's hold was taken off its session although its bill is not known. Its state stays: the
-- reconciliation may still find what it cost, and books it then.
ALTER TABLE llm_call ADD COLUMN released_at timestamptz;

CREATE INDEX llm_call_held ON llm_call (started_at) WHERE state IN ('started', 'unknown') AND released_at IS NULL;

-- For release_holds alone, which runs with the ledger's rights.
GRANT UPDATE (released_at) ON llm_call TO ledger;
GRANT UPDATE (reserved_usd) ON session_spend TO ledger;

-- Takes a turn and notes its first call. Outcomes: taken (epoch), settled (epoch, reply), answered (the
-- turn has a reply already: nobody would read another), busy (another owner lives), exhausted (three
-- epochs have ended without an answer), over (the session's cap). A dead owner's claim, a failed one or the
-- caller's own is taken with the next epoch, and what its calls cost is unknown from then on.
CREATE OR REPLACE FUNCTION take_claim(
    p_session text, p_turn text, p_owner uuid, p_lease interval, p_task text, p_call text, p_model text,
    p_usd numeric, p_cap_usd numeric, p_simulated boolean, p_read_on text
) RETURNS TABLE (outcome text, epoch_now integer, stored jsonb) LANGUAGE plpgsql AS $$
DECLARE
    -- The first, one after a killed worker, one after a rebalance on top of it: a fourth is no accident.
    most_epochs CONSTANT integer := 3;
    found_one claim%ROWTYPE;
    number integer := 1;
    answered boolean;
BEGIN
    IF NOT owner_lives(p_owner) THEN
        PERFORM renew_lease(p_owner, p_lease);
    END IF;
    answered := EXISTS (SELECT 1 FROM turn t WHERE t.session_id = p_session AND t.turn_id = p_turn
                           AND t.state IN ('answered', 'published'));
    IF NOT answered THEN
        INSERT INTO claim (session_id, turn_id, epoch, owner, state, task)
        VALUES (p_session, p_turn, number, p_owner, 'running', p_task) ON CONFLICT DO NOTHING;
    END IF;
    IF answered OR NOT FOUND THEN
        SELECT * INTO found_one FROM claim c
         WHERE c.session_id = p_session AND c.turn_id = p_turn FOR UPDATE;
        IF found_one.state = 'settled' THEN
            RETURN QUERY SELECT 'settled', found_one.epoch, found_one.reply;
            RETURN;
        END IF;
        -- The claim is left as it is: its owner may have yet to settle the very reply that went out.
        IF answered THEN
            RETURN QUERY SELECT 'answered', coalesce(found_one.epoch, 0), NULL::jsonb;
            RETURN;
        END IF;
        IF found_one.state = 'running' AND found_one.owner <> p_owner AND owner_lives(found_one.owner) THEN
            RETURN QUERY SELECT 'busy', found_one.epoch, NULL::jsonb;
            RETURN;
        END IF;
        UPDATE llm_call l SET state = 'unknown', why = 'taken over', ended_at = now()
         WHERE l.session_id = p_session AND l.turn_id = p_turn AND l.state = 'started';
        IF found_one.epoch >= most_epochs THEN
            UPDATE claim c SET state = 'failed', ended_at = coalesce(c.ended_at, now())
             WHERE c.session_id = p_session AND c.turn_id = p_turn;
            RETURN QUERY SELECT 'exhausted', found_one.epoch, NULL::jsonb;
            RETURN;
        END IF;
        number := found_one.epoch + 1;
        UPDATE claim c SET epoch = number, owner = p_owner, state = 'running', task = p_task,
                           claimed_at = now(), ended_at = NULL
         WHERE c.session_id = p_session AND c.turn_id = p_turn;
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

-- Says what became of a call: billed or reconciled (its hold, if it still stands, becomes what it cost), or
-- unknown (the hold stays). What is billed stays so. False where there was nothing to say.
CREATE OR REPLACE FUNCTION end_call(
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
    RETURNING CASE WHEN released_at IS NULL THEN reserved_usd ELSE 0 END INTO held;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    UPDATE session_spend SET reserved_usd = reserved_usd - held, spent_usd = spent_usd + p_usd
     WHERE session_id = p_session;
    RETURN true;
END
$$;

-- Takes the holds of calls begun longer ago than p_older off their sessions, each once; tells how many, and
-- what was held. Calls in one order, so that two who do this at once do not wait for each other in a ring.
CREATE FUNCTION release_holds(p_older interval) RETURNS TABLE (calls bigint, usd numeric)
LANGUAGE plpgsql AS $$
DECLARE
    one record;
BEGIN
    calls := 0;
    usd := 0;
    FOR one IN
        SELECT l.session_id, l.call_id, l.reserved_usd FROM llm_call l
         WHERE l.state IN ('started', 'unknown') AND l.released_at IS NULL AND l.started_at < now() - p_older
         ORDER BY l.session_id, l.call_id LIMIT 1000 FOR UPDATE SKIP LOCKED
    LOOP
        UPDATE llm_call l SET released_at = now()
         WHERE l.session_id = one.session_id AND l.call_id = one.call_id;
        UPDATE session_spend s SET reserved_usd = s.reserved_usd - one.reserved_usd
         WHERE s.session_id = one.session_id;
        calls := calls + 1;
        usd := usd + one.reserved_usd;
    END LOOP;
    RETURN NEXT;
END
$$;

REVOKE EXECUTE ON FUNCTION release_holds FROM PUBLIC;
GRANT EXECUTE ON FUNCTION release_holds TO ledger;
