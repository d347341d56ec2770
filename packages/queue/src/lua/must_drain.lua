-- Tasks that were in hand when a worker died run alone, so workers take turns at becoming free for one.
local RESERVED_MS = 10000

-- Whether this worker must take nothing, to become free for one of the tasks that run alone.
local function must_drain(worker, suspects)
  redis.call("ZREMRANGEBYSCORE", key.reserved, "-inf", now)
  if not redis.call("ZSCORE", key.reserved, worker) and redis.call("ZCARD", key.reserved) >= suspects then
    return false
  end
  redis.call("ZADD", key.reserved, now + RESERVED_MS, worker)
  return true
end
