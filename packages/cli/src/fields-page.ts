import type { RecordField, RecordProfile, RecordSection } from '@geneve-telemetry/core/vendors'

/** The telemetry record of a vendor, and those of its fields that are asked for. */
export interface Listed {
  readonly vendor: string
  readonly profile: RecordProfile
  readonly fields: readonly RecordField[]
}

/** The documentation of a telemetry record in Markdown: what it is, how it stands in packets, each service, each field. */
export function fieldsPage({ vendor, profile, fields }: Listed): string {
  const { doc = '', rules = [], sections = [] } = profile
  const listed = new Set(fields.map(({ name }) => name))
  const told = sections.filter(({ topics }) => topics.some(([, names]) => names.some((name) => listed.has(name))))
  return [
    `# Telemetry record: ${vendor}`,
    doc,
    ...(rules.length === 0 ? [] : ['## In packets', rules.map((rule) => `- ${rule}`).join('\n')]),
    ...(told.length === 0 ? [] : ['## Services', ...told.map(sectionText)]),
    '## Fields',
    ...[...Map.groupBy(fields, ({ group }) => group)].map(([group, of]) => `### ${group}\n\n${groupTable(of)}`),
  ]
    .map((block) => `${block}\n`)
    .join('\n')
}

function sectionText({ service, title, topics, views, example }: RecordSection): string {
  const rows = topics.map(([topic, names]) => [topic, names.map(code).join(', ')])
  return [
    `### ${title}`,
    `\`service_type\` ${code(service)}; views: ${views.map(code).join(', ')}.`,
    table(['what', 'fields'], rows),
    `\`\`\`json\n${JSON.stringify(example, undefined, 2)}\n\`\`\``,
  ].join('\n\n')
}

function groupTable(fields: readonly RecordField[]): string {
  const rows = fields.map((field) => [
    String(field.number),
    code(field.name),
    field.list ? `list of ${field.wire}` : field.wire,
    field.unit === '' ? '' : code(field.unit),
    field.instrument,
    field.cardinality,
    meaning(field),
    code(field.otel),
    code(field.ecs),
    code(field.influx),
  ])
  return table(
    ['number', 'field', 'type', 'unit', 'instrument', 'cardinality', 'meaning', 'OpenTelemetry', 'Elasticsearch', 'InfluxDB'],
    rows,
  )
}

function meaning({ doc, values, source }: RecordField): string {
  const choices = values === undefined ? '' : ` One of ${values.map(code).join(', ')}.`
  // A source is an address, a comma, and what the thing is called there.
  const [, page, called] = /^(https:\S+), (.+)$/.exec(source ?? '') ?? []
  return `${doc}${choices}${page === undefined ? '' : ` [${called}](${page})`}`
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

function code(text: string): string {
  return `\`${text}\``
}
