-- pending, scheduled, completed, dead or cancelled → removed: up to 500 tasks added or finished at `before` or earlier.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] state   ARGV[4] milliseconds of age
-- ARGV[5] "ids" when only those that follow are meant, else ""   then ids, or where the last call ended (0 at first)
-- Reply: "ok" or "more" (call again), how many were removed, where this call ended
local LIMIT = 500
local state, before = ARGV[3], now - tonumber(ARGV[4])
local removed = 0
local SETS = { scheduled = key.scheduled, dead = key.dead }
local ENDED = { completed = key.completed, cancelled = key.cancelled }

-- Whether a task was in the state and old enough; removed if so. Then its crashes, too.
local function remove(id)
  local task = key_of.task(id)
  local fields = read(task, "state", "addedAt", "finishedAt", "dedupe", "deadReason", "crashes")
  if not fields or fields[1] ~= state then return false end
  if (tonumber(fields[3] or fields[2]) or 0) > before then return false end
  forget_dedupe(id, fields[4])
  if fields[5] then redis.call("ZREM", key_of.deadBy(fields[5]), id) end
  if SETS[state] then redis.call("ZREM", SETS[state], id) end
  -- From the oldest on, which is the first to be removed; the list is no longer than retention allows.
  if ENDED[state] then redis.call("LREM", ENDED[state], -1, id) end
  redis.call("UNLINK", task)
  removed = removed + 1
  return true, fields[6]
end

if ARGV[5] == "ids" then
  for index = 6, #ARGV do
    local gone, crashes = remove(ARGV[index])
    if gone and state == "pending" then leave_line(ARGV[index], crashes) end
  end
  return { "ok", removed }
end

-- Tasks that were retried or given back are out of line, so every id has to be looked at, LIMIT a call. What goes from
-- between tasks that stay leaves its id behind until its turn, as a cancelled one does.
local LISTS = { key_of.pending("high"), key_of.pending("normal"), key_of.pending("low"), key.suspects }
local function purge_lists(which, kept)
  local looked = 0
  while which <= #LISTS and looked < LIMIT do
    local list = LISTS[which]
    local ids = redis.call("LRANGE", list, -(kept + LIMIT - looked), -(kept + 1))
    for index = #ids, 1, -1 do
      local fields = read(key_of.task(ids[index]), "state")
      local waits = fields and fields[1] == "pending"
      if (waits and not remove(ids[index])) or (not waits and kept > 0) then
        kept = kept + 1
      elseif kept > 0 then
        if list == key.suspects then
          redis.call("LREM", list, 1, ids[index])
        else
          kept = kept + 1
          count("stale", 1)
        end
      else
        redis.call("RPOP", list)
        if not waits and redis.call("HINCRBY", key.counters, "stale", -1) < 0 then
          redis.call("HSET", key.counters, "stale", 0)
        end
      end
    end
    looked = looked + #ids
    if #ids == 0 then which, kept = which + 1, 0 end
  end
  return which, kept
end

local function purge_set(set)
  -- Scheduled tasks are ordered by when they are due, so all have to be looked at.
  local last = state == "scheduled" and "+inf" or before
  local start = tonumber(ARGV[6]) or 0
  local ids = redis.call("ZRANGEBYSCORE", set, "-inf", last, "LIMIT", start, LIMIT)
  local kept = 0
  for _, id in ipairs(ids) do
    if not remove(id) then
      local fields = read(key_of.task(id), "state")
      if fields and fields[1] == state then kept = kept + 1 else redis.call("ZREM", set, id) end
    end
  end
  return #ids == LIMIT, start + kept
end

-- In the order in which they ended, so that many young ones in a row mean that no old one follows; a clock that was set
-- back mixes a few.
local function purge_ended(list)
  local start = tonumber(ARGV[6]) or 0
  local ids = redis.call("LRANGE", list, -(start + LIMIT), -(start + 1))
  local kept = 0
  for index = #ids, 1, -1 do
    local id = ids[index]
    if not remove(id) then
      local fields = read(key_of.task(id), "state")
      if fields and fields[1] == state then kept = kept + 1 else redis.call("LREM", list, -1, id) end
    end
  end
  return #ids == LIMIT and kept < LIMIT, start + kept
end

if SETS[state] or ENDED[state] then
  local more, start
  if SETS[state] then more, start = purge_set(SETS[state]) else more, start = purge_ended(ENDED[state]) end
  return { more and "more" or "ok", removed, start }
end
-- Where the next call goes on: the list, and how many at its end stay.
local LIST_SIZE = 2 ^ 32
local start = tonumber(ARGV[6]) or 0
local which, kept = purge_lists(math.floor(start / LIST_SIZE) + 1, start % LIST_SIZE)
return { which <= #LISTS and "more" or "ok", removed, string.format("%.0f", (which - 1) * LIST_SIZE + kept) }
