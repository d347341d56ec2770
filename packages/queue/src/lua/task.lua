-- How a task and a claim of it are read.

-- What a task has that names no timeout.
local DEFAULT_TIMEOUT_MS = "300000"

-- Fields of a task, or nothing when its key holds no hash. Anybody may have written there.
local function read(task, ...)
  local fields = redis.pcall("HMGET", task, ...)
  if fields.err then return nil end
  return fields
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
