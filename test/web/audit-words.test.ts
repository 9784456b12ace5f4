import { describe, expect, it } from 'vitest';
import { AUDIT_ACTIONS } from '../../src/protocol/audit.ts';
import { ACTION_WORDS, actorWords, changesOf, sentence } from '../../src/web/admin/audit-words.ts';

const ada = { kind: 'user' as const, id: 'us_ada0', name: 'Ada', appId: null };
const nobody = { ...ada, name: null };

describe('the words of the audit log', () => {
  it('are there for every action', () => {
    expect(Object.keys(ACTION_WORDS).sort()).toEqual([...AUDIT_ACTIONS].sort());
  });

  it('say who did what, and what happened by itself', () => {
    expect(sentence({ actor: ada, action: 'stream.updated' })).toBe('Ada changed a stream');
    expect(sentence({ actor: { ...nobody, kind: 'system', id: null }, action: 'stream.started' })).toBe(
      'A stream went live',
    );
    expect(sentence({ actor: ada, action: 'stream.ended' })).toBe('Ada ended a stream');
  });

  it('name those who are no longer known', () => {
    expect(actorWords({ ...nobody, id: 'pp_abcd' })).toBe('Somebody who left');
    expect(actorWords({ ...nobody, kind: 'nobody', id: null })).toBe('Somebody unknown');
    expect(actorWords({ ...nobody, kind: 'node', id: 'nd_one' })).toBe('The node nd_one');
  });

  it('put before and after side by side', () => {
    expect(
      changesOf({
        before: { title: 'A', scheduledAtMs: null },
        after: { title: 'B', reconnectWindowSeconds: 5, mine: true },
      }),
    ).toEqual([
      { name: 'title', before: 'A', after: 'B' },
      { name: 'scheduled at ms', before: 'none', after: null },
      { name: 'reconnect window seconds', before: null, after: '5' },
      { name: 'mine', before: null, after: 'yes' },
    ]);
  });
});
