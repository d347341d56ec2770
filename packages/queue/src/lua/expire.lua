-- Drops finished tasks that are beyond the count kept or older than `before`, up to `limit` of each. Returns how many were too
-- old. They ended in the order of the list, so the first that is young enough ends the search.
local STEP = 50
local function expire(list, max_count, before, limit)
  local excess = math.min(limit, redis.call("LLEN", list) - max_count)
  if excess > 0 then drop(redis.call("RPOP", list, excess)) end
  local expired = 0
  while expired < limit do
    local oldest = redis.call("LRANGE", list, -STEP, -1)
    local old = 0
    for index = #oldest, 1, -1 do
      local fields = read(key_of.task(oldest[index]), "finishedAt")
      if fields and (tonumber(fields[1]) or 0) > before then break end
      old = old + 1
    end
    if old > 0 then drop(redis.call("RPOP", list, old)) end
    expired = expired + old
    if old < STEP then break end
  end
  return expired
end
