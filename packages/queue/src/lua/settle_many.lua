-- What a worker has finished, when it is much: beside the rounds of cycle.lua, so that no claim waits for it. May be repeated:
-- settles are known by their tokens.
-- KEYS[1] base of the queue's keys
-- ARGV[1..2] clock   ARGV[3] worker   ARGV[4] finished tasks kept   ARGV[5..] settles, as in settle.lua
-- Reply: "ok", positions of refused settles
local worker, refused = ARGV[3], {}
local me = key_of.worker(worker)
local held = tonumber(redis.call("HGET", me, "held")) or 0
local let_go, solo_ended, others = settle_all(worker, 5, ARGV[4] + 0, refused)
if let_go > 0 then
  redis.call("HSET", me, "held", digits(math.max(0, held - let_go)))
  if solo_ended then redis.call("HSET", me, "solo", "") end
end
-- What was completed leaves nothing to do for others.
if (others or solo_ended) and redis.call("EXISTS", key.paused) == 0 then wake(pending_count()) end
return { "ok", refused }
