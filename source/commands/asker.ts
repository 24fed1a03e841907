import type {Asker} from '../app/init/ask.js';
import type {Composition} from '../compose.js';
import {sanitize} from '../text/sanitize.js';

type Prompt = Awaited<ReturnType<Composition['prompt']>>;

/** Asks a person at the terminal; names of clouds, nodes and files are made safe to draw. */
export function askerAt(prompt: Prompt): Asker {
  return {
    async text({title, proposal, problemOf}) {
      const question = sanitize(title);
      return prompt.text(question, {
        proposal: sanitize(proposal),
        async problemOf(answer) {
          const problem = await problemOf(answer);
          return problem === undefined ? undefined : sanitize(problem);
        },
      });
    },
    async choose({title, choices, proposed}) {
      const titles = choices.map((choice) => sanitize(choice.title));
      const chosen = choices[await prompt.choose(sanitize(title), titles, proposed)];
      if (chosen === undefined) throw new Error(`no such choice of "${title}"`);
      return chosen.value;
    },
    confirm: async ({title, isYesProposed}) => prompt.confirm(sanitize(title), isYesProposed),
  };
}
