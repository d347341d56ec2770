-- processing → pending, dead (`crash-loop`) or cancelled: takes back up to `limit` tasks that a dead worker held.
-- Each was in hand when the worker died and may be the cause: it is counted, and runs alone from now on.
-- Returns how many were taken, how many of them died, and whether more are left.
local function take_back(worker, cause, max_crashes, max_count, limit)
  local taken, dead = 0, 0
  local entries = redis.call("HGETALL", key.processing)
  for index = 1, #entries, 2 do
    local id, claimed = entries[index], parse_entry(entries[index + 1])
    if claimed and claimed.worker == worker then
      if taken == limit then return taken, dead, true end
      taken = taken + 1
      redis.call("HDEL", key.processing, id)
      notify(worker, "lost", id, claimed.token)
      if lose(id, claimed, cause, max_crashes, max_count) == "dead" then dead = dead + 1 end
    end
  end
  redis.call("ZREM", key.leases, worker)
  redis.call("ZREM", key.idle, worker)
  redis.call("ZREM", key.reserved, worker)
  redis.call("UNLINK", key_of.worker(worker), key_of.wake(worker))
  return taken, dead, false
end
