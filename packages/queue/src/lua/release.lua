-- processing → pending or scheduled, the attempt given back; cancelled when that was asked for.
-- Given back, not failed: a deploy is not the task's fault.
local function release(id, task, claim, delay, max_count, error)
  local fields = read(task, "attempt", "crashes", "cancelRequested", "priority", "dedupe", "attempts")
  if not fields then return bury_malformed(id, task) end
  local attempt = tonumber(fields[1]) or 1
  redis.call("HSET", task, "settledAs", "release " .. claim.token, "attempt", attempt - 1,
    "attempts", with_attempt(fields[6], attempt, claim.worker, claim.since, "released", error))
  count("released", 1)
  local state
  if fields[3] then
    state = to_cancelled(id, task, fields[5], max_count)
  else
    state = put_back(id, task, fields[4], fields[2], delay, true)
  end
  publish(state == "cancelled" and state or "released", id, state, attempt - 1, claim.worker)
  return state
end
