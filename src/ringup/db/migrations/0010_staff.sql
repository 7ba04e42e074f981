-- People who work in a shop: their roles and PINs, who is signed in where, what each role may do, and approvals.

create table ringup.staff_roles (
    name  text primary key,
    rank  smallint not null,
    means text not null
);
comment on column ringup.staff_roles.rank is
    'A person manages people and rules of lower ranks; the highest rank also those of its own.';

insert into ringup.staff_roles (name, rank, means) values
    ('auditor', 0, 'Looks at everything and changes nothing.'),
    ('cashier', 10, 'Sells.'),
    ('supervisor', 20, 'Sells, and helps cashiers with what they may not do alone.'),
    ('manager', 30, 'Runs the store.'),
    ('owner', 40, 'Runs the business.');

create table ringup.staff_actions (
    name  text primary key,
    means text not null
);

insert into ringup.staff_actions (name, means) values
    ('sell', 'Ring up a sale.'),
    ('line_discount', 'Take something off one line; the basis is what the line costs.'),
    ('order_discount', 'Take something off a whole sale; the basis is what the goods cost.'),
    ('price_override', 'Sell at another price; the amount is the difference, the basis what the line costs.'),
    ('void_sale', 'Give a sale up after it began.'),
    ('refund_linked', 'Pay a sale back, to where the money came from.'),
    ('refund_other_tender', 'Pay a sale back in another way than it was paid.'),
    ('refund_without_receipt', 'Pay back without knowing the sale.'),
    ('exchange', 'Take goods back and give others.'),
    ('reprint_receipt', 'Print a receipt once more.'),
    ('open_session', 'Begin a shift.'),
    ('count_cash', 'Count a drawer.'),
    ('close_session', 'End a shift.'),
    ('see_expected_cash', 'See what a drawer should hold before it was counted.'),
    ('paid_in', 'Put cash into a drawer.'),
    ('paid_out', 'Take cash out of a drawer to pay for something.'),
    ('cash_drop', 'Take cash out of a drawer to the safe.'),
    ('no_sale', 'Open a drawer without a sale.'),
    ('issue_gift_card', 'Sell or give out a gift card.'),
    ('adjust_gift_card', 'Change what is on a gift card by hand.'),
    ('adjust_points', 'Change a customer''s points by hand.'),
    ('receive_stock', 'Book goods in; the amount is what they cost on the shelf.'),
    ('adjust_stock', 'Correct the stock; the amount is what the goods cost on the shelf.'),
    ('decide_doubt', 'Say by evidence what became of a payment in doubt, or close an open item.'),
    ('manage_staff', 'Add people, give them PINs, and say what roles may do.'),
    ('manage_settings', 'Change prices, terminals, programmes and other settings.'),
    ('see_reports', 'Read reports.'),
    ('see_audit_log', 'Read who did what.');

-- What holds where a vendor has said nothing else. Amounts have no currency here, so limits are percentages.
create table ringup.staff_rules_default (
    role          text not null references ringup.staff_roles (name),
    action        text not null references ringup.staff_actions (name),
    rule          text not null check (rule in ('allowed', 'needs_approval', 'denied')),
    limit_percent smallint check (limit_percent between 0 and 100),
    primary key (role, action),
    check (rule <> 'denied' or limit_percent is null)
);
comment on table ringup.staff_rules_default is
    'Up to the limit the rule holds; beyond it the next stricter: allowed, needs_approval, denied.';

insert into ringup.staff_rules_default (role, action, rule)
select r.name, a.name,
       case
           when r.name = 'owner' then 'allowed'
           when r.name = 'auditor' then
               case when a.name in ('see_reports', 'see_audit_log', 'see_expected_cash') then 'allowed'
                    else 'denied' end
           when r.name = 'manager' then
               case when a.name in ('adjust_gift_card', 'refund_without_receipt') then 'needs_approval'
                    else 'allowed' end
           when a.name in ('sell', 'exchange', 'reprint_receipt', 'open_session', 'count_cash', 'close_session',
                           'paid_in', 'cash_drop', 'issue_gift_card', 'line_discount') then 'allowed'
           when r.name = 'supervisor' then
               case when a.name in ('manage_staff', 'manage_settings', 'decide_doubt', 'see_audit_log') then 'denied'
                    when a.name in ('adjust_gift_card', 'adjust_points', 'adjust_stock', 'refund_without_receipt',
                                    'refund_other_tender', 'see_expected_cash') then 'needs_approval'
                    else 'allowed' end
           when a.name in ('manage_staff', 'manage_settings', 'decide_doubt', 'see_audit_log', 'see_reports',
                           'see_expected_cash', 'adjust_gift_card') then 'denied'
           else 'needs_approval'
       end
  from ringup.staff_roles r
 cross join ringup.staff_actions a;

update ringup.staff_rules_default d
   set limit_percent = l.limit_percent
  from (values ('cashier', 'line_discount', 10), ('supervisor', 'line_discount', 30),
               ('supervisor', 'order_discount', 20), ('supervisor', 'price_override', 30)
       ) as l (role, action, limit_percent)
 where d.role = l.role and d.action = l.action;

create table ringup.staff (
    vendor_id       uuid not null references ringup.vendors (id),
    id              uuid not null,
    name            text not null check (name <> ''),
    role            text not null references ringup.staff_roles (name),
    is_active       boolean not null default true,
    pin_hash        text check (pin_hash like '$argon2id$%'),
    pin_set_at      timestamptz,
    failed_attempts integer not null default 0 check (failed_attempts >= 0),
    locked_until    timestamptz,
    created_at      timestamptz not null,
    updated_at      timestamptz not null,
    primary key (vendor_id, id),
    constraint staff_one_name unique (vendor_id, name),
    check ((pin_hash is null) = (pin_set_at is null))
) with (fillfactor = 70);
comment on column ringup.staff.failed_attempts is
    'PIN checks that began since the last one that succeeded: counted before the PIN is compared.';

create table ringup.staff_rules (
    vendor_id     uuid not null references ringup.vendors (id),
    role          text not null references ringup.staff_roles (name),
    action        text not null references ringup.staff_actions (name),
    rule          text not null check (rule in ('allowed', 'needs_approval', 'denied')),
    limit_minor   bigint check (limit_minor >= 0),
    limit_percent smallint check (limit_percent between 0 and 100),
    updated_at    timestamptz not null,
    primary key (vendor_id, role, action),
    constraint staff_rules_denied_has_no_limit
        check (rule <> 'denied' or (limit_minor is null and limit_percent is null))
);

create table ringup.staff_sign_ins (
    vendor_id    uuid not null,
    id           uuid not null,
    staff_id     uuid not null,
    register_id  uuid not null,
    token_hash   bytea not null,
    started_at   timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at   timestamptz not null,
    ended_at     timestamptz,
    ended_why    text check (ended_why in ('signed_out', 'switched', 'expired', 'pin_changed', 'deactivated')),
    primary key (vendor_id, id),
    foreign key (vendor_id, staff_id) references ringup.staff (vendor_id, id),
    foreign key (vendor_id, register_id) references ringup.registers (vendor_id, id),
    constraint staff_sign_ins_one_token unique (vendor_id, token_hash),
    check ((ended_at is null) = (ended_why is null))
) with (fillfactor = 70);
-- One person is signed in at a register.
create unique index staff_sign_ins_one_live on ringup.staff_sign_ins (vendor_id, register_id) where ended_at is null;
create index staff_sign_ins_live_by_person on ringup.staff_sign_ins (vendor_id, staff_id) where ended_at is null;

create table ringup.approvals (
    vendor_id    uuid not null,
    id           uuid not null,
    action       text not null references ringup.staff_actions (name),
    amount_minor bigint check (amount_minor >= 0),
    basis_minor  bigint check (basis_minor >= 0),
    requested_by uuid not null,
    approved_by  uuid not null,
    reason       text not null check (reason <> ''),
    created_at   timestamptz not null,
    expires_at   timestamptz not null,
    used_at      timestamptz,
    used_for     text,
    primary key (vendor_id, id),
    foreign key (vendor_id, requested_by) references ringup.staff (vendor_id, id),
    foreign key (vendor_id, approved_by) references ringup.staff (vendor_id, id),
    constraint approvals_come_from_another check (requested_by <> approved_by),
    check ((used_at is null) = (used_for is null))
);

-- Two names where two people answer for something.
alter table ringup.audit_log
    add column approved_by text,
    add column approval_id uuid;
create index audit_log_by_actor on ringup.audit_log (vendor_id, actor, id);
