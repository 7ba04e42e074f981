-- check_refund_tender(paid with, tender type) → nothing
--
-- Why      Money goes back in cash, outside, as store credit, or to what paid: only what was paid by a card can go to it,
--          and only what a gift card paid to that.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU250 tender_not_refundable
create or replace function ringup.check_refund_tender(p_paid_with text, p_tender_type text)
returns void
language plpgsql immutable
as $$
begin
    if p_tender_type not in ('card', 'cash', 'external', 'gift_card', 'store_credit')
       or (p_tender_type in ('card', 'gift_card') and p_paid_with <> p_tender_type) then
        raise exception using errcode = 'RU250',
            message = format('what was paid by %s cannot go back as %s', p_paid_with, p_tender_type),
            detail = json_build_object('paid_with', p_paid_with, 'tender', p_tender_type)::text;
    end if;
end
$$;
