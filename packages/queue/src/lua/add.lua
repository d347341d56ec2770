-- ─► pending, or ─► scheduled with a delay: stores tasks. One whose id is known, or whose dedupe key waits or runs,
-- changes nothing and is answered with the id that stands for it.
-- KEYS[1] base of the queue's keys
-- ARGV[1..2] clock   ARGV[3] maxRetries and ARGV[4] timeoutMs of tasks without options
-- ARGV[5] "2" when none has options, else "3": so many follow for each task: id, payload and, when it is 3, options: "" or
-- "priority|maxRetries|timeoutMs|delayMs|trace|dedupe"
-- Reply: "ok", then for each task that was not added: its position from 1, the id that stands for it
local max_retries, timeout_ms, width = ARGV[3], ARGV[4], tonumber(ARGV[5])
local FIRST = 6
local PLAIN_TIMEOUT = "300000"
local reply = { "ok" }
local added, pushed = 0, 0
local ready = { high = {}, normal = {}, low = {} }

for index = FIRST, #ARGV, width do
  local id, options = ARGV[index], width == 3 and ARGV[index + 2] or ""
  local task = key_of.task(id)
  local standing, line
  if redis.call("EXISTS", task) == 1 then
    standing = id
  elseif options == "" and timeout_ms == PLAIN_TIMEOUT then
    redis.call("HSET", task, "state", "pending", "payload", ARGV[index + 1], "attempt", "0", "maxRetries", max_retries,
      "addedAt", now_text)
    line = "normal"
    if publishing then publish("added", id, "pending", 0) end
  else
    standing, line = rare.store_with_options(id, task, ARGV[index + 1], options, max_retries, timeout_ms)
  end
  if line then ready[line][#ready[line] + 1] = id end
  if standing then
    reply[#reply + 1] = (index - FIRST) / width + 1
    reply[#reply + 1] = standing
  else
    added = added + 1
  end
end
for priority, ids in pairs(ready) do
  if #ids > 0 then redis.call("LPUSH", key_of.pending(priority), unpack(ids)) end
  pushed = pushed + #ids
end
if added > 0 then count("added", added == 1 and "1" or added) end
wake(pushed)
return reply
