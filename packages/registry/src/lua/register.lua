-- Makes a worker known and alive.
-- KEYS: 1 workers · 2 ended · 3 worker hash · 4 its commands
-- ARGV: 1 worker id · 2 clock override in ms, 0 for none · 3 ms to keep · 4 registration nonce · then fields and values of the hash
-- Reply: {"ok"} · {"duplicate"} when this very registration was made before
local workers, ended, worker, commands = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, now, keepMs, nonce = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]
if now == 0 then
  local time = redis.call("TIME")
  now = time[1] * 1000 + math.floor(time[2] / 1000)
end

if redis.call("HGET", worker, "registration") == nonce then
  return { "duplicate" }
end

-- A new life under an old name begins with nothing of the old one, above all not with its commands.
redis.call("DEL", worker, commands)
redis.call("ZREM", ended, id)
redis.call("HSET", worker, "id", id, "registration", nonce, "registeredAt", now, "lastBeatAt", now,
  "state", "starting", "commandSequence", 0, unpack(ARGV, 5))
redis.call("PEXPIRE", worker, keepMs)
redis.call("ZADD", workers, now, id)
return { "ok" }
