-- The ledger's books: what every finished turn took and cost, written once. Derived from chat.egress and
-- from llm_call; nothing but the ledger writes here. Every row names its session, so the tables shard by it.

-- One row a finished turn: the first reply of the turn in the order of its partition. The cost is that of
-- the reply's own calls, by the prices of `read_on` (unknown: by prices that the ledger does not have);
-- `model_size` is that of the biggest model among them, by the playbook's choice.
CREATE TABLE booking (
    session_id         text           NOT NULL,
    turn_id            text           NOT NULL,
    turn_no            integer,
    tier               text           NOT NULL,
    use_case           text           NOT NULL,
    status             text           NOT NULL,
    reason             text,
    model_size         text           NOT NULL CHECK (model_size IN ('none', 'small', 'big', 'other')),
    asked_at           timestamptz    NOT NULL,
    answered_at        timestamptz    NOT NULL,
    latency_ms         bigint         NOT NULL,
    calls              integer        NOT NULL CHECK (calls >= 0),
    input_tokens       bigint         NOT NULL,
    output_tokens      bigint         NOT NULL,
    cached_tokens      bigint         NOT NULL,
    cache_write_tokens bigint         NOT NULL,
    cost_usd           numeric(14, 9) NOT NULL,
    simulated          boolean        NOT NULL,
    read_on            text,
    partition_no       integer        NOT NULL,
    record_offset      bigint         NOT NULL,
    booked_at          timestamptz    NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, turn_id)
);

CREATE INDEX booking_answered ON booking (answered_at);

-- The calls that a booked reply carries, as its usage lists them; `number` counts from 1.
CREATE TABLE booked_call (
    session_id         text           NOT NULL,
    turn_id            text           NOT NULL,
    number             integer        NOT NULL,
    model              text           NOT NULL,
    input_tokens       integer        NOT NULL,
    output_tokens      integer        NOT NULL,
    cached_tokens      integer        NOT NULL,
    cache_write_tokens integer        NOT NULL,
    cost_usd           numeric(14, 9) NOT NULL,
    simulated          boolean        NOT NULL,
    PRIMARY KEY (session_id, turn_id, number)
);

-- Calls that were paid for and that no reply carries: a killed worker's, a cut or a late one. One row a call.
CREATE TABLE adjustment (
    session_id         text           NOT NULL,
    call_id            text           NOT NULL,
    turn_id            text           NOT NULL,
    model              text           NOT NULL,
    input_tokens       integer        NOT NULL,
    output_tokens      integer        NOT NULL,
    cached_tokens      integer        NOT NULL,
    cache_write_tokens integer        NOT NULL,
    cost_usd           numeric(14, 9) NOT NULL,
    simulated          boolean        NOT NULL,
    read_on            text           NOT NULL,
    started_at         timestamptz    NOT NULL,
    booked_at          timestamptz    NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, call_id)
);

CREATE INDEX adjustment_turn ON adjustment (session_id, turn_id);
CREATE INDEX llm_call_started ON llm_call (started_at);

-- Books the calls that no reply carries, of turns with a call begun at p_since or later; tells how many.
-- A reply's usage names no call, so calls and usage are matched by model and tokens: of n equal calls and
-- m equal usages, those numbered above m are adjusted. Numbers only grow, so an adjusted call stays one.
-- A turn that is not booked yet may still bring its calls; after a day on egress it no longer can.
CREATE FUNCTION adjust_calls(p_since timestamptz) RETURNS bigint LANGUAGE sql AS $$
    WITH touched AS (
        SELECT DISTINCT session_id, turn_id FROM llm_call WHERE started_at >= p_since
    ), ended AS (
        SELECT c.*, row_number() OVER (
                   PARTITION BY c.session_id, c.turn_id, c.model, c.input_tokens, c.output_tokens,
                                c.cached_tokens, c.cache_write_tokens ORDER BY c.call_id) AS nth
          FROM touched JOIN llm_call c USING (session_id, turn_id)
         WHERE c.state IN ('billed', 'reconciled')
           AND (c.cost_usd > 0 OR c.input_tokens + c.output_tokens + c.cached_tokens + c.cache_write_tokens > 0)
    ), carried AS (
        SELECT u.*, row_number() OVER (
                   PARTITION BY u.session_id, u.turn_id, u.model, u.input_tokens, u.output_tokens,
                                u.cached_tokens, u.cache_write_tokens ORDER BY u.number) AS nth
          FROM touched JOIN booked_call u USING (session_id, turn_id)
    ), added AS (
        INSERT INTO adjustment (session_id, call_id, turn_id, model, input_tokens, output_tokens, cached_tokens,
                                cache_write_tokens, cost_usd, simulated, read_on, started_at)
        SELECT e.session_id, e.call_id, e.turn_id, e.model, e.input_tokens, e.output_tokens, e.cached_tokens,
               e.cache_write_tokens, e.cost_usd, e.simulated, e.read_on, e.started_at
          FROM ended e
          LEFT JOIN carried u USING (session_id, turn_id, model, input_tokens, output_tokens, cached_tokens,
                                     cache_write_tokens, nth)
          LEFT JOIN booking b USING (session_id, turn_id)
         WHERE u.number IS NULL AND (b.turn_id IS NOT NULL OR e.started_at < now() - interval '1 day')
        ON CONFLICT DO NOTHING
        RETURNING 1
    )
    SELECT count(*) FROM added
$$;

-- Every call that is booked, once: as a part of a reply, or as an adjustment.
CREATE VIEW money_entry AS
    SELECT 'booking' AS kind, session_id, turn_id, model, input_tokens, output_tokens, cached_tokens,
           cache_write_tokens, cost_usd, simulated
      FROM booked_call
    UNION ALL
    SELECT 'adjustment', session_id, turn_id, model, input_tokens, output_tokens, cached_tokens,
           cache_write_tokens, cost_usd, simulated
      FROM adjustment;

-- What each turn cost in all. A turn without a model has no call and costs nothing here. Adjusted calls of a
-- turn that was never answered stand under the tier and use case `none`.
CREATE VIEW money_by_turn AS
    WITH spent AS (
        SELECT session_id, turn_id, count(*) AS calls, sum(input_tokens) AS input_tokens,
               sum(output_tokens) AS output_tokens, sum(cached_tokens) AS cached_tokens,
               sum(cache_write_tokens) AS cache_write_tokens, sum(cost_usd) AS cost_usd,
               coalesce(sum(cost_usd) FILTER (WHERE kind = 'adjustment'), 0) AS adjusted_usd,
               bool_or(simulated) AS simulated
          FROM money_entry GROUP BY session_id, turn_id
    ), unanswered AS (
        SELECT session_id, turn_id, min(started_at) AS asked_at FROM adjustment GROUP BY session_id, turn_id
    )
    SELECT session_id, turn_id, coalesce(b.tier, 'none') AS tier, coalesce(b.use_case, 'none') AS use_case,
           coalesce(b.status, 'none') AS status, coalesce(b.model_size, 'none') AS model_size,
           coalesce(b.asked_at, n.asked_at) AS asked_at, b.latency_ms, b.turn_id IS NOT NULL AS booked,
           coalesce(s.calls, 0) AS calls,
           coalesce(s.input_tokens, 0) AS input_tokens, coalesce(s.output_tokens, 0) AS output_tokens,
           coalesce(s.cached_tokens, 0) AS cached_tokens,
           coalesce(s.cache_write_tokens, 0) AS cache_write_tokens, coalesce(s.cost_usd, 0) AS cost_usd,
           coalesce(s.adjusted_usd, 0) AS adjusted_usd, coalesce(s.simulated, false) AS simulated
      FROM booking b
      FULL JOIN spent s USING (session_id, turn_id)
      LEFT JOIN unanswered n USING (session_id, turn_id);

-- Days are those of UTC, by the time the turn was asked.
CREATE VIEW money_by_day AS
    SELECT (asked_at AT TIME ZONE 'UTC')::date AS day, tier, use_case, model_size, simulated,
           count(*) FILTER (WHERE booked) AS turns, count(*) FILTER (WHERE booked AND calls = 0) AS without_model,
           sum(calls) AS calls, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
           sum(cached_tokens) AS cached_tokens, sum(cache_write_tokens) AS cache_write_tokens,
           sum(cost_usd) AS cost_usd, sum(adjusted_usd) AS adjusted_usd
      FROM money_by_turn GROUP BY 1, 2, 3, 4, 5;

-- Calls minus bookings, by turn. Empty when every finished turn is booked and every call has ended.
CREATE VIEW money_difference AS
    WITH called AS (
        SELECT session_id, turn_id, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
               sum(cached_tokens) AS cached_tokens, sum(cache_write_tokens) AS cache_write_tokens,
               sum(cost_usd) AS cost_usd
          FROM llm_call WHERE state IN ('billed', 'reconciled') GROUP BY session_id, turn_id
    ), entered AS (
        SELECT session_id, turn_id, sum(input_tokens) AS input_tokens, sum(output_tokens) AS output_tokens,
               sum(cached_tokens) AS cached_tokens, sum(cache_write_tokens) AS cache_write_tokens,
               sum(cost_usd) AS cost_usd
          FROM money_entry GROUP BY session_id, turn_id
    ), compared AS (
        SELECT session_id, turn_id, b.turn_id IS NOT NULL AS booked,
               coalesce(c.input_tokens, 0) - coalesce(e.input_tokens, 0) AS input_tokens,
               coalesce(c.output_tokens, 0) - coalesce(e.output_tokens, 0) AS output_tokens,
               coalesce(c.cached_tokens, 0) - coalesce(e.cached_tokens, 0) AS cached_tokens,
               coalesce(c.cache_write_tokens, 0) - coalesce(e.cache_write_tokens, 0) AS cache_write_tokens,
               coalesce(c.cost_usd, 0) - coalesce(e.cost_usd, 0) AS cost_usd
          FROM called c FULL JOIN entered e USING (session_id, turn_id)
          LEFT JOIN booking b USING (session_id, turn_id)
    )
    SELECT * FROM compared
     WHERE cost_usd <> 0 OR input_tokens <> 0 OR output_tokens <> 0 OR cached_tokens <> 0 OR cache_write_tokens <> 0;

-- Calls whose cost is not known: under way, or cut and not yet reconciled.
CREATE VIEW money_open AS
    SELECT session_id, turn_id, call_id, model, state, reserved_usd, simulated, started_at
      FROM llm_call WHERE state IN ('started', 'unknown');

-- Turns whose reply is on egress and not in the books: those of the last moments, or lost ones.
CREATE VIEW booking_missing AS
    SELECT t.session_id, t.turn_id, t.asked_at, t.answered_at
      FROM turn t
     WHERE t.state = 'published'
       AND NOT EXISTS (SELECT 1 FROM booking b WHERE b.session_id = t.session_id AND b.turn_id = t.turn_id);

GRANT SELECT, INSERT ON booking, booked_call, adjustment TO ledger;
GRANT SELECT ON money_entry, money_by_turn, money_by_day, money_difference, money_open, booking_missing TO ledger;
REVOKE EXECUTE ON FUNCTION adjust_calls FROM PUBLIC;
GRANT EXECUTE ON FUNCTION adjust_calls TO ledger;
