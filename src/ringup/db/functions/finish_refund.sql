-- finish_refund(vendor, refund) → whether it is completed by this call
--
-- Why      When every card has its money back, and not before, the rest follows in one transaction. A refund that is half
--          of an exchange waits for its sale, and complete_checkout completes both.
-- Writes   What close_refund writes.
-- Locks    The caller holds the order; payments → customer → gift cards → inventory → session.
-- Repeats  Safe: a refund that is not open, or waits for something, stays as it is.
-- Raises   What return_points raises
create or replace function ringup.finish_refund(p_vendor_id uuid, p_refund_id uuid)
returns boolean
language plpgsql
as $$
begin
    if (select s.step from ringup.next_refund_step(p_vendor_id, p_refund_id) as s) is distinct from 'finish'
       or ringup.find_exchange(p_vendor_id, p_refund_id) is not null then
        return false;
    end if;
    perform ringup.close_refund(p_vendor_id, p_refund_id);
    return true;
end
$$;
