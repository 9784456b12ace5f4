// Asks a model about lines that the rules doubt: so many at a time, not while it is down, and everybody sees whether it is.
import { Circuit, PAUSE_MS } from '../../src/domain/chat/moderation/circuit.ts';
import type { ModelAnswer, ModelFallback } from '../../src/domain/chat/moderation/model-slot.ts';
import type { JudgeState } from '../../src/protocol/shield-state.ts';
import { askModel, type ModelBinding } from './model.ts';

/** Lines that wait for the model at the same time; beyond, the fallback holds. */
export const UNDER_WAY_MAX = 50;
/** Nobody's: only to see whether it answers again. */
const PROBE = 'Hello';

export class SecondOpinion {
  private readonly binding: ModelBinding | null;
  private readonly model: string;
  private readonly circuit = new Circuit();
  private readonly onChange: (state: JudgeState) => void;
  private underWay = 0;

  constructor({ AI, CHAT_MODEL }: Pick<Env, 'AI' | 'CHAT_MODEL'>, onChange: (state: JudgeState) => void) {
    this.binding = CHAT_MODEL && AI ? AI : null;
    this.model = CHAT_MODEL ?? '';
    this.onChange = onChange;
  }

  get state(): JudgeState {
    if (!this.binding) return 'off';
    return this.circuit.isDown ? 'down' : 'up';
  }

  /** For a line that is about to be judged. Undefined: there is no model. */
  facts(fallback: ModelFallback, nowMs: number): { state: 'ask' | 'down'; fallback: ModelFallback } | undefined {
    if (!this.binding) return undefined;
    const { tryAtMs } = this.circuit;
    const isResting = tryAtMs !== null && nowMs < tryAtMs;
    return { state: isResting || this.underWay >= UNDER_WAY_MAX ? 'down' : 'ask', fallback };
  }

  async about(text: string): Promise<ModelAnswer | 'down' | 'late'> {
    if (!this.binding || !this.circuit.mayAsk(Date.now())) return 'down';
    this.underWay += 1;
    try {
      const answer = await askModel(this.binding, { model: this.model, text });
      this.heard(answer);
      return answer;
    } finally {
      this.underWay -= 1;
    }
  }

  /** While it is down it is tried again by itself, so that everybody sees when it is back. Null: there is nothing to try. */
  tryAtMs(nowMs: number): number | null {
    const { tryAtMs } = this.circuit;
    return this.binding && tryAtMs !== null ? Math.max(tryAtMs, nowMs - PAUSE_MS) : null;
  }

  async probe(nowMs: number): Promise<void> {
    const { tryAtMs } = this.circuit;
    if (tryAtMs !== null && tryAtMs <= nowMs) await this.about(PROBE);
  }

  private heard(answer: ModelAnswer | 'down' | 'late'): void {
    const before = this.state;
    if (typeof answer === 'string') this.circuit.failed(Date.now());
    else this.circuit.answered();
    if (this.state !== before) this.onChange(this.state);
  }
}
