/** What happened in a scenario, as its processes wrote it down. Each says when and in which process. */
export type HistoryEvent = { readonly at: number; readonly pid: number } & Happening;

export type Happening =
  /** A producer's call: `invoked` before it, `acknowledged` or `failed` after it. */
  | {
      readonly kind: "add";
      readonly phase: "invoked" | "acknowledged" | "failed";
      readonly id: string;
      readonly error?: string;
    }
  /** An execution: from the moment the handler has the task until it returns or throws. */
  | {
      readonly kind: "run";
      readonly phase: "started" | "returned" | "threw";
      readonly id: string;
      readonly attempt: number;
      readonly worker: string;
      readonly token: string;
      readonly error?: string;
    }
  /** What the queue answered when a worker wanted to settle; an error's code when it did not answer. */
  | {
      readonly kind: "settle";
      readonly how: "complete" | "fail" | "release";
      readonly reply: string;
      readonly id: string;
      readonly attempt: number;
      readonly worker: string;
      readonly token: string;
    }
  /** Something the nemesis did. `target` is the process it was done to. */
  | {
      readonly kind: "fault";
      readonly phase: "began" | "ended";
      readonly name: string;
      readonly target?: number;
    }
  /** The end of a process, as the harness saw it. */
  | {
      readonly kind: "exit";
      readonly target: number;
      readonly code: number | null;
      readonly signal: string | null;
    }
  /** What a person was told. */
  | {
      readonly kind: "alert";
      readonly phase: "fired" | "cleared";
      readonly rule: string;
      readonly subject: string;
    }
  /** An unhandled rejection or exception. */
  | { readonly kind: "unhandled"; readonly error: string };
