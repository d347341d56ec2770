-- What a group of completes needs when it has results, repeats or malformed tasks; see complete.lua.

-- Ids and results, which come in turn.
local function apart(values)
  local ids, results = {}, {}
  for index = 1, #values, 2 do
    ids[#ids + 1], results[#results + 1] = values[index], values[index + 1]
  end
  return ids, results
end

-- A complete that was sent twice in one call counts once, with the result it had first.
local function drop_repeated(ids, results)
  local seen, kept = {}, 0
  for index = 1, #ids do
    local id = ids[index]
    if not seen[id] then
      seen[id], kept = true, kept + 1
      ids[kept] = id
      if results then results[kept] = results[index] end
    end
  end
  for index = #ids, kept + 1, -1 do ids[index] = nil end
end

local function without_gaps(ids)
  local kept = {}
  for index = 1, #ids do if ids[index] then kept[#kept + 1] = ids[index] end end
  return kept
end
