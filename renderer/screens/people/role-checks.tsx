import { Checkbox } from '@mantine/core';
import { PERSON_ROLE_WORDS, PERSON_ROLES, type PersonRole } from '../../../rpc/contract/people.ts';
import classes from './people.module.css';

interface RoleChecksProps {
  value: readonly PersonRole[];
  onChange: (roles: PersonRole[]) => void;
  /** A role that cannot be left out. */
  fixed?: PersonRole;
}

/** What a person is, with what each role may do. */
export function RoleChecks({ value, onChange, fixed }: RoleChecksProps) {
  return (
    <Checkbox.Group
      label="Roles"
      value={[...value]}
      onChange={(roles) => onChange(PERSON_ROLES.filter((role) => roles.includes(role) || role === fixed))}
    >
      <div className={classes.choices}>
        {PERSON_ROLES.map((role) => (
          <Checkbox
            key={role}
            value={role}
            disabled={role === fixed}
            label={PERSON_ROLE_WORDS[role].title}
            description={PERSON_ROLE_WORDS[role].meaning}
          />
        ))}
      </div>
    </Checkbox.Group>
  );
}
