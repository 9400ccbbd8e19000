/** The types here against the library's own, which work in Node alone. */
import {
  ByteListType,
  ByteVectorType,
  ContainerType,
  ListBasicType,
  ListCompositeType,
  type Type,
  UintBigintType,
  UintNumberType,
  UnionType,
} from '@chainsafe/ssz'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromHex } from '../lib/bytes.ts'
import { hashes } from './arbitraries.ts'
import { container, list, tagged, union } from './ssz-composites.ts'
import { byteList, hash, int128, safeUint, text, uint64, uint128 } from './ssz-scalars.ts'

const byteLists = fc.uint8Array({ maxLength: 20 })

describe('bytes are those of SSZ', () => {
  it('of integers', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (number, big) => {
        expect(safeUint.serialize(number)).toEqual(new UintNumberType(8).serialize(number))
        expect(uint64.serialize(big)).toEqual(new UintBigintType(8).serialize(big))
        expect(uint128.serialize(big * big)).toEqual(new UintBigintType(16).serialize(big * big))
      }),
    )
    expect([...int128.serialize(-1n)]).toEqual(new Array(16).fill(0xff))
    expect(int128.deserialize(int128.serialize(-(2n ** 127n)))).toBe(-(2n ** 127n))
  })

  it('of lists of fixed elements', () => {
    const library = new ListCompositeType(new ByteVectorType(32), 8)
    fc.assert(
      fc.property(fc.array(hashes, { maxLength: 8 }), (ids) => {
        expect(list(hash, 8).serialize(ids)).toEqual(library.serialize(ids.map((id) => fromHex(id)!)))
      }),
    )
  })

  it('of lists of elements of any length', () => {
    const library = new ListCompositeType(new ByteListType(20), 8)
    fc.assert(
      fc.property(fc.array(byteLists, { maxLength: 8 }), (items) => {
        expect(list(byteList(20), 8).serialize(items)).toEqual(library.serialize(items))
      }),
    )
  })

  it('of containers and text', () => {
    const library = new ContainerType({
      id: new ByteVectorType(32),
      name: new ListBasicType(new UintNumberType(1), 80),
      count: new UintNumberType(8),
    })
    const own = container<{ id: `0x${string}`; name: string; count: number }>({
      id: hash as never,
      name: text(80),
      count: safeUint,
    })
    fc.assert(
      fc.property(
        hashes,
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.maxSafeNat(),
        (id, name, count) => {
          const expected = library.serialize({ id: fromHex(id)!, name: [...Buffer.from(name)], count })
          expect(own.serialize({ id, name, count })).toEqual(expected)
        },
      ),
    )
  })

  it('of unions', () => {
    type Either = { type: 'number'; value: number } | { type: 'bytes'; value: Uint8Array }
    const own = union<Either>({
      0: tagged<Extract<Either, { type: 'number' }>>('number', { value: safeUint }),
      1: tagged<Extract<Either, { type: 'bytes' }>>('bytes', { value: byteList(20) }),
    })
    const library = new UnionType([
      new ContainerType({ value: new UintNumberType(8) }),
      new ContainerType({ value: new ByteListType(20) }),
    ])
    fc.assert(
      fc.property(fc.maxSafeNat(), byteLists, (number, bytes) => {
        expect(own.serialize({ type: 'number', value: number })).toEqual(
          library.serialize({ selector: 0, value: { value: number } }),
        )
        expect(own.serialize({ type: 'bytes', value: bytes })).toEqual(
          library.serialize({ selector: 1, value: { value: bytes } }),
        )
      }),
    )
  })
})

describe('sizes are checked', () => {
  it.each([
    ['a fixed value with a byte less', hash, 31],
    ['a fixed value with a byte more', hash, 33],
    ['bytes above their limit', byteList(2), 3],
    ['text above its limit', text(2), 3],
    ['a list above its limit', list(hash, 2), 96],
  ] as const)('when reading %s', (_, type, length) => {
    expect(() => (type as Type<unknown>).deserialize(new Uint8Array(length))).toThrow(
      /of \d+ bytes|over limit/,
    )
  })
})
