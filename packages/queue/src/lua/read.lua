-- Reads tasks, or only their states. Writes nothing.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] "tasks" or "states"   then ids
-- Reply: "ok", then for each id its fields and values, or its state; nothing for unknown ids, "malformed" for keys that
-- hold no hash
local reply = { "ok" }
for index = 4, #ARGV do
  local task = key_of.task(ARGV[index])
  local found
  if ARGV[3] == "tasks" then
    found = redis.pcall("HGETALL", task)
    if #found == 0 and not found.err then found = false end
  else
    found = redis.pcall("HGET", task, "state")
  end
  if type(found) == "table" and found.err then found = "malformed" end
  reply[#reply + 1] = found
end
return reply
