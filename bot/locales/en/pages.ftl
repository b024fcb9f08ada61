# Leafing through the pages, and what is dropped half-way.

button-back = ‹ Back
page-afresh = Start afresh
page-first = That was the first page I showed you.
page-ideas = Give me some ideas
page-never-mind = All right, never mind. What would you like to look at?
page-never-mind-wish = All right, never mind. Shall I go on with what we were looking at, or start afresh?
