/** What is used of the package. A file of its own, so that it is loaded only where a template is rendered. */
export {
  AssignTag,
  CaseTag,
  Context,
  evalQuotedToken,
  ForTag,
  IfTag,
  Liquid,
  LiquidError,
  Output,
  Parser,
  Tag,
  Tokenizer,
  TokenKind,
  TypeGuards,
  UnlessTag,
  Value,
} from 'liquidjs';
export type {Emitter, TagToken, Template as LiquidTemplate, Token, TopLevelToken} from 'liquidjs';
