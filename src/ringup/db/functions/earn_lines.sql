-- earn_lines(vendor, customer, lines, is kept) → the promise: what each line earns, and by which campaigns
--
-- Why      Points are computed here and nowhere else, from what is paid and by the programme in force. The customer's
--          tier multiplies what line_terms says; bonuses and points per order are added and never multiplied.
--          Exact until the end and rounded down once: the lines' points always come to the order's.
-- Writes   Nothing.
-- Locks    What campaigns_that_count locks.
-- Repeats  Safe.
-- Raises   RU207 points_out_of_range
create or replace function ringup.earn_lines(
    p_vendor_id uuid, p_customer_id uuid, p_lines ringup.priced_line[], p_is_kept boolean
)
returns ringup.points_promise
language plpgsql
as $$
declare
    v_promise   ringup.points_promise := row(p_lines, 0, '{}', '{}', null);
    v_programme ringup.loyalty_programmes := ringup.current_programme(p_vendor_id);
    v_paid      bigint[];
    v_campaigns ringup.loyalty_campaigns[];
    v_fixed     bigint[];
    v_extra     numeric[];
    v_unit      numeric;
    v_tier      numeric;
    v_line      record;
    v_plain     numeric;
    v_exact     numeric := 0;
    v_upto      numeric := 0;
    v_given     numeric := 0;
begin
    if v_programme.vendor_id is null or not ringup.switch_is_on(p_vendor_id, 'loyalty_updates') then
        return v_promise;
    end if;
    select power(10::numeric, y.exponent), coalesce(t.multiplier, 1) into v_unit, v_tier
      from ringup.vendors v
      join ringup.currencies y on y.code = v.currency
      join ringup.customers c on c.vendor_id = v.id and c.id = p_customer_id
      left join ringup.loyalty_tiers t
        on t.vendor_id = v.id and t.valid_from = v_programme.valid_from and t.name = c.loyalty_tier
     where v.id = p_vendor_id;
    v_paid := ringup.paid_for_lines(p_lines, v_programme.earns_on_tax);
    v_campaigns := ringup.campaigns_that_count(p_vendor_id, p_customer_id, p_lines, v_paid, p_is_kept);
    v_fixed := ringup.fixed_points(v_programme.points_per_order, v_campaigns, p_lines, v_paid);
    v_extra := array_fill(0::numeric, array[cardinality(v_campaigns)]);

    for v_line in select * from ringup.line_terms(v_programme, p_lines, v_campaigns) loop
        continue when v_paid[v_line.line] = 0;
        -- Points, times the minor units of a currency unit: nothing is divided before the end.
        v_plain := v_tier * (v_paid[v_line.line] * v_line.points_per_unit
                             + v_unit * v_line.quantity * v_line.points_per_item);
        v_exact := v_exact + v_plain * v_line.multiplier;
        if v_line.campaign is not null then
            v_extra[v_line.campaign] := v_extra[v_line.campaign] + v_plain * (v_line.multiplier - 1);
        end if;
        v_given := v_upto;
        v_upto := div(v_exact, v_unit);
        if v_upto > 2147483647 then
            raise exception using errcode = 'RU207', message = 'the sale would earn more points than an account can hold';
        end if;
        v_promise.points := v_promise.points + v_upto - v_given + v_fixed[v_line.line];
        v_promise.lines[v_line.line].points_to_earn := v_upto - v_given + v_fixed[v_line.line];
    end loop;

    select array_agg(c.id order by c.ordinality),
           array_agg(c.bonus_points + div(v_extra[c.ordinality], v_unit) order by c.ordinality)
      into v_promise.campaign_ids, v_promise.campaign_points
      from unnest(v_campaigns) with ordinality as c
     where c.bonus_points + v_extra[c.ordinality] > 0;
    return v_promise;
end
$$;
