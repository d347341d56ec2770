/**
 * A way over an image in steps short against a slice. Between two steps others may use the kernels' memory, if the walk
 * is told to leave it before and to return to it after.
 */
export interface Walk {
  readonly done: boolean;
  step(): void;
  leaveMemory(): void;
  returnToMemory(): void;
}
