-- Takes ids off the lines of the three priorities, so that none starves.
local PASSES_ALLOWED = { normal = 8, low = 32 }

-- The highest priority with tasks, except that one passed over often enough goes first. As nextPriority in
-- priority-rounds.ts.
local function next_priority(waiting, passes)
  local chosen
  if waiting.low > 0 and passes.low >= PASSES_ALLOWED.low then chosen = "low"
  elseif waiting.normal > 0 and passes.normal >= PASSES_ALLOWED.normal then chosen = "normal"
  elseif waiting.high > 0 then chosen = "high"
  elseif waiting.normal > 0 then chosen = "normal"
  elseif waiting.low > 0 then chosen = "low"
  else return nil end
  if chosen == "high" and waiting.normal > 0 then passes.normal = passes.normal + 1 end
  if chosen ~= "low" and waiting.low > 0 then passes.low = passes.low + 1 end
  if chosen ~= "high" then passes[chosen] = 0 end
  return chosen
end

-- Takes up to `limit` ids off the lists.
local function take_ids(limit)
  local high, low = redis.call("LLEN", key_of.pending("high")), redis.call("LLEN", key_of.pending("low"))
  if high == 0 and low == 0 then return redis.call("RPOP", key_of.pending("normal"), limit) or {} end
  local waiting = { high = high, normal = redis.call("LLEN", key_of.pending("normal")), low = low }
  local stored = redis.call("HMGET", key.counters, "passedNormal", "passedLow")
  local passes = { normal = tonumber(stored[1]) or 0, low = tonumber(stored[2]) or 0 }
  local ids = {}
  while #ids < limit do
    local priority = next_priority(waiting, passes)
    if not priority then break end
    waiting[priority] = waiting[priority] - 1
    ids[#ids + 1] = redis.call("RPOP", key_of.pending(priority))
  end
  redis.call("HSET", key.counters, "passedNormal", passes.normal, "passedLow", passes.low)
  return ids
end
