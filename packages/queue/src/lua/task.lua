-- What several transitions do to a task, each in one place.
local HISTORY_LINES = 50
local HISTORY_BYTES = 65536

-- Fields of a task, or nothing when its key holds no hash. Anybody may have written there.
local function read(task, ...)
  local fields = redis.pcall("HMGET", task, ...)
  if fields.err then return nil end
  return fields
end

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

-- The dedupe key of a task that waits no more may be used again.
local function forget_dedupe(id, dedupe)
  if dedupe and redis.call("HGET", key.dedupe, dedupe) == id then redis.call("HDEL", key.dedupe, dedupe) end
end

-- Removes tasks: id, score, id, score, …
local function drop(popped)
  local tasks = {}
  for index = 1, #popped, 2 do tasks[#tasks + 1] = key_of.task(popped[index]) end
  if #tasks > 0 then redis.call("UNLINK", unpack(tasks)) end
end

-- Drops finished tasks beyond `max_count`, oldest first: when there are some more than that, so that it is not done for each.
-- `recover` drops the rest.
local function drop_beyond(set, max_count)
  local excess = redis.call("ZCARD", set) - max_count
  if excess <= math.min(50, max_count / 20) then return end
  drop(redis.call("ZPOPMIN", set, math.min(excess, 2000)))
end

local function to_dead(id, task, reason, dedupe)
  redis.call("HSET", task, "state", "dead", "deadReason", reason, "finishedAt", now)
  redis.call("ZADD", key.dead, now, id)
  redis.call("ZADD", key_of.deadBy(reason), now, id)
  forget_dedupe(id, dedupe)
  count("dead", 1)
  return "dead"
end

local function to_cancelled(id, task, dedupe, max_count)
  redis.call("HSET", task, "state", "cancelled", "finishedAt", now)
  redis.call("HDEL", task, "cancelRequested")
  redis.call("ZADD", key.cancelled, now, id)
  forget_dedupe(id, dedupe)
  count("cancelled", 1)
  drop_beyond(key.cancelled, max_count)
  return "cancelled"
end

-- A text as JSON; only for texts made here and identifiers, which need no more than this.
local function quoted(text)
  return '"' .. string.gsub(string.gsub(text, '[%c]', " "), '["\\]', "\\%0") .. '"'
end

-- Adds one line of JSON to the history of a task. `error` is JSON already, or nothing. Returns the new history.
local function with_attempt(history, attempt, worker, started, outcome, error)
  local line = '{"attempt":' .. attempt .. ',"worker":' .. quoted(worker) .. ',"startedAt":' .. started
    .. ',"endedAt":' .. now .. ',"outcome":"' .. outcome .. '"' .. (error and (',"error":' .. error) or "") .. "}"
  history = (history and history ~= "") and (history .. "\n" .. line) or line
  local _, breaks = string.gsub(history, "\n", "\n")
  while breaks > 0 and (breaks >= HISTORY_LINES or #history > HISTORY_BYTES) do
    history = string.sub(history, string.find(history, "\n", 1, true) + 1)
    breaks = breaks - 1
  end
  return history
end

-- What the processing hash says about a claim: "token|worker|since" and, when it is so, "|solo" and "|dedupe".
-- Tasks claimed together have the same entry, so the last one is kept.
local last_entry, last_parsed
local function parse_entry(entry)
  if not entry then return nil end
  if entry == last_entry then return last_parsed end
  local token, worker, since, flags = string.match(entry, "^(%d+)|([^|]+)|(%d+)(.*)$")
  last_entry, last_parsed = entry, nil
  if token then
    last_parsed = { token = token, worker = worker, since = tonumber(since), flags = flags,
      solo = string.find(flags, "|solo", 1, true) ~= nil }
  end
  return last_parsed
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

-- Tells the holder of a claim at its next beats.
local NOTICE_MS = 30000
local function notify(worker, kind, id, token)
  local notices = key_of.notices(worker)
  redis.call("ZADD", notices, now, kind .. "|" .. id .. "|" .. token)
  redis.call("PEXPIRE", notices, NOTICE_MS * 2)
  redis.call("ZADD", key.noticed, now, worker)
end
