-- pending → processing: hands up to `limit` tasks to a worker, all under one new token.
-- pending → dead (`invalid-input`): a task whose hash nobody could run.
local PASSES_ALLOWED = { normal = 8, low = 32 }
local RESERVED_MS = 10000
local GRANTED = { "payload", "attempt", "maxRetries", "crashes", "timeoutMs", "addedAt", "state", "dueAt", "dedupe" }

-- The highest priority with tasks, except that one passed over often enough goes first. As nextPriority in
-- priority-rounds.ts.
local function next_priority(waiting, passes)
  local chosen
  if waiting.low > 0 and passes.low >= PASSES_ALLOWED.low then chosen = "low"
  elseif waiting.normal > 0 and passes.normal >= PASSES_ALLOWED.normal then chosen = "normal"
  elseif waiting.high > 0 then chosen = "high"
  elseif waiting.normal > 0 then chosen = "normal"
  elseif waiting.low > 0 then chosen = "low"
  else return nil end
  if chosen == "high" and waiting.normal > 0 then passes.normal = passes.normal + 1 end
  if chosen ~= "low" and waiting.low > 0 then passes.low = passes.low + 1 end
  if chosen ~= "high" then passes[chosen] = 0 end
  return chosen
end

-- Takes up to `limit` ids off the lists.
local function take_ids(limit)
  local high, low = redis.call("LLEN", key_of.pending("high")), redis.call("LLEN", key_of.pending("low"))
  if high == 0 and low == 0 then return redis.call("RPOP", key_of.pending("normal"), limit) or {} end
  local waiting = { high = high, normal = redis.call("LLEN", key_of.pending("normal")), low = low }
  local stored = redis.call("HMGET", key.counters, "passedNormal", "passedLow")
  local passes = { normal = tonumber(stored[1]) or 0, low = tonumber(stored[2]) or 0 }
  local ids = {}
  while #ids < limit do
    local priority = next_priority(waiting, passes)
    if not priority then break end
    waiting[priority] = waiting[priority] - 1
    ids[#ids + 1] = redis.call("RPOP", key_of.pending(priority))
  end
  redis.call("HSET", key.counters, "passedNormal", passes.normal, "passedLow", passes.low)
  return ids
end

local function is_count(text)
  return text and string.find(text, "^%d+$") ~= nil
end

-- Turns ids into grants; `grants` collects id, payload, attempt, maxRetries, crashes, timeoutMs, addedAt of each.
local function grant(ids, worker, token, solo, grants, waits)
  local entries = {}
  for _, id in ipairs(ids) do
    local task = key_of.task(id)
    local fields = read(task, unpack(GRANTED))
    local state = fields and fields[7]
    if fields and state ~= "pending" and (state or redis.call("EXISTS", task) == 0) then
      -- Cancelled or purged since: only its id was left in the list.
      if redis.call("HINCRBY", key.counters, "stale", -1) < 0 then redis.call("HSET", key.counters, "stale", 0) end
    elseif not fields or not state or not fields[1] or not is_count(fields[2]) or not is_count(fields[3])
      or not is_count(fields[6]) then
      bury_malformed(id, task)
    else
      local attempt = fields[2] + 1
      redis.call("HSET", task, "state", "processing", "attempt", attempt, "claimedAt", now, "worker", worker)
      entries[#entries + 1] = id
      entries[#entries + 1] = token .. "|" .. worker .. "|" .. now .. (solo and "|solo" or "")
        .. (fields[9] and "|dedupe" or "")
      note(waits, now - (tonumber(fields[8]) or fields[6]))
      local last = #grants
      grants[last + 1], grants[last + 2], grants[last + 3], grants[last + 4] = id, fields[1], attempt, fields[3]
      grants[last + 5], grants[last + 6], grants[last + 7] = fields[4], fields[5], fields[6]
      publish("claimed", id, "processing", attempt, worker)
    end
  end
  if #entries > 0 then redis.call("HSET", key.processing, unpack(entries)) end
  return #entries / 2
end

-- A number that only rises. After a loss of all keys it starts at the time, above every one issued before.
local function next_token()
  local token = redis.call("INCR", key.fence)
  if token == 1 then
    token = now
    redis.call("SET", key.fence, token)
  end
  return string.format("%.0f", token)
end

-- Whether this worker must take nothing, to become free for one of the tasks that run alone.
local function must_drain(worker, suspects)
  redis.call("ZREMRANGEBYSCORE", key.reserved, "-inf", now)
  if not redis.call("ZSCORE", key.reserved, worker) and redis.call("ZCARD", key.reserved) >= suspects then
    return false
  end
  redis.call("ZADD", key.reserved, now + RESERVED_MS, worker)
  return true
end

-- Returns the group of grants { token, solo, … } or nil, how many, and whether the worker could have taken more.
local function claim(worker, held, limit, waits)
  local suspects = redis.call("LLEN", key.suspects)
  local token
  local group = nil
  local taken = 0
  if suspects > 0 and held == 0 then
    token = next_token()
    group = { token, "solo" }
    repeat
      local id = redis.call("RPOP", key.suspects)
      if not id then break end
      taken = grant({ id }, worker, token, true, group, waits)
    until taken == 1
    if taken == 1 then
      redis.call("ZREM", key.reserved, worker)
      return group, 1, false
    end
  elseif suspects > 0 and must_drain(worker, suspects) then
    return nil, 0, false
  end
  group = nil
  -- Stale ids make a round yield less than was asked for; 50 rounds bound the script.
  for _ = 1, 50 do
    local ids = take_ids(limit - taken)
    if #ids == 0 then break end
    token = token or next_token()
    group = group or { token, "" }
    taken = taken + grant(ids, worker, token, false, group, waits)
    if taken >= limit then break end
  end
  if taken == 0 then group = nil end
  return group, taken, taken < limit
end
