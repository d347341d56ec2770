-- processing → completed, for a claim whose token is current. `completed` collects score and id for one ZADD a batch.
-- `settledAs` stays, so that a repeated settle is answered like the first.
local function complete(id, task, claim, result, completed, runs)
  local written
  if result == "" then
    written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now, "settledAs", "complete " .. claim.token)
  else
    written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now, "settledAs", "complete " .. claim.token,
      "result", result)
  end
  if type(written) == "table" then return bury_malformed(id, task) end
  if claim.flags ~= "" then forget_dedupe(id, redis.call("HGET", task, "dedupe")) end
  completed[#completed + 1] = now
  completed[#completed + 1] = id
  note(runs, now - claim.since)
  if publishing then publish("completed", id, "completed", redis.call("HGET", task, "attempt"), claim.worker) end
end
