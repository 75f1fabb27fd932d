import { Button } from '@mantine/core';
import { useState } from 'react';
import page from '../../parts/page.module.css';
import { useWhoActs } from '../../who-acts.ts';
import { EnrolForm, SignInForm } from './sign-in-form.tsx';
import classes from './access.module.css';

/** In place of a project with accounts, until somebody signed in. */
export function SignInPage() {
  const { handout } = useWhoActs();
  const [hasCode, setHasCode] = useState(false);
  return (
    <div className={classes.place}>
      <section className={classes.card} aria-labelledby="sign-in">
        <h1 id="sign-in" className={page.title}>
          {hasCode ? 'Open your account' : 'Sign in'}
        </h1>
        {hasCode ? (
          <EnrolForm>
            <Button variant="subtle" onClick={() => setHasCode(false)}>
              I have a password
            </Button>
          </EnrolForm>
        ) : (
          <SignInForm id={handout?.reviewer}>
            {!handout && (
              <Button variant="subtle" onClick={() => setHasCode(true)}>
                I have a code
              </Button>
            )}
          </SignInForm>
        )}
      </section>
      <p className={page.hint}>
        {handout
          ? `This hand-out is for ${handout.reviewer}. The password is that of the project ${handout.project}; who forgot it asks for another hand-out.`
          : 'This project has accounts: what people decide, release and sign is done in their own name. An administrator of the project gives accounts, and new codes to those who forgot their password.'}
      </p>
    </div>
  );
}
