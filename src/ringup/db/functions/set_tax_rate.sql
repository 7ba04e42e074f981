-- set_tax_rate(vendor, code, name, percentage, included, compound, position, categories, locations, is active, valid from,
--   by whom, approval, actor) → from when it holds
--
-- Why      A version of a rate, from now on or from a later instant. Sales that were made keep what they were taxed with.
-- Writes   tax_rates, approvals, audit_log.
-- Locks    The approval.
-- Repeats  A second version of a code at the same instant refuses.
-- Raises   RU003 location_not_found · RU113 already_exists · RU208 reason_missing · RU243 tax_rate_invalid,
--          and what permit raises
create or replace function ringup.set_tax_rate(
    p_vendor_id uuid, p_code text, p_name text, p_percent numeric, p_is_included boolean, p_is_compound boolean,
    p_position integer, p_tax_categories text[], p_location_ids uuid[], p_is_active boolean, p_valid_from timestamptz,
    p_by_staff_id uuid, p_approval_id uuid, p_actor text
)
returns timestamptz
language plpgsql security definer set search_path = ''
as $$
declare
    v_now     timestamptz := ringup.now();
    v_from    timestamptz := coalesce(p_valid_from, v_now);
    v_problem text;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'a tax rate needs the name of who sets it';
    end if;
    v_problem := case
        when p_code is null or p_code !~ '^[A-Z0-9][A-Z0-9_-]{0,39}$' then 'a code is of capitals, digits, - and _'
        when coalesce(trim(p_name), '') = '' then 'a rate needs a name'
        when p_percent is null or p_percent not between 0 and 100 or p_percent <> round(p_percent, 4)
            then 'a percentage is from 0 to 100, with up to 4 decimals'
        when num_nulls(p_is_included, p_is_compound, p_is_active) > 0 or p_position is null
            or p_position not between 1 and 99 then 'a rate has a position from 1 to 99'
        when coalesce(cardinality(p_tax_categories), 0) = 0 or '' = any (p_tax_categories)
            or array_position(p_tax_categories, null) is not null then 'a rate is for one category or more'
        when cardinality(p_location_ids) = 0 then 'a rate is for one location or more, or for all'
        when v_from < v_now then 'a rate cannot begin in the past: that would rewrite what was taxed'
        when not isfinite(v_from) then 'a rate begins on a day'
    end;
    if v_problem is not null then
        raise exception using errcode = 'RU243', message = v_problem;
    end if;
    if exists (select from unnest(p_location_ids) as w (id)
                where not exists (select from ringup.locations l where l.vendor_id = p_vendor_id and l.id = w.id)) then
        raise exception using errcode = 'RU003', message = 'there is no such location';
    end if;
    perform ringup.permit(p_vendor_id, p_by_staff_id, 'manage_settings', null, null, p_approval_id, p_code);
    insert into ringup.tax_rates (
        vendor_id, code, valid_from, name, percent, is_included, is_compound, position, tax_categories, location_ids,
        is_active, created_at)
    values (p_vendor_id, p_code, v_from, p_name, p_percent, p_is_included, p_is_compound, p_position,
            p_tax_categories, p_location_ids, p_is_active, v_now)
    on conflict do nothing;
    if not found then
        raise exception using errcode = 'RU113', message = format('there is a version of %s from %s already', p_code, v_from);
    end if;
    perform ringup.write_audit(p_vendor_id, p_actor, 'tax_rate_set', 'tax_rate', p_code, null, jsonb_build_object(
        'percent', p_percent, 'is_included', p_is_included, 'is_compound', p_is_compound, 'is_active', p_is_active,
        'tax_categories', p_tax_categories, 'location_ids', p_location_ids, 'valid_from', v_from));
    return v_from;
end
$$;
