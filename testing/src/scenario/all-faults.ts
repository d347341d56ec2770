/** Whether the whole matrix of faults is asked for (`pnpm faults`) instead of the subset that fits into a normal test run. */
export const allFaults: boolean = process.env.IMGQ_FAULTS === "all";
