import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AddressClass, classifyAddress, isAddressAllowed } from './address-class.ts'

const CASES: [string, AddressClass][] = [
  ['93.184.216.34', 'public'],
  ['2606:2800:220:1:248:1893:25c8:1946', 'public'],
  ['127.0.0.1', 'loopback'],
  ['127.255.255.254', 'loopback'],
  ['::1', 'loopback'],
  ['::ffff:127.0.0.1', 'loopback'],
  ['::ffff:7f00:1', 'loopback'],
  ['::ffff:0:127.0.0.1', 'loopback'],
  ['::127.0.0.1', 'loopback'],
  ['64:ff9b::127.0.0.1', 'loopback'],
  ['2002:7f00:1::', 'loopback'],
  ['10.1.2.3', 'private'],
  ['172.31.255.255', 'private'],
  ['172.32.0.1', 'public'],
  ['192.168.1.1', 'private'],
  ['100.64.0.1', 'private'],
  ['fd12:3456::1', 'private'],
  ['::ffff:10.0.0.1', 'private'],
  ['169.254.1.1', 'link-local'],
  ['fe80::1%eth0', 'link-local'],
  ['169.254.169.254', 'metadata'],
  ['::ffff:169.254.169.254', 'metadata'],
  ['fd00:ec2::254', 'metadata'],
  ['0.0.0.0', 'reserved'],
  ['::', 'reserved'],
  ['224.0.0.1', 'reserved'],
  ['255.255.255.255', 'reserved'],
  ['2001:0:4136:e378::1', 'reserved'],
  ['ff02::1', 'reserved'],
  ['not an address', 'reserved'],
]

describe('classifyAddress', () => {
  it.each(CASES)('%s is %s', (address, kind) => {
    expect(classifyAddress(address)).toBe(kind)
  })

  it('classes a mapped IPv6 address as the IPv4 address inside it', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(classifyAddress(`::ffff:${address}`)).toBe(classifyAddress(address))
      }),
    )
  })
})

describe('isAddressAllowed', () => {
  it('never allows metadata and reserved addresses, even where private ones are allowed', () => {
    for (const [address, kind] of CASES) {
      expect(isAddressAllowed(address, false)).toBe(kind === 'public')
      expect(isAddressAllowed(address, true)).toBe(kind !== 'metadata' && kind !== 'reserved')
    }
  })
})
