import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { storedToken, storeToken } from '../api/client.ts'
import { Button } from '../components/button.tsx'
import { Dialog } from '../components/dialog.tsx'
import { Field, INPUT } from '../components/field.tsx'

/** Asks for an API key when the server wants one; the key stays in this browser. */
export function SignIn() {
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const [token, setToken] = useState('')
  useEffect(() => {
    const ask = () => setOpen(true)
    window.addEventListener('troupe:unauthorized', ask)
    return () => window.removeEventListener('troupe:unauthorized', ask)
  }, [])
  const save = () => {
    storeToken(token)
    setOpen(false)
    void client.invalidateQueries()
  }
  return (
    <Dialog
      open={open}
      onClose={() => setOpen(false)}
      title="This server asks for a key"
      describe={storedToken() ? 'The key kept in this browser was refused.' : 'No key is kept in this browser yet.'}
      footer={
        <Button look="primary" type="submit" form="sign-in" disabled={!token.trim()}>
          Use this key
        </Button>
      }
    >
      <form
        id="sign-in"
        onSubmit={(event) => {
          event.preventDefault()
          save()
        }}
      >
        <Field
          label="API key or bearer token"
          hint="Make one with: troupe key create NAME --role Organizer. It is kept in this browser only."
        >
          {(props) => (
            <input
              {...props}
              type="password"
              autoComplete="off"
              className={INPUT}
              value={token}
              onChange={(event) => setToken(event.target.value)}
            />
          )}
        </Field>
      </form>
    </Dialog>
  )
}
