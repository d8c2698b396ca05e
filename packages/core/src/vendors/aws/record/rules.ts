/** Whose profile this is. */
export const AWS_RECORD_DOC: string =
  'This is a profile of the project geneve-telemetry, not an AWS format: AWS does not send such records. The only GENEVE options that AWS has published ' +
  'are those of the Gateway Load Balancer. Agents, appliances and data planes of your own can put this record into their packets. ' +
  'What has a name at AWS is called as there, with the page.'

/** How a record stands in packets, for whoever writes a sender. */
export const AWS_RECORD_RULES: readonly string[] = [
  'A record is all options of one class in a packet: 0x0105 (Amazon) if nothing else is set; 0xff00 to 0xffff are the experimental ones of RFC 8926.',
  'One option is one field. Numbers from 1 to 126 are the option’s type; from 128 up they are the first two bytes of an option of type 127. The critical bit is never set.',
  'Values are big-endian and padded with zeros to whole words of 4 bytes. `u8` to `u64` and `i32` are whole numbers (`u12` has 2 bytes), `float32` and `float64` are those of IEEE 754 and finite, `bool` is one byte, 0 or 1.',
  '`text` is UTF-8 without NUL, 1 to 124 bytes, from number 128 up 122. Only its length is not fixed.',
  '`account id` is a number of 8 bytes, shown with 12 digits. `vpc- id` and the like have the hex digits behind that prefix: 8 are 4 bytes; 17 are 9 bytes, of which the first four bits are 0. `dxcon- base36` is a text that begins so. `address` has 4 or 16 bytes.',
  'A list is its option repeated, in order. Of any other field that is there twice, the first one stands.',
  '`ecs arn` and the like are texts without `arn:PARTITION:SERVICE:REGION:ACCOUNT:`, if the receiver can put just that before them again from `region` and `account_id` of the same packet; else they are whole.',
  'Counters are cumulative since their sender’s start; one that falls has begun again. Gauges are levels and are never added up.',
  'All options of a packet have 252 bytes. A larger record goes in several packets, of which each says again what it is about.',
  'What it is about: the resource of its `service_type`, else its own addresses and ports, else the flow inside the packet, else its VPC.',
]
