// Lua scripts are embedded as text at build (tsup) and in tests (vitest.config.ts).
declare module "*.lua" {
  const source: string;
  export default source;
}
