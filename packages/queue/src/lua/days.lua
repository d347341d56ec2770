-- Reads what was counted on each day. Writes nothing.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock
-- Reply: "ok", now, fields of the days, then what is in none of them yet: the day it belongs to, completed, failed, dead
local folded = tonumber(redis.call("HGET", key.histograms, "foldedMinute"))
local reply = { "ok", now_text, redis.call("HGETALL", key.days),
  math.floor((folded and folded + 1 or now / 60000) / 1440) }
for _, name in ipairs({ "completed", "failed", "dead" }) do
  local total = tonumber(redis.call("HGET", key.counters, name)) or 0
  local known = tonumber(redis.call("HGET", key.histograms, "inDays:" .. name)) or (folded and total or 0)
  reply[#reply + 1] = math.max(0, total - known)
end
return reply
