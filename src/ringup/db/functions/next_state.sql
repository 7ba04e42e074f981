-- next_state(machine, from, event) → the state that follows
--
-- Why      The one reader of ringup.transitions: whoever changes a state asks here.
-- Writes   Nothing.
-- Locks    Nothing.
-- Repeats  Safe.
-- Raises   RU101 transition_not_allowed
create or replace function ringup.next_state(p_machine text, p_from text, p_event text)
returns text
language plpgsql stable
as $$
declare
    v_to text;
begin
    select t.to_state into v_to
      from ringup.transitions t
     where t.machine = p_machine and t.from_state = p_from and t.event = p_event;
    if not found then
        raise exception using errcode = 'RU101',
            message = format('%s is not allowed while the %s is %s', p_event, p_machine, p_from),
            detail = json_build_object('state', p_from, 'event', p_event)::text;
    end if;
    return v_to;
end
$$;
