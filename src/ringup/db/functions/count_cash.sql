-- count_cash(vendor, count, session, face values, quantities, currency, actor, person, approval)
-- → number, total, whether it is wanted once more, and what should be there
--
-- Why      The drawer is counted blind. What it should hold, and by how much the count is off, is answered only to a
--          count that is good enough to close with: one within the vendor's limit, or the second in a row.
-- Writes   cash_counts, cash_count_lines, approvals, audit_log.
-- Locks    The count's id, the approval, the session row, so that no sale completes between the count and its answer.
-- Repeats  Safe: the same count again changes nothing and answers the same. The same id with another total refuses.
-- Raises   RU020 staff_not_found · RU040 session_not_found · RU104 session_closed · RU113 already_exists
--          · RU203 currency_mismatch · RU240 count_invalid · RU501 action_denied · RU502 approval_needed
--          · RU503 approval_refused
create or replace function ringup.count_cash(
    p_vendor_id uuid, p_count_id uuid, p_session_id uuid, p_faces bigint[], p_quantities bigint[], p_currency text,
    p_actor text, p_staff_id uuid, p_approval_id uuid
)
returns table (
    count_number integer, counted_minor bigint, is_wanted_again boolean, expected_minor bigint, variance_minor bigint
)
language plpgsql security definer set search_path = ''
as $$
declare
    v_total    bigint := ringup.check_denominations(p_faces, p_quantities);
    v_is_same  boolean;
    v_last     ringup.cash_counts;
    v_expected bigint;
    v_final    boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_currency(p_vendor_id, p_currency);
    perform ringup.take_turn(p_count_id);
    select c.register_session_id = p_session_id and c.counted_minor = v_total and c.count_number > 0 into v_is_same
      from ringup.cash_counts c
     where c.vendor_id = p_vendor_id and c.id = p_count_id;
    if not v_is_same then
        raise exception using errcode = 'RU113', message = format('count %s is another one', p_count_id);
    elsif v_is_same is null then
        perform ringup.permit(p_vendor_id, p_staff_id, 'count_cash', null, null, p_approval_id, p_count_id::text);
        perform ringup.lock_session(p_vendor_id, p_session_id);
        v_last := ringup.last_count(p_vendor_id, p_session_id);
        select c.expected_minor,
               abs(v_total - c.expected_minor) <= v.recount_over_minor
               or (not v_last.is_final and v_last.expected_minor = c.expected_minor)
          into v_expected, v_final
          from ringup.session_cash c
          join ringup.vendors v on v.id = c.vendor_id
         where c.vendor_id = p_vendor_id and c.register_session_id = p_session_id;
        perform ringup.write_count(
            p_vendor_id, p_count_id, p_session_id, coalesce(v_last.count_number, 0) + 1, p_faces, p_quantities, v_total,
            v_expected, coalesce(v_final, false), p_actor);
        perform ringup.write_audit(p_vendor_id, p_actor, 'cash_counted', 'register_session', p_session_id::text, null,
                                   jsonb_build_object('count_id', p_count_id, 'counted_minor', v_total));
    end if;
    return query
        select c.count_number, c.counted_minor, not c.is_final, case when c.is_final then c.expected_minor end,
               case when c.is_final then c.counted_minor - c.expected_minor end
          from ringup.cash_counts c
         where c.vendor_id = p_vendor_id and c.id = p_count_id;
end
$$;
