-- Reads workers: those of a set, oldest score first, or one by its id.
-- KEYS: 1 workers or ended, or the hash of one worker · 2 outage · 3 none, see keys.ts, unless one by its id
-- ARGV: 1 clock override in ms, 0 for none · 2 what a worker hash begins with, "" for the one of KEYS[1] · 3 offset · 4 limit
-- Reply: {now, outage began at, outage ended at, ids in this page, {field, value, …}…}
local set, outage = KEYS[1], KEYS[2]
local now, workerPrefix, offset, limit = tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
if now == 0 then
  local time = redis.call("TIME")
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local last = redis.call("HMGET", outage, "beganAt", "endedAt")
local reply = { now, last[1] or "0", last[2] or "0", 0 }
if workerPrefix == "" then
  reply[5] = redis.call("HGETALL", set)
  return reply
end
local ids = redis.call("ZRANGE", set, offset, offset + limit - 1)
reply[4] = #ids
for _, id in ipairs(ids) do
  reply[#reply + 1] = redis.call("HGETALL", workerPrefix .. id)
end
return reply
