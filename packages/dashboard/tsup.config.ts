import { defineConfig } from "tsup";
import { base } from "../../tsup.base.ts";
import { embedPage } from "./bundle-page.ts";

export default defineConfig({ ...base, esbuildPlugins: [embedPage] });
