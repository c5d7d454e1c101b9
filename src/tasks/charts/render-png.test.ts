import { expect, it } from 'vitest'
import { drawPng } from './draw-png.ts'
import { outlineLabels } from './outline-labels.ts'
import { renderPng } from './render-png.ts'
import { label } from './svg.ts'

const chart = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 560" width="960" height="560">${label(text, 32, 42, { size: 21, weight: 600 })}${label(text, 400, 300, { anchor: 'middle', rotate: -90 })}</svg>`

it('draws every text with the fonts we ship, so that no machine draws it otherwise', () => {
  for (const text of [
    'Revenue & "costs" <2025>',
    'Umsatz für Łódź',
    'Выручка по регионам',
    'Έσοδα',
    "it's 5 % – … €",
  ]) {
    const { svg, needsSystemFonts } = outlineLabels(chart(text))
    expect(svg).not.toContain('<text')
    expect(svg).toContain('<path')
    expect(needsSystemFonts).toBe(false)
  }
})

it('leaves a script that our fonts lack to the fonts of the system', () => {
  const { svg, needsSystemFonts } = outlineLabels(chart('按地区收入'))
  expect(svg).toContain('按地区收入')
  expect(needsSystemFonts).toBe(true)
})

it('draws the same PNG twice, at least 800 by 500', async () => {
  const [one, two] = [Buffer.from(await renderPng(chart('North'))), Buffer.from(await renderPng(chart('North')))]
  expect(one.equals(two)).toBe(true)
  expect(one.readUInt32BE(16)).toBeGreaterThanOrEqual(800)
  expect(one.readUInt32BE(20)).toBeGreaterThanOrEqual(500)
  const blank = Buffer.from(await renderPng(chart('')))
  expect(one.length).toBeGreaterThan(blank.length + 200)
})

it('draws in a process of its own, several at once, and says why it could not', async () => {
  const inProcess = Buffer.from(await renderPng(chart('North')))
  const [one, two] = await Promise.all([drawPng(chart('North')), drawPng(chart('South'))])
  expect(Buffer.from(one!).equals(inProcess)).toBe(true)
  expect(Buffer.from(two!).equals(inProcess)).toBe(false)
  await expect(drawPng('this is no drawing')).rejects.toThrow(/could not be drawn/)
  expect(Buffer.from(await drawPng(chart('North'))).equals(inProcess)).toBe(true)
})
