/**
 * A pure function that keeps its last answer: asked again with the same arguments, the very same objects, it does not
 * work again. For what follows from much that seldom changes and is asked for with every key.
 */
export function remembered<Arguments extends readonly unknown[], Answer>(
  work: (...given: Arguments) => Answer,
): (...given: Arguments) => Answer {
  let last: {readonly given: Arguments; readonly answer: Answer} | undefined;
  return (...given) => {
    const isSame =
      last?.given.length === given.length && given.every((one, index) => Object.is(one, last?.given[index]));
    if (last === undefined || !isSame) last = {given, answer: work(...given)};
    return last.answer;
  };
}
