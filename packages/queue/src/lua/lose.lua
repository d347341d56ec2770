-- processing → pending, dead (`crash-loop`) or cancelled: what the death of its worker means for one task. As
-- verdictOfLoss in verdict.ts.
local function lose(id, claim, cause, max_crashes, max_count)
  local task = key_of.task(id)
  local fields = read(task, "attempt", "crashes", "cancelRequested", "priority", "dedupe", "attempts")
  if not fields then return bury_malformed(id, task) end
  local attempt, crashes = tonumber(fields[1]) or 1, (tonumber(fields[2]) or 0) + 1
  local error = '{"name":"WorkerLostError","message":' .. quoted("worker lost: " .. claim.worker .. ", " .. cause) .. "}"
  redis.call("HSET", task, "crashes", crashes, "lastError", error,
    "attempts", with_attempt(fields[6], attempt, claim.worker, claim.since, "lost", error))
  count("lost", 1)
  local state
  if fields[3] then
    state = to_cancelled(id, task, fields[5], max_count)
  elseif crashes > max_crashes then
    state = to_dead(id, task, "crash-loop", fields[5])
  else
    state = put_back(id, task, fields[4], crashes, 0)
    count("recovered", 1)
  end
  publish(state == "pending" and "recovered" or state, id, state, attempt, claim.worker)
  return state
end
