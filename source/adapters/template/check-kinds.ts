import {TemplateProblem} from '../../app/template/template-ports.js';
import {
  comparisonFault,
  filteredKind,
  filterFault,
  itemKind,
  loopFault,
  type Kind,
  type Operand,
} from '../../domain/template/kinds.js';
import {RAW} from './explain.js';
import {
  AssignTag,
  CaseTag,
  evalQuotedToken,
  ForTag,
  IfTag,
  TypeGuards,
  UnlessTag,
  Value,
  type LiquidTemplate,
  type Token,
} from './liquid-package.js';
import {PrintedValue, QuotedText} from './printing-parser.js';

type Kinds = ReadonlyMap<string, Kind | undefined>;

/**
 * Throws `TemplateProblem` for a comparison that no value could change, a list where a text is meant, and a loop over
 * what is no list: Liquid decides these without a word. Branches that are not taken are looked at too.
 */
export function checkKinds(templates: readonly LiquidTemplate[], values: ReadonlyMap<string, Kind>): void {
  const assigned = new Map<string, Kind | undefined>(values);
  const merge = (name: string, kind: Kind | undefined): void => {
    assigned.set(name, assigned.has(name) && assigned.get(name) !== kind ? undefined : kind);
  };
  walk(templates, assigned, {assigned: merge, isChecked: false});
  walk(templates, assigned, {assigned: () => undefined, isChecked: true});
}

/** First all that is assigned is known, then it is judged: a text may assign a name once more further down. */
type Visit = {
  readonly assigned: (name: string, kind: Kind | undefined) => void;
  readonly isChecked: boolean;
};

function walk(templates: readonly LiquidTemplate[], kinds: Kinds, visit: Visit): void {
  for (const one of templates) {
    if (one instanceof IfTag || one instanceof UnlessTag) {
      for (const branch of one.branches) {
        kindOfValue(branch.value, kinds, visit);
        walk(branch.templates, kinds, visit);
      }
      walk(one.elseTemplates ?? [], kinds, visit);
    } else if (one instanceof CaseTag) {
      walkCase(one, kinds, visit);
    } else if (one instanceof ForTag) {
      const collection = operandOf(one.collection, kinds, visit);
      fail(loopFault(collection), one.collection, visit);
      const inside = new Map([
        ...kinds,
        [one.variable, itemKind(collection.kind)] as const,
        ['forloop', undefined] as const,
      ]);
      walk(one.templates, inside, visit);
      walk(one.elseTemplates ?? [], kinds, visit);
    } else if (one instanceof AssignTag) {
      const [identifier] = one.localScope();
      const [value] = one.arguments();
      if (identifier !== undefined && value instanceof Value) {
        visit.assigned(identifier.content, kindOfValue(value, kinds, visit));
      }
    } else if (one instanceof PrintedValue) {
      kindOfValue(one.value, kinds, visit);
    } else if (one instanceof QuotedText) {
      walk(one.templates, kinds, visit);
    }
  }
}

function walkCase({value, branches, elseTemplates}: CaseTag, kinds: Kinds, visit: Visit): void {
  const [first] = value.initial.postfix;
  const left: Operand = {kind: kindOfValue(value, kinds, visit), source: first?.getText() ?? ''};
  for (const branch of branches) {
    for (const token of branch.values) {
      const right = operandOf(token, kinds, visit);
      fail(comparisonFault('==', left, right), token, visit);
    }
    walk(branch.templates, kinds, visit);
  }
  walk(elseTemplates, kinds, visit);
}

function fail(reason: string | undefined, token: Token, {isChecked}: Visit): void {
  if (reason !== undefined && isChecked) throw new TemplateProblem(reason, token.getPosition()[0]);
}

/** What an expression with its filters is. */
function kindOfValue({initial, filters}: Value, kinds: Kinds, visit: Visit): Kind | undefined {
  const {postfix} = initial;
  let operand = reckon(postfix, kinds, visit);
  for (const {name, args} of filters) {
    const given = args.flatMap((arg) => (Array.isArray(arg) ? [] : [arg]));
    const [token] = postfix;
    if (token !== undefined) fail(filterFault(name, operand), token, visit);
    for (const arg of given) fail(filterFault(name, operandOf(arg, kinds, visit)), arg, visit);
    operand = {kind: filteredKind(name, operand.kind), source: `${operand.source} | ${name}`};
  }
  return operand.kind;
}

/** As Liquid reckons: operands wait for their operators. */
function reckon(postfix: readonly Token[], kinds: Kinds, visit: Visit): Operand {
  const waiting: Operand[] = [];
  for (const token of postfix) {
    if (!TypeGuards.isOperatorToken(token)) {
      waiting.push(operandOf(token, kinds, visit));
      continue;
    }
    const right = waiting.pop();
    if (token.operator === 'not') {
      waiting.push({kind: 'flag', source: `not ${right?.source ?? ''}`});
      continue;
    }
    const left = waiting.pop();
    if (left === undefined || right === undefined) {
      fail(`a value is missing beside ${token.operator}`, token, visit);
      return {kind: undefined, source: ''};
    }
    if (token.operator !== 'and' && token.operator !== 'or') {
      fail(comparisonFault(token.operator, left, right), token, visit);
    }
    waiting.push({kind: 'flag', source: `${left.source} ${token.operator} ${right.source}`});
  }
  const [operand, more] = waiting;
  const [, second] = postfix;
  if (operand !== undefined && more !== undefined && second !== undefined) {
    fail(
      `${operand.source} and ${more.source} stand beside each other with nothing between; write an operator, such as == or and; ${RAW}`,
      second,
      visit,
    );
  }
  return operand ?? {kind: undefined, source: ''};
}

function operandOf(token: Token, kinds: Kinds, visit: Visit): Operand {
  const source = token.getText();
  if (TypeGuards.isQuotedToken(token)) return {kind: 'text', source, literal: evalQuotedToken(token)};
  if (TypeGuards.isNumberToken(token)) return {kind: 'number', source};
  if (TypeGuards.isRangeToken(token)) return {kind: undefined, source};
  if (TypeGuards.isLiteralToken(token)) {
    return {kind: typeof token.content === 'boolean' ? 'flag' : undefined, source};
  }
  if (TypeGuards.isFilteredValueToken(token)) {
    return {kind: reckon(token.initial.postfix, kinds, visit).kind, source};
  }
  if (!TypeGuards.isPropertyAccessToken(token) || token.variable !== undefined) {
    return {kind: undefined, source};
  }
  const [first, ...parts] = token.props.map((prop) => ('content' in prop ? String(prop.content) : undefined));
  const start = first === undefined ? undefined : kinds.get(first);
  return {kind: parts.reduce(partKind, start), source};
}

/** What a part of a value is, such as `size` of a list. */
function partKind(kind: Kind | undefined, part: string | undefined): Kind | undefined {
  if (kind === 'row') return part === 'name' || part === 'value' ? 'text' : undefined;
  if (part === 'size') return kind === undefined ? undefined : 'number';
  return part === 'first' || part === 'last' ? itemKind(kind) : undefined;
}
