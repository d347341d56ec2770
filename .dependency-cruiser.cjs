// The arrows of docs/internals.md, enforced. A package may import only what is listed here.
const arrows = {
  core: [],
  filters: ["core"],
  pipeline: ["core", "filters"],
  queue: ["core"],
  registry: ["core"],
  worker: ["core", "queue", "registry"],
  monitor: ["core", "queue", "registry"],
  dashboard: ["core", "queue", "registry", "monitor"],
  cli: ["core", "filters", "pipeline", "queue", "registry", "worker", "monitor", "dashboard"],
};

const packageRules = Object.entries(arrows).map(([name, allowed]) => ({
  name: `arrows-of-${name}`,
  comment: `@imgq/${name} may import only: ${allowed.join(", ") || "nothing of imgq"}.`,
  severity: "error",
  from: { path: `^packages/${name}/src/`, pathNot: "\\.test\\.ts$" },
  to: {
    path: "^(packages/[a-z]+|examples|testing|bench)/",
    pathNot: `^packages/(${[name, ...allowed].join("|")})/`,
  },
}));

module.exports = {
  forbidden: [
    ...packageRules,
    {
      name: "images-never-import-redis",
      severity: "error",
      from: { path: "^packages/(filters|pipeline)/src/" },
      to: { path: "(node_modules/ioredis|^packages/core/src/redis)" },
    },
    {
      name: "tasks-never-import-sharp",
      severity: "error",
      from: { path: "^packages/(queue|registry|worker)/src/" },
      to: { path: "node_modules/sharp" },
    },
    { name: "no-cycles", severity: "error", from: { path: "^packages/" }, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(/dist/|\\.turbo)" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: [".ts", ".js", ".mjs"],
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
