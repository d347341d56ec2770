-- Repeats the reply to a claim: those of its tasks that the worker still holds under that token.
-- Returns the group of grants and how many tasks are in it.
local function regrant(worker, token, ids)
  local group, held, told = new_group(token), {}, nil
  local changes = group[4]
  for _, id in ipairs(cjson.decode(ids)) do
    local claimed = parse_entry(redis.call("HGET", key.processing, id))
    local fields = claimed and claimed.token == token and claimed.worker == worker
      and read(key_of.task(id), "payload", "attempt", "maxRetries", "addedAt", "crashes", "timeoutMs", "trace")
    if fields and fields[1] then
      if claimed.solo then group[2] = "solo" end
      held[#held + 1] = id
      group[GROUP_HEAD + #held] = fields[1]
      local numbers = in_numbers(fields[2], fields[3], fields[4], fields[5], fields[6], fields[7])
      if numbers ~= told then
        changes[#changes + 1], changes[#changes + 2] = #held, numbers
        told = numbers
      end
    end
  end
  if #held > 0 then group[3] = cjson.encode(held) end
  return group, #held
end
