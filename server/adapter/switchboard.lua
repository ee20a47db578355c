#!lua name=tierbell1
-- SPDX-License-Identifier: MIT
-- The switchboard of port/bus.h as a function library, loaded at every connect. Each function
-- is one atomic step. KEYS[1] is the prefix "tierbell:{<desk>}:", so that all keys of a desk
-- share a slot. Time is always an argument; ids and times stay the strings they came as (a
-- number of Lua loses digits when it is printed). What can be wrong is looked at before the
-- first write, and every loop has a bound.
--
--   epoch            hash    id; builder and stamp while a rebuild runs. Absent: lost.
--   presence:<tier>  zset    agent, by the end of its lease
--   agent:<id>       hash    tier state capacity conn idle: a seat in a presence set
--   chats:<agent>    set     tickets offered to or accepted by it: its load
--   tickets          hash    ticket to "place|tier|score|agent|expires", place one of w o b
--   queue:<tier>     zset    tickets that wait, by score
--   offered:<tier>   zset    tickets that are offered, by the score they go back to
--   offers           zset    the same tickets, by the end of the offer
--   declines         zset    "<ticket>:<agent>", by the end of the decline
--   agents           set     whoever has a seat or chats
--   nodes            zset    node, by its last tick

local OK, CONFLICT, UNAVAILABLE = 0, 1, 2
local AVAILABLE, OFFLINE = '2', '0'
local CANDIDATES, SCAN, LOOKUPS = 8, 1024, 16384
local EXPIRE, ORDER, PAGE = 256, 256, 64

-- redis.call is not there yet while a library loads.
local function call(...) return redis.call(...) end

local function is_whole(k)
  local epoch = call('HMGET', k .. 'epoch', 'id', 'builder')
  return epoch[1] and not epoch[2]
end

-- Tickets: leave() takes one out of its place, then one of the put_ functions or HDEL follows.

local function read(row)
  if not row then return nil end
  local place, tier, score, agent, expires = row:match('^(%a)|(%d)|(%-?%d*)|(%d*)|(%-?%d*)$')
  return { place = place, tier = tier, score = score, agent = agent, expires = expires }
end

local function find(k, ticket)
  return read(call('HGET', k .. 'tickets', ticket))
end

local function put(k, ticket, place, tier, score, agent, expires)
  call('HSET', k .. 'tickets', ticket, table.concat({ place, tier, score, agent, expires }, '|'))
end

local function leave(k, ticket, row, now)
  if not row then return end
  if row.place == 'w' then
    call('ZREM', k .. 'queue:' .. row.tier, ticket)
    return
  end
  call('SREM', k .. 'chats:' .. row.agent, ticket)
  if row.place == 'o' then
    call('ZREM', k .. 'offered:' .. row.tier, ticket)
    call('ZREM', k .. 'offers', ticket)
  elseif call('EXISTS', k .. 'agent:' .. row.agent) == 1 then
    call('HSET', k .. 'agent:' .. row.agent, 'idle', now)
  end
end

local function charge(k, agent, ticket)
  call('SADD', k .. 'agents', agent)
  call('SADD', k .. 'chats:' .. agent, ticket)
end

local function queue(k, ticket, row, tier, score, now)
  leave(k, ticket, row, now)
  put(k, ticket, 'w', tier, score, '', '')
  call('ZADD', k .. 'queue:' .. tier, score, ticket)
end

local function offer(k, ticket, row, agent, expires, now)
  leave(k, ticket, row, now)
  put(k, ticket, 'o', row.tier, row.score, agent, expires)
  call('ZADD', k .. 'offered:' .. row.tier, row.score, ticket)
  call('ZADD', k .. 'offers', expires, ticket)
  charge(k, agent, ticket)
end

local function bind(k, ticket, row, tier, agent, now)
  if not (row and row.place == 'b' and row.agent == agent) then leave(k, ticket, row, now) end
  put(k, ticket, 'b', tier, '', agent, '')
  charge(k, agent, ticket)
end

local function offer_end(k, ticket, row, until_at, now)
  call('ZADD', k .. 'declines', until_at, ticket .. ':' .. row.agent)
  queue(k, ticket, row, row.tier, row.score, now)
end

-- Seats.

local function enter(k, agent, tier, state, capacity, conn, lease, now)
  local key = k .. 'agent:' .. agent
  local old = call('HMGET', key, 'tier', 'idle')
  if old[1] and old[1] ~= tier then call('ZREM', k .. 'presence:' .. old[1], agent) end
  call('HSET', key, 'tier', tier, 'state', state, 'capacity', capacity, 'conn', conn,
    'idle', old[2] or now)
  call('ZADD', k .. 'presence:' .. tier, lease, agent)
  call('SADD', k .. 'agents', agent)
end

local function vacate(k, agent, tier)
  call('ZREM', k .. 'presence:' .. tier, agent)
  call('DEL', k .. 'agent:' .. agent)
end

-- now, agent, tier, state, capacity, conn, lease
local function presence(keys, args)
  local k, now, agent, state = keys[1], args[1], args[2], args[4]
  local old = call('HMGET', k .. 'agent:' .. agent, 'conn', 'tier')
  if state ~= OFFLINE then
    enter(k, agent, args[3], state, args[5], args[6], args[7], now)
  elseif old[1] and old[1] ~= args[6] then
    return CONFLICT
  elseif old[1] then
    vacate(k, agent, old[2])
  end
  return OK
end

-- now, then for each seat: agent, tier, state, capacity, conn, lease. Only what nobody else holds.
local function renew(keys, args)
  local k, now = keys[1], args[1]
  for i = 2, #args, 6 do
    local conn = call('HGET', k .. 'agent:' .. args[i], 'conn')
    if args[i + 2] ~= OFFLINE and (not conn or conn == args[i + 4]) then
      enter(k, args[i], args[i + 1], args[i + 2], args[i + 3], args[i + 4], args[i + 5], now)
    end
  end
  return OK
end

-- The newest place of each ticket, of args from 2 on, and the tickets in their order.
local function newest_places(args)
  local at, tickets = {}, {}
  for i = 2, #args, 3 do
    if not at[args[i]] then tickets[#tickets + 1] = args[i] end
    at[args[i]] = i
  end
  return at, tickets
end

-- now, then for each ticket: ticket, tier, score. Very many come at one moment: what they need is
-- read and written together.
local function do_queue(keys, args)
  local k, now = keys[1], args[1]
  local at, tickets = newest_places(args)
  local rows = call('HMGET', k .. 'tickets', unpack(tickets))
  local fields, queues = {}, {}
  for j, ticket in ipairs(tickets) do
    local tier, score = args[at[ticket] + 1], args[at[ticket] + 2]
    if not rows[j] or rows[j]:sub(1, 4) ~= 'w|' .. tier .. '|' then
      leave(k, ticket, read(rows[j]), now)
    end
    fields[#fields + 1] = ticket
    fields[#fields + 1] = 'w|' .. tier .. '|' .. score .. '||'
    queues[tier] = queues[tier] or {}
    table.insert(queues[tier], score)
    table.insert(queues[tier], ticket)
  end
  call('HSET', k .. 'tickets', unpack(fields))
  for tier, places in pairs(queues) do call('ZADD', k .. 'queue:' .. tier, unpack(places)) end
  return OK
end

-- now, ticket
local function do_drop(keys, args)
  leave(keys[1], args[2], find(keys[1], args[2]), args[1])
  call('HDEL', keys[1] .. 'tickets', args[2])
  return OK
end

-- now, ticket, tier, agent
local function do_bind(keys, args)
  bind(keys[1], args[2], find(keys[1], args[2]), args[3], args[4], args[1])
  return OK
end

-- The claim.

local function before(a, b)
  if a.load ~= b.load then return a.load < b.load end
  if a.idle ~= b.idle then return a.idle < b.idle end
  return a.id < b.id
end

-- Those of a tier who are available, with a running lease and room, best first.
local function free_agents(k, tier, now)
  local free = {}
  for _, agent in ipairs(call('ZRANGEBYSCORE', k .. 'presence:' .. tier, '(' .. now, '+inf')) do
    local seat = call('HMGET', k .. 'agent:' .. agent, 'state', 'capacity', 'idle')
    if seat[1] == AVAILABLE then
      local load, capacity = call('SCARD', k .. 'chats:' .. agent), tonumber(seat[2])
      if load < capacity then
        free[#free + 1] = { agent = agent, id = tonumber(agent), load = load,
          capacity = capacity, idle = tonumber(seat[3]), since = seat[3] }
      end
    end
  end
  table.sort(free, before)
  return free
end

-- Counts one more for free[i] and puts it where it belongs now.
local function charge_free(free, i)
  local one = table.remove(free, i)
  one.load = one.load + 1
  if one.load >= one.capacity then return end
  local at = i
  while free[at] and before(free[at], one) do at = at + 1 end
  table.insert(free, at, one)
end

-- Indices of the best agents who have not declined the ticket lately, and the look-ups it took.
local function candidates(k, free, ticket, now, any_declines)
  local best, looked = {}, 0
  for from = 1, #free, CANDIDATES do
    local names, scores = {}, {}
    for i = from, math.min(from + CANDIDATES - 1, #free) do
      names[#names + 1] = ticket .. ':' .. free[i].agent
    end
    if any_declines then
      scores = call('ZMSCORE', k .. 'declines', unpack(names))
      looked = looked + #names
    end
    for i = 1, #names do
      if #best < CANDIDATES and not (scores[i] and tonumber(scores[i]) > now) then
        best[#best + 1] = from + i - 1
      end
    end
    if #best >= CANDIDATES then break end
  end
  return best, looked
end

local function tell(out, ticket, free, best)
  out[#out + 1] = ticket
  out[#out + 1] = free[best[1]].agent
  out[#out + 1] = #best
  for _, i in ipairs(best) do
    local one = free[i]
    out[#out + 1] = one.agent
    out[#out + 1] = one.load
    out[#out + 1] = one.capacity
    out[#out + 1] = one.since
  end
end

-- now, tier, limit, expires: for each offer ticket, agent, n, then n times agent, load,
-- capacity, idle
local function match(keys, args)
  local k, now, tier, limit, expires = keys[1], args[1], args[2], tonumber(args[3]), args[4]
  local out, made, passed, looked = {}, 0, 0, 0
  if not is_whole(k) then return out end
  local free = free_agents(k, tier, now)
  local any_declines = call('EXISTS', k .. 'declines') == 1
  while passed + made < SCAN and looked < LOOKUPS do
    -- What was offered has left the queue, so the next page begins behind what was passed over.
    local page = call('ZRANGE', k .. 'queue:' .. tier, passed, passed + PAGE - 1)
    if #page == 0 then return out end
    for _, ticket in ipairs(page) do
      if #free == 0 or made >= limit then return out end
      local best, count = candidates(k, free, ticket, tonumber(now), any_declines)
      looked = looked + count
      if #best == 0 then
        passed = passed + 1
      else
        tell(out, ticket, free, best)
        offer(k, ticket, find(k, ticket), free[best[1]].agent, expires, now)
        charge_free(free, best[1])
        made = made + 1
      end
    end
  end
  return out
end

-- The row of a ticket that is offered to this agent and has not run out.
local function offered_to(k, ticket, agent, now)
  local row = find(k, ticket)
  if row and row.place == 'o' and row.agent == agent and tonumber(row.expires) > tonumber(now) then
    return row
  end
  return nil, row
end

-- now, ticket, agent
local function accept(keys, args)
  local k, now, ticket, agent = keys[1], args[1], args[2], args[3]
  if not is_whole(k) then return UNAVAILABLE end
  local row, other = offered_to(k, ticket, agent, now)
  if row then
    bind(k, ticket, row, row.tier, agent, now)
    return OK
  end
  return other and other.place == 'b' and other.agent == agent and OK or CONFLICT
end

-- now, ticket, agent, until
local function decline(keys, args)
  local k, now, ticket, agent = keys[1], args[1], args[2], args[3]
  if not is_whole(k) then return UNAVAILABLE end
  local row = offered_to(k, ticket, agent, now)
  if not row then return CONFLICT end
  offer_end(k, ticket, row, args[4], now)
  return OK
end

-- The tick.

local function leases_end(k, now)
  for tier = 1, 3 do
    local gone = call('ZRANGEBYSCORE', k .. 'presence:' .. tier, '-inf', now, 'LIMIT', 0, EXPIRE)
    for _, agent in ipairs(gone) do vacate(k, agent, tier) end
  end
end

local function offers_end(k, now, until_at, out)
  local ended = call('ZRANGEBYSCORE', k .. 'offers', '-inf', now, 'LIMIT', 0, EXPIRE)
  for _, ticket in ipairs(ended) do
    local row = find(k, ticket)
    if row and row.place == 'o' then
      for _, text in ipairs({ ticket, row.agent, row.tier, row.expires }) do out[#out + 1] = text end
      offer_end(k, ticket, row, until_at, now)
    else
      call('ZREM', k .. 'offers', ticket)
    end
  end
  return #ended == EXPIRE and 1 or 0
end

-- now, node, dead, until: epoch, builder, stamp, nodes, more, then for each offer that
-- ran out ticket, agent, tier, expires
local function tick(keys, args)
  local k, now = keys[1], args[1]
  call('ZADD', k .. 'nodes', now, args[2])
  call('ZREMRANGEBYSCORE', k .. 'nodes', '-inf', args[3])
  call('ZREMRANGEBYSCORE', k .. 'declines', '-inf', now)
  leases_end(k, now)
  local epoch = call('HMGET', k .. 'epoch', 'id', 'builder', 'stamp')
  local out = { epoch[1] or '', epoch[2] or '', epoch[3] or '0', call('ZCARD', k .. 'nodes'), 0 }
  out[5] = offers_end(k, now, args[4], out)
  return out
end

-- A tier at a glance.

local function merged(waits, offered)
  local out, w, o = {}, 1, 1
  while #out < ORDER and (waits[w] or offered[o]) do
    local a, b = tonumber(waits[w + 1]), tonumber(offered[o + 1])
    if not b or (a and (a < b or (a == b and waits[w] < offered[o]))) then
      out[#out + 1] = waits[w]
      w = w + 2
    else
      out[#out + 1] = offered[o]
      o = o + 2
    end
  end
  return out
end

-- now, tier: waiting, n, n tickets, then for each agent agent, state, load, capacity, idle
local function overview(keys, args)
  local k, now, tier = keys[1], args[1], args[2]
  local waits = call('ZRANGE', k .. 'queue:' .. tier, 0, ORDER - 1, 'WITHSCORES')
  local offered = call('ZRANGE', k .. 'offered:' .. tier, 0, ORDER - 1, 'WITHSCORES')
  local order = merged(waits, offered)
  local out = { call('ZCARD', k .. 'queue:' .. tier) + call('ZCARD', k .. 'offered:' .. tier), #order }
  for _, ticket in ipairs(order) do out[#out + 1] = ticket end
  for _, agent in ipairs(call('ZRANGEBYSCORE', k .. 'presence:' .. tier, '(' .. now, '+inf')) do
    local seat = call('HMGET', k .. 'agent:' .. agent, 'state', 'capacity', 'idle')
    out[#out + 1] = agent
    out[#out + 1] = seat[1]
    out[#out + 1] = call('SCARD', k .. 'chats:' .. agent)
    out[#out + 1] = seat[2]
    out[#out + 1] = seat[3]
  end
  return out
end

-- The rebuild: begin, any number of places and renew, finish. Until it has finished the board
-- counts as lost, whoever dies in between.

local function wipe(k)
  for _, agent in ipairs(call('SMEMBERS', k .. 'agents')) do
    call('UNLINK', k .. 'agent:' .. agent, k .. 'chats:' .. agent)
  end
  for tier = 1, 3 do
    call('UNLINK', k .. 'presence:' .. tier, k .. 'queue:' .. tier, k .. 'offered:' .. tier)
  end
  call('UNLINK', k .. 'epoch', k .. 'tickets', k .. 'offers', k .. 'declines', k .. 'agents')
end

-- now, node, id, known, wipe, stale. Wipes what this node knew ('*': it knew nothing yet); what
-- another has rebuilt since is added to.
local function begin(keys, args)
  local k, now, node, id, known = keys[1], args[1], args[2], args[3], args[4]
  local epoch = call('HMGET', k .. 'epoch', 'id', 'builder', 'stamp')
  local wiping = args[5] == '1' and (not epoch[1] or known == '*' or known == epoch[1])
  if wiping then wipe(k) end
  if wiping or not epoch[1] then
    call('HSET', k .. 'epoch', 'id', id, 'builder', node, 'stamp', now)
  elseif epoch[2] and (epoch[2] == node or tonumber(epoch[3]) <= tonumber(args[6])) then
    call('HSET', k .. 'epoch', 'builder', node, 'stamp', now)
  end
  return OK
end

-- now, node, then for each place: ticket, tier, score, agent or ''
local function places(keys, args)
  local k, now = keys[1], args[1]
  if call('HGET', k .. 'epoch', 'builder') == args[2] then call('HSET', k .. 'epoch', 'stamp', now) end
  for i = 3, #args, 4 do
    local ticket, tier, score, agent = args[i], args[i + 1], args[i + 2], args[i + 3]
    local row = find(k, ticket)
    if agent ~= '' then
      bind(k, ticket, row, tier, agent, now)
    elseif row and row.place == 'o' and row.tier == tier then
      put(k, ticket, 'o', tier, score, row.agent, row.expires)
      call('ZADD', k .. 'offered:' .. tier, score, ticket)
    else
      queue(k, ticket, row, tier, score, now)
    end
  end
  return OK
end

-- node: the epoch
local function finish(keys, args)
  local k = keys[1]
  local epoch = call('HMGET', k .. 'epoch', 'id', 'builder')
  if epoch[2] == args[1] then call('HDEL', k .. 'epoch', 'builder', 'stamp') end
  return { epoch[1] or '' }
end

redis.register_function('tierbell1_presence', presence)
redis.register_function('tierbell1_renew', renew)
redis.register_function('tierbell1_queue', do_queue)
redis.register_function('tierbell1_drop', do_drop)
redis.register_function('tierbell1_bind', do_bind)
redis.register_function('tierbell1_match', match)
redis.register_function('tierbell1_accept', accept)
redis.register_function('tierbell1_decline', decline)
redis.register_function('tierbell1_tick', tick)
redis.register_function('tierbell1_overview', overview)
redis.register_function('tierbell1_begin', begin)
redis.register_function('tierbell1_places', places)
redis.register_function('tierbell1_finish', finish)
