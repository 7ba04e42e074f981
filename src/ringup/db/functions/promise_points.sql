-- promise_points(vendor, customer, lines, points redeemed) → what the sale is promised
--
-- Why      The promise is made once, when the sale is prepared, and kept when it completes, whatever the programme
--          says by then. That it cannot be computed is no reason not to sell: the problem is written down,
--          and the points wait for a person.
-- Writes   Nothing.
-- Locks    What campaigns_that_count locks.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.promise_points(
    p_vendor_id uuid, p_customer_id uuid, p_lines ringup.priced_line[], p_points_redeemed integer
)
returns ringup.points_promise
language plpgsql
as $$
declare
    v_lines    ringup.priced_line[] := p_lines;
    v_redeemed bigint[];
begin
    if p_points_redeemed > 0 then
        v_redeemed := ringup.spread(p_points_redeemed, array(
            select l.total_minor - l.tax_minor + l.tax_included_minor
              from unnest(p_lines) with ordinality as l
             order by l.ordinality));
        for i in 1 .. cardinality(p_lines) loop
            v_lines[i].points_redeemed := v_redeemed[i];
        end loop;
    end if;
    begin
        return ringup.earn_lines(p_vendor_id, p_customer_id, v_lines, true);
    exception when others then
        return row(v_lines, 0, '{}', '{}', left(sqlerrm, 500))::ringup.points_promise;
    end;
end
$$;
