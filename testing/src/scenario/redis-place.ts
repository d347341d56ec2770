import type { RedisSource } from "@imgq/core/redis";
import { Cluster, type SentinelAddress } from "ioredis";

/** Where Redis is, in a form that can be passed to another process. */
export type RedisPlace =
  | string
  | { readonly sentinels: SentinelAddress[]; readonly name: string }
  | { readonly cluster: readonly { readonly host: string; readonly port: number }[] };

/** What imgq takes as its Redis. */
export function sourceOf(place: RedisPlace): RedisSource {
  if (typeof place === "string" || !("cluster" in place)) return place;
  return new Cluster([...place.cluster], { lazyConnect: true });
}
