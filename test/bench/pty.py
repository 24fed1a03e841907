"""A pseudo-terminal with a program in it, and a clock beside it.

Reads one JSON object with words, env, columns, rows and, for a slow line, bytesPerSecond and delay (seconds each way);
then one JSON string a line: what is typed. Says one JSON object a line: started, out (base64), typed, ended; `at` is
seconds of the monotonic clock, taken here, next to the pseudo-terminal, so that whoever reads may be slow. Answers
what a terminal is asked for its background. Without a line between, the program's bytes are told as they are written.
"""
import base64, collections, fcntl, json, os, select, signal, struct, sys, termios, time

QUESTION = b'\x1b]11;?'
ANSWER = b'\x1b]11;rgb:1010/1414/1a1a\x1b\\'

given = json.loads(sys.stdin.readline())
rate = given.get('bytesPerSecond')
delay = given.get('delay', 0)


def tell(**what):
    sys.stdout.write(json.dumps(what) + '\n')
    sys.stdout.flush()


# The window has its size before the program can ask for it.
master, slave = os.openpty()
fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack('HHHH', given['rows'], given['columns'], 0, 0))
began = time.monotonic()
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
    for descriptor in (0, 1, 2):
        os.dup2(slave, descriptor)
    os.closerange(3, 256)
    try:
        os.execvpe(given['words'][0], given['words'], given['env'])
    finally:
        os._exit(127)
tell(at=began, kind='started', pid=pid)
os.close(slave)

down = collections.deque()  # (when it is at the operator, bytes)
up = collections.deque()  # (when it is at the program, bytes)
free = 0.0  # when the line has sent what it was given
tail = b''
commands = b''
is_open = True
exited = None  # when the program was seen to have ended


def arrive(at, out):
    """What the program wrote is at the operator's terminal."""
    global tail
    tell(at=at, kind='out', out=base64.b64encode(out).decode())
    seen = tail + out
    if QUESTION in seen:
        up.append((time.monotonic() + delay, ANSWER))
        seen = b''
    tail = seen[-len(QUESTION) + 1:]


while True:
    now = time.monotonic()
    while down and down[0][0] <= now:
        arrive(*down.popleft())
    while up and up[0][0] <= now:
        try:
            os.write(master, up.popleft()[1])
        except OSError:
            pass
    if not is_open and not down:
        break
    waits = [queue[0][0] - now for queue in (down, up) if queue]
    inputs = ([master] if is_open else []) + [0]
    ready, _, _ = select.select(inputs, [], [], max(0, min(waits)) if waits else None)
    if master in ready:
        try:
            out = os.read(master, 65536)
        except OSError:
            out = b''
        now = time.monotonic()
        if out == b'':
            is_open = False
            exited = now
        elif rate is None:
            arrive(now, out)
        else:
            # As a network does: nothing is refused, everything waits its turn.
            free = max(free, now) + len(out) / rate
            down.append((free + delay, out))
    if 0 in ready:
        chunk = os.read(0, 65536)
        if chunk == b'':
            # Whoever wanted to know is gone.
            os.kill(pid, signal.SIGKILL)
            break
        commands += chunk
        *lines, commands = commands.split(b'\n')
        for line in lines:
            typed = json.loads(line).encode()
            at = time.monotonic()
            if delay == 0:
                os.write(master, typed)
            else:
                up.append((at + delay, typed))
            tell(at=at, kind='typed')
_, status = os.waitpid(pid, 0)
tell(at=exited or time.monotonic(), kind='ended', code=os.waitstatus_to_exitcode(status))
