-- write_earn_rules(programme, products, categories, points per unit, points per item) → nothing
--
-- Why      What an article or a category earns in this version of the programme. A rule without a rate leaves the
--          programme's, which is how one article of a category is excepted from the category's rule.
-- Writes   loyalty_earn_rules.
-- Locks    Nothing beyond its own rows.
-- Repeats  Not idempotent; called once, with the programme's creation.
-- Raises   RU006 product_not_found · RU211 programme_invalid
create or replace function ringup.write_earn_rules(
    p_programme ringup.loyalty_programmes, p_products uuid[], p_categories text[],
    p_points_per_unit numeric[], p_points_per_item integer[]
)
returns void
language plpgsql
as $$
declare
    v_count integer := cardinality(p_products);
    v_rate  numeric;
begin
    if (v_count = cardinality(p_categories) and v_count = cardinality(p_points_per_unit)
        and v_count = cardinality(p_points_per_item)) is not true then
        raise exception using errcode = 'RU211', message = 'every rule has an article or a category, a rate and points';
    end if;
    for i in 1 .. v_count loop
        v_rate := p_points_per_unit[i];
        if num_nonnulls(p_products[i], p_categories[i]) <> 1 or trim(p_categories[i]) = '' then
            raise exception using errcode = 'RU211',
                message = format('rule %s is for one article or for one category', i);
        end if;
        if (v_rate is null or (v_rate = round(v_rate, 4) and v_rate between 0 and 1000000)) is not true
           or coalesce(p_points_per_item[i], 0) not between 0 and 1000000 then
            raise exception using errcode = 'RU211',
                message = format('rule %s: rates and points per item are from 0 to 1000000, rates with up to 4 decimals', i);
        end if;
        if i > array_position(p_products, p_products[i]) and p_products[i] is not null
           or i > array_position(p_categories, p_categories[i]) and p_categories[i] is not null then
            raise exception using errcode = 'RU211',
                message = format('rule %s: the article or category has a rule already', i);
        end if;
        if p_products[i] is not null and not exists (
               select from ringup.products p where p.vendor_id = p_programme.vendor_id and p.id = p_products[i]) then
            raise exception using errcode = 'RU006', message = format('product %s does not exist', p_products[i]);
        end if;
        insert into ringup.loyalty_earn_rules (
            vendor_id, valid_from, rule_number, product_id, category, points_per_unit, points_per_item)
        values (
            p_programme.vendor_id, p_programme.valid_from, i, p_products[i], p_categories[i], v_rate,
            coalesce(p_points_per_item[i], 0));
    end loop;
end
$$;
