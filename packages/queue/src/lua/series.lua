-- Per-minute series: counts, and durations in buckets that grow by 2^(1/4). Two hours are kept.
local SERIES_SECONDS = 7200
local FOURTHS = 4 / math.log(2)

-- The same as bucketOf in histogram.ts.
local function bucket_of(ms)
  if ms < 1 then return 0 end
  return math.min(120, 1 + math.floor(math.log(ms) * FOURTHS))
end

-- Collects durations by their milliseconds, so that a batch costs a few increments and logarithms, and not one a task.
local LONGEST_MS = 1e12
local function durations()
  return { counts = {}, total = 0 }
end

local function note(collected, ms, times)
  -- Anybody may have written the times of a task: "nan" and "inf" are numbers too.
  ms = ms >= 0 and math.floor(math.min(ms, LONGEST_MS)) or 0
  local counts = collected.counts
  counts[ms] = (counts[ms] or 0) + times
  collected.total = collected.total + times
end

local SUMS = { completed = "runSumMs", failed = "runSumMs", wait = "waitSumMs" }

-- Adds durations to this minute's: fields "completed:<bucket>", "failed:<bucket>", "wait:<bucket>" and their sums.
-- `since` is when the first of them was noted.
local function add_to_series(name, collected)
  local minute = math.floor(now / 60000)
  local series = key_of.series(digits(minute))
  local buckets, sum = {}, 0
  for ms, number in pairs(collected.counts) do
    local bucket = bucket_of(ms)
    buckets[bucket] = (buckets[bucket] or 0) + number
    sum = sum + ms * number
  end
  for bucket, number in pairs(buckets) do
    -- The first of its bucket in this minute; maybe the first of all.
    if redis.call("HINCRBY", series, name .. ":" .. digits(bucket), digits(number)) == number then
      redis.call("EXPIRE", series, SERIES_SECONDS)
      redis.call("HSETNX", series, "since", now_text)
    end
  end
  if sum > 0 then redis.call("HINCRBY", series, SUMS[name], digits(sum)) end
end
