-- How many tasks could be claimed now. Cancelled ones stay in their list until it is their turn; `stale` counts them.
local function pending_count()
  local stale = tonumber(redis.call("HGET", key.counters, "stale")) or 0
  return math.max(0, redis.call("LLEN", key_of.pending("high")) + redis.call("LLEN", key_of.pending("normal"))
    + redis.call("LLEN", key_of.pending("low")) + redis.call("LLEN", key.suspects) - stale)
end
