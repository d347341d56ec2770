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
  register: defineScript("register", register),
  heartbeat: defineScript("heartbeat", heartbeat),
  endWorker: defineScript("end-worker", endWorker),
  read: defineScript("read", read),
  send: defineScript("send", send),
  clear: defineScript("clear", clear),
};
