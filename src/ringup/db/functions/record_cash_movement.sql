-- record_cash_movement(vendor, movement, session, kind, amount, currency, reason, actor, person, approval) → nothing
--
-- Why      Cash comes or goes without a sale (paid_in, paid_out, cash_drop), or the drawer is opened (no_sale), each with
--          a reason, a name, and a second name where the first needed an approval. Whether the drawer holds that
--          much is not said: the answer would tell what it should hold.
-- Writes   cash_movements, approvals, audit_log.
-- Locks    The movement's id, the approval, the session row.
-- Repeats  Safe: the same movement again changes nothing, also after the shift was closed. The same id with other
--          particulars refuses.
-- Raises   RU020 staff_not_found · RU040 session_not_found · RU104 session_closed · RU113 already_exists
--          · RU203 currency_mismatch · RU204 amount_out_of_range · RU208 reason_missing · RU501 action_denied
--          · RU502 approval_needed · RU503 approval_refused
create or replace function ringup.record_cash_movement(
    p_vendor_id uuid, p_movement_id uuid, p_session_id uuid, p_kind text, p_amount_minor bigint, p_currency text,
    p_reason text, p_actor text, p_staff_id uuid, p_approval_id uuid
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_is_same boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_currency(p_vendor_id, p_currency);
    if coalesce(p_kind not in ('paid_in', 'paid_out', 'cash_drop', 'no_sale')
                or (p_kind = 'no_sale') <> (p_amount_minor = 0)
                or p_amount_minor not between 0 and 1000000000000, true) then
        raise exception using errcode = 'RU204', message = format('%s cannot be of %s', p_kind, p_amount_minor);
    end if;
    if coalesce(p_reason, '') = '' or coalesce(p_actor, '') = '' then
        raise exception using errcode = 'RU208', message = 'cash moves with a reason and a name';
    end if;
    perform ringup.take_turn(p_movement_id);
    select m.register_session_id = p_session_id and m.kind = p_kind and m.amount_minor = p_amount_minor
           and m.reason = p_reason
      into v_is_same
      from ringup.cash_movements m
     where m.vendor_id = p_vendor_id and m.id = p_movement_id;
    if v_is_same then
        return;
    elsif not v_is_same then
        raise exception using errcode = 'RU113', message = format('movement %s is another one', p_movement_id);
    end if;

    perform ringup.permit(p_vendor_id, p_staff_id, p_kind, p_amount_minor, null, p_approval_id, p_movement_id::text);
    perform ringup.lock_session(p_vendor_id, p_session_id);
    insert into ringup.cash_movements (
        vendor_id, id, register_session_id, kind, amount_minor, reason, done_by, approved_by, created_at)
    values (
        p_vendor_id, p_movement_id, p_session_id, p_kind, p_amount_minor, p_reason, p_actor,
        nullif(pg_catalog.current_setting('ringup.approved_by', true), ''), ringup.now());
    perform ringup.write_audit(p_vendor_id, p_actor, p_kind, 'register_session', p_session_id::text, null,
                               jsonb_build_object('amount_minor', p_amount_minor, 'reason', p_reason));
end
$$;
