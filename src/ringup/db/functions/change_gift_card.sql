-- change_gift_card(vendor, card, is disabled, expires, reason, by whom, approval, actor) → nothing
--
-- Why      A card is lost, found again, or good for longer. What is held on it for sales under way is still paid.
-- Writes   stored_value_accounts, approvals, audit_log.
-- Locks    The approval, then the card.
-- Repeats  Safe.
-- Raises   RU060 gift_card_not_found · RU208 reason_missing, and what permit raises
create or replace function ringup.change_gift_card(
    p_vendor_id uuid, p_card_id uuid, p_is_disabled boolean, p_expires_at timestamptz, p_reason text,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_card ringup.stored_value_accounts;
begin
    perform ringup.enter_vendor(p_vendor_id);
    perform ringup.check_value_change(1, p_reason, p_actor);
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'adjust_gift_card', null, null, p_approval_id, p_card_id::text);
    v_card := ringup.lock_stored_value(p_vendor_id, p_card_id);
    if v_card.kind <> 'gift_card' then
        raise exception using errcode = 'RU060', message = format('gift card %s does not exist', p_card_id);
    end if;
    update ringup.stored_value_accounts a
       set disabled_at = case when p_is_disabled then coalesce(a.disabled_at, ringup.now()) end,
           disabled_reason = case when p_is_disabled then coalesce(a.disabled_reason, p_reason) end,
           expires_at = p_expires_at, updated_at = ringup.now()
     where a.vendor_id = p_vendor_id and a.id = p_card_id;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'gift_card_changed', 'gift_card', p_card_id::text,
        jsonb_build_object('is_disabled', v_card.disabled_at is not null, 'expires_at', v_card.expires_at),
        jsonb_build_object('is_disabled', p_is_disabled, 'expires_at', p_expires_at, 'reason', p_reason));
end
$$;
