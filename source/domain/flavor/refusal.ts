/** What Nova refuses: the flavor's own values, the image's, what the API checks of both, the search for a topology, the guest. */
export type Stage = 'flavor' | 'image' | 'constraints' | 'possible' | 'compute';

/** `python` is an exception that Nova does not handle: HTTP 500 instead of 400. */
export type ErrorKind = 'nova' | 'python';

/**
 * Nova raises an exception. `error` is the name of its class (nova/exception.py); `property` the extra spec or image
 * property that is to blame, and `value` the text it has. A class, so that results can be told from it cheaply.
 */
export class Refusal {
  readonly error: string;
  readonly property: string;
  readonly detail: string;
  readonly stage: Stage;
  readonly kind: ErrorKind;

  /** @param detail what is wrong, as the end of a sentence that begins with the property */
  constructor(
    error: string,
    property: string,
    detail: string,
    stage: Stage = 'constraints',
    kind: ErrorKind = 'nova',
  ) {
    this.error = error;
    this.property = property;
    this.detail = detail;
    this.stage = stage;
    this.kind = kind;
  }
}
