-- scheduled → pending: moves up to `limit` tasks that have become due. Returns how many.
local function promote(limit)
  local due = redis.call("ZRANGEBYSCORE", key.scheduled, "-inf", now, "LIMIT", 0, limit)
  if #due == 0 then return 0 end
  for _, id in ipairs(due) do
    local task = key_of.task(id)
    local fields = read(task, "state", "priority", "crashes")
    if not fields then
      -- No hash: claim will find it malformed and say so.
      to_pending(id, "normal", 0)
    elseif fields[1] == "scheduled" then
      redis.call("HSET", task, "state", "pending")
      to_pending(id, fields[2], fields[3])
    end
  end
  redis.call("ZREM", key.scheduled, unpack(due))
  return #due
end
