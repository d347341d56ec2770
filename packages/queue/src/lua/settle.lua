-- processing → whatever became of it: what a worker has finished, from ARGV[at] on.
-- ARGV[at] how many completes follow, in groups; see complete.lua
-- then the other settles: "fail", id, token, outcome, error, deadReason, delayMs · "release", id, token, delayMs
-- Positions, from 1, of those whose claim was lost go to `refused`. Returns how many claims ended, whether one of them ran
-- alone, and whether there were others than completes.
local function settle_all(worker, at, max_count, refused)
  local completes = ARGV[at] + 0
  local let_go, solo, next_at = 0, false, at + 1
  if completes > 0 then let_go, solo, next_at = complete_all(worker, next_at, completes, max_count, refused) end
  local others = next_at <= #ARGV
  if others then
    local ended, ended_solo = rare().settle_others(worker, next_at, completes, max_count, refused)
    let_go, solo = let_go + ended, solo or ended_solo
  end
  if #refused > 0 then count("leaseLost", #refused) end
  return let_go, solo, others
end
