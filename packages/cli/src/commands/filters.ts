import { Command, type CommandUnknownOpts } from "@commander-js/extra-typings";
import { examples } from "../examples.ts";
import { loadFilters } from "../filter-modules.ts";
import { collect } from "../options.ts";
import { renderTable } from "../terminal/table.ts";
import type { Terminal } from "../terminal/terminal.ts";

/** `imgq filters`: what may stand in `--filters`. */
export function filtersCommand(terminal: Terminal): CommandUnknownOpts {
  return new Command("filters")
    .summary("list the filters, with an example of each")
    .description(
      'Lists the filters that --filters takes. Steps are joined by "|" and done one after another.',
    )
    .option("--load <module>", "module or package with filters of your own; may be repeated", collect)
    .addHelpText(
      "after",
      examples(
        ["what is there?", "imgq filters"],
        ["and in my module?", "imgq filters --load ./my-filters.mjs"],
      ),
    )
    .action(async (options) => {
      const [{ builtinFilters }, own] = await Promise.all([
        import("@imgq/filters"),
        loadFilters(options.load ?? []),
      ]);
      const filters = [...builtinFilters, ...own].map(({ name, description, positional, example }) => ({
        name,
        description,
        positional,
        example,
      }));
      terminal.show({ filters }, () =>
        renderTable(
          filters,
          [
            { title: "FILTER", text: (filter) => filter.name, tone: () => "strong" },
            { title: "EXAMPLE", text: (filter) => filter.example, tone: () => "accent" },
            { title: "WHAT IT DOES", text: (filter) => filter.description, flexible: true },
          ],
          terminal,
        ),
      );
    });
}
