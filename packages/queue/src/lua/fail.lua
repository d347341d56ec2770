-- processing → pending or scheduled (retries left), dead (none left, or the error forbids them), cancelled (asked for).
-- Attempts that ended with their worker are not counted against the retries. As verdictOfFailure in verdict.ts.
local function fail(id, task, claim, outcome, error, dead_reason, delay, max_count, event)
  local fields = read(task, "attempt", "crashes", "maxRetries", "cancelRequested", "priority", "dedupe", "attempts")
  if not fields then return bury_malformed(id, task) end
  local attempt, crashes = tonumber(fields[1]) or 0, tonumber(fields[2]) or 0
  local cancelled = fields[4] ~= false
  local recorded = cancelled and "cancelled" or outcome
  -- Not when it was taken back: its holder has settled nothing, and a late settle must not pass for a repeated one.
  if event == "retried" then redis.call("HSET", task, "settledAs", "fail " .. claim.token) end
  redis.call("HSET", task, "lastError", error,
    "attempts", with_attempt(fields[7], attempt, claim.worker, claim.since, recorded, error))
  count("failed", 1)
  local state
  if cancelled then
    state = to_cancelled(id, task, fields[6], max_count)
  elseif dead_reason ~= "" then
    state = to_dead(id, task, dead_reason, fields[6])
  elseif attempt - crashes <= (tonumber(fields[3]) or 0) then
    state = put_back(id, task, fields[5], crashes, delay)
    count(event, 1)
  else
    state = to_dead(id, task, outcome == "timeout" and "timeout" or "exhausted", fields[6])
  end
  local retried = state == "pending" or state == "scheduled"
  publish(retried and event or state, id, state, attempt, claim.worker)
  return state
end
