/**
 * A pure function of a text that remembers its latest `limit` results, so that a fleet whose files are alike is
 * worked out once. The oldest is forgotten first.
 */
export function recall<Result>(limit: number, work: (text: string) => Result): (text: string) => Result {
  const results = new Map<string, Result>();
  return (text) => {
    const known = results.get(text);
    if (known !== undefined) return known;
    const result = work(text);
    if (results.size >= limit) {
      for (const [oldest] of results) {
        results.delete(oldest);
        break;
      }
    }
    results.set(text, result);
    return result;
  };
}
