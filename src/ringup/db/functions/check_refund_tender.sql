-- check_refund_tender(paid with, tender type) → nothing
--
-- Why      What was paid by card goes back to that card, in cash, or outside; what was not paid by card cannot go to one.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU250 tender_not_refundable
create or replace function ringup.check_refund_tender(p_paid_with text, p_tender_type text)
returns void
language plpgsql immutable
as $$
begin
    if p_tender_type not in ('card', 'cash', 'external') or (p_tender_type = 'card' and p_paid_with <> 'card') then
        raise exception using errcode = 'RU250',
            message = format('what was paid by %s cannot go back as %s', p_paid_with, p_tender_type),
            detail = json_build_object('paid_with', p_paid_with, 'tender', p_tender_type)::text;
    end if;
end
$$;
