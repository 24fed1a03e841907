// The conf commands as a program of their own: what the real one does with them, without the rest.
import process from 'node:process';
import {Command, CommanderError} from 'commander';
import {createFiles} from '../../source/adapters/files/local-files.js';
import {readMachine} from '../../source/adapters/files/machine.js';
import {UserError} from '../../source/app/errors.js';
import {registerConf, type ConfContext, type ConfWork} from '../../source/commands/conf.js';

const isJson = process.argv.includes('--json');
const context: ConfContext = {
  output: {
    isJson,
    line: (text) => void (isJson || process.stdout.write(`${text}\n`)),
    json: (value) => void (isJson && process.stdout.write(`${JSON.stringify(value)}\n`)),
    notice: (text) => void process.stderr.write(`${text}\n`),
  },
  files: createFiles(),
  machine: readMachine,
  environment: process.env,
  isReadOnly: process.argv.includes('--read-only'),
};

let work: ConfWork | undefined;
const program = new Command('reprieve').option('--json').option('--read-only').exitOverride();
registerConf(program, (chosen) => (work = chosen));
for (const conf of program.commands) for (const command of conf.commands) command.exitOverride();
const codes = {failed: 1, usage: 2, refused: 3, unreachable: 4};
try {
  await program.parseAsync();
  process.exitCode = await work?.(context);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = 2;
  else if (error instanceof UserError) {
    const remedy = error.remedy === undefined ? '' : `; ${error.remedy}`;
    process.stderr.write(`${error.message}${remedy}\n`);
    process.exitCode = codes[error.kind];
  } else throw error;
}
