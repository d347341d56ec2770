export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** What a shell has to load; it asks `imgq __complete` for the words, so that it never goes out of date. */
export const shellScripts: Readonly<Record<Shell, string>> = {
  bash: `# imgq completion for bash. Load it with: source <(imgq completion bash)
_imgq() {
  local IFS=$'\\n'
  # "=" is a word of its own here; --priority=high asks as --priority high.
  local -a words=()
  local word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD}"; do [[ $word == = ]] || words+=("$word"); done
  [[ \${COMP_WORDS[COMP_CWORD]} == = ]] && words+=("")
  COMPREPLY=($(imgq __complete -- "\${words[@]}" 2>/dev/null | cut -f1))
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
# Loaded as a file of fpath it is called at once; sourced it waits. Without compinit there is nothing to wait for.
if [[ \${funcstack[1]} == _imgq ]]; then
  _imgq "$@"
else
  (( \${+functions[compdef]} )) || { autoload -Uz compinit && compinit }
  compdef _imgq imgq
fi`,

  fish: `# imgq completion for fish. Load it with: imgq completion fish | source
function __imgq_asks
  set -g __imgq_candidates (imgq __complete -- (commandline -opc)[2..-1] (commandline -ct) 2>/dev/null)
  test (count $__imgq_candidates) -gt 0
end
# Files are offered only where imgq has nothing to offer.
complete -c imgq -e
complete -c imgq -n __imgq_asks -f -a '(printf "%s\\n" $__imgq_candidates)'`,
};
