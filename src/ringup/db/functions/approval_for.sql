-- approval_for(vendor, approvals, action) → the one that is for this action, else the first, else null
--
-- Why      A sale may need several approvals, and each is for one action. Where none fits, the first is what permit
--          says no to, by name.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.approval_for(p_vendor_id uuid, p_approval_ids uuid[], p_action text)
returns uuid
language plpgsql stable
as $$
begin
    return coalesce(
        (select a.id from ringup.approvals a
          where a.vendor_id = p_vendor_id and a.id = any (p_approval_ids) and a.action = p_action
          order by a.used_at nulls first, a.id
          limit 1),
        p_approval_ids[1]);
end
$$;
