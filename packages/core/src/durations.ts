// All durations in imgq are milliseconds; these make defaults readable: `5 * MINUTE`.
export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;
export const DAY: number = 24 * HOUR;
