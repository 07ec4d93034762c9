-- Returns that customers opened: what comes back, why, and what the customer gets for it. Facts of the
-- order stay where they are. Every row names its customer, and the key of each table lets an order line
-- be returned once, whoever asks and how often.

-- Names parcels and photos. One letter, so that no number reads like an order's.
CREATE SEQUENCE return_number START 100001;

-- One row a turn that opened a return. `parcel`: the books come back under this number. `photo`: they
-- stay with the customer, who writes this number on the photo of the damage.
CREATE TABLE return_label (
    label_no    text        PRIMARY KEY DEFAULT 'R' || nextval('return_number'),
    session_id  text        NOT NULL,
    turn_id     text        NOT NULL,
    order_id    text        NOT NULL,
    customer_id text        NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('parcel', 'photo')),
    reason      text        NOT NULL CHECK (reason ~ '^[a-z_]+$'),
    choice      text        NOT NULL CHECK (choice IN ('refund', 'exchange')),
    opened_on   date        NOT NULL DEFAULT current_date,
    opened_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (session_id, turn_id),
    UNIQUE (label_no, order_id, customer_id),
    FOREIGN KEY (order_id, customer_id) REFERENCES shop_order (order_id, customer_id) ON DELETE CASCADE
);

CREATE TABLE return_request (
    order_id    text    NOT NULL,
    line_no     integer NOT NULL,
    customer_id text    NOT NULL,
    label_no    text    NOT NULL,
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (order_id, line_no) REFERENCES order_line ON DELETE CASCADE,
    FOREIGN KEY (label_no, order_id, customer_id)
        REFERENCES return_label (label_no, order_id, customer_id) ON DELETE CASCADE
);

-- Money to go back, once the parcel or the photo is there. `method` is what the order was paid with.
CREATE TABLE return_refund (
    order_id     text    NOT NULL,
    line_no      integer NOT NULL,
    customer_id  text    NOT NULL,
    amount_cents integer NOT NULL CHECK (amount_cents >= 0),
    method       text,
    state        text    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'settled')),
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (order_id, line_no) REFERENCES return_request ON DELETE CASCADE
);

-- Books to be sent instead. `volume` is the one that is wanted, which may be the same again.
CREATE TABLE return_exchange (
    order_id    text    NOT NULL,
    line_no     integer NOT NULL,
    customer_id text    NOT NULL,
    series      text    NOT NULL,
    volume      integer CHECK (volume > 0),
    quantity    integer NOT NULL CHECK (quantity > 0),
    state       text    NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent')),
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (order_id, line_no) REFERENCES return_request ON DELETE CASCADE
);

ALTER TABLE return_label ENABLE ROW LEVEL SECURITY;
ALTER TABLE return_label FORCE ROW LEVEL SECURITY;
ALTER TABLE return_request ENABLE ROW LEVEL SECURITY;
ALTER TABLE return_request FORCE ROW LEVEL SECURITY;
ALTER TABLE return_refund ENABLE ROW LEVEL SECURITY;
ALTER TABLE return_refund FORCE ROW LEVEL SECURITY;
ALTER TABLE return_exchange ENABLE ROW LEVEL SECURITY;
ALTER TABLE return_exchange FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON return_label FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own_new ON return_label FOR INSERT
    WITH CHECK (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON return_request FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own_new ON return_request FOR INSERT
    WITH CHECK (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON return_refund FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own_new ON return_refund FOR INSERT
    WITH CHECK (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON return_exchange FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own_new ON return_exchange FOR INSERT
    WITH CHECK (customer_id = current_setting('tierwise.customer_id', true));

GRANT SELECT, INSERT ON return_label, return_request, return_refund, return_exchange TO "order";
GRANT USAGE ON SEQUENCE return_number TO "order";

-- The functions below run with the caller's rights, so row security holds inside.

-- What one turn opened, or null: told again when the turn comes again.
CREATE FUNCTION return_of_turn(p_session text, p_turn text) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
               'label_no', l.label_no, 'order_id', l.order_id, 'kind', l.kind, 'reason', l.reason,
               'choice', l.choice, 'opened_on', l.opened_on, 'method', max(f.method),
               'books', jsonb_agg(jsonb_build_object(
                   'line_no', r.line_no, 'series', b.series, 'volume', b.volume, 'quantity', b.quantity,
                   'price_cents', b.price_cents, 'refund_cents', f.amount_cents, 'instead', e.volume
               ) ORDER BY r.line_no))
      FROM return_label l
      JOIN return_request r USING (label_no)
      JOIN order_line b ON b.order_id = r.order_id AND b.line_no = r.line_no
      LEFT JOIN return_refund f ON f.order_id = r.order_id AND f.line_no = r.line_no
      LEFT JOIN return_exchange e ON e.order_id = r.order_id AND e.line_no = r.line_no
     WHERE l.session_id = p_session AND l.turn_id = p_turn
     GROUP BY l.label_no
$$;

-- Reads what a dialogue about a return needs and notes who saw it, in one round trip: the customer's
-- newest delivered orders, the one that was named in whatever state, each line with the return it is
-- in, and what this very turn opened when it was here before. A customer of NULL is a visitor.
CREATE FUNCTION look_up_returns(
    p_customer text, p_frontend text, p_session text, p_turn text, p_asked_for text, p_limit integer
) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    ids text[] := '{}';
    found jsonb;
BEGIN
    PERFORM set_config('tierwise.customer_id', coalesce(p_customer, ''), true);
    IF p_customer IS NOT NULL THEN
        ids := ARRAY(SELECT o.order_id FROM shop_order o
                      WHERE o.customer_id = p_customer AND o.state = 'delivered'
                      ORDER BY o.delivered_on DESC, o.order_id LIMIT p_limit);
        ids := ids || ARRAY(SELECT o.order_id FROM shop_order o
                             WHERE o.order_id = p_asked_for AND o.order_id <> ALL (ids));
    END IF;
    SELECT coalesce(jsonb_agg(
               to_jsonb(o) - 'customer_id' || jsonb_build_object(
                   'lines', (SELECT coalesce(jsonb_agg(
                                        to_jsonb(l) - 'order_id' - 'customer_id' || jsonb_build_object(
                                            'label_no', r.label_no, 'returned_on', n.opened_on
                                        ) ORDER BY l.line_no), '[]')
                               FROM order_line l
                               LEFT JOIN return_request r ON r.order_id = l.order_id AND r.line_no = l.line_no
                               LEFT JOIN return_label n ON n.label_no = r.label_no
                              WHERE l.order_id = o.order_id),
                   'charges', (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'order_id' - 'customer_id' - 'charge_no'
                                                         ORDER BY c.made_on, c.charge_no), '[]')
                                 FROM charge c WHERE c.order_id = o.order_id)
               ) ORDER BY o.delivered_on DESC NULLS LAST, o.order_id), '[]')
      INTO found
      FROM shop_order o WHERE o.order_id = ANY (ids);
    INSERT INTO order_access (session_id, turn_id, frontend, customer_id, use_case, asked_for, shown)
    VALUES (p_session, p_turn, p_frontend, p_customer, 'returns', p_asked_for, ids)
    ON CONFLICT DO NOTHING;
    RETURN jsonb_build_object('today', current_date, 'orders', found,
                              'opened', return_of_turn(p_session, p_turn));
END
$$;

-- Opens a return of lines of one own order, all in one transaction, and says what it opened. A turn that
-- comes again gets what it opened the first time. Null where nothing may be opened: the order is unknown,
-- foreign or not delivered, a line is not its own or in a return already, or `p_days` after the delivery
-- have passed by the database's date. Whoever gets null looks again and says why.
CREATE FUNCTION open_return(
    p_customer text, p_session text, p_turn text, p_order text, p_lines integer[], p_kind text,
    p_days integer, p_reason text, p_choice text, p_instead integer
) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    label text;
    before jsonb;
BEGIN
    PERFORM set_config('tierwise.customer_id', p_customer, true);
    -- Two turns about one order take turns, so that the second sees what the first did.
    PERFORM pg_advisory_xact_lock(hashtextextended(p_order, 0));
    before := return_of_turn(p_session, p_turn);
    IF before IS NOT NULL THEN
        RETURN before;
    END IF;
    PERFORM 1 FROM shop_order o WHERE o.order_id = p_order AND o.customer_id = p_customer
        AND o.state = 'delivered' AND current_date <= o.delivered_on + p_days;
    IF NOT FOUND OR cardinality(p_lines) = 0 OR cardinality(p_lines) <> (
        SELECT count(*) FROM order_line l
         WHERE l.order_id = p_order AND l.line_no = ANY (p_lines)
           AND NOT EXISTS (SELECT FROM return_request r
                            WHERE r.order_id = l.order_id AND r.line_no = l.line_no)
    ) THEN
        RETURN NULL;
    END IF;
    INSERT INTO return_label (session_id, turn_id, order_id, customer_id, kind, reason, choice)
    VALUES (p_session, p_turn, p_order, p_customer, p_kind, p_reason, p_choice) RETURNING label_no INTO label;
    INSERT INTO return_request (order_id, line_no, customer_id, label_no)
    SELECT p_order, line_no, p_customer, label FROM unnest(p_lines) AS line_no;
    IF p_choice = 'refund' THEN
        INSERT INTO return_refund (order_id, line_no, customer_id, amount_cents, method)
        SELECT l.order_id, l.line_no, l.customer_id, l.price_cents * l.quantity,
               (SELECT c.method FROM charge c WHERE c.order_id = p_order AND c.kind = 'charge'
                   AND c.state = 'settled' ORDER BY c.charge_no LIMIT 1)
          FROM order_line l WHERE l.order_id = p_order AND l.line_no = ANY (p_lines);
    ELSE
        INSERT INTO return_exchange (order_id, line_no, customer_id, series, volume, quantity)
        SELECT l.order_id, l.line_no, l.customer_id, l.series, coalesce(p_instead, l.volume), l.quantity
          FROM order_line l WHERE l.order_id = p_order AND l.line_no = ANY (p_lines);
    END IF;
    RETURN return_of_turn(p_session, p_turn);
END
$$;

REVOKE EXECUTE ON FUNCTION return_of_turn, look_up_returns, open_return FROM PUBLIC;
GRANT EXECUTE ON FUNCTION return_of_turn, look_up_returns, open_return TO "order";
