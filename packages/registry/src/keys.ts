/** Names of the registry's keys. All share one hash tag, so that a script may touch any of them in a cluster. */
export interface RegistryKeys {
  /**
   * Never exists. Scripts that also touch keys they cannot name beforehand declare it, so that a Redis Cluster that is
   * moving the slot answers TRYAGAIN instead of failing half way at a key that has moved already.
   */
  readonly nothing: string;
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
    nothing: root,
    workers: `${root}:workers`,
    ended: `${root}:ended`,
    outage: `${root}:outage`,
    workerPrefix,
    commandsPrefix,
    worker: (id) => workerPrefix + id,
    commands: (id) => commandsPrefix + id,
  };
}
