-- Wakes up to `times` workers that said they are idle, each by one element on the list it blocks on.
-- A worker is in `idle` only when it found nothing to claim, so "tasks pending" and "workers idle" are never both true.
local WAKE_KEPT_MS = 10000

local function wake(times)
  if times < 1 or redis.call("ZCARD", key.idle) == 0 then return end
  redis.call("ZREMRANGEBYSCORE", key.idle, "-inf", "(" .. now)
  local woken = redis.call("ZPOPMIN", key.idle, math.min(times, 100))
  for index = 1, #woken, 2 do
    local list = key_of.wake(woken[index])
    redis.call("RPUSH", list, "wake")
    redis.call("PEXPIRE", list, WAKE_KEPT_MS)
  end
end
