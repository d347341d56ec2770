-- pending → processing: hands up to `limit` tasks to a worker, all under one new token, and up to `ahead` more for later.
-- pending → dead (`invalid-input`): a task whose hash nobody could run.
local PASSES_ALLOWED = { normal = 8, low = 32 }
local RESERVED_MS = 10000

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
  local number = tonumber(text)
  return number and number >= 0 and number % 1 == 0
end

-- The numbers of a grant and its trace as one text: a reply of few parts is quick to write and to read.
local function in_numbers(attempt, max_retries, crashes, timeout_ms, added_at, trace)
  local numbers = attempt .. " " .. max_retries .. " " .. (crashes or "0") .. " " .. (timeout_ms or "300000") .. " " .. added_at
  return trace and (numbers .. " " .. trace) or numbers
end

-- Turns ids into grants, and notes which tasks were granted and how long they waited.
local function grant(ids, worker, token, solo, group, granted_ids, waits)
  local entry = token .. "|" .. worker .. "|" .. now_text .. (solo and "|solo" or "")
  local entries = {}
  for _, id in ipairs(ids) do
    local task = key_of.task(id)
    local fields = read(task, "payload", "attempt", "maxRetries", "crashes", "timeoutMs", "addedAt", "state", "dueAt", "dedupe", "trace")
    local state = fields and fields[7]
    if fields and state ~= "pending" and (state or redis.call("EXISTS", task) == 0) then
      -- Cancelled or purged since: only its id was left in the list.
      if redis.call("HINCRBY", key.counters, "stale", -1) < 0 then redis.call("HSET", key.counters, "stale", 0) end
    elseif not fields or not state or not fields[1] or not is_count(fields[2]) or not is_count(fields[3])
      or not is_count(fields[6]) or not is_count(fields[4] or "0") or not is_count(fields[5] or "0") then
      bury_malformed(id, task)
    else
      local attempt = fields[2] == "0" and "1" or string.format("%.0f", fields[2] + 1)
      redis.call("HSET", task, "state", "processing", "attempt", attempt, "claimedAt", now_text, "worker", worker)
      entries[#entries + 1] = id
      entries[#entries + 1] = fields[9] and (entry .. "|dedupe") or entry
      granted_ids[#granted_ids + 1] = id
      note(waits, now - (tonumber(fields[8] or fields[6]) or now))
      local last = #group
      group[last + 1], group[last + 2] = id, fields[1]
      group[last + 3] = in_numbers(attempt, fields[3], fields[4], fields[5], fields[6], fields[10])
      publish("claimed", id, "processing", attempt, worker)
    end
  end
  if #entries > 0 then redis.call("HSET", key.processing, unpack(entries)) end
end

-- A number that only rises. After a loss of all keys it starts at the time, above every one issued before.
local function next_token()
  local token = redis.call("INCR", key.fence)
  if token == 1 then
    token = now
    redis.call("SET", key.fence, now_text)
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

-- A task that runs alone goes to a worker that holds nothing.
local function claim_alone(worker, group, ids, waits)
  group[1], group[2] = next_token(), "solo"
  while #ids == 0 do
    local id = redis.call("RPOP", key.suspects)
    if not id then return false end
    grant({ id }, worker, group[1], true, group, ids, waits)
  end
  redis.call("ZREM", key.reserved, worker)
  return true
end

-- Returns a group of grants { token, "solo" or "", … }, how many, whether the worker could have taken more, and their ids.
-- `special`: there may be more than tasks of normal priority.
local function claim(worker, held, limit, ahead, special)
  local group, ids = { "", "" }, {}
  local waits = durations()
  local suspects = special and redis.call("LLEN", key.suspects) or 0
  local alone = suspects > 0 and held == 0 and claim_alone(worker, group, ids, waits)
  if suspects > 0 and held > 0 and must_drain(worker, suspects) then return group, 0, false, ids end
  local most = limit
  if ahead > 0 and suspects == 0 then
    -- Half is left to others, who may want a task before this worker comes to it.
    local listed = special or redis.call("LLEN", key_of.pending("normal")) > limit
    if listed then most = limit + math.min(ahead, math.floor(math.max(0, pending_count() - limit) / 2)) end
  end
  -- Stale ids make a round yield less than was asked for; 50 rounds bound the script.
  for _ = 1, alone and 0 or 50 do
    if #ids >= most then break end
    local next_ids = special and take_ids(most - #ids) or redis.call("RPOP", key_of.pending("normal"), most - #ids) or {}
    if #next_ids == 0 then break end
    if #ids == 0 then group[1], group[2] = next_token(), "" end
    grant(next_ids, worker, group[1], false, group, ids, waits)
  end
  if waits.total > 0 then add_to_series("wait", waits) end
  return group, #ids, not alone and #ids < limit, ids
end
