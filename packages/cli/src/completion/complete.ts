import type { CommandUnknownOpts, Option } from "@commander-js/extra-typings";

export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/**
 * What may stand in place of the last of `words` (which may be empty): commands, options and listed values. Empty where
 * only the person or the file system knows.
 */
export function complete(program: CommandUnknownOpts, words: readonly string[]): Candidate[] {
  const current = words.at(-1) ?? "";
  const { command, positional, pending } = follow(program, words.slice(0, -1));
  const [, inline, begun = ""] = /^(--[\w-]+)=(.*)$/.exec(current) ?? [];
  if (inline !== undefined) return inlineValues(command, inline, begun);
  const candidates =
    pending === undefined
      ? inCommand(command, current, positional)
      : choices(pending.argChoices, pending.description);
  return candidates.filter(({ value }) => value.startsWith(current));
}

/** `--priority=hi` is completed as one word. */
function inlineValues(command: CommandUnknownOpts, name: string, begun: string): Candidate[] {
  const option = optionsOf(command).find((one) => one.long === name);
  return choices(option?.argChoices, option?.description ?? "")
    .filter(({ value }) => value.startsWith(begun))
    .map(({ value, description }) => ({ value: `${name}=${value}`, description }));
}

interface Position {
  readonly command: CommandUnknownOpts;
  /** How many arguments of the command are already there. */
  readonly positional: number;
  /** An option that waits for its value. */
  readonly pending: Option | undefined;
}

function follow(program: CommandUnknownOpts, words: readonly string[]): Position {
  let command = program;
  let positional = 0;
  let pending: Option | undefined;
  for (const word of words) {
    if (pending !== undefined) {
      pending = undefined;
    } else if (word.startsWith("-")) {
      const option = optionsOf(command).find((one) => one.short === word || one.long === word);
      pending = option?.required === true ? option : undefined;
    } else {
      const child = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
      if (child === undefined) positional += 1;
      else command = child;
    }
  }
  return { command, positional, pending };
}

function inCommand(command: CommandUnknownOpts, current: string, positional: number): Candidate[] {
  if (current.startsWith("-")) {
    return optionsOf(command)
      .filter((option) => !option.hidden)
      .map((option) => ({ value: option.long ?? option.flags, description: option.description }));
  }
  const children = command
    .createHelp()
    .visibleCommands(command)
    .map((child) => ({ value: child.name(), description: child.summary() || child.description() }));
  if (children.length > 0) return children;
  const argument = command.registeredArguments[Math.min(positional, command.registeredArguments.length - 1)];
  return choices(argument?.argChoices, argument?.description ?? "");
}

/** Options of a command and of those above it, for they are understood in both places. */
function optionsOf(command: CommandUnknownOpts): Option[] {
  const own = [...command.createHelp().visibleOptions(command)];
  if (command.parent === null) return own;
  const names = new Set(own.map((option) => option.long));
  return [...own, ...optionsOf(command.parent).filter((option) => !names.has(option.long))];
}

function choices(values: readonly string[] | undefined, description: string): Candidate[] {
  return (values ?? []).map((value) => ({ value, description }));
}
