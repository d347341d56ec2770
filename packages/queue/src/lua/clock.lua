-- The first part of every script: where the keys begin, and the time.
-- KEYS[1] base of the queue's keys, itself no key   KEYS[2] one of them, for a cluster that moves the slot; see keys.ts
-- ARGV[1] now, or "" for Redis' clock   ARGV[2] "1" when transitions are to be published
local base = KEYS[1]

-- Milliseconds by Redis' own clock, or by the one a test brings. Read once. As text for commands, which would format a
-- number each time; Redis tells its seconds and microseconds as texts, too.
local now_text = ARGV[1]
if now_text == "" then
  local time = redis.call("TIME")
  now_text = time[1] .. string.sub("00000" .. time[2], -6, -4)
end
-- Adding reads a text once, tonumber twice: the hot path adds 0 to what imgq itself has written.
local now = now_text + 0
local publishing = ARGV[2] == "1"

-- Tells listeners what happened to a task; the stream keeps about the last 10,000 events and no payloads.
local function publish(type, id, state, attempt, worker)
  if not publishing then return end
  redis.call("XADD", key.events, "MAXLEN", "~", "10000", "*", "type", type, "id", id, "state", state,
    "attempt", attempt, "worker", worker or "", "at", now)
end

-- A whole number for a command or a key: left to themselves, Redis and Lua write it as if it were a fraction, which takes longer.
local function digits(number)
  return number == 1 and "1" or string.format("%d", number)
end

local function count(name, times)
  redis.call("HINCRBY", key.counters, name, digits(times))
end
