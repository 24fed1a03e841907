import type {CommandNode} from './command.js';

/** What a place on the command line offers. */
type Place = {
  /** `/conf/get`; empty for the top. */
  readonly path: string;
  readonly node: CommandNode;
};

/** The scripts by shell. Every name in them is one of ours: letters, digits and dashes. */
export const completionScripts: Readonly<Record<string, (tree: CommandNode) => string>> = {
  bash: bashScript,
  zsh: zshScript,
  fish: fishScript,
};

function placesOf(node: CommandNode, path = ''): Place[] {
  return [{path, node}, ...node.commands.flatMap((below) => placesOf(below, `${path}/${below.name}`))];
}

/** Flags with a value by what their value is, each name once. */
function valueFlags(tree: CommandNode) {
  const all = new Map(
    placesOf(tree).flatMap(({node}) =>
      node.flags
        .filter((flag) => flag.takesValue)
        .flatMap((flag) => flag.names.map((name) => [name, flag] as const)),
    ),
  );
  const files = [...all].filter(([, flag]) => flag.completes === 'file').map(([name]) => name);
  const listed = [...all].flatMap(([name, {completes}]) =>
    completes === undefined || completes === 'file' ? [] : [{name, words: completes}],
  );
  const free = [...all].filter(([, flag]) => flag.completes === undefined).map(([name]) => name);
  return {every: [...all.keys()], files, listed, free};
}

function wordsOf(node: CommandNode): string[] {
  const values = node.completes === undefined || node.completes === 'file' ? [] : node.completes;
  return [...node.commands.map(({name}) => name), ...values, ...flagNames(node)];
}

function flagNames(node: CommandNode): string[] {
  return [...new Set(node.flags.flatMap(({names}) => names))];
}

function bashScript(tree: CommandNode): string {
  const places = placesOf(tree);
  const flags = valueFlags(tree);
  const commands = places.slice(1).map(({path}) => path);
  return `# Completion of reprieve for bash. Load it with: source <(reprieve completion bash)
_reprieve() {
  local current="\${COMP_WORDS[COMP_CWORD]}" previous="\${COMP_WORDS[COMP_CWORD-1]}"
  local place='' words='' files='' index line
  COMPREPLY=()
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "\${COMP_WORDS[index]}" in
      ${flags.every.join('|')}) ((index++)); continue ;;
    esac
    case "$place/\${COMP_WORDS[index]}" in
      ${commands.join('|')}) place="$place/\${COMP_WORDS[index]}" ;;
    esac
  done
  case "$previous" in
    ${flags.files.join('|')}) files=yes ;;
${flags.listed.map(({name, words}) => `    ${name}) words='${words.join(' ')}' ;;\n`).join('')}    ${flags.free.join('|')}) return ;;
    *)
      case "$place" in
${places.map(({path, node}) => `        '${path}') words='${wordsOf(node).join(' ')}'${node.completes === 'file' ? ' files=yes' : ''} ;;\n`).join('')}      esac
      ;;
  esac
  [[ $current == -* ]] && files=''
  if [[ -n $files ]]; then
    compopt -o filenames 2>/dev/null
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
  fi
  while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -W "$words" -- "$current")
}
complete -F _reprieve reprieve
`;
}

/** A word with its description, as zsh's `_describe` takes it. */
function entry(name: string, help: string): string {
  return `'${name}:${quotable(help)}'`;
}

function zshCase({path, node}: Place): string {
  const below = node.commands.map(({name, summary}) => entry(name, summary));
  const values = Array.isArray(node.completes) ? node.completes.map((word: string) => `'${word}'`) : [];
  const offered = node.flags.flatMap(({names, help}) => names.map((name) => entry(name, help)));
  return `    ('${path}') commands=(${[...below, ...values].join(' ')}) flags=(${offered.join(' ')})${node.completes === 'file' ? ' files=yes' : ''} ;;\n`;
}

function zshScript(tree: CommandNode): string {
  const places = placesOf(tree);
  const flags = valueFlags(tree);
  const commands = places.slice(1).map(({path}) => path);
  return `#compdef reprieve
# Completion of reprieve for zsh. Load it with: source <(reprieve completion zsh)
_reprieve() {
  local place='' files='' word
  local -i index
  local -a commands flags
  for ((index = 2; index < CURRENT; index++)); do
    word="\${words[index]}"
    case "$word" in
      (${flags.every.join('|')}) ((index++)); continue ;;
    esac
    case "$place/$word" in
      (${commands.join('|')}) place="$place/$word" ;;
    esac
  done
  case "\${words[CURRENT-1]}" in
    (${flags.files.join('|')}) _files; return ;;
${flags.listed.map(({name, words}) => `    (${name}) compadd -- ${words.join(' ')}; return ;;\n`).join('')}    (${flags.free.join('|')}) return ;;
  esac
  case "$place" in
${places.map(zshCase).join('')}  esac
  if [[ "\${words[CURRENT]}" == -* ]]; then
    _describe -o flag flags
  else
    (( $#commands )) && _describe command commands
    [[ -n "$files" ]] && _files
    (( $#commands )) || [[ -n "$files" ]] || _describe -o flag flags
  fi
}
if [[ "\${funcstack[1]}" == _reprieve ]]; then _reprieve "$@"; else compdef _reprieve reprieve; fi
`;
}

function fishLines({path, node}: Place): string[] {
  const at = `complete -c reprieve -n "__reprieve_at '${path}'"`;
  const values = Array.isArray(node.completes) ? [`${at} -a '${node.completes.join(' ')}'`] : [];
  return [
    ...node.commands.map(({name, summary}) => `${at} -a ${name} -d '${quotable(summary)}'`),
    ...values,
    ...(node.completes === 'file' ? [`${at} -F`] : []),
    ...node.flags.map(({names, help, takesValue, completes}) => {
      const spelled = names.map((name) =>
        name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
      );
      const value = !takesValue ? '' : completes === 'file' ? ' -r -F' : ' -x';
      const words = Array.isArray(completes) ? ` -a '${completes.join(' ')}'` : '';
      return `${at} ${spelled.join(' ')}${value}${words} -d '${quotable(help)}'`;
    }),
  ];
}

function fishScript(tree: CommandNode): string {
  const places = placesOf(tree);
  const flags = valueFlags(tree);
  const commands = places.slice(1).map(({path}) => `'${path}'`);
  return `# Completion of reprieve for fish. Load it with: reprieve completion fish | source
function __reprieve_place
  set -l place ''
  set -l skip no
  for word in (commandline -opc)[2..-1]
    if test $skip = yes
      set skip no
      continue
    end
    switch $word
      case ${flags.every.join(' ')}
        set skip yes
        continue
    end
    switch "$place/$word"
      case ${commands.join(' ')}
        set place "$place/$word"
    end
  end
  echo "$place"
end
function __reprieve_at
  set -l place (__reprieve_place)
  test "$place" = "$argv[1]"
end
complete -c reprieve -f
${places.flatMap(fishLines).join('\n')}
`;
}

/** Help texts are ours; what a quoted word or a description would take for its own is left out. */
function quotable(text: string): string {
  return text.replaceAll(/['"\\`$]/g, '').replaceAll(':', ',');
}
