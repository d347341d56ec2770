-- processing → pending or cancelled: gives back what a living worker was to hold and does not: a failover undid what it had
-- settled, or the reply with its grant was lost for good.
-- ARGV[first..] worker ("" when none speaks), claims up to this time are spoken of, token of the last claim it received
-- ("" when it has received none), then id, token of each claim it holds.
local function holding_from(first)
  local claims = {}
  for index = first + 3, #ARGV, 2 do claims[ARGV[index]] = ARGV[index + 1] end
  return { worker = ARGV[first], until_time = tonumber(ARGV[first + 1]), last_token = tonumber(ARGV[first + 2]) or math.huge,
    claims = claims }
end

-- Whether a claim is the worker's by what Redis holds, and not by what the worker holds. What it is still to receive has a
-- later token, or was granted a moment ago.
local function is_forgotten(holding, id, claimed)
  return claimed.worker == holding.worker and claimed.since <= holding.until_time
    and tonumber(claimed.token) <= holding.last_token and holding.claims[id] ~= claimed.token
end

local function forget(id, claimed, max_count)
  redis.call("HDEL", key.processing, id)
  redis.call("HINCRBY", key_of.worker(claimed.worker), "held", -1)
  if claimed.solo then redis.call("HDEL", key_of.worker(claimed.worker), "solo") end
  notify(claimed.worker, "lost", id, claimed.token)
  release(id, key_of.task(id), claimed, 0, max_count, '{"name":"ForgottenError","message":'
    .. quoted("not in the hands of " .. claimed.worker .. " any more, and Redis knows of no outcome") .. "}")
end
