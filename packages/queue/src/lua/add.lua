-- ─► pending, or ─► scheduled with a delay: stores tasks. One whose id is known, or whose dedupe key waits or runs,
-- changes nothing and is answered with the id that stands for it.
-- KEYS[1] base of the queue's keys
-- ARGV[1..2] clock   ARGV[3] maxRetries of tasks without options   ARGV[4] their timeoutMs, or "" when it is the default
-- ARGV[5] "2" when none has options and no id comes twice, else "3": so many follow for each task: id, payload and, when it
-- is 3, options: "" or "priority|maxRetries|timeoutMs|delayMs|trace|dedupe"
-- Reply: "ok" when all were added, else "ok" and for each that was not: its position from 1, the id that stands for it
local max_retries, timeout_ms, width = ARGV[3], ARGV[4], ARGV[5] + 0
local FIRST = 6
-- Ids that wait in the line of normal priority, as most do.
local normal = {}
local standing, added, pending = nil, 0, 0
-- Mostly all of them are new: one question tells.
local tasks, all_new = {}, false
if width == 2 then
  for index = FIRST, #ARGV, 2 do tasks[#tasks + 1] = key_of.task(ARGV[index]) end
  all_new = redis.call("EXISTS", unpack(tasks)) == 0
end

for index = FIRST, #ARGV, width do
  local id, options = ARGV[index], width == 3 and ARGV[index + 2] or ""
  local task = tasks[(index - FIRST) / 2 + 1] or key_of.task(id)
  local same, line
  if not all_new and redis.call("EXISTS", task) == 1 then
    same = id
  elseif options == "" and timeout_ms == "" then
    redis.call("HSET", task, "state", "pending", "payload", ARGV[index + 1], "maxRetries", max_retries, "addedAt", now_text)
    line = "normal"
    if publishing then publish("added", id, "pending", 0) end
  else
    same, line = rare().store_with_options(id, task, ARGV[index + 1], options, max_retries, timeout_ms)
  end
  if line then
    if line == "normal" then normal[#normal + 1] = id else redis.call("LPUSH", key_of.pending(line), id) end
    pending = pending + 1
  end
  if same then
    standing = standing or { "ok" }
    standing[#standing + 1] = (index - FIRST) / width + 1
    standing[#standing + 1] = same
  else
    added = added + 1
  end
end
if #normal > 0 then redis.call("LPUSH", key_of.pending("normal"), unpack(normal)) end
if added > 0 then count("added", added) end
wake(pending)
-- A text is answered quicker than a table.
return standing or "ok"
