export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** What a shell has to load; it asks `imgq __complete` for the words, so that it never goes out of date. */
export const shellScripts: Readonly<Record<Shell, string>> = {
  bash: `# imgq completion for bash. Load it with: source <(imgq completion bash)
_imgq() {
  local IFS=$'\\n'
  COMPREPLY=($(imgq __complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _imgq imgq`,

  zsh: `#compdef imgq
# imgq completion for zsh. Load it with: source <(imgq completion zsh)
_imgq() {
  local -a candidates
  local line
  while IFS= read -r line; do
    candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done < <(imgq __complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)
  if (( \${#candidates} )); then
    _describe imgq candidates
  else
    _files
  fi
}
compdef _imgq imgq`,

  fish: `# imgq completion for fish. Load it with: imgq completion fish | source
complete -c imgq -a '(imgq __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)'`,
};
