import {formatElement, previewElements} from '../domain/flavor/guest-xml-preview.js';
import type {Judgement} from '../domain/flavor/judge.js';

/** vCPUs whose pins are told one by one. */
const MOST_PINS = 16;

/** A part of the guest's XML that a flavor decides, broken into lines; `isWhole`: nothing of it is up to the host. */
export type XmlPart = {readonly name: string; readonly isWhole: boolean; readonly lines: readonly string[]};

/** What a flavor adds to the guest's XML: first what no host changes; none where no guest starts. */
export function guestXml(judgement: Judgement, mostPins = MOST_PINS): readonly XmlPart[] {
  const {cpu, watchdog} = judgement.xml;
  return [
    ...(cpu === undefined ? [] : [{name: 'cpu', isWhole: true, lines: indented(cpu)}]),
    ...(watchdog === undefined ? [] : [{name: 'watchdog', isWhole: true, lines: indented(watchdog)}]),
    ...previewElements(judgement, mostPins).map((element) => ({
      name: element.name,
      isWhole: false,
      lines: indented(formatElement(element)),
    })),
  ];
}

const TOKENS = /<!--.*?-->|<[^>]+>|[^<]+/g;

/** An element in a line of its own for each child, a space further in for each level. */
function indented(xml: string): readonly string[] {
  const tokens = xml.match(TOKENS) ?? [];
  const lines: string[] = [];
  let depth = 0;
  let isText = false;
  for (const token of tokens) {
    const isEnd = token.startsWith('</');
    if (isEnd) depth -= 1;
    if (!token.startsWith('<') || (isEnd && isText)) {
      lines.push(`${lines.pop() ?? ''}${token}`);
      isText = !isEnd;
      continue;
    }
    lines.push(`${' '.repeat(depth)}${token}`);
    if (!isEnd && !token.endsWith('/>') && !token.startsWith('<!--')) depth += 1;
  }
  return lines;
}
