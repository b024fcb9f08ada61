# The gift finder.

command-gift = Find a gift
gift-anything = Gifts that buyers like. Tell me more about the person, and I narrow it down:
gift-ask-audience = { $number }/3 Who is it for?
gift-ask-budget = { $number }/3 About how much would you like to spend?
gift-ask-occasion = { $number }/3 What is the occasion?
gift-audience = { $value ->
    [women] For her
    [men] For him
    [kids] A child
    [baby] A baby
   *[other] Anyone
}
gift-begin = Let us find a gift. Tap an answer or write it; every question can be skipped.
gift-narrow-audience = Who is it for?
gift-narrow-budget = Is there a budget?
gift-narrow-occasion = What is the occasion?
gift-occasion = { $value ->
    [birthday] Birthday
    [christmas] Christmas
    [valentines] Valentine’s Day
    [wedding] Wedding
    [housewarming] New home
    [graduation] Graduation
   *[other] New Year
}
gift-page = A gift, then: your own taste stays out of this, and your 👍 here teach me nothing about you.
gift-skip = Skip
