import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../src/domain/webhook-url.ts';

const production = { isLocal: false };
const local = { isLocal: true };

describe('the address of a webhook', () => {
  it.each([
    'https://hooks.example.com/footlight?room=1',
    'https://example.com:8443/',
    'https://93.184.216.34/hook',
    'https://[2606:2800:220:1::1]/hook',
    'https://172.15.0.1/',
    'https://172.32.0.1/',
    'https://100.63.255.255/',
    'https://localhost.example.com/',
    'https://local.dev/',
  ])('may be %s', (url) => {
    expect(refusalOf(url, production)).toBeNull();
    expect(refusalOf(url, local)).toBeNull();
  });

  it.each([
    'not a url',
    'http://hooks.example.com/',
    'ftp://hooks.example.com/',
    'javascript:alert(1)',
    'data:text/plain,hello',
    'https://user:secret@hooks.example.com/',
    'https://user@hooks.example.com/',
  ])('may not be %s', (url) => {
    expect(refusalOf(url, production)).not.toBeNull();
    expect(refusalOf(url, local)).not.toBeNull();
  });

  it.each([
    'https://10.0.0.1/',
    'https://172.16.0.1/',
    'https://172.31.255.255/',
    'https://192.168.1.1/',
    'https://169.254.169.254/latest/meta-data/',
    'https://100.64.0.1/',
    'https://0.0.0.0/',
    'https://192.0.2.1/',
    'https://198.18.0.1/',
    'https://198.19.255.255/',
    'https://203.0.113.9/',
    'https://224.0.0.1/',
    'https://255.255.255.255/',
    'https://[::]/',
    'https://[fe80::1]/',
    'https://[fc00::1]/',
    'https://[fd12:3456::1]/',
    'https://[ff02::1]/',
    'https://[::ffff:10.0.0.1]/',
    'https://[64:ff9b::a00:1]/',
    'https://[2002:a00:1::]/',
    'https://[2001::1]/',
    'https://[2001:db8::1]/',
    'https://printer/',
    'https://printer.local/',
    'https://metadata.google.internal/',
    'https://router.lan/',
    'https://router.home.arpa/',
    'https://router.home.arpa./',
  ])('may not be private, in local mode neither: %s', (url) => {
    expect(refusalOf(url, production)).not.toBeNull();
    expect(refusalOf(url, local)).not.toBeNull();
  });

  it.each([
    'https://localhost/',
    'https://LOCALHOST./',
    'https://127.0.0.1/',
    'https://127.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'http://localhost:9000/',
    'http://127.0.0.1:9000/hook',
  ])('may be this machine in local mode only: %s', (url) => {
    expect(refusalOf(url, production)).not.toBeNull();
    expect(refusalOf(url, local)).toBeNull();
  });

  it('keeps credentials out of local addresses too', () => {
    expect(refusalOf('http://me:secret@localhost:9000/', local)).not.toBeNull();
  });
});
