-- Repeats the reply to a claim: those of its tasks that the worker still holds under that token.
-- Returns the group of grants { token, solo, … } and how many tasks are in it.
local function regrant(worker, token, ids)
  local group = { token, "" }
  for id in string.gmatch(ids, "%S+") do
    local claimed = parse_entry(redis.call("HGET", key.processing, id))
    local fields = claimed and claimed.token == token and claimed.worker == worker
      and read(key_of.task(id), "payload", "attempt", "maxRetries", "addedAt", "crashes", "timeoutMs", "trace")
    if fields and fields[1] then
      if claimed.solo then group[2] = "solo" end
      local last = #group
      group[last + 1], group[last + 2] = id, fields[1]
      group[last + 3] = in_numbers(fields[2], fields[3], fields[4], fields[5], fields[6], fields[7])
    end
  end
  return group, (#group - 2) / 3
end
