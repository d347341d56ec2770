import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Filter } from "@imgq/filters";
import { UsageError } from "./errors.ts";

/**
 * The filters that modules export: by name, as the default export, or in arrays. `names` are paths, or packages installed
 * where the command is called. Their code runs in this process. Anything else is a {@link UsageError}.
 */
export async function loadFilters(names: readonly string[]): Promise<Filter[]> {
  const loaded = await Promise.all(names.map(loadModule));
  return loaded.flat();
}

async function loadModule(name: string): Promise<Filter[]> {
  const exported: unknown = await import(await locate(name)).catch((error: unknown) => {
    throw new UsageError(
      `The filters in "${name}" cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
    );
  });
  // A module namespace has no prototype, so instanceof would not know it.
  const filters = new Set(filtersIn(Object.values(Object(exported))));
  if (filters.size === 0) {
    throw new UsageError(`"${name}" exports no filter. Export what defineFilter of @imgq/filters returns.`);
  }
  return [...filters];
}

async function locate(name: string): Promise<string> {
  const path = resolve(name);
  const isFile = await access(path).then(
    () => true,
    () => false,
  );
  if (isFile) return pathToFileURL(path).href;
  if (/^[./]/.test(name) || /\.[mc]?[jt]s$/.test(name)) {
    throw new UsageError(
      `There is no file "${name}". --filters of a worker and --load take a module that exports filters.`,
    );
  }
  try {
    return pathToFileURL(createRequire(resolve("here.js")).resolve(name)).href;
  } catch {
    throw new UsageError(
      `The package "${name}" is not installed here. Install it, or give a path such as ./my-filters.mjs.`,
    );
  }
}

function filtersIn(values: readonly unknown[]): Filter[] {
  return values.flatMap((value) =>
    Array.isArray(value) ? filtersIn(value) : isFilter(value) ? [value] : [],
  );
}

/** By shape, not by class: the module may come with its own copy of @imgq/filters. */
function isFilter(value: unknown): value is Filter {
  return (
    typeof value === "function" &&
    "bind" in value &&
    typeof value.bind === "function" &&
    "description" in value
  );
}
