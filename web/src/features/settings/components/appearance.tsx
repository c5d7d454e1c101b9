import { useState } from 'react'
import { Choices } from '../../../components/choices.tsx'
import { applyTheme, currentTheme, type Theme } from '../../../lib/theme.ts'
import { Card } from './card.tsx'

const CHOICES = [
  { value: 'system', label: 'As the system', hint: 'Follows light and dark of your device.' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
]

/** Colours of this browser. */
export function Appearance() {
  const [theme, setTheme] = useState<Theme>(currentTheme)
  return (
    <Card title="Colours" hint="Kept in this browser. Motion follows your system's setting.">
      <Choices
        label="Theme"
        choices={CHOICES}
        value={theme}
        onChange={(value) => {
          setTheme(value as Theme)
          applyTheme(value as Theme)
        }}
      />
    </Card>
  )
}
