import { BlockList, isIP } from 'node:net'

export type AddressClass = 'public' | 'loopback' | 'private' | 'link-local' | 'metadata' | 'reserved'

type Range = readonly [address: string, prefix: number]

// IANA special-purpose registries; the first class that matches wins. `metadata` are addresses at which cloud hosts hand out credentials.
const RANGES: readonly (readonly [AddressClass, readonly Range[], readonly Range[]])[] = [
  [
    'metadata',
    [
      ['169.254.169.254', 32],
      ['169.254.170.2', 32],
      ['169.254.170.23', 32],
      ['100.100.100.200', 32],
      ['168.63.129.16', 32],
    ],
    [
      ['fd00:ec2::254', 128],
      ['fd00:ec2::23', 128],
      ['fd20:ce::254', 128],
    ],
  ],
  ['loopback', [['127.0.0.0', 8]], [['::1', 128]]],
  ['link-local', [['169.254.0.0', 16]], [['fe80::', 10]]],
  [
    'private',
    [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['100.64.0.0', 10],
      ['198.18.0.0', 15],
    ],
    [
      ['fc00::', 7],
      ['fec0::', 10],
    ],
  ],
  [
    'reserved',
    [
      ['0.0.0.0', 8],
      ['192.0.0.0', 24],
      ['192.0.2.0', 24],
      ['192.88.99.0', 24],
      ['198.51.100.0', 24],
      ['203.0.113.0', 24],
      ['224.0.0.0', 4],
      ['240.0.0.0', 4],
    ],
    [
      ['::', 128],
      ['100::', 64],
      ['2001::', 23],
      ['2001:db8::', 32],
      ['3fff::', 20],
      ['5f00::', 16],
      ['64:ff9b:1::', 48],
      ['ff00::', 8],
    ],
  ],
]

const LISTS = RANGES.map(([kind, v4, v6]) => {
  const list4 = new BlockList()
  const list6 = new BlockList()
  for (const [address, prefix] of v4) list4.addSubnet(address, prefix, 'ipv4')
  for (const [address, prefix] of v6) list6.addSubnet(address, prefix, 'ipv6')
  return { kind, list4, list6 }
})

/** Eight 16-bit groups of an IPv6 address in any spelling. */
function groupsOf(address: string): number[] {
  const plain = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [head = '', tail] = plain.split('::')
  const numbers = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const left = numbers(head)
  if (tail === undefined) return left
  const right = numbers(tail)
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
}

const dotted = (high: number, low: number) => `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`

/** The IPv4 address an IPv6 address carries (mapped, compatible, NAT64, 6to4), if it carries one. */
function embeddedV4(groups: number[]): string | undefined {
  const zeros = (count: number) => groups.slice(0, count).every((group) => group === 0)
  const [a, b, c] = groups as [number, number, number]
  if (zeros(5) && groups[5] === 0xffff) return dotted(groups[6]!, groups[7]!)
  if (zeros(4) && groups[4] === 0xffff && groups[5] === 0) return dotted(groups[6]!, groups[7]!)
  if (zeros(6) && (groups[6]! > 0 || groups[7]! > 1)) return dotted(groups[6]!, groups[7]!)
  if (a === 0x64 && b === 0xff9b && groups.slice(2, 6).every((group) => group === 0))
    return dotted(groups[6]!, groups[7]!)
  if (a === 0x2002) return dotted(b, c)
  return undefined
}

/** Where an IP address leads. Text that is no IP address is `reserved`, so that a doubt refuses. */
export function classifyAddress(text: string): AddressClass {
  const address = text.replace(/%.*$/, '')
  const family = isIP(address)
  if (family === 0) return 'reserved'
  if (family === 6) {
    const inner = embeddedV4(groupsOf(address))
    if (inner) return classifyAddress(inner)
    return LISTS.find(({ list6 }) => list6.check(address, 'ipv6'))?.kind ?? 'public'
  }
  return LISTS.find(({ list4 }) => list4.check(address, 'ipv4'))?.kind ?? 'public'
}

/** Metadata and reserved addresses are never allowed: no agent, page or API lives there. */
export function isAddressAllowed(address: string, allowPrivate: boolean): boolean {
  const kind = classifyAddress(address)
  if (kind === 'public') return true
  return allowPrivate && (kind === 'loopback' || kind === 'private' || kind === 'link-local')
}
