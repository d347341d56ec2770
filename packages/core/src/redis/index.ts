export {
  type CallOptions,
  type ConnectionStatus,
  RedisConnection,
  type RedisConnectionOptions,
} from "./connection.ts";
export {
  classifyRedisError,
  RedisClosedError,
  type RedisErrorClass,
  RedisFullError,
  RedisRefusedError,
  RedisTimeoutError,
} from "./errors.ts";
export { openSource, type PortableSource, portableSource } from "./portable.ts";
export { defineScript, type Script, type ScriptArgument, type ScriptOptions } from "./script.ts";
export { scriptBoundsMs, scriptTimes, type ScriptTimes } from "./script-times.ts";
export { openClient, type RedisClient, type RedisSource } from "./source.ts";
