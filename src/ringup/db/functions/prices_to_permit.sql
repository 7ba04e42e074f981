-- prices_to_permit(vendor, person, cart) → for each action that a cart takes: its amount, and what that is a part of
--
-- Why      Of lines, what the person may not do alone is asked for together: the sum, at the percentage of the worst
--          line, so that neither many small lines nor one cheap one hide what they are.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.prices_to_permit(p_vendor_id uuid, p_staff_id uuid, p_cart ringup.priced_cart)
returns table (action text, amount_minor bigint, basis_minor bigint)
language plpgsql stable
as $$
declare
    v_role text := (select s.role from ringup.staff s where s.vendor_id = p_vendor_id and s.id = p_staff_id);
begin
    return query
        with line as (
            select 'line_discount' as does, d.amount_minor as amount, d.basis_minor as basis
              from unnest(p_cart.discounts) as d
             where d.kind = 'line'
             union all
            select 'price_override', abs(l.unit_price_minor - l.list_price_minor) * l.quantity,
                   l.list_price_minor * l.quantity
              from unnest(p_cart.lines) as l
             where l.unit_price_minor <> l.list_price_minor
        )
        select l.does, sum(l.amount)::bigint,
               div(sum(l.amount) * (array_agg(l.basis order by l.amount / nullif(l.basis, 0)::numeric desc))[1],
                   (array_agg(l.amount order by l.amount / nullif(l.basis, 0)::numeric desc))[1])::bigint
          from line as l
         where ringup.staff_rule(p_vendor_id, v_role, l.does, l.amount, l.basis) <> 'allowed'
         group by l.does
         union all
        select 'order_discount', sum(d.amount_minor)::bigint, max(d.basis_minor)
          from unnest(p_cart.discounts) as d
         where d.kind = 'order'
        having count(*) > 0
         union all
        select 'exempt_from_tax', p_cart.tax_exempted_minor, null::bigint
         where p_cart.tax_exempted_minor > 0
         order by 1;
end
$$;
