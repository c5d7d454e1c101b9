import { describe, expect, it } from 'vitest'
import { decomposeByRules } from '../decompose/decompose-by-rules.ts'
import type { Capability } from '../schema.ts'
import { previous, request } from './_test-kit.ts'
import { CONFIDENT, closestSkills, rankSkills, SKILLS } from './registry.ts'

const newId = () => 'subtask_000000000000'

/** The skill each step of a job gets, or "model" when none is confident. */
function skillsFor(text: string, files: string[] = []): string[] {
  return decomposeByRules(text, newId).subtasks.map(({ description, required_capabilities, dependencies }) => {
    const step = request(description, {
      capabilities: required_capabilities,
      attachments: files.map((filename) => ({ filename })),
      previous: dependencies.length > 0 ? [previous({ rows: [{ email: 'a@b.co' }], json: [{ email: 'a@b.co' }] })] : [],
    })
    const [best] = rankSkills(step, required_capabilities)
    return best && best.confidence >= CONFIDENT ? best.skill.name : 'model'
  })
}

describe('which skill a step gets', () => {
  it.each<[string, string[], string[]]>([
    ['Calculate factorial of 10', [], ['arithmetic']],
    ['Please compute 17 * 23 and tell me if 391 is prime', [], ['arithmetic']],
    ['What is the total revenue in the attached file?', ['sales.csv'], ['table_analysis']],
    ['How many rows are in the attached CSV?', ['sales.csv'], ['table_analysis']],
    ['Show me the top 3 products by revenue in sales.csv', [], ['table_analysis']],
    ['Calculate the average revenue for 2024 and 2025 in the attached CSV file', ['sales.csv'], ['table_analysis']],
    ['Summarize the attached CSV', ['sales.csv'], ['report']],
    ['Analyze the attached data and generate a report', ['sales.csv'], ['table_analysis', 'report']],
    ['Scrape https://x.test/prices and create a report', [], ['web_extraction', 'report']],
    ['Scrape product prices from website and store in database', [], ['web_extraction', 'report', 'database']],
    [
      'Fetch https://api.example.com/users, extract emails and store in database table users',
      [],
      ['api_call', 'api_call', 'report', 'database'],
    ],
    ['Get the posts from https://x.test/api/posts and save them to a CSV file', [], ['api_call', 'file_conversion']],
    ['Convert the attached JSON to YAML', ['a.json'], ['file_conversion']],
    ['Count the words in the attached PDF', ['a.pdf'], ['file_conversion']],
    ['Show me the metadata of the attached image', ['a.png'], ['file_conversion']],
    ['Unzip the attached archive', ['a.zip'], ['file_conversion']],
    [
      'Merge the two attached CSV files, then calculate total by region',
      ['a.csv', 'b.csv'],
      ['file_conversion', 'table_analysis'],
    ],
    ['Load the attached CSV into database table sales, then run SQL: SELECT 1', ['a.csv'], ['database', 'database']],
    ['List all tables in the database', [], ['database']],
    ['Validate the attached CSV', ['c.csv'], ['report']],
    ['Analyze the code in the attached file', ['app.py.txt'], ['code_metrics']],
    ['Review the attached code', ['app.py.txt'], ['code_metrics']],
    ['Write a sonnet about the sea', [], ['model']],
    ['Write a python function that sorts a list', [], ['model']],
    ['Translate the attached text to German', ['a.txt'], ['model']],
    ['Explain what a fibonacci number is', [], ['model']],
    ['Ponder the meaning of life', [], ['model']],
  ])('%s', (text, files, skills) => expect(skillsFor(text, files)).toEqual(skills))
})

it('names the closest skills for a step nobody can do', () => {
  const step = request('Write a sonnet about the sea', { capabilities: ['code_generation'] as Capability[] })
  expect(closestSkills(step, rankSkills(step, ['code_generation']))).toEqual(['Report and combination', 'Code metrics'])
})
it('has every skill of the contract once', () => {
  expect(new Set(SKILLS.map(({ name }) => name)).size).toBe(8)
})
