/** A state with what a screen reader is told besides; the same state where there is nothing. */
export function withNews<State extends {readonly news: readonly string[]}>(
  state: State,
  news: readonly string[],
): State {
  return news.length === 0 ? state : {...state, news: [...state.news, ...news]};
}
