import { defineScript, type Script } from "@imgq/core/redis";
import clear from "./lua/clear.lua";
import endWorker from "./lua/end-worker.lua";
import heartbeat from "./lua/heartbeat.lua";
import read from "./lua/read.lua";
import register from "./lua/register.lua";
import send from "./lua/send.lua";

/** Every transition of the registry. */
export const scripts: Readonly<
  Record<"register" | "heartbeat" | "endWorker" | "read" | "send" | "clear", Script>
> = {
  register: defineScript("registry register", register),
  heartbeat: defineScript("registry heartbeat", heartbeat),
  endWorker: defineScript("registry end-worker", endWorker),
  read: defineScript("registry read", read),
  send: defineScript("registry send", send),
  clear: defineScript("registry clear", clear),
};
