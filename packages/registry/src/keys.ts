/** Names of the registry's keys. All share one hash tag, so that a script may touch any of them in a cluster. */
export interface RegistryKeys {
  /** Sorted set: registered worker → last beat. */
  readonly workers: string;
  /** Sorted set: ended worker → when it ended. */
  readonly ended: string;
  /** Hash: when the last outage began and ended, and the last beat of anybody. */
  readonly outage: string;
  /** What the hash of a worker begins with; the id follows. */
  readonly workerPrefix: string;
  readonly commandsPrefix: string;
  /** Hash: what is known of one worker. */
  worker(id: string): string;
  /** List: commands waiting for a worker's beat, as `<sequence> <json>`. */
  commands(id: string): string;
}

export function registryKeys(prefix: string): RegistryKeys {
  const root = `${prefix}:{registry}`;
  const workerPrefix = `${root}:worker:`;
  const commandsPrefix = `${root}:commands:`;
  return {
    workers: `${root}:workers`,
    ended: `${root}:ended`,
    outage: `${root}:outage`,
    workerPrefix,
    commandsPrefix,
    worker: (id) => workerPrefix + id,
    commands: (id) => commandsPrefix + id,
  };
}
