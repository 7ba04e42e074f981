-- is_in_doubt(status, next check at) → whether a payment is in doubt
--
-- Why      The one place that says when a payment keeps its terminal from others: the terminal did not say, or whoever
--          asked it has been silent for longer than its lease. One that is being charged by a live process is not.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   Nothing.
create or replace function ringup.is_in_doubt(p_status text, p_next_check_at timestamptz)
returns boolean
language sql volatile
as $$
    select p_status = 'unknown' or (p_status = 'processing' and p_next_check_at <= ringup.now())
$$;
