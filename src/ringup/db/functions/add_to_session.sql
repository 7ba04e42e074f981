-- add_to_session(order) → nothing
--
-- Why      The session's running totals move with the sale, and every tender belongs to a session by id. If the sale's
--          own session was closed meanwhile, its numbers stand still: the sale is late, and counts where it finds a home.
-- Writes   register_sessions (one row); for a late sale orders and payment_transactions (their session), and what
--          find_late_home writes.
-- Locks    The session row, last of all; for a late sale the register row before it.
-- Repeats  Not idempotent; called once, with the order's completion.
-- Raises   RU004 register_not_found
create or replace function ringup.add_to_session(p_order ringup.orders)
returns void
language plpgsql
as $$
declare
    v_session_id uuid := p_order.register_session_id;
begin
    loop
        update ringup.register_sessions s
           set order_count = s.order_count + 1,
               cash_minor = s.cash_minor + t.cash, card_minor = s.card_minor + t.card,
               external_minor = s.external_minor + t.external, gift_card_minor = s.gift_card_minor + t.gift_card,
               store_credit_minor = s.store_credit_minor + t.store_credit,
               exchange_minor = s.exchange_minor + t.exchange
          from (select coalesce(sum(p.approved_minor) filter (where p.tender_type = 'cash'), 0) as cash,
                       coalesce(sum(p.approved_minor) filter (where p.tender_type = 'card'), 0) as card,
                       coalesce(sum(p.approved_minor) filter (where p.tender_type = 'external'), 0) as external,
                       coalesce(sum(p.approved_minor) filter (where p.tender_type = 'gift_card'), 0) as gift_card,
                       coalesce(sum(p.approved_minor) filter (where p.tender_type = 'store_credit'), 0) as store_credit,
                       coalesce(sum(p.approved_minor) filter (where p.tender_type = 'exchange'), 0) as exchange
                  from ringup.payment_transactions p
                 where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id
                   and p.kind = 'charge' and p.status = 'approved') as t
         where s.vendor_id = p_order.vendor_id and s.id = v_session_id and s.closed_at is null;
        exit when found;
        v_session_id := ringup.find_late_home(p_order.vendor_id, p_order.register_id);
        update ringup.orders o
           set register_session_id = v_session_id, began_session_id = p_order.register_session_id
         where o.vendor_id = p_order.vendor_id and o.id = p_order.id;
        update ringup.payment_transactions p
           set register_session_id = v_session_id
         where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.kind = 'charge';
    end loop;
end
$$;
