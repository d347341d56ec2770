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

local SUMS = { completed = "runSumMs", failed = "runSumMs", wait = "waitSumMs" }

-- Adds durations to this minute's: fields "completed:<bucket>", "failed:<bucket>", "wait:<bucket>" and their sums.
local function add_to_series(name, collected)
  local minute = math.floor(now / 60000)
  local series = key_of.series(minute)
  for bucket, number in pairs(collected.counts) do
    -- The first of its bucket in this minute; maybe the first of all.
    if redis.call("HINCRBY", series, name .. ":" .. bucket, number) == number then
      redis.call("EXPIRE", series, SERIES_SECONDS)
    end
  end
  if collected.sum > 0 then redis.call("HINCRBY", series, SUMS[name], collected.sum) end
end
