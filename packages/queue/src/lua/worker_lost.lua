-- Takes back what a worker held, because somebody saw its process end. Nothing waits for its lease.
-- KEYS[1] base of the queue's keys   ARGV[1..2] clock   ARGV[3] worker   ARGV[4] cause   ARGV[5] maxCrashes
-- ARGV[6] finished tasks kept   Reply: "ok" or "more" (call again), how many were taken
local taken, _, more = take_back(ARGV[3], ARGV[4], tonumber(ARGV[5]), tonumber(ARGV[6]), 500)
if taken > 0 then wake(pending_count()) end
return { more and "more" or "ok", taken }
