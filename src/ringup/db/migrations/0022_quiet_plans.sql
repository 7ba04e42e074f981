-- Whenever autovacuum has vacuumed or analysed a table, every session plans anew what it does there. By default that is
-- once a minute for the tables a sale writes, small or young ones above all, for some dozens of changed rows; the sales
-- of the next second or two wait for it. A thousand sales may go by instead. What a big table gets does not change:
-- there the share of its rows decides. A table that grows from nothing is looked at by refresh_statistics.

do $$
declare
    v_name text;
begin
    foreach v_name in array array[
        'idempotency_keys', 'customers', 'inventory', 'inventory_movements', 'order_counters', 'orders', 'order_items',
        'order_events', 'event_relays', 'payment_transactions', 'payment_processors', 'loyalty_transactions',
        'loyalty_lots', 'loyalty_lot_entries', 'register_sessions'
    ] loop
        execute format('alter table ringup.%I set (autovacuum_analyze_threshold = 5000, '
                       'autovacuum_vacuum_threshold = 5000, autovacuum_vacuum_insert_threshold = 20000)', v_name);
    end loop;
end
$$;
