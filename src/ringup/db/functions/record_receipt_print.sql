-- record_receipt_print(vendor, print, order, format, printed by) → its number: 1 is the receipt, more are copies
--
-- Why      A second receipt must not pass for a second sale, so prints are counted before they are made.
-- Writes   receipt_prints; audit_log when it is a copy.
-- Locks    The order row, so that two prints at once get two numbers.
-- Repeats  Safe: the same print keeps its number.
-- Raises   RU001 checkout_not_found · RU101 transition_not_allowed, before the sale is completed
--          · RU113 already_exists, when the print was of another order
create or replace function ringup.record_receipt_print(
    p_vendor_id uuid, p_print_id uuid, p_order_id uuid, p_format text, p_printed_by text
)
returns integer
language plpgsql security definer set search_path = ''
as $$
declare
    v_order ringup.orders;
    v_print ringup.receipt_prints;
begin
    perform ringup.enter_vendor(p_vendor_id);
    v_order := ringup.lock_order(p_vendor_id, p_order_id);
    if v_order.status not in ('completed', 'partially_refunded', 'refunded') then
        raise exception using errcode = 'RU101',
            message = format('there is no receipt while the checkout is %s', v_order.status),
            detail = json_build_object('state', v_order.status)::text;
    end if;
    insert into ringup.receipt_prints (vendor_id, id, order_id, print_number, format, printed_by, created_at)
    select p_vendor_id, p_print_id, p_order_id, 1 + count(*), p_format, p_printed_by, ringup.now()
      from ringup.receipt_prints p
     where p.vendor_id = p_vendor_id and p.order_id = p_order_id
    on conflict (vendor_id, id) do nothing
    returning * into v_print;
    if not found then
        select * into v_print from ringup.receipt_prints p where p.vendor_id = p_vendor_id and p.id = p_print_id;
        if v_print.order_id <> p_order_id then
            raise exception using errcode = 'RU113', message = format('print %s is of another order', p_print_id);
        end if;
    elsif v_print.print_number > 1 then
        perform ringup.write_audit(p_vendor_id, p_printed_by, 'receipt_reprinted', 'order', p_order_id::text, null,
                                   jsonb_build_object('print_number', v_print.print_number, 'format', p_format));
    end if;
    return v_print.print_number;
end
$$;
