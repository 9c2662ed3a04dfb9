-- Predicates that carry laws, each said once. All are expressions or single selects without side effects: the planner puts their text in the place
-- of the call, so a statement that calls them has the plan of one that is written out. They are no views, because two of them take a limit, and no
-- generated columns, because a column that is added breaks the statements that older processes have prepared. Literals ('Waiting', 'Ended') stand
-- in them where a partial index is to be used: the planner must see the index's condition, and a parameter does not show it.

-- An attempt that came back from the hopper undialed was no call.
create function was_call(offered_at timestamptz, dialed boolean) returns boolean
language sql immutable parallel safe as $$
  select offered_at is null or dialed
$$;

-- The leads due next, in the order in which they are dialed: promised calls first, then by priority, then who waits longest. The index
-- leads_due_first.
create function due_leads(p_campaign uuid, p_zones text[], p_by timestamptz, p_most int) returns setof leads
language sql stable parallel safe as $$
  select l.* from leads l
  where l.campaign_id = p_campaign and l.state = 'Waiting' and l.due_at <= p_by and l.time_zone = any(p_zones)
  order by (l.call_back_at is not null) desc, l.priority desc, l.due_at, l.id limit p_most
$$;

-- Of those the ones whose number tells enough to dial it, in the same order: the registry has answered; where consent is held, the number is not
-- being looked up, or has been for too long. A look at the lists (the last look) and at hours follows; no lead is dialed because it is among these.
create function ready_leads(p_campaign uuid, p_zones text[], p_now timestamptz, p_most int, p_consented boolean, p_asked_since timestamptz)
returns setof leads
language sql stable parallel safe as $$
  select l.* from due_leads(p_campaign, p_zones, p_now, p_most) l
  where case when p_consented
    then not exists (select from numbers n where n.number = l.number and n.status is null and n.requested_at > p_asked_since)
    else exists (select from numbers n where n.number = l.number and n.status is not null and n.expires_at > p_now) end
$$;

-- The sessions of a campaign's agents that are open and of which something was heard lately. The index agent_sessions_campaigns.
create function agents_present(p_campaign uuid, p_reach text, p_skill text, p_heard_since timestamptz) returns setof agent_sessions
language sql stable parallel safe as $$
  select s.* from agent_sessions s
  where s.campaigns @> array[p_campaign] and s.state <> 'Ended' and s.reach = p_reach and s.seen_at > p_heard_since
    and (p_skill is null or s.skills is null or p_skill = any(s.skills))
$$;
