-- What the system said about steps that succeeded all the same.
create view ringup.log_lines as
select l.vendor_id, l.id, l.function_name, l.level, l.message, l.context, l.request_id, l.created_at
  from ringup.edge_function_logs l;
