-- One page of ids in a state. Writes nothing.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] state, or "dead:<reason>"   ARGV[4] where the last page
-- ended, "" for the first   ARGV[5] most ids
-- Reply: "ok", where this page ends ("" when it is the last), ids: pending and scheduled ones as they will run, finished
-- ones newest first
local state, after, limit = ARGV[3], ARGV[4], tonumber(ARGV[5])

-- Lists have no order that outlives a claim, so their pages are counted from the front.
local function page_of_lists()
  local names = { key.suspects, key_of.pending("high"), key_of.pending("normal"), key_of.pending("low") }
  local which, from = string.match(after, "^(%d) (%d+)$")
  which, from = tonumber(which) or 1, tonumber(from) or 0
  local ids = {}
  -- Cancelled ids fill no page; 20 steps bound the search for others.
  for _ = 1, 20 do
    if which > #names or #ids == limit then break end
    local part = redis.call("LRANGE", names[which], -(from + limit - #ids), -(from + 1))
    if #part == 0 then
      which, from = which + 1, 0
    else
      for index = #part, 1, -1 do
        local fields = read(key_of.task(part[index]), "state")
        if not fields or not fields[1] or fields[1] == "pending" then ids[#ids + 1] = part[index] end
      end
      from = from + #part
    end
  end
  local left = which <= #names and redis.call("LLEN", names[which]) > from
  for later = which + 1, #names do left = left or redis.call("EXISTS", names[later]) == 1 end
  return left and (which .. " " .. from) or "", ids
end

local function page_of_set(set, newest_first)
  local start = 0
  if after ~= "" then
    local score, id = string.match(after, "^(%S+) (.+)$")
    local rank = redis.call(newest_first and "ZREVRANK" or "ZRANK", set, id)
    -- The task it ended with has moved on: go on after its time.
    if rank then start = rank + 1
    elseif newest_first then start = redis.call("ZCOUNT", set, "(" .. score, "+inf")
    else start = redis.call("ZCOUNT", set, "-inf", "(" .. score) end
  end
  local found = redis.call(newest_first and "ZREVRANGE" or "ZRANGE", set, start, start + limit - 1, "WITHSCORES")
  local ids = {}
  for index = 1, #found, 2 do ids[#ids + 1] = found[index] end
  local last = #found > 0 and redis.call("ZCARD", set) > start + #ids and (found[#found] .. " " .. found[#found - 1]) or ""
  return last, ids
end

-- Tasks end at the left of their list and are dropped at its right. So a place in it is told by how many had ended up to
-- there since the queue was made.
local function page_of_ended(list, counter)
  local ended = tonumber(redis.call("HGET", key.counters, counter)) or 0
  local start = after == "" and 0 or math.max(0, ended - (tonumber(after) or 0) + 1)
  local ids = redis.call("LRANGE", list, start, start + limit - 1)
  local left = #ids > 0 and redis.call("LLEN", list) > start + #ids
  return left and string.format("%.0f", ended - start - #ids + 1) or "", ids
end

local function page_of_processing()
  local all = redis.call("HKEYS", key.processing)
  table.sort(all)
  local ids = {}
  for _, id in ipairs(all) do
    if id > after and #ids < limit then ids[#ids + 1] = id end
  end
  return #ids > 0 and ids[#ids] ~= all[#all] and ids[#ids] or "", ids
end

local last, ids
if state == "pending" then last, ids = page_of_lists()
elseif state == "processing" then last, ids = page_of_processing()
elseif state == "scheduled" then last, ids = page_of_set(key.scheduled, false)
elseif state == "completed" then last, ids = page_of_ended(key.completed, "completed")
elseif state == "cancelled" then last, ids = page_of_ended(key.cancelled, "cancelled")
elseif state == "dead" then last, ids = page_of_set(key.dead, true)
else
  local reason = string.sub(state, 6)
  last, ids = page_of_set(key_of.deadBy(reason), true)
end
return { "ok", last, ids }
