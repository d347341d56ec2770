-- Ends the lease of a worker that holds nothing any more. One that holds something keeps it, for recover to find.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] worker
-- Reply: "ok" or "holds-tasks"
local worker = ARGV[3]
if (tonumber(redis.call("HGET", key_of.worker(worker), "held")) or 0) > 0 then return { "holds-tasks" } end
redis.call("ZREM", key.leases, worker)
redis.call("ZREM", key.idle, worker)
redis.call("ZREM", key.reserved, worker)
redis.call("UNLINK", key_of.worker(worker), key_of.wake(worker), key_of.notices(worker))
return { "ok" }
