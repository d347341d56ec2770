// The words of @imgq/queue, written out: taking them from there would load a Redis client before it is known whether the
// command needs one. A test sees to it that they are the same.
export const taskStates = ["scheduled", "pending", "processing", "completed", "dead", "cancelled"] as const;

export const priorities = ["high", "normal", "low"] as const;

export const deadReasons = [
  "exhausted",
  "unrecoverable",
  "invalid-input",
  "timeout",
  "crash-loop",
  "cancelled",
] as const;
