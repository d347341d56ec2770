export { createRegistry } from "./create-registry.ts";
export { UnknownWorkerError } from "./errors.ts";
export type { RegistryOptions } from "./options.ts";
export {
  type Registry,
  type RegistryConnection,
  type TaskInHand,
  type WorkerCommand,
  type WorkerEnd,
  type WorkerMetadata,
  type WorkerRecord,
  type WorkerState,
  type ScriptTotals,
  type WorkerTotals,
  type WorkerVitals,
  workerStates,
} from "./registry.ts";
