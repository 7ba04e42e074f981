-- refresh_statistics(limit) → the tables that were looked at anew
--
-- Why      Statements keep their plans until PostgreSQL looks at the tables again. A new shop's tables are empty when
--          the first sale plans, and a plan for an empty table reads all of it: at a hundred sales a second that is
--          slow long before autovacuum comes by. So whoever runs beside the counter looks whenever a table is four times as
--          large. Not more often: after each look, every session plans anew, and the sales of that moment wait.
-- Writes   Statistics of the planner.
-- Locks    Each table, against others that look at it; one that is being looked at is left out.
-- Repeats  Safe: what has not grown so much since is left alone.
-- Raises   Nothing.
create or replace function ringup.refresh_statistics(p_limit integer)
returns setof text
language plpgsql security definer set search_path = ''
as $$
declare
    v_table text;
begin
    for v_table in
        select c.relname
          from pg_catalog.pg_class c
         where c.relnamespace = 'ringup'::regnamespace and c.relkind = 'r'
           and pg_catalog.pg_relation_size(c.oid)
               > 4 * c.relpages * pg_catalog.current_setting('block_size')::bigint
         order by pg_catalog.pg_relation_size(c.oid) desc
         limit p_limit
    loop
        execute format('analyze (skip_locked) ringup.%I', v_table);
        return next v_table;
    end loop;
end
$$;
