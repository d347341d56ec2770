import type { CommandUnknownOpts } from "@commander-js/extra-typings";

/** The help of every command as Markdown, for docs/cli.md. */
export function commandReference(program: CommandUnknownOpts): string {
  return commandsOf(program)
    .map(({ path, command }) => `### \`${path}\`\n\n\`\`\`text\n${helpOf(command)}\n\`\`\`\n`)
    .join("\n");
}

interface Named {
  readonly path: string;
  readonly command: CommandUnknownOpts;
}

function commandsOf(parent: CommandUnknownOpts, path = parent.name()): Named[] {
  return parent
    .createHelp()
    .visibleCommands(parent)
    .filter((command) => command.name() !== "help")
    .flatMap((command) => {
      const name = `${path} ${command.name()}`;
      return [{ path: name, command }, ...commandsOf(command, name)];
    });
}

/** The help without what is the same everywhere. */
function helpOf(command: CommandUnknownOpts): string {
  let text = "";
  command.configureOutput({ writeOut: (part) => (text += part), getOutHelpWidth: () => 110 });
  command.outputHelp();
  return text
    .replace(/\nGlobal Options:\n(?: {2}.*\n)+/, "")
    .replace(/\n {2}-h, --help .*/, "")
    .replace(/\nOptions:\n(?=\n)/, "")
    .trim();
}
