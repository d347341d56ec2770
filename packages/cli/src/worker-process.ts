// What each process of `imgq worker` runs; the variables that count only from the start on are set by its parent.
import { runUntilSignal } from "@imgq/worker";
import { imageWorker } from "./worker/image-worker.ts";
import { settingsFromEnvironment } from "./worker/worker-settings.ts";

try {
  await runUntilSignal(await imageWorker(settingsFromEnvironment(process.env)));
} catch (error) {
  process.stderr.write(`imgq: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
