// The saved set of the shield: which modes and rules it puts over the rooms of the channel, and when it goes up by itself.
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { ChannelShield, ShieldMode, ShieldTrips } from '../../protocol/shield.ts';
import { FormFoot } from '../components/form-foot.tsx';
import { useSubmit } from '../components/use-submit.ts';
import { moderationApi } from '../moderation-api.ts';
import { Check, MODE_SWITCHES, ModeChoices } from './mode-fields.tsx';

export function ShieldBox({ channelId }: { channelId: string }) {
  const [kept, setKept] = useState<ChannelShield | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const load = useCallback(
    () => moderationApi.shield(channelId).then(setKept, (error: Error) => setProblem(error.message)),
    [channelId],
  );
  useEffect(() => void load(), [load]);
  return (
    <section aria-labelledby="shield-title">
      <h2 id="shield-title">Shield</h2>
      <p class="muted">
        One switch puts this set over every room of the channel. Where a room or the rules are stricter already, they
        stay so.
      </p>
      {problem && (
        <p class="message message-bad" role="alert">
          {problem}
        </p>
      )}
      {kept ? (
        <ShieldForm channelId={channelId} kept={kept} onSaved={setKept} key={JSON.stringify(kept)} />
      ) : (
        !problem && <p class="desk-empty">Reading the set</p>
      )}
    </section>
  );
}

interface ShieldFormProps {
  channelId: string;
  kept: ChannelShield;
  onSaved(kept: ChannelShield): void;
}

function ShieldForm({ channelId, kept, onSaved }: ShieldFormProps) {
  const [mode, setMode] = useState<ShieldMode>(kept.mode);
  const [trips, setTrips] = useState<ShieldTrips>(kept.trips);
  const { problem, isBusy, submitting } = useSubmit();
  const change = (changes: Partial<ShieldMode>) => setMode({ ...mode, ...changes });
  const isChanged = JSON.stringify({ mode, trips }) !== JSON.stringify({ mode: kept.mode, trips: kept.trips });
  const save = submitting(async () => onSaved(await moderationApi.setShield(channelId, { mode, trips })));
  return (
    <form class="rules" onSubmit={save}>
      <ModeChoices prefix="shield-" slowLabel="Slow mode" settings={mode} onChange={change} />
      {SWITCHES.map(({ name, words }) => (
        <Check
          words={words}
          isChecked={mode[name]}
          onCheck={(isChecked) => change({ [name]: isChecked })}
          testId={`shield-${name}`}
          key={name}
        />
      ))}
      <fieldset class="rules-words">
        <legend>Goes up by itself in a room with more than</legend>
        {TRIPS.map(({ name, words }) => (
          <label class="shield-trip" key={name}>
            <input
              class="input"
              type="number"
              min={1}
              max={100_000}
              placeholder="never"
              value={trips[name] ?? ''}
              onInput={({ currentTarget: { value } }) =>
                setTrips({ ...trips, [name]: value === '' ? null : Math.round(Number(value)) })
              }
              data-testid={`trip-${name}`}
            />
            {words}
          </label>
        ))}
      </fieldset>
      <FormFoot
        problem={problem?.message}
        submitWord="Save the set"
        canSubmit={isChanged && !isBusy}
        testId="shield-save"
      />
    </form>
  );
}

const SWITCHES = [{ name: 'holdNewcomers', words: 'Hold all that new accounts say' }, ...MODE_SWITCHES] as const;
const TRIPS: readonly { name: keyof ShieldTrips; words: string }[] = [
  { name: 'joinsPerMinute', words: 'who come in, in a minute' },
  { name: 'messagesPerSecond', words: 'messages a second' },
  { name: 'deniedPerMinute', words: 'denied or held, in a minute' },
];
