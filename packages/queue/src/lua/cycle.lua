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
local worker, session, sequence, arrived = ARGV[3], ARGV[4], ARGV[5] + 0, ARGV[6] + 0
local limit, ahead, wait_ms, may_be_idle = ARGV[7] + 0, ARGV[8] + 0, ARGV[11] + 0, ARGV[12] == "1"

-- The number in "<session> <number> …" when that is the session of this round, else -1: of another connection nothing is
-- known that could be told apart.
local function sequence_in(text)
  if string.find(text, session, 1, true) ~= 1 then return -1 end
  return tonumber(string.match(text, "^ (%d+)", #session + 1)) or -1
end

-- Most queues have none of these most of the time; one question spares four.
local special = redis.call("EXISTS", key.scheduled, key.suspects, key.paused, key_of.pending("high"),
  key_of.pending("low")) > 0
local me = key_of.worker(worker)
local known = redis.call("HMGET", me, "held", "solo", "granted", "leaseUntil", "overtook")
local held, solo, granted, lease_text = tonumber(known[1]) or 0, known[2] == "yes", known[3] or "", known[4] or "0"
local lease_until = tonumber(lease_text) or 0
local refused = {}

-- Settle.
local let_go, solo_ended, others = settle_all(worker, 14, ARGV[13] + 0, refused)
held, solo, special = math.max(0, held - let_go), solo and not solo_ended, special or others

-- Claim.
if special then rare().promote(100) end
local group
local taken, hungry, granted_ids = 0, false, nil
local granted_in, later = sequence_in(granted), sequence_in(known[5] or "")
-- A round before this one was given up. Should it still arrive, on a connection that hung, it is too late.
if sequence > arrived + 1 and later <= sequence then redis.call("HSET", me, "overtook", session .. " " .. ARGV[5]) end
if granted_in > sequence or later > sequence then
  -- A later round was answered already: this one was given up by the worker and must take nothing any more.
  limit, ahead, wait_ms = 0, 0, 0
elseif granted_in > arrived then
  -- The reply to this grant never arrived. It is the same worker, so it gets the same tasks again.
  group, taken = rare().regrant(worker, string.match(granted, "(%d+)$"), redis.call("HGET", me, "grantedIds") or "[]")
end
if limit + ahead > 0 then
  if lease_until <= now then
    lease_until = tonumber(redis.call("ZSCORE", key.leases, worker)) or 0
    if lease_until <= now then
      lease_until = now + ARGV[10]
      redis.call("ZADD", key.leases, digits(lease_until), worker)
    end
    lease_text = digits(lease_until)
  end
  if special and taken == 0 and not solo and redis.call("EXISTS", key.paused) == 1 then
    hungry = true
  elseif taken == 0 and not solo then
    local ids
    group, taken, hungry, ids = claim(worker, held, limit, ahead, special)
    if taken > 0 then
      held = held + taken
      solo = group[2] == "solo"
      granted, granted_ids = session .. " " .. ARGV[5] .. " " .. group[1], cjson.encode(ids)
      group[3] = granted_ids
    end
  end
end
if granted_ids then
  redis.call("HSET", me, "held", digits(held), "solo", solo and "yes" or "", "granted", granted, "grantedIds", granted_ids,
    "leaseUntil", lease_text)
elseif let_go > 0 or taken > 0 then
  redis.call("HSET", me, "held", digits(held), "solo", solo and "yes" or "", "leaseUntil", lease_text)
end

-- Rest, or let others work.
local next_due = -1
if wait_ms > 0 and hungry and taken < ARGV[9] + 0 then
  local first = redis.call("ZRANGE", key.scheduled, 0, 0, "WITHSCORES")
  if first[2] then next_due = math.max(0, math.ceil(first[2] - now)) end
  redis.call("ZADD", key.idle, digits(now + wait_ms + 1000), worker)
  redis.call("DEL", key_of.wake(worker))
else
  local tasks_may_wait = special
  if may_be_idle then
    redis.call("ZREM", key.idle, worker)
    -- It may have been woken for more than it took.
    tasks_may_wait = special or redis.call("LLEN", key_of.pending("normal")) > 0
  end
  if tasks_may_wait and redis.call("ZCARD", key.idle) > 0 and redis.call("EXISTS", key.paused) == 0 then
    wake(pending_count())
  end
end
if taken == 0 then return { "ok", refused, next_due } end
group[4] = cjson.encode(group[4])
return { "ok", refused, next_due, group }
