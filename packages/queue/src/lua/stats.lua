-- Reads all that stats() tells. Writes nothing.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] minutes to look back
-- Reply: "ok", now, counts of scheduled, pending, processing, completed, dead, cancelled, paused (0 or 1), since when the
-- oldest pending task could be claimed (0: none), counters, dead by reason (reason, count, …), minutes looked back
-- (fields of each), fields of the histograms, fields of the minutes not yet in them
local minute = math.floor(now / 60000)

local function oldest_pending()
  local oldest = 0
  for _, list in ipairs({ key_of.pending("high"), key_of.pending("normal"), key_of.pending("low"), key.suspects }) do
    -- The next in line is the oldest, but for cancelled ones before it.
    for _, id in ipairs(redis.call("LRANGE", list, -20, -1)) do
      local fields = read(key_of.task(id), "state", "dueAt", "addedAt")
      if fields and fields[1] == "pending" then
        local since = tonumber(fields[2] or fields[3]) or now
        if oldest == 0 or since < oldest then oldest = since end
      end
    end
  end
  return oldest
end

local by_reason = {}
for _, reason in ipairs({ "exhausted", "unrecoverable", "invalid-input", "timeout", "crash-loop", "cancelled" }) do
  by_reason[#by_reason + 1] = reason
  by_reason[#by_reason + 1] = redis.call("ZCARD", key_of.deadBy(reason))
end
local recent = {}
for past = minute - tonumber(ARGV[3]) + 1, minute do recent[#recent + 1] = redis.call("HGETALL", key_of.series(past)) end
local histograms = redis.call("HGETALL", key.histograms)
local folded = tonumber(redis.call("HGET", key.histograms, "foldedMinute")) or 0
local unfolded = {}
for past = math.max(folded + 1, minute - 119), minute do
  local fields = redis.call("HGETALL", key_of.series(past))
  if #fields > 0 then unfolded[#unfolded + 1] = fields end
end
return { "ok", string.format("%.0f", now), redis.call("ZCARD", key.scheduled), pending_count(),
  redis.call("HLEN", key.processing), redis.call("LLEN", key.completed), redis.call("ZCARD", key.dead),
  redis.call("LLEN", key.cancelled), redis.call("EXISTS", key.paused), string.format("%.0f", oldest_pending()),
  redis.call("HGETALL", key.counters), by_reason, recent, histograms, unfolded }
