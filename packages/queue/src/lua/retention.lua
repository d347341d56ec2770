-- Finished tasks that nobody will miss: completed and cancelled ones are in lists, the latest on the left.

-- Turns the ids into keys, in place.
local function drop(ids)
  for index = 1, #ids do ids[index] = key_of.task(ids[index]) end
  if #ids > 0 then redis.call("UNLINK", unpack(ids)) end
end

-- Drops the oldest of `number` in the list beyond `max_count`: when there are some more than that, so that it is not done for
-- each. `recover` drops the rest.
local function drop_beyond(list, number, max_count)
  local excess = number - max_count
  if excess <= math.min(50, max_count / 20) then return end
  drop(redis.call("RPOP", list, math.min(excess, 2000)))
end
