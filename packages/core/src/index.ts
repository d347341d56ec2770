export { type Clock, sleep, systemClock } from "./clock.ts";
export { type Bounded, Deadlines } from "./deadlines.ts";
export { DAY, HOUR, MINUTE, SECOND } from "./durations.ts";
export { type ErrorSummary, ImgqError, InvalidOptionError, show, summarizeError } from "./errors.ts";
export {
  createLogger,
  type LogFields,
  type Logger,
  type LoggerOptions,
  type LogLevel,
  logLevels,
  silentLogger,
} from "./logger.ts";
export { Roster, type RosterMember } from "./roster.ts";
export {
  PeriodicService,
  type PeriodicServiceOptions,
  type Service,
  type ServiceStatus,
  serviceStatuses,
} from "./service.ts";
