import type {Branch} from '../../app/template/template-ports.js';
import {CaseTag, ForTag, IfTag, UnlessTag, type LiquidTemplate, type Token} from './liquid-package.js';
import {QuotedText, type Sink} from './printing-parser.js';

/**
 * Puts something at the beginning of each branch that tells `sink` its number when it is rendered. A condition without
 * an else gets an empty one.
 */
export function watchBranches(templates: readonly LiquidTemplate[], sink: Sink): readonly Branch[] {
  const found: Branch[] = [];
  watch(templates, undefined, {found, sink});
  return found;
}

type Watching = {readonly found: Branch[]; readonly sink: Sink};

function watch(templates: readonly LiquidTemplate[], within: number | undefined, watching: Watching): void {
  const add = (token: Token, words: string, branch: LiquidTemplate[]): void => {
    const {found, sink} = watching;
    const index = found.push({line: token.getPosition()[0] ?? 1, words, within}) - 1;
    watch(branch, index, watching);
    branch.unshift({token, render: () => sink.taken(index)});
  };
  for (const one of templates) {
    if (one instanceof IfTag || one instanceof UnlessTag) {
      const isUnless = one instanceof UnlessTag;
      for (const [index, {value, templates: branch}] of one.branches.entries()) {
        const token = value.initial.postfix[0] ?? one.token;
        const truth = isUnless && index === 0 ? 'false' : 'true';
        add(token, `${expressionText(value.initial.postfix)} is never ${truth}`, branch);
      }
      const [first, more] = one.branches;
      const last: LiquidTemplate[] = one.elseTemplates ?? [];
      one.elseTemplates = last;
      const text = expressionText(first?.value.initial.postfix ?? []);
      if (more === undefined) add(one.token, `${text} is never ${isUnless ? 'true' : 'false'}`, last);
      else if (last.length > 0) add(one.token, `the else of ${one.token.getText()} is never reached`, last);
    } else if (one instanceof CaseTag) {
      const text = expressionText(one.value.initial.postfix);
      for (const {values, templates: branch} of one.branches) {
        const told = values.map((token) => token.getText()).join(' or ');
        add(values[0] ?? one.token, `${text} is never ${told}`, branch);
      }
      if (one.elseTemplates.length > 0) {
        add(one.token, `the else of ${one.token.getText()} is never reached`, one.elseTemplates);
      }
    } else if (one instanceof ForTag) {
      const text = one.collection.getText();
      add(one.token, `${text} is always empty`, one.templates);
      if (one.elseTemplates.length > 0) add(one.token, `${text} is never empty`, one.elseTemplates);
    } else if (one instanceof QuotedText) {
      watch(one.templates, within, watching);
    }
  }
}

/** An expression as it is written, without its filters. */
function expressionText(tokens: readonly Token[]): string {
  const [first] = tokens;
  if (first === undefined) return '';
  const begin = Math.min(...tokens.map((token) => token.begin));
  const end = Math.max(...tokens.map((token) => token.end));
  return first.input.slice(begin, end).replace(/\s+/g, ' ');
}
