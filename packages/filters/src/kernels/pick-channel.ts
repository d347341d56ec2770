import type { Channels, PointKernel } from "./kernel.ts";

export const channelNames = ["red", "green", "blue", "alpha"] as const;
export type ChannelName = (typeof channelNames)[number];

/** One channel as a grey picture. Red, green and blue of a grey picture are its grey; alpha of an opaque one is white. */
export function pickChannel(name: ChannelName): PointKernel {
  return {
    kind: "point",
    name: "pickChannel",
    averages: true,
    outputChannels: () => 1,
    run(wasm, at, pixels, channels) {
      if (name === "alpha" && channels % 2 === 1) {
        new Uint8Array(wasm.memory.buffer, at, pixels).fill(255);
        return;
      }
      wasm.pickChannel(at, pixels, channels, indexOf(name, channels));
    },
  };
}

function indexOf(name: ChannelName, channels: Channels): number {
  if (name === "alpha") return channels - 1;
  return channels < 3 ? 0 : channelNames.indexOf(name);
}
