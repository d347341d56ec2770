import { describeRegistry } from "./registry-conformance.ts";

describeRegistry("memory", () => undefined);
