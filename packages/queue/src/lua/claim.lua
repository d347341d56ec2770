-- pending → processing: hands up to `limit` tasks to a worker, all under one new token, and up to `ahead` more for later.
-- pending → dead (`invalid-input`): a task whose hash nobody could run.

-- Redis keeps a hash of short texts as one packed list and walks along it. A long text turns it into a table for good.
local TABLE_FROM = 32
local LONG_FIELD = "-----------------------------------------------------------------"
-- A task that was added plainly and never claimed has these fields and no others.
local PLAIN_FIELDS = 5

-- What a text counts, or false. Tasks claimed together mostly say the same.
local counts = {}
local function count_in(text)
  local number = counts[text]
  if number == nil then
    number = tonumber(text)
    if not number or number < 0 or number % 1 ~= 0 then number = false end
    counts[text] = number
  end
  return number
end

-- Turns ids into grants, and notes which tasks were granted and how long they waited.
local function grant(ids, worker, token, solo, group, granted_ids, waits)
  local entry = token .. "|" .. worker .. "|" .. now_text .. (solo and "|solo" or "")
  local entries = {}
  for index = 1, #ids do
    local id = ids[index]
    local task = key_of.task(id)
    local number = redis.pcall("HLEN", task)
    local is_hash = type(number) == "number"
    local fields = is_hash and redis.call("HMGET", task, "state", "payload", "attempt", "maxRetries", "addedAt") or {}
    local others = is_hash and number ~= PLAIN_FIELDS
      and redis.call("HMGET", task, "dueAt", "crashes", "timeoutMs", "dedupe", "trace") or {}
    local state, payload, attempt, max_retries, added_at = fields[1], fields[2], fields[3], fields[4], fields[5]
    local due_at, crashes, timeout_ms = others[1] or added_at, others[2] or "0", others[3] or "300000"
    if number == 0 or (state and state ~= "pending") then
      -- Cancelled or purged since: only its id was left in the list.
      if redis.call("HINCRBY", key.counters, "stale", -1) < 0 then redis.call("HSET", key.counters, "stale", 0) end
    elseif not state or not payload or not count_in(attempt) or not count_in(max_retries) or not count_in(added_at)
      or not count_in(crashes) or not count_in(timeout_ms) then
      rare.bury_malformed(id, task)
    else
      attempt = attempt == "0" and "1" or string.format("%d", count_in(attempt) + 1)
      redis.call("HSET", task, "state", "processing", "attempt", attempt, "claimedAt", now_text, "worker", worker)
      entries[#entries + 1] = id
      entries[#entries + 1] = others[4] and (entry .. "|dedupe") or entry
      granted_ids[#granted_ids + 1] = id
      note(waits, now - (due_at == added_at and count_in(added_at) or tonumber(due_at) or now))
      local last = #group
      group[last + 1], group[last + 2] = id, payload
      group[last + 3] = in_numbers(attempt, max_retries, added_at, others[2], others[3], others[5])
      if publishing then publish("claimed", id, "processing", attempt, worker) end
    end
  end
  if #entries == 0 then return end
  if #entries < TABLE_FROM then
    redis.call("HSET", key.processing, unpack(entries))
  else
    redis.call("HSET", key.processing, LONG_FIELD, "", unpack(entries))
    redis.call("HDEL", key.processing, LONG_FIELD)
  end
end

-- A number that only rises. After a loss of all keys it starts at the time, above every one issued before.
local function next_token()
  local token = redis.call("INCR", key.fence)
  if token > 1 then return string.format("%d", token) end
  redis.call("SET", key.fence, now_text)
  return now_text
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
  if suspects > 0 and held > 0 and rare.must_drain(worker, suspects) then return group, 0, false, ids end
  local most = limit
  if ahead > 0 and suspects == 0 then
    -- Half is left to others, who may want a task before this worker comes to it.
    local listed = special or redis.call("LLEN", key_of.pending("normal")) > limit
    if listed then most = limit + math.min(ahead, math.floor(math.max(0, pending_count() - limit) / 2)) end
  end
  -- Stale ids make a round yield less than was asked for; 50 rounds bound the script.
  for _ = 1, alone and 0 or 50 do
    if #ids >= most then break end
    local next_ids = special and rare.take_ids(most - #ids) or redis.call("RPOP", key_of.pending("normal"), most - #ids) or {}
    if #next_ids == 0 then break end
    if #ids == 0 then group[1], group[2] = next_token(), "" end
    grant(next_ids, worker, group[1], false, group, ids, waits)
  end
  if waits.total > 0 then add_to_series("wait", waits) end
  return group, #ids, not alone and #ids < limit, ids
end
