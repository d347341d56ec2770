-- One round of a worker: settles what it has finished (complete, fail, release), promotes what is due, claims what is next,
-- and writes the worker down as idle when there was nothing. May be repeated: settles are known by their tokens, a claim
-- by its sequence number.
-- KEYS[1] base of the queue's keys
-- ARGV[1..2] clock   ARGV[3] worker   ARGV[4] session (of the worker's connection)   ARGV[5] sequence
-- ARGV[6] sequence of the last reply that arrived   ARGV[7] most tasks to claim   ARGV[8] callers that wait for them
-- ARGV[9] leaseMs   ARGV[10] milliseconds it will wait when there is nothing   ARGV[11] "1" when it may be among the idle
-- ARGV[12] finished tasks kept
-- then a settle each: "complete", id, token, result · "fail", id, token, outcome, error, deadReason, delayMs ·
-- "release", id, token, delayMs
-- Reply: "ok", positions of refused settles, milliseconds to the next due task or -1, then groups of grants:
-- { token, "solo" or "", then id, payload, attempt, maxRetries, crashes, timeoutMs, addedAt of each task }
local worker, session, sequence, arrived = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local limit, callers, lease_ms, wait_ms = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9]), tonumber(ARGV[10])
local may_be_idle, max_count = ARGV[11] == "1", tonumber(ARGV[12])
local FIRST_SETTLE = 13
local WIDTH = { complete = 4, fail = 7, release = 4 }

local me = key_of.worker(worker)
local known = redis.call("HMGET", me, "held", "solo", "granted")
local held, running_solo, granted = tonumber(known[1]) or 0, known[2] and known[2] ~= "", known[3]

-- Settle.
local refused = {}
local settled, completed, runs, failed_runs = {}, {}, durations(), durations()
local position, index = 0, FIRST_SETTLE
while index <= #ARGV do
  local kind, id, token = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local task = key_of.task(id)
  local entry = redis.call("HGET", key.processing, id)
  local claimed = parse_entry(entry)
  position = position + 1
  if not claimed or claimed.token ~= token then
    -- The same settle once more is answered like the first; another one is too late.
    local fields = read(task, "settledAs")
    if not fields or fields[1] ~= kind .. " " .. token then refused[#refused + 1] = position end
  else
    if kind == "complete" then
      complete(id, task, claimed, ARGV[index + 3], completed, runs)
    elseif kind == "fail" then
      note(failed_runs, now - claimed.since)
      fail(id, task, claimed, ARGV[index + 3], ARGV[index + 4], ARGV[index + 5], tonumber(ARGV[index + 6]), max_count,
        "retried")
    else
      release(id, task, claimed, tonumber(ARGV[index + 3]), max_count)
    end
    redis.call("HDEL", key.processing, id)
    settled[#settled + 1] = id
    if claimed.worker == worker then
      held = held - 1
      if claimed.solo then running_solo = false end
    end
  end
  index = index + WIDTH[kind]
end
if #completed > 0 then
  redis.call("ZADD", key.completed, unpack(completed))
  drop_beyond(key.completed, max_count)
  count("completed", #completed / 2)
end
add_to_series("completed", runs.total, "run", runs)
add_to_series("failed", failed_runs.total, "run", failed_runs)
if #refused > 0 then count("leaseLost", #refused) end

-- Claim.
local groups = {}
local taken = 0
local hungry = false
local waits = durations()
local grant_session, grant_sequence, grant_token, grant_ids = string.match(granted or "", "^(%S+) (%d+) (%d+) (.*)$")
grant_sequence = tonumber(grant_sequence)
local mine = grant_session == session
if mine and grant_sequence > sequence then
  -- A later round was answered already: this one was given up by the worker and must take nothing any more.
  limit, wait_ms = 0, 0
elseif mine and grant_sequence > arrived then
  -- The reply to this grant never arrived. It is the same worker, so it gets the same tasks again.
  local group, found = regrant(worker, grant_token, grant_ids)
  if found > 0 then groups[1], taken = group, found end
end
promote(100)
if limit > 0 then
  local lease = redis.call("ZSCORE", key.leases, worker)
  if not lease or tonumber(lease) <= now then redis.call("ZADD", key.leases, now + lease_ms, worker) end
  if taken == 0 and not running_solo and redis.call("EXISTS", key.paused) == 0 then
    local group
    group, taken, hungry = claim(worker, held, limit, waits)
    if group then
      groups[1] = group
      held = held + taken
      running_solo = group[2] == "solo"
      local ids = {}
      for at = 3, #group, 7 do ids[#ids + 1] = group[at] end
      granted = session .. " " .. sequence .. " " .. group[1] .. " " .. table.concat(ids, " ")
    end
  elseif taken == 0 and not running_solo then
    hungry = true
  end
end
add_to_series("claimed", waits.total, "wait", waits)
if #settled > 0 or waits.total > 0 then
  redis.call("HSET", me, "held", math.max(0, held), "solo", running_solo and "yes" or "", "granted", granted or "")
end

-- Rest, or let others work.
local next_due = -1
if wait_ms > 0 and hungry and taken < callers then
  local first = redis.call("ZRANGE", key.scheduled, 0, 0, "WITHSCORES")
  if first[2] then next_due = math.max(0, math.ceil(first[2] - now)) end
  redis.call("ZADD", key.idle, now + wait_ms + 1000, worker)
  redis.call("DEL", key_of.wake(worker))
else
  if may_be_idle then redis.call("ZREM", key.idle, worker) end
  if redis.call("ZCARD", key.idle) > 0 and redis.call("EXISTS", key.paused) == 0 then wake(pending_count()) end
end
return { "ok", refused, next_due, unpack(groups) }
