export { openSearchWire as default } from './open-search-wire.ts'
