import { Argument, Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { type Shell, shellScripts, shells } from "../completion/shell-scripts.ts";
import { examples } from "../examples.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq completion`: prints what makes a shell complete the words of imgq. */
export function completionCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("completion")
    .summary("let your shell complete commands and options")
    .description("Prints a script that makes your shell complete the commands, options and values of imgq.")
    .addArgument(new Argument("<shell>", "your shell").choices<readonly Shell[]>(shells))
    .addHelpText(
      "after",
      examples(
        ["for bash, now and in every new shell", "echo 'source <(imgq completion bash)' >> ~/.bashrc"],
        ["for zsh", "echo 'source <(imgq completion zsh)' >> ~/.zshrc"],
        ["for fish", "imgq completion fish > ~/.config/fish/completions/imgq.fish"],
      ),
    )
    .action((shell) => {
      terminal.show({ shell, script: shellScripts[shell] }, () => shellScripts[shell]);
    });
}
