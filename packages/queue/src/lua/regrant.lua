-- Repeats the reply to a claim: those of its tasks that the worker still holds under that token.
-- Returns the group of grants { token, solo, heads, … } and how many tasks are in it.
local function regrant(worker, token, ids)
  local heads, payloads, told = {}, 0, nil
  local group = { token, "", heads }
  for id in string.gmatch(ids, "%S+") do
    local claimed = parse_entry(redis.call("HGET", key.processing, id))
    local fields = claimed and claimed.token == token and claimed.worker == worker
      and read(key_of.task(id), "payload", "attempt", "maxRetries", "addedAt", "crashes", "timeoutMs", "trace")
    if fields and fields[1] then
      if claimed.solo then group[2] = "solo" end
      payloads = payloads + 1
      group[3 + payloads] = fields[1]
      heads[2 * payloads - 1] = id
      local numbers = in_numbers(fields[2], fields[3], fields[4], fields[5], fields[6], fields[7])
      heads[2 * payloads] = numbers == told and "" or numbers
      told = numbers
    end
  end
  return group, payloads
end
