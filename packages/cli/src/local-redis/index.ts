export { findRedisBinary, type RedisBinary } from "./redis-binary.ts";
export { freePort, type RedisServer, type RedisServerOptions, startRedisServer } from "./redis-server.ts";
