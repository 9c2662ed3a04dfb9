-- Reserves the next slot of an account's calls-per-minute budget in one round trip: the row lock that makes the budget hold
-- for all replicas is kept for a millisecond and not for the six statements of a client.
create function reserve_originate_permit(
  p_account text, p_per_minute int, p_window interval, p_now timestamptz, p_latest timestamptz) returns timestamptz
language plpgsql as $$
declare
  slot timestamptz := p_now;
  oldest timestamptz;
  held int;
begin
  insert into originate_budgets (account) values (p_account) on conflict do nothing;
  perform from originate_budgets where account = p_account for update;
  select min(at), count(*) into oldest, held
  from (select at from originate_permits where account = p_account order by at desc limit p_per_minute) newest;
  if held = p_per_minute and oldest + p_window > slot then
    slot := oldest + p_window;
  end if;
  if slot > p_latest then
    return null;
  end if;
  insert into originate_permits (account, at) values (p_account, slot);
  delete from originate_permits where account = p_account and at < slot - 2 * p_window;
  return slot;
end
$$;
