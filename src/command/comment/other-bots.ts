// Words that begin a line with a slash and are none of our commands.

/** Commands of widely used bots that are none of ours, so that a near miss of ours is never answered over them: Prow
 * (https://prow.k8s.io/command-help), GitLab's quick actions, Tide, bors, Packit, Atlantis, Azure Pipelines, CodeRabbit,
 * PR-Agent, Algora, backport and rebase actions. */
export const OTHER_BOTS: ReadonlySet<string> = new Set(
  `
  add-label add_contacts ai_review apply area ask assign-me attempt auto-cc autoassign autorebase azp azurepipelines
  backport bark benchmark blunderbuss board_move bot bounty build bump cc check-cla check-required-labels cherry-pick
  cherrypick child claim clear_weight clone close close-issue codex compliance confidential copilot copy_metadata create
  cr dco describe do-not-merge done draft easycla epic estimate estimate_time fix flaky fmt format freeze fuzz gcbrun
  gemini generate_labels good-first-issue health_status help-wanted hold honk improve invite_email iteration joke kind
  label language lgtm lifecycle link link-issue lint lock meow merge milestone move no-ok-to-test ok ok-to-test
  opencode override packit parent perf plan pony pr preview priority promote promote_to publish ready reassign rebase
  rebuild recheck relabel release release-note release-note-edit release-note-none remind remove remove-area
  remove-blocked remove-cc remove-hold remove-kind remove-label remove-lgtm remove-lifecycle remove-milestone
  remove-priority remove-sig remove-triage remove_child remove_due_date remove_epic remove_estimate remove_milestone
  remove_parent remove_time_spent rerun rerun-all restart retest retest-failed retest-required retitle run
  scan send shipit shrug sig similar_issue size skip spend spend_time spent split squash stage start stop subscribe
  submit_review sync tableflip tag target_branch task test test-all test-infra threads tick tide timeline title todo
  transfer transfer-issue transfer_issue triage try uncc unassign unapprove unclaim undraft unhold unlabel unlgtm unlink
  unlock unsubscribe update-branch update_changelog unwip wait weight wip woof zoom
  `
    .trim()
    .split(/\s+/),
)

/** Directories that a sentence may begin with (`/tmp is full`): text, however near to a command. */
export const DIRECTORIES: ReadonlySet<string> = new Set(
  'bin boot data dev etc home lib logs media mnt opt proc root sbin srv sys tmp usr var'.split(' '),
)
