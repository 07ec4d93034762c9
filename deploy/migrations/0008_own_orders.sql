-- The second lock on whose order it is: a look-up names its customer in every condition, so it finds
-- nothing foreign even where row security does not bind the role. Else as before.

CREATE OR REPLACE FUNCTION look_up_orders(
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
        ids := ARRAY(SELECT o.order_id FROM shop_order o
                      WHERE o.customer_id = p_customer AND o.order_id = p_asked_for);
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

-- Both callers have set the customer.
CREATE OR REPLACE FUNCTION return_of_turn(p_session text, p_turn text) RETURNS jsonb LANGUAGE sql STABLE AS $$
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
       AND l.customer_id = current_setting('tierwise.customer_id', true)
     GROUP BY l.label_no
$$;

CREATE OR REPLACE FUNCTION look_up_returns(
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
                             WHERE o.customer_id = p_customer AND o.order_id = p_asked_for
                               AND o.order_id <> ALL (ids));
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

REVOKE EXECUTE ON FUNCTION look_up_orders, return_of_turn, look_up_returns FROM PUBLIC;
GRANT EXECUTE ON FUNCTION look_up_orders, return_of_turn, look_up_returns TO "order";
