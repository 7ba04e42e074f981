-- write_tiers(programme, names, thresholds, multipliers) → nothing
--
-- Why      The tiers of this version of the programme: from how much on, and what they multiply.
-- Writes   loyalty_tiers.
-- Locks    Nothing beyond its own rows.
-- Repeats  Not idempotent; called once, with the programme's creation.
-- Raises   RU211 programme_invalid
create or replace function ringup.write_tiers(
    p_programme ringup.loyalty_programmes, p_names text[], p_thresholds bigint[], p_multipliers numeric[]
)
returns void
language plpgsql
as $$
declare
    v_count  integer := cardinality(p_names);
    v_factor numeric;
begin
    if (v_count = cardinality(p_thresholds) and v_count = cardinality(p_multipliers)) is not true then
        raise exception using errcode = 'RU211', message = 'every tier has a name, a threshold and a multiplier';
    end if;
    if (v_count > 0) <> (p_programme.tier_basis is not null) then
        raise exception using errcode = 'RU211', message = 'tiers need a basis, spend or points, and a basis needs tiers';
    end if;
    for i in 1 .. v_count loop
        v_factor := p_multipliers[i];
        if coalesce(trim(p_names[i]), '') = '' or i > array_position(p_names, p_names[i]) then
            raise exception using errcode = 'RU211', message = format('tier %s needs a name of its own', i);
        end if;
        if (p_thresholds[i] between 1 and 1000000000000) is not true then
            raise exception using errcode = 'RU211',
                message = format('tier %s begins at %s: from 1 to 1000000000000', p_names[i], p_thresholds[i]);
        end if;
        if i > array_position(p_thresholds, p_thresholds[i]) then
            raise exception using errcode = 'RU211',
                message = format('tier %s begins at %s, where another does', p_names[i], p_thresholds[i]);
        end if;
        if (v_factor = round(v_factor, 3) and v_factor between 1 and 100) is not true then
            raise exception using errcode = 'RU211',
                message = format('tier %s multiplies by %s: from 1 to 100, with up to 3 decimals', p_names[i], v_factor);
        end if;
        insert into ringup.loyalty_tiers (vendor_id, valid_from, name, threshold, multiplier)
        values (p_programme.vendor_id, p_programme.valid_from, p_names[i], p_thresholds[i], v_factor);
    end loop;
end
$$;
