-- Points as a retailer runs them: programmes with rules, tiers and campaigns; lots that expire; returns; switches.

alter table ringup.loyalty_programmes
    add column points_per_order       integer not null default 0 check (points_per_order >= 0),
    add column earns_on_tax           boolean not null default false,
    add column redeem_minimum         integer not null default 1 check (redeem_minimum >= 1),
    add column redeem_step            integer not null default 1 check (redeem_step >= 1),
    add column redeem_maximum         integer check (redeem_maximum >= redeem_minimum),
    add column redeem_percent_maximum integer not null default 100 check (redeem_percent_maximum between 1 and 100),
    add column pending_days           integer not null default 0 check (pending_days >= 0),
    add column live_days              integer check (live_days > 0),
    add column refund_policy          text not null default 'within_balance'
        check (refund_policy in ('only_pending', 'within_balance', 'unlimited')),
    add column may_go_negative        boolean not null default false,
    add column tier_basis             text check (tier_basis in ('spend', 'points')),
    add column tier_window_days       integer not null default 365 check (tier_window_days > 0),
    add column tier_hold_days         integer not null default 0 check (tier_hold_days >= 0),
    add constraint loyalty_programmes_unlimited_is_negative check (refund_policy <> 'unlimited' or may_go_negative);
comment on column ringup.loyalty_programmes.redeem_percent_maximum is
    'At most this part of what the goods cost may be paid with points, in percent.';
comment on column ringup.loyalty_programmes.pending_days is
    'Points can be spent from the midnight that ends this many days after they were earned; 0 means at once.';
comment on column ringup.loyalty_programmes.live_days is
    'Points expire at the midnight that ends this many days after they were earned; null means never.';
comment on column ringup.loyalty_programmes.refund_policy is
    'How far a refund takes earned points back: only while pending, down to nothing available, or below zero.';
comment on column ringup.loyalty_programmes.tier_hold_days is
    'How long a tier is kept after the customer last qualified for it.';

-- What an article or a category earns, where that differs from the programme. An article's rule beats its category's.
create table ringup.loyalty_earn_rules (
    vendor_id       uuid not null,
    valid_from      timestamptz not null,
    rule_number     integer not null check (rule_number > 0),
    product_id      uuid,
    category        text check (category <> ''),
    points_per_unit numeric(12, 4) check (points_per_unit >= 0),
    points_per_item integer not null default 0 check (points_per_item >= 0),
    primary key (vendor_id, valid_from, rule_number),
    foreign key (vendor_id, valid_from) references ringup.loyalty_programmes (vendor_id, valid_from),
    foreign key (vendor_id, product_id) references ringup.products (vendor_id, id),
    constraint loyalty_earn_rules_one_per_product unique (vendor_id, valid_from, product_id),
    constraint loyalty_earn_rules_one_per_category unique (vendor_id, valid_from, category),
    check (num_nonnulls(product_id, category) = 1)
);
comment on column ringup.loyalty_earn_rules.points_per_unit is
    'Instead of the programme''s rate; 0 earns nothing by amount; null leaves the programme''s.';

create table ringup.loyalty_tiers (
    vendor_id  uuid not null,
    valid_from timestamptz not null,
    name       text not null check (name <> ''),
    threshold  bigint not null check (threshold > 0),
    multiplier numeric(6, 3) not null check (multiplier >= 1),
    primary key (vendor_id, valid_from, name),
    foreign key (vendor_id, valid_from) references ringup.loyalty_programmes (vendor_id, valid_from),
    constraint loyalty_tiers_one_threshold unique (vendor_id, valid_from, threshold)
);
comment on column ringup.loyalty_tiers.threshold is
    'What the customer spends (minor units) or earns (points) within the programme''s window to be in this tier.';

create table ringup.loyalty_campaigns (
    vendor_id           uuid not null references ringup.vendors (id),
    id                  uuid not null,
    name                text not null check (name <> ''),
    starts_at           timestamptz not null,
    ends_at             timestamptz not null,
    multiplier          numeric(6, 3) not null default 1 check (multiplier >= 1),
    bonus_points        integer not null default 0 check (bonus_points >= 0),
    product_id          uuid,
    category            text check (category <> ''),
    minimum_spend_minor bigint not null default 0 check (minimum_spend_minor >= 0),
    customer_limit      integer check (customer_limit > 0),
    is_active           boolean not null default true,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, product_id) references ringup.products (vendor_id, id),
    constraint loyalty_campaigns_end_after_they_begin check (ends_at > starts_at),
    constraint loyalty_campaigns_give_something check (multiplier > 1 or bonus_points > 0),
    check (num_nonnulls(product_id, category) <= 1)
);
create index loyalty_campaigns_live on ringup.loyalty_campaigns (vendor_id, ends_at) where is_active;
comment on column ringup.loyalty_campaigns.minimum_spend_minor is
    'Of what is paid for the lines that the campaign is for.';
comment on column ringup.loyalty_campaigns.customer_limit is
    'How many sales of one customer it counts for; null: every one.';

-- One row per sale that a campaign counted for; what a live checkout claimed counts against the limit as well.
create table ringup.loyalty_campaign_grants (
    vendor_id   uuid not null,
    campaign_id uuid not null,
    order_id    uuid not null,
    customer_id uuid not null,
    points      integer not null check (points >= 0),
    status      text not null check (status in ('held', 'granted', 'released')),
    created_at  timestamptz not null,
    primary key (vendor_id, campaign_id, order_id),
    foreign key (vendor_id, campaign_id) references ringup.loyalty_campaigns (vendor_id, id),
    foreign key (vendor_id, order_id) references ringup.orders (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id)
);
create index loyalty_campaign_grants_by_customer
    on ringup.loyalty_campaign_grants (vendor_id, customer_id, campaign_id) where status <> 'released';
create index loyalty_campaign_grants_by_order on ringup.loyalty_campaign_grants (vendor_id, order_id);

alter table ringup.customers
    add column loyalty_overdrawn      boolean not null default false,
    add column loyalty_tier           text,
    add column loyalty_tier_until     timestamptz,
    add column loyalty_tier_review_at timestamptz,
    add column merged_into            uuid,
    drop constraint customers_points_cover_holds,
    add constraint customers_points_cover_holds check (loyalty_points >= loyalty_points_held or loyalty_overdrawn),
    add constraint customers_merged_into_fkey foreign key (vendor_id, merged_into)
        references ringup.customers (vendor_id, id),
    add constraint customers_merged_are_inactive check (merged_into is null or not is_active);
comment on column ringup.customers.loyalty_overdrawn is
    'Set where the programme lets points go below what is held or below zero; otherwise no row may be there.';
create index customers_tier_review on ringup.customers (vendor_id, loyalty_tier_review_at)
    where loyalty_tier_review_at is not null;
create index customers_merged on ringup.customers (vendor_id, merged_into) where merged_into is not null;

-- Points that were granted together become spendable together and expire together.
create table ringup.loyalty_lots (
    vendor_id      uuid not null,
    id             uuid not null,
    customer_id    uuid not null,
    transaction_id uuid not null,
    points         integer not null check (points > 0),
    remaining      integer not null,
    available_at   timestamptz not null,
    expires_at     timestamptz,
    created_at     timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, customer_id) references ringup.customers (vendor_id, id),
    foreign key (vendor_id, transaction_id) references ringup.loyalty_transactions (vendor_id, id),
    constraint loyalty_lots_hold_what_is_left check (remaining between 0 and points)
) with (fillfactor = 70);
-- Spending takes the first to expire; expiry finds what is due. Both by the live lots alone.
create index loyalty_lots_live on ringup.loyalty_lots (vendor_id, customer_id, expires_at) where remaining > 0;
create index loyalty_lots_expiring on ringup.loyalty_lots (vendor_id, expires_at) where remaining > 0;
create index loyalty_lots_by_transaction on ringup.loyalty_lots (vendor_id, transaction_id);

-- Append-only: which ledger row took how much from which lot, or gave it back.
create table ringup.loyalty_lot_entries (
    vendor_id      uuid not null,
    transaction_id uuid not null,
    lot_id         uuid not null,
    points         integer not null check (points <> 0),
    created_at     timestamptz not null,
    primary key (vendor_id, transaction_id, lot_id),
    foreign key (vendor_id, lot_id) references ringup.loyalty_lots (vendor_id, id),
    foreign key (vendor_id, transaction_id) references ringup.loyalty_transactions (vendor_id, id)
);
create index loyalty_lot_entries_by_lot on ringup.loyalty_lot_entries (vendor_id, lot_id);

create index loyalty_transactions_by_reference
    on ringup.loyalty_transactions (vendor_id, reference_type, reference_id);
-- An adjustment, an import, a merge, a return happens once however often it is asked for.
create unique index loyalty_transactions_once_per_reference
    on ringup.loyalty_transactions (vendor_id, reference_type, reference_id, customer_id, sign(points))
    where reference_type in ('refund', 'opening_balance', 'merge');

alter table ringup.orders
    add column points_to_earn integer not null default 0 check (points_to_earn >= 0),
    add column points_problem text;
comment on column ringup.orders.points_to_earn is 'Promised when the sale was prepared, granted when it completes.';
comment on column ringup.orders.points_problem is
    'Why the promise could not be computed. The sale goes on; the points wait in loyalty_reconciliation_queue.';
alter table ringup.order_items
    add column points_to_earn  integer not null default 0 check (points_to_earn >= 0),
    add column points_redeemed integer not null default 0 check (points_redeemed >= 0);
comment on column ringup.order_items.points_to_earn is
    'The line''s part of the order''s points; a refund reverses this.';
comment on column ringup.order_items.points_redeemed is 'The line''s part of the points the order was paid with.';
alter type ringup.priced_line add attribute tax_minor bigint;
alter type ringup.priced_line add attribute category text;
alter type ringup.priced_line add attribute points_to_earn integer;
alter type ringup.priced_line add attribute points_redeemed integer;

-- What a sale is promised: its lines with their points, and what each campaign that counted gives of them.
create type ringup.points_promise as (
    lines           ringup.priced_line[],
    points          integer,
    campaign_ids    uuid[],
    campaign_points integer[],
    problem         text
);

-- Append-only: what each refund did to the order's points, line by line.
create table ringup.loyalty_returns (
    vendor_id         uuid not null,
    order_id          uuid not null,
    refund_id         uuid not null,
    line_number       integer not null,
    quantity          bigint not null check (quantity > 0),
    points_reversed   integer not null check (points_reversed >= 0),
    points_given_back integer not null check (points_given_back >= 0),
    created_at        timestamptz not null,
    primary key (vendor_id, order_id, refund_id, line_number),
    foreign key (vendor_id, order_id, line_number) references ringup.order_items (vendor_id, order_id, line_number)
);
comment on column ringup.loyalty_returns.points_reversed is
    'The line''s part that was due back; under a policy that limits it the ledger may have taken less.';

alter table ringup.loyalty_reconciliation_queue
    add column retry_count   integer not null default 0 check (retry_count >= 0),
    add column next_retry_at timestamptz,
    add column lease_until   timestamptz,
    add column resolution    text,
    add column points_held   integer not null default 0 check (points_held between 0 and points_redeemed);
comment on column ringup.loyalty_reconciliation_queue.points_held is
    'What stays set aside for the item as long as it is open and its points are not spent.';
create index loyalty_reconciliation_queue_due on ringup.loyalty_reconciliation_queue (vendor_id, next_retry_at)
    where not resolved;

-- How many points one adjustment may move, by the role of who makes it.
create table ringup.loyalty_adjustment_limits (
    vendor_id      uuid not null references ringup.vendors (id),
    role           text not null check (role <> ''),
    points_maximum integer check (points_maximum >= 0),
    updated_at     timestamptz not null,
    primary key (vendor_id, role)
);
comment on column ringup.loyalty_adjustment_limits.points_maximum is 'Null means no limit.';

-- What can be turned off at once for a vendor, while the shop is open. No row means on.
create table ringup.feature_switches (
    vendor_id  uuid not null references ringup.vendors (id),
    name       text not null check (name in ('two_phase_commit', 'loyalty_updates')),
    is_on      boolean not null,
    changed_by text not null,
    changed_at timestamptz not null,
    primary key (vendor_id, name)
);

-- Balances from before there were lots: one lot each, from the customer's last ledger row, without expiry.
do $$
declare
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform pg_catalog.set_config('ringup.vendor_id', v_vendor_id::text, true);
        insert into ringup.loyalty_lots (
            vendor_id, id, customer_id, transaction_id, points, remaining, available_at, created_at)
        select distinct on (t.customer_id)
               t.vendor_id, t.id, t.customer_id, t.id, c.loyalty_points, c.loyalty_points, t.created_at, t.created_at
          from ringup.loyalty_transactions t
          join ringup.customers c on c.vendor_id = t.vendor_id and c.id = t.customer_id and c.loyalty_points > 0
         where t.vendor_id = v_vendor_id
         order by t.customer_id, t.entry_number desc;
    end loop;
    perform pg_catalog.set_config('ringup.vendor_id', '', true);
end
$$;
