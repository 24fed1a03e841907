import {UserError} from '../app/errors.js';
import {nearestNames} from '../domain/nearest-names.js';
import {defineCommand} from './command.js';
import {completionScripts} from './completion-scripts.js';

/** Prints a script that teaches a shell the commands and flags. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'completion for bash, zsh or fish',
  usesProfile: false,
  args: [{syntax: '<shell>', help: 'bash, zsh or fish', completes: Object.keys(completionScripts)}],
  examples: [
    'source <(reprieve completion bash)',
    'reprieve completion zsh > "${fpath[1]}/_reprieve"',
    'reprieve completion fish > ~/.config/fish/completions/reprieve.fish',
  ],
  async run({commandTree, output}, {args}) {
    const [shell = ''] = args;
    const script = completionScripts[shell];
    if (script === undefined) {
      const [nearest] = nearestNames(shell, Object.keys(completionScripts), 1);
      throw new UserError('usage', `there is no completion for "${shell}"`, {
        remedy: nearest === undefined ? 'it is there for bash, zsh and fish' : `did you mean ${nearest}?`,
      });
    }
    const text = script(await commandTree());
    if (output.isJson) output.json({shell, script: text});
    else output.lines(text.trimEnd().split('\n'));
    return 0;
  },
});
