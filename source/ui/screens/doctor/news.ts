import {sentenceOf} from '../../trouble.js';
import {countsOf, rowsOf} from './rows.js';
import type {DoctorState} from './state.js';
import {extentWords, verdictSentence} from './words.js';

/** What a screen reader is told without being asked: each error when it is found, and what a look came to. */
export function doctorNews(before: DoctorState, state: DoctorState): readonly string[] {
  const news: string[] = [];
  if (before.diagnosis !== state.diagnosis) {
    const known = new Set(rowsOf(before).map(({id}) => id));
    for (const row of rowsOf(state)) {
      const isError = row.kind === 'missing' || (row.kind === 'finding' && row.severity === 'error');
      if (!isError || known.has(row.id)) continue;
      news.push(sentenceOf(`Error: ${row.who}: ${row.what}`));
    }
  }
  if (before.look.kind !== state.look.kind) {
    if (state.look.kind === 'done' && state.diagnosis !== undefined) {
      const verdict = verdictSentence(countsOf(rowsOf(state)));
      news.push(`${verdict} ${sentenceOf(extentWords(state.diagnosis, state.look))}`);
    }
    if (state.look.kind === 'failed') news.push(sentenceOf(`Error: ${state.look.trouble.message}`));
  }
  if (state.report?.problem !== undefined && state.report.problem !== before.report?.problem) {
    news.push(sentenceOf(`Error: ${state.report.problem}`));
  }
  if (state.notice !== undefined && state.notice !== before.notice) {
    news.push(sentenceOf(`${state.notice.isBad ? 'Error: ' : ''}${state.notice.text}`));
  }
  return news;
}
