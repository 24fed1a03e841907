import {defineCommand} from './command.js';
import {option, parseText, repeated, toggle} from './flag.js';

const ABOUT_ONE = 'it belongs to one command line';

/** Each command has one of its own. */
const templatesFlag = () =>
  option(
    '--templates <dir>',
    "a folder of your team's templates, which come before the shipped ones",
    parseText,
    {completes: 'file'},
  );
const planFlag = () =>
  option('--plan <file>', 'values from a plan that reprieve plan -o wrote', parseText, {
    notInProfile: ABOUT_ONE,
    completes: 'file',
  });
const flavorFlag = () =>
  option('--flavor <flavor>', 'values from a flavor: id or name in the cloud, or FILE[#NAME]', parseText, {
    notInProfile: ABOUT_ONE,
    completes: 'file',
  });
const nameArgument = {syntax: '<name>', help: 'a template, as reprieve template list names it'};

const list = defineCommand({
  name: 'list',
  summary: 'every template, shipped or of your team',
  flags: {templates: templatesFlag()},
  examples: ['reprieve template list', "reprieve template list --json | jq -r '.[].name'"],
  async run(context, {flags}) {
    const {runList} = await import('./template-show.js');
    return runList(context, flags.templates);
  },
});

const show = defineCommand({
  name: 'show',
  summary: 'what a template is for, what it asks for, and what it makes',
  args: [nameArgument],
  flags: {templates: templatesFlag()},
  examples: ['reprieve template show kolla'],
  async run(context, {args: [name = ''], flags}) {
    const {runShow} = await import('./template-show.js');
    return runShow(context, name, flags.templates);
  },
});

/** What `template render` is asked for. */
export const renderFlags = {
  set: repeated('--set <name=value>', 'a value, as reprieve template show names it'),
  values: repeated('--values <file>', 'values in YAML or JSON; a later file wins over an earlier one', {
    completes: 'file',
  }),
  plan: planFlag(),
  flavor: flavorFlag(),
  fromCloud: toggle('--from-cloud', 'values from the cloud as it is: its name, address, and compute hosts', {
    notInProfile: ABOUT_ONE,
  }),
  examples: toggle('--examples', "render with the template's own examples, each into a folder of its name", {
    notInProfile: ABOUT_ONE,
  }),
  output: option('-o, --output <dir>', 'write the files to this folder instead of printing them', parseText, {
    notInProfile: ABOUT_ONE,
    completes: 'file',
  }),
  check: toggle('--check', 'write nothing: exit code 1 where the files in the folder are others', {
    notInProfile: ABOUT_ONE,
  }),
  templates: templatesFlag(),
};

const render = defineCommand({
  name: 'render',
  summary: 'fill a template in, and print its files or write them to a folder',
  args: [nameArgument],
  flags: renderFlags,
  examples: [
    'reprieve template render kolla --set interval=2h -o ./kolla-config',
    'reprieve template render ansible --plan plan.json -o ./delayed-delete --yes',
    'reprieve template render terraform --flavor flavors.yaml#db.16c64g',
    'reprieve template render kolla --values values.yaml -o ./kolla-config --check',
  ],
  async run(context, {args: [name = ''], flags}) {
    const {runRender} = await import('./template-render.js');
    return runRender(context, name, flags);
  },
});

const create = defineCommand({
  name: 'new',
  summary: 'start a template of your own',
  args: [{syntax: '<name>', help: 'what it shall be called'}],
  flags: {templates: templatesFlag()},
  examples: ['reprieve template new salt', 'reprieve template new salt --templates ./templates'],
  usesProfile: true,
  async run(context, {args: [name = ''], flags}) {
    const {runNew} = await import('./template-new.js');
    return runNew(context, name, flags.templates);
  },
});

const test = defineCommand({
  name: 'test',
  summary: 'render templates with their examples, and read what came out',
  args: [
    {
      syntax: '[name...]',
      help: 'templates, or folders with a slash; every one if none is named',
      completes: 'file',
    },
  ],
  flags: {templates: templatesFlag()},
  examples: ['reprieve template test', 'reprieve template test ./templates/salt'],
  async run(context, {args, flags}) {
    const {runTest} = await import('./template-test.js');
    return runTest(context, args, flags.templates);
  },
});

/** What the screen is asked for. */
export const screenFlags = {
  plan: planFlag(),
  flavor: flavorFlag(),
  templates: templatesFlag(),
};

/** Files for the tools that a team runs already. */
export const template = defineCommand({
  name: 'template',
  summary: 'what is set up or designed here, as files for the tool that owns the configuration',
  isScreen: true,
  flags: screenFlags,
  examples: ['reprieve template', 'reprieve template --flavor db.16c64g'],
  async run(context, {flags}) {
    const {runTemplatesScreen} = await import('./templates-screen.js');
    return runTemplatesScreen(context, flags);
  },
  commands: [list, show, render, create, test],
});
