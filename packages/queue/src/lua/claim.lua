-- pending → processing: hands up to `limit` tasks to a worker, all under one new token, and up to `ahead` more for later.
-- pending → dead (`invalid-input`): a task whose hash nobody could run.

-- Redis keeps a hash of short texts as one packed list and walks along it. A long text turns it into a table for good.
local TABLE_FROM = 32
local LONG_FIELD = "-----------------------------------------------------------------"

-- Turns ids into grants, and tells in `waited` since when how many of them could have been claimed. Ids of tasks that must not
-- run are taken out of `ids`.
-- The hot path of the queue: a task without `attempt` was added plainly and never claimed, so it is new in all respects.
local function grant(ids, worker, token, solo, group, waited)
  local claim = token .. "|" .. worker .. "|" .. now_text .. (solo and "|solo" or "")
  local entries, changes, last, granted = {}, group[4], #group, 0
  local retries, added_at, as_new, told
  for index = 1, #ids do
    local id = ids[index]
    local task = key_of.task(id)
    local fields = redis.pcall("HMGET", task, "payload", "attempt", "maxRetries", "addedAt")
    local payload, attempt, numbers, since, entry = fields[1], "1", as_new, fields[4], claim
    if fields[2] or not payload or fields[3] ~= retries or since ~= added_at then
      if not fields[2] and payload and count_in(fields[3]) and count_in(since) then
        -- Tasks added together differ in nothing of this.
        retries, added_at = fields[3], since
        as_new = in_numbers(attempt, retries, added_at)
        numbers = as_new
      else
        attempt, numbers, since, entry = rare().examine(id, task, fields, claim)
      end
    end
    if attempt then
      redis.call("HSET", task, "state", "processing", "attempt", attempt, "claim", claim)
      granted = granted + 1
      ids[granted] = id
      entries[2 * granted - 1], entries[2 * granted] = id, entry
      last = last + 1
      group[last] = payload
      if numbers ~= told then
        changes[#changes + 1], changes[#changes + 2] = last - GROUP_HEAD, numbers
        told = numbers
      end
      waited[since] = (waited[since] or 0) + 1
      if publishing then publish("claimed", id, "processing", attempt, worker) end
    end
  end
  for index = #ids, granted + 1, -1 do ids[index] = nil end
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
  if token > 1 then return digits(token) end
  redis.call("SET", key.fence, now_text)
  return now_text
end

-- A task that runs alone goes to a worker that holds nothing.
local function claim_alone(worker, group, waited)
  group[1], group[2] = next_token(), "solo"
  local ids = {}
  while #ids == 0 do
    local id = redis.call("RPOP", key.suspects)
    if not id then return nil end
    ids[1] = id
    grant(ids, worker, group[1], true, group, waited)
  end
  redis.call("ZREM", key.reserved, worker)
  return ids
end

-- Returns a group of grants, how many, whether the worker could have taken more, and their ids.
-- `special`: there may be more than tasks of normal priority.
local function claim(worker, held, limit, ahead, special)
  local group, waited = new_group(""), {}
  local suspects = special and redis.call("LLEN", key.suspects) or 0
  local alone = suspects > 0 and held == 0 and claim_alone(worker, group, waited)
  if suspects > 0 and held > 0 and rare().must_drain(worker, suspects) then return group, 0, false, {} end
  local ids = alone or {}
  local most = limit
  if ahead > 0 and suspects == 0 then
    -- Half is left to others, who may want a task before this worker comes to it.
    local listed = special or redis.call("LLEN", key_of.pending("normal")) > limit
    if listed then most = limit + math.min(ahead, math.floor(math.max(0, pending_count() - limit) / 2)) end
  end
  -- Stale ids make a round yield less than was asked for; 50 rounds bound the script.
  for _ = 1, alone and 0 or 50 do
    if #ids >= most then break end
    local next_ids = special and rare().take_ids(most - #ids)
      or redis.call("RPOP", key_of.pending("normal"), digits(most - #ids)) or {}
    if #next_ids == 0 then break end
    if #ids == 0 then group[1], group[2] = next_token(), "" end
    grant(next_ids, worker, group[1], false, group, waited)
    if #ids == 0 then ids = next_ids else for _, id in ipairs(next_ids) do ids[#ids + 1] = id end end
  end
  if #ids > 0 then
    local waits = durations()
    for since, tasks in pairs(waited) do note(waits, now - since, tasks) end
    add_to_series("wait", waits)
  end
  return group, #ids, not alone and #ids < limit, ids
end
