# The console: when people of the shop are there, and on which days it is otherwise.

console-did-calendar-kept = changed the calendar
console-did-calendar-removed = took a day off the calendar
console-hours-add = Add a day, or several
console-hours-ahead = The next two weeks
console-hours-closed = closed
console-hours-closed-now = closed now
console-hours-kept = { $count ->
    [one] { $count } day is set.
   *[other] { $count } days are set.
}
console-hours-next = Somebody is there again { $when }.
console-hours-no-special = No day is unlike the others.
console-hours-none = Nobody is there in the next two months.
console-hours-note = Why (for staff)
console-hours-open-now = open now
console-hours-otherwise = special
console-hours-own = other hours:
console-hours-quiet = Shoppers are not written to unasked at { $hours }:
console-hours-remove = Take { $day } off the calendar
console-hours-removed = The day is like any other again.
console-hours-setting = The week is a setting:
console-hours-special = Days unlike the others
console-hours-until = to (for several days)
console-hours-week = Office hours
console-nav-hours = Hours
console-refused-no-hours = These are no hours of a day: “{ $hours }”. Write them as 10:00-14:00, 16:00-18:00.
console-refused-no-stretch = The last day lies before the first.
console-refused-stretch-too-long = At most { $most } days go in one entry.
hours-always = at any time
hours-closed = closed on { $day }
hours-other = on { $day } { $hours }
