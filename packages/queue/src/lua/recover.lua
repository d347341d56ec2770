-- Takes back what dead workers held and what was forgotten, promotes what is due, drops what is too old.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] maxCrashes   ARGV[4] finished tasks kept
-- ARGV[5] milliseconds they are kept   ARGV[6] milliseconds after its timeout a task counts as abandoned
-- ARGV[7] delays before retry 1, 2, … as "0,5000,…"   ARGV[8..] what the calling worker holds; see forget.lua
-- Reply: "ok" or "more" (call again), lost, timedOut, dead, promoted, expired, forgotten, milliseconds until the first lease
-- runs out (-1: there is none), now
local LIMIT = 500
local max_crashes, max_count, max_age, abandoned_ms = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local lost, timed_out, dead, expired, forgotten = 0, 0, 0, 0, 0
local holding = holding_from(8)
local more = false

-- Before anything is counted here: it is of now, and what is folded is of before.
fold_series()
local promoted = promote(LIMIT)
if promoted == LIMIT then more = true end

-- A silence of everybody is an outage, not a death. As mayCountOut in outage.ts.
local function may_count_out()
  local beat_at, lease = string.match(redis.call("GET", key.lastBeat) or "", "^(%d+) (%d+)$")
  if beat_at and now - beat_at > tonumber(lease) then return false end
  return now >= (tonumber(redis.call("GET", key.grace) or 0) or 0)
end

if may_count_out() then
  for _, worker in ipairs(redis.call("ZRANGEBYSCORE", key.leases, "-inf", now, "LIMIT", 0, 20)) do
    local taken, died, left = take_back(worker, "its lease ran out", max_crashes, max_count, LIMIT - lost)
    lost, dead, more = lost + taken, dead + died, more or left
    if lost >= LIMIT then break end
  end
end

-- Claims whose timeout has passed long ago; their holder would have said so.
local function retry_delay(retry)
  local delays = {}
  for delay in string.gmatch(ARGV[7], "%d+") do delays[#delays + 1] = tonumber(delay) end
  return delays[math.max(1, math.min(retry, #delays))] or 0
end

local function time_out(id, task, claimed, fields)
  local timeout = tonumber(fields[1]) or tonumber(DEFAULT_TIMEOUT_MS)
  if now < claimed.since + timeout + abandoned_ms then return end
  redis.call("HDEL", key.processing, id)
  redis.call("HINCRBY", key_of.worker(claimed.worker), "held", -1)
  if claimed.solo then redis.call("HDEL", key_of.worker(claimed.worker), "solo") end
  notify(claimed.worker, "lost", id, claimed.token)
  local error = '{"name":"TimeoutError","message":'
    .. quoted("no outcome within " .. timeout .. " ms from worker " .. claimed.worker) .. "}"
  local delay = retry_delay((tonumber(fields[2]) or 0) - (tonumber(fields[3]) or 0))
  local state = fail(id, task, claimed, "timeout", error, "", delay, max_count, "recovered")
  local ran = durations()
  note(ran, now - claimed.since, 1)
  add_to_series("failed", ran)
  timed_out = timed_out + 1
  if state == "dead" then dead = dead + 1 end
end

local entries = redis.call("HGETALL", key.processing)
for index = 1, #entries, 2 do
  local id, claimed = entries[index], parse_entry(entries[index + 1])
  local task = key_of.task(id)
  if timed_out + forgotten == LIMIT then more = true break end
  local fields = read(task, "timeoutMs", "attempt", "crashes")
  if claimed and fields and fields[2] then
    if is_forgotten(holding, id, claimed) then
      forget(id, claimed, max_count)
      forgotten = forgotten + 1
    elseif now >= claimed.since + abandoned_ms then
      time_out(id, task, claimed, fields)
    end
  else
    -- Somebody wrote here by hand. What is left of the task goes to the dead letters.
    redis.call("HDEL", key.processing, id)
    if redis.call("EXISTS", task) == 1 then
      bury_malformed(id, task)
      dead = dead + 1
    end
  end
end

for _, list in ipairs({ key.completed, key.cancelled }) do
  local old = expire(list, max_count, now - max_age, LIMIT)
  expired = expired + old
  if old >= LIMIT then more = true end
end

local told = redis.call("ZRANGEBYSCORE", key.noticed, "-inf", now - NOTICE_MS, "LIMIT", 0, LIMIT)
for _, worker in ipairs(told) do redis.call("UNLINK", key_of.notices(worker)) end
if #told > 0 then redis.call("ZREM", key.noticed, unpack(told)) end
wake(pending_count())
local next_lease = redis.call("ZRANGE", key.leases, 0, 0, "WITHSCORES")[2]
return { more and "more" or "ok", lost, timed_out, dead, promoted, expired, forgotten,
  next_lease and math.max(0, next_lease - now) or -1, now_text }
