import { defineKernelFilter } from "../define-kernel-filter.ts";
import type { Filter } from "../filter.ts";
import { type ChannelName, channelNames, pickChannel } from "../kernels/pick-channel.ts";
import type { SharpForm } from "../operation.ts";
import { about, oneOf, parameters } from "../parameters.ts";

export interface ChannelParams {
  readonly channel: ChannelName;
}

/** One channel as a grey picture. Grey pictures have it as each of their colours, opaque ones a white alpha. */
export const channel: Filter<"channel", ChannelParams, ChannelParams> = defineKernelFilter({
  name: "channel",
  description: "Shows one channel, red, green, blue or alpha, as a grey picture.",
  params: parameters({ channel: about("Which one.", oneOf(channelNames)) }),
  positional: ["channel"],
  example: "channel(red)",
  kernels: (params) => [pickChannel(params.channel)],
  sharp: (params) => sharpForm(params.channel),
});

function sharpForm(name: ChannelName): SharpForm {
  if (name === "alpha") {
    return {
      slots: ["alpha", "extract-channel"],
      apply: (image) => image.ensureAlpha().extractChannel(name),
    };
  }
  return {
    slots: ["extract-channel"],
    apply: (image, { channels }) => image.extractChannel(channels < 3 ? "red" : name),
  };
}
