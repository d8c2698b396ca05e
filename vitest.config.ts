import { defineConfig } from 'vitest/config'

const source = ['@geneve-telemetry/source']

export default defineConfig({
  ssr: { resolve: { conditions: source } },
  resolve: { conditions: source },
  test: {
    projects: [
      { extends: true, test: { name: 'packages', include: ['packages/*/{src,test}/**/*.test.ts'] } },
      { extends: true, test: { name: 'test', include: ['test/{readme,conformance}/**/*.test.ts'] } },
      { extends: true, test: { name: 'architecture', include: ['test/architecture/**/*.test.ts'] } },
    ],
  },
})
