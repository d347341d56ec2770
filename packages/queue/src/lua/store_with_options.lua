-- ─► pending or scheduled: stores a new task that has options of its own, "priority|maxRetries|timeoutMs|delayMs|trace|dedupe",
-- or "" and the queue's. Returns the id of a task that stands for it already, or nothing and the line it belongs to, if any.

local function active_under(dedupe)
  local same = redis.call("HGET", key.dedupe, dedupe)
  local fields = same and read(key_of.task(same), "state")
  local state = fields and fields[1]
  return (state == "pending" or state == "scheduled" or state == "processing") and same or nil
end

local function store_with_options(id, task, payload, options, max_retries, timeout_ms)
  local priority, delay, trace, dedupe = "normal", 0, "", ""
  if options ~= "" then
    priority, max_retries, timeout_ms, delay, trace, dedupe =
      string.match(options, "^(%a+)|(%d+)|(%d+)|(%d+)|([%x-]*)|(.*)$")
    delay = tonumber(delay)
  end
  if dedupe ~= "" then
    local same = active_under(dedupe)
    if same then return same end
    redis.call("HSET", key.dedupe, dedupe, id)
  end
  local state = delay > 0 and "scheduled" or "pending"
  redis.call("HSET", task, "state", state, "payload", payload, "attempt", "0", "maxRetries", max_retries, "addedAt", now_text)
  -- Absent fields have their defaults, which saves memory on the million of tasks that are like all others.
  if priority ~= "normal" then redis.call("HSET", task, "priority", priority) end
  if timeout_ms ~= "" and timeout_ms ~= DEFAULT_TIMEOUT_MS then redis.call("HSET", task, "timeoutMs", timeout_ms) end
  if trace ~= "" then redis.call("HSET", task, "trace", trace) end
  if dedupe ~= "" then redis.call("HSET", task, "dedupe", dedupe) end
  if delay > 0 then put_back(id, task, priority, 0, delay) end
  publish("added", id, state, 0)
  return nil, delay == 0 and priority or nil
end
