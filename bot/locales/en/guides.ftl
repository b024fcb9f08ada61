# Buying guides.

command-guides = Buying guides
guides-list = Short guides to choosing well. Tap one to read it here:
guides-more = 📖 More guides
guides-none = There are no guides yet. Tell me what you are looking for, or see these:
guides-not-on-that = I have no guide on that yet. These are the ones I have:
guides-title = 📖 { $title }
