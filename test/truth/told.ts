import type { ToldRecord, ToldValues } from '@geneve-telemetry/core'
import { awsRecord } from '@geneve-telemetry/core/vendors/aws'
import type { FlowTruth, ToldTruth, TruthLine } from '@geneve-telemetry/generator'

/** What is known of each subject in the end, and how many packets told of it. */
export type Subjects = ReadonlyMap<string, { readonly values: ToldValues; readonly packets: number }>

const profile = awsRecord()

/**
 * The same from the truth, of records that stand alone. Which subject a record is about is a rule of the profile, so it is asked; what is said of it is not.
 * Subjects of which flows tell, too, are left out, and named: in which order their packets came, the truth does not say.
 */
export function trueSubjects(truth: readonly TruthLine[]): { readonly alone: Subjects; readonly ofFlows: ReadonlySet<string> } {
  const alone = new Map<string, { values: ToldValues; packets: number }>()
  const lines = truth.filter((line): line is ToldTruth => line.kind === 'told').toSorted((one, other) => one.frame - other.frame)
  for (const { values } of lines) {
    const key = keyOf(profile.subjectOf(values, undefined))
    const before = alone.get(key)
    alone.set(key, { values: { ...before?.values, ...values }, packets: (before?.packets ?? 0) + 1 })
  }
  const ofFlows = new Set<string>()
  for (const { told } of truth.filter((line): line is FlowTruth => line.kind === 'flow')) {
    // One that names nothing but its flow is another subject in each.
    if (told !== undefined) ofFlows.add(keyOf(profile.subjectOf(told, '')))
  }
  for (const key of ofFlows) alone.delete(key)
  return { alone, ofFlows }
}

/** What the records that went out say: the last one of a subject says all that is known. */
export function recordedSubjects(records: readonly ToldRecord[]): Subjects {
  const subjects = new Map<string, { values: ToldValues; packets: number }>()
  for (const { subject, values, packets } of records) {
    const key = keyOf(subject)
    subjects.set(key, { values, packets: packets + (subjects.get(key)?.packets ?? 0) })
  }
  return subjects
}

/** What flows say of themselves and of nothing else: by the number of the first frame, the flow and its record. */
export function trueFlowRecords(flows: readonly FlowTruth[]): ReadonlyMap<number, FlowTruth> {
  const isOfFlow = ({ told }: FlowTruth): boolean => told !== undefined && profile.subjectOf(told, '')?.type === 'flow'
  return new Map(flows.filter(isOfFlow).map((flow) => [flow.first_frame, flow]))
}

function keyOf(subject: { readonly type: string; readonly id: string } | undefined): string {
  return subject === undefined ? 'nothing' : `${subject.type} ${subject.id}`
}
