-- The attempts of a task that ended otherwise than completed, one line of JSON each.
local HISTORY_LINES = 50
local HISTORY_BYTES = 65536

-- A text as JSON; only for texts made here and identifiers, which need no more than this.
local function quoted(text)
  return '"' .. string.gsub(string.gsub(text, '[%c]', " "), '["\\]', "\\%0") .. '"'
end

-- Adds one line of JSON to the history of a task. `error` is JSON already, or nothing. Returns the new history.
local function with_attempt(history, attempt, worker, started, outcome, error)
  local line = '{"attempt":' .. attempt .. ',"worker":' .. quoted(worker) .. ',"startedAt":' .. started
    .. ',"endedAt":' .. now .. ',"outcome":"' .. outcome .. '"' .. (error and (',"error":' .. error) or "") .. "}"
  history = (history and history ~= "") and (history .. "\n" .. line) or line
  local _, breaks = string.gsub(history, "\n", "\n")
  while breaks > 0 and (breaks >= HISTORY_LINES or #history > HISTORY_BYTES) do
    history = string.sub(history, string.find(history, "\n", 1, true) + 1)
    breaks = breaks - 1
  end
  return history
end
