-- Cash comes in coins. Where the smallest coin is more than the minor unit, what is paid in cash is rounded to it.

create table ringup.cash_rules_default (
    currency   text primary key references ringup.currencies (code),
    step_minor bigint not null check (step_minor between 2 and 1000000),
    mode       text not null check (mode in ('nearest', 'nearest_half_down', 'down'))
);
comment on table ringup.cash_rules_default is
    'The smallest coin of a currency, and how its shops round to it. A currency without a row is not rounded.';

insert into ringup.cash_rules_default (currency, step_minor, mode) values
    ('AUD', 5, 'nearest'), ('CAD', 5, 'nearest'), ('CHF', 5, 'nearest'), ('CZK', 100, 'nearest'),
    ('DKK', 50, 'nearest'), ('HUF', 500, 'nearest'), ('ILS', 10, 'nearest'), ('MYR', 5, 'nearest'),
    ('NOK', 100, 'nearest'), ('NZD', 10, 'nearest_half_down'), ('SEK', 100, 'nearest'), ('ZAR', 10, 'down');

create table ringup.cash_rules (
    vendor_id  uuid primary key references ringup.vendors (id),
    step_minor bigint not null check (step_minor between 1 and 1000000),
    mode       text not null check (mode in ('nearest', 'nearest_half_down', 'down')),
    updated_at timestamptz not null
);
comment on table ringup.cash_rules is 'A vendor''s own rule, in its own currency. A step of 1 rounds nothing.';

alter table ringup.orders add column cash_rounding_minor bigint not null default 0;
comment on column ringup.orders.cash_rounding_minor is
    'What rounding to the smallest coin added to the total, or took from it: nothing unless the rest was paid in cash.';
alter table ringup.orders drop constraint orders_add_up;
alter table ringup.orders add constraint orders_add_up
    check (total_minor = subtotal_minor - discount_minor + tax_minor + tip_minor + cash_rounding_minor);
