-- Stops (ARGV[3] "pause") or starts again (ARGV[3] "resume") the claiming of tasks. What runs goes on.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   Reply: "ok"
if ARGV[3] == "pause" then
  redis.call("SET", key.paused, now)
else
  redis.call("DEL", key.paused)
  wake(pending_count())
end
return { "ok" }
