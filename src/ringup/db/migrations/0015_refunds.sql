-- Refunds: a part of a completed sale goes back, or all of it: goods, money and points in one document.

create table ringup.refunds (
    vendor_id           uuid not null references ringup.vendors (id),
    id                  uuid not null,
    order_id            uuid not null,
    location_id         uuid not null,
    register_id         uuid not null,
    register_session_id uuid not null,
    began_session_id    uuid,
    status              text not null check (status in ('open', 'completed', 'cancelled')),
    amount_minor        bigint not null default 0 check (amount_minor >= 0),
    tip_minor           bigint not null default 0 check (tip_minor >= 0),
    cash_rounding_minor bigint not null default 0,
    currency            text not null references ringup.currencies (code),
    reason              text not null check (reason <> ''),
    actor               text not null check (actor <> ''),
    approved_by         text,
    without_receipt     boolean not null default false,
    points_reversed     integer not null default 0 check (points_reversed >= 0),
    points_given_back   integer not null default 0 check (points_given_back >= 0),
    idempotency_key     text not null check (length(idempotency_key) between 1 and 255),
    request_hash        bytea not null,
    request_id          text,
    lease_until         timestamptz,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    completed_at        timestamptz,
    primary key (vendor_id, id),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, location_id) references ringup.locations (vendor_id, id),
    foreign key (vendor_id, register_id) references ringup.registers (vendor_id, id),
    foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    foreign key (vendor_id, began_session_id) references ringup.register_sessions (vendor_id, id),
    -- A refund that is asked for twice with one key is made once.
    constraint refunds_one_key unique (vendor_id, idempotency_key),
    check ((status = 'completed') = (completed_at is not null))
) with (fillfactor = 70);
comment on column ringup.refunds.register_session_id is
    'The shift whose drawer and totals it moves: not that of the sale.';
comment on column ringup.refunds.began_session_id is
    'Where a late refund began: that session was closed before it completed, and register_session_id counts it.';
comment on column ringup.refunds.amount_minor is
    'What goes back in money: its lines, its tip, and what rounding adds or takes.';
comment on column ringup.refunds.cash_rounding_minor is
    'What rounding to the smallest coin adds to what goes back in cash, or takes from it.';
create index refunds_open on ringup.refunds (vendor_id, updated_at) where status = 'open';
create index refunds_by_order on ringup.refunds (vendor_id, order_id);
create index refunds_by_time on ringup.refunds (vendor_id, created_at desc, id desc);
create index refunds_by_session on ringup.refunds (vendor_id, register_session_id);

create table ringup.refund_lines (
    vendor_id    uuid not null,
    refund_id    uuid not null,
    order_id     uuid not null,
    line_number  integer not null,
    quantity     bigint not null check (quantity > 0),
    amount_minor bigint not null check (amount_minor >= 0),
    restock      boolean not null,
    primary key (vendor_id, refund_id, line_number),
    foreign key (vendor_id, refund_id) references ringup.refunds (vendor_id, id),
    foreign key (vendor_id, order_id, line_number) references ringup.order_items (vendor_id, order_id, line_number)
);
comment on column ringup.refund_lines.amount_minor is
    'What was paid for it with money: after discounts, coupons and points, with its taxes.';
create index refund_lines_by_order on ringup.refund_lines (vendor_id, order_id, line_number);

-- Append-only: what of each rate's tax goes back with a line.
create table ringup.refund_line_taxes (
    vendor_id   uuid not null,
    refund_id   uuid not null,
    order_id    uuid not null,
    line_number integer not null,
    code        text not null,
    base_minor  bigint not null,
    tax_minor   bigint not null check (tax_minor >= 0),
    primary key (vendor_id, refund_id, line_number, code),
    foreign key (vendor_id, refund_id, line_number) references ringup.refund_lines (vendor_id, refund_id, line_number),
    foreign key (vendor_id, order_id, line_number, code)
        references ringup.order_item_taxes (vendor_id, order_id, line_number, code)
);
create index refund_line_taxes_by_order on ringup.refund_line_taxes (vendor_id, order_id, line_number, code);

alter table ringup.payment_transactions
    add column refund_id          uuid,
    add column refunds_payment_id uuid,
    add column refund_way         text check (refund_way in ('void', 'return')),
    add column rounding_minor     bigint not null default 0,
    drop constraint payment_transactions_amount_minor_check,
    add constraint payment_transactions_amount_minor_check
        check (amount_minor > 0 or (amount_minor = 0 and kind = 'refund' and tender_type = 'cash')),
    drop constraint payment_transactions_approved_minor_check,
    add constraint payment_transactions_approved_minor_check
        check (approved_minor > 0 or (approved_minor = 0 and kind = 'refund' and tender_type = 'cash')),
    add constraint payment_transactions_cash_refunds_are_rounded
        check (rounding_minor = 0 or (kind = 'refund' and tender_type = 'cash')),
    add foreign key (vendor_id, refund_id) references ringup.refunds (vendor_id, id),
    add foreign key (vendor_id, refunds_payment_id) references ringup.payment_transactions (vendor_id, id),
    add constraint payment_transactions_a_refund_names_its_charge check (
        (kind = 'refund') = (refund_id is not null) and (kind = 'refund') = (refunds_payment_id is not null)
        and (kind = 'refund' or refund_way is null));
comment on column ringup.payment_transactions.refund_way is
    'How a card gets its money back: the charge is voided, or it is paid back. Chosen before the terminal is asked.';
comment on column ringup.payment_transactions.rounding_minor is
    'What rounding to the smallest coin added to a refund in cash: so much less of amount_minor was paid for goods.';
create index payment_transactions_by_refunded_payment
    on ringup.payment_transactions (vendor_id, refunds_payment_id) where kind = 'refund';
-- Within a refund, each charge is paid back by one attempt at a time.
create unique index payment_transactions_one_refund_at_a_time
    on ringup.payment_transactions (vendor_id, refund_id, refunds_payment_id)
    where kind = 'refund' and status in ('created', 'processing', 'unknown');

update ringup.staff_actions set means = 'Pay back a sale that the customer has no receipt of.'
 where name = 'refund_without_receipt';

alter table ringup.states drop constraint states_machine_check;
alter table ringup.states add constraint states_machine_check
    check (machine in ('order', 'payment', 'capture', 'refund'));
insert into ringup.states (machine, name, means) values
    ('refund', 'open', 'Asked for. What is to be given back is set aside; not all of the money is back.'),
    ('refund', 'completed', 'The money is back, and so are the goods and the points.'),
    ('refund', 'cancelled', 'Given up before any money went back.');
insert into ringup.transitions (machine, from_state, event, to_state) values
    ('refund', 'open', 'completed', 'completed'),
    ('refund', 'open', 'cancelled', 'cancelled');

alter table ringup.reconciliation_items drop constraint reconciliation_items_kind_check;
alter table ringup.reconciliation_items add constraint reconciliation_items_kind_check check (kind in (
    'charge_without_payment', 'not_at_processor', 'amount_differs', 'void_refused', 'capture_refused',
    'capture_expiring', 'doubt_unanswerable', 'refund_without_payment', 'refund_unfinished', 'refunded_twice'));
