-- save_coupon(vendor, coupon, code, name, starts, ends, minimum, amount, percentage, limits, by whom, approval, actor)
--   → whether it is new
--
-- Why      A coupon as it counts for sales from now on; an ended one runs again. What sales hold or used of it counts
--          against a limit that it is given later: they are counted while none can be added.
-- Writes   coupons, approvals, audit_log.
-- Locks    The approval, then the coupon's row.
-- Repeats  Safe.
-- Raises   RU113 already_exists · RU208 reason_missing · RU244 coupon_invalid, and what permit raises
create or replace function ringup.save_coupon(
    p_vendor_id uuid, p_coupon_id uuid, p_code text, p_name text, p_starts_at timestamptz, p_ends_at timestamptz,
    p_minimum_minor bigint, p_amount_minor bigint, p_percent numeric, p_use_limit integer,
    p_customer_use_limit integer, p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns boolean
language plpgsql security definer set search_path = ''
as $$
declare
    v_before ringup.coupons;
    v_after  ringup.coupons;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a coupon needs the name of who saves it';
    end if;
    perform ringup.check_coupon_form(p_code, p_name, p_starts_at, p_ends_at, p_minimum_minor, p_amount_minor, p_percent,
                                     p_use_limit, p_customer_use_limit);
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_settings', null, null, p_approval_id, p_coupon_id::text);
    select * into v_before
      from ringup.coupons c
     where c.vendor_id = p_vendor_id and c.id = p_coupon_id
       for update;
    begin
        insert into ringup.coupons (
            vendor_id, id, code, name, starts_at, ends_at, minimum_minor, amount_minor, percent, use_limit,
            customer_use_limit, is_active, created_at, updated_at)
        values (
            p_vendor_id, p_coupon_id, upper(trim(p_code)), p_name, p_starts_at, p_ends_at, p_minimum_minor,
            p_amount_minor, p_percent, p_use_limit, p_customer_use_limit, true, ringup.now(), ringup.now())
        on conflict (vendor_id, id) do update
           set code = excluded.code, name = excluded.name, starts_at = excluded.starts_at, ends_at = excluded.ends_at,
               minimum_minor = excluded.minimum_minor, amount_minor = excluded.amount_minor,
               percent = excluded.percent, use_limit = excluded.use_limit,
               customer_use_limit = excluded.customer_use_limit, is_active = true, updated_at = excluded.updated_at,
               use_count = (select count(*) from ringup.coupon_uses u
                             where u.vendor_id = p_vendor_id and u.coupon_id = p_coupon_id and u.status <> 'released')
        returning * into v_after;
    exception when unique_violation then
        raise exception using errcode = 'RU113', message = format('there is a coupon %s already', upper(trim(p_code)));
    end;
    perform ringup.write_audit(
        p_vendor_id, p_actor, 'coupon_saved', 'coupon', p_coupon_id::text,
        case when v_before.id is not null then to_jsonb(v_before) end, to_jsonb(v_after));
    return v_before.id is null;
end
$$;
