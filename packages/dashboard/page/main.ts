import "uplot/dist/uPlot.min.css";
import "./style.css";
import { loadSession } from "./api.ts";
import { startLive } from "./live.ts";
import { shell } from "./shell.ts";
import { startTheme } from "./ui/theme.ts";

startTheme();

/** The session is needed for everything; while the server is away we wait for it. */
async function start(): Promise<void> {
  for (;;) {
    try {
      await loadSession();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1500));
    }
  }
  document.body.append(...shell());
  startLive();
}

void start();
