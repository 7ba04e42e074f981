-- A card may be approved for less than was asked. Where the till says so, the part is kept and the rest paid another way.

alter table ringup.orders
    add column accepts_partial boolean not null default false,
    add column due_minor bigint not null default 0,
    add constraint orders_due_after_a_part check (due_minor = 0 or (due_minor > 0 and accepts_partial));
comment on column ringup.orders.accepts_partial is
    'Whether the till takes a part that a card was approved for, and the rest in another way. Else the part goes back.';
comment on column ringup.orders.due_minor is
    'What parts that were kept left to pay. Until hold_until a tender for it may be added; then the sale is given up.';

insert into ringup.transitions (machine, from_state, event, to_state) values
    ('order', 'payment_processing', 'part_kept', 'payment_processing'),
    ('order', 'payment_processing', 'tender_added', 'payment_processing');

create table ringup.tender_requests (
    vendor_id    uuid not null,
    key          text not null check (length(key) between 1 and 255),
    request_hash bytea not null,
    order_id     uuid not null,
    created_at   timestamptz not null,
    primary key (vendor_id, key),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id)
);
comment on table ringup.tender_requests is
    'Each request that added tenders to a sale, by its idempotency key: so that it adds them once.';

-- A tip that is given after the sale: on a card that was approved, until the processor has settled it.

alter table ringup.states drop constraint states_machine_check;
alter table ringup.states add constraint states_machine_check
    check (machine in ('order', 'payment', 'capture', 'refund', 'tip'));
insert into ringup.states (machine, name, means) values
    ('tip', 'processing', 'The terminal was asked to change the tip, and has not answered yet.'),
    ('tip', 'approved', 'The card pays the tip.'),
    ('tip', 'declined', 'The processor did not take the tip. The sale stands as it was.'),
    ('tip', 'error', 'Certainly not changed: the request was never carried out. It may be asked again.'),
    ('tip', 'unknown', 'The terminal did not say. The card may pay the tip; we are finding out.');
insert into ringup.transitions (machine, from_state, event, to_state) values
    ('order', 'completed', 'tip_changed', 'completed'),
    ('tip', 'processing', 'approved', 'approved'),
    ('tip', 'processing', 'declined', 'declined'),
    ('tip', 'processing', 'not_sent', 'error'),
    ('tip', 'processing', 'in_doubt', 'unknown'),
    ('tip', 'unknown', 'approved', 'approved'),
    ('tip', 'unknown', 'declined', 'declined'),
    ('tip', 'unknown', 'not_sent', 'error'),
    ('tip', 'unknown', 'in_doubt', 'unknown'),
    ('tip', 'error', 'sent', 'processing');

alter table ringup.orders add column late_tip_minor bigint not null default 0;
comment on column ringup.orders.late_tip_minor is
    'Of the tip, what came after the order''s session was closed: it counts in the sessions of tip_changes.';
alter table ringup.payment_transactions
    add column late_tip_minor bigint not null default 0,
    add column tip_change_id uuid;
comment on column ringup.payment_transactions.tip_change_id is
    'The change of the tip that the terminal is asked for, or that is in doubt. Meanwhile nothing else is done.';

create table ringup.tip_changes (
    vendor_id           uuid not null references ringup.vendors (id),
    id                  uuid not null,
    key                 text not null check (length(key) between 1 and 255),
    request_hash        bytea not null,
    order_id            uuid not null,
    payment_id          uuid not null,
    before_minor        bigint not null check (before_minor >= 0),
    tip_minor           bigint not null check (tip_minor >= 0),
    status              text not null check (status in ('processing', 'approved', 'declined', 'error', 'unknown')),
    register_session_id uuid,
    is_late             boolean not null default false,
    actor               text not null,
    request_id          text,
    error_code          text,
    error_message       text,
    sent_at             timestamptz not null,
    settled_at          timestamptz,
    created_at          timestamptz not null,
    primary key (vendor_id, id),
    constraint tip_changes_one_key unique (vendor_id, key),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, payment_id) references ringup.payment_transactions (vendor_id, id),
    foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    check ((status = 'approved') = (register_session_id is not null))
);
comment on table ringup.tip_changes is
    'Each change of a card''s tip after its sale, stored before the terminal is asked. Amounts are whole tips.';
-- A card's tip is changed once at a time.
create unique index tip_changes_one_at_a_time on ringup.tip_changes (vendor_id, payment_id)
    where status in ('processing', 'unknown');
create index tip_changes_by_payment on ringup.tip_changes (vendor_id, payment_id);
-- What a session's report adds to its own sales.
create index tip_changes_late on ringup.tip_changes (vendor_id, register_session_id) where is_late;
alter table ringup.payment_transactions
    add foreign key (vendor_id, tip_change_id) references ringup.tip_changes (vendor_id, id);

alter table ringup.reconciliation_items drop constraint reconciliation_items_kind_check;
alter table ringup.reconciliation_items add constraint reconciliation_items_kind_check check (kind in (
    'charge_without_payment', 'not_at_processor', 'amount_differs', 'void_refused', 'capture_refused',
    'capture_expiring', 'doubt_unanswerable', 'refund_without_payment', 'refund_unfinished', 'refunded_twice',
    'tip_unanswerable'));
