-- Who did what, and what the system said. Both are append-only: kept so by the grants.

create table ringup.audit_log (
    vendor_id  uuid not null references ringup.vendors (id),
    id         uuid not null,
    actor      text not null,
    action     text not null,
    row_type   text not null,
    row_id     text not null,
    before     jsonb,
    after      jsonb,
    origin     text,
    created_at timestamptz not null,
    primary key (vendor_id, id)
);
create index audit_log_by_row on ringup.audit_log (vendor_id, row_type, row_id, created_at);

create table ringup.edge_function_logs (
    vendor_id     uuid not null references ringup.vendors (id),
    id            uuid not null,
    function_name text not null,
    level         text not null check (level in ('debug', 'info', 'warning', 'error')),
    message       text not null,
    context       jsonb not null default '{}',
    request_id    text,
    created_at    timestamptz not null,
    primary key (vendor_id, id)
);
create index edge_function_logs_by_time on ringup.edge_function_logs (vendor_id, created_at);
