-- Removes workers and all that is known of them, a bounded number a call.
-- KEYS: 1 workers · 2 ended · 3 outage · 4 none, see keys.ts
-- ARGV: 1 what a worker hash begins with · 2 what a command list begins with · 3 most workers a call
-- Reply: {"ok", how many are left}
local workers, ended, outage = KEYS[1], KEYS[2], KEYS[3]
local workerPrefix, commandsPrefix, limit = ARGV[1], ARGV[2], tonumber(ARGV[3])

for _, set in ipairs({ workers, ended }) do
  for _, id in ipairs(redis.call("ZRANGE", set, 0, limit - 1)) do
    redis.call("DEL", workerPrefix .. id, commandsPrefix .. id)
    redis.call("ZREM", set, id)
  end
end
redis.call("DEL", outage)
return { "ok", redis.call("ZCARD", workers) + redis.call("ZCARD", ended) }
