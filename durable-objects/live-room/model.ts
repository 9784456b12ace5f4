// The model at the far end of the binding `AI`: one line goes out, and how harmful it is comes back, within a time limit.
import type { ModelAnswer } from '../../src/domain/chat/moderation/model-slot.ts';
import { readGuardAnswer } from '../../src/protocol/model.ts';

/** Nobody's line waits longer for an opinion. */
export const MODEL_TIMEOUT_MS = 1500;
const ANSWER_TOKENS = 20;
/** A guard says yes or no and not how sure it is: enough to hold a line for a moderator, never to deny it. */
const UNSAFE_HARM = 0.8;

/** What we use of Workers AI. */
export interface ModelBinding {
  run(model: string, input: object): Promise<unknown>;
}

/** `down`: it failed, or said something that is no answer. */
export async function askModel(
  binding: ModelBinding,
  { model, text }: { model: string; text: string },
): Promise<ModelAnswer | 'down' | 'late'> {
  const input = {
    messages: [{ role: 'user', content: text }],
    response_format: { type: 'json_object' },
    max_tokens: ANSWER_TOKENS,
    temperature: 0,
  };
  const asked = binding.run(model, input).then(readAnswer);
  let timer: ReturnType<typeof setTimeout> | null = null;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), MODEL_TIMEOUT_MS);
  });
  try {
    return await Promise.race([asked, late]);
  } catch (error) {
    console.error(`The model ${model} did not answer.`, error);
    return 'down';
  } finally {
    if (timer !== null) clearTimeout(timer);
  }
}

function readAnswer(answer: unknown): ModelAnswer | 'down' {
  const said = readGuardAnswer(answer);
  if (said === null) return 'down';
  return { harm: said === 'safe' ? 0 : UNSAFE_HARM };
}
