# The nightly work: what each step says, and its page in the console.

console-nav-nights = Nights
console-nights-about = Done once a day at { $at } ({ $zone }) by the running bot, at low priority: days are counted, old data go, a backup is made, the holdout is compared, the talk is watched for change.
console-nights-audit = what staff did
console-nights-done = done
console-nights-failed = failed
console-nights-for-ever = for ever
console-nights-inbox = Telegram's raw updates
console-nights-kept = Kept:
console-nights-never = The nightly work is switched off.
console-nights-no-bot = no bot runs
console-nights-none = No night has been worked yet.
console-nights-running = under way
console-nights-shown = what was shown
console-nights-state = How it went
console-nights-talk = talk
console-nights-took = { $seconds } s
console-nights-tries = { $count } tries
console-nights-what = What was done
night-arms = { $shoppers ->
    [0] Nobody was shown a page lately: there are no arms to compare.
    [one] The holdout was compared with the others (one shopper in all).
   *[other] The holdout was compared with the others ({ $shoppers } shoppers in all).
}
night-arms-failed = The holdout could not be compared: { $why }
night-backup = A backup of { NUMBER($megabytes) } MB was made and checked in { $seconds } s.
night-backup-failed = No backup could be made: { $why }
night-drift = { $state ->
    [drift] The talk has changed in { $flagged } of 3 respects: see Models.
    [quiet] The talk is as it was.
   *[other] There is too little talk yet to say whether it changes.
}
night-drift-failed = Whether the talk changes could not be told: { $why }
night-no-backup = No backup was made: SHOPBOT_BACKUPS names no folder.
night-retention = { $rows ->
    [0] Nothing was older than its period.
    [one] { $rows } row was older than its period and is gone.
   *[other] { $rows } rows were older than their periods and are gone.
}
night-retention-failed = Old data could not be removed: { $why }
night-sums = { $days ->
    [one] { $days } day was counted.
   *[other] { $days } days were counted.
}
night-sums-failed = The days could not be counted: { $why }
