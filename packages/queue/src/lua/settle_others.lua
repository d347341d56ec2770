-- processing → what `fail` and `release` make of it: the settles other than completes, from ARGV[at] on. `before` settles went
-- before them. Positions of those whose claim was lost go to `refused`. Returns how many claims ended and whether one of them
-- ran alone.
local function refuse(refused, position, kind, id, token, worker)
  -- The same settle once more is answered like the first; another one is too late.
  local fields = read(key_of.task(id), "state", "claim", "settledAs") or {}
  local repeated
  if fields[1] == "completed" then
    local claimed = parse_entry(fields[2])
    repeated = kind == "complete" and claimed and claimed.token == token and claimed.worker == worker
  else
    repeated = fields[3] == kind .. " " .. token
  end
  if not repeated then refused[#refused + 1] = position end
end

local function settle_others(worker, at, before, max_count, refused)
  local runs = durations()
  local let_go, solo, position = 0, false, before
  while at <= #ARGV do
    local kind, id, token = ARGV[at], ARGV[at + 1], ARGV[at + 2]
    local claimed = parse_entry(redis.call("HGET", key.processing, id))
    local task = key_of.task(id)
    position = position + 1
    if not claimed or claimed.token ~= token or claimed.worker ~= worker then
      refuse(refused, position, kind, id, token, worker)
    else
      redis.call("HDEL", key.processing, id)
      let_go, solo = let_go + 1, solo or claimed.solo
      if kind == "fail" then
        note(runs, now - claimed.since, 1)
        fail(id, task, claimed, ARGV[at + 3], ARGV[at + 4], ARGV[at + 5], tonumber(ARGV[at + 6]), max_count, "retried")
      else
        release(id, task, claimed, tonumber(ARGV[at + 3]), max_count)
      end
    end
    at = at + (kind == "fail" and 7 or 4)
  end
  if runs.total > 0 then add_to_series("failed", runs) end
  return let_go, solo
end
