// Builds transcoder/Dockerfile without a Docker engine: carries out its COPY and npm steps in a temporary folder, asks apt whether
// it would install the packages, and starts the node from the result with `--check`.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseDockerfile, type Stage, type Step } from './dockerfile/parse.ts';
import { ROOT } from './local/settings.ts';

const COMMAND_LIMIT_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'dockerfile-'));
try {
  build(parseDockerfile(readFileSync(join(ROOT, 'transcoder/Dockerfile'), 'utf8')));
} catch (error) {
  say(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function build(stages: Stage[]): void {
  const roots = new Map<string, string>();
  stages.forEach((stage, index) => {
    const root = join(folder, String(index));
    mkdirSync(root);
    if (stage.name) roots.set(stage.name, root);
    say(`stage ${stage.name ?? index} from ${stage.base}`);
    let workDir = '/';
    for (const step of stage.steps) {
      if (step.instruction === 'WORKDIR') workDir = step.text;
      mkdirSync(join(root, workDir), { recursive: true });
      if (step.instruction === 'COPY') copy(step, { root, workDir, roots });
      if (step.instruction === 'RUN')
        for (const command of step.text.split('&&')) execute(command.trim(), join(root, workDir));
    }
    if (index === stages.length - 1) start(stage, join(root, workDir));
  });
}

function copy(
  { text, options, line }: Step,
  { root, workDir, roots }: { root: string; workDir: string; roots: Map<string, string> },
): void {
  const from = options.from === undefined ? ROOT : roots.get(options.from);
  if (from === undefined) throw new Error(`Line ${line}: there is no stage named ${options.from}.`);
  const paths = text.split(' ');
  const target = paths.pop() ?? '';
  const place = target.startsWith('/') ? join(root, target) : join(root, workDir, target);
  for (const path of paths) {
    const source = join(from, path);
    if (!existsSync(source)) throw new Error(`Line ${line}: ${path} does not exist.`);
    // A folder's contents are copied, not the folder; a file goes into a target that ends with a slash.
    cpSync(source, target.endsWith('/') ? join(place, basename(path)) : place, { recursive: true });
  }
  say(`  copied ${text}`);
}

/** Runs what may run here; apt is asked only, for it would change this machine. */
function execute(command: string, cwd: string): void {
  const [program, ...args] = command.split(/\s+/);
  if (program === 'npm') run(program, args, cwd);
  else if (program === 'apt-get' && args[0] === 'install') run('apt-get', ['install', '-s', ...args.slice(1)], cwd);
  else if (program === 'apt-get' || program === 'rm') say(`  not done here: ${command}`);
  else throw new Error(`"${command}" is a step that this check does not know: teach it, or leave the step out.`);
}

function run(program: string, args: string[], cwd: string): void {
  const { status, stderr, error } = spawnSync(program, args, { cwd, encoding: 'utf8', timeout: COMMAND_LIMIT_MS });
  if (status !== 0) throw new Error(`"${program} ${args.join(' ')}" failed: ${error?.message ?? stderr.trim()}`);
  say(`  ran ${program} ${args.join(' ')}`);
}

/** The last stage's command, from its folder, so that nothing of the checkout can help. */
function start({ steps }: Stage, cwd: string): void {
  const command = steps.findLast(({ instruction }) => instruction === 'CMD');
  const [, ...args] = JSON.parse(command?.text ?? '[]') as string[];
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: folder,
    EDGE_URL: 'https://live.example.com',
    NODE_SECRET: 'only-for-this-check',
  };
  for (const { instruction, text } of steps) {
    if (instruction === 'ENV') for (const pair of text.split(' ')) env[pair.split('=')[0] ?? ''] = pair.split('=')[1];
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [...args, '--check'], {
    cwd,
    env,
    encoding: 'utf8',
    timeout: 30_000,
  });
  if (status !== 0)
    throw new Error(`The node does not start from ${basename(dirname(cwd))}: ${stderr.trim() || 'it was ended'}`);
  say(`  ${stdout.trim()}`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
