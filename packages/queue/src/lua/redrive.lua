-- dead → pending, or scheduled with a delay; attempts and crashes are counted anew, the history stays.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   then two a task: id, delayMs
-- Reply: "ok", how many were dead
local moved, ready = 0, 0
for index = 3, #ARGV, 2 do
  local id, delay = ARGV[index], tonumber(ARGV[index + 1])
  local task = key_of.task(id)
  local fields = read(task, "state", "priority", "dedupe", "deadReason")
  if fields and fields[1] == "dead" then
    redis.call("ZREM", key.dead, id)
    if fields[4] then redis.call("ZREM", key_of.deadBy(fields[4]), id) end
    redis.call("HSET", task, "attempt", 0)
    redis.call("HDEL", task, "crashes", "deadReason", "finishedAt", "cancelRequested", "progress")
    if fields[3] then redis.call("HSETNX", key.dedupe, fields[3], id) end
    local state = put_back(id, task, fields[2], 0, delay)
    publish("redriven", id, state, 0)
    moved = moved + 1
    if state == "pending" then ready = ready + 1 end
  end
end
if moved > 0 then count("redriven", moved) end
wake(ready)
return { "ok", moved }
