-- check_stock_lines(vendor, products, codes, quantities, least) → the lines, in the order of their product ids
--
-- Why      One to a thousand lines, each with a product that is there, is counted in pieces and named once. What is
--          not sold any more may still be on a shelf. In one order, so that two documents and a sale lock alike.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU006 product_not_found · RU170 stock_not_tracked · RU204 amount_out_of_range · RU270 stock_lines_invalid
create or replace function ringup.check_stock_lines(
    p_vendor_id uuid, p_product_ids uuid[], p_codes text[], p_quantities bigint[], p_least bigint
)
returns ringup.stock_line[]
language plpgsql
as $$
declare
    v_count   integer := coalesce(cardinality(p_quantities), 0);
    v_lines   ringup.stock_line[];
    v_asked   record;
    v_product ringup.products;
begin
    if v_count not between 1 and 1000
       or cardinality(p_product_ids) is distinct from v_count or cardinality(p_codes) is distinct from v_count then
        raise exception using errcode = 'RU270', message = 'a document has 1 to 1000 lines, each with a product';
    end if;
    for v_asked in select * from unnest(p_product_ids, p_codes, p_quantities) as l (product_id, code, quantity) loop
        v_product := ringup.find_stocked(p_vendor_id, v_asked.product_id, v_asked.code);
        if coalesce(v_asked.quantity not between p_least and 1000000000 or p_least < 0 and v_asked.quantity = 0, true)
        then
            raise exception using errcode = 'RU204',
                message = format('%s of %s is out of range', coalesce(v_asked.quantity::text, 'nothing'), v_product.sku),
                detail = json_build_object('sku', v_product.sku)::text;
        end if;
        v_lines := v_lines
            || row(v_product.id, v_product.sku, v_product.price_minor, v_asked.quantity)::ringup.stock_line;
    end loop;
    select array_agg(l order by l.product_id) into v_lines from unnest(v_lines) as l;
    if (select count(distinct l.product_id) from unnest(v_lines) as l) < v_count then
        raise exception using errcode = 'RU270', message = 'a document names each product once';
    end if;
    return v_lines;
end
$$;
