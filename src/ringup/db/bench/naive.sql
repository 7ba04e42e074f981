-- The same sale as a program makes it that asks the terminal first and then saves: one transaction, no key, no holds.
-- Variables: products, customers.
\set product random(1, :products)
\set product_2 random(1, :products)
\set product_3 random(1, :products)
\set customer random(1, :customers)
begin;
insert into orders (customer_id, status, reference, total_minor, points_redeemed, points_earned)
values (:customer, 'completed', md5(random()::text), 1490, 10, 14) returning id as order_id \gset
insert into order_items (order_id, line_number, product_id, quantity, total_minor)
values (:order_id, 1, :product, 1, 500), (:order_id, 2, :product_2, 1, 500), (:order_id, 3, :product_3, 1, 500);
insert into payments (order_id, amount_minor, status, auth_code) values (:order_id, 1490, 'approved', 'A1B2C3');
update products set stock = stock - 1 where id = least(:product::int, :product_2::int, :product_3::int);
update products set stock = stock - 1
 where id = :product::int + :product_2::int + :product_3::int - least(:product::int, :product_2::int, :product_3::int)
            - greatest(:product::int, :product_2::int, :product_3::int);
update products set stock = stock - 1 where id = greatest(:product::int, :product_2::int, :product_3::int);
update customers set points = points - 10 + 14 where id = :customer;
commit;
