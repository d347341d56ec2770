-- The numbers of a grant and its trace as one text: a reply of few parts is quick to write and to read. What most tasks do not
-- have is left out at the end.
local function in_numbers(attempt, max_retries, added_at, crashes, timeout_ms, trace)
  local numbers = attempt .. " " .. max_retries .. " " .. added_at
  if not crashes and not timeout_ms and not trace then return numbers end
  numbers = numbers .. " " .. (crashes or "0") .. " " .. (timeout_ms or "300000")
  return trace and (numbers .. " " .. trace) or numbers
end
