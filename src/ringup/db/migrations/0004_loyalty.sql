-- Points are money: an append-only ledger per customer, with the balance kept beside it.

create table ringup.loyalty_programmes (
    vendor_id         uuid not null references ringup.vendors (id),
    valid_from        timestamptz not null,
    points_per_unit   numeric(12, 4) not null check (points_per_unit >= 0),
    point_value_minor bigint not null check (point_value_minor > 0),
    created_at        timestamptz not null,
    primary key (vendor_id, valid_from)
);
comment on column ringup.loyalty_programmes.points_per_unit is
    'Points per whole currency unit paid, rounded down per order.';
comment on column ringup.loyalty_programmes.point_value_minor is
    'What one point is worth when redeemed, in minor units.';

-- Append-only: kept so by the grants, and by functions that only insert.
create table ringup.loyalty_transactions (
    vendor_id        uuid not null,
    id               uuid not null,
    customer_id      uuid not null,
    entry_number     bigint not null check (entry_number > 0),
    points           integer not null check (points <> 0),
    transaction_type text not null check (transaction_type in ('earned', 'spent', 'adjusted', 'expired', 'reversed')),
    balance_before   integer not null,
    balance_after    integer not null,
    reference_type   text not null,
    reference_id     text not null,
    description      text,
    created_at       timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id),
    constraint loyalty_transactions_one_chain unique (vendor_id, customer_id, entry_number),
    constraint loyalty_transactions_add_up check (balance_after = balance_before + points),
    check (transaction_type <> 'earned' or points > 0),
    check (transaction_type not in ('spent', 'expired') or points < 0)
);
-- An order spends points once and earns points once, whoever asks and however often.
create unique index loyalty_transactions_once_per_order
    on ringup.loyalty_transactions (vendor_id, reference_id, transaction_type)
    where reference_type = 'order' and transaction_type in ('earned', 'spent');

create table ringup.loyalty_reconciliation_queue (
    vendor_id       uuid not null,
    id              uuid not null,
    customer_id     uuid not null,
    order_id        uuid not null,
    points_earned   integer not null check (points_earned >= 0),
    points_redeemed integer not null check (points_redeemed >= 0),
    error_message   text not null,
    resolved        boolean not null default false,
    resolved_at     timestamptz,
    resolved_by     text,
    created_at      timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id),
    check (resolved = (resolved_at is not null))
);
-- An order waits in the queue at most once.
create unique index loyalty_reconciliation_queue_open
    on ringup.loyalty_reconciliation_queue (vendor_id, order_id) where not resolved;
