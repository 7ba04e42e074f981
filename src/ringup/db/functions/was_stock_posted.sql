-- was_stock_posted(document) → whether it is there already
--
-- Why      A document that is sent again, because its answer was lost, moves nothing.
-- Writes   Nothing.
-- Locks    The document's id: of two that come at once, the second waits and finds the first.
-- Repeats  Safe.
-- Raises   RU113 already_exists
create or replace function ringup.was_stock_posted(p_document ringup.stock_documents)
returns boolean
language plpgsql
as $$
declare
    v_is_same boolean;
begin
    perform ringup.take_turn(p_document.id);
    select d.request_hash = p_document.request_hash into v_is_same
      from ringup.stock_documents d
     where d.vendor_id = p_document.vendor_id and d.id = p_document.id;
    if not v_is_same then
        raise exception using errcode = 'RU113', message = format('stock document %s is another one', p_document.id);
    end if;
    return v_is_same is not null;
end
$$;
