-- staff_who_may(vendor, action, amount, basis, asker) → up to 20 people, as a JSON array of id, name and role
--
-- Why      A cashier who is told that an approval is needed has to know whom to call: everybody else
--          who may do this alone and has a PIN.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.staff_who_may(
    p_vendor_id uuid, p_action text, p_amount_minor bigint, p_basis_minor bigint, p_asker_id uuid
)
returns jsonb
language sql stable
as $$
    select coalesce(jsonb_agg(jsonb_build_object('id', w.id, 'name', w.name, 'role', w.role) order by w.name), '[]')
      from (select s.id, s.name, s.role
              from ringup.staff s
             where s.vendor_id = p_vendor_id and s.is_active and s.pin_hash is not null and s.id <> p_asker_id
               and ringup.staff_rule(p_vendor_id, s.role, p_action, p_amount_minor, p_basis_minor) = 'allowed'
             order by s.name
             limit 20) w
$$;
