-- One whole card checkout as pgbench plays it: three lines, points spent and earned, four commits.
-- Variables: vendor, clients, lanes_each, products, first_products, customers, client_id. The ids are those of ringup.cli.bench.shop; an
-- order's is sorted by time, as the API makes it (version 7; PostgreSQL has a function for it only from 18 on).
-- The first line is one of the first goods: with one of them, every sale has it.
\set lane :client_id + :clients * random(0, :lanes_each - 1)
\set product random(0, :first_products - 1)
\set customer random(0, :customers - 1)
\set product_2 random(0, :products - 1)
\set product_3 random(0, :products - 1)
select checkout_id, payment_id
  from ringup.prepare_checkout(
      (:vendor)::uuid,
      (lpad(to_hex((extract(epoch from clock_timestamp()) * 1000)::bigint), 12, '0')
       || '7' || substr(replace(gen_random_uuid()::text, '-', ''), 14))::uuid,
      gen_random_uuid()::text, '\x00'::bytea,
      md5('ringup bench location 0')::uuid, md5('ringup bench register ' || :lane)::uuid,
      md5('ringup bench customer ' || :customer)::uuid, null::text,
      array['BENCH-' || :product, 'BENCH-' || :product_2, 'BENCH-' || :product_3],
      array[null, null, null]::uuid[], array[1, 1, 1]::bigint[],
      array[null, null, null]::bigint[], array[null, null, null]::bigint[],
      array['card'], array[md5('ringup bench processor ' || :lane)::uuid], array[null]::bigint[],
      array[null]::bigint[], array[null]::text[],
      10, 0::bigint, '{}'::jsonb, null::text, 300, 15) \gset
select yours from ringup.begin_payment((:vendor)::uuid, (:payment_id)::uuid, 15, 480) \gset
select step
  from ringup.record_outcome(
      (:vendor)::uuid, (:payment_id)::uuid, 'approved', 1490, 0, true, false, 'A1B2C3', 'Visa', '4242',
      '1', '1', 'H1', null::text, null::text, null::double precision) \gset
select status from ringup.complete_checkout((:vendor)::uuid, (:checkout_id)::uuid) \gset
