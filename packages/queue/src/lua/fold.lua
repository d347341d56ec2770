-- Adds the minutes that have ended since the last time to the histograms since the queue was made.
-- `foldedMinute` in the histograms is the last minute that is in them.
local function fold_series()
  local minute = math.floor(now / 60000)
  local folded = tonumber(redis.call("HGET", key.histograms, "foldedMinute"))
  if folded and folded >= minute - 1 then return end
  local first = math.max((folded or 0) + 1, minute - 119)
  for past = first, minute - 1 do
    local fields = redis.call("HGETALL", key_of.series(past))
    for index = 1, #fields, 2 do
      if fields[index] ~= "since" then redis.call("HINCRBY", key.histograms, fields[index], fields[index + 1]) end
    end
  end
  redis.call("HSET", key.histograms, "foldedMinute", minute - 1)
end
