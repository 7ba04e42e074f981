-- A counter is locked until the sale that took its number is on disk. With one for each location, sales of a store went
-- to disk one after the other; with several, a sale takes the lowest number whose counter nobody else holds just now.
alter table ringup.order_counters add column counter smallint not null default 1 check (counter between 1 and 16);
alter table ringup.order_counters drop constraint order_counters_pkey;
alter table ringup.order_counters add primary key (vendor_id, location_id, counter);
alter table ringup.order_counters rename column last_number to next_number;
do $$
declare
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform pg_catalog.set_config('ringup.vendor_id', v_vendor_id::text, true);
        update ringup.order_counters c
           set next_number = c.next_number + 1
         where c.vendor_id = v_vendor_id;
        insert into ringup.order_counters (vendor_id, location_id, counter, next_number)
        select c.vendor_id, c.location_id, n, c.next_number + n - 1
          from ringup.order_counters c, generate_series(2, 16) as n
         where c.vendor_id = v_vendor_id;
    end loop;
    perform pg_catalog.set_config('ringup.vendor_id', '', true);
end
$$;
alter table ringup.order_counters alter column counter drop default;
alter table ringup.order_counters alter column next_number drop default;
comment on table ringup.order_counters is
    'The next order number of each of a location''s sixteen counters: a counter hands out every sixteenth number.';
