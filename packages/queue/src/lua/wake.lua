-- Wakes up to `times` workers that said they are idle, each by one element on the list it blocks on.
-- A worker is in `idle` only when it found nothing to claim, so "tasks pending" and "workers idle" are never both true.
local WAKE_KEPT_MS = "10000"

local function wake(times)
  local left = math.min(times, 100)
  while left > 0 do
    local popped = redis.call("ZPOPMIN", key.idle, digits(left))
    if #popped == 0 then return end
    for index = 1, #popped, 2 do
      -- One that should have come back before now has gone.
      if tonumber(popped[index + 1]) >= now then
        local list = key_of.wake(popped[index])
        redis.call("RPUSH", list, "wake")
        redis.call("PEXPIRE", list, WAKE_KEPT_MS)
        left = left - 1
      end
    end
  end
end
