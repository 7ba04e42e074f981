-- end_coupon(vendor, coupon, by whom, approval, actor) → nothing
--
-- Why      It is good for no sale from now on. Sales that hold it keep it.
-- Writes   coupons, approvals, audit_log.
-- Locks    The approval, then the coupon's row.
-- Repeats  Safe: an ended coupon stays as it is.
-- Raises   RU030 coupon_not_found · RU208 reason_missing, and what permit raises
create or replace function ringup.end_coupon(
    p_vendor_id uuid, p_coupon_id uuid, p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_was_active boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'ending a coupon needs a name';
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_settings', null, null, p_approval_id, p_coupon_id::text);
    select c.is_active into v_was_active
      from ringup.coupons c
     where c.vendor_id = p_vendor_id and c.id = p_coupon_id
       for update;
    if not found then
        raise exception using errcode = 'RU030', message = format('coupon %s does not exist', p_coupon_id);
    end if;
    if v_was_active then
        update ringup.coupons c
           set is_active = false, updated_at = ringup.now()
         where c.vendor_id = p_vendor_id and c.id = p_coupon_id;
        perform ringup.write_audit(p_vendor_id, p_actor, 'coupon_ended', 'coupon', p_coupon_id::text, null, null);
    end if;
end
$$;
