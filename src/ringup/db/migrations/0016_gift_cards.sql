-- Gift cards and store credit: value of ours that customers hold, each account with a ledger and its balance beside it.

create table ringup.stored_value_accounts (
    vendor_id       uuid not null references ringup.vendors (id),
    id              uuid not null,
    kind            text not null check (kind in ('gift_card', 'store_credit')),
    customer_id     uuid,
    code_hash       bytea,
    code_last4      text check (code_last4 ~ '^[A-Z0-9]{4}$'),
    currency        text not null references ringup.currencies (code),
    balance_minor   bigint not null default 0,
    held_minor      bigint not null default 0,
    entries         bigint not null default 0,
    expires_at      timestamptz,
    disabled_at     timestamptz,
    disabled_reason text,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id),
    constraint stored_value_accounts_one_code unique (vendor_id, code_hash),
    constraint stored_value_accounts_are_not_overdrawn
        check (0 <= held_minor and held_minor <= balance_minor and balance_minor <= 1000000000000000),
    check ((kind = 'gift_card') = (code_hash is not null and code_last4 is not null)),
    check ((kind = 'store_credit') = (customer_id is not null)),
    check (kind = 'gift_card' or (expires_at is null and disabled_at is null)),
    check ((disabled_at is null) = (disabled_reason is null))
) with (fillfactor = 70);
comment on column ringup.stored_value_accounts.code_hash is
    'A keyed hash of the card''s code: the code itself is kept nowhere.';
comment on column ringup.stored_value_accounts.held_minor is
    'Set aside for sales under way: each of their tenders that nobody has accepted or dropped yet.';
-- A customer has one account of store credit.
create unique index stored_value_accounts_one_per_customer
    on ringup.stored_value_accounts (vendor_id, customer_id) where kind = 'store_credit';

-- Append-only: kept so by the grants, and by functions that only insert.
create table ringup.stored_value_transactions (
    vendor_id            uuid not null,
    id                   uuid not null,
    account_id           uuid not null,
    entry_number         bigint not null check (entry_number > 0),
    amount_minor         bigint not null check (amount_minor <> 0),
    transaction_type     text not null
        check (transaction_type in ('issued', 'loaded', 'spent', 'returned', 'adjusted')),
    balance_before_minor bigint not null check (balance_before_minor >= 0),
    balance_after_minor  bigint not null check (balance_after_minor >= 0),
    reference_type       text not null,
    reference_id         text not null,
    description          text,
    created_at           timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, account_id) references ringup.stored_value_accounts (vendor_id, id),
    constraint stored_value_transactions_one_chain unique (vendor_id, account_id, entry_number),
    -- Whatever moves value moves it once.
    constraint stored_value_transactions_once unique (vendor_id, reference_type, reference_id, account_id),
    constraint stored_value_transactions_add_up
        check (balance_after_minor = balance_before_minor + amount_minor),
    check (transaction_type = 'adjusted' or (transaction_type = 'spent') = (amount_minor < 0))
);

-- Who tried codes that are not there, and how often of late. Codes themselves are not kept.
create table ringup.gift_card_guesses (
    vendor_id      uuid not null references ringup.vendors (id),
    asker          text not null check (asker <> ''),
    failed_count   integer not null check (failed_count >= 0),
    last_failed_at timestamptz,
    locked_until   timestamptz,
    primary key (vendor_id, asker)
) with (fillfactor = 70);

alter table ringup.orders
    add column stored_value_count integer not null default 0 check (stored_value_count >= 0);
comment on column ringup.orders.stored_value_count is
    'How many of its tenders and lines are about gift cards or store credit. Without any, nothing more is asked.';

alter table ringup.order_items add column gift_card_id uuid;
comment on column ringup.order_items.gift_card_id is 'The card that is loaded with what is paid for the line.';
alter table ringup.order_items
    add foreign key (vendor_id, gift_card_id) references ringup.stored_value_accounts (vendor_id, id);

alter table ringup.payment_transactions add column stored_value_id uuid;
comment on column ringup.payment_transactions.stored_value_id is
    'The gift card or store credit that pays. While the tender is created, its amount is held there.';
alter table ringup.payment_transactions
    add foreign key (vendor_id, stored_value_id) references ringup.stored_value_accounts (vendor_id, id),
    add constraint payment_transactions_own_value_has_an_account
        check (kind = 'refund' or (tender_type in ('gift_card', 'store_credit')) = (stored_value_id is not null));
create index payment_transactions_by_stored_value
    on ringup.payment_transactions (vendor_id, stored_value_id) where stored_value_id is not null;

alter table ringup.payment_transactions add column external_reason text;
comment on column ringup.payment_transactions.external_reason is
    'Why the money was taken elsewhere. Payments from before this column have none.';

alter type ringup.planned_tender add attribute stored_value_id uuid;
alter type ringup.planned_tender add attribute external_reason text;

insert into ringup.staff_actions (name, means) values
    ('issue_store_credit', 'Give a customer store credit.');
insert into ringup.staff_rules_default (role, action, rule)
select r.name, 'issue_store_credit',
       case when r.name in ('owner', 'manager') then 'allowed' when r.name = 'auditor' then 'denied'
            else 'needs_approval' end
  from ringup.staff_roles r;
