import {CloudError} from '../errors.js';
import type {Clock, CloudAccount} from '../ports.js';
import type {ListedServer, Names} from './watch-types.js';

/** So many users are asked for in one go; then what is known is told. */
const MOST_USERS = 40;
/** New names are told at most so often while more are asked for: whoever shows them may have to sort anew. */
const TELL_MS = 1000;
/** What had no name may have one later: Keystone was in trouble, or a project is new. */
const AGAIN_MS = 60_000;
/** Projects are renamed; see names.ts of the adapter. */
const PROJECTS_MS = 600_000;

export type NameAskerPorts = {
  readonly account: Pick<CloudAccount, 'projectNames' | 'userNames'>;
  readonly clock: Pick<Clock, 'now'>;
};

/**
 * Finds out the names of projects and users of servers, while other things go on. A name is asked for when the first
 * server of it comes, and told when it is known; where it is not, the id stands.
 */
export class NameAsker {
  readonly #ports: NameAskerPorts;
  readonly #tell: (names: Names) => void;
  readonly #signal: AbortSignal;
  readonly #projectIds = new Set<string>();
  readonly #userIds = new Set<string>();
  readonly #newUsers = new Set<string>();
  #hasNewProject = false;
  #names: Names = {projects: new Map(), users: new Map()};
  #newNames: Names = this.#names;
  #toldAt = Number.NEGATIVE_INFINITY;
  #projectsAt = Number.NEGATIVE_INFINITY;
  #askedAt = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | undefined;
  #failure: unknown;

  constructor(ports: NameAskerPorts, tell: (names: Names) => void, signal: AbortSignal) {
    this.#ports = ports;
    this.#tell = tell;
    this.#signal = signal;
  }

  /**
   * Asks for the names of these that were not asked for, without waiting for them, and of users by id. Throws what went wrong with an
   * earlier question, if that was no matter of the cloud.
   */
  see(servers: readonly ListedServer[], userIds: readonly string[] = []): void {
    for (const userId of userIds) this.#seeUser(userId);
    for (const {server} of servers) {
      const {projectId, userId} = server;
      if (projectId !== undefined && !this.#projectIds.has(projectId)) {
        this.#projectIds.add(projectId);
        this.#hasNewProject = true;
      }
      if (userId !== undefined) this.#seeUser(userId);
    }
    this.#askWhatIsNew();
  }

  /** Time went by: asks again for what has no name, and for projects, where that is due. */
  tick(): void {
    const now = this.#ports.clock.now();
    if (now - this.#projectsAt >= PROJECTS_MS && this.#projectIds.size > 0) this.#hasNewProject = true;
    if (now - this.#askedAt >= AGAIN_MS) {
      this.#askedAt = now;
      const {projects, users} = this.#newNames;
      for (const id of this.#userIds) if (!users.has(id)) this.#newUsers.add(id);
      this.#hasNewProject ||= [...this.#projectIds].some((id) => !projects.has(id));
    }
    this.#askWhatIsNew();
  }

  /** Resolves when no question is under way. */
  async settled(): Promise<void> {
    return this.#asking;
  }

  #seeUser(id: string): void {
    if (this.#userIds.has(id)) return;
    this.#userIds.add(id);
    this.#newUsers.add(id);
  }

  #askWhatIsNew(): void {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#newUsers.size > 0 || this.#hasNewProject) this.#asking ??= this.#ask();
  }

  async #ask(): Promise<void> {
    try {
      while (this.#newUsers.size > 0 || this.#hasNewProject) {
        this.#askedAt = this.#ports.clock.now();
        await Promise.all([this.#askProjects(), this.#askUsers()]);
        this.#tellNew(TELL_MS);
      }
    } catch (error) {
      // The login failed: that is told by who lists servers, and names are asked for again.
      if (!this.#signal.aborted && !(error instanceof CloudError)) this.#failure = error;
      this.#newUsers.clear();
      this.#hasNewProject = false;
    } finally {
      this.#asking = undefined;
      if (!this.#signal.aborted) this.#tellNew(0);
    }
  }

  async #askProjects(): Promise<void> {
    if (!this.#hasNewProject) return;
    this.#hasNewProject = false;
    this.#projectsAt = this.#ports.clock.now();
    const projects = await this.#ports.account.projectNames(this.#signal);
    const before = this.#newNames.projects;
    const isSame =
      before.size === projects.size && [...projects].every(([id, name]) => before.get(id) === name);
    if (!isSame) this.#newNames = {...this.#newNames, projects};
  }

  async #askUsers(): Promise<void> {
    const ids = [...this.#newUsers].slice(0, MOST_USERS);
    if (ids.length === 0) return;
    for (const id of ids) this.#newUsers.delete(id);
    const users = await this.#ports.account.userNames(ids, this.#signal);
    if (users.size > 0) {
      this.#newNames = {...this.#newNames, users: new Map([...this.#newNames.users, ...users])};
    }
  }

  #tellNew(everyMs: number): void {
    const now = this.#ports.clock.now();
    if (this.#newNames === this.#names || now - this.#toldAt < everyMs) return;
    this.#names = this.#newNames;
    this.#toldAt = now;
    this.#tell(this.#names);
  }
}
