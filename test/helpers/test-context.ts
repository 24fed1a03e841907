/** What helpers need of a test. */
export type TestContext = {teardown(end: () => void | Promise<void>): void};
