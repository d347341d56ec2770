-- Tells the holder of a claim at its next beats.
local NOTICE_MS = 30000
local function notify(worker, kind, id, token)
  local notices = key_of.notices(worker)
  redis.call("ZADD", notices, now, kind .. "|" .. id .. "|" .. token)
  redis.call("PEXPIRE", notices, NOTICE_MS * 2)
  redis.call("ZADD", key.noticed, now, worker)
end
