-- pending or scheduled → cancelled at once. processing: the holder is told at its next beat, and the task neither retries
-- nor comes back; if it completes all the same, its result is accepted.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] id   ARGV[4] finished tasks kept
-- Reply: "cancelled", "requested", "finished" or "not-found"
local id, max_count = ARGV[3], tonumber(ARGV[4])
local task = key_of.task(id)
local fields = read(task, "state", "dedupe", "attempt", "crashes")
local state = fields and fields[1]
if not state then return { "not-found" } end
if state == "processing" then
  local claimed = parse_entry(redis.call("HGET", key.processing, id))
  if claimed and redis.call("HSETNX", task, "cancelRequested", now) == 1 then
    notify(claimed.worker, "cancelled", id, claimed.token)
  end
  return { "requested" }
end
if state ~= "pending" and state ~= "scheduled" then return { "finished" } end
if state == "scheduled" then
  redis.call("ZREM", key.scheduled, id)
else
  leave_line(id, fields[4])
end
to_cancelled(id, task, fields[2], max_count)
publish("cancelled", id, "cancelled", fields[3] or 0)
return { "cancelled" }
