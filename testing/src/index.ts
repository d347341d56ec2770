export { redisForTests } from "./redis.ts";
