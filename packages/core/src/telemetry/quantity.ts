/** A whole number: `bigint` exactly when it is above 2^53 - 1. */
export type Quantity = number | bigint
