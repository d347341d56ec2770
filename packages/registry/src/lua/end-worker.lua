-- Ends a worker: it left (`stopped`), or somebody knows that it is gone (`dead`).
-- KEYS: 1 workers · 2 ended · 3 worker hash · 4 its commands
-- ARGV: 1 worker id · 2 clock override in ms, 0 for none · 3 ms to keep · 4 state: stopped or dead · 5 reason ·
--       6 last beat it must still have, "" for any · 7 "keep" leaves it registered until cleanup, "remove" does not
-- Reply: {"ok"} · {"unchanged"} when it beat again, is unknown, or had ended before
local workers, ended, worker, commands = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, now, keepMs, state, reason = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4], ARGV[5]
local expectedBeat, registered = ARGV[6], ARGV[7]
if now == 0 then
  local time = redis.call("TIME")
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

local known = redis.call("HMGET", worker, "lastBeatAt", "endedAt", "state")
if not known[1] or (expectedBeat ~= "" and known[1] ~= expectedBeat) then
  return { "unchanged" }
end
if known[2] and not (registered == "remove" and redis.call("ZSCORE", workers, id)) then
  return { "unchanged" }
end

redis.call("PEXPIRE", worker, keepMs)
if not known[2] then
  redis.call("HSET", worker, "state", state, "stateBefore", known[3] or "", "endReason", reason, "endedAt", now)
end
redis.call("DEL", commands)
if registered == "remove" then
  redis.call("ZREM", workers, id)
  redis.call("ZADD", ended, known[2] or now, id)
end
return { "ok" }
