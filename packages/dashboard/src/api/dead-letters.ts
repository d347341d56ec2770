import { type DeadGroup, type DeadGroups, deadGroups } from "@imgq/monitor";
import type { Queue } from "@imgq/queue";
import { titleOf } from "./task-title.ts";

/** One dead letter of a group, without what may be long. */
export interface DeadSample {
  readonly id: string;
  /** What it is about, when that is a picture. */
  readonly title?: string;
}

export interface DeadCause extends Omit<DeadGroup, "samples"> {
  readonly samples: readonly DeadSample[];
}

/** The dead letters of a queue by what went wrong, as the page shows them. */
export interface DeadLetters extends Omit<DeadGroups, "groups"> {
  readonly groups: readonly DeadCause[];
}

export async function deadLetters(queue: Queue): Promise<DeadLetters> {
  const { groups, ...all } = await deadGroups(queue);
  return {
    ...all,
    groups: groups.map(({ samples, ...group }) => ({
      ...group,
      samples: samples.map(({ id, payload }) => {
        const title = titleOf(payload);
        return { id, ...(title === undefined ? {} : { title }) };
      }),
    })),
  };
}
