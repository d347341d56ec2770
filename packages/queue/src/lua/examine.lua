-- Looks at a task that is to be claimed and is not plainly new: it has options, was claimed before, or is malformed.
-- Returns its next attempt, its numbers for the grant, since when it could have been claimed, and the entry of its claim.
-- Nothing when it must not run: an id was left of a task that was cancelled or purged, or pending → dead (`invalid-input`).
local function examine(id, task, fields, claim)
  local payload, attempt, max_retries, added_at = fields[1], fields[2] or "0", fields[3], fields[4]
  local others = fields.err and {} or redis.call("HMGET", task, "state", "dueAt", "crashes", "timeoutMs", "dedupe", "trace")
  local state, due_at, crashes, timeout_ms = others[1], others[2] or added_at, others[3], others[4]
  if not fields.err and ((state and state ~= "pending") or redis.call("EXISTS", task) == 0) then
    if redis.call("HINCRBY", key.counters, "stale", -1) < 0 then redis.call("HSET", key.counters, "stale", 0) end
    return nil
  end
  if not state or not payload or not count_in(attempt) or not count_in(max_retries) or not count_in(added_at)
    or not count_in(crashes or "0") or not count_in(timeout_ms or "0") then
    bury_malformed(id, task)
    return nil
  end
  attempt = string.format("%d", count_in(attempt) + 1)
  return attempt, in_numbers(attempt, max_retries, added_at, crashes, timeout_ms, others[6]),
    tonumber(due_at) and due_at or now_text, others[5] and (claim .. "|dedupe") or claim
end
