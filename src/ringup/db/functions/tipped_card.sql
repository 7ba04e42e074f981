-- tipped_card(order, payment) → the card payment that is meant
--
-- Why      Where one card paid nobody has to name it; where several did, the tip is on one of them.
-- Writes   Nothing.
-- Locks    Nothing; the caller holds the order.
-- Repeats  Safe.
-- Raises   RU002 attempt_not_found · RU190 tip_not_adjustable
create or replace function ringup.tipped_card(p_order ringup.orders, p_payment_id uuid)
returns uuid
language plpgsql stable
as $$
declare
    v_cards uuid[] := array(
        select p.id
          from ringup.payment_transactions p
         where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.kind = 'charge'
           and p.tender_type = 'card' and (p.id = p_payment_id or (p_payment_id is null and p.status = 'approved'))
         limit 2);
begin
    if cardinality(v_cards) = 1 then
        return v_cards[1];
    elsif p_payment_id is not null then
        raise exception using errcode = 'RU002',
            message = format('the sale has no card payment %s', p_payment_id);
    end if;
    raise exception using errcode = 'RU190',
        message = case when p_order.status not in ('completed', 'partially_refunded', 'refunded')
                       then format('the tip cannot be changed: the sale is %s', p_order.status)
                       when cardinality(v_cards) = 0 then 'no card paid for this sale'
                       else 'several cards paid for this sale: say which one pays the tip' end,
        detail = json_build_object('state', p_order.status)::text;
end
$$;
