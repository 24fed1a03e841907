/** What is used of the package. A file of its own, so that it is loaded only where a template is rendered. */
export {Context, Liquid, LiquidError, Output, Parser, Tag, Tokenizer, TokenKind} from 'liquidjs';
export type {Emitter, TagToken, Template as LiquidTemplate, Token, TopLevelToken} from 'liquidjs';
