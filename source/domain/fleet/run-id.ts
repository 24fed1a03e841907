const RUN_ID = /^[0-9]{8}-[0-9]{6}-[0-9a-z]{4}$/;

/** Whether a text is a run id: `20261122-184500-x7k2`. Only such texts become part of a path. */
export function isRunId(text: string): boolean {
  return RUN_ID.test(text);
}

/** Makes a run id of a time (epoch milliseconds, shown in UTC) and four random letters or digits. */
export function makeRunId(now: number, random: string): string {
  const digits = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const id = `${digits}-${random}`;
  if (!isRunId(id)) throw new Error(`not a run id: ${id}`);
  return id;
}
