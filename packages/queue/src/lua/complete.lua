-- processing → completed, for claims of the worker whose token is current: `number` of them, three arguments each from
-- ARGV[first] on: id, token, result ("" for none). Tells `refuse` of the others and `let_go` of each claim that ended.
-- The hot path of the queue: one HSET a task, the rest once a batch.
local function complete_all(worker, first, number, max_count, refuse, let_go)
  local ids, ended, scored = {}, {}, {}
  local runs = durations()
  for position = 1, number do ids[position] = ARGV[first + 3 * (position - 1)] end
  local entries = redis.call("HMGET", key.processing, unpack(ids))
  local done = {}
  local last_token, settled_as
  for position = 1, number do
    local id, token, result = ids[position], ARGV[first + 3 * position - 2], ARGV[first + 3 * position - 1]
    local claimed = not done[id] and parse_entry(entries[position])
    -- After a failover that lost a claim, its token is given once more, to somebody else.
    if not claimed or claimed.token ~= token or claimed.worker ~= worker then
      refuse(position, "complete", id, token)
    else
      if token ~= last_token then last_token, settled_as = token, "complete " .. token end
      local task = key_of.task(id)
      local written
      if result == "" then
        written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now_text, "settledAs", settled_as)
      else
        written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now_text, "settledAs", settled_as,
          "result", result)
      end
      if type(written) == "table" then
        bury_malformed(id, task)
      else
        scored[#scored + 1] = now_text
        scored[#scored + 1] = id
      end
      done[id] = true
      ended[#ended + 1] = id
      note(runs, now - claimed.since)
      let_go(claimed)
      if claimed.flags ~= "" then forget_dedupe(id, redis.call("HGET", task, "dedupe")) end
      if publishing then publish("completed", id, "completed", redis.call("HGET", task, "attempt"), claimed.worker) end
    end
  end
  if #ended == 0 then return end
  redis.call("HDEL", key.processing, unpack(ended))
  add_to_series("completed", runs)
  count("completed", #ended)
  if #scored == 0 then return end
  redis.call("ZADD", key.completed, unpack(scored))
  drop_beyond(key.completed, max_count)
end
