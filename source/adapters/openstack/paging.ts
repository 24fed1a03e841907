import {CloudError} from '../../app/errors.js';
import type {Listing} from '../../app/ports.js';
import {UNKNOWN} from './decode.js';
import {asList, asRecord, rowsIn, textOf} from './json.js';

export type PagingOptions<Row> = {
  /** Key of the list in the answer; links to the next page are in `<key>_links`. */
  readonly collection: string;
  readonly limit: number;
  /** The JSON of the page behind the marker, the first without one. */
  readonly fetchPage: (marker: string | undefined) => Promise<unknown>;
  /** Field of a raw row that is its marker. */
  readonly markerField?: string;
  readonly decode: (value: unknown) => Row;
  /** Told of the new rows of each page as it comes. */
  readonly tellPage?: ((rows: readonly Row[]) => void) | undefined;
};

/** How many rows back a page is tried again from, where its marker went away meanwhile. */
const MOST_STEPS_BACK = 5;

/**
 * Page after page, in the API's order, each row once. Rejects where the first page fails; a later failure ends
 * the listing, which then says that it is not complete.
 */
export async function listAll<Row extends {readonly id: string}>(
  options: PagingOptions<Row>,
): Promise<Listing<Row>> {
  const rows = new Map<string, Row>();
  const nameless: Row[] = [];
  let page = await readPage(options, undefined);
  const markers = new Set<string>();
  let problem: string | undefined;
  for (let number = 1; ; number++) {
    const hasMore = page.values.length > 0 && (page.hasNext || page.values.length >= options.limit);
    const marker = hasMore ? markerOf(page.values.at(-1), options) : undefined;
    // The next page is under way while this one is decoded.
    const isNew = marker !== undefined && !markers.has(marker);
    const next = isNew ? settle(readPageBehind(options, page, marker)) : undefined;
    const fresh: Row[] = [];
    for (const value of page.values) {
      const row = options.decode(value);
      if (row.id !== UNKNOWN && rows.has(row.id)) continue;
      if (row.id === UNKNOWN) nameless.push(row);
      else rows.set(row.id, row);
      fresh.push(row);
    }
    options.tellPage?.(fresh);
    if (hasMore && !isNew) {
      const why = marker === undefined ? 'ends with a row without id' : 'ends where an earlier one did';
      problem = `page ${number} ${why}, so the rest cannot be reached`;
    }
    if (next === undefined || marker === undefined) break;
    markers.add(marker);
    const outcome = await next;
    if ('error' in outcome) {
      problem = `the listing broke off after ${number === 1 ? 'one page' : `${number} pages`} (${
        rows.size
      } rows): ${outcome.error.message}`;
      break;
    }
    page = outcome.page;
  }
  if (problem === undefined && nameless.length > 0) {
    problem = `${nameless.length} of the rows have no id`;
  }
  return {rows: [...rows.values(), ...nameless], isComplete: problem === undefined, problem};
}

type Page = {readonly values: readonly unknown[]; readonly hasNext: boolean};

async function readPage<Row>(options: PagingOptions<Row>, marker: string | undefined): Promise<Page> {
  const body = asRecord(await options.fetchPage(marker));
  const values = rowsIn(body, options.collection);
  const links = asList(body?.[`${options.collection}_links`]) ?? [];
  return {values, hasNext: links.some((link) => asRecord(link)?.['rel'] === 'next')};
}

/** As `readPage`; where the marker's row is gone (400), from the rows before it. */
async function readPageBehind<Row>(options: PagingOptions<Row>, page: Page, marker: string): Promise<Page> {
  const before = page.values
    .slice(-1 - MOST_STEPS_BACK, -1)
    .map((value) => markerOf(value, options))
    .filter((candidate) => candidate !== undefined);
  for (let candidate = marker; ;) {
    try {
      return await readPage(options, candidate);
    } catch (error) {
      const isGone = error instanceof CloudError && error.status === 400;
      const earlier = before.pop();
      if (!isGone || earlier === undefined) throw error;
      candidate = earlier;
    }
  }
}

type Settled = {readonly page: Page} | {readonly error: CloudError};

/** Errors of the cloud become values; the rest, an abort above all, stays an error. */
async function settle(promise: Promise<Page>): Promise<Settled> {
  try {
    return {page: await promise};
  } catch (error) {
    if (error instanceof CloudError) return {error};
    throw error;
  }
}

/** The link to the next page tells that there is one; its address may be a proxy's, so only the id is used. */
function markerOf<Row>(value: unknown, options: PagingOptions<Row>): string | undefined {
  return textOf(asRecord(value)?.[options.markerField ?? 'id']);
}
