import process from 'node:process';
import {render} from 'ink';
import {App, type Suspend} from './app.js';
import {createPace} from './pace.js';
import {ReaderApp} from './reader-app.js';
import type {ScreenEntry, Size} from './screen.js';
import {createShell} from './shell.js';
import {createSpeaker} from './speaker.js';
import type {StartOptions} from './start.js';
import type {Theme} from './theme.js';

const TICK_MS = 1000;
/** A key is on the screen within a hundredth of a second, also right after a tick. */
const MOST_FRAMES = 100;

/** How to show screens that are loaded, with the theme settled. */
export type MountOptions = Omit<StartOptions, 'entries' | 'theme' | 'symbols'> & {
  readonly entries: readonly ScreenEntry[];
  readonly theme: Theme;
};

/** Draws the screens until somebody leaves; gives the exit code. Throws what a screen or its work threw. */
export async function mountScreens(options: MountOptions): Promise<number> {
  const {terminal, theme, signal} = options;
  const {stdin, stdout} = terminal;
  const end = Promise.withResolvers<number>();
  const isReader = theme.name === 'reader';
  let suspend: Suspend | undefined;
  let isSuspended = false;
  const handOver = (meanwhile: () => Promise<void> | void): void => {
    if (suspend === undefined || isSuspended) return;
    isSuspended = true;
    const back = (): void => {
      isSuspended = false;
      resize();
    };
    suspend(meanwhile).then(back, end.reject);
  };
  const shell = createShell({
    entries: options.entries,
    now: options.now,
    hasMotion: theme.hasMotion || isReader,
    ...(options.ownKeys === undefined ? {} : {ownKeys: options.ownKeys}),
    terminal: {
      redraw: () => (speaker === undefined ? handOver(() => undefined) : speaker.repeat()),
      suspend: () => handOver(stopThisProcess),
      write: (text) => void stdout.write(text),
    },
    afterwards: (key, text) => options.afterwards?.(key, text),
    onEnd: end.resolve,
    onEndNow(code) {
      app.unmount();
      options.exitNow(code);
    },
    onBug: end.reject,
  });
  const resize = (): void => shell.resize(sizeOf(stdout));
  const onSuspendable = (given: Suspend): void => {
    suspend = given;
  };
  shell.resize(sizeOf(stdout));
  shell.open(options.first.name, options.first.object);
  const speaker = isReader ? createSpeaker(shell) : undefined;
  const pace = createPace(shell, {
    now: () => performance.now(),
    // A stream that does not count counts as a line without an end.
    bytesWritten: () => stdout.bytesWritten ?? 0,
    later(call, ms) {
      const pending = setTimeout(call, ms);
      return () => clearTimeout(pending);
    },
  });
  const paced = {...shell, subscribe: pace.subscribe, version: pace.version};
  const timer = setInterval(() => shell.tick(), TICK_MS);
  const leave = (): void => shell.leave(130);
  stdout.on('resize', resize);
  // A terminal that was closed: nobody is left to press a key.
  stdin.on('end', leave).on('error', leave);
  if (signal.aborted) leave();
  else signal.addEventListener('abort', leave, {once: true});

  const app = render(
    speaker === undefined ? (
      <App
        shell={paced}
        theme={theme}
        marks={options.marks}
        onSuspendable={onSuspendable}
        onLateReply={pace.slowDown}
      />
    ) : (
      <ReaderApp shell={shell} speaker={speaker} onSuspendable={onSuspendable} />
    ),
    {
      stdin,
      stdout,
      alternateScreen: !isReader,
      incrementalRendering: !isReader,
      isScreenReaderEnabled: isReader,
      exitOnCtrlC: false,
      interactive: true,
      maxFps: MOST_FRAMES,
    },
  );
  try {
    return await Promise.race([end.promise, failureOf(app)]);
  } catch (error) {
    app.unmount();
    // A bug of ours is no reason to leave a node half changed.
    await shell.stop();
    throw error;
  } finally {
    clearInterval(timer);
    pace.stop();
    signal.removeEventListener('abort', leave);
    stdin.off('end', leave).off('error', leave);
    stdout.off('resize', resize);
    app.unmount();
  }
}

/** Ends only where drawing threw: what is shown then vanishes with the screen, so it has to be told again. */
async function failureOf(app: {waitUntilExit(): Promise<unknown>}): Promise<never> {
  await app.waitUntilExit();
  return new Promise(() => undefined);
}

function sizeOf(stdout: StartOptions['terminal']['stdout']): Size {
  // A terminal that does not say how large it is has 0 columns.
  return {columns: stdout.columns || 80, rows: stdout.rows || 24};
}

/**
 * Stops everything that was started with this program, as Ctrl-Z does outside of raw mode, and goes on when the
 * operator's shell says so. Where no shell is there to do that, the system ignores the signal.
 */
async function stopThisProcess(): Promise<void> {
  const goesOn = Promise.withResolvers<void>();
  process.once('SIGCONT', goesOn.resolve);
  process.kill(0, 'SIGTSTP');
  const ignored = setTimeout(goesOn.resolve, 100);
  await goesOn.promise;
  clearTimeout(ignored);
  process.off('SIGCONT', goesOn.resolve);
  // The window may be another one now.
  process.emit('SIGWINCH', 'SIGWINCH');
}
