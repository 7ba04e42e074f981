-- tax_terms(rates, categories) → for each category the rates on it, and which part of the net price each is
--
-- Why      A compound rate is also on the taxes before it. Parts are of the net price, so a price that contains taxes
--          is the net price times one plus the parts of those.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.tax_terms(p_rates ringup.tax_rates[], p_categories text[])
returns table (tax_category text, rate_number integer, part numeric)
language plpgsql immutable
as $$
declare
    v_upto numeric;
begin
    foreach tax_category in array p_categories loop
        v_upto := 1;
        for i in 1 .. cardinality(p_rates) loop
            continue when tax_category <> all (p_rates[i].tax_categories);
            rate_number := i;
            part := p_rates[i].percent / 100 * case when p_rates[i].is_compound then v_upto else 1 end;
            v_upto := v_upto + part;
            return next;
        end loop;
    end loop;
end
$$;
