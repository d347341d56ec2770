-- Notes how far the holder of a claim has come.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] id   ARGV[4] token   ARGV[5] progress as JSON
-- Reply: "ok" or "lease-lost"
local id, token, progress = ARGV[3], ARGV[4], ARGV[5]
local claimed = parse_entry(redis.call("HGET", key.processing, id))
if not claimed or claimed.token ~= token or not read(key_of.task(id), "state") then return { "lease-lost" } end
redis.call("HSET", key_of.task(id), "progress", progress)
return { "ok" }
