-- One round of a worker: settles what it has finished (complete, fail, release), promotes what is due, claims what is next,
-- and writes the worker down as idle when there was nothing. May be repeated: settles are known by their tokens, a claim
-- by its sequence number.
-- KEYS[1] base of the queue's keys
-- ARGV[1..2] clock   ARGV[3] worker   ARGV[4] session (of the worker's connection)   ARGV[5] sequence
-- ARGV[6] sequence of the last reply that arrived   ARGV[7] most tasks to claim   ARGV[8] most to claim for later
-- ARGV[9] callers that wait for them   ARGV[10] leaseMs   ARGV[11] milliseconds it will wait when there is nothing
-- ARGV[12] "1" when it may be among the idle   ARGV[13] finished tasks kept
-- ARGV[14..] settles, as in settle.lua
-- Reply: "ok", positions of refused settles, milliseconds to the next due task or -1, then perhaps a group of grants, as in
-- grants.lua, its changes as JSON
local worker, session, sequence, arrived = ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6])
local limit, ahead, callers = tonumber(ARGV[7]), tonumber(ARGV[8]), tonumber(ARGV[9])
local lease_ms, wait_ms, may_be_idle = tonumber(ARGV[10]), tonumber(ARGV[11]), ARGV[12] == "1"
local max_count = tonumber(ARGV[13])

-- Most queues have none of these most of the time; one question spares five.
local special = redis.call("EXISTS", key.scheduled, key.suspects, key.paused, key_of.pending("high"),
  key_of.pending("low"), key.idle) > 0
local me = key_of.worker(worker)
local known = redis.call("HMGET", me, "held", "solo", "granted", "leaseUntil", "overtook")
local held, solo, granted, lease_text = tonumber(known[1]) or 0, known[2] == "yes", known[3] or "", known[4] or "0"
local lease_until = tonumber(lease_text) or 0
local refused = {}

-- Settle.
local let_go, solo_ended, others = settle_all(worker, 14, max_count, refused)
held, solo, special = math.max(0, held - let_go), solo and not solo_ended, special or others

-- Claim.
if special then rare().promote(100) end
local group
local taken, hungry, granted_ids = 0, false, nil
local grant_session, grant_sequence, grant_token = string.match(granted, "^(%S+) (%d+) (%d+)$")
local later_session, later_sequence = string.match(known[5] or "", "^(%S+) (%d+)$")
-- A round before this one was given up. Should it still arrive, on a connection that hung, it is too late.
if sequence > arrived + 1 and not (later_session == session and tonumber(later_sequence) > sequence) then
  redis.call("HSET", me, "overtook", session .. " " .. sequence)
end
if (grant_session == session and tonumber(grant_sequence) > sequence)
  or (later_session == session and tonumber(later_sequence) > sequence) then
  -- A later round was answered already: this one was given up by the worker and must take nothing any more.
  limit, ahead, wait_ms = 0, 0, 0
elseif grant_session == session and tonumber(grant_sequence) > arrived then
  -- The reply to this grant never arrived. It is the same worker, so it gets the same tasks again.
  group, taken = rare().regrant(worker, grant_token, redis.call("HGET", me, "grantedIds") or "[]")
end
if limit + ahead > 0 then
  if lease_until <= now then
    lease_until = tonumber(redis.call("ZSCORE", key.leases, worker)) or 0
    if lease_until <= now then
      lease_until = now + lease_ms
      redis.call("ZADD", key.leases, lease_until, worker)
    end
    lease_text = string.format("%d", lease_until)
  end
  if special and taken == 0 and not solo and redis.call("EXISTS", key.paused) == 1 then
    hungry = true
  elseif taken == 0 and not solo then
    local ids
    group, taken, hungry, ids = claim(worker, held, limit, ahead, special)
    if taken > 0 then
      held = held + taken
      solo = group[2] == "solo"
      granted, granted_ids = session .. " " .. sequence .. " " .. group[1], cjson.encode(ids)
      group[3] = granted_ids
    end
  end
end
if granted_ids then
  redis.call("HSET", me, "held", held, "solo", solo and "yes" or "", "granted", granted, "grantedIds", granted_ids,
    "leaseUntil", lease_text)
elseif let_go > 0 or taken > 0 then
  redis.call("HSET", me, "held", held, "solo", solo and "yes" or "", "leaseUntil", lease_text)
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
  if special and redis.call("ZCARD", key.idle) > 0 and redis.call("EXISTS", key.paused) == 0 then wake(pending_count()) end
end
if taken == 0 then return { "ok", refused, next_due } end
group[4] = cjson.encode(group[4])
return { "ok", refused, next_due, group }
