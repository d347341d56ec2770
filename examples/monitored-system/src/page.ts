import { type DashboardServer, serveDashboard, type ThumbnailMaker } from "@imgq/dashboard";
import { createAlerts, createMonitor } from "@imgq/monitor";
import type { ImageResult, ImageTask } from "@imgq/pipeline";
import type { Queue } from "@imgq/queue";
import type { Registry } from "@imgq/registry";
import sharp from "sharp";
import { imagesFolder, outputFolder } from "./work.ts";

/** The dashboard for as long as the system runs, with the default alerts, on a free port of this machine. */
export async function servePage(
  queue: Queue<ImageTask, ImageResult>,
  registry: Registry,
): Promise<Pick<DashboardServer, "url" | "close">> {
  const monitor = createMonitor({ queues: [queue], registry });
  const alerts = createAlerts({ monitor, notify: [] });
  await alerts.start();
  const roots = { input: imagesFolder, output: outputFolder };
  const page = await serveDashboard({
    monitor,
    queues: [queue],
    registry,
    alerts,
    thumbnail,
    roots,
    port: 0,
  });
  return {
    url: page.url,
    async close() {
      await page.close();
      await alerts.stop();
      await monitor.close();
    },
  };
}

const thumbnail: ThumbnailMaker = async (path) => {
  const { width, height } = await sharp(path).metadata();
  const body = await sharp(path)
    .autoOrient()
    .resize({ width: 480, withoutEnlargement: true })
    .webp()
    .toBuffer();
  return { body, contentType: "image/webp", width, height };
};
