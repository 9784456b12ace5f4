// Reads a Dockerfile into its stages and steps: as much of the format as ours uses. Pure.

export interface Step {
  instruction: string;
  /** `--from=packages` as { from: 'packages' }. */
  options: Record<string, string>;
  text: string;
  line: number;
}

export interface Stage {
  base: string;
  name: string | null;
  steps: Step[];
}

/** Throws a sentence for what it cannot read. */
export function parseDockerfile(text: string): Stage[] {
  const stages: Stage[] = [];
  for (const { words, line } of instructionsOf(text)) {
    const [instruction = '', ...rest] = words.split(/\s+/);
    const options: Record<string, string> = {};
    while (rest[0]?.startsWith('--')) {
      const [name = '', value = ''] = rest.shift()!.slice(2).split('=');
      options[name] = value;
    }
    if (instruction === 'FROM') {
      const [base = '', as, name] = rest;
      stages.push({ base, name: as?.toUpperCase() === 'AS' ? (name ?? null) : null, steps: [] });
      continue;
    }
    const stage = stages.at(-1);
    if (!stage) throw new Error(`Line ${line}: ${instruction} stands before the first FROM.`);
    stage.steps.push({ instruction, options, text: rest.join(' '), line });
  }
  return stages;
}

/** Comments left out, continued lines joined. */
function instructionsOf(text: string): { words: string; line: number }[] {
  const instructions: { words: string; line: number }[] = [];
  let open: { words: string; line: number } | null = null;
  for (const [index, raw] of text.split('\n').entries()) {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    const isContinued = trimmed.endsWith('\\');
    const words = isContinued ? trimmed.slice(0, -1).trim() : trimmed;
    open = open ? { words: `${open.words} ${words}`, line: open.line } : { words, line: index + 1 };
    if (isContinued) continue;
    instructions.push(open);
    open = null;
  }
  if (open) throw new Error(`Line ${open.line}: the last instruction is not finished.`);
  return instructions;
}
