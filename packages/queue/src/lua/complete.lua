-- processing → completed. The hot path of the queue: one HSET a task, the rest once a group.

-- Turns the ids of a group into those that `worker` holds under `token`, in place, and their results with them. Returns since
-- when it has held them, as tasks of one token were claimed together, and whether one of them runs alone.
local function keep_held(ids, results, token, worker, position, refused)
  local entries = redis.call("HMGET", key.processing, unpack(ids))
  local held, since, solo = 0, now, false
  -- They mostly have the same entry, too, so what it says is looked at once.
  local entry, claimed
  for index = 1, #ids do
    local id = ids[index]
    if entries[index] ~= entry then
      entry = entries[index]
      claimed = parse_entry(entry)
      -- After a failover that lost a claim, its token is given once more, to somebody else.
      if claimed and (claimed.token ~= token or claimed.worker ~= worker) then claimed = nil end
    end
    if not claimed then
      rare().refuse(refused, position + index, "complete", id, token, worker)
    else
      held, since = held + 1, claimed.since
      ids[held] = id
      if results then results[held] = results[index] end
      if claimed.flags ~= "" then
        solo = solo or claimed.solo
        rare().forget_dedupe(id, redis.call("HGET", key_of.task(id), "dedupe"))
      end
    end
  end
  for index = #ids, held + 1, -1 do ids[index] = nil end
  return since, solo
end

-- Completes those claims of `worker` whose token is current: `number` of them from ARGV[at] on, in groups: token, how many,
-- width, then of each its id and, when the width is 2, its result. Positions of the others go to `refused`.
-- Returns how many claims ended, whether one of them ran alone, and where the arguments go on.
local function complete_all(worker, at, number, max_count, refused)
  local runs = durations()
  local let_go, solo, position, pushed, kept = 0, false, 0, 0, 0
  while position < number do
    local token, size, width = ARGV[at], ARGV[at + 1] + 0, ARGV[at + 2] + 0
    at = at + 3
    local ids, results = { unpack(ARGV, at, at + size * width - 1) }, nil
    if width == 2 then ids, results = rare().apart(ids) end
    at = at + size * width
    local since, alone = keep_held(ids, results, token, worker, position, refused)
    position, solo = position + size, solo or alone
    if #ids > 0 then
      if redis.call("HDEL", key.processing, unpack(ids)) < #ids then rare().drop_repeated(ids, results) end
      let_go = let_go + #ids
      note(runs, now - since, #ids)
      local malformed = false
      for index = 1, #ids do
        local id = ids[index]
        local task = key_of.task(id)
        local written
        if results then
          written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now_text, "result", results[index])
        else
          written = redis.pcall("HSET", task, "state", "completed", "finishedAt", now_text)
        end
        if type(written) == "table" then
          rare().bury_malformed(id, task)
          ids[index], malformed = false, true
        elseif publishing then
          publish("completed", id, "completed", redis.call("HGET", task, "attempt"), worker)
        end
      end
      if malformed then ids = rare().without_gaps(ids) end
      pushed = pushed + #ids
      if #ids > 0 then kept = redis.call("LPUSH", key.completed, unpack(ids)) end
    end
  end
  if let_go > 0 then add_to_series("completed", runs) end
  if pushed > 0 then
    count("completed", pushed)
    drop_beyond(key.completed, kept, max_count)
  end
  return let_go, solo, at
end
