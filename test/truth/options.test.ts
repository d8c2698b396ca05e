import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { optionsOf } from './options.ts'

const command = promisify(execFile)
const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))

describe('what may be asked', () => {
  test('a seed, a size, a link and what goes wrong', () => {
    expect(optionsOf([])).toEqual({ seed: 1, packets: 200_000, link: 'ethernet', impair: {} })
    expect(optionsOf(['--seed', '0', '--packets', '5', '--link', 'raw', '--impair', 'loss=0.5,wrap=1', '--impair', 'keepalive=0'])).toEqual(
      {
        seed: 0,
        packets: 5,
        link: 'raw',
        impair: { loss: 0.5, wrap: 1, keepalive: 0 },
      },
    )
    expect(optionsOf(['--help'])).toBe('help')
  })

  test.each([
    [['--seed', 'x'], "seed: 'x' is no number"],
    [['--seed='], "seed: '' is no number"],
    [['--seed', '1.5'], 'seed: 1.5 is not a whole number from 0'],
    [['--packets', '0'], 'packets: 0 is not a whole number from 1'],
    [['--link', 'wifi'], "link: 'wifi' is neither ethernet nor raw"],
    [['--impair', 'jitter=1'], "impair: 'jitter' is none of loss"],
    [['--impair', 'loss'], "impair.loss: '' is no number"],
    [['--impair', 'loss='], "impair.loss: '' is no number"],
    [['--impair', 'loss=2'], 'impair.loss: 2 is not a rate'],
    [['--sede', '1'], "Unknown option '--sede'"],
  ])('not %j', (args, message) => {
    expect(() => optionsOf(args)).toThrow(message)
  })

  test.each([
    [['--packets', '0'], 'packets: 0 is not a whole number from 1 to 9007199254740991'],
    [['--packets', '-1'], "Option '--packets' argument is ambiguous. "],
  ])('what may not is said in one line: %j', async (args, message) => {
    const failed = command(process.execPath, ['--conditions=@geneve-telemetry/source', MAIN, ...args])
    const said = expect.stringMatching(/^truth: [^\n]+; see --help\n$/)
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: '', stderr: said })
    await expect(failed).rejects.toMatchObject({ stderr: expect.stringContaining(message) })
  })
})
