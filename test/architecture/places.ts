import { type Rule, sources } from './tree.ts'

/** Words of vendors and of their products, as they stand in identifiers, strings and comments. */
const VENDOR_WORDS = new Set(
  `amazon aws gwlb gwlbe vpce tencent google gcp ovn openvswitch ovs cilium oxide vmware nsx cisco oracle alibaba aliyun huawei ericsson
  volcengine ctyun cpacket zscaler extrahop azure`.split(/\s+/),
)

/** Where such a word may stand. Everywhere else a field is known by its role in a vendor's table. */
const PLACES: readonly (readonly [place: RegExp, why: string])[] = [
  [/^packages\/core\/src\/vendors\//, 'the tables of options'],
  [/^packages\/inventory\//, 'what a cloud says about an address'],
  [/^packages\/analytics\/src\/costs\.ts$/, 'the price lists'],
  [/^packages\/analytics\/src\/flow-log\.ts$/, 'the line format of a cloud that others read'],
  [/^packages\/exporter-[^/]+\/src\/mapping\.ts$/, 'names that a backend has for a vendor'],
  [/^packages\/generator\//, 'the traffic it makes'],
  [/^packages\/cli\/src\/record-lines\.ts$/, 'the record that is sent'],
  [/^packages\/cli\/src\/demo\.ts$/, 'what the demo says about its capture'],
  [/^packages\/[^/]+\/test\//, 'tests'],
  [/^test\//, 'tests'],
  [/^examples\//, 'examples'],
]

export const vendorsInTheirPlaces: Rule = (tree) =>
  [...sources(tree)].flatMap(([path, text]) =>
    PLACES.some(([place]) => place.test(path))
      ? []
      : text.split('\n').flatMap((line, index) => words(line).map((word) => `${path}:${index + 1} names a vendor ('${word}')`)),
  )

/** Splits camelCase, so that `isAws` holds the word and `laws` does not. */
function words(line: string): readonly string[] {
  const all = line.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? []
  return all.map((word) => word.toLowerCase()).filter((word) => VENDOR_WORDS.has(word))
}

/** Folders of a machine, and hosts that only one network has. */
const MACHINE = [
  { pattern: /(?:^|[\s"'`(=:[])\/(?:home|root|work|mnt|srv|Users)\/[\w.-]+/, what: 'a path of one machine' },
  { pattern: /https?:\/\/[^\s/"'`)]*(?:registry|mirror|proxy)/i, what: 'the host of a package registry' },
]

export const noMachine: Rule = (tree) =>
  [...tree].flatMap(([path, text]) =>
    text
      .split('\n')
      .flatMap((line, index) =>
        MACHINE.filter(({ pattern }) => pattern.test(line)).map(({ what }) => `${path}:${index + 1} holds ${what}`),
      ),
  )
