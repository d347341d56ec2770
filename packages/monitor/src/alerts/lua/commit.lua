-- Keeps the states of alerts and the messages that their change brought, if the monitor still leads.
-- KEYS: 1 leader, 2 states (string: JSON), 3 undelivered (hash: message id to JSON), 4 history (list: JSON, newest first)
-- ARGV: 1 id of the monitor, 2 states as JSON, 3 length of the history, then pairs of message id and message as JSON
-- Reply: {"ok"} or {"not-leader"}
local leader, states, undelivered, history = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local id, newStates, historyLength = ARGV[1], ARGV[2], tonumber(ARGV[3])
if redis.call("GET", leader) ~= id then return { "not-leader" } end
redis.call("SET", states, newStates)
for index = 4, #ARGV, 2 do
  local messageId, message = ARGV[index], ARGV[index + 1]
  -- A replay of this script must not write a message twice.
  if redis.call("HSETNX", undelivered, messageId, message) == 1 then redis.call("LPUSH", history, message) end
end
redis.call("LTRIM", history, 0, historyLength - 1)
return { "ok" }
