-- Per-minute series: counts, and durations in buckets that grow by 2^(1/4). Two hours are kept.
local SERIES_SECONDS = 7200
local FOURTHS = 4 / math.log(2)

-- The same as bucketOf in histogram.ts.
local function bucket_of(ms)
  if ms < 1 then return 0 end
  return math.min(120, 1 + math.floor(math.log(ms) * FOURTHS))
end

-- Collects durations, so that a batch costs a few increments and not one a task.
local function durations()
  return { counts = {}, sum = 0, total = 0 }
end

local function note(collected, ms)
  if ms < 0 then ms = 0 end
  local bucket = bucket_of(ms)
  collected.counts[bucket] = (collected.counts[bucket] or 0) + 1
  collected.sum = collected.sum + ms
  collected.total = collected.total + 1
end

-- Adds `times` to a count of this minute, and the durations collected under `name`.
local function add_to_series(what, times, name, collected)
  if times == 0 then return end
  local minute = math.floor(now / 60000)
  local series = key_of.series(minute)
  if redis.call("HINCRBY", series, what, times) == times then redis.call("EXPIRE", series, SERIES_SECONDS) end
  for bucket, number in pairs(collected.counts) do
    redis.call("HINCRBY", series, name .. ":" .. bucket, number)
  end
  if collected.sum > 0 then redis.call("HINCRBY", series, name .. "SumMs", collected.sum) end
end
