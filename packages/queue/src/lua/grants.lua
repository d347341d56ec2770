-- What the reply to a claim tells of tasks: their numbers, and all that are granted under one token.

-- What a text counts, or false. Tasks claimed together mostly say the same.
local counts = {}
local function count_in(text)
  local number = counts[text]
  if number == nil then
    number = tonumber(text)
    if not number or number < 0 or number % 1 ~= 0 then number = false end
    counts[text] = number
  end
  return number
end

-- The numbers of a grant and its trace as one text: a reply of few parts is quick to write and to read. What most tasks do not
-- have is left out at the end.
local function in_numbers(attempt, max_retries, added_at, crashes, timeout_ms, trace)
  local numbers = attempt .. " " .. max_retries .. " " .. added_at
  if not crashes and not timeout_ms and not trace then return numbers end
  numbers = numbers .. " " .. (crashes or "0") .. " " .. (timeout_ms or DEFAULT_TIMEOUT_MS)
  return trace and (numbers .. " " .. trace) or numbers
end

-- A group of grants, all under one token: { token, "solo" or "", ids, changes, then the payload of each task }. The ids are a
-- JSON list, as anybody may have made one up. The changes are a list of positions, from 1, and the numbers that hold from
-- there on.
local GROUP_HEAD = 4
local function new_group(token) return { token, "", "", {} } end
