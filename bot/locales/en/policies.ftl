# Answers from the shop's own pages: quoted, never told.

policy-all = All pages of the shop
policy-also = { $heading }
policy-heading = ▸ { $heading }
policy-list = These are the shop's own pages. Which one?
policy-nearest = Perhaps one of these passages helps:
policy-open = Open on the web
policy-other-language = The shop has this page in Chinese only:
policy-page = 📄 { $title }
policy-perhaps = Perhaps this is what you mean.
policy-quote = { $text }
policy-says = From the shop's page “{ $title }”, under “{ $heading }”:
policy-title = { $title }
policy-unknown = I do not know that: I find no answer on the shop's pages. Shall I fetch a person?
policy-whole = All about “{ $title }”
