-- blind_report(report) → the report without what would tell how much cash should be in the drawer
--
-- Why      Who is going to count must not know. The expected amount is hidden, and so is what it could be computed from:
--          the cash that was taken, and the sums of all sales and refunds.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.blind_report(p_report jsonb)
returns jsonb
language plpgsql immutable
as $$
declare
    v_nothing jsonb := '{"tendered_minor": null, "change_minor": null, "refunds_minor": null, "expected_minor": null}';
begin
    return p_report || jsonb_build_object(
        'is_blind', true,
        'sales', jsonb_build_object(
            'orders_count', p_report #> '{sales,orders_count}', 'late_count', p_report #> '{sales,late_count}',
            'subtotal_minor', null, 'discount_minor', null, 'tax_minor', null, 'tax_included_minor', null,
            'tip_minor', null, 'cash_rounding_minor', null, 'total_minor', null),
        'refunds', jsonb_build_object(
            'refunds_count', p_report #> '{refunds,refunds_count}', 'late_count', p_report #> '{refunds,late_count}',
            'amount_minor', null, 'tax_minor', null, 'tip_minor', null, 'cash_rounding_minor', null),
        'cash', (p_report -> 'cash') || v_nothing,
        'tenders', (
            select coalesce(jsonb_agg(t.item order by t.item ->> 'type'), '[]')
              from jsonb_array_elements(p_report -> 'tenders') as t (item)
             where t.item ->> 'type' <> 'cash'),
        'counts', (
            select coalesce(jsonb_agg(
                       case when (k.item ->> 'is_wanted_again')::boolean
                            then k.item || '{"expected_minor": null, "variance_minor": null}' else k.item end
                       order by (k.item ->> 'count_number')::integer), '[]')
              from jsonb_array_elements(p_report -> 'counts') as k (item)));
end
$$;
