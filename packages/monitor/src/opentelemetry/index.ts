export { traceHandler, type TracedContext } from "./trace-handler.ts";
export { traceQueue } from "./trace-queue.ts";
