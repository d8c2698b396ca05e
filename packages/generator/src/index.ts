/** The face of @geneve-telemetry/generator. */
export { type Generated, generate } from './generate.ts'
export { IMPAIRMENTS, type Impairment, type Impairments } from './impairment.ts'
export type { GenerateOptions } from './options.ts'
export type {
  FlowTruth,
  IncidentKind,
  IncidentTruth,
  Moment,
  ScenarioTruth,
  SideTruth,
  ToldTruth,
  TotalsTruth,
  TruthLine,
} from './truth.ts'
