-- Removes every key of the queue, some thousand a call.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   Reply: "ok" or "more" (call again)
local LIMIT = 1000
local function unlink(ids)
  local tasks = {}
  for _, id in ipairs(ids) do tasks[#tasks + 1] = key_of.task(id) end
  if #tasks > 0 then redis.call("UNLINK", unpack(tasks)) end
  return #ids
end

for _, list in ipairs({ key_of.pending("high"), key_of.pending("normal"), key_of.pending("low"), key.suspects,
  key.completed, key.cancelled }) do
  if unlink(redis.call("RPOP", list, LIMIT) or {}) == LIMIT then return { "more" } end
end
for _, set in ipairs({ key.scheduled, key.dead }) do
  local ids = redis.call("ZRANGE", set, 0, LIMIT - 1)
  if unlink(ids) > 0 then redis.call("ZREM", set, unpack(ids)) end
  if #ids == LIMIT then return { "more" } end
end
local processing = redis.call("HKEYS", key.processing)
for index = 1, #processing, LIMIT do unlink({ unpack(processing, index, math.min(#processing, index + LIMIT - 1)) }) end

local workers = {}
for _, set in ipairs({ key.leases, key.idle, key.reserved, key.noticed }) do
  for _, worker in ipairs(redis.call("ZRANGE", set, 0, -1)) do workers[worker] = true end
end
for worker in pairs(workers) do
  redis.call("UNLINK", key_of.worker(worker), key_of.wake(worker), key_of.notices(worker))
end
local minute = math.floor(now / 60000)
for past = minute - 120, minute do redis.call("UNLINK", key_of.series(past)) end
for _, reason in ipairs({ "exhausted", "unrecoverable", "invalid-input", "timeout", "crash-loop", "cancelled" }) do
  redis.call("UNLINK", key_of.deadBy(reason))
end
-- The fence begins again at the time, above what was issued: an old token will not fit a task that is added again.
redis.call("UNLINK", key.processing, key.counters, key.histograms, key.days, key.dedupe, key.leases, key.idle, key.reserved,
  key.noticed, key.fence, key.paused, key.lastBeat, key.grace, key.events)
return { "ok" }
