-- Prices: discounts, coupons, taxes and exemptions of a sale, and what of them each line carries.

create table ringup.price_settings (
    vendor_id    uuid primary key references ringup.vendors (id),
    tax_rounding text not null check (tax_rounding in ('line', 'order')),
    updated_at   timestamptz not null
);
comment on column ringup.price_settings.tax_rounding is
    'Where each rate''s tax is rounded: on every line, or once for the order. No row means on every line.';

alter table ringup.products
    add column tax_category text not null default 'standard' check (tax_category <> '');

-- A rate in versions: of those with its code the latest that has begun is in force. Rows are never changed.
create table ringup.tax_rates (
    vendor_id      uuid not null references ringup.vendors (id),
    code           text not null check (code ~ '^[A-Z0-9][A-Z0-9_-]{0,39}$'),
    valid_from     timestamptz not null,
    name           text not null check (name <> ''),
    percent        numeric(7, 4) not null check (percent between 0 and 100),
    is_included    boolean not null,
    is_compound    boolean not null,
    position       smallint not null check (position between 1 and 99),
    tax_categories text[] not null check (cardinality(tax_categories) > 0),
    location_ids   uuid[] check (cardinality(location_ids) > 0),
    is_active      boolean not null,
    created_at     timestamptz not null,
    primary key (vendor_id, code, valid_from)
);
comment on column ringup.tax_rates.is_included is 'Whether prices contain the tax already, or it is added to them.';
comment on column ringup.tax_rates.is_compound is
    'Whether the tax is also on the taxes before it: those in the price first, then by position.';
comment on column ringup.tax_rates.location_ids is 'Where it is raised; null means everywhere.';
comment on column ringup.tax_rates.is_active is 'False ends the rate from valid_from on.';

create table ringup.customer_tax_exemptions (
    vendor_id          uuid not null,
    customer_id        uuid not null,
    reason             text not null check (reason <> ''),
    certificate_number text not null check (certificate_number <> ''),
    valid_until        timestamptz,
    updated_at         timestamptz not null,
    primary key (vendor_id, customer_id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id)
);

create table ringup.coupons (
    vendor_id          uuid not null references ringup.vendors (id),
    id                 uuid not null,
    code               text not null check (code = upper(code) and code <> ''),
    name               text not null check (name <> ''),
    starts_at          timestamptz not null,
    ends_at            timestamptz,
    minimum_minor      bigint not null check (minimum_minor >= 0),
    amount_minor       bigint check (amount_minor > 0),
    percent            numeric(7, 4) check (percent > 0 and percent <= 100),
    use_limit          integer check (use_limit > 0),
    customer_use_limit integer check (customer_use_limit > 0),
    use_count          integer not null default 0 check (use_count >= 0),
    is_active          boolean not null,
    created_at         timestamptz not null,
    updated_at         timestamptz not null,
    primary key (vendor_id, id),
    constraint coupons_one_code unique (vendor_id, code),
    constraint coupons_end_after_they_begin check (ends_at > starts_at),
    constraint coupons_are_an_amount_or_a_percentage check (num_nonnulls(amount_minor, percent) = 1)
) with (fillfactor = 70);
comment on column ringup.coupons.minimum_minor is 'Of the goods after line and order discounts, before coupons.';
comment on column ringup.coupons.use_count is
    'Uses held or made, kept while the coupon has a limit: the row where two registers meet.';

-- One row per sale and coupon. What a live checkout holds counts against the limits as well.
create table ringup.coupon_uses (
    vendor_id    uuid not null,
    coupon_id    uuid not null,
    order_id     uuid not null,
    customer_id  uuid,
    amount_minor bigint not null check (amount_minor >= 0),
    status       text not null check (status in ('held', 'used', 'released')),
    created_at   timestamptz not null,
    primary key (vendor_id, coupon_id, order_id),
    foreign key (vendor_id, coupon_id) references ringup.coupons (vendor_id, id),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id)
);
create index coupon_uses_by_order on ringup.coupon_uses (vendor_id, order_id);
create index coupon_uses_by_customer on ringup.coupon_uses (vendor_id, coupon_id, customer_id)
    where status <> 'released';

-- Append-only: each discount of an order by its name. Those of an order are shared among its lines.
create table ringup.order_discounts (
    vendor_id       uuid not null,
    order_id        uuid not null,
    discount_number integer not null check (discount_number > 0),
    line_number     integer,
    kind            text not null check (kind in ('line', 'order', 'coupon', 'tax_exemption')),
    name            text,
    percent         numeric(7, 4),
    reason          text,
    coupon_id       uuid,
    amount_minor    bigint not null check (amount_minor >= 0),
    given_by        uuid,
    primary key (vendor_id, order_id, discount_number),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, coupon_id) references ringup.coupons (vendor_id, id),
    foreign key (vendor_id, given_by) references ringup.staff (vendor_id, id),
    check ((kind = 'line') = (line_number is not null)),
    check ((kind = 'coupon') = (coupon_id is not null))
);

-- Append-only: what each rate came to on each line.
create table ringup.order_item_taxes (
    vendor_id   uuid not null,
    order_id    uuid not null,
    line_number integer not null,
    code        text not null,
    position    smallint not null,
    name        text not null,
    percent     numeric(7, 4) not null,
    is_included boolean not null,
    base_minor  bigint not null,
    tax_minor   bigint not null check (tax_minor >= 0),
    primary key (vendor_id, order_id, line_number, code),
    foreign key (vendor_id, order_id, line_number) references ringup.order_items (vendor_id, order_id, line_number)
);

alter table ringup.orders
    add column tax_included_minor     bigint not null default 0 check (tax_included_minor >= 0),
    add column tax_rate_count         smallint not null default 0 check (tax_rate_count >= 0),
    add column coupon_count           smallint not null default 0 check (coupon_count >= 0),
    add column tax_exemption_reason   text,
    add column tax_certificate_number text,
    drop constraint orders_add_up,
    add constraint orders_add_up
        check (total_minor = subtotal_minor - discount_minor + tax_minor - tax_included_minor + tip_minor
               + cash_rounding_minor),
    add constraint orders_exemptions_have_a_certificate
        check ((tax_exemption_reason is null) = (tax_certificate_number is null));
comment on column ringup.orders.tax_minor is 'All taxes; those that the prices contain are tax_included_minor of it.';

-- Reports of taxes and discounts find their orders by this index; a sale without either is not in it.
create index orders_priced on ringup.orders (vendor_id, completed_at)
    where completed_at is not null
      and (tax_rate_count > 0 or discount_minor > 0 or tax_exemption_reason is not null);

alter table ringup.order_items
    add column tax_included_minor bigint not null default 0 check (tax_included_minor >= 0),
    add column points_value_minor bigint not null default 0 check (points_value_minor >= 0),
    drop constraint order_items_check,
    add constraint order_items_add_up
        check (total_minor = unit_price_minor * quantity - discount_minor + tax_minor - tax_included_minor);
comment on column ringup.order_items.points_value_minor is
    'The line''s part of what points pay. total_minor is before it, tax_minor after it.';

-- What older orders did not say: which line had a discount, and which part of the points' value was whose.
do $$
declare
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform pg_catalog.set_config('ringup.vendor_id', v_vendor_id::text, true);
        insert into ringup.order_discounts (vendor_id, order_id, discount_number, line_number, kind, amount_minor)
        select i.vendor_id, i.order_id, row_number() over (partition by i.order_id order by i.line_number),
               i.line_number, 'line', i.discount_minor
          from ringup.order_items i
         where i.vendor_id = v_vendor_id and i.discount_minor > 0;
        update ringup.order_items i
           set points_value_minor = s.part
          from (select n.order_id, n.line_number,
                       div(o.points_value_minor * sum(n.total_minor) over upto, sum(n.total_minor) over whole)
                       - div(o.points_value_minor * (sum(n.total_minor) over upto - n.total_minor),
                             sum(n.total_minor) over whole) as part
                  from ringup.orders o
                  join ringup.order_items n on n.vendor_id = o.vendor_id and n.order_id = o.id
                 where o.vendor_id = v_vendor_id and o.points_value_minor > 0
                window whole as (partition by n.order_id),
                       upto as (partition by n.order_id order by n.line_number)) as s
         where i.vendor_id = v_vendor_id and i.order_id = s.order_id and i.line_number = s.line_number;
    end loop;
    perform pg_catalog.set_config('ringup.vendor_id', '', true);
end
$$;

insert into ringup.staff_actions (name, means) values
    ('exempt_from_tax', 'Sell without tax, by a certificate; the amount is the tax.');
insert into ringup.staff_rules_default (role, action, rule)
select r.name, 'exempt_from_tax',
       case when r.name in ('owner', 'manager') then 'allowed' when r.name = 'auditor' then 'denied'
            else 'needs_approval' end
  from ringup.staff_roles r;

alter type ringup.priced_line add attribute tax_category text;
alter type ringup.priced_line add attribute list_price_minor bigint;
alter type ringup.priced_line add attribute tax_included_minor bigint;
alter type ringup.priced_line add attribute points_value_minor bigint;

-- What a cart says about its price besides its lines; any member may be null.
create type ringup.price_terms as (
    line_percents         numeric[],
    line_reasons          text[],
    discount_amounts      bigint[],
    discount_percents     numeric[],
    discount_reasons      text[],
    coupon_codes          text[],
    exemption_reason      text,
    exemption_certificate text,
    staff_id              uuid,
    approval_ids          uuid[]
);

create type ringup.named_discount as (
    line_number  integer,
    kind         text,
    name         text,
    percent      numeric,
    reason       text,
    coupon_id    uuid,
    amount_minor bigint,
    basis_minor  bigint
);

create type ringup.line_tax as (
    line_number integer,
    code        text,
    "position"  smallint,
    name        text,
    percent     numeric,
    is_included boolean,
    base_minor  bigint,
    tax_minor   bigint
);

-- A cart with everything that it comes to, its tip included; what rounding cash adds comes with the tenders.
create type ringup.priced_cart as (
    lines                  ringup.priced_line[],
    discounts              ringup.named_discount[],
    taxes                  ringup.line_tax[],
    tax_exemption_reason   text,
    tax_certificate_number text,
    tax_exempted_minor     bigint,
    subtotal_minor         bigint,
    discount_minor         bigint,
    points_value_minor     bigint,
    tax_minor              bigint,
    tax_included_minor     bigint,
    tax_rate_count         integer,
    total_minor            bigint
);
