-- Gives the lead away, if the monitor has it.
-- KEYS: 1 leader
-- ARGV: 1 id of the monitor
-- Reply: {"ok"}
local leader = KEYS[1]
local id = ARGV[1]
if redis.call("GET", leader) == id then redis.call("DEL", leader) end
return { "ok" }
