-- plan_refund_tenders(order, amount, tender type) → in what ways the money would go back, and how much in each
--
-- Why      The money goes back to where it came from, in the order of the tenders, and of each no more than was
--          captured of it and is not back. Another tender type is for all of it. Cash is rounded. While a card's tip is
--          being changed nobody knows what it paid.
-- Writes   Nothing.
-- Locks    Nothing; who relies on it holds the order.
-- Repeats  Safe.
-- Raises   RU107 payment_in_doubt · RU150 refund_too_large · RU250 tender_not_refundable
create or replace function ringup.plan_refund_tenders(p_order ringup.orders, p_amount_minor bigint, p_tender_type text)
returns table (
    charge_id uuid, paid_with text, tender_type text, processor_id uuid, amount_minor bigint, rounding_minor bigint
)
language plpgsql stable
as $$
declare
    v_charge  record;
    v_part    bigint;
    v_rest    bigint := p_amount_minor;
    v_rounded bigint := ringup.refund_rounding(p_order.vendor_id, p_order.id);
    -- Where all that was left for cash was rounded away, nobody paid it, and nobody gets it back.
    v_unpaid  bigint := greatest(-p_order.cash_rounding_minor, 0);
begin
    if exists (select from ringup.payment_transactions p
                where p.vendor_id = p_order.vendor_id and p.order_id = p_order.id and p.tip_change_id is not null) then
        raise exception using errcode = 'RU107',
            message = 'the tip of this sale is being changed just now, and it must be found out first';
    end if;
    for v_charge in select * from ringup.refundable_charges(p_order) loop
        v_part := least(v_rest, v_charge.left_minor);
        v_unpaid := case when v_charge.tender_type <> 'cash' then v_unpaid else 0 end;
        if v_part > 0 then
            charge_id := v_charge.charge_id;
            paid_with := v_charge.tender_type;
            tender_type := coalesce(p_tender_type, v_charge.tender_type);
            perform ringup.check_refund_tender(paid_with, tender_type);
            processor_id := case when tender_type = 'card' then v_charge.processor_id end;
            amount_minor := case when tender_type = 'cash'
                                 then ringup.cash_to_give_back(p_order.vendor_id, v_part, v_rounded) else v_part end;
            rounding_minor := amount_minor - v_part;
            v_rounded := v_rounded + rounding_minor;
            v_rest := v_rest - v_part;
            return next;
        end if;
    end loop;
    if v_rest > v_unpaid then
        raise exception using errcode = 'RU150',
            message = format('%s is to be paid back, and %s of it was captured and is not back',
                             p_amount_minor, p_amount_minor - v_rest),
            detail = json_build_object('amount_minor', p_amount_minor, 'refundable_minor', p_amount_minor - v_rest)::text;
    end if;
end
$$;
