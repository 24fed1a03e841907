/**
 * Maps items with at most `limit` calls at a time; results keep the order of the items. The first rejection
 * rejects, after the calls in hand have settled.
 */
export async function mapLimited<Item, Result>(
  items: readonly Item[],
  limit: number,
  map: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const workers = Array.from({length: Math.max(1, Math.min(limit, items.length))}, async () => {
    for (const [index, item] of entries) results[index] = await map(item);
  });
  const failed = (await Promise.allSettled(workers)).find((worker) => worker.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results;
}
