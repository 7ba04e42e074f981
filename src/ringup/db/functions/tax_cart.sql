-- tax_cart(vendor, location, customer, cart, terms) → the cart, taxed
--
-- Why      The rates in force where the sale is, by the goods' categories. Who is exempt, or buys under a certificate,
--          pays none: taxes that a price contains come off as a discount of that name.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe, on a cart that is not taxed yet.
-- Raises   RU208 reason_missing
create or replace function ringup.tax_cart(
    p_vendor_id uuid, p_location_id uuid, p_customer_id uuid, p_cart ringup.priced_cart, p_terms ringup.price_terms
)
returns ringup.priced_cart
language plpgsql
as $$
declare
    v_cart  ringup.priced_cart := p_cart;
    v_rates ringup.tax_rates[] := ringup.tax_rates_in_force(p_vendor_id, p_location_id);
    v_taxes ringup.line_tax[];
    v_tax   ringup.line_tax;
    v_line  integer;
begin
    if (p_terms.exemption_reason is null) <> (p_terms.exemption_certificate is null)
       or trim(p_terms.exemption_reason) = '' or trim(p_terms.exemption_certificate) = '' then
        raise exception using errcode = 'RU208', message = 'a tax exemption needs a reason and a certificate number';
    end if;
    v_cart.tax_exemption_reason := p_terms.exemption_reason;
    v_cart.tax_certificate_number := p_terms.exemption_certificate;
    if cardinality(v_rates) = 0 then
        return v_cart;
    end if;
    if v_cart.tax_exemption_reason is null and p_customer_id is not null then
        select e.reason, e.certificate_number
          into v_cart.tax_exemption_reason, v_cart.tax_certificate_number
          from ringup.customer_tax_exemptions e
         where e.vendor_id = p_vendor_id and e.customer_id = p_customer_id
           and coalesce(e.valid_until > ringup.now(), true);
    end if;
    v_taxes := ringup.tax_lines(v_cart.lines, v_rates, coalesce(
        (select s.tax_rounding from ringup.price_settings s where s.vendor_id = p_vendor_id), 'line'));
    if v_cart.tax_exemption_reason is not null then
        return ringup.exempt_cart(v_cart, v_taxes);
    end if;
    foreach v_tax in array v_taxes loop
        v_line := v_tax.line_number;
        v_cart.lines[v_line].tax_minor := v_cart.lines[v_line].tax_minor + v_tax.tax_minor;
        v_cart.tax_minor := v_cart.tax_minor + v_tax.tax_minor;
        if v_tax.is_included then
            v_cart.lines[v_line].tax_included_minor := v_cart.lines[v_line].tax_included_minor + v_tax.tax_minor;
            v_cart.tax_included_minor := v_cart.tax_included_minor + v_tax.tax_minor;
        else
            v_cart.lines[v_line].total_minor := v_cart.lines[v_line].total_minor + v_tax.tax_minor;
        end if;
    end loop;
    v_cart.taxes := v_taxes;
    v_cart.tax_rate_count := (select count(distinct t.code) from unnest(v_taxes) as t);
    return v_cart;
end
$$;
