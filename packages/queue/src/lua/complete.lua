-- processing → completed, for claims of `worker` whose token is current: `number` of them from ARGV[at] on, in groups: token,
-- how many, width, then of each its id and, when the width is 2, its result. Positions of the others go to `refused`.
-- Returns how many claims ended, whether one of them ran alone, and where the arguments go on.
-- The hot path of the queue: one HSET a task, the rest once a group.
local function complete_all(worker, at, number, max_count, refused)
  local runs = durations()
  local let_go, solo, position, pushed, done = 0, false, 0, 0, {}
  while position < number do
    local token, size, width = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
    at = at + 3
    local ids = { unpack(ARGV, at, at + size * width - 1) }
    if width == 2 then
      for index = 1, size do ids[index] = ids[2 * index - 1] end
      for index = size + 1, 2 * size do ids[index] = nil end
    end
    local entries = redis.call("HMGET", key.processing, unpack(ids))
    local settled_as, ended, completed = "complete " .. token, {}, {}
    -- Tasks claimed together have the same entry, so what it says is looked at once.
    local entry, claimed
    for index = 1, size do
      local id = ids[index]
      if entries[index] ~= entry then
        entry = entries[index]
        claimed = parse_entry(entry)
        -- After a failover that lost a claim, its token is given once more, to somebody else.
        if claimed and (claimed.token ~= token or claimed.worker ~= worker) then claimed = nil end
      end
      if not claimed or done[id] then
        rare.refuse(refused, position + index, "complete", id, token)
      else
        local task = key_of.task(id)
        local written
        if width == 1 then
          written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now_text, "settledAs", settled_as)
        else
          written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now_text, "settledAs", settled_as,
            "result", ARGV[at + 2 * index - 1])
        end
        if type(written) == "table" then
          rare.bury_malformed(id, task)
        else
          completed[#completed + 1] = id
        end
        done[id] = true
        ended[#ended + 1] = id
        note(runs, now - claimed.since)
        if claimed.flags ~= "" then
          solo = solo or claimed.solo
          rare.forget_dedupe(id, redis.call("HGET", task, "dedupe"))
        end
        if publishing then publish("completed", id, "completed", redis.call("HGET", task, "attempt"), worker) end
      end
    end
    if #ended > 0 then redis.call("HDEL", key.processing, unpack(ended)) end
    if #completed > 0 then redis.call("LPUSH", key.completed, unpack(completed)) end
    let_go, pushed = let_go + #ended, pushed + #completed
    at, position = at + size * width, position + size
  end
  if let_go > 0 then add_to_series("completed", runs) end
  if pushed > 0 then
    count("completed", pushed)
    drop_beyond(key.completed, max_count)
  end
  return let_go, solo, at
end
