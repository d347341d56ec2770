-- Takes a beat: the worker is alive, these are its vitals, these commands it has seen.
-- KEYS: 1 workers · 2 ended · 3 worker hash · 4 its commands · 5 outage · 6 none, see keys.ts
-- ARGV: 1 worker id · 2 clock override in ms, 0 for none · 3 ms to keep · 4 heartbeat timeout in ms ·
--       5 sequence of the last command seen · 6 what a worker hash begins with · 7 what a command list begins with ·
--       then fields and values of the vitals, perhaps none
-- Reply: {"ok", command…} each as "<sequence> <json>", told again until seen · {"unknown-worker"}
local workers, ended, worker, commands, outage = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5]
local id, now, keepMs = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local timeoutMs, seen = tonumber(ARGV[4]), tonumber(ARGV[5])
local workerPrefix, commandsPrefix, firstVital = ARGV[6], ARGV[7], 8
if now == 0 then
  local time = redis.call("TIME")
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local previous = redis.call("HMGET", worker, "lastBeatAt", "endedAt", "state")
if not previous[1] or previous[2] then
  return { "unknown-worker" }
end

-- The first write is one that a full Redis allows; a script that has written may go on. A beat must not fail for want of memory.
redis.call("PEXPIRE", worker, keepMs)

-- Nobody has beaten for long, and here is one from before: Redis was away, not the workers. They get time to report back.
local anybody = tonumber(redis.call("HGET", outage, "lastBeatAt") or now)
if now - anybody > timeoutMs and now - tonumber(previous[1]) > timeoutMs then
  redis.call("HSET", outage, "beganAt", anybody, "endedAt", now)
end
redis.call("HSET", outage, "lastBeatAt", now)

if #ARGV >= firstVital then
  redis.call("HSET", worker, "lastBeatAt", now, unpack(ARGV, firstVital))
elseif previous[3] == "starting" then
  redis.call("HSET", worker, "lastBeatAt", now, "state", "running")
else
  redis.call("HSET", worker, "lastBeatAt", now)
end
redis.call("ZADD", workers, now, id)

-- Whoever beats clears away a few that ended long ago.
for _, set in ipairs({ workers, ended }) do
  for _, old in ipairs(redis.call("ZRANGEBYSCORE", set, "-inf", now - keepMs, "LIMIT", 0, 10)) do
    redis.call("DEL", workerPrefix .. old, commandsPrefix .. old)
    redis.call("ZREM", set, old)
  end
end

local waiting = redis.call("LRANGE", commands, 0, -1)
local reply = { "ok" }
for _, entry in ipairs(waiting) do
  if tonumber(string.match(entry, "^%d+")) <= seen then
    redis.call("LPOP", commands)
  else
    reply[#reply + 1] = entry
  end
end
return reply
