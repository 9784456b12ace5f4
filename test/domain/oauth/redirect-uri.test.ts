import { describe, expect, it } from 'vitest';
import { isRegistered, placeOf, whyUnusable, withAnswer } from '../../../src/domain/oauth/redirect-uri.ts';

describe('an address that an app registers', () => {
  it.each([
    'https://app.test/callback',
    'https://app.test/callback?tenant=1',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:4000/callback',
    'http://[::1]:4000/callback',
    'http://localhost:4000/callback',
    'com.example.app:/callback',
  ])('may be %s', (uri) => expect(whyUnusable(uri)).toBeNull());

  it.each([
    'http://app.test/callback',
    'http://127.0.0.1.evil.test/callback',
    'https://app.test/callback#part',
    'https://*.app.test/callback',
    'https://user:secret@app.test/callback',
    'https://app.test\\@evil.test',
    'javascript:alert(1)',
    'data:text/html,x',
    'myapp:/callback',
    '/callback',
    'not an address',
    '',
  ])('may not be %s', (uri) => expect(whyUnusable(uri)).not.toBeNull());
});

describe('an address that an app asks for', () => {
  it('is one that it registered, letter by letter', () => {
    const registered = ['https://app.test/callback', 'https://other.test/'];
    expect(isRegistered('https://other.test/', registered)).toBe(true);
    for (const uri of ['https://app.test/callback/', 'https://app.test/Callback', 'https://app.test:443/callback']) {
      expect(isRegistered(uri, registered)).toBe(false);
    }
  });

  it('may have any port on the loopback, and nothing else of it may differ', () => {
    const registered = ['http://127.0.0.1/callback', 'http://[::1]:4000/callback', 'http://localhost:4000/callback'];
    for (const uri of ['http://127.0.0.1:51004/callback', 'http://127.0.0.1/callback', 'http://[::1]:9/callback']) {
      expect(isRegistered(uri, registered)).toBe(true);
    }
    for (const uri of [
      'http://127.0.0.1:51004/other',
      'http://127.0.0.1:80@evil.test/callback',
      'http://127.0.0.1:51004.evil.test/callback',
      'https://127.0.0.1:51004/callback',
      'http://localhost:4001/callback',
      'http://127.0.0.2:51004/callback',
      // No port at all: beyond it, the answer could not be written.
      'http://127.0.0.1:65536/callback',
      'http://127.0.0.1:99999/callback',
    ]) {
      expect(isRegistered(uri, registered), uri).toBe(false);
    }
  });
});

describe('the answer', () => {
  it('is added to what the address holds already', () => {
    expect(withAnswer('https://app.test/callback?tenant=1', { code: 'a b', state: null, iss: 'https://x.test' })).toBe(
      'https://app.test/callback?tenant=1&code=a+b&iss=https%3A%2F%2Fx.test',
    );
  });

  it('goes to a place that a person can read', () => {
    expect(placeOf('https://app.test/callback')).toBe('app.test');
    expect(placeOf('http://127.0.0.1:4000/callback')).toBe('127.0.0.1:4000');
    expect(placeOf('com.example.app:/callback')).toBe('com.example.app');
  });
});
