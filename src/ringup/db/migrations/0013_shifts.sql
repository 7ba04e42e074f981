-- Shifts: what is in a drawer and who moved it, counts by denomination, and the reports a shift is closed with.

alter table ringup.vendors add column recount_over_minor bigint not null default 0 check (recount_over_minor >= 0);
comment on column ringup.vendors.recount_over_minor is
    'A count that is off by more than this is wanted once more before the shift is closed.';

alter table ringup.registers add column last_closure_number bigint not null default 0 check (last_closure_number >= 0);

alter table ringup.register_sessions
    add column kind text not null default 'shift' check (kind in ('shift', 'late')),
    add column late_session_id uuid,
    add column closure_number bigint check (closure_number > 0);
comment on column ringup.register_sessions.kind is
    'A late session has no drawer and sells nothing: what ends while no shift is open at the register counts in it.';
comment on column ringup.register_sessions.late_session_id is 'The late session that ended when this shift began.';
alter table ringup.register_sessions
    add foreign key (vendor_id, late_session_id) references ringup.register_sessions (vendor_id, id);
-- Nobody counts the drawer of a late session.
alter table ringup.register_sessions drop constraint register_sessions_check;
alter table ringup.register_sessions
    add constraint register_sessions_closed_is_counted check (
        (kind = 'shift' and (closed_at is null) = (counted_minor is null))
        or (kind = 'late' and counted_minor is null));

-- A register has at most one open shift, and at most one late session that still takes sales.
drop index ringup.register_sessions_one_open;
create unique index register_sessions_one_open
    on ringup.register_sessions (vendor_id, register_id) where closed_at is null and kind = 'shift';
create unique index register_sessions_one_late
    on ringup.register_sessions (vendor_id, register_id) where closed_at is null and kind = 'late';

-- Append-only. Number 0 is the float a shift begins with; the others are counted blind.
create table ringup.cash_counts (
    vendor_id           uuid not null,
    id                  uuid not null,
    register_session_id uuid not null,
    count_number        integer not null check (count_number >= 0),
    counted_minor       bigint not null check (counted_minor >= 0),
    expected_minor      bigint,
    is_final            boolean not null,
    counted_by          text not null,
    approved_by         text,
    created_at          timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    constraint cash_counts_one_number unique (vendor_id, register_session_id, count_number),
    check ((count_number = 0) = (expected_minor is null))
);
comment on column ringup.cash_counts.is_final is
    'Good enough to close with. One that is not is off by too much, and wanted once more.';

create table ringup.cash_count_lines (
    vendor_id  uuid not null,
    count_id   uuid not null,
    face_minor bigint not null check (face_minor > 0),
    quantity   bigint not null check (quantity >= 0),
    primary key (vendor_id, count_id, face_minor),
    foreign key (vendor_id, count_id) references ringup.cash_counts (vendor_id, id)
);

-- Append-only: cash that came or went without a sale, and drawers that were opened without one.
create table ringup.cash_movements (
    vendor_id           uuid not null,
    id                  uuid not null,
    register_session_id uuid not null,
    kind                text not null check (kind in ('paid_in', 'paid_out', 'cash_drop', 'no_sale')),
    amount_minor        bigint not null check (amount_minor >= 0),
    reason              text not null check (reason <> ''),
    done_by             text not null check (done_by <> ''),
    approved_by         text,
    created_at          timestamptz not null,
    primary key (vendor_id, id),
    foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    constraint cash_movements_no_sale_moves_nothing check ((kind = 'no_sale') = (amount_minor = 0))
);
create index cash_movements_by_session on ringup.cash_movements (vendor_id, register_session_id, created_at);

-- Append-only: what a shift was closed with, numbered without a gap for each register.
create table ringup.z_reports (
    vendor_id           uuid not null,
    register_session_id uuid not null,
    register_id         uuid not null,
    closure_number      bigint not null check (closure_number > 0),
    report              jsonb not null,
    created_at          timestamptz not null,
    primary key (vendor_id, register_session_id),
    foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    foreign key (vendor_id, register_id) references ringup.registers (vendor_id, id),
    constraint z_reports_one_number unique (vendor_id, register_id, closure_number)
);

-- An order counts in the session it began in, unless that was closed before the order completed.
alter table ringup.orders add column began_session_id uuid;
comment on column ringup.orders.began_session_id is
    'Where a late sale began: that session was closed before the sale completed, and register_session_id counts it.';
alter table ringup.orders
    add foreign key (vendor_id, began_session_id) references ringup.register_sessions (vendor_id, id);
alter table ringup.payment_transactions add column register_session_id uuid;
do $$
declare
    v_vendor_id uuid;
begin
    for v_vendor_id in select v.id from ringup.vendors v order by v.id loop
        perform pg_catalog.set_config('ringup.vendor_id', v_vendor_id::text, true);
        update ringup.payment_transactions p
           set register_session_id = o.register_session_id
          from ringup.orders o
         where p.vendor_id = v_vendor_id and o.vendor_id = p.vendor_id and o.id = p.order_id
           and p.register_session_id is null;
        update ringup.register_sessions s
           set closure_number = c.number
          from (select q.vendor_id, q.id,
                       row_number() over (partition by q.vendor_id, q.register_id order by q.closed_at, q.id) as number
                  from ringup.register_sessions q
                 where q.vendor_id = v_vendor_id and q.closed_at is not null) as c
         where s.vendor_id = c.vendor_id and s.id = c.id;
        update ringup.registers r
           set last_closure_number = (select count(*) from ringup.register_sessions s
                                       where s.vendor_id = r.vendor_id and s.register_id = r.id
                                         and s.closed_at is not null)
         where r.vendor_id = v_vendor_id;
    end loop;
    perform pg_catalog.set_config('ringup.vendor_id', '', true);
end
$$;
alter table ringup.payment_transactions
    add foreign key (vendor_id, register_session_id) references ringup.register_sessions (vendor_id, id),
    add constraint payment_transactions_belong_to_a_session check (kind = 'refund' or register_session_id is not null);
alter table ringup.register_sessions
    add constraint register_sessions_closed_is_numbered check ((closed_at is null) = (closure_number is null)),
    add constraint register_sessions_one_number unique (vendor_id, register_id, closure_number);

-- A report reads the sales of one session by these alone. An order gets its entry when it completes, so that beginning
-- one costs no more than before.
create index orders_sold_in_session on ringup.orders (vendor_id, register_session_id) where completed_at is not null;
create index orders_late on ringup.orders (vendor_id, began_session_id) where began_session_id is not null;
create index payment_transactions_refunds_in_session
    on ringup.payment_transactions (vendor_id, register_session_id) where kind = 'refund';
