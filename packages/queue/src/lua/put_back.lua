-- ─► pending or scheduled, wherever a task comes from.
local PRIORITIES = { high = true, normal = true, low = true }

-- To the end of its line, or to its front when it was given back. A task that was in hand when a worker died runs alone.
local function to_pending(id, priority, crashes, front)
  local line = PRIORITIES[priority] and priority or "normal"
  local list = key_of.pending(line)
  if (tonumber(crashes) or 0) > 0 then list = key.suspects end
  redis.call(front and "RPUSH" or "LPUSH", list, id)
end

-- To pending, or to scheduled when `delay` is above 0. `dueAt` says since when it may be claimed.
local function put_back(id, task, priority, crashes, delay, front)
  redis.call("HDEL", task, "progress")
  if delay > 0 then
    redis.call("HSET", task, "state", "scheduled", "dueAt", now + delay)
    redis.call("ZADD", key.scheduled, now + delay, id)
    -- Idle workers sleep until what was the next due task; this one may be sooner.
    if redis.call("ZRANGE", key.scheduled, 0, 0)[1] == id then wake(1) end
    return "scheduled"
  end
  redis.call("HSET", task, "state", "pending", "dueAt", now)
  to_pending(id, priority, crashes, front)
  return "pending"
end
