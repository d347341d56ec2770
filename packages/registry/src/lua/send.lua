-- Queues a command for the next beat of a worker.
-- KEYS: 1 worker hash · 2 its commands
-- ARGV: 1 command as JSON · 2 nonce of this call · 3 most commands that may wait · 4 ms to keep
-- Reply: {"ok"} · {"duplicate"} when this very call was made before · {"not-found"} · {"too-many"}
local worker, commands = KEYS[1], KEYS[2]
local command, nonce, limit, keepMs = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local known = redis.call("HMGET", worker, "id", "endedAt", "lastCommand")
if not known[1] or known[2] then
  return { "not-found" }
end
if known[3] == nonce then
  return { "duplicate" }
end
if redis.call("LLEN", commands) >= limit then
  return { "too-many" }
end

local sequence = redis.call("HINCRBY", worker, "commandSequence", 1)
redis.call("HSET", worker, "lastCommand", nonce)
redis.call("RPUSH", commands, sequence .. " " .. command)
redis.call("PEXPIRE", commands, keepMs)
return { "ok" }
