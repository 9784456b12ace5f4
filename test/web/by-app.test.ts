import { describe, expect, it } from 'vitest';
import { Grant } from '../../src/protocol/oauth.ts';
import { readLines } from '../../src/web/developers/lines.ts';
import { byApp } from '../../src/web/settings/by-app.ts';

const grant = (id: string, app: string, scopes: string[], lastUsedAt: string) =>
  Grant.parse({
    id,
    app: { id: app, name: app, ownerName: 'Ada', websiteUrl: null },
    scopes,
    createdAt: '2026-11-01T10:00:00Z',
    lastUsedAt,
  });

describe('the apps that a person allowed', () => {
  it('are shown once each, with all that any approval lets them do', () => {
    const apps = byApp([
      grant('gr_phone', 'ap_clock', ['chat:write'], '2026-11-02T10:00:00Z'),
      grant('gr_other', 'ap_other', ['profile'], '2026-11-01T10:00:00Z'),
      grant('gr_laptop', 'ap_clock', ['streams:read'], '2026-11-03T10:00:00Z'),
    ]);
    expect(apps.map(({ app, scopes, grantIds, lastUsedAt }) => [app.id, scopes, grantIds, lastUsedAt])).toEqual([
      ['ap_clock', ['streams:read', 'chat:write'], ['gr_phone', 'gr_laptop'], '2026-11-03T10:00:00Z'],
      ['ap_other', ['profile'], ['gr_other'], '2026-11-01T10:00:00Z'],
    ]);
  });
});

describe('addresses in a text area', () => {
  it('are one a line, whatever else was typed', () => {
    expect(readLines(' https://a.test/x \n\n\thttps://b.test/\r\n')).toEqual(['https://a.test/x', 'https://b.test/']);
  });
});
