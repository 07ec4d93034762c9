-- The shop's customers and orders, as the order service may see them: row security under its plain
-- role is the second lock behind the signed envelope. Every row names its customer.
CREATE TABLE customer (
    customer_id text PRIMARY KEY CHECK (customer_id <> ''),
    name        text NOT NULL
);

CREATE TABLE shop_order (
    order_id     text PRIMARY KEY CHECK (order_id ~ '^[A-Z]{3}[0-9]{3}$'),
    customer_id  text NOT NULL REFERENCES customer,
    state        text NOT NULL CHECK (state IN (
        'placed', 'paid', 'packed', 'shipped', 'delayed', 'delivered', 'cancelled', 'returned', 'refunded'
    )),
    placed_on    date NOT NULL,
    promised_on  date,
    due_on       date,
    shipped_on   date,
    delivered_on date,
    closed_on    date,
    carrier      text,
    tracking_no  text,
    UNIQUE (order_id, customer_id)
);

CREATE INDEX shop_order_newest ON shop_order (customer_id, placed_on DESC, order_id);

CREATE TABLE order_line (
    order_id    text    NOT NULL,
    customer_id text    NOT NULL,
    line_no     integer NOT NULL,
    series      text    NOT NULL,
    volume      integer,
    quantity    integer NOT NULL CHECK (quantity > 0),
    price_cents integer NOT NULL CHECK (price_cents >= 0),
    PRIMARY KEY (order_id, line_no),
    FOREIGN KEY (order_id, customer_id) REFERENCES shop_order (order_id, customer_id) ON DELETE CASCADE
);

CREATE TABLE charge (
    order_id     text    NOT NULL,
    customer_id  text    NOT NULL,
    charge_no    integer NOT NULL,
    kind         text    NOT NULL CHECK (kind IN ('authorisation', 'charge', 'refund')),
    state        text    NOT NULL CHECK (state IN ('pending', 'settled', 'failed')),
    amount_cents integer NOT NULL CHECK (amount_cents >= 0),
    made_on      date    NOT NULL,
    method       text    NOT NULL,
    invoice_no   text,
    PRIMARY KEY (order_id, charge_no),
    FOREIGN KEY (order_id, customer_id) REFERENCES shop_order (order_id, customer_id) ON DELETE CASCADE
);

-- Who saw which orders: one row a turn that the order tier answered. Written only, never read by it.
CREATE TABLE order_access (
    session_id  text        NOT NULL,
    turn_id     text        NOT NULL,
    frontend    text        NOT NULL,
    customer_id text,
    use_case    text        NOT NULL,
    asked_for   text,
    shown       text[]      NOT NULL,
    at          timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (session_id, turn_id)
);

ALTER TABLE customer ENABLE ROW LEVEL SECURITY;
ALTER TABLE customer FORCE ROW LEVEL SECURITY;
ALTER TABLE shop_order ENABLE ROW LEVEL SECURITY;
ALTER TABLE shop_order FORCE ROW LEVEL SECURITY;
ALTER TABLE order_line ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_line FORCE ROW LEVEL SECURITY;
ALTER TABLE charge ENABLE ROW LEVEL SECURITY;
ALTER TABLE charge FORCE ROW LEVEL SECURITY;
ALTER TABLE order_access ENABLE ROW LEVEL SECURITY;
ALTER TABLE order_access FORCE ROW LEVEL SECURITY;

CREATE POLICY own ON customer FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON shop_order FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON order_line FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON charge FOR SELECT
    USING (customer_id = current_setting('tierwise.customer_id', true));
CREATE POLICY own ON order_access FOR INSERT
    WITH CHECK (customer_id IS NOT DISTINCT FROM nullif(current_setting('tierwise.customer_id', true), ''));

GRANT SELECT ON customer, shop_order, order_line, charge TO "order";
GRANT INSERT ON order_access TO "order";

-- Looks up a customer's own orders and notes who saw them, in one round trip and one transaction.
-- Runs with the caller's rights, so row security holds inside. A customer of NULL is a visitor.
-- asked_for names one order; without it the open orders come (open_only) or the newest ones.
CREATE FUNCTION look_up_orders(
    p_customer text, p_frontend text, p_session text, p_turn text,
    p_use_case text, p_asked_for text, p_open_only boolean, p_limit integer
) RETURNS jsonb LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    ids text[] := '{}';
    found jsonb;
BEGIN
    PERFORM set_config('tierwise.customer_id', coalesce(p_customer, ''), true);
    IF p_customer IS NULL THEN
        NULL;
    ELSIF p_asked_for IS NOT NULL THEN
        ids := ARRAY(SELECT o.order_id FROM shop_order o WHERE o.order_id = p_asked_for);
    ELSE
        ids := ARRAY(
            SELECT o.order_id FROM shop_order o
             WHERE o.customer_id = p_customer
               AND (NOT p_open_only OR o.state IN ('placed', 'paid', 'packed', 'shipped', 'delayed'))
             ORDER BY o.placed_on DESC, o.order_id LIMIT p_limit
        );
    END IF;
    SELECT coalesce(jsonb_agg(
               to_jsonb(o) - 'customer_id' || jsonb_build_object(
                   'lines', (SELECT coalesce(jsonb_agg(to_jsonb(l) - 'order_id' - 'customer_id' - 'line_no'
                                                       ORDER BY l.line_no), '[]')
                               FROM order_line l WHERE l.order_id = o.order_id),
                   'charges', (SELECT coalesce(jsonb_agg(to_jsonb(c) - 'order_id' - 'customer_id' - 'charge_no'
                                                         ORDER BY c.made_on, c.charge_no), '[]')
                                 FROM charge c WHERE c.order_id = o.order_id)
               ) ORDER BY o.placed_on DESC, o.order_id), '[]')
      INTO found
      FROM shop_order o WHERE o.order_id = ANY (ids);
    INSERT INTO order_access (session_id, turn_id, frontend, customer_id, use_case, asked_for, shown)
    VALUES (p_session, p_turn, p_frontend, p_customer, p_use_case, p_asked_for, ids)
    ON CONFLICT DO NOTHING;
    RETURN jsonb_build_object('today', current_date, 'orders', found);
END
$$;

REVOKE EXECUTE ON FUNCTION look_up_orders FROM PUBLIC;
GRANT EXECUTE ON FUNCTION look_up_orders TO "order";
