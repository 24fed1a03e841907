import type {Dialog} from './components/dialog.js';
import type {Press} from './opened-screen.js';
import type {SecretQuestion} from './screen.js';
import {wrap} from './spans.js';

/** Questions for secrets that wait for a person, the oldest one asked. */
export type Questions = {
  ask(question: SecretQuestion): Promise<string | undefined>;
  /** The dialog of the one that is asked; `typed`: what is in its field when its button is pressed. */
  dialog(typed: () => string): Dialog<Press> | undefined;
  /** Ends all of them unanswered, and each that comes later: nobody will answer any more. */
  end(): void;
};

type Open = {readonly id: number; readonly question: SecretQuestion; answer(text: string | undefined): void};

/** `changed` is called whenever another question, or none, is asked. */
export function createQuestions(changed: () => void): Questions {
  let open: readonly Open[] = [];
  let count = 0;
  let hasEnded = false;
  const settle = (one: Open, text: string | undefined): void => {
    open = open.filter((other) => other !== one);
    one.answer(text);
    changed();
  };
  return {
    async ask(question) {
      if (hasEnded) return undefined;
      const {promise, resolve} = Promise.withResolvers<string | undefined>();
      open = [...open, {id: ++count, question, answer: resolve}];
      changed();
      return promise;
    },
    dialog(typed) {
      const [first] = open;
      if (first === undefined) return undefined;
      const {title, sentences, label, give, refuse} = first.question;
      const cancel = () => settle(first, undefined);
      return {
        id: `question ${first.id}`,
        title,
        isDangerous: false,
        lines: (cells) => sentences.flatMap((text) => wrap([text], cells)),
        sentences,
        secret: {label},
        buttons: [
          {label: give, action: () => settle(first, typed()), needsWord: true},
          {label: refuse, action: cancel},
        ],
        focused: 0,
        cancel,
      };
    },
    end() {
      hasEnded = true;
      for (const one of open) settle(one, undefined);
    },
  };
}
