import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { CountsReporter } from './test/reporter.ts'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

/** A set of test files that a script or .ci/run starts by its name. */
const project = (name: string, include: string, testTimeout = 30_000) => ({
  extends: true as const,
  test: { name, include: [include], testTimeout, hookTimeout: testTimeout },
})

const MINUTE_MS = 60_000

export default defineConfig({
  // Packages find each other's source through this condition; vitest hands it on to workers too.
  ssr: { resolve: { conditions: ['@geneve-telemetry/source'] } },
  test: {
    reporters: ['default', new CountsReporter()],
    globalSetup: here('test/node-version.ts'),
    setupFiles: here('test/property-seed.ts'),
    projects: [
      project('packages', 'packages/*/test/**/*.test.ts'),
      project('examples', 'test/examples/**/*.test.ts'),
      project('docker', 'test/docker/**/*.test.ts'),
      project('readme', 'test/readme/**/*.test.ts'),
      project('architecture', 'test/{architecture/**/,}*.test.ts'),
      project('published', 'test/packages/published.test.ts', 5 * MINUTE_MS),
      project('install', 'test/packages/install.test.ts', 5 * MINUTE_MS),
      project('conformance', 'test/conformance/**/*.test.ts', 5 * MINUTE_MS),
      project('integration', 'test/integration/**/*.test.ts', 5 * MINUTE_MS),
      project('truth', 'test/truth/**/*.test.ts', MINUTE_MS),
      project('fuzz', 'test/fuzz/**/*.test.ts', 15 * MINUTE_MS),
    ],
  },
})
