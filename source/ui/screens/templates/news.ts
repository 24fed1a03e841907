import {countOf} from '../../../text/elapsed.js';
import {templateCount} from './pick.js';
import type {TemplatesState} from './state.js';
import {writtenHeadline} from './words.js';

/** What a screen reader is told without being asked. */
export function templatesNews(before: TemplatesState, state: TemplatesState): readonly string[] {
  const news: string[] = [];
  if (before.found.kind !== state.found.kind) {
    if (state.found.kind === 'ready') news.push(`${countOf(templateCount(state), 'template')}.`);
    if (state.found.kind === 'failed') news.push(`Error: ${state.found.trouble.message}.`);
  }
  const {form} = state;
  if (form?.stage.kind === 'written' && before.form?.stage.kind !== 'written') {
    news.push(`${writtenHeadline(form.stage.written)}.`);
  }
  if (form?.preview.kind === 'failed' && before.form?.preview !== form.preview) {
    news.push(`Error: ${form.preview.trouble.message}.`);
  }
  if (state.notice !== undefined && state.notice !== before.notice) {
    news.push(`${state.notice.isBad ? 'Error: ' : ''}${state.notice.text}.`);
  }
  return news;
}
