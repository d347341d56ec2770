-- Keeps what is counted each minute for longer: in the histograms since the queue was made, and in the days.
-- `foldedMinute` in the histograms is the last minute that is in them.
local DAYS_KEPT = 90
local DAY_SECONDS = 86400

local function drop_days_before(first)
  for _, field in ipairs(redis.call("HKEYS", key.days)) do
    if (tonumber(string.match(field, "^%d+")) or 0) < first then redis.call("HDEL", key.days, field) end
  end
  redis.call("EXPIRE", key.days, DAYS_KEPT * DAY_SECONDS)
end

-- What the totals have gained belongs to the day of `minute`, the first that is not folded: while anybody works, that is
-- the one before this. `inDays:<total>` in the histograms is how much of a total is in the days already.
local function fold_day(minute, new_queue)
  local day = math.floor(minute / 1440)
  for _, name in ipairs({ "completed", "failed", "dead" }) do
    local total = tonumber(redis.call("HGET", key.counters, name)) or 0
    -- A queue that an older version has filled does not begin with a day of all its past.
    local known = tonumber(redis.call("HGET", key.histograms, "inDays:" .. name)) or (new_queue and 0 or total)
    local gained = total - known
    if gained > 0 and redis.call("HINCRBY", key.days, day .. ":" .. name, gained) == gained then
      drop_days_before(day - DAYS_KEPT + 1)
    end
    redis.call("HSET", key.histograms, "inDays:" .. name, total)
  end
end

local function fold_series()
  local minute = math.floor(now / 60000)
  local folded = tonumber(redis.call("HGET", key.histograms, "foldedMinute"))
  if folded and folded >= minute - 1 then return end
  fold_day(folded and folded + 1 or minute, folded == nil)
  local first = math.max((folded or 0) + 1, minute - 119)
  for past = first, minute - 1 do
    local fields = redis.call("HGETALL", key_of.series(past))
    for index = 1, #fields, 2 do
      if fields[index] ~= "since" then redis.call("HINCRBY", key.histograms, fields[index], fields[index + 1]) end
    end
  end
  redis.call("HSET", key.histograms, "foldedMinute", minute - 1)
end
