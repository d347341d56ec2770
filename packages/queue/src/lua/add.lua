-- ─► pending, or ─► scheduled with a delay: stores tasks. One whose id is known, or whose dedupe key waits or runs,
-- changes nothing and is answered with the id that stands for it.
-- KEYS[1] base of the queue's keys
-- ARGV[1..2] clock   ARGV[3] maxRetries and ARGV[4] timeoutMs of tasks without options
-- then three a task: id, payload, options ("" or "priority|maxRetries|timeoutMs|delayMs|trace|dedupe")
-- Reply: "ok", then for each task that was not added: its position from 1, the id that stands for it
local max_retries, timeout_ms = ARGV[3], ARGV[4]
local DEFAULT_TIMEOUT = "300000"
local reply = { "ok" }
local added = 0
local ready = { high = {}, normal = {}, low = {} }

local function standing_for(id, dedupe)
  if redis.call("EXISTS", key_of.task(id)) == 1 then return id end
  local same = dedupe and redis.call("HGET", key.dedupe, dedupe)
  if not same then return nil end
  local fields = read(key_of.task(same), "state")
  local state = fields and fields[1]
  return (state == "pending" or state == "scheduled" or state == "processing") and same or nil
end

for index = 5, #ARGV, 3 do
  local id, payload, options = ARGV[index], ARGV[index + 1], ARGV[index + 2]
  local priority, retries, timeout, delay, trace, dedupe = "normal", max_retries, timeout_ms, 0, "", nil
  if options ~= "" then
    priority, retries, timeout, delay, trace, dedupe = string.match(options, "^(%a+)|(%d+)|(%d+)|(%d+)|([%x-]*)|(.*)$")
    delay = tonumber(delay)
    if dedupe == "" then dedupe = nil end
  end
  local standing = standing_for(id, dedupe)
  if standing then
    reply[#reply + 1] = (index - 2) / 3
    reply[#reply + 1] = standing
  else
    local task = key_of.task(id)
    local state = delay > 0 and "scheduled" or "pending"
    redis.call("HSET", task, "state", state, "payload", payload, "attempt", 0, "maxRetries", retries, "addedAt", now)
    -- Absent fields have their defaults, which saves memory on the million of tasks that are like all others.
    if priority ~= "normal" then redis.call("HSET", task, "priority", priority) end
    if timeout ~= DEFAULT_TIMEOUT then redis.call("HSET", task, "timeoutMs", timeout) end
    if trace ~= "" then redis.call("HSET", task, "trace", trace) end
    if dedupe then
      redis.call("HSET", task, "dedupe", dedupe)
      redis.call("HSET", key.dedupe, dedupe, id)
    end
    if delay > 0 then put_back(id, task, priority, 0, delay)
    else ready[priority][#ready[priority] + 1] = id end
    publish("added", id, state, 0)
    added = added + 1
  end
end
local pushed = 0
for priority, ids in pairs(ready) do
  if #ids > 0 then redis.call("LPUSH", key_of.pending(priority), unpack(ids)) end
  pushed = pushed + #ids
end
if added > 0 then count("added", added) end
wake(pushed)
return reply
