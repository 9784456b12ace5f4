import { describe, expect, it } from 'vitest';
import { householdOf, senderOf, truncatedNetwork } from '../../src/protocol/network.ts';

describe('a network', () => {
  it.each([
    ['203.0.113.77', '203.0.113.0/24'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['local', null],
    ['', null],
    ['12:zz::1', null],
  ])('of %s is %s', (address, network) => {
    expect(truncatedNetwork(address)).toBe(network);
  });
});

describe('whose attempts are counted together', () => {
  it.each([
    ['203.0.113.77', '203.0.113.77'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3::/48'],
    ['2001:db8:85a3::1', '2001:db8:85a3::/48'],
    ['local', 'local'],
  ])('of %s are those of %s', (address, sender) => {
    expect(senderOf(address)).toBe(sender);
  });
});

describe('a household', () => {
  it.each([
    ['203.0.113.77', '203.0.113.77'],
    ['::ffff:203.0.113.77', '203.0.113.77'],
    ['2001:db8:85a3:8d3:1319:8a2e:370:7348', '2001:db8:85a3:8d3::/64'],
    ['2001:DB8:85a3:08d3::1', '2001:db8:85a3:8d3::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['local', null],
    ['', null],
  ])('of %s is %s', (address, household) => {
    expect(householdOf(address)).toBe(household);
  });
});
