-- exempt_cart(cart, taxes) → the cart without tax
--
-- Why      Nothing is added, and what the prices contain comes off every line, named as what it is.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Every call takes off more.
-- Raises   Nothing.
create or replace function ringup.exempt_cart(p_cart ringup.priced_cart, p_taxes ringup.line_tax[])
returns ringup.priced_cart
language plpgsql immutable
as $$
declare
    v_cart  ringup.priced_cart := p_cart;
    v_tax   ringup.line_tax;
    v_basis bigint := p_cart.subtotal_minor - p_cart.discount_minor;
    v_total bigint := 0;
begin
    v_cart.tax_exempted_minor := 0;
    foreach v_tax in array p_taxes loop
        v_cart.tax_exempted_minor := v_cart.tax_exempted_minor + v_tax.tax_minor;
        continue when not v_tax.is_included;
        v_total := v_total + v_tax.tax_minor;
        v_cart.lines[v_tax.line_number].discount_minor
            := v_cart.lines[v_tax.line_number].discount_minor + v_tax.tax_minor;
        v_cart.lines[v_tax.line_number].total_minor
            := v_cart.lines[v_tax.line_number].total_minor - v_tax.tax_minor;
    end loop;
    if v_total > 0 then
        v_cart.discount_minor := v_cart.discount_minor + v_total;
        v_cart.discounts := v_cart.discounts || row(
            null, 'tax_exemption', null, null, v_cart.tax_exemption_reason, null, v_total, v_basis
            )::ringup.named_discount;
    end if;
    return v_cart;
end
$$;
