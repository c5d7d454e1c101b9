import type { InputHTMLAttributes } from 'react'
import { Field, type FieldProps, INPUT } from './field.tsx'

type NumberProps = Omit<FieldProps, 'children'> &
  Pick<InputHTMLAttributes<HTMLInputElement>, 'name' | 'value' | 'min' | 'max' | 'step' | 'disabled' | 'onChange'>

/** A labelled number. Its value stays text while it is written: empty and half-written numbers are values too. */
export function NumberField({ label, hint, error, required = false, className, ...input }: NumberProps) {
  return (
    <Field
      label={label}
      hint={hint}
      required={required}
      {...(error === undefined ? {} : { error })}
      {...(className === undefined ? {} : { className })}
    >
      {(props) => <input {...props} {...input} type="number" className={INPUT} />}
    </Field>
  )
}
