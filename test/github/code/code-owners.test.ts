// Who owns a path: the patterns of GitHub's own documentation, and the globs of a service.
import { describe, expect, it } from 'vitest'
import { ownersOf, ownersOfGlob, parseCodeOwners } from '../../../src/github/code/code-owners.ts'

const rules = parseCodeOwners(`
# A comment
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  @docs
apps/ @octocat
/scripts/ @doctocat @octocat
**/logs @logger
/apps/github
/with\\ space/ @spaced
`)

describe('code owners', () => {
  it.each([
    ['README.md', '@global-owner1 @global-owner2'],
    ['src/deep/app.js', '@js-owner'],
    ['main.go', ''],
    ['notes.txt', '@octo-org/octocats'],
    ['build/logs/today.log', '@logger'],
    ['lib/build/logs.md', '@global-owner1 @global-owner2'],
    ['docs/getting-started.md', '@docs'],
    ['docs/build-app/troubleshooting.md', '@global-owner1 @global-owner2'],
    ['deep/apps/x', '@octocat'],
    ['scripts/a', '@doctocat @octocat'],
    ['lib/scripts/a', '@global-owner1 @global-owner2'],
    ['deeply/nested/logs/x', '@logger'],
    ['apps/github', ''],
    ['with space/x', '@spaced'],
  ])('of %s are %j', (path, owners) => {
    expect(ownersOf(rules, path).join(' ')).toBe(owners)
  })

  it.each([
    ['apps/**', '@octocat'],
    ['/scripts/', '@doctocat @octocat'],
    ['**/*.js', '@js-owner'],
    ['services/*/index.txt', '@octo-org/octocats'],
  ])('of %s are those of what it covers', (glob, owners) => {
    expect(ownersOfGlob(rules, glob).join(' ')).toBe(owners)
  })

  it('are none where there is no file', () => expect(ownersOfGlob([], 'apps/**')).toEqual([]))
})
