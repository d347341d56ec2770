-- Takes or keeps the lead among monitors.
-- KEYS: 1 leader (string: id of the leading monitor)
-- ARGV: 1 id of the asking monitor, 2 milliseconds the lead lasts
-- Reply: {"leader"} or {"follower"}
local leader = KEYS[1]
local id, lasts = ARGV[1], ARGV[2]
local current = redis.call("GET", leader)
if current and current ~= id then return { "follower" } end
redis.call("SET", leader, id, "PX", lasts)
return { "leader" }
