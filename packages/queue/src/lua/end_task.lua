-- ─► dead or cancelled, wherever a task comes from.

-- The dedupe key of a task that waits no more may be used again.
local function forget_dedupe(id, dedupe)
  if dedupe and redis.call("HGET", key.dedupe, dedupe) == id then redis.call("HDEL", key.dedupe, dedupe) end
end

-- Takes the id of a task that waits no more out of its line. A line may be long, so it stays there until its turn and counts as
-- stale. Not among those that run alone: they are few, and each holds workers back.
local function leave_line(id, crashes)
  if (tonumber(crashes) or 0) > 0 and redis.call("LREM", key.suspects, 1, id) > 0 then return end
  count("stale", 1)
end

local function to_dead(id, task, reason, dedupe)
  redis.call("HSET", task, "state", "dead", "deadReason", reason, "finishedAt", now)
  redis.call("HSETNX", task, "attempt", 0)
  redis.call("ZADD", key.dead, now, id)
  redis.call("ZADD", key_of.deadBy(reason), now, id)
  forget_dedupe(id, dedupe)
  count("dead", 1)
  return "dead"
end

local function to_cancelled(id, task, dedupe, max_count)
  redis.call("HSET", task, "state", "cancelled", "finishedAt", now)
  redis.call("HSETNX", task, "attempt", 0)
  redis.call("HDEL", task, "cancelRequested")
  local cancelled = redis.call("LPUSH", key.cancelled, id)
  forget_dedupe(id, dedupe)
  count("cancelled", 1)
  drop_beyond(key.cancelled, cancelled, max_count)
  return "cancelled"
end

-- A task whose stored form nobody could run goes to the dead letters, whatever was at its key.
local function bury_malformed(id, task)
  if redis.call("TYPE", task).ok ~= "hash" then redis.call("UNLINK", task) end
  redis.call("HSET", task, "lastError",
    '{"name":"InvalidTaskError","message":"the stored task is malformed: payload, attempt, maxRetries or addedAt is missing or wrong"}')
  to_dead(id, task, "invalid-input", nil)
  publish("dead", id, "dead", 0)
  return "dead"
end
