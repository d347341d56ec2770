export { clusterForTests, type ClusterOptions, type RedisCluster, startCluster } from "./cluster.ts";
export { compileProgram } from "./compile-program.ts";
export { eventually, type EventuallyOptions } from "./eventually.ts";
export { createFakeClock, type FakeClock } from "./fake-clock.ts";
export { type FaultProxy, type FaultProxyOptions, type Faults, startFaultProxy } from "./fault-proxy.ts";
export { type RedisProcess, type RedisProcessOptions, startRedisProcess } from "./redis-process.ts";
export { redisProcessForTests } from "./redis-process-for-tests.ts";
export { redisForTests } from "./redis.ts";
export { seedForTests } from "./seed-for-tests.ts";
export { type SeededRandom, seededRandom } from "./seeded-random.ts";
export { sentinelForTests, type SentinelGroup, type SentinelOptions, startSentinel } from "./sentinel.ts";
export {
  type NodeProcess,
  type OutputLine,
  type ProcessEnd,
  runningProcesses,
  spawnNode,
  type SpawnOptions,
} from "./node-process.ts";
export { processesForTests } from "./processes-for-tests.ts";
export {
  checkHistory,
  type Expectations,
  type FinalState,
  type Invariant,
  type Verdict,
  type Violation,
} from "./history/check-history.ts";
export { type Happening, type HistoryEvent } from "./history/history-event.ts";
export { type History, machineTimeMs, openHistory, readHistory } from "./history/history.ts";
export { type Fault, type NemesisOptions, runNemesis } from "./nemesis.ts";
