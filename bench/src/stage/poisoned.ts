import type { Operation } from '@landfall/contract'
import type { Poison } from './load.ts'

/** The name at which the trigger of `refuseByName` fails. */
const REFUSED_NAME = 'Refused by a trigger'

/** Statements that make the database refuse a lead that every rule of ours has let through, and take that back. */
export const REFUSE_BY_NAME = `
  CREATE FUNCTION bench_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF NEW.values->>'name' = '${REFUSED_NAME}' THEN RAISE EXCEPTION 'refused' USING ERRCODE = 'check_violation'; END IF;
      RETURN NEW;
    END $$;
  CREATE TRIGGER bench_refuse BEFORE INSERT ON leads FOR EACH ROW EXECUTE FUNCTION bench_refuse();`

export const REFUSE_NO_MORE = 'DROP FUNCTION bench_refuse CASCADE'

/** The same operations, the one in the middle spoiled. */
export function poisoned(operations: Operation[], poison: Poison): Operation[] {
  const middle = Math.floor(operations.length / 2)
  return operations.map((operation, index) => (index === middle ? spoil(operation, poison) : operation))
}

function spoil(operation: Operation, poison: Poison): Operation {
  const withValue = (name: string, value: string): Operation => ({
    ...operation,
    payload: { ...operation.payload, values: { ...(operation.payload.values as object), [name]: value } },
  })
  switch (poison) {
    case 'none':
      return operation
    case 'refused by the form':
      return withValue('email', 'nobody')
    case 'refused by the database':
      return withValue('name', REFUSED_NAME)
  }
}
