import { describe, expect, it } from 'vitest';
import { displayName, handleWithTail, isNamedAdmin, preferredHandle } from '../../../src/domain/sign-in/account.ts';
import { ProviderClaims } from '../../../src/protocol/sign-in.ts';

const ISSUER = 'https://accounts.example';
const claims = (said: object) => ProviderClaims.parse({ sub: '1', ...said });

describe('the handle of a new account', () => {
  it.each([
    [{ preferred_username: 'Ada_L' }, 'ada_l'],
    [{ name: "Zoë O'Neil" }, 'zoe_o_neil'],
    [{ nickname: 'bo', name: 'Bo Diddley' }, 'bo'],
    [{ preferred_username: 'x', name: 'Xavier' }, 'xavier'],
    [{ name: '田中' }, 'viewer'],
    [{ name: 'a'.repeat(80) }, 'a'.repeat(32)],
    [{}, 'viewer'],
  ])('of %j is %s', (said, handle) => {
    expect(preferredHandle(claims(said))).toBe(handle);
  });

  it('is never made of an e-mail address', () => {
    expect(preferredHandle(claims({ preferred_username: 'ada@home.example', email: 'ada@home.example' }))).toBe(
      'viewer',
    );
  });

  it.each(['admin', 'Root', 'FOOTLIGHT', 'support'])('does not speak for the place (%s)', (name) => {
    expect(preferredHandle(claims({ preferred_username: name }))).toBe('viewer');
  });

  it('keeps within its length with a tail', () => {
    expect(handleWithTail('ada', 'x7k2')).toBe('ada_x7k2');
    expect(handleWithTail('a'.repeat(32), 'x7k2')).toBe(`${'a'.repeat(27)}_x7k2`);
  });
});

describe('the name of a new account', () => {
  it('is what the provider says, in one line, else the handle', () => {
    expect(displayName(claims({ name: ' Ada \n Lovelace ' }), 'ada')).toBe('Ada Lovelace');
    expect(displayName(claims({ name: 'ada@home.example' }), 'ada')).toBe('ada');
    expect(displayName(claims({ name: 17 }), 'ada')).toBe('ada');
  });
});

describe('an admin by configuration', () => {
  const bySubject = [{ issuer: ISSUER, subject: '1' }];
  const byAddress = [{ issuer: ISSUER, email: 'Root@home.example' }];

  it('is named by issuer and subject', () => {
    expect(isNamedAdmin(bySubject, ISSUER, claims({}))).toBe(true);
    expect(isNamedAdmin(bySubject, ISSUER, claims({ sub: '2' }))).toBe(false);
    expect(isNamedAdmin(bySubject, 'https://other.example', claims({}))).toBe(false);
  });

  it('is named by an address that its issuer has verified', () => {
    expect(isNamedAdmin(byAddress, ISSUER, claims({ email: 'root@HOME.example', email_verified: true }))).toBe(true);
  });

  it.each([
    ['is not verified', ISSUER, { email: 'root@home.example' }],
    ['is said to be verified in a word', ISSUER, { email: 'root@home.example', email_verified: 'true' }],
    ['comes from another issuer', 'https://other.example', { email: 'root@home.example', email_verified: true }],
    ['is another', ISSUER, { email: 'ada@home.example', email_verified: true }],
    ['is missing', ISSUER, { email_verified: true }],
  ])('is not somebody whose address %s', (_why, issuer, said) => {
    expect(isNamedAdmin(byAddress, issuer, claims(said))).toBe(false);
  });
});
