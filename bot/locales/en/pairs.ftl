# What goes with a product.

button-pairs-with = 🧩 Goes with this
pairs-by-kind = No purchases tell me yet what goes with { $title }. This is usually worn or used with it:
pairs-none = I know of nothing that goes with { $title } yet. Maybe an idea:
pairs-page = Goes with { $title }:
