-- end_campaign(vendor, campaign, actor) → nothing
--
-- Why      It counts for no sale from now on. What it was promised for before is granted.
-- Writes   loyalty_campaigns, audit_log.
-- Locks    The campaign's row.
-- Repeats  Safe: an ended campaign stays as it is.
-- Raises   RU012 campaign_not_found · RU208 reason_missing
create or replace function ringup.end_campaign(p_vendor_id uuid, p_campaign_id uuid, p_actor text)
returns void
language plpgsql security definer set search_path = ''
as $$
declare
    v_was_active boolean;
begin
    perform ringup.enter_vendor(p_vendor_id);
    if coalesce(trim(p_actor), '') = '' then
        raise exception using errcode = 'RU208', message = 'ending a campaign needs a name';
    end if;
    select c.is_active into v_was_active
      from ringup.loyalty_campaigns c
     where c.vendor_id = p_vendor_id and c.id = p_campaign_id
       for no key update;
    if not found then
        raise exception using errcode = 'RU012', message = format('campaign %s does not exist', p_campaign_id);
    end if;
    if v_was_active then
        update ringup.loyalty_campaigns c
           set is_active = false, updated_at = ringup.now()
         where c.vendor_id = p_vendor_id and c.id = p_campaign_id;
        perform ringup.write_audit(
            p_vendor_id, p_actor, 'campaign_ended', 'loyalty_campaign', p_campaign_id::text, null, null);
    end if;
end
$$;
