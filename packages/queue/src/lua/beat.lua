-- Extends the lease of all that a worker holds, and tells it what it lost and what is to be cancelled.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] worker   ARGV[4] leaseMs
-- Reply: "ok", then notices "lost|id|token" and "cancelled|id|token" of the last half minute
local worker, lease_ms = ARGV[3], tonumber(ARGV[4])
local before = redis.call("SET", key.lastBeat, string.format("%.0f %.0f", now, lease_ms), "GET")
local beat_at, beat_lease = string.match(before or "", "^(%d+) (%d+)$")
if beat_at and now - beat_at > tonumber(beat_lease) then
  -- Nobody beat for longer than a lease: Redis was away, so nobody is counted out before all had time to come back.
  redis.call("SET", key.grace, now + lease_ms, "PX", lease_ms * 10)
end
-- Never shorter: the worker may count on what it was given.
redis.call("ZADD", key.leases, "GT", now + lease_ms, worker)
return { "ok", unpack(redis.call("ZRANGEBYSCORE", key_of.notices(worker), "(" .. (now - NOTICE_MS), "+inf")) }
