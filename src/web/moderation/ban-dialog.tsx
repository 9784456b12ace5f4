// Asks why somebody is banned, for how long, and what goes with it; Enter does it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { BAN_REASON_MAX } from '../../protocol/bans.ts';
import type { Author } from '../../protocol/chat/message.ts';
import type { Scope } from './desk-bans.ts';
import { BAN_REASONS } from './desk-words.ts';
import type { ModeratorActs } from './moderator-acts.ts';

const OTHER = 'Something else';
const WHERE: readonly { words: string; scope: Scope }[] = [
  { words: 'On this channel', scope: 'channel' },
  { words: 'Everywhere on Footlight', scope: 'platform' },
];
const LENGTHS: readonly { words: string; seconds: number | null }[] = [
  { words: 'For good', seconds: null },
  { words: 'For 30 days', seconds: 30 * 86_400 },
  { words: 'For 7 days', seconds: 7 * 86_400 },
  { words: 'For 1 day', seconds: 86_400 },
];

interface BanDialogProps {
  whom: Pick<Author, 'id' | 'handle' | 'name'>;
  acts: ModeratorActs;
  /** Where it counts; null: whoever bans chooses, as far as they may. */
  where?: Scope | null;
  onClose(): void;
}

export function BanDialog({ whom, acts, where = null, onClose }: BanDialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [reason, setReason] = useState<string>(BAN_REASONS[0] ?? OTHER);
  const [words, setWords] = useState('');
  const [length, setLength] = useState(0);
  const [removeMessages, setRemoveMessages] = useState(true);
  const [network, setNetwork] = useState(false);
  const [scope, setScope] = useState<Scope>(where ?? 'channel');
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => dialog.current?.showModal(), []);
  const why = reason === OTHER ? words.trim() : reason;

  const ban = async (event: Event) => {
    event.preventDefault();
    const seconds = LENGTHS[length]?.seconds ?? null;
    const isDone = await acts.ban(whom, {
      scope,
      seconds,
      removeMessages,
      // Not ticked: as far as the ban reaches that stands.
      ...(network && { network }),
      ...(why !== '' && { reason: why }),
    });
    if (isDone) onClose();
    else setProblem(acts.told.peek()?.words ?? null);
  };
  return (
    <dialog class="dialog" ref={dialog} onClose={onClose} aria-labelledby="ban-title" data-testid="ban-dialog">
      <form class="ban-form" onSubmit={ban}>
        <h2 id="ban-title">
          Ban {whom.name} {scope === 'channel' ? 'from this channel' : 'everywhere'}?
        </h2>
        <fieldset class="desk-choices">
          <legend>Why</legend>
          {[...BAN_REASONS, OTHER].map((one) => (
            <label key={one}>
              <input type="radio" name="ban-reason" checked={reason === one} onChange={() => setReason(one)} />
              {one}
            </label>
          ))}
        </fieldset>
        {reason === OTHER && (
          <div class="field">
            <label for="ban-words">In your own words, for moderators and the audit log</label>
            <input
              class="input"
              id="ban-words"
              maxLength={BAN_REASON_MAX}
              value={words}
              onInput={(event) => setWords(event.currentTarget.value)}
              data-testid="ban-words"
            />
          </div>
        )}
        {acts.isOfPlatform && where === null && (
          <div class="field">
            <label for="ban-where">Where</label>
            <select
              class="input"
              id="ban-where"
              value={scope}
              onChange={(event) => setScope(event.currentTarget.value as Scope)}
              data-testid="ban-where"
            >
              {WHERE.map((one) => (
                <option value={one.scope} key={one.scope}>
                  {one.words}
                </option>
              ))}
            </select>
          </div>
        )}
        <div class="field">
          <label for="ban-length">How long</label>
          <select
            class="input"
            id="ban-length"
            value={String(length)}
            onChange={(event) => setLength(Number(event.currentTarget.value))}
          >
            {LENGTHS.map(({ words: name }, index) => (
              <option value={String(index)} key={name}>
                {name}
              </option>
            ))}
          </select>
        </div>
        <label class="desk-check">
          <input
            type="checkbox"
            checked={removeMessages}
            onChange={(event) => setRemoveMessages(event.currentTarget.checked)}
          />
          Remove what they have said
        </label>
        <label class="desk-check" title="Others at the same network or device; held for a moderator, never refused">
          <input
            type="checkbox"
            checked={network}
            onChange={(event) => setNetwork(event.currentTarget.checked)}
            data-testid="ban-network"
          />
          Hold new accounts from the same network or device
        </label>
        {problem && (
          <p class="message message-bad" role="alert">
            {problem}
          </p>
        )}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button button-danger-solid" data-testid="ban-confirm">
            Ban {whom.name}
          </button>
        </div>
      </form>
    </dialog>
  );
}
