-- check_discount(amount, percentage, of what) → nothing
--
-- Why      A discount is an amount or a percentage, and one of them alone.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU242 discount_invalid
create or replace function ringup.check_discount(p_amount_minor bigint, p_percent numeric, p_of text)
returns void
language plpgsql immutable
as $$
begin
    if (coalesce(p_amount_minor, 0) > 0) = (p_percent is not null) or p_amount_minor < 0
       or p_percent not between 0 and 100 or p_percent <> round(p_percent, 4) then
        raise exception using errcode = 'RU242',
            message = format('%s: a discount is an amount, or a percentage from 0 to 100, not %s and %s %%',
                             p_of, coalesce(p_amount_minor, 0), p_percent),
            detail = json_build_object('of', p_of)::text;
    end if;
end
$$;
