// Lua scripts are embedded as text at build (tsup) and in tests (vitest.config.ts).
declare module "*.lua" {
  const source: string;
  export default source;
}

// The dashboard's page is bundled and embedded the same way.
declare module "*/page/index.html" {
  const page: { readonly html: string; readonly assets: Readonly<Record<string, string>> };
  export default page;
}
