-- list_vendors_with_mail() → the vendors of whose receipts one is to go out by e-mail now
--
-- Why      What a worker that can send mail asks once a round.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.list_vendors_with_mail()
returns setof uuid
language plpgsql security definer set search_path = ''
as $$
declare
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform ringup.enter_vendor(v_vendor_id);
        if exists (select from ringup.receipt_mails m
                    where m.vendor_id = v_vendor_id and m.status = 'queued' and m.next_try_at <= ringup.now()) then
            return next v_vendor_id;
        end if;
    end loop;
end
$$;
