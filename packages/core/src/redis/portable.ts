import { Cluster, type ClusterNode, type ClusterOptions, type Redis, type RedisOptions } from "ioredis";
import { ImgqError } from "../errors.ts";
import { isInstance, type RedisSource } from "./source.ts";

/** Where Redis is, as plain values that can be sent to another thread or process. Contains the password, if there is one. */
export type PortableSource =
  | { readonly type: "url"; readonly url: string }
  | { readonly type: "options"; readonly options: RedisOptions }
  | {
      readonly type: "cluster";
      readonly nodes: readonly ClusterNode[];
      readonly options: ClusterOptions;
    };

/**
 * Plain values from which {@link openSource} makes an equal source elsewhere. Functions do not travel: a source that
 * needs one to connect (a custom Connector, a natMap function) is an `ImgqError` with code `IMGQ_SOURCE_NOT_PORTABLE`.
 */
export function portableSource(source: RedisSource): PortableSource {
  if (typeof source === "string") return { type: "url", url: source };
  if (!isInstance(source)) return { type: "options", options: plain(source) };
  if (!source.isCluster) return { type: "options", options: plain((source as Redis).options) };
  // ioredis keeps the start nodes private; its own `duplicate` reads the same field.
  const nodes: unknown = Reflect.get(source, "startupNodes");
  return {
    type: "cluster",
    nodes: Array.isArray(nodes) ? nodes.map((node) => plain(node)) : [],
    options: plain((source as Cluster).options),
  };
}

/** The source that {@link portableSource} described. Connects to nothing yet. */
export function openSource(portable: PortableSource): RedisSource {
  switch (portable.type) {
    case "url":
      return portable.url;
    case "options":
      return portable.options;
    case "cluster":
      return cluster(portable.nodes, portable.options);
    default:
      return portable satisfies never;
  }
}

function cluster(nodes: readonly ClusterNode[], { redisOptions = {}, ...options }: ClusterOptions): Cluster {
  return new Cluster([...nodes], {
    ...options,
    redisOptions: { ...redisOptions, replyMapping: "legacy" },
    lazyConnect: true,
  });
}

/** Without these a copy would connect elsewhere; dnsLookup is not among them because ioredis fills in its own. */
const neededFunctions = ["Connector", "natMap"];

function plain<T>(value: T): T {
  if (typeof value !== "object" || value === null || Buffer.isBuffer(value)) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => plain(item)) as T;
  const entries = Object.entries(value).filter(([name, field]) => {
    if (typeof field !== "function") return field !== undefined;
    if (neededFunctions.includes(name)) throw notPortable(name);
    return false;
  });
  return Object.fromEntries(entries.map(([name, field]) => [name, plain(field)])) as T;
}

function notPortable(option: string): ImgqError {
  return new ImgqError(
    "IMGQ_SOURCE_NOT_PORTABLE",
    `The Redis option ${option} is a function, which cannot be sent to another thread. Use a URL or plain options.`,
  );
}
