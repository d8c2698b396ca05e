import { expect, test } from 'vitest'
import { blocksOf } from './blocks.ts'

test('finds code and what it prints, and nothing else', () => {
  const markdown = [
    '# a',
    '```sh',
    'npm i',
    '```',
    '```text',
    'no',
    '```',
    '```ts',
    'a()',
    '',
    'b()',
    '```',
    'prints',
    '```text',
    '1',
    '2',
    '```',
    '```ts',
    'c()',
    '```',
    '',
  ]
  expect(blocksOf(markdown.join('\n'))).toEqual([
    { line: 9, code: 'a()\n\nb()\n', prints: '1\n2\n' },
    { line: 19, code: 'c()\n' },
  ])
})
